"""Puts first what says a query letter for letter: pasted sentences, quoted phrases, numbers of things; pure.

By meaning its near twins in other documents are as good, and by single words too: "§ 573c" is no word of a text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from studiolo_indexer.fusion import Ranked, in_order

_WORD = re.compile(r"\w+")
_RUN = 5
_LIKELY = 20
_MOST_LITERALS, _DIGITS = 8, 3
_FEW, _MOST_SHARE = 3, 4
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»\n]{2,200})[\"“”„«»]")
_PARAGRAPH = re.compile(r"§{1,2}\s*\d+\w*")
_EDGES = ".,;:!?()[]{}<>'’*-/#"
_SPACE = re.compile(r"\s+")


def lift_literal(ranked: Sequence[Ranked], query: str) -> list[Ranked]:
    """Raise what holds the query's words in their order: who pastes a sentence looks for where it stands.

    Five words in a row are hardly met by chance, nor is a quoted phrase or the number of a thing, so that questions
    keep their ranking. A row goes up by the share of them that it holds; what many rows hold (every quarterly report
    says "10-Q") tells none from the others.

    Args:
        ranked: A ranking, scores in [0, 1]; only those that match best can hold the words.
        query: What was asked.
    """
    words = _WORD.findall(query.casefold())
    runs = [tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)]
    wanted = literals(query)
    if not runs and not wanted:
        return list(ranked)
    likely = sorted(ranked, key=lambda r: -r.found.match)[:_LIKELY]
    texts = {r.found.row.chunk: r.found.row.text for r in likely}
    held = _telling({chunk: _literals_held(text, wanted) for chunk, text in texts.items()})
    shares = {
        chunk: max(
            _runs_held(text, runs, set(words)) / len(runs) if runs else 0.0,
            len(held[chunk]) / len(wanted) if wanted else 0.0,
        )
        for chunk, text in texts.items()
    }
    if not any(shares.values()):
        return list(ranked)
    lifted = {r.found.row.chunk: r.score + (1 - r.score) * shares.get(r.found.row.chunk, 0.0) for r in ranked}
    return in_order(Ranked(r.found, lifted[r.found.row.chunk]) for r in ranked)


def literals(query: str) -> list[str]:
    """Give what a query wants letter for letter, but for case and white space: quoted phrases and numbers of things."""
    unquoted = _QUOTED.sub(" ", query)
    numbers = (word.strip(_EDGES) for word in _PARAGRAPH.sub(" ", unquoted).split())
    found = [*_QUOTED.findall(query), *_PARAGRAPH.findall(unquoted), *filter(_is_number_of_a_thing, numbers)]
    return list(dict.fromkeys(_plain(f) for f in found))[:_MOST_LITERALS]


def _is_number_of_a_thing(word: str) -> bool:
    """Tell AZ-2024/0815, 2:19-cv-01234, 12.50 and B747 from words, from a plain number or year, from Q3 and 10-Q."""
    return sum(c.isdigit() for c in word) >= _DIGITS and not word.isdigit()


def _literals_held(text: str, wanted: Sequence[str]) -> set[str]:
    plain = _plain(text) if wanted else ""
    return {literal for literal in wanted if _holds(plain, literal)}


def _telling(held: dict[int, set[str]]) -> dict[int, set[str]]:
    """Leave out of what each row holds that which more than one in `_MOST_SHARE` of many rows hold."""
    counts = Counter(literal for literals in held.values() for literal in literals)
    most = max(_FEW, len(held) // _MOST_SHARE)
    return {chunk: {one for one in literals if counts[one] <= most} for chunk, literals in held.items()}


def _holds(plain: str, literal: str) -> bool:
    """Tell whether a literal stands in a text, and not as a piece of a longer word: § 5 is not § 57."""
    at = plain.find(literal)
    while at >= 0:
        end = at + len(literal)
        before, after = plain[at - 1 : at] if at else "", plain[end : end + 1]
        if not (before.isalnum() and literal[0].isalnum()) and not (after.isalnum() and literal[-1].isalnum()):
            return True
        at = plain.find(literal, at + 1)
    return False


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text.casefold()).replace("§ ", "§").strip()


def _runs_held(text: str, runs: Sequence[tuple[str, ...]], words: set[str]) -> int:
    """Count the runs of words that a text holds; it is taken apart only if it has the letters of all words of one."""
    folded = text.casefold()
    there = {word for word in words if word in folded}
    likely = [run for run in runs if there.issuperset(run)]
    if not likely:
        return 0
    spaced = f" {' '.join(_WORD.findall(folded))} "
    return sum(f" {' '.join(run)} " in spaced for run in likely)

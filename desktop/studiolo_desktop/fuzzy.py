"""Finds entries by a few letters of their words; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_BEGINS, _HOLDS, _SCATTERED = 3.0, 2.0, 1.0
_FEWEST_SCATTERED = 2
_LONGEST = 400
_MOST_WORDS = 12


def folded(text: str) -> str:
    """Give a text without case and accents, no longer than anybody types or reads at a glance."""
    plain = unicodedata.normalize("NFKD", text[:_LONGEST]).casefold()  # a letter of a formula is one of the alphabet
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def score(query: str, title: str, also: str = "") -> float:
    """Tell how well an entry fits; 0 means that a word of the query is not in it.

    Each word of the query must begin a word of the entry, stand within one, or have its letters in one in their order.
    What the title says counts twice as much as other words, and earlier words a little more than later ones.

    Args:
        query: What is typed; without a word everything fits alike (1).
        title: The words that are shown.
        also: Other words by which it is found.
    """
    wanted = _WORD.findall(folded(query))[:_MOST_WORDS]
    named, others = _WORD.findall(folded(title)), _WORD.findall(folded(also))
    total = 0.0
    for word in wanted:
        best = max(2 * _best(word, named), _best(word, others))
        if not best:
            return 0.0
        total += best
    return total / len(wanted) if wanted else 1.0


def ranked(query: str, entries: Sequence[tuple[str, str]]) -> list[int]:
    """Give the indexes of the entries (title, other words) that fit, best first; equal ones keep their order."""
    scores = [score(query, title, also) for title, also in entries]
    return sorted((at for at, fit in enumerate(scores) if fit > 0), key=lambda at: -scores[at])


def _best(word: str, among: Sequence[str]) -> float:
    """Give the best fit of a word among others: 0 to 3, less a little for each word that stands before it."""
    return max((_fit(word, other) - min(at, 9) / 100 for at, other in enumerate(among) if _fit(word, other)), default=0)


def _fit(word: str, other: str) -> float:
    if other.startswith(word):
        return _BEGINS + (0.5 if other == word else 0)
    if word in other:
        return _HOLDS
    letters = iter(other)
    # Letters in their order, beginning with the first: `stg` is `settings`. One letter alone would fit too much.
    if len(word) >= _FEWEST_SCATTERED and other[0] == word[0] and all(letter in letters for letter in word):
        return _SCATTERED
    return 0.0

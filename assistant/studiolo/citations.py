"""Finds `[n]` in an answer, resolves it to the passages of the prompt, and quotes exactly; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studiolo.sentences import split_sentences
from studiolo.support import WEAK, Support, Verdict, verdict_of

_MARK = re.compile(r"[ \t]*\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of an answer with the numbers of the passages that it rests on, and how well it does.

    `invented` are numbers that the model wrote and no passage of the prompt has (R18); they are never shown as links.
    """

    text: str
    citations: tuple[int, ...]
    support: float
    verdict: Verdict
    invented: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of passage `number` that carry a sentence, as a span of the passage's text."""

    number: int
    start: int
    end: int


Judge = Callable[[str, int], Support]
"""Judges a sentence against the passage with a number (from 1)."""


def cite(answer: str, n_passages: int, judge: Judge) -> tuple[list[CitedSentence], list[Quote]]:
    """Resolve an answer: which passage each sentence rests on, and the words to quote for each number.

    A number that the model wrote is kept if it names a passage, and judged. Where it wrote none, or a wrong one, the
    passage that supports the sentence best is named, if it supports it at all.

    Args:
        answer: The model's text.
        n_passages: Passages in the prompt, numbered from 1.
        judge: See `Judge`.

    Returns:
        The sentences in order (their marks removed), and one quote for each number that is cited, in rising order.
    """
    return cite_sentences(sentences_with_marks(answer), n_passages, judge)


def cite_sentences(
    raw_sentences: Sequence[str], n_passages: int, judge: Judge
) -> tuple[list[CitedSentence], list[Quote]]:
    """Do the same for sentences that are split already; one that is nothing but marks is left out."""
    sentences = []
    quotes: dict[int, tuple[float, Quote]] = {}
    for raw in raw_sentences:
        text = without_marks(raw)
        if not text:
            continue
        numbers = [int(n) for match in _MARK.finditer(raw) for n in match.group(1).split(",")]
        known = tuple(dict.fromkeys(n for n in numbers if 1 <= n <= n_passages))
        invented = tuple(n for n in numbers if not 1 <= n <= n_passages)
        cited, support = _resolve(text, known, n_passages, judge)
        for number in cited:
            found = judge(text, number)
            quote = Quote(number, found.span.start, found.span.end)
            if number not in quotes or found.score > quotes[number][0]:
                quotes[number] = (found.score, quote)
        sentences.append(CitedSentence(text, cited, round(support, 3), verdict_of(support), invented))
    return sentences, [quotes[number][1] for number in sorted(quotes)]


def with_marks(sentences: Sequence[CitedSentence]) -> str:
    """Join sentences to an answer in which every citation stands as `[n]` before the sentence's full stop."""
    return " ".join(marked(s.text, s.citations) for s in sentences)


def marked(text: str, numbers: Sequence[int]) -> str:
    """Put `[n]` before the full stop of a sentence."""
    marks = "".join(f"[{n}]" for n in numbers)
    if not marks:
        return text
    body, stop = (text[:-1], text[-1]) if text.endswith((".", "!", "?")) else (text, "")
    return f"{body} {marks}{stop}" if body else f"{marks}{stop}"


def without_marks(text: str) -> str:
    """Take the `[n]` out of a text."""
    return _MARK.sub("", text).strip()


def marks_in(text: str) -> str:
    """Give the `[n]` of a text alone."""
    return "".join(match.group(0).strip() for match in _MARK.finditer(text))


def _resolve(text: str, known: tuple[int, ...], n_passages: int, judge: Judge) -> tuple[tuple[int, ...], float]:
    """Keep the model's own numbers where they hold; else name the passage that supports the sentence best."""
    scores = {number: judge(text, number).score for number in range(1, n_passages + 1)}
    if not scores:
        return (), 0.0
    best = min(scores, key=lambda n: (-scores[n], n))
    holding = tuple(n for n in known if scores[n] >= WEAK)
    if holding:
        return holding, max(scores[n] for n in holding)
    return (
        ((best,), scores[best])
        if scores[best] >= WEAK
        else (known, scores[best] if not known else max(scores[n] for n in known))
    )


def sentences_with_marks(answer: str) -> list[str]:
    """Split an answer into sentences; a mark behind the full stop belongs to the sentence before it."""
    moved = re.sub(r"([.!?])((?:[ \t]*\[[\d,\s]{1,20}\])+)", r"\2\1", answer)
    return [moved[span.start : span.end] for span in split_sentences(moved)]

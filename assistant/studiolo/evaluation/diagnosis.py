"""Why a question failed: retrieval (not found), the model (found, not used), the form, or the data; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from studiolo.evaluation.answer_texts import TextMatch

CAUSES = ("right", "retrieval", "model", "form", "data", "unmeasured")
# Of an answer: this F1 is right in words and shape. Of its content words: so many of the expected ones are right in
# substance. Of the source's text: with fewer of the expected words it does not say it.
RIGHT_F1 = 0.5
RIGHT_RECALL = 0.6
SAID = 0.3


@dataclass(frozen=True, slots=True)
class Symptoms:
    """What is known of one question.

    Attributes:
        unanswerable: Whether nothing in the documents answers it.
        has_sources: Whether it names where the answer stands.
        indexed: Whether one of those places has text in the index.
        said: Share of the expected words that those places hold; None if nothing is expected or it was not looked up.
        found: Whether a source is among the passages that the answer may rest on.
        answered: Whether answers were made at all.
        refused: Whether the answer was refused.
        cites_source: Whether a citation points at a source.
        match: How the answer compares with the expected one; None if none is expected.
    """

    unanswerable: bool
    has_sources: bool
    indexed: bool
    said: float | None
    found: bool
    answered: bool
    refused: bool = False
    cites_source: bool = False
    match: TextMatch | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The cause, one of `CAUSES`, and a sentence for people."""

    cause: str
    reason: str


def diagnose(seen: Symptoms) -> Finding:
    """Say what a question's failure calls for."""
    if not seen.answered:
        return _of_retrieval(seen)
    if seen.unanswerable or seen.refused:
        return _of_refusal(seen)
    if seen.match is not None:
        return _of_words(seen, seen.match)
    if not seen.has_sources:
        return Finding("unmeasured", "neither a source nor an answer is expected")
    if seen.cites_source:
        return Finding("right", "the source is cited")
    return _lost(seen) or Finding("model", "the source was found, and another was cited")


def _of_retrieval(seen: Symptoms) -> Finding:
    if not seen.has_sources:
        return Finding("unmeasured", "no source is expected")
    return _lost(seen) or Finding("right", "the source was found")


def _of_refusal(seen: Symptoms) -> Finding:
    if seen.unanswerable:
        return Finding("right", "refused") if seen.refused else Finding("model", "nothing says it, and it was answered")
    return _lost(seen) or Finding("model", "the source was found, and the answer was refused")


def _of_words(seen: Symptoms, match: TextMatch) -> Finding:
    if match.exact or match.f1 >= RIGHT_F1:
        return Finding("right", "the answer says what is expected")
    if match.recall >= RIGHT_RECALL and match.has_numbers:
        return Finding("form", "the expected words are there, in another shape")
    return _lost(seen) or Finding("model", "the source was found, and the answer says something else")


def _lost(seen: Symptoms) -> Finding | None:
    """Tell whether the words never reached the answer: they are nowhere, or were not found."""
    if not seen.has_sources:
        return None
    if not seen.indexed:
        return Finding("data", "its source has no text in the index")
    if seen.said is not None and seen.said < SAID:
        return Finding("data", "its source hardly holds the expected words")
    return None if seen.found else Finding("retrieval", "no passage of its source was found")


_CALLS_FOR = {
    "retrieval": "the passage was not found: another embedder, or the question's own words in the documents",
    "model": "the passage was there and was not used: another model, or fewer passages (-k)",
    "form": "right, in the wrong shape: an adapter learns the shape from examples",
    "data": "nothing says it: missing or unread documents (`studiolo files --state failed`), or a wrong question set",
}


_QUOTED = "the passage was there, and a quote does not say it: a chat model may"


def summary(causes: Iterable[str], *, quoted: bool = False) -> Iterator[str]:
    """Say how many questions failed for which cause, the commonest first, and what that calls for.

    Args:
        causes: The cause of each question.
        quoted: Whether the answers were quotes, so that another model is no advice.
    """
    counted = Counter(causes)
    total = counted.total() - counted["unmeasured"]
    if not total:
        yield "Nothing could be judged: no question names a source or an answer."
        return
    yield f"{counted['right']} of {total} questions are right."
    for cause in sorted(_CALLS_FOR, key=lambda c: (-counted[c], CAUSES.index(c))):
        if counted[cause]:
            advice = _QUOTED if quoted and cause == "model" else _CALLS_FOR[cause]
            yield f"{counted[cause]:4} ({counted[cause] / total:4.0%})  {cause:9}  {advice}"

"""Do the passages hold an answer to a question, or only its topic? Pure.

Measured on `northwind-hr` and `squad2` with `benchmarks/answers.py`; docs/evaluation.md has what it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from studiolo.evidence import Evidence
from studiolo.sentences import denies, terms
from studiolo_indexer.stop_words import is_english
from studiolo_indexer.word_splitting import folded

# Without a measured scale: the best cosine, plus a third of the question's terms that a passage holds.
_NEAR_ENOUGH = 0.4
_LENIENT_COVERAGE = 0.3
_SENTENCES_LOOKED_AT = 12
_SENTENCE_COVERAGE = 0.5
_MEAN_OF = 3
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_YES_OR_NO = re.compile(
    r"\s*(?:is|are|was|were|do|does|did|can|could|may|might|must|shall|should|will|would|has|have|had)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much, where the scale of the cosines is known. Source: `benchmarks/refusals.py`.

    To the mean of three cosines (of the best passage, the best sentence, and the three best sentences) comes
    `coverage` times the share of the question's terms that a passage holds. Off go `names_missing` times the share
    of its names and numbers that the nearest answer lacks, `a_name_missing` for each, and `denied` where one of both
    denies. What reaches `enough` is answered.
    """

    coverage: float = 0.2
    names_missing: float = 0.2
    a_name_missing: float = 0.03
    denied: float = 0.3
    enough: float = 0.62


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of the evidence that is near the question."""

    text: str
    cosine: float
    coverage: float


def is_answerable(
    question: str, evidence: Sequence[Evidence], *, scale_is_known: bool = False, weights: Weights = WEIGHTS
) -> bool:
    """Decide whether the passages can hold an answer.

    Adversarial questions have their topic in the documents, and ask for what these do not say: of somebody else, of
    another year, or the opposite. Then a name or a number of the question is missing in the sentence that is nearest,
    or one of both denies. A question for yes or no is answered by a sentence that denies, too.

    Args:
        question: The user's words.
        evidence: What was found for it.
        scale_is_known: Whether the cosines are those of the embedder whose scale was measured (the starter's, with
            questions in English). Else only what is far from every passage is refused.
        weights: What counts how much where it is.
    """
    if not evidence:
        return False
    wanted = terms(question)
    coverage = max(_share(wanted, terms(f"{e.passage.context} {e.passage.text}")) for e in evidence)
    cosine = max(e.passage.cosine for e in evidence)
    if not scale_is_known or not is_english(map(folded, _WORD.findall(question))):
        return cosine + _LENIENT_COVERAGE * coverage >= _NEAR_ENOUGH
    nearest = _nearest(wanted, evidence)
    best_cosines = [s.cosine for s in nearest[:_MEAN_OF]]
    mean = (cosine + best_cosines[0] + sum(best_cosines) / len(best_cosines)) / _MEAN_OF
    answer = max(nearest, key=lambda s: s.cosine + _SENTENCE_COVERAGE * s.coverage)
    return mean + weights.coverage * coverage - _lacks(question, answer.text, weights) >= weights.enough


def _nearest(wanted: set[str], evidence: Sequence[Evidence]) -> list[_Sentence]:
    """Give the sentences that are nearest to the question, nearest first."""
    found = [(cosine, e, span) for e in evidence for cosine, span in zip(e.cosines, e.sentences, strict=True)]
    found.sort(key=lambda row: -row[0])
    texts = [(cosine, e.passage.text[span.start : span.end]) for cosine, e, span in found[:_SENTENCES_LOOKED_AT]]
    return [_Sentence(text, cosine, _share(wanted, terms(text))) for cosine, text in texts]


def _lacks(question: str, answer: str, weights: Weights) -> float:
    """Say what speaks against a sentence as the answer: names and numbers that are missing there, and a denial."""
    named = {t for word in _named(question) for t in terms(word)}
    missing = len(named - terms(answer))
    against = weights.names_missing * missing / len(named) + weights.a_name_missing * missing if named else 0.0
    opposite = denies(question) != denies(answer) and (denies(question) or not _YES_OR_NO.match(question))
    return against + (weights.denied if opposite else 0.0)


def _named(question: str) -> list[str]:
    """Give the names and numbers of a question; its first word is written large in any case."""
    return [word for word in _WORD.findall(question)[1:] if word[0].isupper() or word[0].isdigit()]


def _share(wanted: set[str], there: set[str]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 0.0

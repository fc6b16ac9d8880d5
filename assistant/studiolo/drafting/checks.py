"""Decides whether a question may be shown to a user: its form, its closeness to its sentence and to others; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from studiolo.drafting.proposals import Kind
from studiolo.sentences import terms

_LEAST_WORDS, _MOST_WORDS = 4, 25
_SAME = 0.7
_ABOUT_THE_TEXT = re.compile(
    r"\b(?:passage|text|sentence|document|paragraph|author|statement|above|following|mentioned|"
    r"abschnitt|textstelle|satz|dokument|obige\w*|genannte\w*)\b",
    re.IGNORECASE,
)
_ASKS = {
    "en": re.compile(r"\b(?:what|when|where|who|whom|whose|which|why|how)\b", re.IGNORECASE),
    "de": re.compile(
        r"\b(?:was|wann|wo|wer|wem|wen|wessen|welche\w*|warum|wie|wofür|womit|wodurch|worauf|woran)\b", re.IGNORECASE
    ),
}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CHANGES = re.compile(r"\b(?:increase|decrease|grow|decline|rise|fall|up|down)\b")
_PERIODS = frozenset("ytd q1 q2 q3 q4 1 2 3 4 q".split())
_POINTS_OUTSIDE = re.compile(r"\b(?:this|these|those|it|they|them|he|she|such|dies\w*|solche\w*)\b", re.IGNORECASE)


def is_well_formed(question: str, language: str) -> bool:
    """Tell whether it is one question that can be read by itself."""
    words = question.split()
    return (
        question.endswith("?")
        and question.count("?") == 1
        and _LEAST_WORDS <= len(words) <= _MOST_WORDS
        and question.count("“") == question.count("”")
        and question.count("(") == question.count(")")
        and _ASKS[language].search(question) is not None
        and not _ABOUT_THE_TEXT.search(question)
        and not _POINTS_OUTSIDE.search(question)
        and not any(a.casefold() == b.casefold() for a, b in pairwise(words))
    )


def gives_away(question: str, answer: str) -> bool:
    """Tell whether a question holds its answer already."""
    wanted = terms(answer)
    return not wanted or len(wanted & terms(question)) > 0.6 * len(wanted)


def is_about(question: str, sentence: str) -> bool:
    """Tell whether a question is about a sentence: most of its content words stand there."""
    own = terms(question)
    common = own & terms(sentence)
    return bool(common) and 2 * len(common) >= len(own) and (len(common) > 1 or len(question.split()) <= 5)


def is_like(question: str, others: Iterable[frozenset[str]]) -> bool:
    """Tell whether a question asks the same as one of others, given by their terms."""
    own = frozenset(terms(question))
    return any(len(own & other) >= _SAME * max(1, len(own | other)) for other in others)


def needs_its_document(question: str, kind: Kind) -> bool:
    """Tell whether a question means little without its document: a change in no year."""
    if kind not in {"figure", "date", "reason"} or _YEAR.search(question):
        return False
    return _CHANGES.search(question) is not None


def is_bare(question: str, kind: Kind) -> bool:
    """Tell whether a question for a figure, date or reason names too little: "What was operating income?"."""
    return kind in {"figure", "date", "reason"} and len(terms(question) - _PERIODS) <= 2

"""Compares an answer's words with those that are expected: exact match, F1, and what is missing; pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from studiolo.sentences import is_number, terms

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+", re.UNICODE)
# Scripts that put no space between words: each letter counts as a word.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_ARTICLES = frozenset({"a", "an", "the"})


@dataclass(frozen=True, slots=True)
class TextMatch:
    """How an answer compares with the expected one that it is closest to; all in [0, 1].

    `recall` is the share of the expected answer's content words that the answer holds, whatever else it says;
    `has_numbers` is False where a number of the expected answer is missing.
    """

    exact: float
    f1: float
    recall: float
    has_numbers: bool


def match_text(answer: str, expected: Sequence[str]) -> TextMatch:
    """Compare an answer with each accepted one, and give the best of each measure.

    Exact match and F1 are those of SQuAD (lower case, no punctuation, no articles), with numbers kept whole and a
    letter of a script without spaces counted as a word.

    Raises:
        ValueError: If nothing is expected.

    Source: Rajpurkar et al., EMNLP 2016.
    """
    if not expected:
        raise ValueError("no expected answer")
    words = _words(answer)
    known = terms(answer)
    exact = max(float(words == _words(e)) for e in expected)
    f1 = max(_f1(words, _words(e)) for e in expected)
    recall, has_numbers = max(_held(known, terms(e)) for e in expected)
    return TextMatch(exact, f1, recall, has_numbers)


def share_held(text: str, expected: Sequence[str]) -> float:
    """Give the largest share of an expected answer's content words that a text holds."""
    known = terms(text)
    return max((_held(known, terms(e))[0] for e in expected), default=0.0)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    found: list[str] = []
    for word in _WORD.findall(plain):
        if word[0].isdigit():
            found.append(word.replace(",", ""))
        elif _UNSPACED.search(word):
            found += word
        elif word not in _ARTICLES:
            found.append(word)
    return found


def _f1(words: Sequence[str], expected: Sequence[str]) -> float:
    shared = (Counter(words) & Counter(expected)).total()
    if not shared:
        return float(not words and not expected)
    precision, recall = shared / len(words), shared / len(expected)
    return 2 * precision * recall / (precision + recall)


def _held(known: set[str], expected: set[str]) -> tuple[float, bool]:
    if not expected:
        return 0.0, True
    missing = expected - known
    return 1 - len(missing) / len(expected), not any(is_number(term) for term in missing)

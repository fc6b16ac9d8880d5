"""Finds the sentences of a passage that state something by themselves; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studiolo.sentences import split_sentences

_LEAST_WORDS, _MOST_WORDS = 6, 45
_LEAST_LETTERS = 0.7
# What points outside the sentence, or is no statement. Both languages.
_LEANS_OUTSIDE = re.compile(
    r"\b(?:see|refer to|above|below|following|foregoing|aforementioned|herein\w*|hereof|hereunder|thereof|hereby|"
    r"page \d+|this (?:report|document|form|section|note|agreement|information|policy|plan|table|chart)|"
    r"siehe|oben|unten|folgende\w*|dieses (?:dokument|kapitel)\w*|diese (?:richtlinie|tabelle)|seite \d+)\b"
    r"|https?:|www\.|@|\.{3}|[|•·_☐☒=\\\u00ad]|/s/|\brespectively\b|\bbeziehungsweise\b",
    re.IGNORECASE,
)
_STARTS_OUTSIDE = re.compile(
    r"(?:it|this|these|those|they|he|she|that|such|there|here|his|her|its|their|them|which|what|who|how|why|please|"
    r"thank|note|for example|for instance|some|others|another|both|one|instead|otherwise|similarly|likewise|"
    r"es|dies\w*|er|sie|solche\w*|dort|hier|dabei|dadurch|dazu|daher|darüber|damit|diesbezüglich|ihre?|seine?|"
    r"zum beispiel|andere|beide|einige|manche)\b",
    re.IGNORECASE,
)
_CUT_SHORT = re.compile(r"\b[A-Z]\.[A-Z]\.$|\b(?:am|vom|zum|dem|im|des|der|das|ab|bis) \d{1,2}\.$")
_BROKEN_WORD = re.compile(r"\w- (?!and\b|or\b|und\b|oder\b|bzw)")
_CONNECTIVE = re.compile(
    r"(?:however|additionally|in conclusion|in summary|in general|in addition|"
    r"furthermore|moreover|finally|also|generally|typically|therefore|thus|"
    r"as a result|consequently|accordingly|first|second|third|lastly|ultimately|overall|"
    r"außerdem|zudem|ferner|allerdings|jedoch|schließlich|grundsätzlich),\s+",
    re.IGNORECASE,
)
_GERMAN = frozenset(
    "der die das den dem des ein eine einer einem einen und oder ist sind wird werden nicht mit von zu zum zur im am "
    "auf für bei nach bis aus als auch sich wurde wurden kann muss müssen dürfen hat haben beträgt durch über".split()
)
_ENGLISH = frozenset(
    "the a an and or is are was were will be to of in on for with by as at from that which not may must can has have "
    "had it its this their our you your we".split()
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence on one line, and where each of its characters stands in the passage.

    `places[i]` is the place in the passage of `flat[i]`; white space is one blank in `flat`.
    """

    flat: str
    places: tuple[int, ...]
    language: str

    @property
    def start(self) -> int:
        """Where it begins in the passage."""
        return self.places[0]

    @property
    def end(self) -> int:
        """Where it ends in the passage."""
        return self.places[-1] + 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the place in the passage of a slice of `flat` that is not empty."""
        return self.places[start], self.places[end - 1] + 1


def statements(passage: str) -> list[Statement]:
    """List the sentences of a passage that can be asked about: whole, in words, and clear by themselves."""
    found = []
    for span in split_sentences(passage):
        flat, places = _flatten(passage, span.start, span.end)
        connective = _CONNECTIVE.match(flat)
        if connective is not None:
            flat, places = flat[connective.end() :], places[connective.end() :]
        begins = connective is not None or flat[:1].isupper()
        if flat and begins and _states(flat):
            found.append(Statement(flat, places, language_of(flat)))
    return [s for s in found if s.language]


def language_of(text: str) -> str:
    """Tell the language by its small words: "en", "de", or "" for any other."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    english, german = (sum(w in common for w in words) for common in (_ENGLISH, _GERMAN))
    if max(english, german) < 2 or english == german:
        return ""
    return "en" if english > german else "de"


def plain(text: str) -> str:
    """Give a text in the form in which two of the same words are equal."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _flatten(passage: str, start: int, end: int) -> tuple[str, tuple[int, ...]]:
    letters: list[str] = []
    places: list[int] = []
    for place in range(start, end):
        letter = passage[place]
        if letter.isspace():
            if letters and letters[-1] != " ":
                letters.append(" ")
                places.append(place)
            continue
        letters.append(letter)
        places.append(place)
    return "".join(letters), tuple(places)


def _states(flat: str) -> bool:
    words = flat.split()
    letters = sum(c.isalpha() or c == " " for c in flat)
    capitals = sum(w[:1].isupper() for w in words)
    return (
        _LEAST_WORDS <= len(words) <= _MOST_WORDS
        and flat[0].isalpha()
        and flat[-1] == "."
        and letters >= _LEAST_LETTERS * len(flat)
        and capitals <= max(3, 0.6 * len(words))
        and flat.count("(") == flat.count(")")
        and flat.count("“") == flat.count("”")
        and not _LEANS_OUTSIDE.search(flat)
        and not _STARTS_OUTSIDE.match(flat)
        and _BROKEN_WORD.search(flat) is None
        and " - " not in flat
        and " – " not in flat
        and not _CUT_SHORT.search(flat)
    )

"""Finds every place of a document that holds all that is wanted; pure, linear in the text, a chunk at a time.

A place is a sentence that holds all wanted phrases and words, or, where no sentence of a chunk does, the fewest
sentences that do together within one chunk or two neighbouring ones. A chunk's end cuts nothing off: a phrase, a word
and a sentence that go on in the next chunk are seen whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from operator import or_
from typing import Literal, Protocol

from studiolo_indexer.find_query import FOREIGN, TOKEN, Wanted
from studiolo_indexer.full_text import analyser
from studiolo_indexer.scope_rows import TextPiece
from studiolo_indexer.word_splitting import split_for_index, split_for_query

Nearness = Literal["row", "sentence", "near"]
"""The words stand in a row as they were asked, in one sentence, or in sentences near each other."""
NEARNESS: tuple[Nearness, ...] = ("row", "sentence", "near")

_SHORTEST = 4
_MOST_KNOWN = 500_000  # distinct words that are remembered
_SENTENCE_ENDS = re.compile(r"[.!?…。！？:;|]['\"”’」』）)\]]*$")
_NAME_MARKS = re.compile(r"[_.+-]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# A typist has one of each; a document may have any.
_SAME_MARKS = {mark: f"[{marks}]" for marks in ("'’‘", "\\-\u2010\u2011", '"“”„') for mark in marks if mark != "\\"}


class HasSpan(Protocol):
    """A half-open slice of a text."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


SplitSentences = Callable[[str], Sequence[HasSpan]]


@dataclass(frozen=True, slots=True)
class Place:
    """An exact slice of a document that holds what is wanted.

    `page` and `part` are where it begins. Where what is wanted goes on in the next chunk, `rest` is the slice there;
    between both lies only white space.
    """

    start: int
    end: int
    page: int | None
    part: str
    text: str
    nearness: Nearness
    rest: Place | None = None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A slice of a chunk, and the bits of what it holds."""

    start: int
    end: int
    holds: int


class _Read:
    """A chunk, the bits of what it holds, and its sentences, which are made once they are asked for."""

    def __init__(self, piece: TextPiece, holds: int, stretches: Callable[[str], list[_Stretch]]) -> None:
        self.piece = piece
        self.holds = holds
        self._make = stretches
        self._stretches: list[_Stretch] = []

    @property
    def stretches(self) -> list[_Stretch]:
        """The sentences, at least one."""
        if not self._stretches:
            self._stretches = self._make(self.piece.text)
        return self._stretches


class Finder:
    """Looks for one wish in many documents; remembers which words tell nothing.

    Args:
        wanted: What is looked for.
        split_sentences: Gives the sentences of a text, in their order.
    """

    def __init__(self, wanted: Wanted, *, split_sentences: SplitSentences) -> None:
        self._analyser = analyser()
        self._split = split_sentences
        forms = [form for word in wanted.words for form in self._analyser.analyze(split_for_query(word))]
        self._bits = {form: 1 << at for at, form in enumerate(dict.fromkeys(forms))}
        self._phrases = [
            (phrase_pattern(phrase), _needle(phrase), 1 << at)
            for at, phrase in enumerate(wanted.phrases, start=len(self._bits))
        ]
        self._longest = max((2 * len(phrase) + 50 for phrase in wanted.phrases), default=0)
        self._needles = [needle for _, needle, _ in self._phrases] + [form_needle(form) for form in self._bits]
        self._all = (1 << (len(self._bits) + len(self._phrases))) - 1
        self._row = self._in_row(wanted.in_a_row) if not wanted.phrases else ""
        if _UNSPACED.search(self._row):
            self._row = self._row.strip()
        self._has_row = bool(self._row.strip()) or not wanted.words
        self._plain: set[str] = set()
        self._telling: dict[str, int] = {}
        self._telling_words: set[str] = set()

    @property
    def wants_something(self) -> bool:
        """Whether anything is looked for at all: a query may hold no word."""
        return self._all > 0

    def is_named(self, name: str) -> bool:
        """Tell whether a file's name holds all that is wanted."""
        return self._holds(name) | self._holds(_NAME_MARKS.sub(" ", name)) == self._all

    def places(self, pieces: Iterable[TextPiece]) -> Iterator[Place]:
        """Give the places in a document's chunks, which come in their order."""
        before: _Read | None = None
        is_used = False  # the chunk before is part of a place near another already
        for piece in pieces:
            now = _Read(piece, self._holds(piece.text), self._stretches)
            if before is not None:
                across = self._across(before, now)
                if across is not None:
                    is_near = across.nearness == "near"
                    if not (is_near and is_used):
                        yield across
                    is_used = is_near and not is_used
                else:
                    is_used = False
            if now.holds == self._all:
                yield from self._within(now)
            before = now

    # ---- what a text holds ---------------------------------------------------------------------------------------

    def _holds(self, text: str) -> int:
        """Give the bits of what a text holds."""
        holds = 0
        if self._cannot_hold(text):
            return holds
        if self._bits:
            words = set(TOKEN.findall(text))
            unknown = words - self._plain - self._telling_words
            if unknown:
                self._learn(unknown)
            for word in words & self._telling_words:
                holds |= self._telling[word]
        for pattern, _, bit in self._phrases:
            if pattern.search(text):
                holds |= bit
        return holds

    def _cannot_hold(self, text: str) -> bool:
        """Tell cheaply that a text holds nothing of it, which most texts do not: five times as fast in all."""
        if not all(self._needles) or not (text.isascii() or FOREIGN.search(text) is None):
            return False
        lowered = text.lower()
        return not any(needle in lowered for needle in self._needles)

    def _learn(self, words: set[str]) -> None:
        """Sort words by whether they tell something; one look at all of them mostly says that none does."""
        if len(self._plain) > _MOST_KNOWN:
            self._plain.clear()
        if self._bits.keys().isdisjoint(self._analyser.analyze(split_for_index("\n".join(words)))):
            self._plain |= words
            return
        for word in words:
            holds = 0
            for form in self._analyser.analyze(split_for_index(word)):
                holds |= self._bits.get(form, 0)
            if holds:
                self._telling[word] = holds
                self._telling_words.add(word)
            else:
                self._plain.add(word)

    def _stretches(self, text: str) -> list[_Stretch]:
        """Give the sentences of a chunk with what they hold; a phrase joins those that it goes over."""
        spans = [(s.start, s.end) for s in self._split(text)] or [(0, len(text))]
        mentions = [(m.start(), m.end(), self._telling.get(m.group(), 0)) for m in TOKEN.finditer(text)]
        mentions = [mention for mention in mentions if mention[2]]
        mentions += [(m.start(), m.end(), bit) for pattern, _, bit in self._phrases for m in pattern.finditer(text)]
        for start, end, _ in mentions:
            spans = _joined(spans, start, end)
        return [
            _Stretch(start, end, _union(bit for at, until, bit in mentions if start <= at and until <= end))
            for start, end in spans
        ]

    # ---- places --------------------------------------------------------------------------------------------------

    def _within(self, read: _Read) -> Iterator[Place]:
        """Give the places of a chunk that holds all."""
        stretches = read.stretches
        whole = [s for s in stretches if s.holds == self._all]
        for stretch in whole:
            yield self._place(read.piece, stretch.start, stretch.end, "sentence")
        if not whole:
            first, last = _fewest([s.holds for s in stretches], self._all)
            yield self._place(read.piece, stretches[first].start, stretches[last].end, "near")

    def _across(self, before: _Read, now: _Read) -> Place | None:
        """Give the place that goes over the end of a chunk, if there is one."""
        cut = self._cut_through(before.piece, now.piece)
        if before.holds | now.holds | cut != self._all:
            return None
        goes_on = bool(cut) or not _SENTENCE_ENDS.search(before.piece.text[-10:])
        if not goes_on and self._all in (before.holds, now.holds):
            return None
        ending, beginning = before.stretches, now.stretches
        last, first = ending[-1], beginning[0]
        alone = self._all in (last.holds, first.holds) and not cut
        if goes_on and not alone and last.holds | first.holds | cut == self._all:
            return self._place_over(before.piece, last.start, now.piece, first.end, "sentence")
        if self._all in (before.holds, now.holds):
            return None
        since, until = _nearest([s.holds for s in ending], [s.holds for s in beginning], self._all & ~cut)
        return self._place_over(before.piece, ending[since].start, now.piece, beginning[until].end, "near")

    def _cut_through(self, before: TextPiece, now: TextPiece) -> int:
        """Give the bits of the phrases and words that the end of a chunk cuts through."""
        gap = "" if now.start == before.end else "\n"
        cut = 0
        if self._phrases:
            left = before.text[-self._longest :] + gap
            both = left + now.text[: self._longest]
            for pattern, _, bit in self._phrases:
                if any(m.start() < len(left) - len(gap) and m.end() > len(left) for m in pattern.finditer(both)):
                    cut |= bit
        if self._bits and not gap:
            cut |= self._holds(_cut_word(before.text, now.text))
        return cut

    def _place(self, piece: TextPiece, start: int, end: int, nearness: Nearness) -> Place:
        text = piece.text[start:end]
        if nearness == "sentence" and self._is_row(text):
            nearness = "row"
        at = piece.start + start
        return Place(at, piece.start + end, piece.page_at(at), piece.part_at(at), text, nearness)

    def _place_over(self, before: TextPiece, start: int, now: TextPiece, end: int, nearness: Nearness) -> Place:
        first, last = before.text[start:], now.text[:end]
        gap = "" if now.start == before.end else " "
        if nearness == "sentence" and self._is_row(first + gap + last):
            nearness = "row"
        rest = Place(now.start, now.start + end, now.page, now.part, last, nearness)
        at = before.start + start
        return Place(at, before.end, before.page_at(at), before.part_at(at), first, nearness, rest)

    def _is_row(self, text: str) -> bool:
        return self._has_row and self._row in self._in_row(text)

    def _in_row(self, text: str) -> str:
        """Give a text as its words' forms with spaces around each; nothing for no words."""
        plain = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode("utf-8"))
        forms = self._analyser.analyze(plain)
        return f" {' '.join(forms)} " if forms else ""


def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """Match a phrase letter for letter but for case, white space and the shapes of apostrophes, quotes and hyphens.

    It begins and ends where a word does, but in scripts that are written without spaces.
    """
    words = ["".join(_letter(c) for c in unicodedata.normalize("NFC", word).strip("\u00ad")) for word in phrase.split()]
    before = r"(?<!\w)" if _is_spaced(phrase[:1]) else ""
    after = r"(?!\w)" if _is_spaced(phrase[-1:]) else ""
    return re.compile(before + r"\s+".join(words) + after, re.IGNORECASE)


def _letter(letter: str) -> str:
    if letter in _SAME_MARKS:
        return _SAME_MARKS[letter]
    apart = unicodedata.normalize("NFD", letter)
    return re.escape(letter) if apart == letter else f"(?:{re.escape(letter)}|{re.escape(apart)})"


def _is_spaced(letter: str) -> bool:
    return letter.isalnum() and not _UNSPACED.match(letter)


def _needle(phrase: str) -> str:
    """Give letters that a text in ASCII holds wherever the phrase stands in it; empty where the phrase is not ASCII."""
    words = re.findall(r"[a-z0-9]+", phrase.casefold())
    return max(words, key=len) if words and phrase.isascii() else ""


def form_needle(form: str) -> str:
    """Give letters that each word in ASCII holds, in small letters, whose form this is; empty where none are known.

    A word without its English ending begins as the word does but for its last letter: happy, happi; hoping, hope. The
    exceptions are die, lie and tie, for dying and the like.
    """
    if not form.isascii() or len(form) < _SHORTEST:
        return ""
    return form if form.isdigit() else form[:-1]


def _cut_word(before: str, now: str) -> str:
    """Give the word that is cut between two texts, or nothing where none is."""
    last, first = list(TOKEN.finditer(before[-200:])), TOKEN.match(now)
    return last[-1].group() + first.group() if last and first and last[-1].end() == len(before[-200:]) else ""


def _joined(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Join the spans that [start, end) goes over."""
    touched = [span for span in spans if span[0] < end and span[1] > start]
    if len(touched) < 2:
        return spans
    at = spans.index(touched[0])
    return [*spans[:at], (touched[0][0], touched[-1][1]), *spans[at + len(touched) :]]


def _fewest(holds: Sequence[int], wanted: int) -> tuple[int, int]:
    """Give the first and the last of the fewest neighbours that hold all; of all where even those do not."""
    best = (0, len(holds) - 1)
    for first in range(len(holds)):
        held = 0
        for last in range(first, min(len(holds), first + best[1] - best[0])):
            held |= holds[last]
            if held & wanted == wanted:
                best = (first, last)
                break
    return best


def _nearest(ending: Sequence[int], beginning: Sequence[int], wanted: int) -> tuple[int, int]:
    """Give where a place begins among the last sentences of a chunk, and ends among the first of the next."""
    since_there = list(accumulate(reversed(ending), or_))[::-1]
    until_there = list(accumulate(beginning, or_))
    pairs = (
        (since, until)
        for since, held in enumerate(since_there)
        for until, more in enumerate(until_there)
        if (held | more) & wanted == wanted
    )
    return min(pairs, key=lambda p: (len(ending) - p[0] + p[1], p), default=(0, len(beginning) - 1))


def _union(bits: Iterable[int]) -> int:
    return reduce(or_, bits, 0)

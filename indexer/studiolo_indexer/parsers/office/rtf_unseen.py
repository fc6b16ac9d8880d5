"""RTF: white letters on white paper. What is hidden or without a size is left out by the reader itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from studiolo_indexer.parsers.office.rtf_words import PARAGRAPH_ENDS
from studiolo_indexer.parsers.unseen import Shade, Unseen, shade

_CHANNELS = ("red", "green", "blue")
_LETTERS = frozenset(("cb", "highlight", "chcbpat"))
_PATTERNS = frozenset(("shading", "chshdng"))
_ROWS = frozenset(("trowd", "row", "cell", "clcbpat", "clshdng"))
INK_WORDS = _ROWS | _LETTERS | _PATTERNS | PARAGRAPH_ENDS | {*_CHANNELS, "cf", "cbpat", "pard", "plain"}
_MAX_COLOURS = 10_000


@dataclass(frozen=True, slots=True)
class Ink:
    """How letters are written, and on what; nothing is said of a colour that stands as in any document."""

    letters: Shade = ""
    ground: Shade = ""  # behind the letters
    paper: Shade = ""  # behind the paragraph


class RtfUnseen:
    """Follows the words about colours, and counts the passages in white on white."""

    def __init__(self, *, has_page_colour: bool) -> None:
        self._has_page_colour = has_page_colour
        self._unseen = Unseen()
        self._channels: dict[str, int] = {}
        self._colours: list[Shade] = []
        self._passage = 0
        self._is_dark_row = False
        self._in_row: list[int] = []  # white passages of a row that is not yet known to be white

    def end_colours(self, text: str) -> None:
        """End as many entries of the table of colours as the text has semicolons; an empty one is the usual colour."""
        for _ in range(text.count(";")):
            red, green, blue = (min(max(self._channels.get(name, 0), 0), 255) for name in _CHANNELS)
            if len(self._colours) < _MAX_COLOURS:
                self._colours.append(shade(f"{red:02x}{green:02x}{blue:02x}") if self._channels else "")
            self._channels = {}

    def obey(self, ink: Ink, word: str, argument: int | None) -> Ink:
        """Take a control word; gives how letters are written after it."""
        if word in PARAGRAPH_ENDS or word in ("cell", "row"):
            self._passage += 1
        if word in _CHANNELS:
            self._channels[word] = argument or 0
        elif word in ("trowd", "row"):
            self._row(word)
        elif word in ("clcbpat", "clshdng"):
            self._is_dark_row |= (argument or 0) > 0 if word == "clshdng" else self._shade(argument) == "dark"
        else:
            return self._written(ink, word, argument)
        return ink

    def look(self, ink: Ink, text: str, *, in_table: bool) -> None:
        """Look at a piece of text."""
        if ink.letters != "white" or not text.strip() or self._has_page_colour or "dark" in (ink.ground, ink.paper):
            return
        if in_table and not ink.ground:
            self._in_row.append(self._passage)
        else:
            self._unseen.add("white", self._passage)

    def warnings(self) -> Iterator[str]:
        """Say what cannot be seen."""
        self._row("row")
        return self._unseen.warnings()

    def _row(self, word: str) -> None:
        """Begin to describe a row, or end it: some programs describe it only behind its cells."""
        if word == "row":
            for passage in self._in_row if not self._is_dark_row else ():
                self._unseen.add("white", passage)
            self._in_row = []
        else:
            self._is_dark_row = False

    def _written(self, ink: Ink, word: str, argument: int | None) -> Ink:
        if word == "cf":
            return replace(ink, letters=self._shade(argument))
        if word in _LETTERS:
            return replace(ink, ground=self._shade(argument))
        if word == "cbpat":
            return replace(ink, paper=self._shade(argument))
        if word in _PATTERNS and argument:
            return replace(ink, paper="dark")
        if word == "pard":
            return replace(ink, paper="")
        return replace(ink, letters="", ground="") if word == "plain" else ink

    def _shade(self, index: int | None) -> Shade:
        at = index or 0
        return self._colours[at] if 0 <= at < len(self._colours) else ""

"""Reads a page's text layer through PDFium: its characters, and its lines with their places.

Only the ends of a line are asked for: a box for each character would take as long as all the rest. Places are turned
so that most of the page's lines run from left to right, whatever the page's rotation.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from studiolo_indexer.parsers.pdf.page_columns import find_gutters, is_prose, is_wordy, shared_gaps
from studiolo_indexer.parsers.pdf.pdf_text import HYPHEN_MARK, Line

Rectangle = tuple[float, float, float, float]  # left, bottom, right, top in PDF points

_MOST_CHARS = 2_000_000
_MOST_LINES = 20_000
_MOST_OBJECTS = 3000
_MOST_INNER_OBJECTS = 100
_FAR = 1e5  # points; nothing real lies beyond
_TINY = 1.0  # points
_WHITE = 245
_FEW_CHARS = 200
_TEXT_ENDS = f".,;:-{HYPHEN_MARK}"
_MOST_SPLIT_LINES = 500
_WIDE_GAP = 0.9  # of a line's size: wider than what a justified line puts between words
_LINE = re.compile(rf"[^\r\n{HYPHEN_MARK}]+{HYPHEN_MARK}?|{HYPHEN_MARK}")
_BLANK = "".join(map(chr, (*range(33), 0x7F, 0xA0, 0xAD, *range(0x2000, 0x200C), 0x3000, 0xFEFF)))
_LAM_ALEF = re.compile("[\u0622\u0623\u0625\u0627]\u0644")
_WORD = re.compile(r"\S+")
_BOLD_NAME = re.compile(rb"(?i)bold|black|heavy|demi")
_BOLD_WEIGHT = 600
_INVISIBLE = pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
_NOWHERE: Rectangle = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Layer:
    """A page's text layer: PDFium's text, its lines, and the page's size in the lines' direction.

    `white` are the boxes of lines in white letters: whether they can be seen depends on what lies behind them.
    `pictured` is the share of a page with few letters that its pictures cover.
    """

    raw: str = ""
    lines: tuple[Line, ...] = ()
    width: float = 0.0
    height: float = 0.0
    white: tuple[Rectangle, ...] = ()
    has_content: bool = False
    pictured: float = 0.0


@dataclass(frozen=True, slots=True)
class _Ends:
    """A line's first and last letter: their boxes, and how they are set."""

    first: Rectangle
    last: Rectangle
    origin: tuple[float, float]
    turn: int
    size: float
    bold: bool
    hidden: str
    white: Rectangle | None


class Places:
    """Asks PDFium where the characters of a page are; for one text layer.

    Args:
        layer: PDFium's text layer.
        raw: Its text.
    """

    def __init__(self, layer: pdfium.PdfTextPage, raw: str) -> None:
        self._handle = layer.raw
        # PDFium counts in units of UTF-16: a code point beyond U+FFFF takes two.
        self._units: list[int] = []
        if raw and max(raw) > "\uffff":
            at = 0
            for char in raw:
                self._units.append(at)
                at += 2 if char > "\uffff" else 1
        count = self._units[-1] + 1 if self._units else len(raw)
        # Mostly it prints every character, and the numbers are the same: then it need not be asked for each.
        self._is_plain = pdfium_c.FPDFText_CountChars(self._handle) == count and (
            count == 0 or pdfium_c.FPDFText_GetCharIndexFromTextIndex(self._handle, count - 1) == count - 1
        )
        self._rectangle = pdfium_c.FS_RECTF()
        self._matrix = pdfium_c.FS_MATRIX()
        self._colour = [ctypes.c_uint() for _ in range(4)]
        self._bold_fonts: dict[int, bool] = {}

    def char(self, index: int) -> int:
        """Give PDFium's number of the character at a code point of the text: it counts some that it does not print."""
        unit = self._units[index] if self._units else index
        return unit if self._is_plain else self.exact_char(index)

    def exact_char(self, index: int) -> int:
        """Ask PDFium for the number of the character at a code point of the text."""
        unit = self._units[index] if self._units else index
        return int(pdfium_c.FPDFText_GetCharIndexFromTextIndex(self._handle, unit))

    def box(self, char: int) -> Rectangle:
        """Give the box of a character, as high as its font."""
        found = self._rectangle
        pdfium_c.FPDFText_GetLooseCharBox(self._handle, char, found)
        box = (found.left, found.bottom, found.right, found.top)
        return box if min(box) > -_FAR and max(box) < _FAR else _NOWHERE

    def ends(self, start: int, end: int) -> _Ends:
        """Tell where the line of code points [start, end) begins and ends, and how it is set."""
        first, last = self.char(start), self.char(end - 1)
        first_box, last_box = self.box(first), self.box(last)
        matrix = self._matrix
        if not pdfium_c.FPDFText_GetMatrix(self._handle, first, matrix):
            matrix.a, matrix.b, matrix.c, matrix.d = 1.0, 0.0, 0.0, 1.0
            matrix.e, matrix.f = first_box[0], first_box[1]
        size = pdfium_c.FPDFText_GetFontSize(self._handle, first) * math.hypot(matrix.c, matrix.d)
        size = size if 0.1 < size < _FAR else 0.1
        hidden, white = self._unseen((first, self.char((start + end) // 2), last), (first_box, last_box))
        return _Ends(
            first=first_box,
            last=last_box,
            origin=(_near(matrix.e), _near(matrix.f)),
            turn=_turn(matrix.a, matrix.b),
            size=size,
            bold=self._is_bold(pdfium_c.FPDFText_GetTextObject(self._handle, first)),
            hidden="tiny" if size < _TINY else hidden,
            white=white,
        )

    def _unseen(self, chars: Sequence[int], ends: tuple[Rectangle, Rectangle]) -> tuple[str, Rectangle | None]:
        """Look at three letters of a line: how one is hidden, and the box of those that are white."""
        kinds = [self._hidden(char) for char in chars]
        hidden = next((kind for kind in kinds if kind and kind != "white"), "")
        white = [self.box(char) for char, kind in zip(chars, kinds, strict=True) if kind == "white"]
        if not white:
            return hidden, None
        return hidden, _union(*ends) if len(white) == len(chars) else white[0]

    def _hidden(self, char: int) -> str:
        thing = pdfium_c.FPDFText_GetTextObject(self._handle, char)
        if thing and pdfium_c.FPDFTextObj_GetTextRenderMode(thing) == _INVISIBLE:
            return "invisible"
        red, green, blue, alpha = self._colour
        if not pdfium_c.FPDFText_GetFillColor(self._handle, char, red, green, blue, alpha):
            return ""
        if alpha.value == 0:
            return "transparent"
        return "white" if min(red.value, green.value, blue.value) >= _WHITE else ""

    def _is_bold(self, thing: Any) -> bool:  # Any: a pointer of PDFium
        font = pdfium_c.FPDFTextObj_GetFont(thing) if thing else None
        if not font:
            return False
        key = ctypes.addressof(font.contents)
        if key not in self._bold_fonts:
            name = ctypes.create_string_buffer(128)
            pdfium_c.FPDFFont_GetBaseFontName(font, name, len(name))
            weight = pdfium_c.FPDFFont_GetWeight(font)
            self._bold_fonts[key] = weight >= _BOLD_WEIGHT or _BOLD_NAME.search(name.value) is not None
        return self._bold_fonts[key]


def read_raw(layer: pdfium.PdfTextPage) -> tuple[str, Places]:
    """Read the text of a layer in PDFium's order, and what tells its characters' places."""
    raw = layer.get_text_range(errors="surrogatepass")[:_MOST_CHARS]
    places = Places(layer, raw)
    return _with_turned_ligatures(raw, places), places


def read_layer(sheet: pdfium.PdfPage, layer: pdfium.PdfTextPage) -> Layer:
    """Read the text layer of a page.

    Raises:
        pypdfium2.PdfiumError: If PDFium cannot tell something about the page.
    """
    raw, places = read_raw(layer)
    left, bottom, right, top = map(_near, sheet.get_bbox())
    box = (left, bottom, right, top)
    spans = _line_spans(raw)
    ends = [places.ends(*span) for span in spans]
    turn = _main_turn(spans, ends, sheet.get_rotation() // 90)
    needed = len(raw) < _FEW_CHARS or any(e.hidden == "invisible" for e in ends)
    pictures = _pictures(sheet) if needed else []
    lines = [_line(raw, span, e, _seen(e, box, pictures), box, turn) for span, e in zip(spans, ends, strict=True)]
    width, height = box[2] - box[0], box[3] - box[1]
    return Layer(
        raw=raw,
        lines=tuple(_without_merged(lines, places, box, turn)),
        width=width if turn % 2 == 0 else height,
        height=height if turn % 2 == 0 else width,
        white=tuple(e.white for e in ends if e.white is not None),
        has_content=pdfium_c.FPDFPage_CountObjects(sheet.raw) > 0,
        pictured=sum(map(_area, pictures)) / max(1.0, _area(box)),
    )


def _with_turned_ligatures(raw: str, places: Places) -> str:
    """Put lam before alef where both are one letter on the page: PDFium turns Arabic around letter by letter."""
    turned = [m.start() for m in _LAM_ALEF.finditer(raw) if _is_one_letter(places, m.start())]
    if not turned:
        return raw
    chars = list(raw)
    for at in turned:
        chars[at], chars[at + 1] = chars[at + 1], chars[at]
    return "".join(chars)


def _is_one_letter(places: Places, at: int) -> bool:
    first, second = places.box(places.char(at)), places.box(places.char(at + 1))
    return first == second and _area(first) > 0


def _line_spans(raw: str) -> list[tuple[int, int]]:
    spans = []
    for match in _LINE.finditer(raw):
        piece = match.group()
        stripped = piece.strip(_BLANK)
        if stripped:
            start = match.start() + len(piece) - len(piece.lstrip(_BLANK))
            spans.append((start, start + len(stripped)))
        if len(spans) == _MOST_LINES:
            spans[-1] = (spans[-1][0], len(raw.rstrip()))  # the rest in one
            break
    return spans


def _line(raw: str, span: tuple[int, int], ends: _Ends, hidden: str, box: Rectangle, turn: int) -> Line:
    left, top, right, bottom = _shown(_union(ends.first, ends.last), box, turn)
    text = raw[span[0] : span[1]]
    wordy = is_wordy(text)
    return Line(
        start=span[0],
        end=span[1],
        text=text,
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        base=_shown((*ends.origin, *ends.origin), box, turn)[1],
        size=ends.size,
        bold=ends.bold,
        turned=ends.turn != turn,
        hidden=hidden,
        wordy=wordy,
        prose=wordy and is_prose(text),
    )


def _seen(ends: _Ends, page: Rectangle, pictures: Sequence[Rectangle]) -> str:
    """Say why a line cannot be seen, as far as that does not depend on colours."""
    left, bottom, right, top = _union(ends.first, ends.last)
    if right < page[0] or left > page[2] or top < page[1] or bottom > page[3]:
        return "outside"
    if ends.hidden == "invisible":
        # The words that a recogniser put behind the picture of a scanned page are meant to be so.
        x, y = (left + right) / 2, (bottom + top) / 2
        return "" if any(p[0] <= x <= p[2] and p[1] <= y <= p[3] for p in pictures) else "invisible"
    return ends.hidden


def _without_merged(lines: list[Line], places: Places, box: Rectangle, turn: int) -> list[Line]:
    """Cut lines that run over several columns, where the page was written row by row: PDFium joins what is on a level.

    A few lines are looked at first, then a few more: only where most of them have a wide gap at the same place are all
    lines measured.
    """
    upright = [line for line in lines if not line.turned]
    if not upright or len(upright) > _MOST_SPLIT_LINES:
        return lines
    width = max(b.right for b in upright) - min(b.left for b in upright)
    long = [b for b in upright if b.prose and b.right - b.left > 0.5 * width and b.text.count(" ") >= 5]
    gaps: dict[int, list[tuple[float, float, int, int]]] = {}
    telling = [b for b in long if b.text[-1].isalpha() or b.text[-1] in _TEXT_ENDS]  # others are rows of tables
    for sample in (telling[1 :: max(1, len(telling) // 3)], telling[:: max(1, len(telling) // 12)], long):
        gaps |= {line.start: _gaps(line, places, box, turn) for line in sample if line.start not in gaps}
        if len(gaps) < 3 or 2 * sum(map(bool, gaps.values())) < len(gaps):
            return lines
    middles = shared_gaps([[gap[:2] for gap in found] for found in gaps.values()])
    cut = [piece for line in lines for piece in _cut(line, gaps.get(line.start, ()), middles)]
    return cut if find_gutters([line for line in cut if not line.turned]) else lines


def _gaps(line: Line, places: Places, box: Rectangle, turn: int) -> list[tuple[float, float, int, int]]:
    """Give the wide gaps between the words of a line: (left, right, end of the word before, start of the next)."""
    words = [(m.start() + line.start, m.end() + line.start) for m in _WORD.finditer(line.text)]
    found = []
    for (_, end), (start, _) in pairwise(words):
        left = _shown(places.box(places.char(end - 1)), box, turn)[2]
        right = _shown(places.box(places.char(start)), box, turn)[0]
        if right - left > _WIDE_GAP * line.size:
            found.append((left, right, end, start))
    return found


def _cut(line: Line, gaps: Sequence[tuple[float, float, int, int]], middles: Sequence[float]) -> list[Line]:
    pieces = []
    for left, right, end, start in gaps:
        if any(left < x < right for x in middles):
            pieces.append(replace(line, end=end, text=line.text[: end - line.start], right=left))
            line = replace(line, start=start, text=line.text[start - line.start :], left=right)
    if not pieces:
        return [line]
    return [replace(piece, prose=is_prose(piece.text), wordy=is_wordy(piece.text)) for piece in (*pieces, line)]


def _pictures(sheet: pdfium.PdfPage) -> list[Rectangle]:
    """Give the boxes of a page's pictures."""
    sides = [ctypes.c_float() for _ in range(4)]
    found = []
    for number in range(min(_MOST_OBJECTS, pdfium_c.FPDFPage_CountObjects(sheet.raw))):
        thing = pdfium_c.FPDFPage_GetObject(sheet.raw, number)
        if _is_picture(thing) and pdfium_c.FPDFPageObj_GetBounds(thing, *sides):
            left, bottom, right, top = (_near(side.value) for side in sides)
            found.append((left, bottom, right, top))
    return found


def _is_picture(thing: object) -> bool:
    """Tell whether an object is a picture, or a form that holds one."""
    kind = pdfium_c.FPDFPageObj_GetType(thing)
    if kind != pdfium_c.FPDF_PAGEOBJ_FORM:
        return bool(kind == pdfium_c.FPDF_PAGEOBJ_IMAGE)
    count = min(_MOST_INNER_OBJECTS, pdfium_c.FPDFFormObj_CountObjects(thing))
    inner = (pdfium_c.FPDFFormObj_GetObject(thing, number) for number in range(count))
    return any(pdfium_c.FPDFPageObj_GetType(one) == pdfium_c.FPDF_PAGEOBJ_IMAGE for one in inner)


def _main_turn(spans: Sequence[tuple[int, int]], ends: Sequence[_Ends], rotation: int) -> int:
    """Give the quarter turns clockwise that make most letters upright; the page's own where none are."""
    letters: Counter[int] = Counter({rotation: 1})
    for (start, end), e in zip(spans, ends, strict=True):
        letters[e.turn] += end - start
    return letters.most_common(1)[0][0]


def _turn(a: float, b: float) -> int:
    """Give the quarter turns clockwise that make text with the direction (a, b) run to the right."""
    if abs(a) >= abs(b):
        return 0 if a >= 0 else 2
    return 1 if b > 0 else 3


def _shown(box: Rectangle, page: Rectangle, turn: int) -> tuple[float, float, float, float]:
    """Turn a box of PDF points: (left, top, right, bottom), y downwards."""
    left, bottom, right, top = box
    if turn == 0:
        return left - page[0], page[3] - top, right - page[0], page[3] - bottom
    if turn == 1:
        return bottom - page[1], left - page[0], top - page[1], right - page[0]
    if turn == 2:
        return page[2] - right, bottom - page[1], page[2] - left, top - page[1]
    return page[3] - top, page[2] - right, page[3] - bottom, page[2] - left


def _union(a: Rectangle, b: Rectangle) -> Rectangle:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _area(box: Rectangle) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _near(value: float) -> float:
    """Give a measure that can be trusted: no infinity, no NaN."""
    return float(value) if -_FAR < value < _FAR else 0.0

"""Makes a page's text of recognised pieces: in reading order, paragraphs joined, each word with its box; pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from studiolo_indexer.parsers.building import safe_text
from studiolo_indexer.parsers.pdf.page_columns import best_order, column_of, find_gutters, is_prose, is_wordy
from studiolo_indexer.parsers.pdf.pdf_text import Line, arrange, assemble, mend_hyphens, origins
from studiolo_indexer.records import OcrPage, OcrWord

Point = tuple[float, float]

_SIMILAR = (0.7, 1.4)  # letters with and without tails make boxes of one size differ
_LETTER_SIZE = 0.75  # of a box's height
_LETTER_WIDTH = 0.52  # of a font's size, where a text has small letters
_WIDE_SCRIPTS = "\u2e80"


@dataclass(frozen=True, slots=True)
class WordPiece:
    """A word of a piece: its span in the piece's text, and its box (left, top, right, bottom) in pixels."""

    start: int
    end: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class OcrPiece:
    """A line or cell that was recognised: text, share of certainty, and its corners in pixels, from the upper left."""

    text: str
    confidence: float
    corners: tuple[Point, Point, Point, Point]
    words: tuple[WordPiece, ...] = ()


@dataclass(frozen=True, slots=True)
class _Upright:
    """A piece as it would stand on a page that was laid down straight."""

    piece: OcrPiece
    text: str
    prose: bool
    left: float
    top: float
    right: float
    bottom: float


def page_of(pieces: Sequence[OcrPiece], *, width: int, height: int) -> OcrPage:
    """Put pieces together to the text of a page of so many pixels; a page that lies askew is straightened first."""
    if not pieces:
        return OcrPage("", 0.0, width, height)
    angle = _angle(pieces)
    upright = [_straightened(piece, angle) for piece in pieces]
    gutters = find_gutters(upright)
    rows = _rows([upright[i] for i in best_order(upright, gutters)], gutters)
    raw, lines, words = _written(rows)
    runs = arrange(lines)
    mend_hyphens([(raw, runs)])
    text, _ = assemble(raw, runs, ())
    places: dict[int, int] = {}
    for at, origin in enumerate(origins(raw, runs, ())):
        places.setdefault(origin, at)
    placed = [placed for word in words if (placed := _placed(word, places)) is not None]
    letters = sum(len(piece.text) for piece in pieces)
    confidence = sum(len(piece.text) * piece.confidence for piece in pieces) / letters
    return OcrPage(text, min(1.0, max(0.0, confidence)), width, height, tuple(sorted(placed, key=lambda w: w.start)))


def _angle(pieces: Sequence[OcrPiece]) -> float:
    """Give the slope of most lines; the longer half is asked."""
    slopes = sorted((math.dist(p.corners[0], p.corners[1]), _slope(p)) for p in pieces)
    return median(slope for _, slope in slopes[len(slopes) // 2 :])


def _slope(piece: OcrPiece) -> float:
    (x0, y0), (x1, y1) = piece.corners[:2]
    return math.atan2(y1 - y0, x1 - x0)


def _straightened(piece: OcrPiece, angle: float) -> _Upright:
    cosine, sine = math.cos(angle), math.sin(angle)
    turned = [(x * cosine + y * sine, y * cosine - x * sine) for x, y in piece.corners]
    xs, ys = [x for x, _ in turned], sorted(y for _, y in turned)
    text = safe_text(piece.text)
    return _Upright(piece, text, is_prose(text), min(xs), (ys[0] + ys[1]) / 2, max(xs), (ys[2] + ys[3]) / 2)


def _rows(ordered: Sequence[_Upright], gutters: Sequence[float]) -> list[list[_Upright]]:
    """Put what stands in one row of one column together: the cells of a table's row."""
    rows: list[list[_Upright]] = []
    for piece in ordered:
        last = rows[-1][-1] if rows else None
        if last is not None and _same_row(last, piece) and column_of(last, gutters) == column_of(piece, gutters):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _same_row(a: _Upright, b: _Upright) -> bool:
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return b.left > a.left and shared > 0.5 * min(a.bottom - a.top, b.bottom - b.top)


def _written(rows: Sequence[Sequence[_Upright]]) -> tuple[str, list[Line], list[WordPiece]]:
    """Write the rows one behind the other; gives the text, its lines, and the words with their spans in it."""
    texts: list[str] = []
    lines: list[Line] = []
    words: list[WordPiece] = []
    usual = max(1.0, median(piece.bottom - piece.top for row in rows for piece in row))
    letter = max(_LETTER_SIZE, median(_font_size(piece) for row in rows for piece in row) / usual)
    at = 0
    for row in rows:
        start = at
        for piece in row:
            words += [WordPiece(at + w.start, at + w.end, w.box) for w in piece.piece.words]
            texts.append(piece.text)
            at += len(piece.text) + 1
        text = " ".join(piece.text for piece in row)
        high = max(piece.bottom - piece.top for piece in row)
        size = letter * (usual if _SIMILAR[0] < high / usual < _SIMILAR[1] else high)
        middle = (row[0].top + row[0].bottom) / 2
        lines.append(
            Line(
                start=start,
                end=start + len(text),
                text=text,
                left=row[0].left,
                top=min(piece.top for piece in row),
                right=max(piece.right for piece in row),
                bottom=max(piece.bottom for piece in row),
                base=middle + size / 2,
                size=max(size, 1.0),
                wordy=is_wordy(text),
                prose=is_prose(text) and len(row) == 1,
            )
        )
    return " ".join(texts), lines, words


def _font_size(piece: _Upright) -> float:
    """Guess the size of a piece's font by the width of its letters."""
    width = (piece.right - piece.left) / len(piece.text)
    return width if piece.text[0] > _WIDE_SCRIPTS else width / _LETTER_WIDTH


def _placed(word: WordPiece, places: dict[int, int]) -> OcrWord | None:
    found = [places[i] for i in range(word.start, word.end) if i in places]
    if not found:
        return None
    left, top, right, bottom = word.box
    return OcrWord(min(found), max(found) + 1, left, top, max(0.0, right - left), max(0.0, bottom - top))

"""Recognises the text of a picture, offline: RapidOCR's own models, by their paths in its package, run by OpenVINO."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import ceil
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studiolo_indexer.parsers.pictures.ocr_layout import OcrPiece, Point, WordPiece, page_of
from studiolo_indexer.records import OcrPage

Pixels = NDArray[np.uint8]

_DETECTOR, _CLASSIFIER, _RECOGNISER = (
    "PP-OCRv6_det_small.onnx",
    "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "PP-OCRv6_rec_small.onnx",
)
# Lines are looked for in a smaller picture (letters of 6 points are 9 pixels high there), and read in the whole one:
# in the whole one the search takes three times as long and 300 MB more, and finds no more.
_SEARCH_SIDE = 1280
_HEIGHT, _LEAST_WIDTH = 48, 48
_WIDTH_STEP, _SHORT_LINE = 96, 960
_BORDER = 16
_LEAST_CONFIDENCE = 0.5
_DOUBTFUL = 0.75
_SAMPLE = 5
_MOST_PIECES = 2000
_WIDE_SCRIPTS = "\u2e80"
_SPACE_STEP = 1.6


def recognise(picture: Image.Image) -> OcrPage:
    """Recognise the text of a picture (RGB); a page that lies on its side or head is turned for that.

    The boxes of the words are in pixels of the picture as it was given.
    """
    pixels = np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])
    reader = _reader()
    turns = 0
    pieces, is_tall = reader.pieces(pixels)
    if pieces and (is_tall or _certainty(pieces) < _DOUBTFUL):
        turns = _better_turns(reader, pixels, 0.0 if is_tall else _certainty(pieces), is_tall=is_tall)
        if turns:
            pieces, _ = reader.pieces(np.ascontiguousarray(np.rot90(pixels, turns)))
    height, width = pixels.shape[:2]
    kept = [piece for piece in pieces if piece.confidence >= _LEAST_CONFIDENCE and piece.text.strip()]
    page = page_of(kept, width=width if turns % 2 == 0 else height, height=height if turns % 2 == 0 else width)
    return turned_back(page, turns)


def turned_back(page: OcrPage, turns: int) -> OcrPage:
    """Give a page that was recognised after quarter turns to the left with its boxes as they lie in the original."""
    for _ in range(turns % 4):
        width, height = page.height, page.width
        words = tuple(
            replace(w, x=page.height - w.y - w.height, y=w.x, width=w.height, height=w.width) for w in page.words
        )
        page = replace(page, words=words, width=width, height=height)
    return page


class Reader:
    """Holds the models: finding the lines, and reading them.

    Args:
        engine: RapidOCR, set up with its models.
    """

    def __init__(self, engine: Any) -> None:  # Any: a library without types
        self._engine = engine

    def pieces(self, pixels: Pixels, *, most: int = _MOST_PIECES) -> tuple[list[OcrPiece], bool]:
        """Find and read the lines of a picture (height, width, BGR); also tells whether most of them stand upright.

        Of more than `most` lines only the longest are read.
        """
        framed = np.pad(pixels, ((_BORDER, _BORDER), (_BORDER, _BORDER), (0, 0)), constant_values=255)
        found = self._engine._load_det_model()(framed)  # the class's own method turns "nothing found" into a warning
        if found.boxes is None or len(found.boxes) == 0:
            return [], False
        boxes = sorted(found.boxes, key=lambda b: -float(np.linalg.norm(b[0] - b[1]) + np.linalg.norm(b[1] - b[2])))
        boxes = boxes[:most]
        crops = [widened(crop) for crop in self._engine.crop_text_regions(framed, boxes)]
        read = self._engine.recognize_txt([crop for crop, _ in crops])
        shares = [share for _, share in crops]
        pieces = [
            _piece(box - _BORDER, text, float(confidence), info, share)
            for box, text, confidence, info, share in zip(
                boxes, read.txts, read.scores, read.word_results, shares, strict=True
            )
        ]
        tall = sum(_is_tall(box) for box in boxes)
        return pieces, 2 * tall > len(boxes)


def widened(line: Pixels) -> tuple[Pixels, float]:
    """Give a line's picture with white behind it, and the share of it that the line has now.

    OpenVINO prepares itself for every width that it meets, and keeps that: with widths in steps a page takes 1.3 s
    instead of 2.3 s, and ten pages 670 MB instead of more than 1.4 GB.
    """
    height, width = line.shape[:2]
    wide = ceil(width * _HEIGHT / max(1, height))
    step = _WIDTH_STEP if wide <= _SHORT_LINE else 2 * _WIDTH_STEP
    whole = max(width, -(-wide // step) * step * height // _HEIGHT)
    return np.pad(line, ((0, 0), (0, whole - width), (0, 0)), constant_values=255), width / max(1, whole)


def _piece(
    box: NDArray[np.float32],
    text: str,
    confidence: float,
    info: Any,  # Any: as above
    share: float,
) -> OcrPiece:
    """Give a read line with its words: `info` tells in which columns of the reader's grid their letters lie.

    The line takes that share of the grid; the rest is empty.
    """
    corners = cast("tuple[Point, ...]", tuple((float(x), float(y)) for x, y in box))
    if _is_tall(box):
        # The reader got it turned to the left: it begins at the upper right corner.
        corners = corners[1], corners[2], corners[3], corners[0]
    words: list[WordPiece] = []
    pieces: list[str] = []
    at = length = 0
    grid = max(1.0, float(info.line_txt_len) * share)
    letter = _letter_width(info.word_cols)
    for word, columns, is_apart in _words(info, letter):
        start = text.find(word, at)
        if start < 0:
            continue
        between = text[at:start] or (" " if is_apart and pieces else "")
        pieces += (between, word)
        length += len(between)
        left = max(0.0, (columns[0] + 0.5 - letter / 2) / grid)
        right = min(1.0, (columns[-1] + 0.5 + letter / 2) / grid)
        words.append(WordPiece(length, length + len(word), _part_of(corners, left, max(left, right))))
        length += len(word)
        at = start + len(word)
    a, b, c, d = corners
    return OcrPiece("".join((*pieces, text[at:])).rstrip(), confidence, (a, b, c, d), tuple(words))


def _words(info: Any, letter: float) -> Iterator[tuple[str, Sequence[int], bool]]:
    """Give the words of a line with the columns of their letters, and whether they stand apart from the one before.

    The reader often drops the space between a number and a word.
    """
    before = ("", 0)
    for letters, columns in zip(info.words, info.word_cols, strict=True):
        if not columns or len(letters) != len(columns):
            continue
        starts = [
            n
            for n in range(1, len(letters))
            if letters[n - 1].isdigit() != letters[n].isdigit()
            and letters[n - 1].isalnum()
            and letters[n].isalnum()
            and _is_apart(letters[n - 1], letters[n], columns[n] - columns[n - 1], letter)
        ]
        for start, end in pairwise((0, *starts, len(letters))):
            word = "".join(letters[start:end])
            yield word, columns[start:end], _is_apart(before[0], word[0], columns[start] - before[1], letter)
            before = (word[-1], columns[end - 1])


def _is_apart(before: str, after: str, step: int, letter: float) -> bool:
    return before < _WIDE_SCRIPTS and after < _WIDE_SCRIPTS and step >= _SPACE_STEP * letter


def _letter_width(columns: Sequence[Sequence[int]]) -> float:
    """Give the mean step from letter to letter, in columns."""
    steps = [(places[-1] - places[0]) / (len(places) - 1) for places in columns if len(places) > 1]
    return sum(steps) / len(steps) if steps else 2.0


def _part_of(corners: Sequence[tuple[float, float]], left: float, right: float) -> tuple[float, float, float, float]:
    """Give the box around a part of a line: from the share `left` of its length to the share `right`."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    xs = [x0 + left * (x1 - x0), x0 + right * (x1 - x0), x3 + left * (x2 - x3), x3 + right * (x2 - x3)]
    ys = [y0 + left * (y1 - y0), y0 + right * (y1 - y0), y3 + left * (y2 - y3), y3 + right * (y2 - y3)]
    return max(0.0, min(xs)), max(0.0, min(ys)), max(0.0, *xs), max(0.0, *ys)


def _is_tall(box: NDArray[np.float32]) -> bool:
    return bool(np.linalg.norm(box[0] - box[3]) >= 1.5 * np.linalg.norm(box[0] - box[1]))


def _certainty(pieces: Sequence[OcrPiece]) -> float:
    letters = sum(len(piece.text) for piece in pieces)
    return sum(len(piece.text) * piece.confidence for piece in pieces) / letters if letters else 0.0


def _better_turns(reader: Reader, pixels: Pixels, certainty: float, *, is_tall: bool) -> int:
    """Give the quarter turns to the left after which the longest lines are read with more certainty, or 0."""
    best, turns = certainty + 0.05, 0
    for candidate in (1, 3) if is_tall else (2,):
        pieces, _ = reader.pieces(np.ascontiguousarray(np.rot90(pixels, candidate)), most=_SAMPLE)
        if _certainty(pieces) > best:
            best, turns = _certainty(pieces), candidate
    return turns


@cache
def _reader() -> Reader:
    """Load the models, once in a process; each by its path, so that none is looked for elsewhere."""
    # OpenVINO's telemetry would look up a host and fork (see studiolo.offline); None blocks its import.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    rapidocr = _import_without_http()
    models = Path(rapidocr.__file__ or "").parent / "models"
    engine = rapidocr.EngineType.OPENVINO
    parts = {"Det": _DETECTOR, "Cls": _CLASSIFIER, "Rec": _RECOGNISER}
    return Reader(
        rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.return_word_box": True,
                "EngineConfig.openvino.inference_num_threads": max(1, (os.cpu_count() or 2) // 2),
                "Det.limit_type": "max",
                "Det.limit_side_len": _SEARCH_SIDE,
                "Rec.rec_batch_num": 1,
                "Rec.rec_img_shape": [3, _HEIGHT, _LEAST_WIDTH],
                **{f"{part}.engine_type": engine for part in parts},
                **{f"{part}.model_path": str(models / name) for part, name in parts.items()},
            }
        )
    )


def _import_without_http() -> ModuleType:
    """Import RapidOCR without `requests`: it would use it to download models, and we never do.

    Only two annotations ask for something of it on import.
    """
    known = sys.modules.get("requests")
    stand_in = ModuleType("requests")
    stand_in.Response = stand_in.RequestException = OSError  # type: ignore[attr-defined]
    sys.modules["requests"] = stand_in
    try:
        import rapidocr
        import rapidocr.main
    finally:
        if known is None:
            del sys.modules["requests"]
        else:
            sys.modules["requests"] = known
    module: ModuleType = rapidocr
    return module

"""The text of a picture is recognised offline, in the extractor's process, and what comes back is checked."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from math import ceil
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.extraction import OCR_LIMITS, Extractor, checked_ocr_page
from studiolo_indexer.parsers.pictures.ocr import recognise, turned_back, widened
from studiolo_indexer.records import OcrPage, OcrWord

LINES = ("The notice period is three months.", "Signed on 3 December 2023 in Berlin.")
SIZE = (640, 180)


def picture(*lines: str) -> Image.Image:
    drawn = Image.new("RGB", SIZE, (255, 255, 255))
    for number, line in enumerate(lines):
        ImageDraw.Draw(drawn).text((40, 30 + 60 * number), line, font=ImageFont.load_default(30), fill=(0, 0, 0))
    return drawn


def has_ink(image: Image.Image, word: OcrWord) -> bool:
    box = (round(word.x), round(word.y), round(word.x + word.width), round(word.y + word.height))
    dark, light = image.convert("L").crop(box).getextrema()
    return bool(dark == 0 and light == 255)


@pytest.mark.parametrize("turn", [0, 90, 180])
def test_lines_are_read_with_their_spaces_however_the_page_lies(turn: int) -> None:
    shown = picture(*LINES).rotate(turn, expand=True)
    page = recognise(shown)
    assert page.text == " ".join(LINES)
    assert page.confidence > 0.9
    assert (page.width, page.height) == shown.size
    assert [page.text[w.start : w.end] for w in page.words] == page.text.split()
    assert all(has_ink(shown, word) for word in page.words)


def test_a_picture_without_words_gives_none() -> None:
    assert recognise(picture()) == OcrPage("", 0.0, *SIZE)
    assert recognise(Image.new("RGB", (2, 3))).words == ()


def test_lines_come_in_few_widths_and_keep_their_own_share() -> None:
    """For each width the library keeps memory: a book of scans had more lines than its child may hold."""
    for height in (17, 48, 90):
        widths = set()
        for width in range(20, 3000, 7):
            line, share = widened(np.zeros((height, width, 3), dtype=np.uint8))
            assert line.shape[1] * share == pytest.approx(width)
            assert line[:, width:].min(initial=255) == 255
            widths.add(ceil(line.shape[1] * 48 / height))
        assert len(widths) <= 2 * (11 + 48 * 3000 / height / 192)


def test_pages_of_pictures_and_scans_are_recognised_by_the_confined_process_which_asks_no_network() -> None:
    command = [sys.executable, "-I", "-m", "studiolo.guarded", "studiolo_indexer.extract_worker"]
    extractor = Extractor(command=command, limits=OCR_LIMITS)
    out, scan = io.BytesIO(), io.BytesIO()
    picture(LINES[0]).save(out, "PNG")
    picture(LINES[1]).save(scan, "PDF", resolution=100)
    assert extractor.ocr(out.getvalue(), name="a.png", page=1).text == LINES[0]
    page = extractor.ocr(scan.getvalue(), name="a.pdf", page=1)
    assert page.text == LINES[1]
    assert page.width == pytest.approx(2 * SIZE[0], abs=2), "drawn at 200 dpi"
    with pytest.raises(FileFailure, match="has no page 2"):
        extractor.ocr(scan.getvalue(), name="a.pdf", page=2)
    extractor.close()


def test_nothing_is_asked_for_and_nothing_is_started() -> None:
    code = """
import json, sys
events = []
sys.addaudithook(lambda event, arguments: events.append(event))
from studiolo_indexer.parsers.pictures import ocr
ocr._reader().pieces(__import__("numpy").full((64, 64, 3), 255, "uint8"))
refused = ("socket.", "os.fork", "subprocess.", "os.posix_spawn", "urllib.")
loaded = [name for name in ("requests", "torch") if name in sys.modules]
print(json.dumps([[e for e in events if e.startswith(refused)], loaded]))
"""
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[], []]


@given(turns=st.integers(0, 3), x=st.integers(0, 80), y=st.integers(0, 40), width=st.integers(1, 20))
def test_a_page_that_was_turned_for_recognition_is_turned_back(turns: int, x: int, y: int, width: int) -> None:
    size = (100, 60)
    image = Image.new("L", size, 0)
    image.paste(255, (x, y, x + width, y + 10))
    turned = image.rotate(90 * turns, expand=True)
    left, top, right, bottom = turned.getbbox() or (0, 0, 0, 0)
    page = OcrPage("a", 1.0, *turned.size, (OcrWord(0, 1, left, top, right - left, bottom - top),))
    back = turned_back(page, turns)
    assert (back.width, back.height) == size
    (word,) = back.words
    assert (word.x, word.y, word.x + word.width, word.y + word.height) == image.getbbox()


GOOD: dict[str, Any] = {  # Any: a JSON document
    "text": "two words", "confidence": 0.9, "width": 100, "height": 50,
    "words": [{"start": 0, "end": 3, "x": 1, "y": 2.5, "width": 30, "height": 10}],
}  # fmt: skip


def lies() -> Iterator[Any]:  # Any: JSON documents
    yield []
    yield {}
    for name in GOOD:
        yield {key: value for key, value in GOOD.items() if key != name}
        yield GOOD | {name: None}
    yield GOOD | {"text": "a\0b"}
    yield GOOD | {"confidence": 1.5}
    yield GOOD | {"width": 0}
    word = GOOD["words"][0]
    for change in (
        {"end": 99},
        {"start": -1},
        {"end": 0, "start": 2},
        {"x": float("nan")},
        {"x": "1"},
        {"height": 1e9},
    ):
        yield GOOD | {"words": [word | change]}
    yield GOOD | {"words": [word, word | {"start": 1, "end": 2}]}
    yield GOOD | {"words": [word] * 100_001}


@pytest.mark.parametrize("untrusted", list(lies()), ids=lambda d: repr(d)[:50])
def test_a_page_that_lies_is_refused(untrusted: object) -> None:
    with pytest.raises(FileFailure) as caught:
        checked_ocr_page(untrusted)
    assert caught.value.code == "file.parser_crashed"


def test_a_true_page_is_believed() -> None:
    page = checked_ocr_page(GOOD)
    assert (page.text, page.words[0].y) == ("two words", 2.5)

"""Pictures are paged documents without text; broken and hostile ones end with a failure."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.extract_worker import answer
from studiolo_indexer.media_types import media_type_for
from studiolo_indexer.parsers.pictures.images import parse_image, picture_of_frame, render_picture

SUFFIXES = {"PNG": "png", "JPEG": "jpg", "TIFF": "tif", "BMP": "bmp", "WEBP": "webp", "GIF": "gif"}
RED, BLUE = (200, 30, 30), (30, 30, 200)


def saved(*pictures: Image.Image, kind: str = "PNG", **how: Any) -> bytes:  # Any: Pillow's own options
    out = io.BytesIO()
    first, *others = pictures
    if others:
        how |= {"save_all": True, "append_images": others}
    first.save(out, kind, **how)
    return out.getvalue()


def flat(colour: tuple[int, ...] = RED, size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size, colour)


def code_of(data: bytes) -> str:
    with pytest.raises(FileFailure) as caught:
        parse_image(data, "a.png")
    return caught.value.code


@pytest.mark.parametrize("kind", list(SUFFIXES))
def test_each_of_the_six_kinds_is_one_page_that_wants_recognition(kind: str) -> None:
    data = saved(flat(), kind=kind)
    document = parse_image(data, f"a.{SUFFIXES[kind]}")
    assert document.media_type == media_type_for(f"a.{SUFFIXES[kind]}")
    assert (document.pages, document.ocr_wanted, document.text) == (1, (1,), "")
    assert [(p.kind, p.label, p.start, p.end) for p in document.parts] == [("page", "1", 0, 0)]
    pixel = picture_of_frame(data, 1).getpixel((50, 20))
    assert isinstance(pixel, tuple)
    assert all(abs(a - b) < 12 for a, b in zip(pixel, RED, strict=True))


def test_the_frames_of_a_tiff_are_its_pages_and_of_what_moves_the_first_counts() -> None:
    document = parse_image(saved(flat(), flat(BLUE), flat(), kind="TIFF"), "a.tif")
    assert (document.pages, document.ocr_wanted) == (3, (1, 2, 3))
    assert [(p.start, p.end) for p in document.parts] == [(0, 2), (2, 4), (4, 4)]
    assert document.text == "\n\n\n\n"
    assert parse_image(saved(flat(), flat(BLUE), kind="GIF"), "a.gif").pages == 1
    tiff = saved(flat(), flat(BLUE), kind="TIFF")
    assert [picture_of_frame(tiff, n).getpixel((9, 9)) for n in (1, 2)] == [RED, BLUE]
    with pytest.raises(FileFailure):
        picture_of_frame(tiff, 3)


def test_a_page_is_drawn_as_wide_as_it_is_asked_for() -> None:
    tiff = saved(flat(), flat(BLUE), kind="TIFF")
    image = render_picture(tiff, page=9, width=120)
    assert (image.width, image.height, image.page, image.pages, image.boxes) == (120, 80, 2, 2, ())
    assert Image.open(io.BytesIO(image.png)).convert("RGB").getpixel((60, 40)) == BLUE
    with pytest.raises(FileFailure) as caught:
        render_picture(saved(flat(size=(10, 9000))), page=1, width=1000)
    assert caught.value.code == "file.too_large"


def test_the_extractor_draws_pictures_too() -> None:
    request = {"op": "render", "name": "a.png", "page": 1, "start": 0, "end": 0, "width": 90, "quote": ""}
    assert answer(request, saved(flat()))["page"]["height"] == 60


def test_a_photograph_is_turned_upright_and_says_when_it_was_taken() -> None:
    picture = flat(size=(60, 40))
    exif = picture.getexif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[306] = "2023:01:31 12:30:00"
    exif[315] = "Ada Lovelace"
    data = saved(picture, kind="JPEG", exif=exif)
    assert parse_image(data, "a.jpg").properties == (("author", "Ada Lovelace"), ("created", "2023-01-31T12:30:00"))
    assert picture_of_frame(data, 1).size == (80, 120), "upright, and twice as large since it is small"


def test_what_is_transparent_is_white_paper_and_many_grey_steps_stay_visible() -> None:
    assert picture_of_frame(saved(flat((0, 0, 0, 0), mode="RGBA")), 1).getpixel((5, 5)) == (255, 255, 255)
    deep = Image.fromarray(np.full((40, 60), 32768, np.uint16))
    pixel = picture_of_frame(saved(deep), 1).getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert 120 <= pixel[0] <= 135
    assert picture_of_frame(saved(flat((1,), mode="1")), 1).mode == "RGB"


def test_a_large_scan_is_made_smaller_for_recognition() -> None:
    assert picture_of_frame(saved(Image.new("1", (7000, 1000), 1)), 1).size == (3400, 486)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(12_000, 12_000), (60_000, 60_000)])
def test_a_picture_with_too_many_pixels_is_a_bomb(size: tuple[int, int]) -> None:
    """S5: 89 million pixels are A3 at 600 dpi."""
    assert code_of(bomb(*size)) == "file.bomb"


def test_other_formats_and_no_pictures_are_refused() -> None:
    assert code_of(b"") == "file.damaged"
    assert code_of(b"\0" * 100_000) == "file.damaged"
    assert code_of(saved(flat(), kind="PPM")) == "file.damaged"
    assert code_of(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n") == "file.damaged"


@pytest.mark.parametrize("kind", list(SUFFIXES))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_damaged_copies_end_with_a_document_or_a_failure(kind: str, data: st.DataObject) -> None:
    whole = bytearray(saved(flat(), flat(BLUE), kind=kind) if kind == "TIFF" else saved(flat(), kind=kind))
    for _ in range(data.draw(st.integers(0, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    del whole[data.draw(st.integers(0, len(whole))) :]
    try:
        document = parse_image(bytes(whole), "a.png")
        assert document.pages
        picture_of_frame(bytes(whole), document.pages)
        render_picture(bytes(whole), page=1, width=50)
    except FileFailure as failure:
        assert failure.code in {"file.damaged", "file.bomb", "file.too_large"}

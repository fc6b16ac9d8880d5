"""A drawn slide shows every word at its place, and boxes hold the words that were asked for and no others."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.office.slide_picture import Paragraph, Shape, Slide, render_slide, slide_words
from studiolo_indexer.records import PageImage


def drawn(*shapes: Shape, quote: str = "", notes: tuple[str, ...] = ()) -> PageImage:
    slide = Slide(720, 540, shapes, notes=notes)
    return render_slide(slide, page=1, pages=3, width=720, quote=quote)


def pixels(image: PageImage) -> Any:  # Any: an array of grey values
    return np.asarray(Image.open(io.BytesIO(image.png)).convert("L"))


def text(words: str, left: float = 0, top: float = 0, width: float = 720, height: float = 100, **look: object) -> Shape:
    return Shape(left, top, width, height, paragraphs=(Paragraph(words, **look),))  # type: ignore[arg-type]


def ink(image: PageImage) -> tuple[int, int, int, int]:
    """The box around everything that is dark: left, top, right, bottom."""
    rows, columns = np.nonzero(pixels(image) < 128)
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


def test_text_stands_in_its_shape_and_its_boxes_hold_its_ink() -> None:
    image = drawn(text("The rent is due.", left=300, top=200, width=300), quote="rent is due")
    left, top, right, bottom = ink(image)
    assert 300 <= left < right <= 600
    assert 200 <= top < bottom <= 300
    (box,) = image.boxes
    assert left < box.x < box.x + box.width <= right + 4
    assert box.y <= top
    assert bottom <= box.y + box.height


def test_a_long_text_breaks_into_lines_of_which_each_has_its_box() -> None:
    image = drawn(
        text("one two three four five six seven eight nine ten", width=150, height=300),
        quote="two three four five six seven eight nine",
    )
    assert len(image.boxes) >= 3
    assert all(b.x + b.width <= 150 for b in image.boxes)
    assert [b.y for b in image.boxes] == sorted(b.y for b in image.boxes)


def test_what_does_not_fit_is_set_smaller() -> None:
    large = drawn(text("word " * 12, width=300, height=400, size=40.0))
    small = drawn(text("word " * 12, width=300, height=60, size=40.0))
    assert ink(small)[3] < ink(large)[3]
    assert ink(small)[3] <= 66


@pytest.mark.parametrize(("align", "least", "most"), [("left", 0, 60), ("center", 250, 470), ("right", 600, 720)])
def test_alignment_moves_the_line(align: str, least: int, most: int) -> None:
    left, _, right, _ = ink(drawn(text("due", align=align)))
    assert least <= left < right <= most


def test_arabic_is_set_from_the_right() -> None:
    words = "الإيجار مستحق اليوم"
    first, last = (
        drawn(text(words), quote=word).boxes[0] for word in (words.split(maxsplit=1)[0], words.rsplit(maxsplit=1)[-1])
    )
    assert first.x > last.x


def test_chinese_breaks_between_any_two_letters() -> None:
    image = drawn(text("租金应于每月三日支付" * 4, width=200, height=400), quote="租金应于每月三日支付" * 4)
    assert len(image.boxes) >= 3


def test_text_is_readable_on_any_ground() -> None:
    dark = Shape(0, 0, 720, 100, fill=(10, 10, 60), paragraphs=(Paragraph("due", colour=(0, 0, 0)),))
    assert pixels(drawn(dark)).max() > 200
    assert pixels(drawn(text("due", colour=(255, 255, 255)))).min() < 100


def test_notes_stand_on_a_strip_below_and_can_be_marked() -> None:
    image = drawn(text("due"), notes=("Notes:", "Say it slowly."), quote="Say it slowly.")
    assert image.height > 540
    assert image.boxes[0].y >= 540


def test_cells_are_looked_for_one_after_another_and_numbers_belong_to_their_line() -> None:
    shapes = [text(cell, left=100.0 * n, width=100) for n, cell in enumerate(("yes", "no", "yes"))]
    assert [round(b.x) // 100 for b in drawn(*shapes, quote="yes | no | yes").boxes] == [0, 1, 2]
    numbered = drawn(text("Pay the rent", mark="2."), quote="2. Pay the rent")
    assert len(numbered.boxes) == 1


def test_words_that_are_not_there_have_no_box() -> None:
    assert drawn(text("The rent is due."), quote="The lease").boxes == ()
    assert drawn(text("The rent is due."), quote=" | \n").boxes == ()


def test_pictures_are_placed_and_broken_ones_leave_a_grey_frame() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (4, 4), (0, 0, 0)).save(stream, "PNG")
    seen = pixels(drawn(Shape(100, 100, 50, 50, picture=stream.getvalue())))
    assert seen[125, 125] == 0
    assert seen[90, 90] == 255
    for broken in (b"", b"\x89PNG\r\n\x1a\nnothing", b"<svg/>"):
        assert 200 < pixels(drawn(Shape(100, 100, 50, 50, picture=broken)))[125, 125] < 240


def test_odd_places_and_huge_pictures_end_well() -> None:
    assert drawn(Shape(-1e9, 5, 2e9, 1e9, fill=(0, 0, 0), picture=b"x"), text("a", width=0, height=0)).height == 540
    with pytest.raises(FileFailure, match=r"file\.too_large"):
        render_slide(Slide(10, 1_000_000, ()), page=1, pages=1, width=4000, quote="")


def test_the_words_of_a_slide_stand_where_they_are_drawn_and_lines_end_where_they_end() -> None:
    shapes = (text("The rent is due.", left=300, top=200, width=300), text("年次休暇", top=400))
    found = slide_words(Slide(720, 540, shapes, notes=("Say it.",)), page=2, pages=3)
    assert (found.page, found.pages, found.text) == (2, 3, "The rent is due.\n年次休暇\nSay it.")
    assert [found.text[w.start : w.end] for w in found.words][:4] == ["The", "rent", "is", "due."]
    image = drawn(*shapes, quote="rent", notes=("Say it.",))
    scale = found.width / image.width
    (box,), word = image.boxes, found.words[1]
    assert word.x == pytest.approx(box.x * scale, abs=3)
    assert word.width == pytest.approx(box.width * scale, abs=3)
    assert found.height == pytest.approx(image.height * scale, abs=8)


def test_two_shapes_on_one_level_are_two_lines_of_the_text() -> None:
    shapes = (text("left", width=100), text("right", left=500, width=100))
    assert slide_words(Slide(720, 540, shapes), page=1, pages=1).text == "left\nright"

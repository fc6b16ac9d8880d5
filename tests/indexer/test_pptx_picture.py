"""A slide of a PPTX is drawn with its words where the presentation puts them."""

from __future__ import annotations

import io

import pptx
import pytest
from damaged_files import damaged
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.office.pptx import parse_pptx
from studiolo_indexer.parsers.office.pptx_picture import render_pptx_slide
from studiolo_indexer.records import PageImage

WIDTH = 960


def show() -> bytes:
    made = pptx.Presentation()
    first = made.slides.add_slide(made.slide_layouts[1])
    assert first.shapes.title is not None
    first.shapes.title.text = "Leave policy"
    first.placeholders[1].text = "Ten days a year\nApply in May"
    first.notes_slide.notes_text_frame.text = "Mention the forms."
    second = made.slides.add_slide(made.slide_layouts[6])
    half = Emu(made.slide_width // 2)
    box = second.shapes.add_textbox(half, half, half, Emu(900_000))
    box.text_frame.text = "Lower right"
    box.text_frame.paragraphs[0].runs[0].font.size = Pt(30)
    box.fill.solid()
    box.fill.fore_color.rgb = RGBColor(200, 30, 30)
    table = second.shapes.add_table(2, 2, Emu(0), Emu(0), half, Emu(900_000)).table
    for n, word in enumerate(("Year", "Rent", "2024", "1250")):
        table.cell(n // 2, n % 2).text = word
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


SHOW = show()


def rendered(page: int, quote: str) -> PageImage:
    return render_pptx_slide(SHOW, page=page, width=WIDTH, quote=quote)


def test_every_line_of_a_slide_is_found_on_its_picture() -> None:
    document = parse_pptx(SHOW, "a.pptx")
    for page, part in enumerate(document.parts, start=1):
        for line in document.text[part.start : part.end].replace(" | ", "\n").split("\n"):
            if line.strip() and line != "Slide 2":  # a heading of ours: it stands on no slide
                assert rendered(page, line).boxes, line


def test_placeholders_take_their_place_and_size_from_the_layout() -> None:
    title, body = rendered(1, "Leave policy").boxes[0], rendered(1, "Ten days a year").boxes[0]
    assert title.y + title.height <= body.y
    assert title.height > body.height
    assert WIDTH * 0.3 < title.x + title.width / 2 < WIDTH * 0.7


def test_shapes_tables_and_fills_stand_where_they_were_put() -> None:
    image = rendered(2, "Lower right")
    (box,) = image.boxes
    assert box.x >= WIDTH / 2
    colour = Image.open(io.BytesIO(image.png)).convert("RGB").getpixel((WIDTH - 10, round(box.y + box.height / 2)))
    assert colour == (200, 30, 30)
    year, rent, value = (rendered(2, word).boxes[0] for word in ("Year", "Rent", "1250"))
    assert year.x < rent.x
    assert abs(rent.x - value.x) < 3
    assert rent.y < value.y


def test_colours_of_a_theme_have_the_names_that_the_master_gives_them() -> None:
    made = pptx.Presentation()
    names = made.slide_master.element.find(qn("p:clrMap"))
    assert names is not None
    names.set("bg1", "dk1")
    box = made.slides.add_slide(made.slide_layouts[6]).shapes.add_textbox(0, 0, Emu(9_000_000), Emu(6_000_000))
    box.fill.solid()
    box.fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    stream = io.BytesIO()
    made.save(stream)
    image = render_pptx_slide(stream.getvalue(), page=1, width=WIDTH, quote="")
    assert Image.open(io.BytesIO(image.png)).convert("RGB").getpixel((WIDTH // 2, 300)) == (0, 0, 0)


def test_a_page_beyond_the_end_shows_the_last() -> None:
    assert (rendered(99, "").page, rendered(99, "").pages) == (2, 2)


def test_groups_move_and_scale_what_they_hold() -> None:
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    group = slide.shapes.add_group_shape()
    inside = group.shapes.add_textbox(Emu(0), Emu(0), Emu(4_000_000), Emu(500_000))
    inside.text_frame.text = "inside"
    group.left, group.top = Emu(4_572_000), Emu(3_429_000)
    stream = io.BytesIO()
    made.save(stream)
    (box,) = render_pptx_slide(stream.getvalue(), page=1, width=WIDTH, quote="inside").boxes
    assert box.x > WIDTH * 0.49
    assert box.y > WIDTH * 0.75 * 0.49


@given(st.integers(0, 2**32))
def test_damaged_copies_end_with_a_picture_or_a_reason(seed: int) -> None:
    try:
        assert render_pptx_slide(damaged(SHOW, seed), page=1, width=200, quote="Leave").png
    except FileFailure as failure:
        assert failure.code in {"file.damaged", "file.bomb", "file.password"}


def test_a_show_without_slides_is_said() -> None:
    stream = io.BytesIO()
    pptx.Presentation().save(stream)
    with pytest.raises(FileFailure, match=r"file\.damaged"):
        render_pptx_slide(stream.getvalue(), page=1, width=WIDTH, quote="")

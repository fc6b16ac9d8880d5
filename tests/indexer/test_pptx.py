"""PPTX: slides in the order of the show, shapes as one reads them, notes and comments."""

from __future__ import annotations

import io
import re
import zipfile

import pptx
import pytest
from damaged_files import assert_read_or_refused, damaged
from effort import assert_grows_linearly
from hostile_files import zipped
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from studiolo_indexer.containers import OLE_MARK
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import media_type_for
from studiolo_indexer.parsers.office.pptx import parse_pptx
from studiolo_indexer.records import Document

SPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def saved(show: pptx.presentation.Presentation) -> bytes:
    stream = io.BytesIO()
    show.save(stream)
    return stream.getvalue()


def whole_show() -> bytes:
    show = pptx.Presentation()
    show.core_properties.title, show.core_properties.author = "Plans", "Ada"
    first = show.slides.add_slide(show.slide_layouts[1])
    first.shapes.title.text, first.placeholders[1].text = "Leave", "Ten days\nFive days"
    first.notes_slide.notes_text_frame.text = "Say it slowly."
    second = show.slides.add_slide(show.slide_layouts[6])
    for left, top, text in ((5, 5, "low"), (5, 1, "right of it\nand below"), (1, 1.1, "left"), (1, 0.2, "On top")):
        second.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(0.5)).text_frame.text = text
    table = second.shapes.add_table(2, 2, Inches(1), Inches(6), Inches(4), Inches(1)).table
    for at, text in enumerate(("Plan", "Price", "Basic", "10")):
        table.cell(at // 2, at % 2).text = text
    data = CategoryChartData()
    data.categories = ["2023", "2024"]
    data.add_series("Sales", (1.5, 2))
    second.shapes.add_chart(XL_CHART_TYPE.LINE, Inches(1), Inches(6.8), Inches(4), Inches(0.5), data)
    return saved(show)


def slide(inside: str, more: str = "") -> str:
    return f"<p:sld {SPACES} {more}><p:cSld><p:spTree>{inside}</p:spTree></p:cSld></p:sld>"


def shape(text: str, *, kind: str = "", name: str = "", place: tuple[int, int] | None = None) -> str:
    mark = f'<p:ph type="{kind}"/>' if kind else ""
    at = f'<a:xfrm><a:off x="{place[0]}" y="{place[1]}"/></a:xfrm>' if place else ""
    return (
        f"<p:sp><p:nvSpPr><p:cNvPr {name}/><p:nvPr>{mark}</p:nvPr></p:nvSpPr><p:spPr>{at}</p:spPr>"
        f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def made(*slides: str, order: list[int] | None = None, **parts: str) -> bytes:
    """Make a show of its slides; `parts` are related to the first one, by kind."""
    numbers = order if order is not None else list(range(1, len(slides) + 1))
    ids = "".join(f'<p:sldId r:id="r{number}"/>' for number in numbers)
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{REL}/slide" Target="slides/slide{n}.xml"/>' for n in range(1, len(slides) + 1)
    )
    own = "".join(f'<Relationship Id="{kind}" Type="{REL}/{kind}" Target="../{kind}.xml"/>' for kind in parts)
    people = f'<Relationship Id="p" Type="{REL}/commentAuthors" Target="people.xml"/>'
    members: dict[str, bytes | str] = {
        "ppt/presentation.xml": f"<p:presentation {SPACES}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": f"<Relationships>{relations}{people}</Relationships>",
        "ppt/slides/_rels/slide1.xml.rels": f"<Relationships>{own}</Relationships>",
        "ppt/people.xml": '<a><author id="0" name="Ada"/></a>',
    }
    members |= {f"ppt/slides/slide{n}.xml": one for n, one in enumerate(slides, start=1)}
    return zipped(members | {f"ppt/{kind}.xml": content for kind, content in parts.items()})


def read(data: bytes) -> Document:
    return parse_pptx(data, "a.pptx")


def test_a_show_of_a_presentation_program_is_read_slide_by_slide() -> None:
    found = read(whole_show())
    assert (found.title, found.pages) == ("Plans", 2)
    assert ("author", "Ada") in found.properties
    assert [(part.kind, part.label) for part in found.parts] == [("slide", "1"), ("slide", "2")]
    first, second = (found.text[part.start : part.end] for part in found.parts)
    assert first.strip() == "Leave\n\nTen days\nFive days\n\nNotes:\nSay it slowly."
    order = [
        second.index(text) for text in ("On top", "left", "right of it\nand below", "low", "Plan | Price\nBasic | 10")
    ]
    assert order == sorted(order)
    assert "| Sales\n2023 | 1.5\n2024 | 2" in second
    assert [found.text[h.start : h.end] for h in found.headings] == ["Leave", "On top"]


@pytest.mark.parametrize("name", ["a.pptm", "a.ppsx", "a.potx", "a.ppsm", "a.potm"])
def test_macros_shows_and_templates_are_presentations_too(name: str) -> None:
    assert media_type_for(name) == media_type_for("a.pptx")


def test_slides_come_in_the_order_of_the_show_and_each_once() -> None:
    found = read(made(slide(shape("one", kind="title")), slide(shape("two", kind="title")), order=[2, 1, 2]))
    assert [found.text[h.start : h.end] for h in found.headings] == ["two", "one"]
    unlisted = read(made(slide(shape("one")), slide(shape("two")), order=[]))
    assert [part.label for part in unlisted.parts] == ["1", "2"]


def test_a_slide_without_a_title_is_not_found_under_the_title_before_it() -> None:
    lines = shape("x", place=(0, 0)).replace("</a:p>", "</a:p><a:p><a:r><a:t>y</a:t></a:r></a:p>")
    found = read(made(slide(shape("Title", kind="ctrTitle")), slide(lines)))
    assert [found.text[h.start : h.end] for h in found.headings] == ["Title", "Slide 2"]


def test_hidden_slides_are_read_and_named_and_hidden_shapes_left_out() -> None:
    found = read(made(slide(shape("A", kind="title") + shape("gone", name='hidden="1"'), 'show="0"')))
    assert "gone" not in found.text
    assert found.warnings == ("slide 1 is hidden", "slide 1: hidden shapes were left out")


def test_what_the_master_puts_on_each_slide_is_left_out() -> None:
    furniture = "".join(shape(kind, kind=kind) for kind in ("dt", "ftr", "sldNum"))
    assert read(made(slide(shape("Title", kind="title") + furniture))).text == "Title"


def test_groups_alternatives_and_pictures_are_read_in_their_place() -> None:
    group = (
        '<p:grpSp><p:grpSpPr><a:xfrm><a:off x="0" y="2000000"/></a:xfrm></p:grpSpPr>'
        + shape("inner low", place=(0, 900_000))
        + shape("inner high", place=(0, 0))
        + "</p:grpSp>"
    )
    choice, fallback = shape("choice", place=(0, 4_000_000)), shape("no")
    branches = f"<mc:Choice>{choice}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback>"
    either = f"<mc:AlternateContent>{branches}</mc:AlternateContent>"
    picture = '<p:pic><p:nvPicPr><p:cNvPr descr="Our office"/></p:nvPicPr></p:pic>'
    text = read(made(slide(either + group + shape("Title", kind="title") + picture))).text
    assert text == "Title\n\ninner high\n\ninner low\n\n[picture: Our office]\n\nchoice"


def test_comments_name_who_said_what_when() -> None:
    said = '<cm authorId="0" dt="2024-05-06T07:00:00"><text>Really?</text></cm>'
    comments = f'<c>{said}<cm authorId="9"><text>Yes.</text></cm></c>'
    text = read(made(slide(shape("Title", kind="title")), comments=comments)).text
    assert text == "Title\n\n[comment by Ada, 2024-05-06] Really?\n\n[comment] Yes."


def test_what_is_no_show_is_refused_with_a_reason() -> None:
    for data, code in (
        (b"text", "file.damaged"),
        (OLE_MARK + b"\0" * 600, "file.password"),
        (zipped({"ppt/presentation.xml": '<!DOCTYPE l [<!ENTITY a "ha">]><p>&a;</p>'}), "file.bomb"),
        (made("<p:sp>" * 100_000), None),
    ):
        if code is None:
            assert read(data).warnings == ("its part slide1.xml is damaged and was left out",)
        else:
            with pytest.raises(FileFailure, match=re.escape(code)):
                read(data)


def test_time_grows_with_the_shapes_of_a_slide_alone() -> None:
    def work(size: int) -> None:
        shapes = "".join(shape(f"s{n}", place=(n % 7, n * 1000)) for n in range(size))
        assert read(made(slide(shapes))).text.count("s") == size

    assert_grows_linearly(work, size=4_800)


WHOLE = whole_show()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_damaged_copies_end_with_a_document_or_a_reason(seed: int) -> None:
    found = assert_read_or_refused(parse_pptx, damaged(WHOLE, seed), "a.pptx")
    assert found is None or found.parser == "pptx"


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_damaged_xml_in_a_sound_archive_ends_with_a_document_or_a_reason(seed: int) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            spoilt = name.startswith("ppt/slides/") or name == "ppt/presentation.xml"
            target.writestr(name, damaged(source.read(name), seed * 2) if spoilt else source.read(name))
    found = assert_read_or_refused(parse_pptx, stream.getvalue(), "a.pptx")
    assert found is None or found.parser == "pptx"

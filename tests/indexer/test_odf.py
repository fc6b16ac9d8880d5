"""OpenDocument files of all kinds: what they are, their slides, and what is refused."""

from __future__ import annotations

import re

import pytest
from damaged_files import assert_read_or_refused, damaged
from effort import assert_grows_linearly
from hostile_files import zipped
from hypothesis import given, settings
from hypothesis import strategies as st
from odf_files import content, flat, meta, packed

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import ODG, ODP, ODS, ODT, media_type_for
from studiolo_indexer.parsers.opendocument.odf import parse_odf
from studiolo_indexer.records import Document

P = "<text:p>{}</text:p>"
SAID = (
    "<dc:title>Handbook</dc:title><meta:initial-creator>Ada</meta:initial-creator><dc:creator>Bob</dc:creator>"
    "<meta:creation-date>2024-01-02T03:04:05</meta:creation-date>"
)


def read(data: bytes) -> Document:
    return parse_odf(data, "a.odt")


def frame(text: str, more: str = "", lines: str = "") -> str:
    return f"<draw:frame {more}><draw:text-box>{P.format(text)}{lines}</draw:text-box></draw:frame>"


def page(*shapes: str, more: str = "") -> str:
    return f"<draw:page {more}>{''.join(shapes)}</draw:page>"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.ott", ODT), ("a.fodt", ODT), ("a.otp", ODP), ("a.fodp", ODP), ("a.ots", ODS), ("a.fods", ODS), ("a.odg", ODG)],
)
def test_templates_and_flat_files_are_of_their_kind(name: str, media_type: str) -> None:
    assert media_type_for(name) == media_type


@pytest.mark.parametrize(
    "data", [packed("text", P.format("Body"), meta=meta(SAID)), flat("text", P.format("Body"), SAID)]
)
def test_packed_and_flat_files_say_the_same(data: bytes) -> None:
    found = read(data)
    assert (found.text, found.title, found.media_type) == ("Body", "Handbook", ODT)
    assert found.properties == (("author", "Ada"), ("created", "2024-01-02T03:04:05"))


def test_pictures_inside_a_flat_file_are_skipped_whatever_their_size() -> None:
    data = f"<office:binary-data>{'QUJD' * 4_000_000}</office:binary-data>"
    picture = f"<draw:frame><draw:image>{data}</draw:image></draw:frame>"
    assert read(flat("text", P.format("before" + picture))).text == "before"


def test_slides_are_parts_with_their_titles_notes_and_comments() -> None:
    spoken = frame("Say it slowly.", 'presentation:class="notes"')
    notes = f"<presentation:notes>{spoken}</presentation:notes>"
    said = "<dc:creator>Ada</dc:creator><dc:date>2024-05-06T07:00:00</dc:date>" + P.format("Really?")
    comment = f"<office:annotation>{said}</office:annotation>"
    first = page(
        frame("low", 'svg:x="1cm" svg:y="90mm"'),
        frame("right", 'svg:x="5in" svg:y="2cm"'),
        frame("left", 'svg:x="1cm" svg:y="2.1cm"'),
        frame("7", 'presentation:class="page-number"'),
        frame("Leave", 'presentation:class="title" svg:x="0cm" svg:y="12cm"'),
        comment,
        notes,
    )
    second = page(frame("a line", 'draw:transform="rotate (1.5) translate (1cm 1cm)"', P.format("and another")))
    found = read(packed("presentation", first + second))
    assert (found.pages, [part.label for part in found.parts], found.title) == (2, ["1", "2"], "Leave")
    assert found.text == (
        "Leave\n\nleft\n\nright\n\nlow\n\n[comment by Ada, 2024-05-06] Really?\n\nNotes:\nSay it slowly.\n\n"
        "Slide 2\n\na line\n\nand another"
    )


def test_a_single_line_on_top_is_the_title_of_a_slide_without_one() -> None:
    shapes = (frame("Body", 'svg:x="0cm" svg:y="5cm"'), frame("On top", 'svg:x="0cm" svg:y="1cm"'))
    found = read(packed("presentation", page(*shapes)))
    assert [found.text[h.start : h.end] for h in found.headings] == ["On top"]
    assert found.text == "On top\n\nBody"


def test_hidden_slides_are_named_and_groups_stand_in_their_place() -> None:
    style = (
        '<style:style style:name="dp1" style:family="drawing-page">'
        '<style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    group = "<draw:g>" + frame("in a group", 'svg:x="0cm" svg:y="1cm"', P.format("of two lines")) + "</draw:g>"
    shape = f'<draw:custom-shape svg:x="0cm" svg:y="6cm">{P.format("below")}</draw:custom-shape>'
    found = read(packed("drawing", page(shape, group, more='draw:style-name="dp1"'), style))
    assert found.text == "Slide 1\n\nin a group\n\nof two lines\n\nbelow"
    assert (found.title, found.warnings, found.media_type) == ("", ("slide 1 is hidden",), ODG)


def test_what_cannot_be_read_is_refused_with_a_reason() -> None:
    manifest: dict[str, bytes | str] = {"content.xml": b"\x01\x02", "META-INF/manifest.xml": "<m:encryption-data/>"}
    laughs = '<!DOCTYPE l [<!ENTITY a "ha">]><a>&a;</a>'
    for data, code in (
        (zipped(manifest), "file.password"),
        (zipped({"content.xml": laughs}), "file.bomb"),
        (laughs.encode(), "file.bomb"),
        (zipped({"content.xml": content("text", P.format("a" * 30_000_000))}), "file.bomb"),
        (zipped({"other.xml": "<a/>"}), "file.damaged"),
        (zipped({"content.xml": "<a/>"}), "file.damaged"),
        (b"text", "file.damaged"),
        (packed("text", "<text:section>" * 100_000), "file.damaged"),
    ):
        with pytest.raises(FileFailure, match=re.escape(code)):
            read(data)


def test_a_damaged_part_costs_only_itself() -> None:
    found = read(packed("text", P.format("Body"), meta="<broken", styles="<broken"))
    assert found.text == "Body"
    assert found.warnings == tuple(f"its part {name}.xml is damaged and was left out" for name in ("styles", "meta"))


def test_time_grows_with_the_document_alone() -> None:
    def work(size: int) -> None:
        assert read(packed("text", P.format("Sentence of many.") * size)).text.count("\n\n") == size - 1

    assert_grows_linearly(work, size=10_000)


CELL = f"<table:table-cell>{P.format('1')}</table:table-cell>"
TABLE = f'<table:table table:name="S"><table:table-row>{CELL}</table:table-row></table:table>'
FIXTURES = [
    packed("text", P.format("a") + TABLE),
    packed("presentation", page(frame("Leave", 'svg:x="1cm" svg:y="2cm"'))),
    packed("spreadsheet", TABLE),
    flat("text", P.format("Body"), SAID),
]


@settings(max_examples=80, deadline=None)
@given(data=st.sampled_from(FIXTURES), seed=st.integers(0, 10**9))
def test_damaged_copies_end_with_a_document_or_a_reason(data: bytes, seed: int) -> None:
    found = assert_read_or_refused(parse_odf, damaged(data, seed), "a.odt")
    assert found is None or found.parser == "odf"

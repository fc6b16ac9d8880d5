"""Paragraphs, tables, charts and diagrams of drawings."""

from __future__ import annotations

import pytest
from hostile_files import zipped
from lxml import etree

from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.drawingml import (
    comment_text,
    paragraphs,
    picture_text,
    write_chart,
    write_diagram,
    write_table,
)
from studiolo_indexer.parsers.office.opc import Package

A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
C = f'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" {A}'


def text_of(builder: TextBuilder) -> str:
    return builder.document(media_type="x", parser="x").text


def body(*inside: str) -> etree._Element:
    return etree.fromstring(f"<a:txBody {A}>{''.join(f'<a:p>{one}</a:p>' for one in inside)}</a:txBody>")


def run(text: str) -> str:
    return f"<a:r><a:t>{text}</a:t></a:r>"


def test_paragraphs_hold_breaks_and_numbers_and_no_slide_number() -> None:
    first, letter = (
        '<a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr>',
        '<a:pPr lvl="1"><a:buAutoNum type="alphaLcParenR"/></a:pPr>',
    )
    found = paragraphs(
        body(
            first + run("one"),
            letter + run("deep"),
            first + run("two"),
            run("a") + "<a:br/>" + run("b"),
            first + run("anew"),
            '<a:fld type="slidenum"><a:t>7</a:t></a:fld>',
            "",
        )
    )
    assert found == ["1. one", "a) deep", "2. two", "a\nb", "1. anew"]


def test_a_table_repeats_what_is_merged() -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<a:tc {more}><a:txBody><a:p>{run(text)}</a:p></a:txBody></a:tc>"

    rows = (
        cell("Group", 'rowSpan="2"') + cell("Plan", 'gridSpan="2"') + cell("", 'hMerge="1"'),
        cell("", 'vMerge="1"') + cell("old") + cell("new"),
        cell("A") + cell("1") + cell("2"),
    )
    builder = TextBuilder()
    write_table(builder, etree.fromstring(f"<a:tbl {A}>{''.join(f'<a:tr>{row}</a:tr>' for row in rows)}</a:tbl>"))
    assert text_of(builder) == "Group | Plan | Plan\nGroup | old | new\nA | 1 | 2"


def series(name: str, values: list[str]) -> str:
    def points(texts: list[str]) -> str:
        return "".join(f'<c:pt idx="{at}"><c:v>{text}</c:v></c:pt>' for at, text in enumerate(texts))

    categories = f"<c:cat>{points(['2023', '2024'])}</c:cat>"
    return f"<c:ser><c:tx>{points([name])}</c:tx>{categories}<c:val>{points(values)}</c:val></c:ser>"


def chart(*inside: str) -> Package:
    title = f"<c:title><a:p>{run('Sales')}</a:p></c:title>"
    plot = f"<c:plotArea><c:bar3DChart>{''.join(inside)}</c:bar3DChart></c:plotArea>"
    return Package(zipped({"c.xml": f"<c:chartSpace {C}>{title}{plot}</c:chartSpace>"}))


def test_a_chart_is_its_title_and_a_table_of_its_values() -> None:
    builder = TextBuilder()
    write_chart(builder, chart(series("North", ["4.2999999999999998", "5"]), series("South", ["1", "2"])), "c.xml")
    assert text_of(builder) == "Sales\n\nBar chart\n\n| North | South\n2023 | 4.3 | 1\n2024 | 5 | 2"


def test_a_chart_without_values_or_part_is_little_or_nothing() -> None:
    builder = TextBuilder()
    write_chart(builder, chart(), "c.xml")
    write_chart(builder, chart(), None)
    assert text_of(builder) == "Sales"


def test_many_series_are_bounded() -> None:
    builder = TextBuilder()
    write_chart(builder, chart(*[series("s", ["1", "2"])] * 4_000), "c.xml")
    assert len(text_of(builder)) < 500_000


def test_a_diagram_is_a_list_of_its_nodes() -> None:
    names = f'xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/diagram" {A}'
    points = "".join(
        f'<d:pt type="{kind}"><d:t><a:p>{run(text)}</a:p></d:t></d:pt>'
        for kind, text in (("node", "Ask"), ("pres", "no"), ("node", "Check"))
    )
    builder = TextBuilder()
    write_diagram(builder, Package(zipped({"d.xml": f"<d:dataModel {names}>{points}</d:dataModel>"})), "d.xml")
    assert text_of(builder) == "- Ask\n- Check"


@pytest.mark.parametrize("words", ["", "  ", "photo.JPG", "Picture 4", "A dog. Description automatically generated"])
def test_what_a_program_says_about_a_picture_is_left_out(words: str) -> None:
    assert picture_text(words) == ""


def test_comments_and_pictures_are_marked_as_such() -> None:
    assert picture_text("Our  office") == "[picture: Our office]"
    assert (
        comment_text(" Really?\n", author="Ada", when="2024-01-02T03:04", place="B3")
        == "[comment by Ada on B3, 2024-01-02] Really?"
    )
    assert comment_text("x", author="", when="yesterday") == "[comment] x"
    assert comment_text(" ", author="Ada", when="") == ""

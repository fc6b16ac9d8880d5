"""OpenDocument: which text no reader sees, by its styles; what counts as behind it."""

from __future__ import annotations

import pytest
from odf_files import NAMES, packed

from studiolo_indexer.parsers.opendocument.odf import parse_odf

FO = 'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'


def style(name: str, family: str, properties: str, more: str = "") -> str:
    return f'<style:style {FO} style:name="{name}" style:family="{family}" {more}>{properties}</style:style>'


def letters(more: str) -> str:
    return f"<style:text-properties {more}/>"


WHITE = letters('fo:color="#ffffff"')
STYLES = "".join(
    (
        style("White", "text", WHITE),
        style("Child", "text", "", 'style:parent-style-name="White"'),
        style("Loop", "text", "", 'style:parent-style-name="Loop"'),
        style("Secret", "text", letters('text:display="none"')),
        style("Heir", "text", "", 'style:parent-style-name="Secret"'),
        style("Black", "text", letters('fo:color="#000000"')),
        style("Usual", "text", letters('style:use-window-font-color="true"')),
        style("Marked", "text", letters('fo:color="#ffffff" fo:background-color="#000080"')),
        style("Dust", "text", letters('fo:font-size="1pt"')),
        style("Half", "text", letters('fo:font-size="50%"')),
        style("P", "paragraph", WHITE),
        style("Banner", "paragraph", '<style:paragraph-properties fo:background-color="#000080"/>' + WHITE),
        style("Clear", "paragraph", '<style:paragraph-properties fo:background-color="transparent"/>' + WHITE),
        style("Gone", "paragraph", letters('text:display="none"')),
        style("Dark", "table-cell", '<style:table-cell-properties fo:background-color="#203040"/>'),
        style("Cell", "table-cell", WHITE),
        style("Empty", "graphic", '<style:graphic-properties draw:fill="none"/>'),
        style("Paper", "graphic", '<style:graphic-properties draw:fill="solid" draw:fill-color="#ffffff"/>'),
        style("Blue", "graphic", '<style:graphic-properties draw:fill="solid" draw:fill-color="#000080"/>'),
        style("Night", "drawing-page", '<style:drawing-page-properties draw:fill="solid" draw:fill-color="#000"/>'),
    )
)
WHITE_ON_WHITE = ("text is white on white (1 passage)",)
SLIDE = ("slide 1: text is white on white (1 passage)",)


def warnings(body: str, kind: str = "text", **members: str) -> tuple[str, ...]:
    return parse_odf(packed(kind, body, STYLES, **members), "a.odt").warnings


def p(style: str = "", inside: str = "text") -> str:
    return f'<text:p text:style-name="{style}">{inside}</text:p>'


def span(style: str, inside: str = "text") -> str:
    return f'<text:span text:style-name="{style}">{inside}</text:span>'


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (p("P"), WHITE_ON_WHITE),
        (p("P", " "), ()),
        (p("P", span("Black")), ()),
        (p("P", span("Usual")), ()),
        (p("P", span("Black") + " and behind it"), WHITE_ON_WHITE),
        (p("Clear"), WHITE_ON_WHITE),
        (p("Banner"), ()),
        (p("", span("Child")), WHITE_ON_WHITE),
        (p("", span("Loop")), ()),
        (p("", span("Marked")), ()),
        (p("", span("Dust")), ("text has no size (1 passage)",)),
        (p("", span("Half")), ()),
        (p("", span("Secret")), ("hidden text was left out",)),
        (p("", '<text:hidden-text text:string-value="text"/>'), ("hidden text was left out",)),
        (p("", span("Heir")), ("text is set to be hidden (1 passage)",)),
        (p("", 'x<text:hidden-paragraph text:is-hidden="true"/>'), ("text is set to be hidden (1 passage)",)),
        (p("", "x<text:hidden-paragraph/>"), ()),
        (p("Gone"), ("text is set to be hidden (1 passage)",)),
        (f'<text:section text:display="none">{p()}</text:section>', ("text is set to be hidden (1 passage)",)),
        (f'<text:section text:display="true">{p()}</text:section>', ()),
    ],
)
def test_the_innermost_style_that_says_something_counts(body: str, named: tuple[str, ...]) -> None:
    assert warnings(body) == named


def test_a_dark_cell_shows_white_text_and_a_white_one_hides_it() -> None:
    def table(style: str) -> str:
        cell = f'<table:table-cell table:style-name="{style}">{p("P")}</table:table-cell>'
        row = f"<table:table-row>{cell}<table:table-cell>{p()}</table:table-cell></table:table-row>"
        return f"<table:table>{row}</table:table>"

    assert warnings(table("")) == WHITE_ON_WHITE
    assert warnings(table("Dark")) == ()


def test_the_style_of_a_column_counts_for_cells_without_one() -> None:
    columns = '<table:table-column/><table:table-column table:default-cell-style-name="Cell"/>'
    cells = f"<table:table-cell>{p()}</table:table-cell>" * 2
    dark = f'<table:table-cell/><table:table-cell table:style-name="Dark">{p("P")}</table:table-cell>'
    rows = f"<table:table-row>{cells}</table:table-row><table:table-row>{dark}</table:table-row>"
    body = f'<table:table table:name="S">{columns}{rows}</table:table>'
    assert warnings(body, "spreadsheet") == ("sheet 'S': text is white on white (1 passage)",)


@pytest.mark.parametrize(("fill", "named"), [("Paper", WHITE_ON_WHITE), ("Blue", ()), ("Empty", ()), ("", ())])
def test_a_text_box_in_a_text_is_white_only_where_it_says_so(fill: str, named: tuple[str, ...]) -> None:
    """Without a fill of its own it often lies on a dark picture, as on covers."""
    box = f'<draw:frame draw:style-name="{fill}"><draw:text-box>{p("P")}</draw:text-box></draw:frame>'
    assert warnings(p("", box)) == named


def slide(fill: str = "Empty", more: str = "", page: str = "") -> str:
    frame = f'<draw:frame draw:style-name="{fill}"><draw:text-box>{p("", span("White"))}</draw:text-box></draw:frame>'
    return f'<draw:page draw:style-name="{page}" draw:master-page-name="M">{frame}{more}</draw:page>'


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (slide(), SLIDE),
        (slide("Paper"), SLIDE),
        (slide("Blue"), ()),
        (slide(""), ()),
        (slide(page="Night"), ()),
        (slide("Paper", page="Night"), SLIDE),
        (slide(more='<draw:rect draw:style-name="Blue"/>'), ()),
        (slide(more='<draw:frame draw:style-name="Empty"><draw:image/></draw:frame>'), ()),
        (slide(more='<draw:line/><draw:rect draw:style-name="Paper"/>'), SLIDE),
    ],
)
def test_white_text_on_a_slide_is_named_where_nothing_dark_lies_on_it(body: str, named: tuple[str, ...]) -> None:
    assert warnings(body, "presentation") == named


@pytest.mark.parametrize(
    ("more", "inside", "named"),
    [
        ("", "", SLIDE),
        ('draw:style-name="Night"', "", ()),
        ("", "<draw:frame draw:style-name='Empty'><draw:image/></draw:frame>", ()),
        ("", "<draw:frame presentation:placeholder='true'/>", SLIDE),
    ],
)
def test_the_master_of_a_slide_lies_behind_it(more: str, inside: str, named: tuple[str, ...]) -> None:
    master = f'<style:master-page style:name="M" {more}>{inside}</style:master-page>'
    styles = f"<office:document-styles {NAMES}><office:automatic-styles>{STYLES}</office:automatic-styles>{master}"
    assert warnings(slide(), "presentation", styles=f"{styles}</office:document-styles>") == named


def test_pages_of_another_colour_show_white_text() -> None:
    paper = f'<style:page-layout-properties {FO} fo:background-color="#102030"/>'
    layout = f"<style:page-layout>{paper}</style:page-layout>"
    styles = f"<office:document-styles {NAMES}>{layout}</office:document-styles>"
    assert warnings(p("P"), styles=styles) == ()

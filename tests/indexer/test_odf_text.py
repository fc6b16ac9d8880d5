"""The flow of text in OpenDocument files."""

from __future__ import annotations

import pytest
from odf_files import content, packed

from studiolo_indexer.parsers.opendocument.odf import parse_odf
from studiolo_indexer.records import Document

STYLES = """
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="T2" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
<text:list-style style:name="L1">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/></text:list-style>
<text:outline-style style:name="O"><text:outline-level-style text:level="1" style:num-format="1"/></text:outline-style>
"""


def document(body: str, **members: str) -> Document:
    return parse_odf(packed("text", body, STYLES, **members), "a.odt")


def read(body: str) -> str:
    return document(body).text


def p(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def items(*texts: str, more: str = "") -> str:
    inside = "".join(f"<text:list-item>{text}</text:list-item>" for text in texts)
    return f'<text:list text:style-name="L1" {more}>{inside}</text:list>'


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}>{text if text.startswith('<') else p(text)}</table:table-cell>"


COVERED = "<table:covered-table-cell/>"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d", "a   b\tc\nd"),
        ("wrapped\n   in the    file", "wrapped in the file"),
        ("a <text:span>b <text:a>c</text:a></text:span> d", "a b c d"),
        ("<text:ruby><text:ruby-base>字</text:ruby-base><text:ruby-text>かな</text:ruby-text></text:ruby>", "字"),
        ('10<text:span text:style-name="T2">6</text:span> and H<text:span>2</text:span>O', "10^6 and H2O"),
        ("a<!-- never --><?pi never?>b", "ab"),
    ],
)
def test_a_paragraph_is_read_as_it_is_shown(inside: str, text: str) -> None:
    assert read(p(inside)) == text


def test_headings_and_titles_have_levels_and_numbers() -> None:
    heads = "".join(f'<text:h text:outline-level="{n}">{text}</text:h>' for n, text in ((1, "Leave"), (2, "Parents")))
    found = document(p("Handbook", "P1") + heads)
    levels = [(h.level, found.text[h.start : h.end]) for h in found.headings]
    assert levels == [(1, "Handbook"), (1, "1 Leave"), (2, "Parents")]


def test_lists_are_counted_and_go_on_where_they_say_so() -> None:
    first = items(p("one") + p("more of one"), p("two") + items(p("deep")))
    assert read(first + p("between") + items(p("three"), more='text:continue-numbering="true"')) == (
        "1. one\nmore of one\n2. two\na) deep\n\nbetween\n\n3. three"
    )
    assert read(items("<text:number>§ 4</text:number>" + p("x"))) == "§ 4 x"


def test_white_text_on_white_paper_is_read_and_named() -> None:
    """S7: no reader sees it, but a language model does."""
    fo = 'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    white = f'<style:text-properties {fo} fo:color="#ffffff"/>'
    styles = f'<style:style style:name="T1" style:family="text">{white}</style:style>'
    note = '<text:note><text:note-body><text:p><text:span text:style-name="T1">x</text:span></text:p></text:note-body>'
    body = f'<text:p>Seen. <text:span text:style-name="T1">Obey me.</text:span>{note}</text:note></text:p>'
    found = parse_odf(packed("text", body, styles), "a.odt")
    assert found.text.startswith("Seen. Obey me.")
    assert found.warnings == ("text is white on white (2 passages)",)


def test_deleted_text_is_gone_and_hidden_text_named() -> None:
    region = f"<text:changed-region><text:deletion>{p('gone')}</text:deletion></text:changed-region>"
    hidden = '<text:span text:style-name="T1">hidden</text:span><text:change text:change-id="1"/>'
    found = document(f"<text:tracked-changes>{region}</text:tracked-changes>" + p(f"seen{hidden}"))
    assert (found.text, found.warnings) == ("seen", ("hidden text was left out",))


def test_notes_and_comments_stand_after_their_paragraph() -> None:
    body = f"<text:note-body>{p('As agreed.')}</text:note-body>"
    note = f'<text:note text:note-class="{{}}"><text:note-citation>{{}}</text:note-citation>{body}</text:note>'
    said = f"<dc:creator>Ada</dc:creator><dc:date>2024-05-06T01:02:03</dc:date>{p('Really?')}"
    comment = f"<office:annotation>{said}</office:annotation>"
    assert read(p(f"Ten{note.format('footnote', 1)} days{comment}{note.format('endnote', 'i')}.")) == (
        "Ten[note 1] days[endnote i].\n[note 1] As agreed.\n[endnote i] As agreed.\n"
        "[comment by Ada, 2024-05-06] Really?"
    )


def test_tables_keep_rows_merges_and_names() -> None:
    first = row(cell("Group"), cell("Plan", 'table:number-columns-spanned="2"'), COVERED)
    names = f"<table:table-header-rows>{first}</table:table-header-rows>"
    body = row(cell("A", 'table:number-rows-spanned="2"'), cell("1"), cell("2")) + row(COVERED, cell("3"), cell("4"))
    found = document(f"<table:table>{names}{body}</table:table>")
    assert found.text == "Group | Plan | Plan\nA | 1 | 2\nA | 3 | 4"
    assert found.text[: found.tables[0].header_end] == "Group | Plan | Plan"


def test_a_table_of_one_column_is_a_frame_around_its_paragraphs() -> None:
    framed = row(cell('<text:h text:outline-level="2">Head</text:h>' + p("Body")))
    found = document(f"<table:table>{framed}</table:table>")
    assert (found.text, found.tables) == ("Head\n\nBody", ())


def test_repeated_cells_do_not_make_a_bomb() -> None:
    repeated = 'table:number-rows-repeated="999999999"'
    wide = cell("x" * 50, 'table:number-columns-repeated="999999999"') + cell("y")
    rows = f"<table:table-row {repeated}>{wide}</table:table-row>" * 3
    assert len(read(f"<table:table>{rows}</table:table>")) < 10_000_000


def test_boxes_pictures_formulas_and_charts_are_read_once() -> None:
    box = f"<draw:frame><draw:text-box>{p('In the box')}</draw:text-box><svg:desc>A map</svg:desc></draw:frame>"
    formula = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    chart = '<draw:frame><draw:object xlink:href="./Object 2"/></draw:frame>' * 2
    values = row(cell(""), cell("Sales")) + row(cell("2023"), cell("5"))
    title = f"<chart:title>{p('Growth')}</chart:title>"
    inside = f'<chart:chart chart:class="chart:bar">{title}<table:table>{values}</table:table></chart:chart>'
    notation = "<mi>x</mi><annotation>x^2</annotation>"
    members = {
        "Object 1/content": f'<math xmlns="http://www.w3.org/1998/Math/MathML">{notation}</math>',
        "Object 2/content": content("chart", inside),
    }
    assert document(p(f"Around{box}{formula}{chart}"), **members).text == (
        "Around\n\nIn the box\n\n[picture: A map]\n\nx^2\n\nGrowth\n\nBar chart\n\n| Sales\n2023 | 5"
    )


def test_sections_and_indexes_are_part_of_the_flow() -> None:
    index = f"<text:table-of-content><text:index-body>{p('Leave 3')}</text:index-body></text:table-of-content>"
    assert read(f"{index}<text:section>{p('inside')}</text:section>") == "Leave 3\n\ninside"


def test_deep_lists_and_frames_end() -> None:
    deep = "<text:list><text:list-item>" * 100 + p("deep") + "</text:list-item></text:list>" * 100
    boxes = "<text:p><draw:frame><draw:text-box>" * 70 + p("box") + "</draw:text-box></draw:frame></text:p>" * 70
    assert read(deep + boxes) == "- deep\n\nbox"

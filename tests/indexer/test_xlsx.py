"""XLSX: sheets as tables with values as people read them; sparse, hostile and damaged ones end well."""

from __future__ import annotations

import re

import pytest
from damaged_files import assert_read_or_refused, damaged
from effort import assert_grows_linearly, memory_peak_below
from hostile_files import zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.containers import OLE_MARK
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import media_type_for
from studiolo_indexer.parsers.spreadsheets.xlsx import parse_xlsx
from studiolo_indexer.records import Document

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRINGS = (
    f'<sst xmlns="{MAIN}"><si><t>Name</t></si><si><r><t>Pri</t></r><r><t>ce</t></r><rPh><t>no</t></rPh></si>'
    "<si><t>two_x000A_lines</t></si></sst>"
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="0.0%"/></numFmts><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


def made(sheet: str, *more_sheets: str, state: str = "", relations: str = "", **members: str) -> bytes:
    """Make a workbook of the rows of its sheets; `relations` are those of the first one."""
    sheets = [sheet, *more_sheets]
    listed = "".join(f'<sheet name="Sheet {n}" sheetId="{n}" r:id="r{n}" {state}/>' for n in range(1, len(sheets) + 1))
    related = "".join(
        f'<Relationship Id="r{n}" Type="{REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    fixed = "".join(
        f'<Relationship Id="{n}" Type="{REL}/{n}" Target="{n}.xml"/>' for n in ("sharedStrings", "styles", "person")
    )
    files: dict[str, bytes | str] = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{related}{fixed}</Relationships>",
        "xl/worksheets/_rels/sheet1.xml.rels": f"<Relationships>{relations}</Relationships>",
        "xl/sharedStrings.xml": STRINGS,
        "xl/styles.xml": STYLES,
    }
    for n, rows in enumerate(sheets, start=1):
        data, _, rest = rows.partition("<!--rest-->")
        files[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData>{rest}</worksheet>'
        )
    return zipped(files | {f"xl/{name}.xml": content for name, content in members.items()})


def read(data: bytes) -> Document:
    return parse_xlsx(data, "a.xlsx")


def cell(value: str, more: str = "", *, at: str = "") -> str:
    place = f'r="{at}" ' if at else ""
    return f"<c {place}{more}><v>{value}</v></c>"


def row(*cells: str, at: int = 0) -> str:
    place = f'r="{at}"' if at else ""
    return f"<row {place}>{''.join(cells)}</row>"


NAME, PRICE, LINES = (cell(str(n), 't="s"') for n in range(3))
WHOLE = made(
    row(cell("0", 't="s"', at="B2"), PRICE, '<c t="inlineStr"><is><t>Since</t></is></c>', at=2)
    + row(cell("Basic", 't="str"', at="B3"), cell("3.0000000000000004"), cell("45292", 's="1"'), at=3)
    + row(cell("7"), cell("1", 't="b"'), cell("0.19", 's="2"'), cell("#N/A", 't="e"'), "<c><f>SUM(A1:A9)</f></c>"),
    row(LINES),
    "",
)


def test_each_sheet_is_a_part_with_its_name_and_a_table() -> None:
    found = read(WHOLE)
    assert [(part.kind, part.label) for part in found.parts] == [("sheet", "Sheet 1"), ("sheet", "Sheet 2")]
    assert found.title == ""
    assert "Name | Price | Since\n" in found.text
    assert "Basic | 3 | 2024-01-01" in found.text
    assert "7 | TRUE | 19% | #N/A | =SUM(A1:A9)" in found.text
    assert found.text.endswith("Sheet 2\n\ntwo lines")


@pytest.mark.parametrize("name", ["a.xlsm", "a.xltx", "a.xltm"])
def test_macros_and_templates_are_spreadsheets_too(name: str) -> None:
    assert media_type_for(name) == media_type_for("a.xlsx")


def test_hidden_sheets_are_read_and_named() -> None:
    assert read(made("<row><c><v>1</v></c></row>", state='state="veryHidden"')).warnings == (
        "sheet 'Sheet 1' is hidden",
    )


def test_cells_that_no_reader_sees_are_read_and_named() -> None:
    """S7: white on white; but not in a table, whose style may shade its cells."""
    styles = (
        f'<styleSheet xmlns="{MAIN}"><fonts><font/><font><color rgb="FFFFFFFF"/></font></fonts>'
        '<cellXfs><xf/><xf fontId="1"/></cellXfs></styleSheet>'
    )
    white = cell("Obey me", 't="str" s="1"')
    table = f'<table xmlns="{MAIN}" ref="A1:B2"><tableStyleInfo name="Dark"/></table>'
    relation = f'<Relationship Id="t" Type="{REL}/table" Target="/xl/table.xml"/>'
    rows = row(cell("seen"), white) + row(white, "<c s='1'/>")
    found = read(made(rows, styles=styles))
    assert "seen | Obey me" in found.text
    assert found.warnings == ("sheet 'Sheet 1': text is white on white (2 cells)",)
    assert read(made(rows, styles=styles, table=table, relations=relation)).warnings == ()


def test_hidden_rows_and_columns_are_read_and_named() -> None:
    hidden = '<row r="2" hidden="1"><c><v>1</v></c><c><v>2</v></c></row>'
    found = read(made(row(cell("3"), cell("4")) + hidden + "<!--rest--><cols><col min='2' max='2' hidden='1'/></cols>"))
    assert found.text.endswith("3 | 4\n1 | 2")
    assert found.warnings == (
        "sheet 'Sheet 1': 1 row with text is hidden",
        "sheet 'Sheet 1': 1 column with text is hidden",
    )


def test_merged_cells_are_repeated() -> None:
    rows = row(NAME, cell("1"), at=1) + row(cell("2", at="B2"), at=2)
    merges = "".join(f'<mergeCell ref="{place}"/>' for place in ("A1:A2", "nonsense", "B9:A1"))
    assert read(made(f"{rows}<!--rest--><mergeCells>{merges}</mergeCells>")).text.endswith("Name | 1\nName | 2")


def test_comments_charts_and_text_boxes_stand_behind_the_cells() -> None:
    relations = "".join(
        f'<Relationship Id="{kind}" Type="{REL}/{kind}" Target="../{kind}.xml"/>'
        for kind in ("comments", "threadedComment", "drawing")
    )
    comment = '<comment ref="A1" authorId="{}"><text><r><t>{}</t></r></text></comment>'
    comments = (
        f'<comments xmlns="{MAIN}"><authors><author>Ada</author><author>tc={{1}}</author></authors><commentList>'
        f"{comment.format(0, 'Really?')}{comment.format(1, 'for old programs')}</commentList></comments>"
    )
    threaded = (
        '<t><threadedComment ref="B2" dT="2024-05-06T07:08:09" personId="{9}"><text>Yes.</text></threadedComment></t>'
    )
    drawing = (
        '<x:wsDr xmlns:x="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<x:sp><x:nvSpPr><x:cNvPr descr="A map"/></x:nvSpPr>'
        "<x:txBody><a:p><a:r><a:t>In a box</a:t></a:r></a:p></x:txBody></x:sp></x:wsDr>"
    )
    people = '<p><person id="{9}" displayName="Bob"/></p>'
    data = made("", relations=relations, comments=comments, threadedComment=threaded, drawing=drawing, person=people)
    assert read(data).text == (
        "Sheet 1\n\nIn a box\n\n[picture: A map]\n\n"
        "[comment by Ada on A1] Really?\n\n[comment by Bob on B2, 2024-05-06] Yes."
    )


def test_two_cells_in_the_far_corners_cost_nothing() -> None:
    data = made(row(cell("1", at="A1"), at=1) + row(cell("2", at="XFD1048576"), at=1_048_576))
    with memory_peak_below(2**20):
        assert read(data).text == "Sheet 1\n\n1\n\n2"


def test_places_beyond_the_sheet_are_no_cells() -> None:
    rows = row(cell("1", at="A1"), at=99_999_999) + row(cell("2", at="ZZZZ3"), cell("3", at="A3"), at=3)
    assert read(made(rows)).text.endswith("\n\n3")


def test_a_long_text_that_thousands_of_cells_share_is_no_bomb() -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t>{"a" * 30_000}</t></si></sst>'
    found = read(made(row(*[NAME] * 100) * 100, sharedStrings=strings))
    assert len(found.text) < 31_000_000
    assert found.warnings == ("sheet 'Sheet 1': what follows row 10 was left out, it is too much",)


def test_a_damaged_sheet_gives_what_stood_before_the_damage() -> None:
    found = read(made("<row><c><v>1</v></c></row><row><c><v>2</c></row>"))
    assert found.text == "Sheet 1\n\n1"
    assert found.warnings == ("sheet 'Sheet 1' is damaged; what follows the damage was left out",)


def test_what_is_no_workbook_is_refused_with_a_reason() -> None:
    entity = '<!DOCTYPE l [<!ENTITY a "ha">]>'
    for data, code in (
        (b"text", "file.damaged"),
        (WHOLE[:-30], "file.damaged"),
        (OLE_MARK + b"\0" * 600, "file.password"),
        (made("", sharedStrings=f"{entity}<sst>&a;</sst>"), "file.bomb"),
        (zipped({"xl/workbook.xml": f"{entity}<a>&a;</a>"}), "file.bomb"),
    ):
        with pytest.raises(FileFailure, match=re.escape(code)):
            read(data)
    assert read(made("<row>" * 100_000)).text == ""


def test_time_grows_with_the_cells_alone() -> None:
    def work(size: int) -> None:
        rows = "".join(row(NAME, cell(str(n)), cell("45292", 's="1"'), at=n) for n in range(1, size + 1))
        assert read(made(rows)).text.count("2024-01-01") == size

    assert_grows_linearly(work, size=8_000)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_damaged_copies_end_with_a_document_or_a_reason(seed: int) -> None:
    found = assert_read_or_refused(parse_xlsx, damaged(WHOLE, seed), "a.xlsx")
    assert found is None or found.parser == "xlsx"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_damaged_xml_in_a_sound_archive_ends_with_a_document_or_a_reason(seed: int) -> None:
    merges = '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    rows = row(cell("0", 't="s" s="2"', at="A1"), at=1) + f"<!--rest-->{merges}"
    spoilt = damaged(rows.encode(), seed * 2).decode("latin-1")
    found = assert_read_or_refused(parse_xlsx, made(spoilt), "a.xlsx")
    assert found is None or found.parser == "xlsx"

"""DOCX: text in order, as accepted, with all that hangs on it; no bomb; and whatever is damaged ends with a reason."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from damaged_files import assert_read_or_refused, damaged
from docx.enum.style import WD_STYLE_TYPE
from docx_files import BLACK_FILL, SPACES, WHITE, cell, made, paragraph, run, table
from effort import assert_grows_linearly
from hostile_files import zipped
from hypothesis import example, given, settings
from hypothesis import strategies as st

from studiolo_indexer.containers import OLE_MARK
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import media_type_for
from studiolo_indexer.parsers.office.docx import parse_docx


def read(body: str, **parts: str) -> str:
    return parse_docx(made(body, **parts), "a.docx").text


def code_of(data: bytes) -> str:
    with pytest.raises(FileFailure) as caught:
        parse_docx(data, "a.docx")
    return caught.value.code


def whole_document() -> bytes:
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author = "Handbook", "Ada"
    own = document.styles.add_style("Clause", WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = document.styles["Heading 2"]
    document.add_heading("Leave", level=1)
    document.add_paragraph("Ten days.")
    document.add_paragraph("Parents", style="Clause")
    document.add_paragraph("first", style="List Bullet")
    document.add_paragraph("second", style="List Bullet")
    written = document.add_table(rows=2, cols=2)
    for at, text in enumerate(("Plan", "Price", "Basic", "10 euros")):
        written.rows[at // 2].cells[at % 2].text = text
    document.add_paragraph("After the table.")
    document.sections[0].header.paragraphs[0].text = "Confidential"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_document_of_a_word_processor_is_read_in_order() -> None:
    found = parse_docx(whole_document(), "a.docx")
    assert found.title == "Handbook"
    assert ("author", "Ada") in found.properties
    assert [(h.level, found.text[h.start : h.end]) for h in found.headings] == [(1, "Leave"), (2, "Parents")]
    assert "- first\n- second\n\nPlan | Price\nBasic | 10 euros\n\nAfter the table." in found.text
    assert [found.text[t.start : t.header_end] for t in found.tables] == ["Plan | Price"]
    assert found.text.endswith("Confidential")


@pytest.mark.parametrize("name", ["a.docm", "a.dotx", "a.dotm"])
def test_macros_and_templates_are_documents_too(name: str) -> None:
    assert media_type_for(name) == media_type_for("a.docx")


def test_strict_files_and_parts_with_other_names_are_read() -> None:
    strict = "http://purl.oclc.org/ooxml"
    package = (
        f'<Relationship Id="a" Type="{strict}/officeDocument/relationships/officeDocument" Target="/word/doc2.xml"/>'
    )
    body = paragraph("Some text").replace("w:", "x:")
    document = f'<x:document xmlns:x="{strict}/wordprocessingml/main"><x:body>{body}</x:body></x:document>'
    data = zipped({"_rels/.rels": f"<Relationships>{package}</Relationships>", "word\\doc2.xml": document})
    assert parse_docx(data, "a.docx").text == "Some text"


def test_tracked_changes_are_read_as_accepted() -> None:
    body = (
        "<w:p><w:r><w:t>The limit is </w:t></w:r><w:del><w:r><w:delText>five</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>ten</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom>"
        "<w:r><w:t> days.</w:t></w:r></w:p>"
    )
    dropped = "<w:tr><w:trPr><w:del/></w:trPr>" + cell("no") + cell("no") + "</w:tr>"
    rows = table(cell("a") + cell("b"), cell("c") + cell("d") + cell("e", "<w:cellDel/>"))
    assert read(body + rows.replace("</w:tbl>", f"{dropped}</w:tbl>")) == "The limit is ten days.\n\na | b\nc | d"


def test_notes_stand_after_the_paragraph_that_marks_them() -> None:
    body = (
        f'<w:p>{run("Ten days")}<w:r><w:footnoteReference w:id="7"/></w:r></w:p>'
        f'<w:p>{run("Five days")}<w:r><w:endnoteReference w:id="3"/></w:r></w:p>'
    )
    footnotes = f'<w:footnote w:id="7">{paragraph("As agreed.")}</w:footnote>'
    endnotes = f'<w:endnote w:id="3">{paragraph("At the end.")}</w:endnote>'
    expected = "Ten days[note 1]\n[note 1] As agreed.\n\nFive days[endnote 1]\n[endnote 1] At the end."
    assert read(body, footnotes=footnotes, endnotes=endnotes) == expected


def test_comments_name_who_said_what_even_in_a_table() -> None:
    comments = "".join(
        f'<w:comment w:id="{n}" w:author="{who}" w:date="2024-05-06T10:00:00Z">{paragraph(text)}</w:comment>'
        for n, who, text in ((1, "Ada", "Really?"), (2, "", "Yes."), (3, "Bob", "Loose."))
    )
    mark = '<w:r><w:commentReference w:id="{}"/></w:r>'
    marked = cell("x").replace("</w:p>", mark.format(2) + "</w:p>")
    body = f"<w:p>{run('Ten days.')}{mark.format(1)}</w:p>" + table(marked + cell("y"))
    text = read(body, comments=comments)
    assert text == (
        "Ten days.\n[comment by Ada, 2024-05-06] Really?\n\nx | y\n[comment, 2024-05-06] Yes.\n"
        "[comment by Bob, 2024-05-06] Loose."
    )


def test_a_text_box_is_read_once_and_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('In the box')}{table(cell('a') + cell('b'))}</w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    body = f"<w:p>{run('Around')}<w:r>{both}</w:r>{run(' it')}</w:p>"
    assert read(body) == "Around it\n\nIn the box\n\na | b"
    only_fallback = f"<mc:AlternateContent><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert "In the box" in read(f"<w:p><w:r>{only_fallback}</w:r></w:p>")


def test_content_controls_hold_paragraphs_rows_cells_and_runs() -> None:
    def control(inside: str) -> str:
        return f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"

    rows = "<w:tbl>" + control(f"<w:tr>{cell('a')}{control(cell('b'))}</w:tr>") + "</w:tbl>"
    body = control(paragraph("Block")) + f"<w:p>{run('In ')}{control(run('line'))}</w:p>" + rows
    assert read(body) == "Block\n\nIn line\n\na | b"


def test_fields_show_their_results_and_never_their_instructions() -> None:
    def char(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    inner = (
        char("begin")
        + "<w:r><w:instrText>MERGEFIELD x</w:instrText></w:r>"
        + char("separate")
        + run("nope")
        + char("end")
    )
    outer = (
        char("begin")
        + "<w:r><w:instrText>IF </w:instrText></w:r>"
        + inner
        + char("separate")
        + run("yes")
        + char("end")
    )
    simple = f'<w:fldSimple w:instr="DATE">{run("today")}</w:fldSimple>'
    unfinished = f"<w:p>{char('begin')}{run('lost')}</w:p>" + paragraph("found")
    assert read(f"<w:p>{run('A ')}{outer}{run(' ')}{simple}</w:p>{unfinished}") == "A yes today\n\nfound"


def test_nested_and_merged_tables_keep_their_rows() -> None:
    inside = table(cell("1") + cell("2"), cell("3") + cell("4"))
    nesting = f"<w:tc>{paragraph('Sizes:')}{inside}</w:tc>"
    rows = table(
        "<w:trPr><w:tblHeader/></w:trPr>"
        + cell("Group", '<w:vMerge w:val="restart"/>')
        + cell("Plan", '<w:gridSpan w:val="2"/>'),
        "<w:trPr><w:tblHeader/></w:trPr>" + cell("", "<w:vMerge/>") + cell("old") + cell("new"),
        cell("A") + nesting + cell("x"),
    )
    found = parse_docx(made(rows), "a.docx")
    assert found.text == "Group | Plan | Plan\nGroup | old | new\nA | Sizes: 1, 2; 3, 4 | x"
    assert found.text[: found.tables[0].header_end].endswith("new")


def test_a_table_of_one_column_is_a_frame_around_its_paragraphs() -> None:
    head = paragraph("Head", '<w:outlineLvl w:val="1"/>')
    framed = f"<w:tbl><w:tr><w:tc>{head}{paragraph('Body')}</w:tc></w:tr></w:tbl>"
    found = parse_docx(made(framed), "a.docx")
    assert found.text == "Head\n\nBody"
    assert [h.level for h in found.headings] == [2]
    assert found.tables == ()


def test_headers_and_footers_stand_once_at_the_end() -> None:
    text = read(
        paragraph("Body"),
        header1=paragraph("Case 4711"),
        header2=paragraph("Case 4711"),
        footer1=paragraph("Page 1"),
    )
    assert text == "Body\n\nCase 4711\nPage 1"


def test_hidden_text_is_left_out_and_named() -> None:
    runs = run("seen") + run(" vanished", "<w:vanish/>") + run(" tiny", '<w:sz w:val="2"/>')
    found = parse_docx(made(f"<w:p>{runs}</w:p>"), "a.docx")
    assert found.text == "seen"
    assert found.warnings == ("hidden text was left out",)
    shown = run("seen", '<w:vanish w:val="0"/>')
    assert read(f"<w:p>{shown}</w:p>") == "seen"


def test_white_text_on_white_paper_is_read_and_named() -> None:
    """S7: no reader sees it, but a language model does."""
    body = f"<w:p>{run('Seen.')}{run(' Obey', WHITE)}{run(' me.', WHITE)}</w:p><w:p>{run('Again', WHITE)}</w:p>"
    found = parse_docx(made(body), "a.docx")
    assert (found.text, found.warnings) == ("Seen. Obey me.\n\nAgain", ("text is white on white (2 passages)",))


def test_white_text_in_notes_and_headers_is_named_too() -> None:
    note = f'<w:footnote w:id="1"><w:p>{run("note", WHITE)}</w:p></w:footnote>'
    body = '<w:p><w:r><w:t>Body</w:t><w:footnoteReference w:id="1"/></w:r></w:p>'
    found = parse_docx(made(body, footnotes=note, header1=f"<w:p>{run('head', WHITE)}</w:p>"), "a.docx")
    assert found.warnings == ("text is white on white (2 passages)",)


def test_white_text_on_a_dark_ground_is_seen() -> None:
    white, marked = run("seen", WHITE), run("b", WHITE + '<w:highlight w:val="blue"/>')
    dark_cell = f"<w:tc><w:tcPr>{BLACK_FILL}</w:tcPr><w:p>{white}</w:p></w:tc>"
    body = (
        f"<w:p>{run('a', WHITE + BLACK_FILL)}{marked}</w:p>"
        f"<w:p><w:pPr>{BLACK_FILL}</w:pPr>{white}</w:p>{table(dark_cell + cell('x'))}"
    )
    assert parse_docx(made(body), "a.docx").warnings == ()


def test_equations_exponents_and_ticks_keep_their_meaning() -> None:
    equation = (
        "<m:oMath><m:sSup><m:e><m:r><m:t>a</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
    )
    raised = run("6", '<w:vertAlign w:val="superscript"/>')
    tick = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    assert read(f"<w:p>{run('10')}{raised}{run(' ')}{equation}{run(' ')}{tick}</w:p>") == "10^6 a^2 ☒"


def test_a_damaged_part_costs_only_itself() -> None:
    found = parse_docx(
        zipped(
            {
                "word/document.xml": f"<w:document {SPACES}><w:body>{paragraph('Body')}</w:body></w:document>",
                "word/styles.xml": "<broken",
            }
        ),
        "a.docx",
    )
    assert found.text == "Body"
    assert found.warnings == ("its part styles.xml is damaged and was left out",)


def test_what_is_no_document_is_damaged_or_protected() -> None:
    assert code_of(b"this is no archive") == "file.damaged"
    assert code_of(made(paragraph("x"))[:-40]) == "file.damaged"
    assert code_of(OLE_MARK + b"\0" * 600) == "file.password"
    assert code_of(zipped({"other.xml": "<a/>"})) == "file.damaged"


def test_bombs_are_refused_before_they_unfold() -> None:
    """S5: billion laughs, external entities, a part that unpacks a thousandfold, too many members."""
    laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    xxe = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for doctype in (laughs, xxe):
        assert code_of(zipped({"word/document.xml": f"{doctype}<w:document {SPACES}>&a;</w:document>"})) == "file.bomb"
    assert code_of(made(paragraph("a" * 30_000_000))) == "file.bomb"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for n in range(10_001):
            archive.writestr(f"{n}", "")
    assert code_of(stream.getvalue()) == "file.bomb"


def test_deep_nesting_in_the_xml_ends() -> None:
    assert code_of(made("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000)) == "file.damaged"
    tables = "<w:tbl><w:tr><w:tc>" * 80 + paragraph("deep") + "</w:tc></w:tr></w:tbl>" * 80
    assert read(tables) == "deep"


def test_a_note_that_is_marked_a_thousand_times_is_written_once() -> None:
    body = '<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>' * 1000
    text = read(body, footnotes=f'<w:footnote w:id="1">{paragraph("long " * 1000)}</w:footnote>')
    assert text.count("long") == 1000


def test_time_grows_with_the_document_alone() -> None:
    def work(size: int) -> None:
        body = "".join(f"<w:p>{run(f'Sentence {n} of many.')}</w:p>" for n in range(size))
        assert parse_docx(made(body), "a.docx").text.count("\n\n") == size - 1

    assert_grows_linearly(work, size=5_000)


FIXTURES = [
    whole_document(),
    made(
        table(cell("a", '<w:gridSpan w:val="3"/>') + cell("b"), cell("c", "<w:vMerge/>") + cell("d")),
        footnotes=f'<w:footnote w:id="1">{paragraph("n")}</w:footnote>',
        comments=f'<w:comment w:id="1">{paragraph("c")}</w:comment>',
    ),
]


@settings(max_examples=60, deadline=None)
@given(which=st.sampled_from(range(len(FIXTURES))), seed=st.integers(0, 10**9))
@example(which=0, seed=1)
def test_damaged_copies_end_with_a_document_or_a_reason(which: int, seed: int) -> None:
    found = assert_read_or_refused(parse_docx, damaged(FIXTURES[which], seed), "a.docx")
    assert found is None or found.parser == "docx"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_damaged_xml_in_a_sound_archive_ends_with_a_document_or_a_reason(seed: int) -> None:
    body = table(cell("a", '<w:gridSpan w:val="3"/>') + cell("b")) + paragraph("x", '<w:outlineLvl w:val="2"/>')
    spoilt = damaged(f"<w:document {SPACES}><w:body>{body}</w:body></w:document>".encode(), seed * 2)
    found = assert_read_or_refused(parse_docx, zipped({"word/document.xml": spoilt}), "a.docx")
    assert found is None or found.parser == "docx"

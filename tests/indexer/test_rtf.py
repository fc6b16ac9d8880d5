"""RTF: text as it is shown, in any code page, with notes and tables; in linear time, whatever it is."""

from __future__ import annotations

import pytest
from damaged_files import assert_read_or_refused, damaged
from effort import assert_grows_linearly
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.office.rtf import parse_rtf
from studiolo_indexer.records import Document

HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fcharset204{\*\panose 02}Cyr;}"
    rb"{\f2\fcharset2 Symbol;}{\f3\fcharset128 Gothic;}}{\colortbl;\red0;}"
    rb"{\stylesheet{\ql Normal;}{\s1\outlinelevel0 heading 1;}{\s2\b heading 2;}{\*\cs10 Default Paragraph Font;}}"
)


def document(body: bytes) -> Document:
    return parse_rtf(HEAD + body + b"}", "a.rtf")


def read(body: bytes) -> str:
    return document(body).text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"\pard Plain {\b bold} text\par", "Plain bold text"),
        (rb"one\par two\line three\par", "one\n\ntwo\nthree"),
        (rb"caf\'e9 costs 3 \'80", "café costs 3 €"),
        (rb"{\f1\'cf\'f0\'e8} {\f3\'93\'fa\'96\'7b}", "При 日本"),
        (rb"{\f3\'83A}", "ア"),
        (rb"\u8364?5 {\uc2\u8364\'80\'80}6 \u-10179?\u-8704?", "€5 €6 😀"),
        (rb"\uc1\u8217\rquote s", "’s"),
        (rb"a\~b\_c\{d\}\\e\emdash f", "a\u00a0b-c{d}\\e—f"),
        (rb"{\field{\*\fldinst{HYPERLINK http://x}}{\fldrslt link}}", "link"),
        (rb"{\*\unknown not shown}{\*\cs10 shown}", "shown"),
        (rb"{\pict\wmetafile8 0102030405}{\*\shppict{\pict 00}}after", "after"),
        (rb"a\bin5 {{{{{b", "ab"),
        (rb"{\upr{plain}{\*\ud{unicode}}}", "unicode"),
        (rb"seen{\deleted\revauthdel1 gone}", "seen"),
    ],
)  # fmt: skip
def test_text_is_read_as_it_is_shown(body: bytes, text: str) -> None:
    assert read(body) == text


def test_another_code_page_counts_where_no_font_says_one() -> None:
    assert parse_rtf(rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0}", "a.rtf").text == "Пр"
    assert parse_rtf(rb"{\rtf1\mac \'8e}", "a.rtf").text == "é"
    assert parse_rtf(rb"{\rtf1\ansicpg99999 \'e9}", "a.rtf").text == "é"


def test_the_file_says_its_title_author_and_dates() -> None:
    info = (
        rb"{\info{\title Hand{\b book}}{\author Ada L\'f6v}{\operator Bob}{\creatim\yr2024\mo3\dy5\hr9}{\doccomm no}}"
    )
    found = document(info + b"Body")
    assert (found.text, found.title) == ("Body", "Handbook")
    assert found.properties == (("author", "Ada Löv"), ("created", "2024-03-05"))


def test_headings_come_from_styles_and_outline_levels() -> None:
    found = document(
        rb"\pard\s1 Leave\par\pard Ten\par\pard\s2 Parents\par\pard\outlinelevel2 Deep\par\pard\outlinelevel9 x\par"
    )
    assert [(h.level, found.text[h.start : h.end]) for h in found.headings] == [
        (1, "Leave"),
        (2, "Parents"),
        (3, "Deep"),
    ]


def test_items_of_lists_show_their_labels() -> None:
    body = rb"{\pntext\f2\'b7\tab}one\par{\listtext\pard 2.\tab}two\par\pard Body\par"
    assert read(body) == "- one\n2. two\n\nBody"


def test_tables_keep_rows_and_what_is_inside_a_cell() -> None:
    body = (
        rb"before\par\trowd\cellx1\cellx2\pard\intbl Plan\cell Price\cell\row"
        rb"\trowd\cellx1\cellx2\pard\intbl Basic\par of all\cell 10\cell\row\pard after\par"
    )
    found = document(body)
    assert found.text == "before\n\nPlan | Price\nBasic of all | 10\n\nafter"
    assert found.text[found.tables[0].start : found.tables[0].header_end] == "Plan | Price"


def test_notes_comments_and_boxes_stand_after_their_paragraph_and_margins_at_the_end() -> None:
    body = (
        rb"{\header Case 4711\par}Ten{\footnote\pard{\super\chftn} As agreed.} days"
        rb"{\*\atnid A}{\*\atnauthor Bob}\chatn{\*\annotation{\*\atndate 1}Really?}\par"
        rb"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt In a box\par}}{\shprslt again}}more\par{\headerf Case 4711\par}"
    )
    assert (
        read(body) == "Ten[note 1] days\n[note 1] As agreed.\n[comment by Bob] Really?\n\nmore\nIn a box\n\nCase 4711"
    )


def test_white_text_on_white_paper_is_read_and_named() -> None:
    """S7: no reader sees it, but a language model does."""
    colours = rb"{\colortbl;\red255\green255\blue255;\red0\green0\blue128;}"
    head = HEAD.replace(rb"{\colortbl;\red0;}", colours)
    found = parse_rtf(head + rb"seen {\cf1 Obey} {\cf1 me}\par {\cf2 blue}\par {\cf1\highlight2 seen}}", "a.rtf")
    assert found.text == "seen Obey me\n\nblue\n\nseen"
    assert found.warnings == ("text is white on white (1 passage)",)
    box = rb"{\shp{\*\shpinst{\shptxt {\cf1 boxed}}}}"
    assert parse_rtf(head + box + b"}", "a.rtf").warnings == ()


def test_hidden_text_is_left_out_and_named() -> None:
    found = document(rb"seen{\v hidden}{\fs2 tiny}{\v0 too}")
    assert (found.text, found.warnings) == ("seentoo", ("hidden text was left out",))


def test_a_file_that_is_cut_short_gives_what_is_there() -> None:
    assert parse_rtf(rb"{\rtf1 Body {\b and", "a.rtf").text == "Body and"
    assert parse_rtf(b"{\\rtf1 Body\\", "a.rtf").text == "Body"
    assert parse_rtf(rb"{\rtf1 Body} behind it", "a.rtf").text == "Body"


@pytest.mark.parametrize("data", [b"", b"text", rb"{\pwi", b"{\\rtf1" + b"{" * 100_000])
def test_what_is_no_rtf_or_nested_absurdly_is_damaged(data: bytes) -> None:
    with pytest.raises(FileFailure, match=r"file\.damaged"):
        parse_rtf(data, "a.rtf")


@pytest.mark.parametrize(
    "piece",
    [
        rb"{\field{\*\fldinst{ HYPERLINK x }}",
        b"word ",
        rb"\par ",
        rb"\'e9",
        rb"\u8364?",
        rb"{\footnote x}",
        b"\0",
        rb"x\cell\row ",
    ],
)
def test_no_repetition_takes_more_than_linear_time(piece: bytes) -> None:
    assert_grows_linearly(
        lambda n: assert_read_or_refused(parse_rtf, HEAD + piece * n, "a.rtf"), size=150_000 // len(piece)
    )


def test_a_line_of_thirty_megabytes_is_read() -> None:
    assert len(read(b"word " * 6_000_000)) == 29_999_999


WHOLE = HEAD + rb"\pard\s1 Leave\par{\footnote x}\trowd\intbl a\cell\row{\info{\title T}}\u8364?{\v h}\bin2 ab\par}"


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_damaged_copies_end_with_a_document_or_a_reason(seed: int) -> None:
    found = assert_read_or_refused(parse_rtf, damaged(WHOLE, seed), "a.rtf")
    assert found is None or found.parser == "rtf"


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                b"{",
                b"}",
                b"\\",
                b"\\*",
                rb"\par ",
                rb"\cell ",
                rb"\row ",
                rb"\footnote ",
                rb"\uc99 ",
                rb"\u-1 ",
                b"a",
                rb"\'ff",
                rb"\bin99 ",
            ]
        )
    )
)
def test_any_mixture_of_words_ends_with_a_document_or_a_reason(words: list[bytes]) -> None:
    found = assert_read_or_refused(parse_rtf, HEAD + b"".join(words), "a.rtf")
    assert found is None or found.parser == "rtf"

"""A page's text: lines joined to paragraphs, words mended, every letter with its way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.parsers.pdf.page_columns import is_prose, is_wordy
from studiolo_indexer.parsers.pdf.pdf_text import (
    HYPHEN_MARK,
    NO_ORIGIN,
    Line,
    Note,
    arrange,
    assemble,
    cleaned,
    mend_hyphens,
    origins,
    without,
)

SIZE = 10.0
LETTER = 5.0


def set_page(*rows: str | tuple[str, dict[str, float]]) -> tuple[str, list[Line]]:
    """Set rows one below the other, a letter 5 points wide; a row may say `left`, `step`, `size`, `letter`."""
    raw, lines, base = "", [], 0.0
    for row in rows:
        text, how = row if isinstance(row, tuple) else (row, {})
        base += how.get("step", 12.0)
        size = how.get("size", SIZE)
        left = how.get("left", 50.0)
        right = left + how.get("letter", LETTER) * size / SIZE * len(text)
        lines.append(
            Line(
                start=len(raw),
                end=len(raw) + len(text),
                text=text,
                left=left,
                top=base - size,
                right=right,
                bottom=base + 2,
                base=base,
                size=size,
                wordy=is_wordy(text),
                prose=is_prose(text),
            )
        )
        raw += text if text.endswith(HYPHEN_MARK) else text + "\r\n"
    return raw, lines


def text_of(*rows: str | tuple[str, dict[str, float]]) -> str:
    raw, lines = set_page(*rows)
    runs = arrange(lines)
    mend_hyphens([(raw, runs)])
    return assemble(raw, runs, ())[0]


def test_the_lines_of_a_paragraph_are_joined_and_its_last_one_ends_it() -> None:
    assert (
        text_of(
            "The first line of a paragraph that fills the measure and then",
            "goes on over the next line until the sentence has come to its",
            "end here.",
            "A new sentence that begins a line of its own and fills that too",
        )
        == "The first line of a paragraph that fills the measure and then goes on over the next line until the "
        "sentence has come to its end here.\nA new sentence that begins a line of its own and fills that too"
    )


def test_a_wider_step_and_another_size_begin_a_paragraph() -> None:
    assert (
        text_of(
            ("A Heading of the Page", {"size": 16.0}),
            "This line of text is as long as a line can be on this page",
            "and so it is the next one, of which all the words are here",
            "as well as these.",
            ("And after a wider step there is another paragraph of text,", {"step": 20.0}),
        )
        == "A Heading of the Page\n\nThis line of text is as long as a line can be on this page and so it is the next "
        "one, of which all the words are here as well as these.\n\nAnd after a wider step there is another paragraph "
        "of text,"
    )


def test_an_indented_line_begins_a_paragraph() -> None:
    text = text_of(
        "This line of text is as long as a line can be on this page",
        "but this one is not.",
        ("With the indent of a book the next paragraph begins right", {"left": 60.0}),
        "below, and all of its other lines stand at the left margin",
    )
    assert "is not.\n\nWith the indent" in text


def test_items_of_a_list_and_rows_of_a_table_keep_their_lines() -> None:
    rows = (
        "• Keep all of the receipts together with the travel report",
        "• Send both of them to the office before the month is over",
        ("Cost of sales and other operating income, net 1,234 5,678", {"letter": 7.0}),
        ("Total cost of sales and other operating expenses 9,876 54", {"letter": 7.0}),
    )
    assert text_of(*rows).split("\n") == [row if isinstance(row, str) else row[0] for row in rows]


def test_chinese_lines_are_joined_without_a_space_and_korean_ones_with_it() -> None:
    chinese = "合同的通知期限为三个月自书面通知送达之日起计算"
    assert text_of(chinese, chinese) == chinese + chinese
    korean = "계약의 통지 기간은 서면 통지가 도달한 날부터 삼 개월로"
    assert text_of(korean, korean) == f"{korean} {korean}"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["The depart" + HYPHEN_MARK, "ment is open."], "department"),
        (["Its long" + HYPHEN_MARK, "term plan is a long plan for a term."], "long-term"),
        (["A cost" + HYPHEN_MARK, "sharing and another cost-sharing scheme, costs of sharing."], "cost-sharing"),
        (["A co" + HYPHEN_MARK, "operation is what a cooperation was."], "cooperation"),
        (["A non" + HYPHEN_MARK, "GAAP measure."], "non-GAAP"),
        (["Rule 13a" + HYPHEN_MARK, "15 applies."], "13a-15"),
        (["An out-of" + HYPHEN_MARK, "pocket cost."], "out-of-pocket"),
        (["Die ALLGE" + HYPHEN_MARK, "MEINEN Regeln."], "ALLGEMEINEN"),
        (["An e\ufb03" + HYPHEN_MARK, "cient way."], "efficient"),
    ],
)
def test_a_broken_word_is_joined_and_a_compound_keeps_its_hyphen(rows: list[str], expected: str) -> None:
    assert expected in text_of(*rows)


def test_a_plain_hyphen_at_the_end_of_a_full_line_is_treated_alike() -> None:
    text = text_of(
        "This line of text is as long as a line can be on this depart-",
        "ment page, and in the years from 2019 up to the present, 2019-",
        "2020 was the one that is",
    )
    assert "this department page" in text
    assert "2019-2020 was" in text


def test_what_no_text_should_hold_is_cleaned_away() -> None:
    assert cleaned("a\x01b\x00c\ud800d") == "a b c\ufffdd"
    assert cleaned("\ufb01nd the e\ufb03cient \uf0b7 way\xad") == "find the efficient • way"


def test_notes_stand_behind_the_text() -> None:
    raw, lines = set_page("Words of the page.")
    notes = (Note("Comment (Ada): why?", (0, 0, 1, 1)), Note("Name: Ada", (0, 0, 1, 1)))
    runs = arrange(lines, notes)
    text, spans = assemble(raw, runs, notes)
    assert text == "Words of the page.\n\nComment (Ada): why?\nName: Ada"
    assert [text[s:e] for s, e in spans] == ["Words of the page.", "Comment (Ada): why?", "Name: Ada"]
    assert set(origins(raw, runs, notes)[text.index("Name") :]) == {-3}


def test_a_line_that_is_left_out_leaves_no_gap_behind() -> None:
    raw, lines = set_page("Head", "First line.", ("Second line.", {"step": 30.0}), "Foot")
    runs = without(arrange(lines), {0, 3})
    assert assemble(raw, runs, ())[0] == "First line.\n\nSecond line."
    assert without(arrange(lines), {0, 1, 2, 3}) == []


ROWS = st.lists(
    st.tuples(
        st.text(st.sampled_from("ab -1.\ufb01\xad\x02\U0001d465字ا\ufffe"), min_size=1, max_size=30),
        st.fixed_dictionaries(
            {},
            optional={
                "left": st.floats(0, 300),
                "step": st.floats(-40, 40),
                "size": st.floats(0.1, 30),
                "letter": st.floats(0, 30),
            },
        ),
    ),
    max_size=12,
)


@given(rows=ROWS, dropped=st.sets(st.integers(0, 11)))
def test_every_letter_of_the_text_leads_back_to_its_origin(
    rows: list[tuple[str, dict[str, float]]], dropped: set[int]
) -> None:
    raw, lines = set_page(*rows)
    runs = without(arrange(lines), dropped)
    mend_hyphens([(raw, runs)])
    text, spans = assemble(raw, runs, ())
    back = origins(raw, runs, ())
    assert len(back) == len(text)
    for char, origin in zip(text, back, strict=True):
        assert char in cleaned(raw[origin]) if origin != NO_ORIGIN else char in " \n"
    assert [text[start:end] for start, end in spans] == [cleaned(raw[run.start : run.end]) for run in runs]
    kept = [line for number, line in enumerate(lines)]
    assert {run.line for run in runs} <= set(kept)
    used = [origin for origin in back if origin != NO_ORIGIN]
    assert len({i for run in runs for i in range(run.start, run.end)}) == sum(run.end - run.start for run in runs)
    assert len(used) >= len(set(used))


def test_a_line_of_many_megabytes_is_read_at_once() -> None:
    """S19: nothing is tried again and again from each letter of a long word."""
    raw, lines = set_page("a" * 1_000_000 + HYPHEN_MARK, "b" * 500_000, "-" * 500_000, "a-" * 250_000)
    runs = arrange(lines)
    mend_hyphens([(raw, runs)])
    assert len(assemble(raw, runs, ())[0]) >= 2_499_999

"""An answer that lacks its style's form is told so in plain sentences."""

from __future__ import annotations

import pytest

from studiolo.formats import format_problems
from studiolo.styles import Style, Styles

TABLE, LETTER, SHORT = (Styles().get(name) for name in ("table", "letter", "short"))
GOOD_TABLE = "| What | How much |\n| --- | --- |\n| Leave | ten days [1] |"
GOOD_LETTER = "Dear Ms. Albers,\n\nTen days may be carried over [1].\n\nKind regards,\nAnna"
MEMO = Style("memo", required=("Decision", "Deadline"))


@pytest.mark.parametrize(
    ("style", "text"),
    [
        (SHORT, "Ten days [1]."),
        (TABLE, GOOD_TABLE),
        (TABLE, f"Here is the table:\n{GOOD_TABLE}"),
        (LETTER, GOOD_LETTER),
        (LETTER, f"Subject: Leave\n{GOOD_LETTER}"),
        (Style("b", form="bullets"), "Leave:\n- Ten days.\n2. In writing."),
        (MEMO, "## Decision\nTen days.\n**Deadline:** not stated"),
        (
            Style("m", form="bullets", required=("Decision", "Deadline")),
            "- Decision: ten days.\n2. Deadline: not stated",
        ),
        (Style("t", form="table", required=("what", "How much")), GOOD_TABLE),
        (Style("p", line_pattern="*: *"), "Leave: ten days\nLunch: 4.80"),
        (Style("l", form="letter", line_pattern="Ten *"), GOOD_LETTER.replace("\nAnna", "")),
        (Style("w", max_words=3), "Ten days [1]."),
    ],
)
def test_an_answer_in_its_form_lacks_nothing(style: Style, text: str) -> None:
    assert format_problems(text, 1, style) == ()


@pytest.mark.parametrize(
    ("style", "text", "problem"),
    [
        (TABLE, "Ten days [1].", "It is no table with a header, a line of dashes and a row."),
        (TABLE, f"{GOOD_TABLE}\n| Lunch |\n", "The rows of the table have different numbers of cells."),
        (TABLE, f"Leave is granted.\n{GOOD_TABLE}", "There is text outside the table."),
        (LETTER, "Ten days.\n\nKind regards", "The letter has no salutation like “Dear Sir or Madam,”."),
        (LETTER, "Dear Ms. Albers,\n\nTen days.", "The letter has no closing like “Yours faithfully,”."),
        (Style("b", form="bullets"), "Ten days.", "It is no list: no line begins with “- ”."),
        (Style("b", form="bullets"), "- Ten days.\nIn writing.", "There is text outside the list."),
        (MEMO, "Decision: ten days.\nDeadlines differ.", "No line begins with “Deadline”."),
        (Style("t", form="table", required=("Price",)), GOOD_TABLE, "The table has no column “Price”."),
        (Style("t", form="table", max_sentences=1), f"{GOOD_TABLE}\n| a | b |", "It has 2 rows; the style allows 1."),
        (Style("p", line_pattern="*: *"), "Leave ten\nLunch: 4", "1 line does not look like “*: *”."),
        (Style("w", max_words=3), "Ten days may lapse [1].", "It has 4 words; the style allows 3."),
    ],
)
def test_what_is_missing_is_said(style: Style, text: str, problem: str) -> None:
    assert format_problems(text, 1, style) == (problem,)


def test_too_many_sentences_are_counted_as_they_were_judged() -> None:
    assert format_problems("A. B.", 2, SHORT) == ("It has 2 sentences; the style allows 1.",)

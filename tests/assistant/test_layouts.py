"""What of an answer is a claim is judged; a frame is short, and nothing is smuggled through it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo.citations import CitedSentence
from studiolo.layouts import cells_of, compose, is_frame, is_rule, lay_out, letter_ends, take_apart
from studiolo.sentences import Span
from studiolo.styles import BUILTIN, Style, Styles
from studiolo.support import Support

TABLE, LETTER = (Styles().get(name) for name in ("table", "letter"))
BULLETS = Style("bullets", form="bullets")
MEMO = Style("memo", required=("Decision", "Deadline"))


def judge(sentence: str, number: int) -> Support:
    return Support(0.9 if number == 1 else 0.1, Span(0, 1))


def claims(answer: str, style: Style) -> list[str]:
    return [piece.claim for piece in take_apart(answer, style) if piece.claim]


LETTERS = st.text(st.sampled_from("ab1 .|-#:*[]\n`,"), max_size=60)


@given(LETTERS, st.sampled_from([*BUILTIN, BULLETS, MEMO]))
def test_every_claim_is_judged_and_shown_once(answer: str, style: Style) -> None:
    text, layout, sentences, _ = compose(answer, style, 2, judge)
    shown = [piece.sentence for piece in layout if piece.sentence is not None]
    assert shown == list(range(len(sentences)))
    assert len(sentences) == len(claims(answer, style))
    assert "[2]" not in text


def test_sentences_of_a_list_carry_their_marks() -> None:
    text, _, sentences, quotes = compose("- Ten days [1]. Days beyond lapse.\n- In writing [9].", BULLETS, 2, judge)
    assert text == "- Ten days [1]. Days beyond lapse [1].\n- In writing [1]."
    assert [s.text for s in sentences] == ["Ten days.", "Days beyond lapse.", "In writing."]
    assert sentences[2].invented == (9,)
    assert [q.number for q in quotes] == [1]


def test_a_day_at_the_beginning_of_a_sentence_is_no_number_of_a_list() -> None:
    """“1. Juli 2022” became “Juli 2022”: another date, with its source beside it."""
    day = CitedSentence("1. Juli 2022 ist der Beginn.", (1,), 1.0, "supported")
    text, _ = lay_out([day], BULLETS, lambda number: ("a.txt", ""), quoted=True)
    assert text == "- 1. Juli 2022 ist der Beginn [1]."
    assert claims("14. März 2023 war der Tag.", BULLETS) == ["14. März 2023 war der Tag."]
    assert claims("- 14. März 2023 war der Tag.", BULLETS) == ["14. März 2023 war der Tag."]
    assert claims("1. Ten days.", BULLETS) == ["Ten days."]


def test_a_cell_is_judged_together_with_the_first_of_its_row() -> None:
    table = "```\n| What | How much |\n|---|:--:|\n| Leave [1] | Ten days |\n| Lunch | 4.80 euros [1] |\n```"
    assert claims(table, TABLE) == ["Leave: Ten days[1]", "Lunch: 4.80 euros [1]"]
    text, _, _, _ = compose(table, TABLE, 2, judge)
    assert text == "| What | How much |\n|---|:--:|\n| Leave | Ten days [1] |\n| Lunch | 4.80 euros [1] |"


@pytest.mark.parametrize(
    "table",
    [
        "| The landlord pays for all repairs of the flat | Yes |\n|---|---|\n| Leave | Ten days |",
        "| Repairs | The landlord pays. |\n|---|---|\n| Leave | Ten days |",
        "| What | Who |\n|---|---|\n| Leave | Ten days |\n|---|---|\n| Repairs | The landlord pays |\n|---|---|",
    ],
)
def test_a_header_claims_nothing_only_where_it_is_the_first_row_and_short(table: str) -> None:
    """A line of dashes behind a row took it from the judge, whatever it said."""
    assert len(claims(table, TABLE)) == 2
    text, _, _, _ = compose(table, TABLE, 2, judge)
    assert text.replace(" [1]", "") == table


def test_a_column_of_sources_holds_the_marks_of_its_rows() -> None:
    table = "| What | How much | Source |\n|---|---|---|\n| Leave | Ten days | [1] |"
    text, _, sentences, _ = compose(table, TABLE, 2, judge)
    assert text.endswith("| Leave | Ten days | [1] |")
    assert [(s.text, s.citations) for s in sentences] == [("Leave: Ten days", (1,))]


def test_a_table_of_one_column_is_judged_too() -> None:
    assert claims("| Rule |\n|---|\n| Leave lapses [1] |", TABLE) == ["Leave lapses [1]"]


def test_salutation_closing_and_signature_claim_nothing() -> None:
    letter = (
        "Subject: Your leave\n\nDear Ms. Albers,\n\nTen days may be carried over [1].\n\n"
        "Yours faithfully,\nAnna Berg\nHuman Resources"
    )
    assert claims(letter, LETTER) == ["Ten days may be carried over [1]."]
    text, _, _, _ = compose(letter, LETTER, 2, judge)
    assert text == letter


@pytest.mark.parametrize(
    "smuggled",
    [
        "Dear Ms. Albers, you may take twenty days of leave each year.",
        "Dear Ms. Albers, 20 days are yours,",
        "Yours faithfully, and all leave may be paid out whenever you like",
        "Ten days.\n\nYours faithfully,\nLeave is paid out.",
        "Ten days.\n\nYours faithfully,\nP.S. 20 days",
        "# You get 20 days",
        "# Leave may be paid out now",
        "Leave may be paid out:",
        "Leave: 20 days",
        "All unused leave of the year before may be paid out at any time:",
    ],
)
def test_a_claim_in_a_frame_s_place_is_judged(smuggled: str) -> None:
    assert smuggled.splitlines()[-1][-20:] in " ".join(claims(smuggled, LETTER))


@pytest.mark.parametrize("line", ["## Summary", "**Decision**", "Deadline: not stated.", "Here is what they say:"])
def test_headings_introductions_and_what_is_not_stated_claim_nothing(line: str) -> None:
    assert is_frame(line, MEMO)
    assert claims(line, MEMO) == []


def test_the_program_lays_judged_sentences_out() -> None:
    sentences = [
        CitedSentence("- Ten | twelve days.", (1, 2), 1.0, "supported"),
        CitedSentence("In writing.", (), 0.1, "unsupported"),
    ]
    places = {1: ("leave.pdf", "3"), 2: ("old.pdf", "3")}
    shown = {
        style.name: lay_out(sentences, style, places.__getitem__, quoted=True)[0]
        for style in (BULLETS, TABLE, LETTER, MEMO)
    }
    assert shown["bullets"] == "- Ten | twelve days [1][2].\n- In writing."
    assert shown["table"].splitlines() == [
        "| Quote | Document | Page |",
        "| --- | --- | --- |",
        "| - Ten \\| twelve days [1][2]. | leave.pdf, old.pdf | 3 |",
        "| In writing. |  |  |",
    ]
    assert shown["letter"].startswith("Dear Sir or Madam,\n\n")
    assert shown["letter"].endswith("In writing.\n\nYours faithfully,")
    assert lay_out(sentences, TABLE, places.__getitem__, quoted=False)[0].startswith("| Answer |")


def test_rows_and_rules_are_told_apart() -> None:
    assert cells_of(r"| a \| b | c |") == [r"a \| b", "c"]
    assert is_rule("| --- | :-: |")
    assert not is_rule("- Ten days")
    assert not is_rule("---")


def test_a_letter_s_ends_are_found_or_not() -> None:
    assert letter_ends(["Dear Sir or Madam,", "", "Ten days.", "Kind regards"], LETTER) == (0, 3)
    assert letter_ends(["Ten days.", "Dear Ms. Albers,"], LETTER) == (-1, -1)
    assert letter_ends(["Hochverehrte,", "x.", "Servus"], Style("v", salutation="Hochverehrte", closing="Servus!")) == (
        0,
        2,
    )

"""An answer is compared with what is expected as SQuAD does it, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo.evaluation.answer_texts import match_text, share_held


@pytest.mark.parametrize(
    ("answer", "expected", "exact", "f1"),
    [
        ("The ten days.", ["ten days"], 1.0, 1.0),
        ("ten days", ["nothing", "Ten days!"], 1.0, 1.0),
        ("up to ten days", ["ten days"], 0.0, 2 * 0.5 / 1.5),
        ("1,200 euros", ["1200 euros"], 1.0, 1.0),
        ("2.5 days", ["25 days"], 0.0, 0.5),
        ("", ["ten days"], 0.0, 0.0),
        ("十天", ["十天。"], 1.0, 1.0),
        ("十五天", ["十天"], 0.0, 0.8),
        ("Straße", ["STRASSE"], 1.0, 1.0),
    ],
)
def test_exact_match_and_f1(answer: str, expected: list[str], exact: float, f1: float) -> None:
    found = match_text(answer, expected)
    assert (found.exact, found.f1) == pytest.approx((exact, f1))


def test_recall_ignores_what_else_is_said_and_a_missing_number_is_noticed() -> None:
    long = match_text("As the handbook says, employees may carry over ten days of unused leave.", ["10 days of leave"])
    assert (long.recall, long.has_numbers) == (1.0, True)
    wrong = match_text("Employees may carry over some days of unused leave.", ["10 days of leave"])
    assert wrong.recall == pytest.approx(2 / 3)
    assert not wrong.has_numbers


def test_a_source_says_what_its_words_hold() -> None:
    assert share_held("Unused leave lapses.", ["leave lapses", "something else"]) == 1.0
    assert share_held("The canteen opens.", ["leave lapses"]) == 0.0
    assert share_held("The canteen opens.", []) == 0.0


def test_without_an_expected_answer_there_is_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="expected"):
        match_text("ten", [])


@given(answer=st.text(max_size=60), expected=st.lists(st.text(max_size=60), min_size=1, max_size=3))
def test_values_are_shares_and_the_same_text_matches_itself(answer: str, expected: list[str]) -> None:
    found = match_text(answer, expected)
    assert 0.0 <= found.exact <= found.f1 <= 1.0 + 1e-12
    assert 0.0 <= found.recall <= 1.0
    assert match_text(expected[0], expected).exact == 1.0

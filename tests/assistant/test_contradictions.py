"""Two sentences contradict each other in one thing, and agree in all others."""

from __future__ import annotations

import pytest

from studiolo.contradictions import Difference, Statement, difference


def compared(first: str, second: str, *, cosine: float = 0.9, versions: bool = False, who: bool = False) -> object:
    found = difference(Statement(first), Statement(second), cosine=cosine, are_versions=versions, asks_who=who)
    return None if found is None else (found.first, found.second)


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        ("The rent is 900 euros a month.", "The rent is 950 € a month.", ("900 euros", "950 €")),
        ("The lease ends on 31 March 2025.", "The lease ends on 30 June 2025.", ("31 March 2025", "30 June 2025")),
        ("Dogs are allowed in the house.", "Dogs are not allowed in the house.", ("allowed", "not allowed")),
        ("Heating is included in the rent.", "Heating is excluded from the rent.", ("included", "excluded")),
        ("The team meets on Mondays.", "The team meets on Fridays.", ("Mondays", "Fridays")),
        ("The tenant is Anna Albers.", "The tenant is Jonas Brandt.", ("Anna Albers", "Jonas Brandt")),
        ("Das Zimmer hat 20 Plätze.", "Das Zimmer hat 24 Plätze.", ("20 Plätze", "24 Plätze")),
    ],
)
def test_what_differs_is_named_in_both_sentences(first: str, second: str, values: tuple[str, str]) -> None:
    assert compared(first, second) == values
    assert compared(second, first) == values[::-1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The notice is two weeks for all.", "The notice is 14 days for all."),
        ("Dogs are not allowed in the house.", "Dogs are forbidden in the house."),
        ("Pay no later than 30 days after delivery.", "Pay within 30 days after delivery."),
        ("Employees have 25 days of leave.", "Part-time employees have 12 days of leave."),
        ("In 1990 the club had 120 members.", "In 2005 the club had 340 members."),
        ("Leave is at least 20 days long.", "Leave is up to 30 days long."),
        ("The plan pays 80 % of the costs.", "The plan pays $80 of the costs."),
        ("The form stands on page 3 of the annex.", "The form stands on page 9 of the annex."),
        ("The policy was revised on 3 May 2021.", "The policy was revised on 9 May 2023."),
        ("In-network visits cost $30 each.", "Out-of-network visits cost $75 each."),
        ("Is the rent 900 euros a month?", "Is the rent 950 euros a month?"),
        ("Trains leave at 9:00 and 10:00.", "Trains leave at 9:00."),
    ],
)
def test_what_may_both_be_true_is_no_contradiction(first: str, second: str) -> None:
    statements = Statement(first), Statement(second)
    assert not all(s.is_comparable for s in statements) or compared(first, second) is None
    assert not all(s.is_comparable for s in statements) or compared(second, first) is None


def test_versions_may_differ_in_a_word_besides() -> None:
    old, new = "Staff may carry over 5 days of unused leave.", "Staff may carry over 10 days of leave taken late."
    assert compared(old, new) is None
    assert compared("Unused leave lapses after 3 months.", "Remaining leave lapses after 6 months.") is None
    assert compared("Unused leave lapses after 3 months.", "Remaining leave lapses after 6 months.", versions=True) == (
        "3 months",
        "6 months",
    )


def test_one_capital_is_a_name_only_where_a_name_is_asked_for() -> None:
    assert compared("The keys are with Anna today.", "The keys are with Jonas today.") is None
    assert compared("The keys are with Anna today.", "The keys are with Jonas today.", who=True) == ("Anna", "Jonas")


def test_sentences_that_are_far_apart_are_not_compared() -> None:
    assert compared("The rent is 900 euros a month.", "The rent is 950 euros a month.", cosine=0.3) is None


def test_a_difference_is_made_of_slices() -> None:
    first, second = "Dogs are never allowed inside.", "Dogs are allowed inside."
    found = difference(Statement(first), Statement(second), cosine=0.95, are_versions=False)
    assert isinstance(found, Difference)
    assert found.first in first
    assert found.second in second

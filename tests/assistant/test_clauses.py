"""Taking an English sentence apart."""

from __future__ import annotations

import pytest

from studiolo.drafting.clauses import Clause, clause_of


def parts(flat: str, around: str = "") -> Clause:
    found = clause_of(flat, around)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("flat", "question"),
    [
        ("The lease ends in May.", "does the lease end"),
        ("Employees must file a claim.", "must employees"),
        ("Apple had three vendors.", "did Apple have"),
        ("Cash used in financing activities decreased by half.", "did cash used in financing activities decrease"),
        ("Cash provided by operations increased.", "did cash provided by operations increase"),
        ("The plan only covers surgery.", "does the plan cover"),
        ("The retained earnings are large.", "are the retained earnings"),
        ("We have organized three segments.", "have we"),
        ("During 2022, sales grew fast.", "did sales grow during 2022"),
        ("As of October 1, 2022, we had cash.", "did we have as of October 1, 2022"),
    ],
)
def test_helper_and_subject_change_places(flat: str, question: str) -> None:
    assert parts(flat).inverted() == question


@pytest.mark.parametrize(
    "flat",
    [
        "Try to get some sleep.",
        "Ensure your prompt includes a number.",
        "There is a list of doctors.",
        "Based on this, sales grew.",
        "Members are not covered by it.",
        "Operating costs of the plants in the north of the country and in the south, mostly.",
        "Deposit and rent.",
    ],
)
def test_a_sentence_that_does_not_fit_is_left_alone(flat: str) -> None:
    assert clause_of(flat) is None


def test_a_name_at_the_beginning_keeps_its_capital_and_a_word_does_not() -> None:
    assert parts("Microsoft is large.").subject == "Microsoft"
    assert parts("Services and Mac are sold.").subject == "Services and Mac"
    assert parts("Siemens paid rent.", around="It lets from Siemens. Siemens paid rent.").subject == "Siemens"
    assert parts("Premiums are due.").subject == "premiums"
    assert parts("A copayment is due.").subject == "a copayment"
    assert parts("Rent is due.", around="The rent is low. Rent is due.").subject == "rent"


def test_the_rest_is_what_follows_the_verb() -> None:
    found = parts("The fee is generally paid in May.")
    assert (found.rest, found.flat[found.rest_at :]) == ("paid in May", "paid in May.")
    assert (found.is_copula, found.is_modal) == (True, False)

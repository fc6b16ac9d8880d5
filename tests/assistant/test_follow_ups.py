"""Which question is taken for a follow-up, and what is looked for then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo.follow_ups import MOST_EARLIER, Resolved, resolve
from studiolo.sentences import terms

LEAVE = "How many days of unused leave may be carried over under the 2026 policy?"
URLAUB = "Wie viele Urlaubstage dürfen in das nächste Jahr übertragen werden?"
EXAMPLES = Path(__file__).parents[2] / "examples" / "questions.jsonl"


def words(question: str, *earlier: str) -> str:
    return resolve(question, earlier).words


@pytest.mark.parametrize(
    ("before", "fragment", "whole"),
    [
        ("What lapses under the 2026 policy?", "And under the 2024 policy?", "What lapses under the 2024 policy?"),
        ("What is the notice after probation?", "And during probation?", "What is the notice during probation?"),
        ("What does a hotel in London cost?", "What about in Zurich?", "What does a hotel in Zurich cost?"),
        ("What does a hotel in London cost?", "elsewhere?", "What does a hotel in London cost elsewhere?"),
        ("What does error E-17 mean?", "What about E-30?", "What does error E-30 mean?"),
        ("What is the rate since firmware 3.2?", "And in firmware 3.1?", "What is the rate since firmware 3.1?"),
        ("How long does the DS-40 last?", "And the Guardian Kit?", "How long does the Guardian Kit last?"),
        (
            "What are the tasks of the Chief Executive Officer (CEO) at Contoso?",
            "And of the Chief Financial Officer?",
            "What are the tasks of the Chief Financial Officer at Contoso?",
        ),
        (
            "What does Northwind Health Plus cover at Contoso?",
            "And under Northwind Standard?",
            "What does Northwind Standard cover at Contoso?",
        ),
        (
            "What does Health Plus cover for mastectomy and breast reconstruction?",
            "And for TMJ disorders?",
            "What does Health Plus cover for TMJ disorders?",
        ),
        ("What does a lunch cost?", "And for guests?", "What does a lunch cost for guests?"),
        ("What does a lunch cost?", "Part-time staff too?", "What does a lunch cost: Part-time staff?"),
        ("How does leave accrue?", "Since when?", "How does leave accrue since when?"),
        ("How does leave accrue?", "in Germany", "How does leave accrue in Germany?"),
        ("How does leave accrue?", "Why?", "How does leave accrue why?"),
        ("How does leave accrue?", "And?", "How does leave accrue?"),
        (URLAUB, "Und im Jahr 2024?", "Wie viele Urlaubstage dürfen im Jahr 2024 übertragen werden?"),
        (URLAUB, "Wie sieht es mit Praktikanten aus?", f"{URLAUB[:-1]}: Praktikanten?"),
        ("Was kostet ein Hotel in London?", "Und in Zürich?", "Was kostet ein Hotel in Zürich?"),
    ],
)  # fmt: skip
def test_a_fragment_takes_its_place_in_the_question_before(before: str, fragment: str, whole: str) -> None:
    assert resolve(fragment, [before]) == Resolved(whole, (0,))


@pytest.mark.parametrize(
    "question",
    [
        "By when must they be taken?",
        "Can that be extended?",
        "Who approves it?",
        "Does the same apply to interns?",
        "What happens if it is denied?",
        "When will I get a response to it?",
        "What else is covered?",
        "What is the deadline?",
        "Who is responsible?",
        "Is there a discount?",
        "What was it before?",
        "When was it approved by the management?",
        "Which of these lapse?",
        "Tell me more",
    ],
)
def test_a_clause_that_points_back_keeps_its_words_and_gets_the_topic(question: str) -> None:
    found = resolve(question, [LEAVE])
    assert found.words.startswith(question.rstrip("?"))
    assert found.words.endswith("(days unused leave carried 2026 policy)?")
    assert found.follows == (0,)


@pytest.mark.parametrize(
    "question",
    ["Bis wann müssen sie genommen werden?", "Gilt das auch für Praktikanten?", "Wer genehmigt es?", "Wo steht das?"],
)
def test_german_clauses_point_back_too(question: str) -> None:
    assert "Urlaubstage" in words(question, URLAUB)


@pytest.mark.parametrize(
    "question",
    [
        "What is balance billing and how does the plan protect against it?",
        "How does a plan work and what does it cover?",
        "What are gene therapies and how do they work?",
        "How do employees refer their friends?",
        "Can an employee extend their parental leave?",
        "Who provides the services that are covered?",
        "How long does it take to get a badge?",
        "Is it allowed to work from home?",
        "How many parking spaces are there?",
        "What types were established at the same time as the first policy?",
        "What is coinsurance?",
        "What is the CCMP?",
        "Who is Nadia Kern?",
        "What's the temperature of a dream?",
        "And who won the football world cup in 1954?",
        "For the report of May 2023, analyze the debt of the company.",
        "car crash prevention",
        "leave policy",
        "above ground storage tank",
        "FI-2291",
        "Was ist Selbstbeteiligung?",
        "Gibt es einen Parkplatz am Werk?",
        "In welchem Jahr wurde das Werk gebaut?",
        "Wie lange dauert es, bis ein Ausweis fertig ist?",
        "Wo kann ich meinen Ausweis abholen?",
        "",
    ],
)
def test_a_question_that_stands_on_its_own_is_looked_for_as_it_stands(question: str) -> None:
    before = URLAUB if "ist" in question.split() else LEAVE
    if question:
        assert resolve(question, [before]) == Resolved(question)
    assert resolve(question, []) == Resolved(question)


def test_the_example_questions_in_a_row_are_left_alone() -> None:
    asked = [json.loads(line)["question"] for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]
    assert [words(question, *asked[:n]) for n, question in enumerate(asked)] == asked


def test_who_writes_keywords_begins_a_new_search_with_each() -> None:
    assert words("Leave policy?", "canteen prices?") == "Leave policy?"
    assert words("Business class?", "When may premium economy be booked?").endswith("booked: Business class?")


def test_a_follow_up_of_a_follow_up_rests_on_both() -> None:
    found = resolve("And for guests?", ["What is the warranty?", "What does a lunch cost for staff?", "And a coffee?"])
    assert found == Resolved("What does a lunch cost for guests: a coffee?", (2, 1))


def test_a_new_topic_ends_the_old_one() -> None:
    said = ["What does a lunch cost for staff?", "How long is parental leave at full pay?"]
    found = resolve("And for fathers?", said)
    assert found.follows == (1,)
    assert not terms("lunch cost staff") & terms(found.words)


def test_a_question_of_a_long_talk_looks_at_the_last_turns_alone() -> None:
    said = [LEAVE, *["And?"] * MOST_EARLIER]
    assert resolve("And?", said).words == "And?"
    assert resolve("And?", said[:MOST_EARLIER]).words == LEAVE


def test_filters_alone_ask_the_last_question_again() -> None:
    assert resolve("", [LEAVE]) == Resolved(LEAVE, (0,))


@given(st.text(max_size=300), st.lists(st.text(max_size=300), max_size=8))
def test_any_text_is_understood_somehow(question: str, earlier: list[str]) -> None:
    found = resolve(question, earlier)
    assert found.follows == tuple(sorted(set(found.follows), reverse=True))
    assert all(0 <= n < len(earlier) for n in found.follows)
    if not found.follows:
        assert found.words == question


def test_a_megabyte_costs_nothing() -> None:
    """S19: only the beginning of a long text is looked at."""
    for text in ("and " * 250_000, "It " * 333_000, "A-" * 500_000, "it that " * 125_000):
        assert resolve(text, [LEAVE]).words == text
        assert len(resolve("And it?", [text]).words) < 2_000

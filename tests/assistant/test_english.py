"""Questions about English sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo.drafting.english import english_proposals
from studiolo.drafting.statements import statements


def best(sentence: str) -> tuple[str, str, str] | None:
    (statement,) = statements(sentence)
    found = english_proposals(statement, sentence)
    return (found[0].kind, found[0].question, statement.flat[found[0].start : found[0].end]) if found else None


@pytest.mark.parametrize(
    ("sentence", "kind", "question", "answer"),
    [
        ("The deductible for the Standard plan is $2,000 per person.", "figure",
         "What is the deductible for the Standard plan per person?", "$2,000"),
        ("The probation period for new employees is six months.", "figure",
         "How long is the probation period for new employees?", "six months"),
        ("Cloud revenue increased $3.0 billion or 9% driven by growth in storage.", "figure",
         "By how much did Cloud revenue increase?", "$3.0 billion or 9%"),
        ("The grievance must be filed within 180 days of the decision.", "figure",
         "Within how many days of the decision must the grievance be filed?", "180 days"),
        ("In-network dialysis services are covered at 80% of the allowed amount.", "figure",
         "At what percentage of the allowed amount are in-network dialysis services covered?",
         "80% of the allowed amount"),
        ("The store of the sensor keeps measurements for 90 days.", "figure",
         "For how many days does the store of the sensor keep measurements?", "90 days"),
        ("Personal data of applicants is deleted six months after the decision.", "figure",
         "How many months after the decision is personal data of applicants deleted?", "six months"),
        ("The alignment of the sensors is checked every two years.", "figure",
         "How often is the alignment of the sensors checked?", "every two years"),
        ("For the first half of 2023, we recorded $500 million of severance costs.", "figure",
         "How much in severance costs did we record for the first half of 2023?", "$500 million"),
        ("The exclusion of our cards is scheduled to expire in December 2022.", "date",
         "When is the exclusion of our cards scheduled to expire?", "December 2022"),
        ("A whistleblower is an individual who reports illegal activities.", "definition",
         "What is a whistleblower?", "an individual who reports illegal activities"),
        ("The Director of Operations is responsible for overseeing the operations of the company.", "content",
         "What is the Director of Operations responsible for?", "overseeing the operations of the company"),
        ("A home-office desk is approved by the head of the department.", "name",
         "By whom is a home-office desk approved?", "the head of the department"),
        ("If you have any questions about workplace safety, please contact our safety department.", "name",
         "Whom should you contact if you have any questions about workplace safety?", "our safety department"),
        ("In order to request a waiver, members must speak directly with the plan.", "procedure",
         "What must members do in order to request a waiver?", "speak directly with the plan"),
        ("Europe net sales increased during 2022 due primarily to higher net sales of phones.", "reason",
         "Why did Europe net sales increase during 2022?", "higher net sales of phones"),
        ("All employees must complete data security training at the start of employment.", "content",
         "What must all employees complete at the start of employment?", "data security training"),
        ("Operating cash flows consist of net income and changes in certain assets.", "content",
         "What do operating cash flows consist of?", "net income and changes in certain assets"),
    ],
)  # fmt: skip
def test_a_sentence_is_asked_for_what_it_states(sentence: str, kind: str, question: str, answer: str) -> None:
    assert best(sentence) == (kind, question, answer)


@pytest.mark.parametrize(
    "sentence",
    [
        "The sensor of the second series runs on 12 to 30 volts.",
        "The plan is a great way to save money for the future.",
        "The company maintains 48 distance detectors of the type in the lifts.",
        "The maximum duration of the plan is until September 6, 2024.",
        "Two customers of the company accounted for 12% and 11% of revenue.",
        "The court is the first of the four in the city of York.",
    ],
)
def test_no_question_is_made_of_a_range_a_praise_or_two_figures(sentence: str) -> None:
    assert best(sentence) is None


WORDS = st.sampled_from(
    "The plan company Employees must is are was of in on by within for 30 days $5 million 12% 2022 March due to "
    "because if you pay covers increased include a the and responsible, net sales.".split()
)


@given(st.lists(WORDS, min_size=6, max_size=25))
def test_an_answer_is_always_a_slice_and_never_empty(words: list[str]) -> None:
    for statement in statements(f"The {' '.join(words)}."):
        for found in english_proposals(statement, ""):
            assert 0 <= found.start < found.end <= len(statement.flat)
            assert found.question.endswith("?")

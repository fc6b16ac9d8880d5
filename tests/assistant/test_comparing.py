"""Two runs are compared on the questions that they share, and every question that changed is named."""

from __future__ import annotations

import pytest
from evaluated import a_row, a_run

from studiolo.errors import AssistantError
from studiolo.evaluation.comparing import compare
from studiolo.evaluation.runs import Run

BEFORE = [0.0, 1.0, 0.5, 0.5] * 10


def test_each_improved_and_regressed_question_is_named_the_largest_change_first() -> None:
    after = [0.1, 0.0, *BEFORE[2:]]
    (found,) = compare(a_run("a", "f1", BEFORE), a_run("b", "f1", after), seed=0).differences
    assert [(c.id, c.before, c.after) for c in found.improved] == [("q0", 0.0, 0.1)]
    assert [(c.id, c.before, c.after) for c in found.regressed] == [("q1", 1.0, 0.0)]
    assert found.difference.value == pytest.approx(-0.9 / 40)
    assert found.before - found.after == pytest.approx(0.9 / 40)
    second = compare(a_run("a", "f1", [0.0, 0.0]), a_run("b", "f1", [0.2, 0.9]), seed=0).differences[0]
    assert [c.id for c in second.improved] == ["q1", "q0"]


@pytest.mark.parametrize(
    ("key", "step", "verdict"),
    [("f1", 0.2, "better"), ("f1", -0.2, "worse"), ("refusal.false", 0.2, "worse"), ("f1", 0.0, "same")],
)
def test_the_verdict_follows_the_interval_and_which_way_is_better(key: str, step: float, verdict: str) -> None:
    values = [0.4, 0.5, 0.6] * 10
    (found,) = compare(a_run("a", key, values), a_run("b", key, [v + step for v in values]), seed=0).differences
    assert found.verdict == verdict
    improved = bool(found.improved)
    assert improved == (verdict == "better")


def test_a_change_that_could_be_chance_is_unclear_and_times_are_never_judged() -> None:
    chance = compare(a_run("a", "f1", [0.0, 1.0, 0.0]), a_run("b", "f1", [1.0, 0.0, 0.0]), seed=0)
    assert chance.differences[0].verdict == "unclear"
    (time,) = compare(a_run("a", "answer_ms", [9.0] * 9), a_run("b", "answer_ms", [1.0] * 9), seed=0).differences
    assert (time.verdict, time.improved) == ("unjudged", ())


def test_questions_of_one_run_alone_or_with_other_expectations_are_left_out() -> None:
    before = Run("a", {"modes": ["hybrid"]}, (a_row(1, {"f1": 1.0}), a_row(2, {"f1": 1.0}), a_row(3, {"f1": 1.0})))
    changed = a_row(2, {"f1": 0.0}, digest="other")
    after = Run("b", {"modes": ["hybrid"]}, (changed, a_row(3, {"f1": 1.0}), a_row(4, {"f1": 0.0})))
    found = compare(before, after, seed=0)
    assert (found.shared, found.left_out) == (1, 3)
    assert found.differences[0].difference.value == 0.0


def test_runs_without_a_common_question_are_refused() -> None:
    with pytest.raises(AssistantError) as raised:
        compare(a_run("a", "f1", [1.0]), a_run("b", "f1", []), seed=0)
    assert raised.value.code == "evaluation.different_questions"


def test_the_document_names_the_questions() -> None:
    document = compare(a_run("a", "f1", [0.0, 0.5]), a_run("b", "f1", [1.0, 0.5]), seed=0).document()
    assert document["differences"]["f1"]["improved"] == [
        {"id": "q0", "question": "What is number 0?", "before": 0.0, "after": 1.0}
    ]

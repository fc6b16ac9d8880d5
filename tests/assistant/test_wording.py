"""What people read: the modes side by side, the changes by name, and no more than fits a screen."""

from __future__ import annotations

from evaluated import a_row, a_run

from studiolo.evaluation.comparing import compare
from studiolo.evaluation.runs import Run
from studiolo.evaluation.wording import ablation_lines, compared_lines, comparison_lines, run_lines, title

ABOUT = {"modes": ["hybrid", "vector"], "k": 6, "answers_by": "model", "model": "small", "adapter": "letters"}


def test_the_modes_stand_beside_each_other() -> None:
    """R24: a dead half is seen."""
    values = {"file.hit@5": 1.0, "vector:file.hit@5": 0.0, "f1": 0.25, "answer_ms": 1234.0}
    lines = list(run_lines(Run("base", ABOUT, (a_row(1, values),)), seed=0))
    (line,) = (line for line in lines if "hit@5" in line)
    assert line.split() == ["hit@5", "1.000", "[1.000,", "1.000]", "0.000", "[0.000,", "0.000]"]
    assert lines[0] == "1 question, 0 of them unanswerable; answers by small with letters, 6 passages each"
    assert any("F1" in line and "0.250" in line and "n=1" in line for line in lines)
    assert any("1,234 ms" in line for line in lines)
    assert lines[-1] == "1 of 1 questions are right."


def test_many_warnings_are_shortened() -> None:
    run = Run("base", ABOUT, (a_row(1, {"f1": 1.0}),), tuple(f"note {n}" for n in range(13)))
    notes = [line for line in run_lines(run, seed=0) if line.startswith("Note")]
    assert (len(notes), notes[-1]) == (11, "Note: 3 more; --json gives them all")


def test_a_comparison_shows_what_differs_and_names_questions() -> None:
    before, after = a_run("a", "f1", [0.0] * 30), a_run("b", "f1", [0.5] * 30)
    lines = list(comparison_lines(compare(before, after, seed=0)))
    assert lines[0] == "a → b, 30 questions in common"
    assert "0.000 →     0.500  +0.500 [+0.500, +0.500]" in lines[1]
    assert lines[1].endswith("better")
    assert "F1: 30 improved" in lines
    assert lines[-1] == "    and 20 more; --json and --report name them all"
    same = list(comparison_lines(compare(before, before, seed=0)))
    assert same[1:] == ["  1 measure is the same in both."]


def test_the_parts_of_the_ranking_stand_below_what_the_full_one_reaches() -> None:
    full = a_run("full", "file.mrr", [1.0] * 30)
    others = [a_run("without names", "file.mrr", [0.5] * 30), a_run("without age", "file.mrr", [1.0] * 30)]
    lines = list(ablation_lines([compare(full, other, seed=0) for other in others]))
    assert lines[2].split() == ["file", "MRR", "1.000"]
    assert lines[3].split() == ["without", "names", "0.500", "-0.500", "[-0.500,", "-0.500]", "worse"]
    assert lines[4].split()[-1] == "same"


def test_one_question_in_common_is_one() -> None:
    run = a_run("a", "f1", [0.0])
    assert next(comparison_lines(compare(run, run, seed=0))) == "a → a, 1 question in common"


def test_several_runs_end_with_the_diagnosis_of_each() -> None:
    runs = [a_run("a", "f1", [0.0]), a_run("b", "f1", [1.0])]
    lines = list(compared_lines(runs, [compare(*runs, seed=0)]))
    assert lines[-2:] == ["b:", "  1 of 1 questions are right."]


def test_titles_say_mode_and_unit() -> None:
    assert [title(key) for key in ("page.hit@5", "text:file.mrr", "f1")] == ["page hit@5", "text file MRR", "F1"]

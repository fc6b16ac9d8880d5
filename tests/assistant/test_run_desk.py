"""Kept runs are listed without their rows, opened with them, compared in pairs, and deleted for good."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluated import a_run

from studiolo import messages
from studiolo.desk import Job, Json
from studiolo.errors import AssistantError
from studiolo.evaluation.kept_runs import KeptRuns
from studiolo.messages import Request
from studiolo.paths import AppPaths
from studiolo.run_desk import RunDesk


@pytest.fixture
def paths(tmp_path: Path) -> AppPaths:
    return AppPaths(tmp_path / "home")


@pytest.fixture
def desk(paths: AppPaths) -> RunDesk:
    return RunDesk(paths)


def keep(paths: AppPaths, name: str, values: list[float]) -> str:
    run = KeptRuns(paths.evaluation).add(a_run(name, "f1", values), set_path=Path("/s.jsonl"), folders=["/docs"])
    return str(run["run"])


def do(desk: RunDesk, request: Request) -> Json:
    return desk.handle(request, Job())


def test_without_a_run_the_list_is_empty(desk: RunDesk) -> None:
    assert do(desk, messages.Evaluations(id="1")) == {"runs": []}


def test_a_run_is_listed_without_its_rows_and_opened_with_them(desk: RunDesk, paths: AppPaths) -> None:
    run = keep(paths, "current", [1.0, 0.0])
    (listed,) = do(desk, messages.Evaluations(id="1"))["runs"]
    assert (listed["run"], listed["diagnosis"]["right"], "rows" in listed) == (run, 2, False)
    opened = do(desk, messages.Evaluation(id="1", run=run))
    assert [row["id"] for row in opened["rows"]] == ["q0", "q1"]
    assert opened["warnings"] == []


def test_two_runs_are_compared_in_pairs_and_the_changed_questions_are_named(desk: RunDesk, paths: AppPaths) -> None:
    before, after = keep(paths, "base", [0.0, 1.0, 0.5]), keep(paths, "current", [1.0, 1.0, 0.25])
    found = do(desk, messages.CompareEvaluations(id="1", before=before, after=after))
    assert [run["name"] for run in found["runs"]] == ["base", "current"]
    assert (found["shared"], found["left_out"]) == (3, 0)
    f1 = found["differences"]["f1"]
    assert ([c["id"] for c in f1["improved"]], [c["id"] for c in f1["regressed"]]) == (["q0"], ["q2"])
    assert f1["difference"]["low"] <= f1["difference"]["value"] <= f1["difference"]["high"]


def test_a_deleted_run_is_gone(desk: RunDesk, paths: AppPaths) -> None:
    run = keep(paths, "current", [1.0])
    assert do(desk, messages.DeleteEvaluation(id="1", run=run)) == {"run": run}
    for request in (
        messages.Evaluation(id="1", run=run),
        messages.DeleteEvaluation(id="1", run=run),
        messages.CompareEvaluations(id="1", before=run, after=run),
    ):
        with pytest.raises(AssistantError) as raised:
            do(desk, request)
        assert raised.value.code == "evaluation.unknown_run"


def test_a_request_for_another_desk_is_a_defect(desk: RunDesk) -> None:
    with pytest.raises(TypeError):
        do(desk, messages.Status(id="1"))
    desk.close()

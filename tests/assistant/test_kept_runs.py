"""Kept runs: listed by their records, opened with their rows, and gone from the disk when they are removed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from evaluated import a_run
from words_on_disk import is_on_disk

from studiolo.errors import AssistantError
from studiolo.evaluation.comparing import compare
from studiolo.evaluation.kept_runs import KeptRuns

SET = Path("/sets/leave.jsonl")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evaluation"


@pytest.fixture
def runs(folder: Path) -> KeptRuns:
    return KeptRuns(folder)


def test_a_run_is_opened_as_it_was_kept(runs: KeptRuns) -> None:
    run = replace(a_run("no-model", "f1", [1.0, 0.5, 0.0]), warnings=("one",), not_run=2)
    record = runs.add(run, set_path=SET, folders=["/docs/hr"])
    assert (record["set"], record["name"], record["questions"], record["complete"]) == (str(SET), "no-model", 3, False)
    assert record["measures"]["f1"]["value"] == 0.5
    assert "rows" not in record
    opened = runs.run(record["run"])
    assert (opened.name, opened.rows, opened.warnings, opened.not_run) == ("no-model", run.rows, ("one",), 2)
    assert compare(run, opened, seed=0).differences[0].verdict == "same"


def test_the_newest_is_listed_first_and_one_is_removed(runs: KeptRuns, folder: Path) -> None:
    first, second = (runs.add(a_run(name, "f1", [1.0]), set_path=SET, folders=["/docs"]) for name in ("a", "b"))
    assert {r["run"] for r in runs.records()} == {first["run"], second["run"]}
    times = [r["made_at"] for r in runs.records()]
    assert times == sorted(times, reverse=True)
    runs.remove(first["run"])
    assert [r["run"] for r in runs.records()] == [second["run"]]
    assert [p for p in folder.iterdir() if first["run"] in p.name] == []


@pytest.mark.parametrize("run_id", ["", "0" * 16, "../../etc/passwd", "0" * 15 + "/"])
def test_a_run_that_is_not_kept_is_named(runs: KeptRuns, run_id: str) -> None:
    for do in (runs.record, runs.run, runs.remove):
        with pytest.raises(AssistantError) as raised:
            do(run_id)
        assert raised.value.code == "evaluation.unknown_run"


def test_with_a_folder_the_runs_that_measured_it_are_gone_from_the_disk(runs: KeptRuns, folder: Path) -> None:
    canary = a_run("a", "f1", [1.0])
    canary = replace(canary, rows=tuple(replace(row, answer="zanzibarword") for row in canary.rows))
    runs.add(canary, set_path=SET, folders=["/docs/hr", "/docs/it"])
    kept = runs.add(a_run("b", "f1", [1.0]), set_path=SET, folders=["/docs/it"])
    assert is_on_disk("zanzibarword", folder)
    assert runs.forget_under("/docs/hr") == 1
    assert not is_on_disk("zanzibarword", folder)
    assert [r["run"] for r in runs.records()] == [kept["run"]]


def test_what_a_crash_left_without_its_record_is_in_no_list_and_goes_with_any_folder(
    runs: KeptRuns, folder: Path
) -> None:
    record = runs.add(a_run("a", "f1", [1.0]), set_path=SET, folders=["/docs/hr"])
    (folder / f"{record['run']}.record.json").unlink()
    assert runs.records() == []
    assert runs.forget_under("/docs/it") == 1
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("written", ["no JSON", "[]", '{"run":"another"}'])
def test_a_damaged_record_is_left_out(runs: KeptRuns, folder: Path, written: str) -> None:
    record = runs.add(a_run("a", "f1", [1.0]), set_path=SET, folders=["/docs/hr"])
    (folder / f"{record['run']}.record.json").write_text(written)
    assert runs.records() == []


def test_damaged_rows_are_said(runs: KeptRuns, folder: Path) -> None:
    record = runs.add(a_run("a", "f1", [1.0]), set_path=SET, folders=["/docs/hr"])
    (folder / f"{record['run']}.json").write_text("{}")
    with pytest.raises(AssistantError) as raised:
        runs.run(record["run"])
    assert raised.value.code == "evaluation.bad_run"


def test_what_is_kept_is_the_users_alone(runs: KeptRuns, folder: Path) -> None:
    runs.add(a_run("a", "f1", [1.0]), set_path=SET, folders=["/docs/hr"])
    assert {p.stat().st_mode & 0o077 for p in (folder, *folder.iterdir())} == {0}

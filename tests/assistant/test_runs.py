"""A run is kept in the user's file and read again as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from evaluated import a_row, a_run

from studiolo.errors import AssistantError
from studiolo.evaluation.runs import Run, read_run, save_run


def test_a_saved_run_is_read_as_it_was_but_for_its_name(tmp_path: Path) -> None:
    row = a_row(1, {"f1": 0.123456}, cause="model", answer="Zehn Tage – “ja”", refused=False, cited=("a.pdf, p. 1",))
    run = Run("base", {"modes": ["hybrid", "text"], "k": 6}, (row, a_row(2, {})), ("a note",))
    save_run(tmp_path / "before.json", run, seed=0)
    found = read_run(tmp_path / "before.json")
    assert (found.name, found.about, found.rows, found.warnings) == ("before", run.about, run.rows, run.warnings)
    assert found.intervals(seed=0) == run.intervals(seed=0)


def test_a_run_that_was_stopped_says_so_also_when_it_is_read_again(tmp_path: Path) -> None:
    run = replace(a_run("base", "f1", [1.0, 0.0]), not_run=3)
    assert (run.document(seed=0)["complete"], run.document(seed=0)["not_run"]) == (False, 3)
    save_run(tmp_path / "run.json", run, seed=0)
    assert read_run(tmp_path / "run.json").not_run == 3


def test_a_run_of_a_version_that_knew_no_stop_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    save_run(path, a_run("base", "f1", [1.0]), seed=0)
    body = json.loads(path.read_text())
    del body["not_run"], body["complete"]
    path.write_text(json.dumps(body))
    assert read_run(path).document(seed=0)["complete"] is True


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format":"studiolo-eval-0"}', "[" * 100_000])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content)
    with pytest.raises(AssistantError) as raised:
        read_run(path)
    assert raised.value.code == "evaluation.bad_run"


@pytest.mark.parametrize(("key", "value"), [("values", {"f1": "high"}), ("values", []), ("found", None), ("id", ...)])
def test_a_run_whose_rows_were_spoilt_is_refused(tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "run.json"
    save_run(path, a_run("base", "f1", [1.0]), seed=0)
    body = json.loads(path.read_text())
    body["rows"][0][key] = value
    if value is ...:
        del body["rows"][0][key]
    path.write_text(json.dumps(body))
    with pytest.raises(AssistantError) as raised:
        read_run(path)
    assert raised.value.code == "evaluation.bad_run"


def test_a_missing_file_and_an_unwritable_one_have_their_codes(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="No such file"):
        read_run(tmp_path / "none.json")
    with pytest.raises(AssistantError) as raised:
        save_run(tmp_path / "no" / "folder.json", a_run("base", "f1", [1.0]), seed=0)
    assert raised.value.code == "output.unwritable"


def test_the_main_mode_comes_first_and_the_others_keep_their_names() -> None:
    values = {"text:file.mrr": 1.0, "file.mrr": 0.5, "f1": 0.2}
    run = Run("base", {"modes": ["hybrid", "text"]}, (a_row(1, values),))
    assert run.keys == ["file.mrr", "f1", "text:file.mrr"]
    assert [i.value for i in run.intervals(seed=0).values()] == [0.5, 0.2, 1.0]


def test_the_document_counts_every_cause_and_has_a_row_a_question() -> None:
    run = Run("base", {"modes": []}, (a_row(1, {}, cause="data"), a_row(2, {}), a_row(3, {})))
    document = run.document(seed=0)
    assert document["diagnosis"] == {
        "right": 2,
        "retrieval": 0,
        "model": 0,
        "form": 0,
        "data": 1,
        "unmeasured": 0,
    }
    assert [row["id"] for row in document["rows"]] == ["q1", "q2", "q3"]
    assert [row.id for row in run.only({"q2"}).rows] == ["q2"]

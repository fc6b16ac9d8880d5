"""Measuring from the command line: `studiolo eval`."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from evaluated import write_set

from studiolo_indexer.records import SearchResult
from studiolo_indexer.search import Searcher

pytestmark = pytest.mark.real_models

ANSWER = "Unused leave of up to ten days may be carried over and must be taken by 31 March."
LEAVE = {"question": "How many days of unused leave may be carried over?", "sources": [{"path": "leave.md"}]}


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    world_cup = {"question": "Who won the football world cup in 1954?", "unanswerable": True}
    return write_set(tmp_path / "set.jsonl", LEAVE | {"answer": ANSWER}, world_cup)


def test_a_set_gives_measures_with_intervals_rows_and_a_diagnosis(studiolo: CommandLine, questions: Path) -> None:
    ran = studiolo.json("eval", questions, "--no-model")
    found = ran.document
    assert (ran.code, found["questions"], found["seed"], found["warnings"]) == (0, 2, 0, [])
    assert found["measures"]["file.hit@1"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 1}
    assert set(found["measures"]) >= {
        "text:file.mrr", "vector:file.ndcg@10", "exact", "f1", "support", "citation.precision", "refusal.precision",
        "refusal.recall", "refusal.false", "answer_ms", "search_ms",
    }  # fmt: skip
    assert found["diagnosis"]["right"] == 2
    assert [row["id"] for row in found["rows"]] == ["q1", "q2"]
    assert "world cup" not in ran.err


def test_for_people_the_modes_stand_beside_each_other(studiolo: CommandLine, questions: Path) -> None:
    """R24."""
    shown = studiolo("eval", questions, "--retrieval-only").out
    assert "2 questions, 1 of them unanswerable; no answers, 6 passages each" in shown
    (head,) = (line for line in shown.splitlines() if line.startswith("Right file found"))
    assert head.split()[-3:] == ["hybrid", "vector", "text"]
    assert "1 of 1 questions are right." in shown


def test_a_kept_run_is_compared_with_a_configuration(studiolo: CommandLine, questions: Path, tmp_path: Path) -> None:
    kept, page = tmp_path / "before.json", tmp_path / "page.html"
    assert studiolo("eval", questions, "--no-model", "--modes", "text", "--save", kept).code == 0
    ran = studiolo.json("eval", questions, "--compare", f"{kept},no-model+mode:text+k:1", "--report", page)
    (found,) = ran.document["comparisons"]
    assert (found["before"], found["after"], found["shared"]) == ("before", "no-model+mode:text+k:1", 2)
    assert found["differences"]["file.hit@5"]["verdict"] == "same"
    assert [run["about"]["k"] for run in ran.document["runs"]] == [6, 1]
    assert "How many days of unused leave" not in ran.err
    assert "before → no-model+mode:text+k:1" in page.read_text(encoding="utf-8")


def test_two_kept_runs_are_compared_without_an_index(studiolo: CommandLine, questions: Path, tmp_path: Path) -> None:
    kept = tmp_path / "before.json"
    studiolo("eval", questions, "--no-model", "--save", kept)
    ran = studiolo.json("eval", questions, "--compare", f"{kept},{kept}", home=tmp_path / "new")
    assert ran.document["comparisons"][0]["differences"]["f1"]["verdict"] == "same"
    limited = studiolo.json("eval", questions, "--limit", "1", "--compare", f"{kept},{kept}", home=tmp_path / "new")
    assert limited.document["comparisons"][0]["shared"] == 1


def test_what_each_part_of_the_ranking_is_worth_is_in_all_three_outputs(
    studiolo: CommandLine, questions: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    ran = studiolo.json("eval", questions, "--no-model", "--modes", "text", "--ablation", "--report", page)
    parts = ["without vectors", "without text", "without neighbours", "without names", "without age"]
    assert [c["after"] for c in ran.document["ablation"]] == parts
    assert {c["before"] for c in ran.document["ablation"]} == {"full"}
    differences = ran.document["ablation"][0]["differences"]
    assert differences["file.mrr"]["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0, "n": 1}
    assert "f1" not in differences
    assert (ran.document["about"]["modes"], ran.document["about"]["answers_by"]) == (["text"], "quotes")
    shown = studiolo("eval", questions, "--retrieval-only", "--ablation").out
    for part in parts:
        assert part in shown
        assert part in page.read_text(encoding="utf-8")


def test_after_a_stop_what_was_run_is_kept_and_says_that_it_is_not_all(
    studiolo: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "run.json"
    questions = write_set(tmp_path / "set.jsonl", *[LEAVE] * 4)
    _interrupt_at_search(monkeypatch, 4)  # the first warms up
    ran = studiolo.json("eval", questions, "--no-model", "--modes", "text", "--ablation", "--save", kept)
    assert ran.code == 130
    assert "current was stopped after 1 of 4 questions." in ran.err
    assert (ran.document["questions"], ran.document["complete"], ran.document["not_run"]) == (1, False, 3)
    saved = json.loads(kept.read_text(encoding="utf-8"))
    assert (len(saved["rows"]), saved["complete"], saved["warnings"]) == (1, False, ["stopped after 1 of 4 questions"])
    assert ran.document["ablation"] == []


def test_an_interrupt_before_the_first_question_keeps_nothing(
    studiolo: CommandLine, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "run.json"

    def second_press(*arguments: Any, **options: Any) -> SearchResult:  # Any: as they come
        raise KeyboardInterrupt

    monkeypatch.setattr(Searcher, "search", second_press)
    ran = studiolo.json("eval", questions, "--no-model", "--save", kept)
    assert (ran.code, ran.out, kept.exists()) == (130, "", False)


def _interrupt_at_search(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Press Ctrl-C while a search is made: its handler is called, and no signal sent to the process of the tests."""
    search, made = Searcher.search, 0

    def pressed(*arguments: Any, **options: Any) -> SearchResult:  # Any: as they come
        nonlocal made
        made += threading.current_thread() is threading.main_thread()  # a test before may have left one that searches
        if made == at:
            handler = signal.getsignal(signal.SIGINT)
            assert callable(handler)
            handler(signal.SIGINT, None)
        return search(*arguments, **options)

    monkeypatch.setattr(Searcher, "search", pressed)


def test_an_answer_of_the_real_model_is_measured(studiolo: CommandLine, questions: Path) -> None:
    found = studiolo.json("eval", questions, "--limit", "1", "--modes", "hybrid").document
    assert found["about"]["model"]
    assert found["measures"]["first_token_ms"]["n"] == 1
    assert found["rows"][0]["cause"] in ("right", "form", "model")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--compare", "base"), "evaluation.bad_side"),
        (("--compare", "base,adapter:"), "evaluation.bad_side"),
        (("--compare", "none.json,base"), "evaluation.bad_run"),
        (("--modes", "fuzzy"), "question.bad_mode"),
        (("--collection", "nowhere"), "collection.unknown"),
        (("--save", "/nonexistent/run.json"), "output.unwritable"),
        (("--report", "/"), "output.unwritable"),
        (("--under", "\0"), "path.bad"),
    ],
)
def test_what_cannot_be_measured_is_said_with_a_hint(
    studiolo: CommandLine, questions: Path, words: tuple[str, ...], code: str
) -> None:
    ran = studiolo.json("eval", questions, "--retrieval-only", *words)
    assert (ran.code, ran.error["code"]) == (2, code)


def test_a_side_that_cannot_run_is_refused_before_the_other_has_run(studiolo: CommandLine, questions: Path) -> None:
    ran = studiolo.json("eval", questions, "--compare", "no-model,adapter")
    assert (ran.code, ran.error["code"]) == (2, "evaluation.bad_side")
    assert "questions" not in ran.err.partition("This cannot be compared")[0]


def test_a_bad_line_is_named(studiolo: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps({"id": 1, "question": "Why?"}) + "\n{\n", encoding="utf-8")
    ran = studiolo.json("eval", path)
    assert (ran.code, ran.error["code"]) == (2, "question.bad_file")
    assert "line 2" in ran.error["message"]


def test_a_source_that_is_not_there_is_a_note_and_no_failure(studiolo: CommandLine, tmp_path: Path) -> None:
    path = write_set(tmp_path / "set.jsonl", LEAVE | {"sources": [{"path": "gone.pdf", "page": 2}]})
    ran = studiolo("eval", path, "--retrieval-only")
    assert ran.code == 0
    assert "Note: gone.pdf is no file of the folders in scope (q1)" in ran.out

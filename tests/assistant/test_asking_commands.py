"""Searching and asking from the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from command_line import CommandLine
from reranker_folders import write_compiled_reranker

from studiolo_models.registry import Registry

pytestmark = pytest.mark.real_models

QUESTION = "How many days of unused leave may be carried over?"


@pytest.mark.parametrize("mode", ["hybrid", "vector", "text"])
def test_search_gives_exact_slices_in_order(studiolo: CommandLine, mode: str) -> None:
    found = studiolo.json("search", "unused leave", "--mode", mode, "-k", "2").document
    assert (found["query"], found["mode"]) == ("unused leave", mode)
    assert set(found["milliseconds"]) == {"embed", "vector", "text", "fuse", "rerank", "total"}
    assert [p["rank"] for p in found["passages"]] == list(range(1, len(found["passages"]) + 1))
    best = found["passages"][0]
    assert set(best) >= {"score", "path", "collection", "part", "page", "start", "end", "found_by", "sha256"}
    assert studiolo.slice_of(best) == best["text"]


def test_search_stays_in_its_collection_and_folder(studiolo: CommandLine, library_root: Path) -> None:
    """Several collections are searched together only when all are named."""
    words = ("search", "notice period of a contract")
    assert {p["collection"] for p in studiolo.json(*words).document["passages"]} == {"documents"}
    both = studiolo.json(*words, "--collection", "documents", "--collection", "contracts").document["passages"]
    assert {p["collection"] for p in both} == {"documents", "contracts"}
    scope = ("--collection", "documents", "--collection", "contracts", "--under", library_root / "contracts")
    under = studiolo.json(*words, *scope).document["passages"]
    assert [Path(p["path"]).name for p in under] == ["albers.md"]


def test_filters_are_named_with_how_many_documents_pass(studiolo: CommandLine) -> None:
    shown = studiolo("search", "unused leave type:md").out
    assert shown.startswith("1 document passes: type:md\n 1. leave.md, Leave")
    assert studiolo("search", "leave under:nowhere").out == "No document passes: under:nowhere\nNothing was found.\n"
    listed = studiolo("search", "name:leave").out.splitlines()
    assert listed[1] == " 1. leave.md, Leave"
    assert "1 document passes: type:md" in studiolo("ask", f"{QUESTION} type:md", "--no-model").out
    wrong = studiolo("search", "leave after:2025-13")
    assert (wrong.code, "question.bad_filter" in wrong.err) == (2, True)


def test_many_queries_and_questions_run_in_one_process(studiolo: CommandLine, tmp_path: Path) -> None:
    queries, out = tmp_path / "queries.jsonl", tmp_path / "out.jsonl"
    queries.write_text('{"id":"a","query":"unused leave"}\n\n{"id":7,"query":"","more":1}\n')
    assert studiolo("search", "--queries", queries, "-k", "1", "--out", out).code == 0
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(row["id"], len(row["passages"])) for row in rows] == [("a", 1), (7, 0)]
    queries.write_text(json.dumps({"id": "q", "question": QUESTION}))
    assert studiolo("ask", "--no-model", "--questions", queries, "--out", out).code == 0
    (answer,) = [json.loads(line) for line in out.read_text().splitlines()]
    assert (answer["id"], answer["question"]) == ("q", QUESTION)


def test_an_answer_without_a_model_is_quoted_letter_for_letter(studiolo: CommandLine) -> None:
    """Promise 2."""
    ran = studiolo.json("ask", QUESTION, "--no-model")
    answer = ran.document
    assert ran.code == 0
    (citation,) = answer["citations"]
    assert studiolo.slice_of(citation) == citation["quote"]
    assert "ten days" in citation["quote"]
    assert (answer["refused"], answer["model"], answer["seed"], citation["stale"]) == (False, None, None, False)
    assert answer["coverage"] == {"files_in_scope": 2, "searched": 1, "failed": 1, "skipped": 0, "pending": 0}


def test_an_answer_for_people_names_its_source(studiolo: CommandLine) -> None:
    shown = studiolo("ask", QUESTION, "--no-model").out
    assert "ten days" in shown
    assert "[1] leave.md, Leave: “" in shown
    assert "2 files in scope, 1 searched, 1 unreadable" in shown


def test_a_talk_goes_on_line_by_line_and_a_bad_question_does_not_end_it(
    studiolo: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "leave after:2025-13\n\nBy when must they be taken?\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    ran = studiolo.json("ask", QUESTION, "--chat", "--no-model")
    first, wrong, second = map(json.loads, ran.out.splitlines())
    assert (ran.code, first["searched_for"], wrong["error"]["code"]) == (0, QUESTION, "question.bad_filter")
    assert "31 March" in second["answer"]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{QUESTION}\nAnd?\n"))
    shown = studiolo("ask", "--chat", "--no-model").out
    assert shown.count("Understood as: ") == 1
    assert f"Understood as: {QUESTION}\n" in shown


def test_a_talk_takes_no_file_of_questions(studiolo: CommandLine, tmp_path: Path) -> None:
    assert studiolo("ask", "--chat", "--out", tmp_path / "out.jsonl").code == 2


def test_a_question_about_something_else_is_refused_with_exit_code_0(studiolo: CommandLine) -> None:
    ran = studiolo.json("ask", "Who won the football world cup in 1954?", "--no-model")
    assert (ran.code, ran.document["refused"], ran.document["citations"]) == (0, True, [])


def test_a_reranker_is_left_out_on_demand_and_a_failure_is_told_beside_the_result(
    studiolo: CommandLine, home: Path, tmp_path: Path
) -> None:
    with_it = CommandLine(home, tmp_path, studiolo.monkeypatch)
    made = write_compiled_reranker(tmp_path / "judge")
    registry = Registry(folder=home / "models")
    added = registry.add_compiled(made, role="reranker", name="judge", licence="mit", source="here")
    words = ("search", "unused leave", "--collection", "documents", "--collection", "contracts")
    assert with_it.json(*words).document["reranked"] == 2
    assert with_it.json(*words, "--no-rerank").document["reranked"] == 0
    (added.path / "model.xml").write_text("noise")
    ran = with_it.json("search", "unused leave")
    assert (ran.code, len(ran.document["passages"]) > 0) == (0, True)
    assert "The reranker judge cannot be used" in ran.err
    assert "reranker" not in with_it.json("ask", QUESTION, "--no-model", "--no-rerank").err


def test_documents_that_differ_are_told_under_the_answer_and_copies_under_the_passage(
    own: CommandLine, tmp_path: Path
) -> None:
    docs = tmp_path / "differing"
    docs.mkdir()
    same = "The canteen of the house is open from Monday to Thursday, and on Fridays there is soup.\n"
    for year, days in ((2023, 20), (2024, 25)):
        text = f"Every employee has {days} days of paid leave per calendar year.\n"
        (docs / f"handbook-{year}.txt").write_text(text)
        (docs / f"canteen-{year}.txt").write_text(same)
    own("add", docs)
    own("sync")
    question = "How many days of paid leave does an employee have?"
    answer = own.json("ask", question, "--no-model").document
    (conflict,) = answer["conflicts"]
    assert [(side["value"], side["date"], side["current"]) for side in conflict["sides"]] == [
        ("25 days", "2024", True), ("20 days", "2023", False)
    ]  # fmt: skip
    assert all(own.slice_of(side) == side["quote"] for side in conflict["sides"])
    shown = own("ask", question, "--no-model").out
    assert "Your documents differ: Every employee paid leave calendar year" in shown
    assert " - 25 days: handbook-2024.txt (2024, the newest): “Every employee has 25 days" in shown

    rows = own.json("search", "canteen soup").document["passages"]
    assert [(row["copies"], row["also_in"]) for row in rows if "canteen-2023" in row["path"]] == [
        (1, [str(docs / "canteen-2024.txt")])
    ]
    assert "The same text stands in 1 other document: " in own("search", "canteen soup").out


def test_neighbouring_passages_are_shown_as_one_letter_for_letter(own: CommandLine, tmp_path: Path) -> None:
    docs = tmp_path / "long"
    docs.mkdir()
    text = "\n\n".join(f"Paragraph {n} tells of the lighthouse. " + "Waves came and went. " * 20 for n in range(4))
    (docs / "tale.txt").write_text(text)
    own("add", docs)
    own("sync")
    found = own.json("search", "lighthouse waves", "-k", "3").document["passages"]
    assert found
    assert all(own.slice_of(row) == row["text"] for row in found)
    assert own.json("ask", "What came and went at the lighthouse?", "--no-model").document["conflicts"] == []

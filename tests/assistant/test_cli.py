"""Every command of the contract: one JSON document on standard output, words on standard error, and the exit code."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import STUDIOLO, CommandLine, run_child
from gguf_files import small_model
from library import CONTRACT, write_library

from studiolo import __version__, cli
from studiolo.workspace import Workspace

pytestmark = pytest.mark.real_models

QUESTION = "How many days of unused leave may be carried over?"
ROW = {
    "path", "collection", "state", "code", "reason", "size_bytes", "pages", "parts", "chunks", "indexed_at", "parser",
    "ocr_pages", "warnings", "seconds",
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_library(tmp_path / "docs")


@pytest.fixture
def own(studiolo: CommandLine, tmp_path: Path) -> CommandLine:
    """The command line on a new data folder."""
    return CommandLine(tmp_path / "own", tmp_path, studiolo.monkeypatch)


def slice_of(studiolo: CommandLine, place: dict[str, Any]) -> str:
    """Give the words at a place, as `text` prints them."""
    text: str = studiolo.json("text", place["path"]).document["text"]
    return text[place["start"] : place["end"]]


# ---- the index ---------------------------------------------------------------------------------------------------


def test_add_sync_retry_and_remove_from_an_empty_folder_to_an_empty_folder(own: CommandLine, root: Path) -> None:
    added = own.json("add", root / "hr")
    assert (added.code, added.document["collection"], added.document["path"]) == (0, "documents", str(root / "hr"))
    assert own.json("add", root / "hr").document == added.document
    synced = own.json("sync")
    assert synced.code == 1
    assert synced.document["files"] == {"on_disk": 2, "indexed": 1, "skipped": 0, "failed": 1, "pending": 0}
    assert synced.document["changed"] == {"added": 2, "modified": 0, "moved": 0, "deleted": 0, "unchanged": 0}
    assert {"chunks_embedded", "chunks_reused", "bytes_read"} <= set(synced.document)
    assert set(synced.document["seconds"]) == {"scan", "extract", "embed", "write", "recognise", "total"}
    (root / "hr" / "broken.pdf").unlink()
    (root / "hr" / "mended.txt").write_text("Mended.")
    retried = own.json("retry", root / "hr" / "leave.md")
    assert (retried.code, retried.document["files"]["indexed"], retried.document["files"]["failed"]) == (0, 2, 0)
    removed = own.json("remove", root / "hr")
    assert (removed.code, removed.document["files"], removed.document["answers"]) == (0, 2, 0)
    assert removed.document["chunks"] >= 2
    assert own.json("files").document == []
    assert own.json("search", "leave").document["passages"] == []


def test_an_estimate_adds_nothing_and_is_close_to_what_is_indexed_then(own: CommandLine, root: Path) -> None:
    told = own.json("estimate", root / "hr")
    assert told.code == 0
    assert own.json("files").document == []
    own.json("add", root / "hr")
    synced = own.json("sync").document
    assert told.document["files"] == synced["files"]["on_disk"]
    assert told.document["chunks"] == synced["chunks_embedded"] + synced["chunks_reused"]
    said = own("estimate", root / "hr")
    assert "Ready in about" in said.out
    assert own.json("estimate", root / "nowhere").document["error"]["code"] == "folder.missing"


def test_patterns_are_previewed_kept_and_obeyed(own: CommandLine, root: Path) -> None:
    """R28."""
    own.json("add", root / "hr")
    own.json("sync")
    seen = own.json("exclude", root / "hr", "*.pdf", "--preview").document
    assert (seen["dropped"], seen["dropped_paths"]) == (1, [str(root / "hr" / "broken.pdf")])
    assert own.json("sync").document["files"]["skipped"] == 0
    assert own.json("exclude", root / "hr", "*.pdf").document["patterns"] == ["*.pdf"]
    assert own.json("sync").document["files"] == {"on_disk": 2, "indexed": 1, "skipped": 1, "failed": 0, "pending": 0}
    refused = own.json("exclude", root / "hr", "!")
    assert (refused.code, refused.document["error"]["code"]) == (2, "ignore.bad_pattern")
    assert own.json("exclude", root / "hr").document["patterns"] == []
    assert own.json("exclude", root, "--preview").document["error"]["code"] == "folder.unknown"


def test_sync_of_one_collection_leaves_the_others(own: CommandLine, root: Path) -> None:
    own("add", root / "hr", "--collection", "hr")
    own("add", root / "contracts", "--collection", "contracts")
    assert own.json("sync", "--collection", "contracts").document["files"]["on_disk"] == 1
    assert {row["collection"] for row in own.json("files").document} == {"contracts"}


def test_files_is_the_whole_ledger_with_a_reason_for_what_failed(studiolo: CommandLine, tmp_path: Path) -> None:
    """R12: shown, exportable."""
    table = tmp_path / "ledger.csv"
    rows = studiolo.json("files", "--csv", table).document
    assert len(rows) == 3
    assert all(set(row) >= ROW for row in rows)
    (failed,) = studiolo.json("files", "--state", "failed").document
    assert (Path(failed["path"]).name, failed["code"]) == ("broken.pdf", "file.damaged")
    assert failed["reason"]
    with table.open(encoding="utf-8", newline="") as stream:
        assert [row["path"] for row in csv.DictReader(stream)] == [row["path"] for row in rows]


def test_a_file_name_is_no_formula_for_a_spreadsheet_and_no_command_for_a_terminal(
    own: CommandLine, tmp_path: Path
) -> None:
    """S10."""
    root = tmp_path / "docs"
    root.mkdir()
    for name in ("=cmd|calc.xyz", "\x1b[31mred.xyz"):
        (root / name).write_text("Words.")
    own("add", root)
    own("sync")
    shown = own("files", "--csv", tmp_path / "ledger.csv")
    assert "red.xyz" in shown.out
    assert "\x1b" not in shown.out + shown.err
    with (tmp_path / "ledger.csv").open(encoding="utf-8", newline="") as stream:
        cells = [row["relative_path"] for row in csv.DictReader(stream)]
    assert "'=cmd|calc.xyz" in cells


@pytest.mark.skipif(os.name == "nt", reason="Windows has no names of bytes")
def test_a_name_that_is_no_utf_8_survives_json(own: CommandLine, tmp_path: Path) -> None:
    root = tmp_path / "docs"
    root.mkdir()
    file = os.fsencode(root) + b"/caf\xe9.txt"
    Path(os.fsdecode(file)).write_text("The canteen is open at noon.")
    own("add", root)
    assert own("sync").code == 0
    (passage,) = own.json("search", "canteen").document["passages"]
    assert os.fsencode(passage["path"]) == file
    assert slice_of(own, passage) == passage["text"]
    assert own("search", "canteen").code == 0


def test_text_shows_a_file_that_is_not_indexed_and_its_parts_cover_it(studiolo: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "note.md"
    file.write_text("# One\n\nFirst.\n\n# Two\n\nSecond 𝄞.\n", encoding="utf-8")
    shown = studiolo.json("text", file).document
    assert set(shown) >= {"path", "media_type", "parser", "parts", "text", "warnings"}
    assert "".join(shown["text"][p["start"] : p["end"]] for p in shown["parts"]) == shown["text"]
    assert [p["label"] for p in shown["parts"]] == ["One", "Two"]
    assert studiolo("text", file).out == shown["text"] + "\n"


# ---- search ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["hybrid", "vector", "text"])
def test_search_gives_exact_slices_in_order(studiolo: CommandLine, mode: str) -> None:
    found = studiolo.json("search", "unused leave", "--mode", mode, "-k", "2").document
    assert (found["query"], found["mode"]) == ("unused leave", mode)
    assert set(found["milliseconds"]) == {"embed", "vector", "text", "fuse", "rerank", "total"}
    assert [p["rank"] for p in found["passages"]] == list(range(1, len(found["passages"]) + 1))
    best = found["passages"][0]
    assert set(best) >= {"score", "path", "collection", "part", "page", "start", "end", "found_by", "sha256"}
    assert slice_of(studiolo, best) == best["text"]


def test_search_stays_in_its_collection_and_folder(studiolo: CommandLine, library_root: Path) -> None:
    """Several collections are searched together only when all are named."""
    words = ("search", "notice period of a contract")
    assert {p["collection"] for p in studiolo.json(*words).document["passages"]} == {"documents"}
    both = studiolo.json(*words, "--collection", "documents", "--collection", "contracts").document["passages"]
    assert {p["collection"] for p in both} == {"documents", "contracts"}
    scope = ("--collection", "documents", "--collection", "contracts", "--under", library_root / "contracts")
    under = studiolo.json(*words, *scope).document["passages"]
    assert [Path(p["path"]).name for p in under] == ["albers.md"]


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


# ---- answers -----------------------------------------------------------------------------------------------------


def test_an_answer_without_a_model_is_quoted_letter_for_letter(studiolo: CommandLine) -> None:
    """Promise 2."""
    ran = studiolo.json("ask", QUESTION, "--no-model")
    answer = ran.document
    assert ran.code == 0
    (citation,) = answer["citations"]
    assert slice_of(studiolo, citation) == citation["quote"]
    assert "ten days" in citation["quote"]
    assert (answer["refused"], answer["model"], answer["seed"], citation["stale"]) == (False, None, None, False)
    assert answer["coverage"] == {"files_in_scope": 2, "searched": 1, "failed": 1, "skipped": 0, "pending": 0}


def test_an_answer_for_people_names_its_source(studiolo: CommandLine) -> None:
    shown = studiolo("ask", QUESTION, "--no-model").out
    assert "ten days" in shown
    assert "[1] leave.md, Leave: “" in shown
    assert "2 files in scope, 1 searched, 1 unreadable" in shown


def test_a_question_about_something_else_is_refused_with_exit_code_0(studiolo: CommandLine) -> None:
    ran = studiolo.json("ask", "Who won the football world cup in 1954?", "--no-model")
    assert (ran.code, ran.document["refused"], ran.document["citations"]) == (0, True, [])


def test_the_installed_command_prints_one_document_and_no_word_of_it_on_standard_error(home: Path) -> None:
    """The real entry point; the answer with a model is tried in test_offline_whole_path.py."""
    ran = run_child(["ask", QUESTION, "--no-model", "--json"], home=home)
    assert (ran.code, ran.out.count("\n")) == (0, 1)
    assert "ten days" in ran.document["citations"][0]["quote"]
    assert "ten days" not in ran.err


# ---- watch, models, doctor ---------------------------------------------------------------------------------------


@pytest.fixture
def watching(home: Path) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen([STUDIOLO, "watch", "--home", str(home)], stdout=subprocess.PIPE, text=True)
    yield child
    child.kill()
    child.communicate(timeout=20)


def test_watch_prints_a_line_for_each_file_until_it_is_interrupted(
    watching: subprocess.Popen[str], library_root: Path, home: Path
) -> None:
    assert watching.stdout is not None
    # Files that were saved a moment ago are looked at again, and the damaged one is told of before.
    ready = next(line for line in watching.stdout if "damaged" not in line)
    assert json.loads(ready) == {"event": "ready"}
    new = library_root / "hr" / "new.txt"
    try:
        new.write_text("The car park is behind the house.")
        line = json.loads(watching.stdout.readline())
        assert (line["event"], line["path"]) == ("indexed", str(new))
        assert line["time"]
    finally:
        new.unlink()
    line = json.loads(watching.stdout.readline())
    assert (line["event"], line["path"]) == ("deleted", str(new))
    watching.send_signal(signal.SIGTERM)
    assert watching.wait(30) == 130
    assert watching.stdout.read() == ""


def test_models_are_listed_added_verified_chosen_and_removed(own: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "tiny.gguf"
    file.write_bytes(small_model())
    added = own.json("models", "add", file).document
    assert (added["name"], added["role"], added["licence"], added["source"]) == ("tiny", "chat", "mit", "tiny.gguf")
    assert own.json("models", "verify", "tiny").document["sha256"] == added["sha256"]
    assert own.json("models", "use", "tiny").document["in_use"]
    listed = own.json("models", "list").document
    assert {(m["role"], m["in_use"]) for m in listed if m["name"] in ("tiny", "SmolLM2-135M-Instruct")} == {
        ("chat", True),
        ("chat", False),
    }
    assert own.json("models", "remove", "tiny").code == 0
    assert "tiny" not in own("models", "list").out


def test_doctor_finds_a_new_installation_well(tmp_path: Path) -> None:
    ran = run_child(["doctor", "--json"], home=tmp_path / "new")
    findings = {f["check"]: f for f in ran.document}
    assert [f for f in findings.values() if not f["ok"]] == []
    assert ran.code == 0
    assert {"no IPv4 socket", "no socket from native code", "no listening socket", "index"} <= set(findings)


def test_doctor_ends_with_1_when_there_is_something_to_look_at(own: CommandLine) -> None:
    """This process has no guards, so that the network is in reach."""
    ran = own("doctor")
    assert ran.code == 1
    assert "PROBLEM no IPv4 socket" in ran.out


# ---- usage -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["adapters", "eval", "find-all", "questions", "self-test"])
def test_a_command_of_a_later_version_says_so(studiolo: CommandLine, name: str) -> None:
    ran = studiolo.json(name, "list", "-n", "3")
    assert (ran.code, ran.error["code"]) == (2, "command.not_yet")
    assert name in ran.error["message"]


@pytest.mark.parametrize(
    "words",
    [
        ("frobnicate",),
        ("search",),
        ("search", "x", "--queries", "a.jsonl", "--out", "b.jsonl"),
        ("ask", "--questions", "a.jsonl"),
        ("ask", "x", "-k", "0"),
        ("files", "--no-such-option"),
        ("models", "frobnicate"),
    ],
)
def test_wrong_usage_ends_with_2_and_prints_nothing_on_standard_output(
    studiolo: CommandLine, words: tuple[str, ...]
) -> None:
    ran = studiolo(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage:" in ran.err


def test_the_version_is_told_without_a_data_folder(capsys: pytest.CaptureFixture[str], studiolo_home: Path) -> None:
    with pytest.raises(SystemExit) as left:
        cli.app(["--version"], prog_name="studiolo")
    assert (left.value.code, capsys.readouterr().out) == (0, f"studiolo {__version__}\n")
    assert not studiolo_home.exists()


def test_what_a_reader_sees_while_another_command_writes(studiolo: CommandLine, home: Path, library: Workspace) -> None:
    """The writer's lock keeps a second writer out, and no reader."""
    lock = Workspace(type(library.paths)(home)).writer_lock()
    try:
        refused = studiolo.json("sync", home=home)
        assert (refused.code, refused.error["code"]) == (3, "store.locked")
        assert studiolo.json("search", "leave", home=home).document["passages"]
        assert len(studiolo.json("files", home=home).document) == 3
        assert studiolo.json("ask", QUESTION, "--no-model", home=home).document["citations"]
    finally:
        lock.release()
    assert studiolo.json("sync", home=home).code == 1


def test_originals_are_only_read(own: CommandLine, root: Path) -> None:
    """Promise 5, through the commands."""
    files = sorted(p for p in root.rglob("*") if p.is_file())
    before = [(p.read_bytes(), p.stat().st_mtime_ns, p.stat().st_mode, p.stat().st_ino) for p in files]
    own("add", root / "contracts")
    own("sync")
    own("ask", "What is the notice period?", "--no-model")
    own("remove", root / "contracts")
    assert sorted(p for p in root.rglob("*") if p.is_file()) == files
    assert [(p.read_bytes(), p.stat().st_mtime_ns, p.stat().st_mode, p.stat().st_ino) for p in files] == before
    assert not any(CONTRACT.encode() in p.read_bytes() for p in own.home.rglob("*") if p.is_file())
    shutil.rmtree(own.home)

"""The commands over what is indexed: one JSON document, words on standard error, and the exit code."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import STUDIOLO, CommandLine
from library import CONTRACT

from studiolo.workspace import Workspace

pytestmark = pytest.mark.real_models

QUESTION = "How many days of unused leave may be carried over?"
ROW = {
    "path", "collection", "state", "code", "reason", "size_bytes", "pages", "parts", "chunks", "indexed_at", "parser",
    "ocr_pages", "warnings", "seconds",
}  # fmt: skip


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
    assert own.slice_of(passage) == passage["text"]
    assert own("search", "canteen").code == 0


def test_text_shows_a_file_that_is_not_indexed_and_its_parts_cover_it(studiolo: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "note.md"
    file.write_text("# One\n\nFirst.\n\n# Two\n\nSecond 𝄞.\n", encoding="utf-8")
    shown = studiolo.json("text", file).document
    assert set(shown) >= {"path", "media_type", "parser", "parts", "text", "warnings"}
    assert "".join(shown["text"][p["start"] : p["end"]] for p in shown["parts"]) == shown["text"]
    assert [p["label"] for p in shown["parts"]] == ["One", "Two"]
    assert studiolo("text", file).out == shown["text"] + "\n"


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

"""What people and disks get wrong: a code, a sentence, a hint, and the right exit code; never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
import small_disk
from command_line import CommandLine, run_child
from gguf_files import small_adapter, small_model, starter_adapter
from library import write_library
from small_disk import run_with_own_mounts

from studiolo.errors import EXIT_ENVIRONMENT, EXIT_PROBLEM, EXIT_USAGE
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace

pytestmark = pytest.mark.real_models

QUESTION = "How many days of unused leave may be carried over?"
AS_OTHERS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
"""Root without its right to read everything: what every other user is."""
ON_FULL_DISK = """
import json, shutil, subprocess, sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
from small_disk import mount_disk, resize_disk
from studiolo_indexer.catalogue import Catalogue
disk, home, studiolo = mount_disk(Path(sys.argv[1]), int(sys.argv[5])), sys.argv[2], sys.argv[3]
shutil.copytree(home, disk, symlinks=True, dirs_exist_ok=True)
def run(*words):
    done = subprocess.run([studiolo, *words, "--json", "--home", str(disk)], capture_output=True, text=True)
    return {"code": done.returncode, "document": json.loads(done.stdout), "err": done.stderr}
full = run("sync")
resize_disk(disk, 50_000)
catalogue = Catalogue(disk / "index/catalogue.sqlite", read_only=True)
failed = [Path(f.path_text).name for f in catalogue.files(state="failed")]
print(json.dumps({"full": full, "failed": failed, "after": run("sync")}))
"""


# ---- folders -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "code"),
    [
        ("{root}/nowhere", "folder.missing"),
        ("{root}/hr/leave.md", "folder.not_a_directory"),
        ("/", "folder.refused"),
        ("{home}", "folder.refused"),
        ("{root}/hr", "folder.overlaps"),
        ("{root}", "folder.overlaps"),
        ("", "path.bad"),
        ("~nobody-of-this-name/docs", "path.bad"),
    ],
)
def test_a_folder_that_cannot_be_watched_is_named(
    studiolo: CommandLine, library_root: Path, folder: str, code: str
) -> None:
    place = folder.format(root=library_root, home=studiolo.home)
    ran = studiolo.json("add", place, "--collection", "other")
    assert (ran.code, ran.error["code"]) == (EXIT_USAGE, code)
    assert "other" not in {row["collection"] for row in studiolo.json("files").document}


def test_a_folder_that_is_not_watched_cannot_be_removed(studiolo: CommandLine, tmp_path: Path) -> None:
    ran = studiolo.json("remove", tmp_path)
    assert (ran.code, ran.error["code"]) == (EXIT_USAGE, "folder.unknown")


@pytest.mark.skipif(os.name == "nt", reason="rights are others on Windows")
def test_a_folder_without_permission_is_named_and_a_file_without_it_is_in_the_ledger(
    studiolo: CommandLine, tmp_path: Path, empty_home: Path
) -> None:
    as_others: list[str] = []
    if os.geteuid() == 0:
        if shutil.which(AS_OTHERS[0]) is None:
            pytest.skip("root may read everything, and setpriv is not there to take that right away")
        as_others = AS_OTHERS
    closed, root = tmp_path / "closed", tmp_path / "docs"
    closed.mkdir(mode=0o000)
    root.mkdir()
    (root / "closed.txt").write_text("Nobody may read this.")
    (root / "closed.txt").chmod(0o000)
    try:
        ran = run_child(["add", closed, "--json"], home=empty_home, prefix=as_others)
        assert (ran.code, ran.error["code"]) == (EXIT_ENVIRONMENT, "folder.unreadable")
        studiolo("add", root, home=empty_home)
        synced = run_child(["sync", "--json"], home=empty_home, prefix=as_others)
        assert (synced.code, synced.document["files"]["failed"]) == (EXIT_PROBLEM, 1)
        assert "file.unreadable" in synced.err
    finally:
        closed.chmod(0o700)


# ---- files, words and rows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (("text", "{root}/nowhere.txt"), EXIT_USAGE, "file.vanished"),
        (("text", "{root}/hr"), EXIT_PROBLEM, "file.unreadable"),
        (("text", "{root}/hr/broken.pdf"), EXIT_PROBLEM, "file.damaged"),
        (("retry", "{root}/nowhere.txt"), EXIT_USAGE, "file.unknown"),
        (("files", "--state", "flying"), EXIT_USAGE, "question.bad_state"),
        (("files", "--csv", "{root}/nowhere/ledger.csv"), EXIT_USAGE, "output.unwritable"),
        (("files", "--csv", "{root}"), EXIT_USAGE, "output.unwritable"),
        (("search", "leave", "--mode", "magic"), EXIT_USAGE, "question.bad_mode"),
        (("search", "leave", "--collection", "nowhere"), EXIT_USAGE, "collection.unknown"),
        (("search", "--queries", "{root}/nowhere.jsonl", "--out", "{root}/o"), EXIT_USAGE, "question.bad_file"),
        (("search", "--queries", "{rows}", "--out", "{root}/nowhere/o"), EXIT_USAGE, "output.unwritable"),
        (("ask", " "), EXIT_USAGE, "question.empty"),
        (("ask", "leave", "--collection", "nowhere", "--no-model"), EXIT_USAGE, "collection.unknown"),
        (("ask", QUESTION, "--model", "nothing"), EXIT_ENVIRONMENT, "model.missing"),
        (("sync", "--collection", "nowhere"), EXIT_USAGE, "collection.unknown"),
        (("models", "verify", "nothing"), EXIT_ENVIRONMENT, "model.missing"),
        (("models", "remove", "SmolLM2-135M-Instruct"), EXIT_ENVIRONMENT, "model.unsupported"),
        (("models", "add", "{root}/nowhere.gguf"), EXIT_ENVIRONMENT, "model.file_gone"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_code(
    studiolo: CommandLine, library_root: Path, tmp_path: Path, words: tuple[str, ...], exit_code: int, code: str
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id":1,"query":"leave"}')
    ran = studiolo.json(*(word.format(root=library_root, rows=rows) for word in words))
    assert (ran.code, ran.error["code"]) == (exit_code, code)
    assert code not in ran.error["message"]


@pytest.mark.parametrize("line", ["no json", "[]", '{"id":1}', '{"query":"x"}', '{"id":1,"query":7}', "[" * 100_000])
def test_a_mistake_in_a_file_of_questions_is_found_before_anything_is_written(
    studiolo: CommandLine, tmp_path: Path, line: str
) -> None:
    queries, out = tmp_path / "queries.jsonl", tmp_path / "out.jsonl"
    queries.write_text('{"id":1,"query":"leave"}\n' + line)
    out.write_text("the results of yesterday")
    ran = studiolo.json("search", "--queries", queries, "--out", out)
    assert (ran.code, ran.error["code"]) == (EXIT_USAGE, "question.bad_file")
    assert "line 2" in ran.error["message"]
    assert out.read_text() == "the results of yesterday"


def test_results_may_take_the_place_of_their_questions(studiolo: CommandLine, tmp_path: Path) -> None:
    """They were read whole before: otherwise an empty file would be left of both."""
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id":1,"query":"leave"}')
    assert studiolo("search", "--queries", rows, "--out", rows).code == 0
    assert json.loads(rows.read_text())["passages"]


# ---- models ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [small_model()[:-200], small_model()[:100], b"GGUF", b"Some text, renamed.\n" * 50, b""],
    ids=["tail cut", "head cut", "magic alone", "text", "empty"],
)
def test_a_broken_gguf_is_refused_and_not_kept(studiolo: CommandLine, home: Path, tmp_path: Path, data: bytes) -> None:
    """S2."""
    file = tmp_path / "model.gguf"
    file.write_bytes(data)
    ran = studiolo.json("models", "add", file, home=home)
    assert (ran.code, ran.error["code"]) == (EXIT_ENVIRONMENT, "model.damaged")
    assert [m["name"] for m in studiolo.json("models", "list", home=home).document if not m["builtin"]] == []
    assert list((home / "models").iterdir()) == []


def test_an_adapter_for_another_model_is_refused_before_the_answer(
    studiolo: CommandLine, home: Path, tmp_path: Path
) -> None:
    """S3: the base that an adapter names must be the base in use."""
    other, fitting = tmp_path / "other.gguf", tmp_path / "fitting.gguf"
    other.write_bytes(small_adapter())
    fitting.write_bytes(starter_adapter())
    assert studiolo("models", "add", other, home=home).code == 0
    assert studiolo("models", "add", fitting, home=home).code == 0
    for words, code in (
        (("--adapter", "other"), "model.wrong_base_for_lora"),
        (("--adapter", "nothing"), "model.missing"),
        (("--adapter", "SmolLM2-135M-Instruct"), "model.unsupported"),
        (("--model", "fitting"), "model.unsupported"),
    ):
        ran = studiolo.json("ask", QUESTION, *words, home=home)
        assert (ran.code, ran.error["code"]) == (EXIT_ENVIRONMENT, code), words
    ran = studiolo.json("models", "use", "fitting", home=home)
    assert (ran.code, ran.error["code"]) == (EXIT_ENVIRONMENT, "model.unsupported")


# ---- the data folder ---------------------------------------------------------------------------------------------


def test_a_full_disk_stops_a_sync_marks_no_file_and_costs_nothing_afterwards(
    studiolo: CommandLine, tmp_path: Path, empty_home: Path
) -> None:
    """The real commands on a real disk of 130 KB."""
    root = tmp_path / "docs"
    root.mkdir()
    for n in range(20):
        (root / f"{n}.txt").write_text(f"Text number {n} is about subject{n}.")
    studiolo("add", root, home=empty_home)
    support = str(Path(small_disk.__file__).parent)
    entry = str(Path(sys.executable).with_name("studiolo"))
    arguments = [str(tmp_path / "disk"), str(empty_home), entry, support, "130"]
    found = json.loads(run_with_own_mounts([sys.executable, "-c", ON_FULL_DISK, *arguments]))
    assert (found["full"]["code"], found["full"]["document"]["error"]["code"]) == (EXIT_ENVIRONMENT, "store.full")
    assert "Traceback" not in found["full"]["err"]
    assert found["failed"] == []
    assert found["after"]["code"] == 0
    files = found["after"]["document"]["files"]
    assert files == {"on_disk": 20, "indexed": 20, "skipped": 0, "failed": 0, "pending": 0}


def test_damaged_settings_are_named_and_left_as_they_are(studiolo: CommandLine, home: Path) -> None:
    for text in ("passages = ", 'passages = "six"', "\udcff"):
        settings = home / "settings.toml"
        settings.write_bytes(text.encode("utf-8", "surrogateescape"))
        ran = studiolo.json("files", home=home)
        assert (ran.code, ran.error["code"]) == (EXIT_ENVIRONMENT, "settings.damaged")
        assert settings.read_bytes() == text.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("damage", ["no database", "a broken page", "a newer version"])
def test_a_damaged_catalogue_is_named_by_every_command_and_left_alone(
    studiolo: CommandLine, home: Path, damage: str
) -> None:
    path = home / "index" / "catalogue.sqlite"
    data = path.read_bytes()
    broken = {
        "no database": b"not a database, but long enough to look like one" * 20,
        "a broken page": data[:4096] + b"\xff" * (len(data) - 4096),
        "a newer version": data[:60] + b"\x00\x00\x00\x63" + data[64:],
    }[damage]
    path.write_bytes(broken)
    for words in (("files",), ("sync",), ("search", "leave"), ("ask", QUESTION, "--no-model")):
        ran = studiolo.json(*words, home=home)
        assert (ran.code, ran.error["code"]) == (EXIT_ENVIRONMENT, "store.damaged"), words
    assert path.read_bytes() == broken


@pytest.mark.parametrize("home_text", ["{root}/hr/leave.md", "{root}/hr/leave.md/below"])
def test_a_data_folder_that_cannot_be_made_is_named(studiolo: CommandLine, library_root: Path, home_text: str) -> None:
    ran = studiolo.json("files", home=home_text.format(root=library_root))
    assert (ran.code, ran.error["code"]) == (EXIT_ENVIRONMENT, "store.unwritable")


def test_without_a_model_everything_but_answers_in_its_own_words_goes_on(
    studiolo: CommandLine, home: Path, monkeypatch: pytest.MonkeyPatch, library: Workspace
) -> None:
    embedder = [m for m in library.registry.list_models() if m.role == "embedder"]
    monkeypatch.setattr("studiolo_models.registry.Registry.list_models", lambda self: embedder)
    ran = studiolo.json("ask", QUESTION, home=home)
    assert (ran.code, ran.error["code"]) == (EXIT_ENVIRONMENT, "model.missing")
    assert studiolo.json("ask", QUESTION, "--no-model", home=home).document["citations"]
    assert studiolo.json("search", "leave", home=home).code == 0


@pytest.mark.logs("KeyError")
def test_a_bug_is_said_with_an_id_and_without_a_traceback(
    studiolo: CommandLine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise KeyError("SECRET WORDS")

    monkeypatch.setattr("studiolo.view_desk.ViewDesk.handle", fail)
    ran = studiolo.json("files", home=home)
    assert (ran.code, ran.error["code"]) == (EXIT_ENVIRONMENT, "bug.unexpected")
    assert "SECRET WORDS" not in ran.out + ran.err


def test_the_other_folders_of_a_home_are_private_after_any_command(studiolo: CommandLine, tmp_path: Path) -> None:
    """Promise 8: the data folder is 0700, its files 0600."""
    home = tmp_path / "new"
    root = write_library(tmp_path / "docs")
    studiolo("add", root / "contracts", home=home)
    studiolo("sync", home=home)
    studiolo("ask", "What is the notice period?", "--no-model", home=home)
    assert AppPaths(home).catalogue.exists()
    modes = {p.relative_to(home).as_posix(): oct(p.stat().st_mode & 0o777) for p in (home, *home.rglob("*"))}
    assert {name for name, mode in modes.items() if mode not in ("0o700", "0o600")} == set()

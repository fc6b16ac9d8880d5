"""Whether a cited file is still what was cited: the ledger tells, and where it cannot, the file itself."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from studiolo import messages
from studiolo.desk import Job, Json
from studiolo.index_desk import IndexDesk
from studiolo.paths import AppPaths
from studiolo.source_states import MOST_SOURCES
from studiolo.view_desk import ViewDesk
from studiolo.workspace import Workspace
from studiolo_models.fakes import FakeEmbedder

WORDS = "The canteen is open at noon.\n"


class Watched:
    """A folder that is indexed, and what is known of its files."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "docs"
        self.root.mkdir()
        for name in ("a.md", "b.md"):
            (self.root / name).write_text(f"# {name}\n\n{WORDS}")
        self.workspace = Workspace(AppPaths(folder / "home"))
        self.workspace._embedder = FakeEmbedder()
        self.quoted = {name: self.source(name) for name in ("a.md", "b.md")}
        self.index()

    def source(self, name: str) -> Json:
        path = self.root / name
        return {"path": str(path), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}

    def index(self, *others: tuple[Path, str]) -> None:
        desk = IndexDesk(self.workspace, emit=lambda event: None, post=lambda step: step())
        for root, collection in ((self.root, "documents"), *others):
            desk.handle(messages.AddFolder(id="a", path=str(root), collection=collection), Job())
        desk.handle(messages.Sync(id="s"), Job())
        desk.close()

    def check(self, *sources: Json) -> list[Json]:
        desk = ViewDesk(self.workspace)
        request = messages.CheckSources(id="c", sources=sources or tuple(self.quoted.values()))
        found: list[Json] = desk.handle(request, Job())["sources"]
        desk.close()
        return found


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def edit(watched: Watched) -> None:
    (watched.root / "a.md").write_text("Something else, and longer than before: the canteen is open at one.")


def test_nothing_is_said_of_files_that_are_what_they_were(watched: Watched) -> None:
    assert watched.check() == []


@pytest.mark.parametrize("indexed", [False, True])
def test_an_edited_file_has_changed_before_and_after_it_is_read_again(watched: Watched, indexed: bool) -> None:
    edit(watched)
    if indexed:
        watched.index()
    assert watched.check() == [{**watched.quoted["a.md"], "state": "changed", "now": None}]


@pytest.mark.parametrize("indexed", [False, True])
def test_a_file_that_was_only_touched_is_what_it_was(watched: Watched, indexed: bool) -> None:
    os.utime(watched.root / "a.md", (1, 1))
    if indexed:
        watched.index()
    assert watched.check() == []


@pytest.mark.parametrize("indexed", [False, True])
def test_a_file_that_was_put_back_is_what_it_was(watched: Watched, indexed: bool) -> None:
    before = (watched.root / "a.md").read_text()
    edit(watched)
    watched.index()
    (watched.root / "a.md").write_text(before)
    if indexed:
        watched.index()
    assert watched.check() == []


@pytest.mark.parametrize("indexed", [False, True])
def test_a_removed_file_is_gone(watched: Watched, indexed: bool) -> None:
    (watched.root / "b.md").unlink()
    if indexed:
        watched.index()
    assert watched.check() == [{**watched.quoted["b.md"], "state": "gone", "now": None}]


def test_a_renamed_file_has_moved_and_where_is_said(watched: Watched) -> None:
    """R13: a rename keeps citations valid."""
    (watched.root / "b.md").rename(watched.root / "c.md")
    watched.index()
    assert watched.check() == [{**watched.quoted["b.md"], "state": "moved", "now": str(watched.root / "c.md")}]


@pytest.mark.parametrize(("collection", "state"), [("documents", "moved"), ("private", "gone")])
def test_a_copy_behind_the_wall_of_another_collection_is_not_where_a_file_went(
    watched: Watched, tmp_path: Path, collection: str, state: str
) -> None:
    """Collections are walls: a source of one is never shown by a file of another."""
    other = tmp_path / "other"
    other.mkdir()
    copy = shutil.copy(watched.root / "b.md", other / "copy.md")
    watched.index((other, collection))
    (watched.root / "b.md").unlink()
    watched.index()
    now = str(copy) if state == "moved" else None
    assert watched.check() == [{**watched.quoted["b.md"], "state": state, "now": now}]


def test_a_file_on_a_drive_that_is_away_is_not_said_to_be_gone(watched: Watched) -> None:
    """R7: the passages still answer."""
    shutil.move(watched.root, watched.root.with_name("away"))
    assert watched.check() == []


@pytest.mark.parametrize(
    "odd", [{}, {"path": 3, "sha256": "x"}, {"path": "/etc/passwd"}, {"sha256": "x"}], ids=lambda odd: str(list(odd))
)
def test_what_names_no_version_of_a_file_is_passed_over(watched: Watched, odd: Json) -> None:
    edit(watched)
    assert [row["state"] for row in watched.check(odd, watched.quoted["a.md"])] == ["changed"]


def test_each_source_is_looked_at_once_and_not_without_end(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(watched)
    asked: list[Path] = []

    def heard(path: Path, sha256: str) -> bool:
        asked.append(path)
        return False

    monkeypatch.setattr("studiolo.source_states.is_version", heard)
    source = watched.quoted["a.md"]
    assert len(watched.check(*[source] * 9)) == len(asked) == 1
    assert watched.check(*[{}] * MOST_SOURCES, source) == []


def test_a_name_that_is_no_unicode_is_found(watched: Watched) -> None:
    name = os.fsencode(watched.root) + b"/caf\xe9.md"
    with open(name, "w") as stream:
        stream.write(WORDS)
    watched.index()
    source = {"path": os.fsdecode(name), "sha256": hashlib.sha256(WORDS.encode()).hexdigest()}
    assert watched.check(source) == []
    os.unlink(name)
    assert [row["path"] for row in watched.check(source)] == [source["path"]]


def test_of_files_that_are_too_much_to_read_nothing_is_said_until_they_are_in_the_ledger(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studiolo.source_states._READ_BYTES", 20)
    edit(watched)
    assert watched.check() == []
    watched.index()
    assert [row["state"] for row in watched.check()] == ["changed"]

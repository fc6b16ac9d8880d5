"""R28: patterns are previewed before they act, and what they leave out is no longer found."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from world import World

from studiolo_indexer.errors import FolderUnknown, FolderUnreadable, PatternsBad, Stopped
from studiolo_indexer.excluding import preview
from studiolo_indexer.records import FileEvent, WatchedFolder


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "docs").mkdir()
    made = World(root=tmp_path / "docs", data=tmp_path / "data")
    made.indexer.add_folder(made.root, collection="documents")
    for name in ("rules.md", "drafts/rules.md", "drafts/old/rules.md", "log.txt"):
        path = made.write(name, f"The rule of {name} says what is due.")
        os.utime(path, (10**9, 10**9))
    made.sync()
    yield made
    made.restart()


def folder(world: World) -> WatchedFolder:
    return world.indexer.folder_at(world.root)


def names(world: World, paths: tuple[bytes, ...]) -> list[str]:
    return [os.path.relpath(os.fsdecode(p), world.root) for p in paths]


def test_a_preview_names_what_would_go_and_what_would_come_back_and_changes_nothing(world: World) -> None:
    change = preview(folder(world), ["drafts/", "*.txt"], stop=threading.Event())
    assert names(world, change.dropped) == ["drafts/old/rules.md", "drafts/rules.md", "log.txt"]
    assert change.returned == ()
    assert world.sync().files.indexed == 4
    world.indexer.exclude(world.root, ["drafts/", "*.txt"])
    change = preview(folder(world), ["*.txt", "rules.md"], stop=threading.Event())
    assert names(world, change.dropped) == ["rules.md"]
    assert change.returned == ()
    change = preview(folder(world), [], stop=threading.Event())
    assert len(change.returned) == 3


def test_what_is_left_out_is_not_found_and_comes_back_with_its_patterns_gone(world: World) -> None:
    world.indexer.exclude(world.root, ["drafts/"])
    report = world.sync()
    assert (report.files.indexed, report.files.skipped) == (2, 1)
    assert world.found("rule of drafts") == set()
    assert world.ledger()["drafts"].code == "ignored.pattern"
    world.restart()
    assert folder(world).patterns == "drafts/"  # they are kept
    assert world.sync().files.indexed == 2
    world.indexer.exclude(world.root, [])
    assert world.sync().files.indexed == 4
    assert world.found("rule of drafts") == {"rules.md"}


def test_a_hint_of_the_watcher_obeys_them_too(world: World) -> None:
    """R5: one rule for scan and watcher."""
    world.indexer.exclude(world.root, ["drafts/"])
    world.sync()
    new = world.write("drafts/new.md", "A new draft.")
    world.indexer.apply([FileEvent(folder(world).folder_id, os.fsencode(new))])
    assert "new.md" not in world.ledger()


def test_what_is_no_pattern_or_no_watched_folder_is_named(world: World, tmp_path: Path) -> None:
    with pytest.raises(PatternsBad):
        world.indexer.exclude(world.root, ["!"])
    with pytest.raises(FolderUnknown):
        world.indexer.exclude(tmp_path, ["*.txt"])
    assert folder(world).patterns == ""


def test_a_folder_that_is_away_cannot_be_previewed_and_a_stop_ends_it(world: World) -> None:
    watched, stop = folder(world), threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        preview(watched, ["*.txt"], stop=stop)
    world.root.rename(world.root.with_name("away"))
    with pytest.raises(FolderUnreadable):
        preview(watched, ["*.txt"], stop=threading.Event())
    world.root.with_name("away").rename(world.root)

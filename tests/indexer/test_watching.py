"""Hints: gathered, for the right places, and none for what changes nothing."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdog.observers import Observer

from studiolo_indexer.records import FileEvent, WatchedFolder
from studiolo_indexer.watching import Watcher, _Hints, file_system_of


class Hints:
    """Gathers what the watcher says, and waits for a place."""

    def __init__(self) -> None:
        self.places: set[str] = set()
        self.rescans = 0
        self._changed = threading.Condition()

    def changes(self, events: list[FileEvent]) -> None:
        with self._changed:
            self.places |= {Path(os.fsdecode(e.path)).name for e in events}
            self._changed.notify_all()

    def rescan(self, folder: WatchedFolder) -> None:
        with self._changed:
            self.rescans += 1
            self._changed.notify_all()

    def wait_for(self, *names: str) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: set(names) <= self.places, timeout=10)


@pytest.fixture
def hints() -> Hints:
    return Hints()


@pytest.fixture
def watcher(hints: Hints, tmp_path: Path) -> Iterator[Watcher]:
    made = Watcher(on_changes=hints.changes, on_rescan=hints.rescan, poll_interval_s=0.2)
    (tmp_path / "docs").mkdir()
    yield made
    made.stop()


def folder(tmp_path: Path) -> WatchedFolder:
    root = tmp_path / "docs"
    return WatchedFolder(1, os.fsencode(root), str(root), "documents", "")


def test_a_new_a_changed_a_moved_and_a_deleted_file_are_hinted(watcher: Watcher, hints: Hints, tmp_path: Path) -> None:
    root = tmp_path / "docs"
    (root / "old.txt").write_text("x")
    (root / "gone.txt").write_text("x")
    watcher.watch([folder(tmp_path)])
    assert watcher.mode(1) == "native"
    (root / "new.txt").write_text("x")
    (root / "old.txt").rename(root / "moved.txt")
    (root / "gone.txt").unlink()
    assert hints.wait_for("new.txt", "old.txt", "moved.txt", "gone.txt")


def test_reading_opening_and_attributes_wake_nobody(watcher: Watcher, hints: Hints, tmp_path: Path) -> None:
    """R4: chmod, touch -a, open and close of every file; our own reads wake no watcher."""
    path = tmp_path / "docs" / "a.txt"
    path.write_text("x")
    watcher.watch([folder(tmp_path)])
    path.read_text()
    path.chmod(0o600)
    os.utime(path, (1, path.stat().st_mtime))
    # A real change afterwards shows that the silence before it was heard.
    (tmp_path / "docs" / "end.txt").write_text("x")
    assert hints.wait_for("end.txt")
    assert "a.txt" not in hints.places


@pytest.mark.logs("used up")
def test_where_the_system_s_watches_are_used_up_a_folder_is_polled(
    watcher: Watcher, hints: Hints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R7, second half."""

    def used_up(self: object) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(Observer, "start", used_up)
    watcher.watch([folder(tmp_path)])
    assert watcher.mode(1) == "polling"
    (tmp_path / "docs" / "new.txt").write_text("x")
    assert hints.wait_for("new.txt")


def test_a_folder_that_is_no_longer_wanted_is_no_longer_watched(watcher: Watcher, hints: Hints, tmp_path: Path) -> None:
    watcher.watch([folder(tmp_path)])
    watcher.watch([])
    with pytest.raises(KeyError):
        watcher.mode(1)


def test_too_many_hints_become_one_rescan() -> None:
    gathered = _Hints()
    for n in range(2500):
        gathered.add(FileEvent(1, b"%d" % n))
    gathered.add(FileEvent(1, b"one more"))
    places, overflowing = gathered.take()
    assert (places, overflowing) == ([], {1})
    assert gathered.take() == ([], set())


def test_the_same_place_is_hinted_once() -> None:
    gathered = _Hints()
    for _ in range(5):
        gathered.add(FileEvent(1, b"a"))
    assert gathered.take()[0] == [FileEvent(1, b"a")]


@pytest.mark.skipif(not Path("/proc/self/mounts").exists(), reason="only Linux lists its mounts there")
def test_the_file_system_of_a_folder_is_known() -> None:
    assert file_system_of(b"/proc") == "proc"

"""R27: a file that lies in the cloud alone is never opened, which would download it, and is listed as skipped."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from world import World

from studiolo_indexer import admission
from studiolo_indexer.admission import Admission
from studiolo_indexer.records import FileEvent

OPENED: list[str] = []
LISTENING: list[bool] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:  # Any: what an event of the interpreter carries
    if LISTENING and event == "open":
        OPENED.append(os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else "")


sys.addaudithook(_hear)


@contextmanager
def opened_files() -> Iterator[list[str]]:
    """Hear of every file that this process opens, whichever way."""
    OPENED.clear()
    LISTENING.append(True)
    yield OPENED
    LISTENING.pop()


@pytest.fixture
def in_the_cloud(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of files that lie in the cloud alone; this system has no such mark, so that their inodes stand for it."""
    names: set[str] = set()
    root: list[Path] = []

    def is_online_only(status: os.stat_result) -> bool:
        return any(status.st_ino == path.stat().st_ino for path in root[0].iterdir() if path.name in names)

    def of(path: bytes, patterns: str = "") -> Admission:
        root[:] = [Path(os.fsdecode(path))]
        return made(path, patterns)

    made = Admission.of
    monkeypatch.setattr(Admission, "of", of)
    monkeypatch.setattr(admission, "is_online_only", is_online_only)
    return names


@pytest.mark.parametrize(
    ("mark", "skipped"),
    [
        ({"st_file_attributes": 0x20}, False),
        ({"st_file_attributes": 0x1000}, True),
        ({"st_file_attributes": 0x40000}, True),
        ({"st_file_attributes": 0x400020}, True),
        ({"st_flags": 0x40}, False),
        ({"st_flags": 0x40000040}, True),
        ({}, False),
    ],
    ids=str,
)
def test_the_marks_of_windows_and_macos_are_known(mark: dict[str, int], *, skipped: bool) -> None:
    """R27: OFFLINE, RECALL_ON_OPEN and RECALL_ON_DATA_ACCESS there, SF_DATALESS here."""
    status: Any = SimpleNamespace(st_mode=stat.S_IFREG, st_size=10, **mark)  # Any: a stat result of another system
    problem = Admission(b"/docs", None).file(b"/docs/a.txt", status)
    assert (problem.code if problem else None) == ("file.online_only" if skipped else None)


def test_a_scan_lists_it_as_skipped_and_does_not_open_it(world: World, in_the_cloud: set[str]) -> None:
    """R27."""
    far, near = world.write("far.txt", "Lies far away."), world.write("near.txt", "Lies near.")
    in_the_cloud.add("far.txt")
    with opened_files() as opened:
        report = world.sync()
        world.sync()
    assert (report.files.skipped, report.files.indexed) == (1, 1)
    record = world.ledger()["far.txt"]
    assert (record.state, record.code) == ("skipped", "file.online_only")
    assert record.reason
    assert str(near) in opened  # it is heard when a file is opened
    assert str(far) not in opened
    in_the_cloud.clear()
    assert world.sync().files.indexed == 2


def test_a_hint_of_the_watcher_does_not_open_it_either(world: World, in_the_cloud: set[str]) -> None:
    """R27: a placeholder that appears, and a document whose content was sent away to free the disk."""
    was_near = world.write("was near.txt", "Lay near before.")
    world.sync()
    new = world.write("new.txt", "Never was here.")
    was_near.write_text("Changed elsewhere.")
    in_the_cloud.update(("was near.txt", "new.txt"))
    with opened_files() as opened:
        report = world.indexer.apply([FileEvent(1, os.fsencode(path)) for path in (was_near, new)])
        world.indexer.retry([new])
    assert (report.files.skipped, report.files.indexed) == (2, 0)
    assert {(e.event, e.code) for e in world.events[1:]} == {("skipped", "file.online_only")}
    assert not {str(was_near), str(new)} & set(opened)
    assert world.search("near") == []

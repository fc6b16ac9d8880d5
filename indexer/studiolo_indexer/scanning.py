"""Walks a folder: one stat a file, no content; links are listed and never followed (S12)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event

from studiolo_indexer.admission import LINK, UNREADABLE_FOLDER, Admission
from studiolo_indexer.errors import FolderUnreadable, Stopped
from studiolo_indexer.reading import stamp_of
from studiolo_indexer.records import FileProblem, FileStamp


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that the scan walked, or a folder that it did not walk; with a problem it is skipped."""

    path: bytes
    stamp: FileStamp
    problem: FileProblem | None


class RootGone(Exception):
    """The watched folder itself cannot be listed: unplugged, unmounted or closed to us (R7)."""


def scan(
    admission: Admission, start: bytes | None = None, *, settled: dict[bytes, tuple[int, int, int]] | None = None
) -> Iterator[Entry]:
    """Walk a watched folder, or one folder inside it.

    Args:
        admission: What is walked, and what is read.
        start: A folder inside, or None for the whole.
        settled: (size, time, inode) of files that need not be looked at while these are the same, by path. Such a file
            is taken out of it, and no entry is given for it; what is left in the end has changed or is gone. It plays
            no part where the folder has patterns, which may have changed.

    Raises:
        RootGone: If the folder to walk cannot be listed at all.
    """
    stamps = {} if settled is None or admission.ignore is not None else settled
    waiting = [start or admission.root]
    try:
        os.listdir(waiting[0])
    except OSError as error:
        raise RootGone from error
    while waiting:
        folder = waiting.pop()
        try:
            listing = os.scandir(folder)
        except OSError:
            yield Entry(folder, FileStamp(0, 0, 0), UNREADABLE_FOLDER)
            continue
        with listing:
            for item in listing:
                if (stamp := stamps.get(item.path)) is not None and _has(item, stamp):
                    del stamps[item.path]
                    continue
                entry = _look(item, admission)
                if entry is None:
                    waiting.append(item.path)
                else:
                    yield entry


def scan_until(admission: Admission, *, stop: Event) -> Iterator[Entry]:
    """Walk a folder that a person asks about, until a stop is set.

    Raises:
        FolderUnreadable: If it cannot be listed.
        Stopped: If the stop is set.
    """
    try:
        for entry in scan(admission):
            if stop.is_set():
                raise Stopped
            yield entry
    except RootGone as error:
        raise FolderUnreadable(os.fsdecode(admission.root)) from error


def _has(item: os.DirEntry[bytes], stamp: tuple[int, int, int]) -> bool:
    """Tell whether a file has this size, time and inode; 7 us a file, with all that a whole entry costs 20."""
    try:
        status = item.stat(follow_symlinks=False)
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns, status.st_ino) == stamp and stat.S_ISREG(status.st_mode)


def look_at(path: bytes, admission: Admission) -> Entry | None:
    """Look at one path as the scan would; None if nothing is there, or a folder that is walked.

    The caller has checked the folders above it with `Admission.admits_place`.
    """
    try:
        status = os.lstat(path)
    except OSError:
        return None
    stamp = stamp_of(status)
    if os.path.islink(path):
        return Entry(path, stamp, LINK)
    if os.path.isdir(path):
        problem = admission.folder(path)
        return None if problem is None else Entry(path, stamp, problem)
    return Entry(path, stamp, admission.file(path, status))


def _look(item: os.DirEntry[bytes], admission: Admission) -> Entry | None:
    """Judge one entry of a folder; None for a folder that is walked."""
    try:
        status = item.stat(follow_symlinks=False)
        stamp = stamp_of(status)
        if item.is_symlink() or (hasattr(item, "is_junction") and item.is_junction()):
            return Entry(item.path, stamp, LINK)
        if item.is_dir(follow_symlinks=False):
            problem = admission.folder(item.path)
            return None if problem is None else Entry(item.path, stamp, problem)
    except OSError:
        return Entry(item.path, FileStamp(0, 0, 0), FileProblem("file.vanished", "It went while it was looked at."))
    return Entry(item.path, stamp, admission.file(item.path, status))

"""Hints that something changed: watchdog where the system can tell, polling where it cannot.

A watcher is only a hint, the scan against the catalogue is the truth. Hints are gathered until it has been quiet for
a moment. Reading, opening and changes of attributes alone wake nobody (R4).
"""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from studiolo_indexer.records import FileEvent, WatchedFolder

log = logging.getLogger(__name__)

Mode = Literal["native", "polling"]

# An editor writes a file in one go; what is still being written is read again (reading.py).
_QUIET_S = 0.1
_LONGEST_WAIT_S = 1.0
_STOP_WAIT_S = 3.0
_MAX_HINTS = 2000
_KINDS = frozenset(("created", "modified", "closed", "deleted", "moved"))
_NETWORK_FILE_SYSTEMS = frozenset(
    "nfs nfs4 cifs smb3 smbfs sshfs fuse.sshfs 9p afs ceph glusterfs davfs fuse.davfs2 fuse.rclone "
    "fuse.gvfsd-fuse".split()
)


@dataclass(slots=True)
class _Watched:
    folder: WatchedFolder
    mode: Mode
    observer: BaseObserver


class Watcher:
    """Watches folders and tells of changed places; its callbacks come from a thread of its own.

    Args:
        on_changes: Receives hints, gathered, for places that the caller then looks at.
        on_rescan: Receives a folder in which too much happened to name it all.
        poll_interval_s: Seconds between two looks where polling is needed.
    """

    def __init__(
        self,
        *,
        on_changes: Callable[[list[FileEvent]], None],
        on_rescan: Callable[[WatchedFolder], None],
        poll_interval_s: float = 5.0,
    ) -> None:
        self._on_changes = on_changes
        self._on_rescan = on_rescan
        self._poll_interval_s = poll_interval_s
        self._watched: dict[int, _Watched] = {}
        self._hints = _Hints()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._gather, name="T-watch", daemon=True)
        self._thread.start()

    def watch(self, folders: Sequence[WatchedFolder]) -> None:
        """Watch these folders and no others."""
        wanted = {f.folder_id: f for f in folders}
        for folder_id in set(self._watched) - set(wanted):
            _end(self._watched.pop(folder_id).observer)
        for folder_id, folder in wanted.items():
            if folder_id not in self._watched and os.path.isdir(folder.path):
                self._watched[folder_id] = self._start(folder)

    def mode(self, folder_id: int) -> Mode:
        """Tell how a folder is watched: "polling" on network drives and where the system's watches are used up."""
        return self._watched[folder_id].mode

    def stop(self) -> None:
        """Stop watching; safe to call twice."""
        self._stopped.set()
        self._hints.wake()
        for watched in self._watched.values():
            _end(watched.observer)
        self._watched.clear()
        if self._thread is not threading.current_thread():
            self._thread.join(_STOP_WAIT_S)

    def _start(self, folder: WatchedFolder) -> _Watched:
        if file_system_of(folder.path) not in _NETWORK_FILE_SYSTEMS:
            try:
                return _Watched(folder, "native", self._observe(folder, Observer()))
            except OSError as error:
                if error.errno not in (errno.ENOSPC, errno.EMFILE):
                    raise
                log.warning("the system's file watches are used up; a folder is polled instead")
        return _Watched(folder, "polling", self._observe(folder, PollingObserver(timeout=self._poll_interval_s)))

    def _observe(self, folder: WatchedFolder, observer: BaseObserver) -> BaseObserver:
        handler = _Handler(folder, self._hints)
        observer.schedule(handler, os.fsdecode(folder.path), recursive=True)
        observer.start()
        return observer

    def _gather(self) -> None:
        """Hand hints on once it has been quiet, or after a second at the latest."""
        while not self._stopped.is_set():
            if not self._hints.wait(None):
                continue
            first = time.monotonic()
            while self._hints.wait(_QUIET_S, newer=True) and time.monotonic() - first < _LONGEST_WAIT_S:
                if self._stopped.is_set():
                    return
            changes, overflowing = self._hints.take()
            for folder_id in overflowing:
                if folder_id in self._watched:
                    self._on_rescan(self._watched[folder_id].folder)
            if changes:
                self._on_changes(changes)


@dataclass(slots=True)
class _Hints:
    """Changed places by folder, shared by the observers' threads and the gatherer; the same place counts once."""

    _changed: threading.Condition = field(default_factory=threading.Condition)
    _places: dict[FileEvent, None] = field(default_factory=dict)
    _overflowing: set[int] = field(default_factory=set)
    _count: int = 0

    def add(self, event: FileEvent) -> None:
        with self._changed:
            self._count += 1
            if len(self._places) >= _MAX_HINTS:
                self._overflowing.add(event.folder_id)
            else:
                self._places[event] = None
            self._changed.notify_all()

    def wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def wait(self, timeout_s: float | None, *, newer: bool = False) -> bool:
        """Wait for hints; with `newer`, for hints after those that are here. False if none came."""
        with self._changed:
            if newer:
                before = self._count
                return self._changed.wait_for(lambda: self._count > before, timeout_s)
            if not self._places and not self._overflowing:
                self._changed.wait(timeout_s)
            return bool(self._places or self._overflowing)

    def take(self) -> tuple[list[FileEvent], set[int]]:
        with self._changed:
            overflowing = set(self._overflowing)
            places = [p for p in self._places if p.folder_id not in overflowing]
            self._places.clear()
            self._overflowing.clear()
            return places, overflowing


class _Handler(FileSystemEventHandler):
    """Turns watchdog's events into hints."""

    def __init__(self, folder: WatchedFolder, hints: _Hints) -> None:
        self._folder = folder
        self._hints = hints

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in _KINDS or (event.is_directory and event.event_type == "modified"):
            return
        for path in (event.src_path, event.dest_path):
            if path:
                self._hints.add(FileEvent(self._folder.folder_id, os.fsencode(path)))


def file_system_of(path: bytes) -> str:
    """Name the type of the file system that a folder lies on (Linux; "" elsewhere)."""
    try:
        lines = Path("/proc/self/mounts").read_bytes().splitlines()
    except OSError:
        return ""
    best, name = b"", ""
    for line in lines:
        fields = line.split(b" ")
        if len(fields) < 3:
            continue
        mount = fields[1].replace(b"\\040", b" ")
        inside = path == mount or path.startswith(mount.rstrip(b"/") + b"/")
        if inside and len(mount) >= len(best):
            best, name = mount, fields[2].decode("ascii", "replace")
    return name


def _end(observer: BaseObserver) -> None:
    observer.stop()
    observer.join(_STOP_WAIT_S)

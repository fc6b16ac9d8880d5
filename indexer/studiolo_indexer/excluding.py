"""What patterns would leave out of a folder, before they act (R28); reads names alone, and writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

from studiolo_indexer.admission import Admission, checked_patterns
from studiolo_indexer.records import WatchedFolder
from studiolo_indexer.scanning import scan_until


@dataclass(frozen=True, slots=True)
class Change:
    """Files that would no longer be read, and files that would be read again; sorted."""

    dropped: tuple[bytes, ...]
    returned: tuple[bytes, ...]


def preview(folder: WatchedFolder, patterns: Sequence[str], *, stop: Event) -> Change:
    """Tell what would change if these were the folder's own patterns, by walking it twice.

    Raises:
        PatternsBad: See `admission.checked_patterns`.
        FolderUnreadable: If the folder cannot be reached.
        Stopped: If the stop is set.
    """
    now = _read(Admission.of(folder.path, folder.patterns), stop)
    then = _read(Admission.of(folder.path, checked_patterns(patterns)), stop)
    return Change(tuple(sorted(now - then)), tuple(sorted(then - now)))


def _read(admission: Admission, stop: Event) -> set[bytes]:
    """List the files that are read."""
    return {entry.path for entry in scan_until(admission, stop=stop) if entry.problem is None}

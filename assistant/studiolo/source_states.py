"""Whether the files that an answer quotes are still the versions that were quoted (promise 2); owned by T-view."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from studiolo.answer_desk import is_version
from studiolo.desk import Json
from studiolo.results import path_text
from studiolo.workspace import as_bytes
from studiolo_indexer.admission import is_inside
from studiolo_indexer.catalogue import Catalogue

State = Literal["changed", "gone", "moved"]

MOST_SOURCES = 2000
"""So many are looked at for one request; the rest is passed over."""
_READ_BYTES = 256 * 1024 * 1024
"""So much is read of files for one request: a click on a source waits for it."""


def outdated_sources(catalogue: Catalogue, untrusted: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Give the sources that are no longer what was quoted, each once, in their order.

    The ledger says what was read last, and the file's size and time whether it has been written since; only where
    they differ the file itself is read, as long as that is not too much: of the others nothing is said until they are
    in the ledger again. A file on a drive that is away is not said to be gone.

    Args:
        catalogue: The ledger.
        untrusted: Documents with "path" and "sha256"; what is none is passed over.

    Returns:
        {"path", "sha256", "state", "now"} each; `now` is where a file that was moved lies, else None.
    """
    wanted = dict.fromkeys(
        (row["path"], row["sha256"])
        for row in untrusted[:MOST_SOURCES]
        if isinstance(row.get("path"), str) and isinstance(row.get("sha256"), str)
    )
    check = _Check(catalogue)
    found = []
    for path, sha256 in wanted:
        state, now = check.state_of(as_bytes(path), sha256)
        if state is not None:
            found.append({"path": path, "sha256": sha256, "state": state, "now": now})
    return found


class _Check:
    """Looks at one source after the other, and reads so much of files altogether."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._left_bytes = _READ_BYTES

    def state_of(self, path: bytes, sha256: str) -> tuple[State | None, str | None]:
        """Give what became of a version of a file, None where nothing did; and where it was moved to."""
        known = self._catalogue.known_file(path)
        if known is None:
            # A collection is a wall: where the file went is looked for in its own alone.
            folder = next((f for f in self._catalogue.folders() if is_inside(path, f.path)), None)
            now = self._catalogue.find_version(sha256, folder.collection) if folder else None
            return ("gone", None) if now is None else ("moved", path_text(now.path))
        try:
            status = os.stat(path)  # noqa: PTH116 - a path is bytes
        except OSError:
            root = next((f.path for f in self._catalogue.folders() if f.folder_id == known.folder_id), b"")
            return ("gone" if os.path.isdir(root) else None), None  # noqa: PTH112 - as above
        written = (status.st_size, status.st_mtime_ns) != (known.stamp.size_bytes, known.stamp.mtime_ns)
        if known.sha256 is not None and not written:
            return (None if known.sha256 == sha256 else "changed"), None
        # It waits to be read again: what it says now is not in the ledger yet.
        self._left_bytes -= status.st_size
        same = self._left_bytes < 0 or is_version(Path(os.fsdecode(path)), sha256)
        return (None if same else "changed"), None

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
from studiolo_indexer.catalogue import Catalogue

State = Literal["changed", "gone", "moved"]

MOST_SOURCES = 2000
"""So many are looked at for one request; the rest is passed over."""
_HASHED_BYTES = 64 * 1024 * 1024


def outdated_sources(catalogue: Catalogue, untrusted: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Give the sources that are no longer what was quoted, each once, in their order.

    The ledger says what was read last, and the file's size and time whether it has been written since; only where
    they differ the file itself is read. A file on a drive that is away is not said to be gone.

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
    found = []
    for path, sha256 in wanted:
        state, now = _state_of(catalogue, as_bytes(path), sha256)
        if state is not None:
            found.append({"path": path, "sha256": sha256, "state": state, "now": now})
    return found


def _state_of(catalogue: Catalogue, path: bytes, sha256: str) -> tuple[State | None, str | None]:
    known = catalogue.known_file(path)
    if known is None:
        now = catalogue.find_version(sha256)
        return ("gone", None) if now is None else ("moved", path_text(now.path))
    try:
        status = os.stat(path)  # noqa: PTH116 - a path is bytes
    except OSError:
        root = next((f.path for f in catalogue.folders() if f.folder_id == known.folder_id), b"")
        return ("gone" if os.path.isdir(root) else None), None  # noqa: PTH112 - as above
    written = (status.st_size, status.st_mtime_ns) != (known.stamp.size_bytes, known.stamp.mtime_ns)
    if known.sha256 is not None and not written:
        return (None if known.sha256 == sha256 else "changed"), None
    # It waits to be read again: what it says now is not in the ledger yet.
    same = status.st_size <= _HASHED_BYTES and is_version(Path(os.fsdecode(path)), sha256)
    return (None if same else "changed"), None

"""The ledger as requests ask for it: slices, and all of it as a table for a spreadsheet."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import cast, get_args

from studiolo import messages
from studiolo.desk import Cancelled, Job, Json, bounded
from studiolo.errors import AssistantError
from studiolo.messages import Request
from studiolo.results import file_row
from studiolo.tables import write_table
from studiolo.workspace import Workspace, as_path
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.ledger_rows import LedgerOrder, LedgerQuery
from studiolo_indexer.records import FileState

COLUMNS = (
    "path", "relative_path", "collection", "state", "code", "reason", "size_bytes", "pages", "parts", "chunks",
    "indexed_at", "parser", "ocr_pages", "warnings", "seconds", "sha256", "media_type",
)  # fmt: skip
_AT_ONCE = 2000


class LedgerDesk:
    """Writes tables; each with a catalogue of its own, so that short reads never wait for it.

    Args:
        workspace: What is opened.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def handle(self, request: Request, job: Job) -> Json:
        """Write all rows that pass the filters of the request, as the ledger was when it began."""
        if not isinstance(request, messages.ExportFiles):
            raise TypeError(f"not for this desk: {request.type}")
        query, path = ledger_query(request), as_path(request.path)
        with closing(self._workspace.catalogue()) as catalogue, catalogue.snapshot():
            n_rows = write_ledger(path, _all_rows(catalogue, query, job))
        return {"path": os.fsdecode(path), "rows": n_rows}

    def close(self) -> None:
        """Nothing is held between two tables."""


def ledger_query(request: messages.Files | messages.ExportFiles) -> LedgerQuery:
    """Read the filters and the order of a request.

    Raises:
        AssistantError: `question.bad_state` or `question.bad_order` for words that the ledger does not know.
    """
    if request.state is not None and request.state not in get_args(FileState):
        raise AssistantError("question.bad_state", request.state)
    if request.order not in get_args(LedgerOrder):
        raise AssistantError("question.bad_order", request.order)
    return LedgerQuery(
        state=cast("FileState | None", request.state),  # checked above, as is the order
        collection=request.collection,
        code=request.code,
        words=request.words or "",
        order=cast("LedgerOrder", request.order),
        descending=request.descending,
    )


def ledger_slice(catalogue: Catalogue, request: messages.Files) -> Json:
    """Give the rows that a request wants, and how many pass; with the first of them the codes that there are."""
    query = ledger_query(request)
    offset = bounded(request.offset)
    rows = catalogue.ledger.rows(query, offset=offset, limit=bounded(request.limit))
    told: Json = {"total": catalogue.ledger.count(query), "rows": [file_row(row) for row in rows]}
    if offset == 0:
        counts = catalogue.ledger.codes(query)
        told["codes"] = [{"code": c.code, "reason": c.reason, "files": c.files} for c in counts]
    return told


def write_ledger(path: Path, rows: Iterable[Json]) -> int:
    """Write rows of the ledger as a table, and give how many.

    Raises:
        AssistantError: See `tables.write_table`.
    """
    return write_table(path, COLUMNS, ({**row, "warnings": " | ".join(row["warnings"])} for row in rows))


def _all_rows(catalogue: Catalogue, query: LedgerQuery, job: Job) -> Iterator[Json]:
    for offset in range(0, catalogue.ledger.count(query), _AT_ONCE):
        if job.cancel.is_set():
            raise Cancelled
        yield from map(file_row, catalogue.ledger.rows(query, offset=offset, limit=_AT_ONCE))

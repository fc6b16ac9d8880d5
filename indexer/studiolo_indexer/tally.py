"""Counts what a pass over the folders finds and does."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from studiolo_indexer.records import LedgerCounts, SyncReport


@dataclass(slots=True)
class Tally:
    """What a pass has found and done so far."""

    added: int = 0
    modified: int = 0
    moved: int = 0
    deleted: int = 0
    unchanged: int = 0
    chunks_embedded: int = 0
    chunks_reused: int = 0
    pages_recognised: int = 0
    bytes_read: int = 0
    scan_s: float = 0.0
    extract_s: float = 0.0
    embed_s: float = 0.0
    write_s: float = 0.0
    recognise_s: float = 0.0

    def report(self, files: LedgerCounts, *, total_s: float) -> SyncReport:
        """Give the report of the pass; `files` are the ledger's counts after it."""
        return SyncReport(files=files, total_s=total_s, **asdict(self))

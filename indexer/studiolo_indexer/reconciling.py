"""Compares what a scan saw with what the catalogue remembers; pure: the plan is carried out by the pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from studiolo_indexer.errors import NO_TEXT, OCR_WAITING, VECTORS_WAITING
from studiolo_indexer.media_types import same_kind
from studiolo_indexer.records import KnownFile
from studiolo_indexer.scanning import Entry

# Read, and found to have no text, or none before its pages are recognised.
_SETTLED = (NO_TEXT, OCR_WAITING)
_TRIED_AGAIN = frozenset(("file.unreadable", "file.vanished", "file.changed_while_reading"))


@dataclass(slots=True)
class Plan:
    """What is to be done about the files of one folder.

    `candidates` may have changed and must be read; `moved` pairs a file with the place where it is now.
    """

    unchanged: int = 0
    skipped: list[tuple[Entry, KnownFile | None]] = field(default_factory=list)
    moved: list[tuple[KnownFile, Entry]] = field(default_factory=list)
    candidates: list[tuple[Entry, KnownFile | None]] = field(default_factory=list)
    vanished: list[KnownFile] = field(default_factory=list)


def compare(entries: Iterable[Entry], known: Mapping[bytes, KnownFile]) -> Plan:
    """Plan what to do; a file whose trusted stamp is the same costs nothing.

    Args:
        entries: What the scan saw.
        known: What the catalogue remembers of the same place, by path.
    """
    plan = Plan()
    seen = set()
    arrived = []
    for entry in entries:
        seen.add(entry.path)
        before = known.get(entry.path)
        if entry.problem is not None:
            if before is not None and before.state == "skipped" and before.code == entry.problem.code:
                plan.unchanged += 1
            else:
                plan.skipped.append((entry, before))
        elif before is None:
            arrived.append(entry)
        elif is_unchanged(before, entry):
            plan.unchanged += 1
        else:
            plan.candidates.append((entry, before))
    gone = {path: file for path, file in known.items() if path not in seen}
    _match_moves(plan, arrived, gone)
    plan.vanished = list(gone.values())
    # A file that was in hand when an earlier run was killed comes last.
    plan.candidates.sort(key=lambda pair: pair[1].attempts if pair[1] else 0)
    return plan


def is_unchanged(before: KnownFile, entry: Entry) -> bool:
    """Tell whether a file need not be read: its stamp is trusted and the same, and its outcome still holds."""
    if not (before.stamp.settled and before.stamp.same_state(entry.stamp)):
        return False
    if before.state == "failed":
        return before.code not in _TRIED_AGAIN
    if before.code in _SETTLED and before.generation == 0:
        return True
    return before.state == "indexed" or before.code in (OCR_WAITING, VECTORS_WAITING)


def _match_moves(plan: Plan, arrived: Iterable[Entry], gone: dict[bytes, KnownFile]) -> None:
    """Pair files that are new at a place with files that vanished, by inode, size and time: renames keep all three.

    With another suffix a file is read by another parser, so that its passages are others: it is no move.
    """
    by_stamp = {(f.stamp.inode, f.stamp.size_bytes, f.stamp.mtime_ns): f for f in gone.values() if f.is_whole}
    for entry in arrived:
        stamp = entry.stamp
        file = by_stamp.pop((stamp.inode, stamp.size_bytes, stamp.mtime_ns), None) if stamp.inode else None
        if file is not None and file.stamp.settled and same_kind(file.path, entry.path):
            plan.moved.append((file, entry))
            del gone[file.path]
        else:
            plan.candidates.append((entry, None))

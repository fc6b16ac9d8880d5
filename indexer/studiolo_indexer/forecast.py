"""Foretells what files will cost from files that were read, kind by kind; pure."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

# What a small file costs on top of its bytes: with it, cost goes with weight for notes and reports alike.
_FILE_BYTES = 2048


class Work(NamedTuple):
    """What files hold and cost: pages (of formats that have some), those to be recognised, chunks, reading alone."""

    pages: float = 0.0
    scanned_pages: float = 0.0
    chunks: float = 0.0
    text_bytes: float = 0.0
    read_s: float = 0.0

    def plus(self, other: Work) -> Work:
        """Give the sum."""
        return Work(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def times(self, factor: float) -> Work:
        """Give a multiple."""
        return Work(*(mine * factor for mine in self))


def kind_of(path: bytes) -> bytes:
    """Give the suffix of a file, in small letters: files of one suffix cost alike, by their size."""
    return os.path.splitext(path)[1].lower()


def weight_of(size_bytes: int) -> float:
    """Give what a file's cost goes with: its size, and something for its being a file at all."""
    return float(size_bytes + _FILE_BYTES)


@dataclass(slots=True)
class _Seen:
    weight: float = 0.0
    work: Work = field(default_factory=Work)


class Forecast:
    """Knows what each kind of file costs for its weight; a kind that was never seen costs what the others do."""

    def __init__(self) -> None:
        self._seen: dict[bytes, _Seen] = {}

    def learn(self, kind: bytes, weight: float, work: Work) -> None:
        """Take in what files of a kind, of this weight together, have cost."""
        seen = self._seen.setdefault(kind, _Seen())
        seen.weight += weight
        seen.work = seen.work.plus(work)

    def of(self, weights: Mapping[bytes, float]) -> Work:
        """Foretell what files cost, given their weight together kind by kind; nothing while nothing was learned."""
        everything = _Seen()
        for seen in self._seen.values():
            everything.weight += seen.weight
            everything.work = everything.work.plus(seen.work)
        total = Work()
        for kind, weight in weights.items():
            seen = self._seen.get(kind, everything)
            if seen.weight > 0:
                total = total.plus(seen.work.times(weight / seen.weight))
        return total

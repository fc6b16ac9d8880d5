"""Vectors of a table in memory, by chunk, for searches one after the other.

LanceDB wakes a thread for each row that it reads, and a search compares 120; in memory that takes 0.1 ms. Nothing here
goes out of date, since a chunk's vector never changes and its number is never given twice; a chunk that was removed
stays until the next loading, and does not count, since the catalogue has it no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from studiolo_indexer.records import Vectors

_MORE_ROWS, _MORE_SHARE = 1000, 8
_SHORTEST = 1e-12


class HeldVectors:
    """What a table held when it was loaded, and what was looked up since.

    Args:
        chunks: int64, shape (rows,).
        halves: float16, shape (rows, dimension); kept as it is.
    """

    def __init__(self, chunks: np.ndarray[Any, Any], halves: np.ndarray[Any, Any]) -> None:
        self._order = np.argsort(chunks, kind="stable")
        self._chunks, self._halves = chunks[self._order], halves
        self._more: dict[int, Vectors] = {}

    @property
    def size_bytes(self) -> int:
        """What the vectors take in memory."""
        return self._halves.nbytes

    def is_worn(self, n_rows: int) -> bool:
        """Tell whether loading anew pays for a table of so many rows: much was written or removed since."""
        changed = max(len(self._more), abs(n_rows - len(self._chunks)))
        return changed > max(_MORE_ROWS, len(self._chunks) // _MORE_SHARE)

    def missing(self, chunks: Sequence[int]) -> list[int]:
        """List those of the chunks that are not here."""
        wanted = np.asarray(chunks, dtype=np.int64)
        return [chunk for chunk in wanted[~self._found(wanted)[1]].tolist() if chunk not in self._more]

    def add(self, chunks: Sequence[int], vectors: Vectors) -> None:
        """Keep vectors that were looked up: float32, shape (chunks, dimension), rows of length 1."""
        self._more.update(zip(chunks, vectors, strict=True))

    def give(self, chunks: Sequence[int]) -> tuple[list[int], Vectors]:
        """Give those of the chunks that are here, and their vectors: float32, shape (chunks, dimension), length 1."""
        wanted = np.asarray(chunks, dtype=np.int64)
        places, here = self._found(wanted)
        more = [chunk for chunk in wanted[~here].tolist() if chunk in self._more]
        vectors = unit_length(self._halves[self._order[places[here]]])
        if more:
            vectors = np.concatenate([vectors, [self._more[chunk] for chunk in more]])
        return wanted[here].tolist() + more, vectors

    def _found(self, wanted: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Give where chunks stand or would stand, and which of them do."""
        places = np.minimum(np.searchsorted(self._chunks, wanted), len(self._chunks) - 1)
        return places, self._chunks[places] == wanted


def unit_length(halves: np.ndarray[Any, Any]) -> Vectors:
    """Give vectors of length 1 from rows in half precision: float32, shape (rows, dimension)."""
    vectors: Vectors = halves.astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), _SHORTEST)
    return vectors

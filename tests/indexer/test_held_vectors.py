"""Vectors in memory: those that were loaded and those that were looked up since, and when to load anew."""

from __future__ import annotations

import numpy as np
import pytest

from studiolo_indexer.held_vectors import HeldVectors, unit_length
from studiolo_indexer.records import Vectors

DIMENSION = 8


def made(count: int) -> Vectors:
    return unit_length(np.random.default_rng(0).standard_normal((count, DIMENSION)).astype(np.float16))


def held(vectors: Vectors, *chunks: int) -> HeldVectors:
    return HeldVectors(np.array(chunks, dtype=np.int64), vectors[: len(chunks)].astype(np.float16))


def test_what_was_loaded_is_given_under_its_number_whatever_the_order() -> None:
    vectors = made(3)
    keys, given = held(vectors, 7, 1 << 60, 3).give([3, 5, 7, 1 << 60, 1 << 61, 0])
    assert keys == [3, 7, 1 << 60]
    assert given == pytest.approx(vectors[[2, 0, 1]], abs=1e-3)
    assert np.linalg.norm(given, axis=1) == pytest.approx(1.0, abs=1e-6)


def test_what_is_missing_is_named_until_it_was_added() -> None:
    vectors = made(4)
    holding = held(vectors, 1, 2)
    assert holding.missing([1, 9, 2, 4]) == [9, 4]
    holding.add([9], vectors[3:])
    assert holding.missing([1, 9, 2, 4]) == [4]
    keys, given = holding.give([9, 2])
    assert dict(zip(keys, given.tolist(), strict=True)) == {
        2: pytest.approx(vectors[1].tolist(), abs=1e-3),
        9: vectors[3].tolist(),
    }


def test_nothing_asked_is_nothing_given() -> None:
    holding = held(made(2), 1, 2)
    keys, given = holding.give([])
    assert (holding.missing([]), keys, given.shape) == ([], [], (0, DIMENSION))


@pytest.mark.parametrize(("n_rows", "worn"), [(2, False), (900, False), (1100, True)])
def test_much_that_was_written_since_is_loaded_anew(n_rows: int, worn: bool) -> None:
    assert held(made(2), 1, 2).is_worn(n_rows) is worn


def test_much_that_was_looked_up_since_is_loaded_anew() -> None:
    holding = held(made(2), 1, 2)
    holding.add(range(10, 1200), np.zeros((1190, DIMENSION), dtype=np.float32))
    assert holding.is_worn(2)

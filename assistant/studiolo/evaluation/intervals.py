"""How sure a mean is: 95 % intervals by drawing the questions again, with a seed; pure.

The questions are drawn, not the values, so that a measure which only some questions have (refusal precision) varies
with how many of them are drawn, and two runs are compared on the same draws.

Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993 (percentile intervals).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 2000
_BLOCK = 250
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean (or a difference of two) over `n` questions, and the bounds that hold it in 95 % of the draws."""

    value: float
    low: float
    high: float
    n: int


Columns = Mapping[str, Sequence[float | None]]
"""For each measure a value a question of the whole set, in its order; None where the measure says nothing of it."""


def mean_intervals(columns: Columns, *, seed: int) -> dict[str, Interval]:
    """Give the mean of each measure over the questions that have a value, with its interval.

    Args:
        columns: Of one set, all of the same length; a measure without any value is left out.
        seed: Of the draws; the same seed and length give the same draws.
    """
    defined = {key: [v for v in values if v is not None] for key, values in columns.items()}
    keys = [key for key, values in defined.items() if values]
    means = _drawn_means([columns[key] for key in keys], seed=seed)
    found = {}
    for at, key in enumerate(keys):
        low, high = _bounds(means[:, at])
        found[key] = Interval(sum(defined[key]) / len(defined[key]), low, high, len(defined[key]))
    return found


def difference_intervals(before: Columns, after: Columns, *, seed: int) -> dict[str, Interval]:
    """Give how much the mean of each measure rose from one run to another, on the same draws (paired).

    Returns:
        What both runs have values of; `n` counts the questions for which both have one.

    Raises:
        ValueError: If the runs differ in length.
    """
    first, second = mean_intervals(before, seed=seed), mean_intervals(after, seed=seed)
    keys = [key for key in first if key in second]
    if any(len(before[key]) != len(after[key]) for key in keys):
        raise ValueError("the runs differ in length")
    rises = _drawn_means([after[k] for k in keys], seed=seed) - _drawn_means([before[k] for k in keys], seed=seed)
    found = {}
    for at, key in enumerate(keys):
        low, high = _bounds(rises[:, at])
        both = sum(a is not None and b is not None for a, b in zip(before[key], after[key], strict=True))
        found[key] = Interval(second[key].value - first[key].value, low, high, both)
    return found


def _drawn_means(columns: Sequence[Sequence[float | None]], *, seed: int) -> _Floats:
    """Give the means of each draw, shape (DRAWS, len(columns)); NaN where a draw holds no question with a value."""
    n = len(columns[0]) if columns else 0
    if not n:
        return np.empty((DRAWS, 0))
    known = np.array([[v is not None for v in column] for column in columns], dtype=np.float64).T
    filled = np.array([[0.0 if v is None else v for v in column] for column in columns], dtype=np.float64).T
    rng = np.random.default_rng([seed, n])
    blocks = []
    for start in range(0, DRAWS, _BLOCK):
        # In blocks: at 10,000 questions all draws at once would take 160 MB.
        rows = min(_BLOCK, DRAWS - start)
        drawn = rng.integers(n, size=(rows, n)) + n * np.arange(rows)[:, np.newaxis]
        times = np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)
        counts = times @ known
        blocks.append(np.divide(times @ filled, counts, out=np.full(counts.shape, np.nan), where=counts > 0))
    return np.concatenate(blocks)


def _bounds(means: _Floats) -> tuple[float, float]:
    sound = means[~np.isnan(means)]
    if not len(sound):
        return float("nan"), float("nan")
    low, high = np.percentile(sound, [2.5, 97.5])
    return float(low), float(high)

"""Holds how work grows, and what memory it takes, never how long it takes: machines differ, and a busy one stalls."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_STEP = 8
# Eight times the input takes 8 times as long where the work is linear, and 64 times where it is quadratic.
_MOST_TIMES = 24
# Of a small input's few milliseconds, the clock and the machine have a share that does not grow.
_FLOOR_S = 0.02
_TRIES = 3


def assert_grows_linearly(work: Callable[[int], object], *, size: int) -> None:
    """Fail if work on an input of `size` takes far more than eight times what an eighth of it takes.

    Only the processor time of this process counts, so that other programs do not. The large input has three tries: a
    busy machine may spoil one, and what is not linear fails all three.

    Args:
        work: Makes an input of so many pieces, and does the work on it.
        size: Pieces of the large input; quadratic work on so many takes clearly more than 20 ms.
    """
    work(size // _STEP)  # imports, compiles patterns, fills caches
    small_s = min(_processor_time_of(work, size // _STEP) for _ in range(3))
    limit_s = _MOST_TIMES * small_s + _FLOOR_S
    large_s = []
    for _ in range(_TRIES):
        large_s.append(_processor_time_of(work, size))
        if large_s[-1] <= limit_s:
            return
    raise AssertionError(
        f"the work is not linear: {size // _STEP} pieces took {small_s * 1000:.1f} ms, {size} took "
        f"{min(large_s) * 1000:.1f} ms at best, that is {min(large_s) / max(small_s, 1e-9):.0f} times as long "
        f"(linear: {_STEP}, quadratic: {_STEP**2}; allowed: {_MOST_TIMES}, and {_FLOOR_S * 1000:.0f} ms)"
    )


def _processor_time_of(work: Callable[[int], object], size: int) -> float:
    gc.collect()
    gc.disable()  # a collection looks at everything that the tests before have left
    try:
        started_s = time.process_time()
        work(size)
        return time.process_time() - started_s
    finally:
        gc.enable()


@contextmanager
def memory_peak_below(size_bytes: int) -> Iterator[None]:
    """Fail if Python's objects ever take so much more memory inside than they took at its beginning."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < size_bytes, f"{peak - before:,} bytes, and {size_bytes:,} are allowed"

"""R16: whatever the input, memory stays bounded: the reader's by its limits, the indexer's by the size of one file."""

from __future__ import annotations

import sys
import threading
import tracemalloc
from collections.abc import Callable

import psutil
import pytest

from studiolo_indexer.confined_child import ChildLimits
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.extraction import Extractor

WORKER = [sys.executable, "-I", "-m", "studiolo.guarded", "studiolo_indexer.extract_worker"]
MB = 1 << 20
LINE = "Line {0}: the branch of district {0} paid for item {0} in time, as it did for item {1} before.\n"


def long_text(size_bytes: int) -> str:
    """Write lines that are all different."""
    n_lines = size_bytes // len(LINE.format(100_000, 100_000))
    return "".join(LINE.format(number, number - 1) for number in range(n_lines))


def most_allocated(work: Callable[[], object]) -> int:
    """Give the most memory that Python's and NumPy's allocations took at one moment of some work, beyond before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def peak_of_child(extractor: Extractor, work: Callable[[], object]) -> int:
    """Give the most resident memory that an extractor's child was seen with during some work."""
    peak, done = 0, threading.Event()

    def look() -> None:
        nonlocal peak
        while not done.wait(0.01):
            try:
                peak = max(peak, psutil.Process(extractor.pid()).memory_info().rss if extractor.pid() else 0)
            except psutil.Error:
                continue

    looker = threading.Thread(target=look)
    looker.start()
    try:
        work()
    finally:
        done.set()
        looker.join()
    return peak


def test_a_reader_that_needs_more_memory_than_it_may_is_ended_and_the_next_file_is_read() -> None:
    """R16: a real file that grows when it is read; each of its letters takes four bytes."""
    extractor = Extractor(command=WORKER, limits=ChildLimits(memory_bytes=250 * MB))
    data = long_text(50 * MB).encode() + "🙂".encode()

    def read() -> None:
        with pytest.raises(FileFailure) as caught:
            extractor.extract(data, name="long.txt")
        assert caught.value.code == "file.memory"

    # It is looked at ten times a second: between two looks it grows on.
    assert 0 < peak_of_child(extractor, read) < 600 * MB
    assert extractor.extract(b"Short.", name="short.txt").text == "Short."
    extractor.close()


def test_a_reader_that_says_more_than_it_may_costs_no_more_than_that() -> None:
    """R16: what comes back is not kept beyond its limit."""
    extractor = Extractor(command=WORKER, limits=ChildLimits(output_bytes=2 * MB))
    data = long_text(30 * MB).encode()

    def read() -> None:
        with pytest.raises(FileFailure) as caught:
            extractor.extract(data, name="long.txt")
        assert caught.value.code == "file.output_too_large"

    assert most_allocated(read) < 8 * MB
    extractor.close()

"""R16: whatever the input, memory stays bounded: the reader's by its limits, the indexer's by the size of one file."""

from __future__ import annotations

import sys
import threading
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import psutil
import pytest
from world import World

from studiolo_indexer.confined_child import ChildLimits
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.extraction import Extractor
from studiolo_indexer.records import Vectors
from studiolo_models.fakes import FakeEmbedder

WORKER = [sys.executable, "-I", "-m", "studiolo.guarded", "studiolo_indexer.extract_worker"]
MB = 1 << 20
DIMENSION = 1024
LINE = "Line {0}: the branch of district {0} paid for item {0} in time, as it did for item {1} before.\n"


class QuickEmbedder(FakeEmbedder):
    """Makes a vector up for each text, at once, and keeps none of the texts."""

    def __init__(self) -> None:
        super().__init__(dimension=DIMENSION)
        self._random = np.random.default_rng(0)

    def embed_documents(self, texts: Sequence[str], *, before_batch: Callable[[], None] | None = None) -> Vectors:
        made = self._random.standard_normal((len(texts), self.dimension), dtype=np.float32)
        vectors: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
        return vectors


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


def test_a_reader_may_take_less_where_its_parent_holds_a_large_file() -> None:
    """R16: both together took 1.9 GB for a file of 500 MB, until it failed."""
    extractor = Extractor(command=WORKER, limits=ChildLimits(together_bytes=200 * MB))
    with pytest.raises(FileFailure) as caught:
        extractor.extract(long_text(60 * MB).encode(), name="long.txt")
    assert caught.value.code == "file.memory"
    assert len(extractor.extract(long_text(5 * MB).encode(), name="short.txt").text) > 4 * MB
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


def test_a_document_of_very_many_chunks_takes_a_few_times_its_size(tmp_path: Path) -> None:
    """R16: all of its vectors at once would take as much as is allowed here for everything."""
    world = World(tmp_path / "docs", tmp_path / "data", embedder=QuickEmbedder())
    world.root.mkdir()
    world.extractor = Extractor(command=WORKER)  # type: ignore[assignment]  # the real one, with its child
    world.indexer.add_folder(world.root, collection="documents")
    size = world.write("long.txt", long_text(12 * MB)).stat().st_size
    peak = most_allocated(world.indexer.sync)
    n_chunks = world.ledger()["long.txt"].chunks
    assert n_chunks > 12_000
    assert peak < 5 * size + 20 * MB, f"{peak / MB:.0f} MB"
    assert world.rows() == n_chunks
    differences = world.differences()
    assert (differences.extra, differences.without_vector, differences.without_words) == ([], [], [])
    world.restart()


def test_large_files_of_few_words_are_not_kept_until_their_batch_is_full(world: World) -> None:
    """R16: a batch of them, scans and pages with pictures in them, was as large as all of its files together."""
    picture = "QUJD" * (MB // 4)
    for number in range(40):
        world.write(f"{number}.html", f"<p>Note {number}.</p><img src='data:image/png;base64,{picture}'>")
    assert most_allocated(world.indexer.sync) < 15 * MB
    assert world.ledger()["39.html"].state == "indexed"

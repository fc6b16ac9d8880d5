"""How long a run will take is told from how it went: by kind of file, with what waits to be embedded."""

from __future__ import annotations

import pytest

from studiolo_indexer.pace import Pace
from studiolo_indexer.tally import Tally

SIZE = 98 * 1024


class Run:
    """A run over files whose costs are given; reading and embedding take turns."""

    def __init__(self, files: list[bytes]) -> None:
        self.now = 1000.0
        # What earlier folders of the same pass took is none of this run's.
        self.tally = Tally(chunks_embedded=5000, embed_s=3000.0, extract_s=900.0)
        self.pace = Pace([(path, SIZE) for path in files], self.tally, clock=lambda: self.now)

    def file(self, path: bytes, *, chunks: int, read_s: float, chunk_s: float = 0.0, commit: bool = True) -> None:
        self.now += read_s
        self.tally.extract_s += read_s
        if commit:
            self.now += chunks * chunk_s
            self.tally.embed_s += chunks * chunk_s
            self.tally.chunks_embedded += chunks
        self.pace.read(path, SIZE, chunks=chunks, read_s=read_s)


def test_it_goes_on_as_it_went() -> None:
    run = Run([b"%d.md" % n for n in range(100)])
    for n in range(20):
        run.file(b"%d.md" % n, chunks=10, read_s=0.1, chunk_s=0.05)
    assert run.pace.seconds_left == pytest.approx(80 * 0.6, rel=0.02)
    assert run.pace.chunks_per_second == pytest.approx(10 / 0.6, rel=0.02)


def test_what_interrupts_it_counts() -> None:
    """Questions come in between, or the speed is gentle: twice the time for the same work."""
    run = Run([b"%d.md" % n for n in range(40)])
    for n in range(20):
        run.file(b"%d.md" % n, chunks=10, read_s=0.1, chunk_s=0.05)
        run.now += 0.6
    assert run.pace.seconds_left == pytest.approx(20 * 1.2, rel=0.06)


def test_each_kind_is_told_by_its_own() -> None:
    """The long reports come last: files alone would say that it is nearly done."""
    run = Run([*(b"%d.md" % n for n in range(50)), *(b"%d.pdf" % n for n in range(10))])
    run.file(b"0.pdf", chunks=100, read_s=1.0, chunk_s=0.05)
    for n in range(50):
        run.file(b"%d.md" % n, chunks=1, read_s=0.01, chunk_s=0.05)
    assert run.pace.seconds_left == pytest.approx(9 * 6.0, rel=0.05)


def test_what_was_read_and_is_not_embedded_yet_is_still_to_do() -> None:
    run = Run([b"%d.md" % n for n in range(40)])
    for n in range(20):
        run.file(b"%d.md" % n, chunks=10, read_s=0.1, chunk_s=0.05)
    for n in range(20, 40):
        run.file(b"%d.md" % n, chunks=10, read_s=0.1, commit=False)
    assert run.pace.seconds_left == pytest.approx(200 * 0.05, rel=0.05)


def test_nothing_is_told_before_enough_is_known() -> None:
    run = Run([b"%d.md" % n for n in range(40)])
    run.file(b"0.md", chunks=10, read_s=0.1, chunk_s=0.05)
    assert run.pace.seconds_left is None  # a moment after the start
    waiting = Run([b"%d.md" % n for n in range(40)])
    for n in range(10):
        waiting.file(b"%d.md" % n, chunks=10, read_s=1.0, commit=False)
    assert waiting.pace.seconds_left is None  # nothing was embedded yet
    assert waiting.pace.chunks_per_second is None


def test_files_that_give_no_chunks_have_their_time_too() -> None:
    run = Run([b"%d.png" % n for n in range(40)])
    for n in range(20):
        run.file(b"%d.png" % n, chunks=0, read_s=0.5)
    assert run.pace.seconds_left == pytest.approx(20 * 0.5, rel=0.02)

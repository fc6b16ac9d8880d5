"""However a stream is cut, its lines are the same; and none of them can fill the memory."""

from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from studiolo_desktop.line_splitter import LineSplitter

PIECES = st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\xff", b"\n")), max_size=20)


def lines_of(pieces: list[bytes], *, most: int = 8) -> list[bytes | None]:
    splitter = LineSplitter(max_line_bytes=most)
    return [line for piece in pieces for line in splitter.feed(piece)]


@given(pieces=PIECES)
def test_the_cuts_of_the_stream_change_no_line(pieces: list[bytes]) -> None:
    assert lines_of(pieces) == lines_of([b"".join(pieces)])


@given(pieces=PIECES)
def test_each_line_is_given_once_and_a_longer_one_as_none(pieces: list[bytes]) -> None:
    whole = b"".join(pieces).split(b"\n")[:-1]
    assert lines_of(pieces) == [line if len(line) <= 8 else None for line in whole]


def test_a_line_waits_for_its_end() -> None:
    splitter = LineSplitter(max_line_bytes=100)
    assert splitter.feed(b'{"a"') == []
    assert splitter.feed(b": 1}\n{") == [b'{"a": 1}']


def test_the_line_after_a_too_long_one_is_whole() -> None:
    assert lines_of([b"123456789", b"0", b"\nshort\n"]) == [None, b"short"]


def test_a_line_without_an_end_takes_no_memory() -> None:
    splitter = LineSplitter(max_line_bytes=1000)
    piece = b"x" * 10_000
    tracemalloc.start()
    for _ in range(500):
        splitter.feed(piece)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 100_000

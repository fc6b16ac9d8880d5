"""How fast a pass goes and how long it will take, told from what it has done so far; owned by the indexer's thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from studiolo_indexer.forecast import Forecast, Work, kind_of, weight_of
from studiolo_indexer.tally import Tally

_SILENT_S = 2.0  # before that, a file more or less changes everything
_EVERY_S = 0.1


class Pace:
    """Follows one run over files.

    Args:
        files: Path and size in bytes of each file that will be read.
        tally: What counts the work; it is only read.
        clock: Gives seconds.
    """

    def __init__(
        self, files: Sequence[tuple[bytes, int]], tally: Tally, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._tally = tally
        self._started = self._told_at = clock()
        self._embed_s, self._extract_s, self._chunks = tally.embed_s, tally.extract_s, _chunks(tally)
        self._forecast = Forecast()
        self._left: dict[bytes, float] = {}
        for path, size in files:
            kind = kind_of(path)
            self._left[kind] = self._left.get(kind, 0.0) + weight_of(size)
        self._chunks_read = 0
        self.seconds_left: float | None = None
        """Seconds until the last file can be found; None while too little is known."""
        self.chunks_per_second: float | None = None
        """Chunks that can be found, a second, since the run began; None while there are none."""

    def read(self, path: bytes, size_bytes: int, *, chunks: int, read_s: float) -> None:
        """Take in that a file was read: how many chunks it gave, and how long reading took."""
        kind, weight = kind_of(path), weight_of(size_bytes)
        self._forecast.learn(kind, weight, Work(chunks=chunks, read_s=read_s))
        self._left[kind] = max(0.0, self._left.get(kind, 0.0) - weight)
        self._chunks_read += chunks
        if (now := self._clock()) - self._told_at >= _EVERY_S:
            self._told_at = now
            self._tell(now - self._started)

    def _tell(self, elapsed: float) -> None:
        committed = _chunks(self._tally) - self._chunks
        embed_s = self._tally.embed_s - self._embed_s
        worked_s = embed_s + self._tally.extract_s - self._extract_s
        waiting = max(0, self._chunks_read - committed)  # the first pages of a long PDF are committed twice
        self.chunks_per_second = committed / elapsed if committed else None
        if elapsed < _SILENT_S or worked_s <= 0 or (waiting > 0 and not committed):
            return
        ahead = self._forecast.of(self._left)
        work_left = ahead.read_s + (ahead.chunks + waiting) * (embed_s / committed if committed else 0.0)
        # Reading and embedding overlap, questions and pauses come between: as it went, it will go on.
        self.seconds_left = work_left * elapsed / worked_s


def _chunks(tally: Tally) -> int:
    return tally.chunks_embedded + tally.chunks_reused

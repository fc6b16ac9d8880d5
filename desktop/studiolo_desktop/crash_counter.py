"""Decides when a child that keeps crashing is left alone; pure."""

from __future__ import annotations


class CrashCounter:
    """Counts crashes within a sliding time.

    Args:
        limit: So many crashes within `window_s` are too many.
        window_s: Seconds that a crash counts.
    """

    def __init__(self, *, limit: int = 3, window_s: float = 60.0) -> None:
        self._limit = limit
        self._window_s = window_s
        self._times: list[float] = []

    def record(self, now_s: float) -> bool:
        """Note a crash at a monotonic time; gives True if it is one too many."""
        self._times = [t for t in self._times if now_s - t < self._window_s]
        self._times.append(now_s)
        return len(self._times) >= self._limit

    def forget(self) -> None:
        """Begin anew, because the user asked for another try."""
        self._times.clear()

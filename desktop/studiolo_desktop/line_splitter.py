"""Cuts a stream of bytes into lines, incrementally and within bounds; pure."""

from __future__ import annotations


class LineSplitter:
    """Collects pieces of a stream and gives whole lines.

    Args:
        max_line_bytes: A longer line is given as None, once, and its bytes are dropped as they come.
    """

    def __init__(self, *, max_line_bytes: int) -> None:
        self._max = max_line_bytes
        self._parts: list[bytes] = []
        self._held = 0
        self._skipping = False

    def feed(self, piece: bytes) -> list[bytes | None]:
        """Take the next bytes; gives the lines that they complete, without their line ends."""
        lines: list[bytes | None] = []
        *whole, rest = piece.split(b"\n")
        for part in whole:
            self._hold(part)
            lines.append(None if self._skipping else b"".join(self._parts))
            self._reset()
        self._hold(rest)
        return lines

    def _hold(self, part: bytes) -> None:
        if self._skipping or not part:
            return
        self._held += len(part)
        if self._held > self._max:
            self._parts.clear()
            self._skipping = True
        else:
            self._parts.append(part)

    def _reset(self) -> None:
        self._parts.clear()
        self._held = 0
        self._skipping = False

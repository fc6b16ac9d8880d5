"""Makes files that begin as DOC and PPT do, and hold no text."""

from __future__ import annotations

import struct

from studiolo_indexer.parsers.spreadsheets.biff import container_of


def old_document(name: str, flags: int = 0) -> bytes:
    """Make a container with one stream of that name, which begins as a Word document does."""
    made = container_of(struct.pack("<5HH", 0xA5EC, 0xC1, 0, 0, 0, flags) + bytes(5000))
    old = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 18)
    letters = name.encode("utf-16-le")
    return made.replace(old, letters.ljust(64, b"\0") + struct.pack("<H", len(letters) + 2))

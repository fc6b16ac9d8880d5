"""Writes small XLS and XLSB workbooks, record by record, since no library of ours does."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from hostile_files import zipped

from studiolo_indexer.parsers.spreadsheets.biff import container_of

Rows = Sequence[Sequence[str | float | None]]
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def record(kind: int, content: bytes = b"") -> bytes:
    """Write a record of XLS."""
    return struct.pack("<HH", kind, len(content)) + content


def xls_stream(
    rows: Rows, *, hidden: bool = False, merges: Sequence[tuple[int, int, int, int]] = (), extra: bytes = b""
) -> bytes:
    """Write the stream of a workbook with one sheet; `extra` stands among its cells."""
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6)
    name = "Prices"
    cells = extra
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            place = struct.pack("<HHH", number, column, 0)
            if isinstance(value, str):
                letters = value.encode("utf-16-le")
                cells += record(0x204, place + struct.pack("<HB", len(value), 1) + letters)
            elif value is not None:
                cells += record(0x203, place + struct.pack("<d", value))
    if merges:
        cells += record(0xE5, struct.pack("<H", len(merges)) + b"".join(struct.pack("<4H", *merge) for merge in merges))
    listed = struct.pack("<BBBB", int(hidden), 0, len(name), 0) + name.encode()
    at = len(record(0x809, begin)) + len(record(0x85, bytes(4) + listed)) + len(record(0x0A))
    head = record(0x809, begin) + record(0x85, struct.pack("<I", at) + listed) + record(0x0A)
    sheet = record(0x809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6))
    size = record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0))
    return head + sheet + size + cells + record(0x0A)


def xls(rows: Rows) -> bytes:
    """Write an XLS file with one sheet."""
    return container_of(xls_stream(rows))


def _number(value: int) -> bytes:
    return bytes([value]) if value < 0x80 else bytes([value & 0x7F | 0x80, value >> 7])


def _record(kind: int, content: bytes = b"") -> bytes:
    return _number(kind) + _number(len(content)) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(rows: Rows, *, step: int = 1) -> bytes:
    """Write an XLSB file with one sheet, whose rows lie `step` rows apart."""
    cells = b""
    for number, row in enumerate(rows):
        cells += _record(0, struct.pack("<II", number * step, 0) + bytes(9))
        for column, value in enumerate(row):
            place = struct.pack("<II", column * step, 0)
            if isinstance(value, str):
                cells += _record(6, place + _wide(value))
            elif value is not None:
                cells += _record(5, place + struct.pack("<d", value))
    sheet = _record(129) + _record(148, struct.pack("<4I", 0, len(rows), 0, 9)) + _record(145) + cells
    listed = _record(156, struct.pack("<II", 0, 1) + _wide("r1") + _wide("Prices"))
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": _record(131) + _record(143) + listed + _record(144) + _record(132),
            "xl/_rels/workbook.bin.rels": f'<Relationships><Relationship Id="r1" Type="{_REL}/worksheet" '
            'Target="worksheets/sheet1.bin"/></Relationships>',
            "xl/worksheets/sheet1.bin": sheet + _record(146) + _record(130),
        }
    )

"""What must be known of binary spreadsheets before calamine gets them: whether they are locked, how far cells spread.

Calamine lays a sheet out in full, at about 30 bytes a place, and memory that it does not get ends the process.
"""

from __future__ import annotations

import struct

from studiolo_indexer.containers import OLE_MARK, OleFile
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.office.opc import Package

MAX_PLACES = 20_000_000
_SECTOR_BYTES = 4096
_MOST_TABLES = 109  # as many as a header lists
_MAX_STREAM_BYTES = (_MOST_TABLES * (_SECTOR_BYTES // 4 - 1) - 2) * _SECTOR_BYTES
_IS_TABLE, _END, _NONE = 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF
# XLS, [MS-XLS] 2.3: the records of one cell, of several in a row, and those that begin a sheet or lock a file.
_CELLS = frozenset((0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x206, 0x27E, 0x406))
_RUNS = frozenset((0xBD, 0xBE))
_BEGINS = frozenset((0x09, 0x209, 0x409, 0x809))
_DIMENSIONS = 0x200
_WIDE_DIMENSIONS_BYTES = 14
_LOCK, _SHEET, _SHEET_END = 0x2F, 0x85, 0x0A
# Hostile sheets may all begin at one end and have none: they are walked over so often, and so far, at most.
_MOST_WALKS, _MOST_WALKED_BYTES = 20, 1 << 20
# XLSB, [MS-XLSB] 2.3: cells are the records 1 to 11, each row has one before them.
_ROW = 0
_LAST_CELL = 11


class _Spread:
    """The rectangle around the cells of a sheet."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget the cells."""
        self._top = self._left = 2**32
        self._bottom = self._right = -1

    def add(self, row: int, column: int) -> None:
        """Add a cell."""
        self._top, self._bottom = min(self._top, row), max(self._bottom, row)
        self._left, self._right = min(self._left, column), max(self._right, column)

    @property
    def places(self) -> int:
        """Count the places between the outermost cells."""
        return max(0, self._bottom - self._top + 1) * max(0, self._right - self._left + 1)


def checked_xls(container: OleFile) -> bytes:
    """Check an XLS file, whose sheets are all laid out at once; gives its workbook in a container of our own making.

    In a damaged container calamine follows a chain of sectors that bites its tail until the memory ends.

    Raises:
        FileFailure: file.password, file.damaged, or file.too_large.
    """
    if "encryptedpackage" in container:
        raise FileFailure("file.password", "It is protected with a password.")
    stream = next((container.read(n, _MAX_STREAM_BYTES) for n in ("workbook", "book") if n in container), b"")
    if not stream:
        raise FileFailure("file.damaged", "It is no readable spreadsheet.")
    starts = [0]
    places = _checked_records(stream, 0, starts)
    in_sheets = 0
    read = len(stream)
    for start in sorted(set(starts[1:])):  # calamine goes where the workbook says that a sheet begins
        in_sheets += _checked_records(stream, start, None)
        read += len(stream) - start
        if read > _MOST_WALKS * len(stream) + _MOST_WALKED_BYTES:
            raise FileFailure("file.damaged", "It is no readable spreadsheet.")
    _check(max(places, in_sheets))
    return container_of(stream)


def _checked_records(stream: bytes, at: int, sheets: list[int] | None) -> int:
    """Walk over records, to the end of the stream, or of the sheet that begins here; gives the places of the cells.

    `sheets` takes the places where sheets begin, and None means that this is one.
    """
    spread = _Spread()
    places = 0
    while at + 4 <= len(stream):
        kind = int.from_bytes(stream[at : at + 2], "little")
        size = int.from_bytes(stream[at + 2 : at + 4], "little")
        at += 4
        if kind in _CELLS or kind in _RUNS:
            row = int.from_bytes(stream[at : at + 2], "little")
            spread.add(row, int.from_bytes(stream[at + 2 : at + 4], "little"))
            if kind in _RUNS:
                spread.add(row, int.from_bytes(stream[at + size - 2 : at + size], "little"))
        elif kind == _DIMENSIONS:
            _check(_claimed(stream[at : at + size]))
        elif kind == _LOCK and sheets is not None:
            raise FileFailure("file.password", "It is protected with a password.")
        elif kind == _SHEET and sheets is not None:
            sheets.append(int.from_bytes(stream[at : at + 4], "little"))
        elif kind in _BEGINS:
            places += spread.places
            spread.clear()
        elif kind == _SHEET_END and sheets is None:
            break
        at += size
    return places + spread.places


def container_of(stream: bytes) -> bytes:
    """Make an OLE2 container that holds one stream: header, allocation table, directory, the stream; [MS-CFB] 2.

    Calamine wants a sector for small streams too, though there are none.
    """
    count = max(1, -(-len(stream) // _SECTOR_BYTES))
    tables = -(-(count + 2) // (_SECTOR_BYTES // 4 - 1))
    small, first = tables + 1, tables + 2
    links = [_IS_TABLE] * tables + [_END, _END, *range(first + 1, first + count), _END]
    table = struct.pack(f"<{len(links)}I", *links).ljust(tables * _SECTOR_BYTES, b"\xff")
    versions = struct.pack("<5H6x", 0x3E, 4, 0xFFFE, 12, 6)
    numbers = struct.pack("<9I", 1, tables, tables, 0, _SECTOR_BYTES, _END, 0, _END, 0)
    listed = struct.pack(f"<{tables}I", *range(tables)).ljust(4 * _MOST_TABLES, b"\xff")
    header = (OLE_MARK + bytes(16) + versions + numbers + listed).ljust(_SECTOR_BYTES, b"\0")
    size = count * _SECTOR_BYTES
    root = _entry("Root Entry", 5, child=1, first=small, size=0)
    directory = root + _entry("Workbook", 2, child=_NONE, first=first, size=size)
    return header + table + directory.ljust(2 * _SECTOR_BYTES, b"\0") + stream.ljust(size, b"\0")


def _entry(name: str, kind: int, *, child: int, first: int, size: int) -> bytes:
    letters = name.encode("utf-16-le")
    about = struct.pack("<HBBIII36xIQ", len(letters) + 2, kind, 1, _NONE, _NONE, child, first, size)
    return letters.ljust(64, b"\0") + about


def _claimed(dimensions: bytes) -> int:
    """Count the places that a sheet claims to have; calamine reserves memory for each before it sees a cell."""
    wide = 4 if len(dimensions) >= _WIDE_DIMENSIONS_BYTES else 2
    rows = [int.from_bytes(dimensions[at : at + wide], "little") for at in (0, wide)]
    columns = [int.from_bytes(dimensions[at : at + 2], "little") for at in (2 * wide, 2 * wide + 2)]
    if rows[1] < rows[0] or columns[1] < columns[0]:
        return 2**32  # it subtracts without a sign
    return (rows[1] - rows[0]) * (columns[1] - columns[0])


def check_xlsb(package: Package) -> None:
    """Check an XLSB file: unpack its parts within the archive's bounds, and look at each sheet.

    Raises:
        FileFailure: file.bomb, file.damaged, or file.too_large.
    """
    for name in package.names:
        small = name.lower()
        content = package.read(name) if small.startswith("xl/") and small.endswith(".bin") else None
        if content is not None and "/worksheets/" in small:
            _check(_places(content))


def _check(places: int) -> None:
    if places > MAX_PLACES:
        raise FileFailure("file.too_large", "The cells of a sheet lie too far apart to be read.")


def _places(content: bytes) -> int:
    spread = _Spread()
    row = at = 0
    while at < len(content):
        kind, at = _varint(content, at, 2)
        size, at = _varint(content, at, 4)
        first = int.from_bytes(content[at : at + 4], "little")
        at += size
        if kind == _ROW:
            row = first
        elif kind <= _LAST_CELL:
            spread.add(row, first)
    return spread.places


def _varint(content: bytes, at: int, most: int) -> tuple[int, int]:
    """Read a number in groups of seven bits; gives it and the place behind it."""
    value = 0
    for shift in range(0, 7 * most, 7):
        byte = content[at] if at < len(content) else 0
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return value, at

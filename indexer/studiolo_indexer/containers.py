"""What a ZIP or OLE2 container holds, told from its directory; no ZIP member is unpacked; pure and bounded.

Source for OLE2: [MS-CFB], the published description of the compound file.
"""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass

OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MARK = b"PK\x03\x04"
_HEADER_BYTES = 512
_ENTRY_BYTES = 128
_SMALL_STREAM_BYTES = 4096
_SMALL_SHIFT = 6
_FREE = 0xFFFFFFFA  # from here on a sector's number is a mark: free, end of chain, and the like
_MAX_DIRECTORY_BYTES = 4 * 2**20
_SHIFTS = (9, 12)
_MIMETYPE = b"mimetype"


@dataclass(frozen=True, slots=True)
class _Entry:
    first: int
    size_bytes: int


class OleFile:
    """An OLE2 container: what lies at its top, by names in small letters; one that cannot be read holds nothing."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._entries: dict[str, _Entry] = {}
        self._table = b""
        self._shift = int.from_bytes(data[30:32], "little")
        if not data.startswith(OLE_MARK) or len(data) < _HEADER_BYTES or self._shift not in _SHIFTS:
            return
        self._table = self._sectors_of_table()
        self._directory = self._chain(_number(data, 48), _MAX_DIRECTORY_BYTES)
        self._entries = _children(self._directory)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @property
    def names(self) -> frozenset[str]:
        """The names of the streams and folders at the top."""
        return frozenset(self._entries)

    def read(self, name: str, most_bytes: int) -> bytes:
        """Give the first bytes of a stream; nothing where there is none of that name."""
        entry = self._entries.get(name)
        if entry is None:
            return b""
        most = min(most_bytes, entry.size_bytes)
        if entry.size_bytes >= _SMALL_STREAM_BYTES:
            return self._chain(entry.first, most)[:most]
        # Small streams lie in pieces of 64 bytes inside a stream of their own, the root's.
        holder = self._chain(_number(self._directory, 116), len(self._data))
        table = self._chain(_number(self._data, 60), len(self._data))
        places = _links(entry.first, table, _SMALL_STREAM_BYTES >> _SMALL_SHIFT)
        return b"".join(holder[n << _SMALL_SHIFT : (n + 1) << _SMALL_SHIFT] for n in places)[:most]

    def _sectors_of_table(self) -> bytes:
        """Join the allocation table: its sectors are listed 109 in the header, the others in a chain of their own."""
        data, shift = self._data, self._shift
        listed = list(struct.unpack_from("<109I", data, 76))
        following = _number(data, 68)
        seen: set[int] = set()
        while following < _FREE and following not in seen and (following + 2) << shift <= len(data):
            seen.add(following)
            numbers = struct.unpack_from(f"<{(1 << shift) // 4}I", data, (following + 1) << shift)
            listed.extend(numbers[:-1])
            following = numbers[-1]
        used = dict.fromkeys(n for n in listed if n < _FREE and (n + 1) << shift < len(data))
        return b"".join(self._sector(n).ljust(1 << shift, b"\xff") for n in used)

    def _sector(self, number: int) -> bytes:
        return self._data[(number + 1) << self._shift : (number + 2) << self._shift]

    def _chain(self, first: int, most_bytes: int) -> bytes:
        """Join the sectors of a chain, at least `most_bytes` of them where there are so many."""
        most = min(len(self._data), most_bytes + (1 << self._shift)) >> self._shift
        return b"".join(self._sector(n) for n in _links(first, self._table, most))


def zip_kind(data: bytes) -> str:
    """Tell what a ZIP archive is: an OpenDocument's media type, or the folder that an Office file keeps its parts in.

    Gives `word`, `ppt`, `xl`, something like `application/vnd.oasis.opendocument.text`, or nothing.
    """
    if data[30:38] == _MIMETYPE:
        length = int.from_bytes(data[18:22], "little")
        start = 38 + int.from_bytes(data[28:30], "little")
        return data[start : start + min(length, 100)].decode("latin-1").strip()
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, NotImplementedError, ValueError):
        return ""
    folders = [name.replace("\\", "/").partition("/")[0].lower() for name in names]
    return next((folder for folder in folders if folder in ("word", "ppt", "xl")), "")


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _links(first: int, table: bytes, most: int) -> list[int]:
    """Follow a chain through an allocation table; it ends at a mark, at a loop, and after `most` links."""
    seen: dict[int, None] = {}
    number = first
    while number < _FREE and number not in seen and len(seen) < most:
        seen[number] = None
        if 4 * number + 4 > len(table):
            break
        number = _number(table, 4 * number)
    return list(seen)


def _children(directory: bytes) -> dict[str, _Entry]:
    """Walk the tree of the root's children; an entry is visited once, whatever the tree says."""
    found: dict[str, _Entry] = {}
    count = len(directory) // _ENTRY_BYTES
    waiting = [_number(directory, 76)] if count else []
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number >= count or number in seen:
            continue
        seen.add(number)
        at = number * _ENTRY_BYTES
        length = max(0, min(64, int.from_bytes(directory[at + 64 : at + 66], "little")) - 2)
        name = directory[at : at + length].decode("utf-16-le", "replace").lower()
        found[name] = _Entry(_number(directory, at + 116), _number(directory, at + 120))
        waiting += [_number(directory, at + 68), _number(directory, at + 72)]
    return found

"""Outlook's MSG: the same mail in other bytes; its properties are read from its streams, within bounds.

Source: [MS-OXMSG] and [MS-OXPROPS], the published descriptions of the format and its properties.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import Any

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import MSG
from studiolo_indexer.parsers.decoding import decode, known_encoding
from studiolo_indexer.parsers.mail.internet_mail import Attached, Mail, MailReader, Piece, preferred
from studiolo_indexer.parsers.mail.mime import decoded_words, split_headers
from studiolo_indexer.records import Document

_DAMAGED = (
    OSError, ValueError, KeyError, IndexError, AttributeError, TypeError, AssertionError, OverflowError, struct.error,
)  # fmt: skip
_MOST_DEPTH = 5
_MOST_LEVELS = 12  # of storages: a mail in a mail has two more
_MOST_STREAMS = 20_000
_SUBJECT, _BODY, _HTML, _HEADERS, _SENDER, _SENDER_MAIL, _SENDER_SMTP = 0x37, 0x1000, 0x1013, 0x7D, 0xC1A, 0xC1F, 0x5D01
_TO, _CC, _CLASS, _CODE_PAGE, _SENT, _RECEIVED = 0xE04, 0xE03, 0x1A, 0x3FFD, 0x39, 0xE06
_LONG_NAME, _NAME, _DATA = 0x3707, 0x3704, 0x3701
_EMBEDDED = "__substg1.0_3701000D"
_PROPERTIES = "__properties_version1.0"
_TICKS_BEFORE_1970 = 116_444_736_000_000_000

Storage = Any  # Any: python-oxmsg's storage, a folder of streams


def parse_msg(data: bytes, name: str) -> Document:
    """Read a mail that Outlook saved.

    Raises:
        FileFailure: file.damaged, file.bomb, or file.password if it is encrypted.
    """
    thread = MailReader()
    mail = unpack_msg(data)
    thread.add(mail)
    return thread.document(MSG, mail)


def unpack_msg(data: bytes) -> Mail:
    """Unpack a mail of bytes.

    Raises:
        FileFailure: As `parse_msg`.
    """
    try:
        return _mail(_loaded(data), 0)
    except _DAMAGED as error:
        raise FileFailure("file.damaged", "It is no sound Outlook mail.") from error
    except RecursionError as error:
        raise FileFailure("file.bomb", "It is nested too deeply.") from error


def _loaded(data: bytes) -> Storage:
    from oxmsg.storage import OleFileIO
    from oxmsg.storage import Storage as OleStorage

    with OleFileIO(data) as ole:
        entries = [entry for entry in ole.direntries if entry is not None]
        # Streams may share their bytes: a small file could claim to hold any amount.
        if len(entries) > _MOST_STREAMS or sum(entry.size for entry in entries) > 4 * len(data):
            raise FileFailure("file.bomb", "It is too large when unpacked.")
        if any(len(path) > _MOST_LEVELS for path in ole.listdir(storages=True)):
            raise FileFailure("file.bomb", "It is nested too deeply.")
        return OleStorage.from_ole(ole)


def _mail(storage: Storage, depth: int) -> Mail:
    properties = _Properties(storage)
    if "SMIME" in properties.text(_CLASS).upper() and "MULTIPARTSIGNED" not in properties.text(_CLASS).upper():
        raise FileFailure("file.password", "It is an encrypted mail.")
    transported, _ = split_headers(properties.text(_HEADERS).encode("utf-8", "replace") + b"\n\n")
    address = properties.text(_SENDER_SMTP) or properties.text(_SENDER_MAIL)
    sender = f"{properties.text(_SENDER)} <{address}>" if "@" in address else properties.text(_SENDER)
    shown = (
        ("From", transported.get("from") or sender),
        ("To", transported.get("to") or properties.text(_TO)),
        ("Cc", transported.get("cc") or properties.text(_CC)),
        ("Date", transported.get("date") or properties.date(_SENT) or properties.date(_RECEIVED)),
    )
    texts = [Piece(text) for text in [properties.text(_BODY)] if text.strip()]
    pages = [Piece(page, is_page=True) for page in [properties.text(_HTML)] if page.strip()]
    return Mail(
        tuple((label, decoded_words(value)) for label, value in shown if value),
        properties.text(_SUBJECT),
        tuple(preferred(texts, pages)),
        tuple(attached for s in storage.iter_attachment_storages() for attached in _attached(s, depth)),
    )


def _attached(storage: Storage, depth: int) -> list[Attached]:
    """Give what one attachment holds: a file, or a mail; none where it only names a file elsewhere."""
    properties = _Properties(storage)
    name = (properties.text(_LONG_NAME) or properties.text(_NAME)).replace("\\", "/").rpartition("/")[2]
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())[-150:]
    embedded = next((inner for inner in storage.storages if inner.name == _EMBEDDED), None)
    if embedded is not None:
        return [Attached(name or "mail", mail=_mail(embedded, depth + 1))] if depth < _MOST_DEPTH else []
    data = properties.stream(_DATA, 0x0102)
    return [Attached(name, data)] if data and name else []


class _Properties:
    """The properties of a mail or an attachment: each in a stream of its own, numbers in one for all."""

    def __init__(self, storage: Storage) -> None:
        self._streams: dict[str, bytes] = {stream.name: stream.bytes_ for stream in storage.streams}

    def stream(self, number: int, kind: int) -> bytes:
        """Give the bytes of a property; empty if there is none."""
        return self._streams.get(f"__substg1.0_{number:04X}{kind:04X}", b"")

    def text(self, number: int) -> str:
        """Give a text, or bytes that are one (the page of a mail)."""
        wide = self.stream(number, 0x001F)
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self.stream(number, 0x001E) or self.stream(number, 0x0102)
        if not narrow:
            return ""
        page = self._number(_CODE_PAGE)
        charset = known_encoding("utf-8" if page == 65001 else f"cp{page}") if page else ""
        return decode(narrow.rstrip(b"\0"), declared=charset)[0]

    def date(self, number: int) -> str:
        """Give a time in ISO 8601, UTC; empty if there is none."""
        ticks = self._number(number)
        if ticks is None or ticks <= _TICKS_BEFORE_1970:
            return ""
        seconds = (ticks - _TICKS_BEFORE_1970) // 10_000_000
        return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds < 2**33 else ""

    def _number(self, number: int) -> int | None:
        """Give a value of at most eight bytes; they stand in rows of 16 from a place that differs, but in step."""
        rows = self._streams.get(_PROPERTIES, b"")
        for at in range(len(rows) % 16, len(rows) - 15, 16):
            if rows[at + 2 : at + 4] == number.to_bytes(2, "little"):
                return int.from_bytes(rows[at + 8 : at + 16], "little")
        return None

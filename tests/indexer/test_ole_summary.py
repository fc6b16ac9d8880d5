"""What old Office files say of themselves."""

from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.parsers.office.ole_summary import summary

SINCE_1601_S = 13_348_540_800  # the first of January 2024


def text(value: bytes) -> bytes:
    return struct.pack("<II", 0x1E, len(value)) + value.ljust(-(-len(value) // 4) * 4, b"\0")


def stream(*values: tuple[int, bytes]) -> bytes:
    places, content = b"", b""
    for number, value in values:
        places += struct.pack("<II", number, 8 + 8 * len(values) + len(content))
        content += value
    return (
        bytes(44)
        + struct.pack("<I", 48)
        + struct.pack("<II", 8 + len(places) + len(content), len(values))
        + places
        + content
    )


WHOLE = stream(
    (1, struct.pack("<Ihxx", 2, 1251)),
    (2, text("План\0".encode("cp1251"))),
    (4, struct.pack("<II", 0x1F, 4) + "Ada\0".encode("utf-16-le")),
    (12, struct.pack("<IQ", 0x40, SINCE_1601_S * 10_000_000)),
    (13, struct.pack("<IQ", 0x40, 0)),
    (99, text(b"no one asks for this")),
)


def test_title_author_and_dates_are_read_in_the_file_s_own_code_page() -> None:
    assert summary(WHOLE) == {"title": "План", "author": "Ada", "created": "2024-01-01T00:00:00Z"}


def test_nothing_is_said_where_nothing_is_written() -> None:
    assert summary(b"") == {}


@settings(max_examples=60, deadline=None)
@given(end=st.integers(0, len(WHOLE)), at=st.integers(0, len(WHOLE) - 1), value=st.integers(0, 255))
def test_spoilt_bytes_give_texts_or_nothing(end: int, at: int, value: int) -> None:
    spoilt = bytearray(WHOLE)
    spoilt[at] = value
    assert all(isinstance(said, str) for said in summary(bytes(spoilt[:end])).values())

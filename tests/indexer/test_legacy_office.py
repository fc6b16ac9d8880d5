"""DOC and PPT are refused, and each with its own reason."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.containers import OLE_MARK
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.biff import container_of
from studiolo_indexer.parsers.legacy_office import parse_legacy


def document(name: str, flags: int = 0) -> bytes:
    """Make a container with one stream of that name, which begins as a Word document does."""
    made = container_of(struct.pack("<5HH", 0xA5EC, 0xC1, 0, 0, 0, flags) + bytes(5000))
    old = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 18)
    letters = name.encode("utf-16-le")
    return made.replace(old, letters.ljust(64, b"\0") + struct.pack("<H", len(letters) + 2))


def failure_of(data: bytes) -> FileFailure:
    with pytest.raises(FileFailure) as caught:
        parse_legacy(data, "a.doc")
    return caught.value


@pytest.mark.parametrize("name", ["WordDocument", "PowerPoint Document"])
def test_an_old_file_says_what_to_do(name: str) -> None:
    failure = failure_of(document(name))
    assert failure.code == "file.needs_libreoffice"
    assert "install LibreOffice" in failure.reason


def test_a_locked_one_is_named_so() -> None:
    assert failure_of(document("WordDocument", flags=0x0100)).code == "file.password"
    assert failure_of(document("EncryptedSummary")).code == "file.password"


@given(st.binary(max_size=600))
def test_anything_else_is_damaged(noise: bytes) -> None:
    assert failure_of(noise).code == "file.damaged"
    assert failure_of(OLE_MARK + noise).code == "file.damaged"

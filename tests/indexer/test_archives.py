"""Archives are unpacked within bounds, and their XML declares nothing."""

from __future__ import annotations

import io
import zipfile

import pytest

from studiolo_indexer.containers import OLE_MARK
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers import archives
from studiolo_indexer.parsers.archives import Archive, parse_xml


def packed(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def code_of(data: bytes, *names: str) -> str:
    with pytest.raises(FileFailure) as caught:
        archive = Archive(data)
        for name in names:
            archive.read(name)
    return caught.value.code


def test_members_are_given_whole_and_missing_ones_as_none() -> None:
    archive = Archive(packed(one=b"first", other=b"<a>second</a>"))
    assert (archive.read("one"), archive.read("none"), archive.xml("none")) == (b"first", None, None)
    root = archive.xml("other")
    assert root is not None
    assert root.text == "second"


def test_all_members_together_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 1000)
    data = packed(one=b"a" * 600, other=b"b" * 600)
    assert Archive(data).read("other") == b"b" * 600
    assert code_of(data, "one", "other") == "file.bomb"


def test_what_is_no_archive_is_damaged_or_protected() -> None:
    assert code_of(b"PK\x03\x04 and no more") == "file.damaged"
    assert code_of(OLE_MARK + b"\0" * 600) == "file.password"
    encrypted = bytearray(packed(one=b"words"))
    encrypted[encrypted.rfind(b"PK\x01\x02") + 8] |= 1
    assert code_of(bytes(encrypted), "one") == "file.password"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_entities_are_refused_in_every_encoding(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    with pytest.raises(FileFailure) as caught:
        parse_xml(text.encode(encoding))
    assert caught.value.code == "file.bomb"


def test_a_plain_document_type_is_no_crime_and_loads_nothing() -> None:
    assert parse_xml(b'<!DOCTYPE a SYSTEM "http://nowhere.invalid/a.dtd"><a>words</a>').text == "words"

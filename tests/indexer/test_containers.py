"""What OLE2 and ZIP containers hold, told from their directories."""

from __future__ import annotations

import struct

import pytest
from hostile_files import zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.containers import OLE_MARK, OleFile, zip_kind
from studiolo_indexer.media_types import DOC, DOCX, HTML, ODT, PLAIN, PPT, RTF, XLS, XLSB, XLSX, sniff
from studiolo_indexer.parsers.spreadsheets.biff import container_of

END, FREE, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF


def entry(
    name: str, kind: int, *, left: int = NONE, right: int = NONE, child: int = NONE, first: int, size: int
) -> bytes:
    letters = name.encode("utf-16-le")
    about = struct.pack("<HBBIII36xIQ", len(letters) + 2, kind, 1, left, right, child, first, size)
    return letters.ljust(64, b"\0") + about


def ole(names: list[str], *, small: bytes = b"", table: list[int] | None = None) -> bytes:
    """Make a container with sectors of 512 bytes: table, directory, small table, small streams, then 4 KB of `x`."""
    links = table or [0xFFFFFFFD, END, END, END, *range(5, 12), END]
    entries = [entry("Root Entry", 5, child=1, first=3, size=512)]
    for number, name in enumerate(names, start=1):
        following = number + 1 if number < len(names) else NONE
        place = {"first": 0, "size": len(small)} if name == "Small" else {"first": 4, "size": 4096}
        entries.append(entry(name, 2, right=following, **place))
    directory = b"".join(entries).ljust(512, b"\0")[:512]
    small_table = struct.pack("<3I", 1, 2, END).ljust(512, b"\xff")
    versions = struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    numbers = struct.pack("<9I", 0, 1, 1, 0, 4096, 2, 1, END, 0)
    header = (OLE_MARK + bytes(16) + versions + numbers + struct.pack("<I", 0)).ljust(512, b"\xff")
    sectors = struct.pack(f"<{len(links)}I", *links).ljust(512, b"\xff") + directory + small_table
    return header + sectors + small.ljust(512, b"\0") + b"x" * 4096


def test_streams_are_named_in_small_letters_and_read_whatever_their_size() -> None:
    container = OleFile(ole(["WordDocument", "Small", "1Table"], small=b"little" * 20))
    assert container.names == {"worddocument", "small", "1table"}
    assert container.read("small", 1000) == b"little" * 20
    assert container.read("small", 6) == b"little"
    assert container.read("worddocument", 10**6) == b"x" * 4096
    assert container.read("missing", 10) == b""


def test_a_container_made_for_one_stream_gives_it_back() -> None:
    stream = bytes(range(256)) * 100
    assert OleFile(container_of(stream)).read("workbook", len(stream)) == stream


def test_a_chain_that_bites_its_tail_ends() -> None:
    looped = ole(["Workbook"], table=[0xFFFFFFFD, END, END, END, 5, 4])
    assert len(OleFile(looped).read("workbook", 4096)) == 1024
    assert OleFile(ole(["Workbook"], table=[0xFFFFFFFD, 1, 2, 3, 4])).names == {"workbook"}


def test_what_is_no_container_holds_nothing() -> None:
    assert OleFile(b"").names == OleFile(OLE_MARK + b"\0" * 600).names == OleFile(b"text" * 1000).names == frozenset()


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_bytes_behind_the_mark_are_walked_to_an_end(data: st.DataObject) -> None:
    spoilt = bytearray(ole(["WordDocument", "Small"], small=b"a"))
    for at, value in data.draw(st.lists(st.tuples(st.integers(24, len(spoilt) - 1), st.integers(0, 255)), max_size=40)):
        spoilt[at] = value
    container = OleFile(bytes(spoilt[: data.draw(st.integers(0, len(spoilt)))]))
    assert all(len(container.read(name, 5000)) <= 5000 for name in container.names)


def test_an_archive_says_what_it_is() -> None:
    kind = "application/vnd.oasis.opendocument.text"
    assert zip_kind(zipped({"mimetype": kind, "content.xml": "<a/>"}, stored="mimetype")) == kind
    assert zip_kind(zipped({"[Content_Types].xml": "<a/>", "xl\\workbook.xml": "<a/>"})) == "xl"
    assert zip_kind(zipped({"a.txt": "a"})) == ""
    assert zip_kind(b"PK\x03\x04 and no more") == ""


@pytest.mark.parametrize(
    ("data", "promised", "found"),
    [
        (b"{\\rtf1 Hello}", DOC, RTF),
        (b"\xef\xbb\xbf<html><body>", DOC, HTML),
        (b"<table><tr><td>1", XLS, HTML),
        (b"a\tb\n1\t2\n", XLS, PLAIN),
        (zipped({"word/document.xml": "<a/>"}), DOC, DOCX),
        (zipped({"xl/workbook.bin": "<a/>"}), XLSB, XLSB),
        (zipped({"xl/workbook.xml": "<a/>"}), XLS, XLSX),
        (zipped({"mimetype": f"{ODT}-template"}, stored="mimetype"), DOCX, ODT),
        (ole(["WordDocument"]), DOCX, DOC),
        (ole(["PowerPoint Document"]), DOC, PPT),
        (ole(["Workbook"]), XLSX, XLS),
        (ole(["EncryptedPackage"]), DOCX, DOCX),
        (b"\0\1\2\3", XLS, XLS),
        (b"{\\rtf1 in a text file}", PLAIN, PLAIN),
    ],
)
def test_an_office_file_is_known_by_its_bytes(data: bytes, promised: str, found: str) -> None:
    assert sniff(data, promised) == found

"""What is known of a binary spreadsheet before calamine gets it."""

from __future__ import annotations

import struct

import pytest
from hostile_files import zipped
from old_spreadsheets import Rows, record, xls_stream, xlsb

from studiolo_indexer.containers import OleFile
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.office.opc import Package
from studiolo_indexer.parsers.spreadsheets.biff import check_xlsb, checked_xls, container_of

ROWS: Rows = [["Name", "Price"], ["Basic", 10]]


def code_of(stream: bytes) -> str:
    with pytest.raises(FileFailure) as caught:
        checked_xls(OleFile(container_of(stream)))
    return caught.value.code


def test_a_sound_workbook_comes_back_in_a_container_of_our_own() -> None:
    stream = xls_stream(ROWS)
    checked = checked_xls(OleFile(container_of(stream)))
    assert OleFile(checked).read("workbook", len(stream)) == stream


def test_a_lock_is_seen() -> None:
    assert code_of(xls_stream(ROWS, extra=record(0x2F, b"key"))) == "file.password"


@pytest.mark.parametrize(
    "extra",
    [
        record(0x203, struct.pack("<HHHd", 65_535, 65_535, 0, 1.0)),
        record(0xBD, struct.pack("<HH6sH", 0, 0, b"", 65_535)) + record(0x203, struct.pack("<HHHd", 60_000, 0, 0, 1.0)),
        record(0x200, struct.pack("<IIHHH", 0, 2**32 - 1, 0, 255, 0)),
        record(0x200, struct.pack("<IIHHH", 8192, 6, 0, 5, 0)),
    ],
    ids=["far corner", "wide row", "claimed", "claimed backwards"],
)
def test_cells_that_calamine_could_not_lay_out_are_refused(extra: bytes) -> None:
    assert code_of(xls_stream(ROWS, extra=extra)) == "file.too_large"


def test_a_container_without_a_workbook_is_damaged() -> None:
    with pytest.raises(FileFailure, match=r"file\.damaged"):
        checked_xls(OleFile(b"no container"))


def test_sheets_of_xlsb_are_measured_too() -> None:
    check_xlsb(Package(xlsb(ROWS)))
    with pytest.raises(FileFailure, match=r"file\.too_large"):
        check_xlsb(Package(xlsb(ROWS, step=16_000)))
    # Numbers that never end, and records that reach beyond the end.
    check_xlsb(Package(zipped({"xl/worksheets/a.bin": b"\xff" * 100, "xl/worksheets/b.bin": b"\x05\xff\xff\x7f"})))


def test_a_large_stream_needs_more_than_one_table() -> None:
    stream = bytes(5 * 2**20)
    assert len(OleFile(container_of(stream)).read("workbook", len(stream))) == len(stream)

"""XLS and XLSB: sheets as tables; what calamine cannot bear is the file's fault."""

from __future__ import annotations

import re

import pytest
from damaged_files import assert_read_or_refused, damaged
from hostile_files import zipped
from hypothesis import given, settings
from hypothesis import strategies as st
from old_spreadsheets import Rows, record, xls, xls_stream, xlsb

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import XLS, XLSB
from studiolo_indexer.parsers.spreadsheets.biff import container_of
from studiolo_indexer.parsers.spreadsheets.spreadsheet import parse_spreadsheet

ROWS: Rows = [["Name", "Price"], ["Basic", 10], ["Plus", 3.5]]
TEXT = "Prices\n\nName | Price\nBasic | 10\nPlus | 3.5"


@pytest.mark.parametrize(("data", "media_type"), [(xls(ROWS), XLS), (xlsb(ROWS), XLSB)], ids=["xls", "xlsb"])
def test_a_sheet_is_a_part_with_a_table(data: bytes, media_type: str) -> None:
    found = parse_spreadsheet(data, "a")
    assert (found.text, found.media_type, found.title) == (TEXT, media_type, "")
    assert [(part.kind, part.label) for part in found.parts] == [("sheet", "Prices")]
    assert [found.text[table.start : table.header_end] for table in found.tables] == ["Name | Price"]


def test_merges_and_hidden_sheets_are_seen() -> None:
    rows: Rows = [["Name", "Price"], ["Basic", 10], [None, 3.5]]
    found = parse_spreadsheet(container_of(xls_stream(rows, hidden=True, merges=[(1, 2, 0, 0)])), "a.xls")
    assert found.text.endswith("Basic | 10\nBasic | 3.5")
    assert found.warnings == ("sheet 'Prices' is hidden",)


def test_an_empty_sheet_is_left_out() -> None:
    assert parse_spreadsheet(xls([]), "a.xls").text == ""


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no spreadsheet", "file.damaged"),
        (xls(ROWS)[:600], "file.damaged"),
        (container_of(xls_stream(ROWS, extra=record(0x2F, b"key"))), "file.password"),
        (container_of(b"\xff" * 600), "file.damaged"),
        (xlsb(ROWS, step=16_000), "file.too_large"),
        (zipped({"xl/workbook.bin": b"\x9c\x01\x20" + b"\xff" * 40}), "file.damaged"),
        (zipped({"xl/worksheets/sheet1.bin": bytes(30_000_000)}), "file.bomb"),
    ],
    ids=["text", "cut", "locked", "noise", "sparse", "panic", "bomb"],
)
def test_what_cannot_be_read_is_refused_with_a_reason(data: bytes, code: str) -> None:
    with pytest.raises(FileFailure, match=re.escape(code)):
        parse_spreadsheet(data, "a.xls")


@settings(max_examples=80, deadline=None)
@given(data=st.sampled_from([xls(ROWS), xlsb(ROWS)]), seed=st.integers(0, 10**9))
def test_damaged_copies_end_with_a_document_or_a_reason(data: bytes, seed: int) -> None:
    found = assert_read_or_refused(parse_spreadsheet, damaged(data, seed), "a.xls")
    assert found is None or found.parser == "calamine"


@pytest.mark.parametrize("seed", [1642])
def test_a_sheet_is_checked_where_the_workbook_says_that_it_begins(seed: int) -> None:
    """A damaged record before it hid its claims, and calamine asked for 343 GB, which ends the process."""
    with pytest.raises(FileFailure, match="file"):
        parse_spreadsheet(container_of(damaged(xls_stream(ROWS), seed)), "a.xls")


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_damaged_records_in_a_sound_container_end_with_a_document_or_a_reason(seed: int) -> None:
    found = assert_read_or_refused(parse_spreadsheet, container_of(damaged(xls_stream(ROWS), seed)), "a.xls")
    assert found is None or found.parser == "calamine"

"""A table for a spreadsheet is whole or not there, and runs nothing."""

from __future__ import annotations

import csv
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo import tables
from studiolo.errors import AssistantError, report
from studiolo.tables import write_table


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_a_table_has_its_columns_also_where_a_cell_is_missing_and_no_formula(tmp_path: Path) -> None:
    """S10."""
    table = tmp_path / "table.csv"
    assert write_table(table, ["path", "text"], iter([{"path": "/a.txt", "text": "=1+1"}, {"path": "/b, c.txt"}])) == 2
    assert read(table) == [["path", "text"], ["/a.txt", "'=1+1"], ["/b, c.txt", ""]]
    write_table(table, ["path", "text"], iter([{"path": "/a.txt", "text": ""}]))
    assert read(table) == [["path", "text"], ["/a.txt", ""]]


@given(first=st.sampled_from("=+-@\t\r"), rest=st.text(max_size=10))
def test_no_text_begins_as_a_formula(first: str, rest: str) -> None:
    assert tables._harmless(first + rest) == "'" + first + rest


def test_names_with_line_ends_quotes_and_lone_surrogates_stay_one_cell(tmp_path: Path) -> None:
    names = ['a"b\n,c.txt', "caf\udce9.txt"]
    write_table(tmp_path / "t.csv", ["path"], [{"path": name} for name in names])
    assert read(tmp_path / "t.csv")[1:] == [['a"b\n,c.txt'], ["caf\\udce9.txt"]]


def test_an_error_in_the_middle_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("before")

    def rows() -> Iterator[dict[str, object]]:
        yield {"path": "/a"}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_table(table, ["path"], rows())
    assert table.read_text() == "before"
    assert os.listdir(tmp_path) == ["table.csv"]


@pytest.mark.parametrize("name", [".", "nowhere/out.csv", "file/out.csv"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AssistantError) as caught:
        write_table(tmp_path / name, ["path"], [])
    words = report(caught.value)
    assert words.code == "output.unwritable"
    assert str(tmp_path) in words.message


def test_a_folder_without_permission_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel refuses nothing to root, who may run the tests."""

    def refuse(**options: object) -> tuple[int, str]:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("studiolo.paths.tempfile.mkstemp", refuse)
    with pytest.raises(AssistantError) as caught:
        write_table(tmp_path / "out.csv", ["path"], [])
    words = report(caught.value)
    assert words.message == f"The results cannot be written: {tmp_path}/out.csv: Permission denied."


def test_a_full_disk_is_said_in_words_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(stream: IO[str]) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("studiolo.whole_output.os.fsync", full)
    with pytest.raises(AssistantError) as caught:
        write_table(tmp_path / "out.csv", ["path"], [{"path": "/a"}])
    assert report(caught.value).message == f"The disk is full; nothing was written to {tmp_path}/out.csv."
    assert os.listdir(tmp_path) == []

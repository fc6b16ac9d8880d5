"""Tables for a spreadsheet: CSV that is whole or not there at all, and in which no cell is a formula."""

from __future__ import annotations

import contextlib
import csv
import errno
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from studiolo.errors import AssistantError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORMULA = tuple("=+-@\t\r")


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> int:
    """Write rows as CSV, and give how many; a missing cell is empty, and none is a formula.

    They are written beside the file and take its place at the end: a full disk, a stop or an error in the middle leaves
    what was there before.

    Raises:
        AssistantError: `output.unwritable` if the file cannot be made there, `output.full` if there is no room for it.
    """
    try:
        with _taking_place_of(path) as stream:
            writer = csv.DictWriter(stream, columns)
            writer.writeheader()
            n_rows = 0
            for row in rows:
                writer.writerow({name: _harmless(value) for name, value in row.items()})
                n_rows += 1
    except OSError as error:
        if error.errno in _FULL:
            raise AssistantError("output.full", str(path)) from error
        raise AssistantError("output.unwritable", f"{path}: {error.strerror}") from error
    return n_rows


@contextlib.contextmanager
def _taking_place_of(path: Path) -> Iterator[TextIO]:
    if path.exists() and not path.is_file():  # a pipe or a terminal; for a folder this is an error
        with _opened(path) as stream:
            yield stream
        return
    handle, name = tempfile.mkstemp(prefix=".studiolo-", suffix=".part", dir=path.parent)
    os.close(handle)
    beside = Path(name)
    try:
        with _opened(beside) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _opened(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="")


def _harmless(value: object) -> object:
    """Keep a spreadsheet from reading a file's name, or its words, as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value

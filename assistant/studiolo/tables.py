"""Tables for a spreadsheet: CSV that is whole or not there at all, and in which no cell is a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from studiolo.whole_output import whole_output

_FORMULA = tuple("=+-@\t\r")


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> int:
    """Write rows as CSV, and give how many; a missing cell is empty, and none is a formula.

    Raises:
        AssistantError: See `whole_output`.
    """
    n_rows = 0
    with whole_output(path) as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _harmless(value) for name, value in row.items()})
            n_rows += 1
    return n_rows


def _harmless(value: object) -> object:
    """Keep a spreadsheet from reading a file's name, or its words, as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value

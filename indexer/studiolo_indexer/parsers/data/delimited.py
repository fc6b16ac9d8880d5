"""Tables as text (CSV, TSV): the file's own characters, with its header as the names of the columns."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from studiolo_indexer.media_types import CSV
from studiolo_indexer.parsers.building import section_document
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.parsers.tabular import names_columns
from studiolo_indexer.records import Document, Table

_DELIMITERS = ",;\t|"
_SAMPLE_CHARS = 64 * 1024
_SAMPLE_ROWS = 60
_TITLE_ROWS = 20


def parse_delimited(data: bytes, name: str) -> Document:
    """Read CSV or TSV as the table that it is.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    text, _ = decode(data)
    document = section_document(text, (), media_type=CSV, parser="csv")
    table = find_table(text)
    return replace(document, tables=(table,) if table else ())


def find_table(text: str) -> Table | None:
    """Find where a table and its header lie in a text; what stands above it is its title."""
    records = list(_records(text))
    first = text[slice(*records[0])] if records else ""
    # A line for Excel alone, which names the mark.
    told = first[4] if first.lower().startswith("sep=") and len(first) == 5 else ""
    records = records[1:] if told else records
    if len(records) < 2:
        return None
    delimiter = told or _delimiter(text, records)
    rows = [_cells(text[start:end], delimiter) for start, end in records]
    width = Counter(map(len, rows)).most_common(1)[0][0] if delimiter else 1
    head = next((at for at, row in enumerate(rows[:_TITLE_ROWS]) if len(row) == width and any(row)), 0)
    start, header_end = records[head]
    end = len(text.rstrip())
    return Table(start, header_end if names_columns(rows[head:], expected=True) else start, max(end, header_end))


def _records(text: str) -> Iterator[tuple[int, int]]:
    """Give the spans of the first records; a line end within quotes ends none."""
    at = start = 0
    quotes = 0
    found = 0
    while at < min(len(text), _SAMPLE_CHARS) and found < _SAMPLE_ROWS:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        quotes += text.count('"', at, end)
        if quotes % 2 == 0:
            if text[start:end].strip():
                found += 1
                yield start, end
            start = end + 1
        at = end + 1


def _cells(record: str, delimiter: str) -> list[str]:
    if not delimiter:
        return [record]
    try:
        return next(csv.reader([record], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return record.split(delimiter)


def _delimiter(text: str, records: list[tuple[int, int]]) -> str:
    """Choose the mark that cuts the most records into the same number of cells; empty if there is none."""
    best, best_score = "", 0.0
    for delimiter in _DELIMITERS:
        widths = Counter(len(_cells(text[start:end], delimiter)) for start, end in records)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        score = count / len(records) + min(width, 50) / 1000 if width > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best

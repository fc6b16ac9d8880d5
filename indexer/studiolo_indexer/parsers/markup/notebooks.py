"""Jupyter notebooks: the cells in their order, with what they printed; pictures are left out."""

from __future__ import annotations

import re
from typing import Any

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import NOTEBOOK
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.data.data_files import Pairs, load_json
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.parsers.markup.markdown import markdown_headings
from studiolo_indexer.parsers.markup.markdown_html import without_html
from studiolo_indexer.parsers.web.html import read_page
from studiolo_indexer.records import Document

_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_UNDERLINE = re.compile(r"[ \t]*(?:=+|-{2,})[ \t]*$")
# Of one output; a log of a million lines says no more at its end.
_OUTPUT_CHARS = 20_000

Json = Any  # Any: a JSON document


def parse_notebook(data: bytes, name: str) -> Document:
    """Read a notebook; each cell is a section, named by its number.

    Raises:
        FileFailure: file.damaged if it is no notebook.
    """
    text, _ = decode(data)
    try:
        notebook = load_json(text)
    except ValueError as error:
        raise FileFailure("file.damaged", "It is no sound notebook.") from error
    builder = TextBuilder()
    warnings: list[str] = []
    for number, cell in enumerate(_cells(notebook), 1):
        kind = _get(cell, "cell_type")
        source = _text(_get(cell, "source")) or _text(_get(cell, "input"))
        builder.begin_part("section", f"cell {number}")
        if kind == "markdown":
            _markdown(builder, source)
        elif kind == "heading":
            level = _get(cell, "level")
            builder.block(source, level=int(level) if isinstance(level, str) and level.isdecimal() else 1)
        else:
            builder.block(source)
        for output in _list(_get(cell, "outputs")):
            _output(builder, output, warnings)
    metadata = _get(notebook, "metadata")
    title = _get(metadata, "title")
    authors = [_text(_get(a, "name")) for a in _list(_get(metadata, "authors"))]
    return builder.document(
        media_type=NOTEBOOK,
        parser="notebook",
        title=title if isinstance(title, str) else "",
        properties=[("author", "; ".join(filter(None, authors)))],
        warnings=dict.fromkeys(warnings),
    )


def _get(value: Json, key: str) -> Json:
    return next((v for k, v in value if k == key), None) if isinstance(value, Pairs) else None


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) and not isinstance(value, Pairs) else []


def _text(value: Json) -> str:
    """Give a text that is written whole or as a list of lines."""
    if isinstance(value, str):
        return value
    return "".join(line for line in _list(value) if isinstance(line, str))


def _cells(notebook: Json) -> list[Json]:
    cells = _list(_get(notebook, "cells"))
    if not cells:  # before 2015
        cells = [cell for sheet in _list(_get(notebook, "worksheets")) for cell in _list(_get(sheet, "cells"))]
    return cells


def _markdown(builder: TextBuilder, source: str) -> None:
    """Write Markdown; its headings become headings."""
    text = without_html(source).text
    at = 0
    for heading in markdown_headings(text):
        line_start = text.rfind("\n", 0, heading.start) + 1
        builder.block(text[at:line_start])
        builder.block(text[heading.start : heading.end], level=heading.level)
        at = _line_end(text, heading.end)
        if _UNDERLINE.match(text[at : _line_end(text, at)].rstrip("\n")):
            at = _line_end(text, at)
    builder.block(text[at:])


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _output(builder: TextBuilder, output: Json, warnings: list[str]) -> None:
    """Write what a cell printed, showed or died of."""
    if _get(output, "output_type") in ("error", "pyerr"):
        builder.block(f"{_text(_get(output, 'ename'))}: {_text(_get(output, 'evalue'))}")
        return
    data = _get(output, "data") or output
    markup = _text(_get(data, "text/html") or _get(data, "html"))
    if "<table" in markup and len(markup) < 50 * _OUTPUT_CHARS:
        warnings += read_page(builder, markup, below=2).warnings
        return
    shown = _text(_get(output, "text")) or _text(_get(data, "text/markdown") or _get(data, "text/plain"))
    shown = _ESCAPES.sub("", shown)
    if len(shown) > _OUTPUT_CHARS:
        warnings.append(f"of a cell's output only the first {_OUTPUT_CHARS} characters are read")
    builder.block(shown[:_OUTPUT_CHARS])

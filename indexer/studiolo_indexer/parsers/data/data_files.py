"""JSON and JSON lines: each value on a line behind the path of its keys; what is no JSON is read as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from studiolo_indexer.media_types import JSON
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.parsers.plain import plain_document
from studiolo_indexer.records import Document

# Beyond this its objects would need more memory than a document may; its text needs little.
_MOST_CHARS = 16 * 2**20
_PATH_CHARS = 160
# A path is repeated for each value: the text may not grow beyond this many times the file (S5).
_MOST_GROWTH = 6
_FREE_CHARS = 1 << 20


class Pairs(list[tuple[str, Any]]):  # Any: a JSON document
    """An object's keys and values in their order; keys may come twice."""


def load_json(text: str) -> Any:  # Any: a JSON document
    """Read JSON; numbers stay as they are written.

    Raises:
        ValueError: If it is none, or is nested too deeply.
    """
    try:
        return json.loads(text, object_pairs_hook=Pairs, parse_int=str, parse_float=str, parse_constant=str)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def parse_json(data: bytes, name: str) -> Document:
    """Read JSON; records of a list are set apart by an empty line.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    text, _ = decode(data)
    if len(text) > _MOST_CHARS:
        return plain_document(text)
    try:
        value = load_json(text)
    except ValueError:
        return plain_document(text, "it is no sound JSON, and was read as text")
    return _document(text, [value])


def parse_json_lines(data: bytes, name: str) -> Document:
    """Read JSON lines, a record each; a line that is no JSON stays as it is.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    text, _ = decode(data)
    if len(text) > _MOST_CHARS:
        return plain_document(text)
    values: list[Any] = []  # Any: JSON documents
    damaged = 0
    for line in text.split("\n"):
        if line.strip():
            try:
                values.append(load_json(line))
            except ValueError:
                values.append(line)
                damaged += 1
    if damaged * 2 > len(values):
        return plain_document(text, "it is no sound JSON, and was read as text")
    return _document(text, values)


def _document(text: str, values: list[Any]) -> Document:  # Any: JSON documents
    builder = TextBuilder()
    left = _FREE_CHARS + _MOST_GROWTH * len(text)
    for value in values:
        begins = True
        for path, shown, is_record in _leaves(value):
            line = f"{path}: {shown}" if path else shown
            builder.block(line, tight=not (begins or is_record))
            begins = False
            left -= len(line)
            if left < 0:
                return plain_document(text)
    title = _title(values[0]) if len(values) == 1 else ""
    return builder.document(media_type=JSON, parser="json", title=title)


def _title(value: Any) -> str:  # Any: a JSON document
    found = [v for key, v in value if key == "title"] if isinstance(value, Pairs) else []
    return found[0] if found and isinstance(found[0], str) else ""


def _leaves(value: Any) -> Iterator[tuple[str, str, bool]]:  # Any: a JSON document
    """Give each value that is no object, with its path, and whether it begins a record of a list."""
    waiting: list[tuple[str, Any, bool]] = [("", value, False)]
    while waiting:
        path, value, is_record = waiting.pop()
        if isinstance(value, Pairs):
            inner = [(f"{path}.{key}" if path else key, v) for key, v in value]
        elif isinstance(value, list) and any(isinstance(v, list) for v in value):
            # A record at the top needs no number: nothing else stands beside it.
            inner = [(f"{path}[{at}]" if path or not isinstance(v, Pairs) else "", v) for at, v in enumerate(value)]
        else:
            shown = ", ".join(map(_shown, value)) if isinstance(value, list) else _shown(value)
            if shown.strip():
                yield path, shown, is_record
            continue
        records = not isinstance(value, Pairs)
        steps = [(_clipped(p), v, records and isinstance(v, Pairs)) for p, v in inner]
        if steps and is_record:
            steps[0] = (*steps[0][:2], True)
        waiting.extend(reversed(steps))


def _clipped(path: str) -> str:
    return path if len(path) <= _PATH_CHARS else "…" + path[-_PATH_CHARS:]


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value
    return {True: "true", False: "false", None: "null"}.get(value, "") if isinstance(value, bool | None) else ""

"""Writes values as TOML that a person can read and edit; what `tomllib` reads is written whole; pure and light."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def write_toml(body: Mapping[str, object]) -> str:
    """Write a document: single values first, then a section for each table.

    Args:
        body: What `tomllib.loads` gives: text, numbers, booleans, times, lists and tables of these.

    Raises:
        TypeError: If a value has no form in TOML.
    """
    return "\n".join(_section((), body)).lstrip("\n") + "\n"


def _section(path: tuple[str, ...], body: Mapping[str, object]) -> list[str]:
    single = {name: value for name, value in body.items() if not isinstance(value, Mapping)}
    tables = {name: value for name, value in body.items() if isinstance(value, Mapping)}
    lines = []
    if path and (single or not tables):
        lines += ["", f"[{'.'.join(_key(name) for name in path)}]"]
    lines += [f"{_key(name)} = {_value(value)}" for name, value in single.items()]
    for name, table in tables.items():
        lines += _section((*path, name), table)
    return lines


def _value(value: object, *, inside: bool = False) -> str:
    if isinstance(value, str):
        return _lines(value) if "\n" in value and not inside else _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(item, inside=True) for item in value)}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(name)} = {_value(item, inside=True)}" for name, item in value.items()) + "}"
    raise TypeError(type(value).__name__)


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    # JSON's escapes are TOML's too, but for this character, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(text: str) -> str:
    """Write a text of several lines as such; a line break right behind the opening quotes does not count."""
    return '"""\n' + "\n".join(_text(line)[1:-1] for line in text.split("\n")) + '"""'

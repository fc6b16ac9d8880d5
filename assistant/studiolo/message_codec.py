"""Writes and reads messages as JSON lines: one object a line, UTF-8, `type` first; light to import."""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from collections.abc import Mapping
from typing import TypeVar

from studiolo.event_messages import EngineEvent
from studiolo.request_messages import Request

M = TypeVar("M")

MAX_LINE_BYTES = 64 * 1024 * 1024
"""A longer line is refused: it can only be a defect."""


class ProtocolError(ValueError):
    """A line is no message of this protocol."""

    code = "protocol.error"


def encode(message: Request | EngineEvent) -> bytes:
    """Write a message as one JSON line, newline included; lone surrogates travel as escapes."""
    body: dict[str, object] = {"type": message.type}
    body.update({f.name: getattr(message, f.name) for f in dataclasses.fields(message)})
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def decode(line: bytes, known: Mapping[str, type[M]]) -> M:
    """Read one line as one of the messages that are known, by the word in its `type`.

    Raises:
        ProtocolError: If the line is too long, no JSON object, of an unknown type, or a field has the wrong type.
    """
    if len(line) > MAX_LINE_BYTES:
        raise ProtocolError(f"line of {len(line)} bytes")
    try:
        body = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("no JSON") from error
    if not isinstance(body, dict) or not isinstance(kind := body.get("type"), str) or kind not in known:
        raise ProtocolError("no message of a known type")
    message_class = known[kind]
    hints = _hints_of(message_class)  # type: ignore[arg-type]  # a class can be hashed
    values = {}
    for f in dataclasses.fields(message_class):  # type: ignore[arg-type]  # M is always one of our dataclasses
        if f.name in body:
            values[f.name] = _checked(body[f.name], hints[f.name], f"{kind}.{f.name}")
    try:
        return message_class(**values)
    except TypeError as error:
        raise ProtocolError(f"{kind}: a field is missing") from error


@functools.cache
def _hints_of(message_class: type) -> dict[str, object]:
    """Evaluate the annotations of a message, once: for a token that costs ten times the rest of its decoding."""
    return typing.get_type_hints(message_class)


def _checked(value: object, hint: object, place: str) -> object:
    """Check one field against its annotation: str, int, float, bool, dict, tuple[X, ...] or a union of those."""
    if isinstance(hint, types.UnionType):
        for option in typing.get_args(hint):
            try:
                return _checked(value, option, place)
            except ProtocolError:
                continue
        raise ProtocolError(f"{place} has the wrong type")
    origin = typing.get_origin(hint)
    if origin is tuple and isinstance(value, list):
        return tuple(_checked(item, typing.get_args(hint)[0], place) for item in value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    expected = origin or hint
    if (
        not isinstance(expected, type)
        or not isinstance(value, expected)
        or (expected is int and isinstance(value, bool))
    ):
        raise ProtocolError(f"{place} has the wrong type")
    return value

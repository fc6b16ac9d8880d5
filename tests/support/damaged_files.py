"""Cuts files short and turns their bits over: a parser must give a sound document, or a failure with a reason."""

from __future__ import annotations

import random
from collections.abc import Callable

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.records import Document

Parser = Callable[[bytes, str], Document]


def damaged(data: bytes, seed: int) -> bytes:
    """Cut a file short (odd seeds), or turn some of its bits over."""
    chooser = random.Random(seed)
    if seed % 2:
        return data[: chooser.randrange(len(data) + 1)]
    spoilt = bytearray(data)
    for _ in range(chooser.randrange(1, 20)):
        spoilt[chooser.randrange(len(spoilt))] ^= 1 << chooser.randrange(8)
    return bytes(spoilt)


def assert_read_or_refused(parse: Parser, data: bytes, name: str) -> Document | None:
    """Read a file; None where it is refused with a code and a reason. Anything else fails the test."""
    try:
        document = parse(data, name)
    except FileFailure as failure:
        assert failure.code.startswith("file.")
        assert failure.reason.endswith(".")
        return None
    assert_sound(document)
    return document


def assert_sound(document: Document) -> None:
    """Check what the extractor's parent checks: parts rise and cover the text, spans lie within, no unsafe letter."""
    text = document.text
    assert not {"\0", "\r"} & set(text)
    text.encode("utf-8")
    at = 0
    for part in document.parts:
        assert part.start == at
        at = part.end
        assert at >= part.start
    assert at == len(text)
    headings = document.headings
    assert all(1 <= h.level <= 9 and 0 <= h.start <= h.end <= len(text) for h in headings)
    assert list(headings) == sorted(headings, key=lambda h: h.start)
    assert all(0 <= t.start <= t.header_end <= t.end <= len(text) for t in document.tables)
    assert list(document.tables) == sorted(document.tables, key=lambda t: t.start)
    assert all(isinstance(value, str) and value for _, value in document.properties)

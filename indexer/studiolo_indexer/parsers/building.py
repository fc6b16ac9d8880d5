"""Builds a document's text piece by piece, with its headings and parts; and makes any text safe; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from studiolo_indexer.records import Document, Heading, Part

_UNSAFE = re.compile("[\x00\ud800-\udfff]")


def safe_text(text: str) -> str:
    """Give a text without NUL and lone surrogates (each becomes U+FFFD), and with `\\n` as its only line end."""
    return _UNSAFE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


class TextBuilder:
    """Collects blocks of text; a heading opens a section.

    The text of two blocks is joined by an empty line, rows of a list or table by a line end.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []

    def block(self, text: str, *, level: int = 0, tight: bool = False) -> None:
        """Add a block; `level` from 1 makes it a heading, `tight` joins it to the block before it.

        Empty blocks are left out.
        """
        text = safe_text(text).strip()
        if not text:
            return
        if self._pieces:
            self._append("\n" if tight else "\n\n")
        start = self._length
        self._append(text)
        if level:
            self._headings.append(Heading(level, start, self._length))

    def _append(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def document(self, *, media_type: str, parser: str, title: str = "", warnings: Iterable[str] = ()) -> Document:
        """Finish: parts are the sections between the headings."""
        text = "".join(self._pieces)
        return section_document(
            text, self._headings, media_type=media_type, parser=parser, title=title, warnings=warnings
        )


def section_document(
    text: str,
    headings: Iterable[Heading],
    *,
    media_type: str,
    parser: str,
    title: str = "",
    warnings: Iterable[str] = (),
) -> Document:
    """Make a document whose parts are its sections; each heading starts one.

    Without a title of its own it takes the first heading's text.
    """
    known = tuple(headings)
    # A part begins with its heading's line, marks included.
    starts = [text.rfind("\n", 0, h.start) + 1 for h in known]
    labels = [text[h.start : h.end] for h in known]
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
        labels.insert(0, "")
    ends = [*starts[1:], len(text)]
    parts = tuple(Part("section", label, s, e) for label, s, e in zip(labels, starts, ends, strict=True))
    first = text[known[0].start : known[0].end] if known else ""
    return Document(
        media_type=media_type,
        parser=parser,
        text=text,
        parts=parts,
        title=" ".join(safe_text(title).split())[:300] or first[:300],
        headings=known,
        warnings=tuple(warnings),
    )

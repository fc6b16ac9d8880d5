"""Plain text, source code and Markdown: the text is the file's own, decoded."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.building import safe_text, section_document
from studiolo_indexer.records import Document, Heading

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESS_BYTES = 256 * 1024
_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]+(\S[^\n]*)$")
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_SETEXT = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")


def decode(data: bytes) -> tuple[str, str]:
    """Decode a text file; gives the text and the name of the encoding.

    A mark at the beginning decides, then UTF-8, then a guess from the first 256 KB.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return safe_text(data.decode(encoding, "replace")), encoding
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        guess = from_bytes(data[:_GUESS_BYTES]).best()
        if guess is None:
            raise FileFailure("file.damaged", "It is no text in any known encoding.") from None
        return safe_text(data.decode(guess.encoding, "replace")), guess.encoding
    if data.count(b"\0") > len(data) // 100:
        raise FileFailure("file.damaged", "It is no text: it holds binary data.")
    return safe_text(text), "utf-8"


def parse_plain(data: bytes, name: str) -> Document:
    """Read plain text; one section."""
    text, _ = decode(data)
    return section_document(text, (), media_type="text/plain", parser="text")


def parse_source(data: bytes, name: str) -> Document:
    """Read source code as text; one section."""
    text, _ = decode(data)
    return section_document(text, (), media_type="text/x-source", parser="source")


def parse_markdown(data: bytes, name: str) -> Document:
    """Read Markdown; the text keeps its marks, the headings make sections."""
    text, _ = decode(data)
    return section_document(text, markdown_headings(text), media_type="text/markdown", parser="markdown")


def markdown_headings(text: str) -> list[Heading]:
    """Find the headings (# and underlined) outside code fences; spans hold the words without the marks."""
    headings = []
    fence = ""
    at = 0
    before: tuple[int, str] | None = None
    for line in text.split("\n"):
        opened = _FENCE.match(line)
        if opened:
            mark = opened.group(1)
            fence = mark if not fence else "" if mark[0] == fence[0] and len(mark) >= len(fence) else fence
        elif not fence:
            heading = _heading(line, at, before)
            if heading is not None:
                headings.append(heading)
        before = None if fence or opened else (at, line)
        at += len(line) + 1
    return headings


def _heading(line: str, at: int, before: tuple[int, str] | None) -> Heading | None:
    atx = _ATX.match(line)
    if atx:
        words = atx.group(2).rstrip().rstrip("#").rstrip()
        start = at + atx.start(2)
        return Heading(len(atx.group(1)), start, start + len(words)) if words else None
    under = _SETEXT.match(line)
    if under and before is not None and before[1].strip() and not before[1].lstrip().startswith(("#", "-", "|", ">")):
        start = before[0] + len(before[1]) - len(before[1].lstrip())
        return Heading(1 if under.group(1)[0] == "=" else 2, start, start + len(before[1].strip()))
    return None

"""The parts of a mail (MIME): headers decoded, bodies unpacked; bounded in depth and number; linear.

Python's own parser looks at each line once for each level around it, and recurses; 3,000 levels end it.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from urllib.parse import unquote_to_bytes

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.decoding import decode, known_encoding

MOST_DEPTH = 20
_MOST_PARTS = 2000
_HEADER_BYTES = 256 * 1024
_VALUE_CHARS = 16 * 1024
_NAME_CHARS = 150
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")
_FIELD = re.compile(r"([!-9;-~]{1,100})[ \t]*:[ \t]*(.*)", re.DOTALL)
_PARAMETER = re.compile(r";[ \t\n]*([\w!#$&+.^`|~*'-]+)[ \t\n]*=[ \t\n]*(\"(?:[^\"\\]|\\.)*\"|[^;\s]*)")
_QUOTED_PAIR = re.compile(r"\\(.)")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_SPACES_BETWEEN = re.compile(r"(\?=)\s+(?==\?)")


@dataclass(slots=True)
class Entity:
    """A mail, or a part of one: its headers (names in lower case), its body still packed, the parts within."""

    headers: dict[str, str]
    body: bytes
    children: list[Entity] = field(default_factory=list)

    @property
    def content_type(self) -> str:
        """Give the media type, in lower case."""
        value = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return value if value.count("/") == 1 else "text/plain"

    def parameter(self, header: str, name: str) -> str:
        """Give a parameter of a header, like the charset of a content type."""
        return parameters(self.headers.get(header, "")).get(name, "")

    @property
    def file_name(self) -> str:
        """Give the name that a part bears as a file, without folders; empty if it bears none."""
        name = self.parameter("content-disposition", "filename") or self.parameter("content-type", "name")
        name = decoded_words(name).replace("\\", "/").rpartition("/")[2]
        return " ".join("".join(c if c.isprintable() else " " for c in name).split())[-_NAME_CHARS:]

    @property
    def is_attached(self) -> bool:
        """Tell whether a part is meant to be saved, not shown."""
        return self.headers.get("content-disposition", "").strip().lower().startswith("attachment")

    def content(self) -> bytes:
        """Unpack the body."""
        packing = self.headers.get("content-transfer-encoding", "").strip().lower()
        if packing == "base64":
            return _from_base64(self.body)
        return quopri.decodestring(self.body) if packing == "quoted-printable" else self.body

    def text(self) -> str:
        """Unpack the body and decode it as its charset says; empty if it is no text."""
        content = self.content()
        charset = known_encoding(self.parameter("content-type", "charset")) if content else ""
        if charset and charset not in ("ascii", "utf-8", "iso8859-1"):
            try:
                return content.decode(charset)
            except UnicodeDecodeError:
                pass  # a mail program that was wrong about itself
        try:
            return decode(content, declared=charset)[0]
        except FileFailure:
            return ""


@dataclass(slots=True)
class MimeReader:
    """Reads mails; notes what was too much."""

    parts_left: int = _MOST_PARTS
    is_cut: bool = False

    def read(self, data: bytes, *, depth: int = 0) -> Entity:
        """Read a mail or a part, with the parts of a multipart; messages within stay packed."""
        self.parts_left -= 1
        headers, body = split_headers(data)
        entity = Entity(headers, body)
        if not entity.content_type.startswith("multipart/"):
            return entity
        boundary = entity.parameter("content-type", "boundary")
        if not boundary:
            entity.headers["content-type"] = "text/plain"
            return entity
        for piece in _between(body, boundary):
            if depth >= MOST_DEPTH or self.parts_left <= 0:
                self.is_cut = True
                break
            entity.children.append(self.read(piece, depth=depth + 1))
        return entity


def split_headers(data: bytes) -> tuple[dict[str, str], bytes]:
    """Give the headers, each name's first value unfolded, and what follows the empty line."""
    if data[:1] == b"\n" or data[:2] == b"\r\n":
        return {}, data[1 + (data[:1] == b"\r") :]
    blank = _BLANK_LINE.search(data, 0, _HEADER_BYTES)
    head = data[: blank.start() if blank else _HEADER_BYTES]
    try:
        text, _ = decode(head)
    except FileFailure:
        text = head.decode("latin-1")
    headers: dict[str, str] = {}
    lines: list[str] = []
    for line in [*text.split("\n"), "end:"]:
        if line[:1] in (" ", "\t") and lines:
            lines.append(line)
            continue
        found = _FIELD.match("\n".join(lines))
        if found:
            headers.setdefault(found[1].lower(), found[2].strip()[:_VALUE_CHARS])
        lines = [line]
    return headers, data[blank.end() :] if blank else b""


def parameters(value: str) -> dict[str, str]:
    """Give the parameters of a header (RFC 2045); pieces are joined, and charsets decoded (RFC 2231)."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in _PARAMETER.finditer(value[:_VALUE_CHARS]):
        name, text = found[1].lower(), found[2]
        if text.startswith('"'):
            text = _QUOTED_PAIR.sub(r"\1", text[1:-1].replace("\n", ""))
        base, star, rest = name.partition("*")
        if not star:
            plain.setdefault(base, text)
            continue
        number = rest.rstrip("*")
        at = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
        pieces.setdefault(base, {})[at] = (text, name.endswith("*"))
    for base, numbered in pieces.items():
        plain[base] = _joined([numbered[at] for at in sorted(numbered)])
    return plain


def _joined(pieces: list[tuple[str, bool]]) -> str:
    charset = "utf-8"
    if pieces[0][1] and pieces[0][0].count("'") >= 2:
        charset, _, first = pieces[0][0].split("'", 2)
        pieces = [(first, True), *pieces[1:]]
    raw = b"".join(unquote_to_bytes(text) if coded else text.encode("utf-8", "replace") for text, coded in pieces)
    return raw.decode(known_encoding(charset) or "utf-8", "replace")


def decoded_words(value: str) -> str:
    """Decode the encoded words of a header (RFC 2047); what is damaged stays as it is."""
    value = _SPACES_BETWEEN.sub(r"\1", value)
    if "=?" not in value:
        return " ".join(value.split())
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return " ".join(value.split())
    texts = [
        piece if isinstance(piece, str) else piece.decode(known_encoding(charset or "utf-8") or "latin-1", "replace")
        for piece, charset in pieces
    ]
    return " ".join("".join(texts).split())


def _between(body: bytes, boundary: str) -> Iterator[bytes]:
    """Give what stands between the lines of a boundary."""
    mark = b"--" + boundary.encode("utf-8", "replace").rstrip()
    line = re.compile(rb"(?:(?<=\n)|^|(?<=\r))" + re.escape(mark) + rb"(--)?[ \t]*(?:\r\n|\n|\r|$)")
    start: int | None = None
    for found in line.finditer(body):
        if start is not None:
            yield body[start : found.start()].removesuffix(b"\n").removesuffix(b"\r")
        if found[1]:
            return
        start = found.end()
    if start is not None and start < len(body):
        yield body[start:]  # a mail that was cut


def _from_base64(body: bytes) -> bytes:
    clean = _NOT_BASE64.sub(b"", body)
    try:
        return base64.b64decode(clean[: len(clean) // 4 * 4] + _padded(clean[len(clean) // 4 * 4 :]))
    except binascii.Error:
        return b""


def _padded(rest: bytes) -> bytes:
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""

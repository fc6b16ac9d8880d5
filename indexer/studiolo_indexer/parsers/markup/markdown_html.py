"""HTML within Markdown: its marks become spaces, so that every other character keeps its place in the file; linear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from studiolo_indexer.records import Heading, Table

_FENCE = re.compile(r"^ {0,3}(```+|~~~+)(.*)$")
# The elements that begin a block of HTML in CommonMark, and those whose content is no text.
_BLOCK_NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|"
    "fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|"
    "menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|"
    "track|ul|picture|pre|script|style|textarea"
)
_OTHER_NAMES = (
    "a|abbr|b|bdi|bdo|big|br|cite|code|data|del|dfn|em|font|i|img|input|ins|kbd|label|mark|meta|nobr|q|rp|rt|ruby|s|"
    "samp|small|source|span|strike|strong|sub|sup|svg|path|time|tt|u|var|video|wbr"
)
_BLOCK = re.compile(rf"^ {{0,3}}</?(?=[a-z])(?:{_BLOCK_NAMES})(?=[\s>/]|$)", re.IGNORECASE)
_TAG = re.compile(rf"<(/?)(?=[a-z])({_BLOCK_NAMES}|{_OTHER_NAMES})(?=[\s>/])[^<>]*>", re.IGNORECASE)
# Within a line only what can be nothing else: `<q>` may be a key on the keyboard.
_INLINE = re.compile(
    rf"<(?=[a-z/])(?:br\s?/?>|/(?:{_OTHER_NAMES})>|(?:{_OTHER_NAMES})\s[^<>]*?=[^<>]*>|/?(?:sub|sup|kbd)>)",
    re.IGNORECASE,
)
_UNREAD = re.compile(r"<(script|style)\b", re.IGNORECASE)
_HINT = re.compile(rf"<(?:!--|/?(?=[a-z])(?:{_BLOCK_NAMES}|{_OTHER_NAMES})(?=[\s>/]))", re.IGNORECASE)
_CODE = re.compile(r"(`+)[^`\n]*\1")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NOT_NEWLINE = re.compile(r"[^\n]")


class Fence:
    """Knows whether a line, asked one after the other, belongs to a fenced block of code."""

    def __init__(self) -> None:
        self._mark = ""

    def holds(self, line: str) -> bool:
        """Tell whether a line is code, or a fence."""
        found = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if found is None:
            return bool(self._mark)
        mark, rest = found.groups()
        if not self._mark:
            if "`" in rest and mark[0] == "`":
                return False  # code within a line
            self._mark = mark
        elif mark[0] == self._mark[0] and len(mark) >= len(self._mark) and not rest.strip():
            self._mark = ""
        return True


@dataclass(slots=True)
class Masked:
    """A text of the same length, in which the marks of HTML are spaces; and what they said."""

    text: str
    headings: list[Heading] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def without_html(text: str, start: int = 0) -> Masked:
    """Put spaces in place of HTML's tags and comments outside of code; rows of its tables become lines."""
    if not _HINT.search(text, start):
        return Masked(text)
    made = Masked("")
    pieces = [text[:start]]
    at = start
    for kind, piece in _regions(text[start:]):
        if kind == "block":
            pieces.append(_Block(piece, at, made).masked())
        elif kind == "hidden":
            pieces.append(_blank(piece))
        elif kind == "text":
            pieces.append(_without_inline(piece))
        else:
            pieces.append(piece)
        at += len(piece)
    made.text = "".join(pieces)
    return made


def _regions(text: str) -> Iterator[tuple[str, str]]:
    """Cut a text into runs of lines: code, blocks of HTML, what is not shown (comments, scripts), and other text."""
    fence = Fence()
    hidden = _Hidden(text)
    kind, begun, at = "text", 0, 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end + 1
        line = text[at:end]
        new = _kind_of(line, kind, fence)
        if new != kind:
            yield kind, text[begun:at]
            kind, begun = new, at
        span = hidden.span(at, line, in_block=kind == "block") if kind != "code" and "<" in line else None
        if span is not None:
            yield kind, text[begun : span[0]]
            yield "hidden", text[span[0] : span[1]]
            begun = end = span[1]
        at = end
    yield kind, text[begun:]


def _kind_of(line: str, kind: str, fence: Fence) -> str:
    """Tell what a line belongs to, after a line of some kind; an empty line ends a block of HTML."""
    if kind == "block" and line.strip():
        return kind
    if fence.holds(line.rstrip("\n")):
        return "code"
    return "block" if "<" in line and _BLOCK.match(line) else "text"


class _Hidden:
    """Finds comments, scripts and styles; asked with rising places."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lower = ""
        self._missing: set[str] = set()  # ends that do not come any more

    def span(self, at: int, line: str, *, in_block: bool) -> tuple[int, int] | None:
        """Give the span of the first such thing that begins in a line; None if there is none, or it has no end."""
        start = line.find("<!--")
        if start >= 0 and (in_block or not any(code.start() < start < code.end() for code in _CODE.finditer(line))):
            return self._until("-->", at + start)
        unread = _UNREAD.search(line)
        if unread is not None and (in_block or not line[: unread.start()].strip()):
            return self._until(f"</{unread.group(1).lower()}>", at + unread.start())
        return None

    def _until(self, ending: str, start: int) -> tuple[int, int] | None:
        if ending in self._missing:
            return None
        self._lower = self._lower or self._text.lower()
        found = self._lower.find(ending, start)
        if found < 0:
            self._missing.add(ending)
            return None
        return start, found + len(ending)


def _blank(text: str) -> str:
    return _NOT_NEWLINE.sub(" ", text)


def _without_inline(text: str) -> str:
    if "<" not in text:
        return text
    pieces, at = [], 0
    for code in _CODE.finditer(text):
        pieces += [_INLINE.sub(lambda tag: _blank(tag.group()), text[at : code.start()]), code.group()]
        at = code.end()
    return "".join([*pieces, _INLINE.sub(lambda tag: _blank(tag.group()), text[at:])])


class _Block:
    """One block of HTML; within its tables a row becomes a line, cells are parted by a bar."""

    def __init__(self, text: str, at: int, made: Masked) -> None:
        self._text = text
        self._at = at
        self._made = made
        self._pieces: list[str] = []
        self._length = 0
        self._depth = 0  # of tables
        self._cells = 0
        self._is_header = True
        self._rows: list[tuple[int, bool]] = []  # where each row ends, and whether it names columns
        self._begun = self._heading = (0, 0, 0)  # of a table and a heading: piece, place, level

    def masked(self) -> str:
        """Give the text of the block in the same length."""
        done = 0
        for tag in _TAG.finditer(self._text):
            self._put(self._text[done : tag.start()])
            self._tag(tag.group(), closing=bool(tag.group(1)), name=tag.group(2).lower())
            done = tag.end()
        self._put(self._text[done:])
        if self._depth:
            self._end_table()
        return "".join(self._pieces)

    def _put(self, text: str) -> None:
        self._append(text.replace("\n", " ") if self._depth else text)

    def _append(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def _tag(self, tag: str, *, closing: bool, name: str) -> None:
        mark = ""
        if name == "table":
            self._table(closing=closing)
        elif name == "tr" and self._depth == 1:
            mark = "\n" if self._cells else ""
            self._end_row()
        elif name in ("td", "th") and self._depth == 1 and not closing:
            mark = " |" if self._cells else ""
            self._cells += 1
            self._is_header &= name == "th"
        elif name in _HEADINGS and closing:
            self._end_heading()
        blank = " " * len(tag) if self._depth else _blank(tag)
        self._append(mark + blank[len(mark) :])
        if name in _HEADINGS and not closing:
            self._heading = (len(self._pieces), self._length, _HEADINGS[name])

    def _table(self, *, closing: bool) -> None:
        if closing and self._depth == 1:
            self._end_table()
        elif not closing and not self._depth:
            self._begun = (len(self._pieces), self._length, 0)
            self._rows, self._cells, self._is_header = [], 0, True
        self._depth = max(0, self._depth - 1) if closing else self._depth + 1

    def _end_row(self) -> None:
        if self._cells:
            self._rows.append((self._length, self._is_header))
        self._cells, self._is_header = 0, True

    def _end_table(self) -> None:
        """Note a table of several rows; its span begins and ends with its own letters."""
        self._end_row()
        piece, place, _ = self._begun
        text = "".join(self._pieces[piece:])
        if len(self._rows) < 2 or not text.strip():
            return
        start = place + len(text) - len(text.lstrip())
        end = place + len(text.rstrip())
        first_end, is_header = self._rows[0]
        header_end = place + len(text[: first_end - place].rstrip()) if is_header else start
        self._made.tables.append(Table(self._at + start, self._at + max(start, header_end), self._at + end))

    def _end_heading(self) -> None:
        piece, place, level = self._heading
        self._heading = (0, 0, 0)
        words = "".join(self._pieces[piece:]) if level else ""
        stripped = words.strip()
        if stripped and "\n" not in stripped:
            start = self._at + place + len(words) - len(words.lstrip())
            self._made.headings.append(Heading(level, start, start + len(stripped)))

"""HTML: the main text without scripts, styles and navigation; nothing is ever fetched."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from studiolo_indexer.media_types import HTML
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.plain import decode
from studiolo_indexer.records import Document

_LEFT_OUT = ["script", "style", "noscript", "template", "nav", "header", "footer", "aside", "iframe", "svg", "form"]
_BLOCKS = frozenset(
    "p div li td th h1 h2 h3 h4 h5 h6 section article main pre blockquote dt dd figcaption caption address body "
    "summary".split()
)
_CELLS = ("td", "th")
_MAX_DEPTH = 200
# The parser's time grows with the square of the depth: 100,000 nested elements take it 20 s, 2,000 take it 10 ms.
_MOST_NESTED = 2000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>?")
_NEVER_OPEN = frozenset("area base br col embed hr img input link meta source track wbr p li td th tr dt dd".split())


def parse_html(data: bytes, name: str) -> Document:
    """Read HTML: headings make sections, rows of a table keep their cells on one line."""
    text, _ = decode(data)
    if _is_too_deep(text):
        builder = TextBuilder()
        builder.block(html.unescape(_TAG.sub(" ", text)))
        return builder.document(
            media_type=HTML, parser="html", warnings=["its structure is nested too deeply to be kept"]
        )
    tree = LexborHTMLParser(text)
    found = tree.css_first("title")
    title = found.text(deep=True) if found is not None else ""
    builder = TextBuilder()
    tree.strip_tags([*_LEFT_OUT, "title"])
    if tree.body is not None:
        _fill(builder, tree.body)
    return builder.document(media_type=HTML, parser="html", title=title)


def _is_too_deep(text: str) -> bool:
    """Tell whether elements are nested absurdly; roughly, and in linear time."""
    if text.count("<") < _MOST_NESTED:
        return False
    depth = 0
    for closing, name in _TAG.findall(text):
        if name.lower() not in _NEVER_OPEN:
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > _MOST_NESTED:
                return True
    return False


def _fill(builder: TextBuilder, body: LexborNode) -> None:
    """Gather the text nodes by the block that they stand in."""
    pieces: list[str] = []
    current: LexborNode | None = None
    row: list[str] = []
    current_row: int | None = None
    for node in body.traverse(include_text=True):
        if node.tag == "br":
            pieces.append("\n")
        if node.tag != "-text":
            continue
        block = _block_of(node)
        if current is None or block.mem_id != current.mem_id:
            current_row = _finish(builder, current, pieces, row, current_row)
            pieces, current = [], block
        pieces.append(node.text(deep=False) or "")
    _finish(builder, current, pieces, row, current_row)
    _flush_row(builder, row)


def _finish(
    builder: TextBuilder, block: LexborNode | None, pieces: list[str], row: list[str], row_id: int | None
) -> int | None:
    """Write a finished block; a table's cells wait until their row is whole. Gives the row in hand."""
    text = _squeezed("".join(pieces), keep_lines=block is not None and block.tag == "pre")
    if block is None or not text:
        return row_id
    if block.tag in _CELLS:
        found = block.parent.mem_id if block.parent is not None else None
        if found != row_id:
            _flush_row(builder, row)
        row.append(text)
        return found
    _flush_row(builder, row)
    level = int(block.tag[1]) if block.tag in ("h1", "h2", "h3", "h4", "h5", "h6") else 0
    is_item = block.tag == "li"
    builder.block(f"- {text}" if is_item else text, level=level, tight=is_item)
    return None


def _flush_row(builder: TextBuilder, row: list[str]) -> None:
    if row:
        builder.block(" | ".join(" ".join(cell.split()) for cell in row), tight=True)
        row.clear()


def _block_of(node: LexborNode) -> LexborNode:
    """Find the nearest block around a text node; a bound on the walk keeps absurd nesting cheap."""
    parent = node.parent
    for _ in range(_MAX_DEPTH):
        if parent is None or parent.parent is None:
            break
        if parent.tag in _BLOCKS:
            return parent
        parent = parent.parent
    return parent if parent is not None else node


def _squeezed(text: str, *, keep_lines: bool) -> str:
    if keep_lines:
        return text.strip("\n")
    lines = (" ".join(line.split()) for line in text.replace("\n\n", "\n").split("\n"))
    return " ".join(line for line in lines if line)

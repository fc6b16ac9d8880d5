"""HTML: the main text, its headings, lists and tables; without scripts and navigation; nothing is ever fetched."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from studiolo_indexer.media_types import HTML
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.dates import iso_date
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.parsers.web.html_selection import TEXT, Selection, select, steps
from studiolo_indexer.parsers.web.html_tables import INLINE, caption_of, flat_text, is_data, table_rows
from studiolo_indexer.records import Document

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# The parser's time grows with the square of the depth: 100,000 nested elements take it 20 s, 2,000 take it 10 ms.
_MOST_NESTED = 2000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>?")
_UNREAD = re.compile(r"<(script|style)\b[^<>]*>", re.IGNORECASE)
_NEVER_OPEN = frozenset(
    "area base br col embed hr img input link meta source track wbr p li td th tr dt dd a option body html".split()
)
# In XHTML an element can end where it begins; HTML would take all that follows for its content.
_ENDED = re.compile(
    r"<((?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)[a-zA-Z][\w:-]*)([^<>]*)/>"
)
_XHTML = re.compile(r"\s*(?:<\?xml|<!DOCTYPE[^>]{0,100}XHTML)", re.IGNORECASE)
_EXPONENT = re.compile(r"[-−+]?\d{1,4}[-+]?$")
_MOST_INDENT = 12

_AUTHOR = frozenset("author article:author dc.creator dcterms.creator citation_author parsely-author".split())
_CREATED = frozenset(
    "article:published_time date dc.date dcterms.created dcterms.date dc.date.created citation_publication_date "
    "citation_date pubdate publish-date parsely-pub-date datepublished created".split()
)
_MODIFIED = frozenset(
    "article:modified_time last-modified dcterms.modified og:updated_time datemodified revised".split()
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself, and what the ledger should know of how it was read."""

    title: str
    properties: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


def parse_html(data: bytes, name: str) -> Document:
    """Read HTML: headings make sections; lists keep their marks, rows of a table their cells on one line.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    text, _ = decode(data)
    builder = TextBuilder()
    page = read_page(builder, text)
    return builder.document(
        media_type=HTML, parser="html", title=page.title, properties=page.properties, warnings=page.warnings
    )


def read_page(builder: TextBuilder, text: str, *, below: int = 0) -> Page:
    """Write a page's main text into a document that is being built; its headings lie `below` that many others."""
    if _is_too_deep(text):
        builder.block(html.unescape(_TAG.sub(" ", _without_code(text))))
        return Page("", (), ("its structure is nested too deeply to be kept",))
    if _XHTML.match(text):
        text = _ENDED.sub(r"<\1\2></\1>", text)
    tree = LexborHTMLParser(text)
    title, properties = _said_of_itself(tree)
    if tree.body is None:
        return Page(title, properties, ())
    selection = select(tree.body)
    _Reader(builder, selection, below).read(tree.body)
    return Page(title, properties, tuple(selection.warnings))


def _without_code(text: str) -> str:
    """Take scripts and styles out of markup that is not parsed."""
    kept, at = [], 0
    lower = text.lower()
    while (opening := _UNREAD.search(text, at)) is not None:
        kept.append(text[at : opening.start()])
        end = lower.find(f"</{opening.group(1).lower()}", opening.end())
        at = len(text) if end < 0 else end
    return " ".join([*kept, text[at:]])


def _is_too_deep(text: str) -> bool:
    """Tell whether elements are nested absurdly; roughly, and in linear time."""
    if text.count("<") < _MOST_NESTED:
        return False
    depth = 0
    for closing, name in _TAG.findall(_without_code(text)):
        if name.lower() not in _NEVER_OPEN:
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > _MOST_NESTED:
                return True
    return False


def _said_of_itself(tree: LexborHTMLParser) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Give the title, the authors and the dates of a page's head."""
    found: dict[str, list[str]] = {"title": [], "author": [], "created": [], "modified": []}
    for meta in tree.css("meta"):
        attributes = meta.attributes
        key = (attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or "").strip().lower()
        value = " ".join((attributes.get("content") or "").split())
        if key == "og:title":
            found["title"].append(value)
        elif key in _AUTHOR and value and not value.startswith("http"):
            found["author"].append(value)
        elif key in _CREATED:
            found["created"].append(iso_date(value))
        elif key in _MODIFIED:
            found["modified"].append(iso_date(value))
    element = tree.css_first("title")
    title = " ".join(element.text(deep=True).split()) if element is not None else ""
    first = {key: next(filter(None, values), "") for key, values in found.items()}
    authors = "; ".join(dict.fromkeys(found["author"][:20]))
    properties = (("author", authors), ("created", first["created"]), ("modified", first["modified"]))
    return title or first["title"], tuple((key, value) for key, value in properties if value)


class _Reader:
    """Writes a body's blocks; text between blocks is gathered until the next one begins."""

    def __init__(self, builder: TextBuilder, selection: Selection, below: int) -> None:
        self._builder = builder
        self._below = below
        self._selection = selection
        self._pieces: list[str] = []
        self._lines: list[str] = []
        self._level = self._pre = self._tables = self._captioned = 0
        self._tight = False
        self._lists: list[int | None] = []  # of each open list its next number; None where items have a dash
        self._mark = ""
        self._items: list[str] = []  # the lines of the list in hand

    def read(self, body: LexborNode) -> None:
        """Write all of a body."""
        for node, tag, entering in steps(body, self._is_done):
            if tag == TEXT:
                self._pieces.append(node.text_content or "")
            elif tag in INLINE:
                if entering:
                    self._inline(node, tag)
            elif tag == "br":
                if entering:
                    self._break()
            elif self._level and tag not in _HEADINGS:
                self._pieces.append(" ")
            else:
                self._flush()
                (self._open if entering else self._close)(node, tag)
        self._flush()
        self._end_list()

    def _is_done(self, node: LexborNode, tag: str) -> bool:
        """Tell whether a node needs no walk: it is left out, or a table that is written as a whole."""
        if self._selection.skips(node, tag):
            return True
        if tag == "math":
            note = node.css_first("annotation")
            self._pieces.append(f" {(note if note is not None else node).text(deep=True)} ")
            return True
        if tag == "table" and not self._level and is_data(node, depth=self._tables):
            self._flush()
            self._end_list()
            self._builder.block(caption_of(node, self._selection))
            rows, headers = table_rows(node, self._selection)
            self._builder.table(rows, header_rows=headers)
            return True
        return False

    def _inline(self, node: LexborNode, tag: str) -> None:
        if tag == "img":
            alt = node.attributes.get("alt")
            if alt and not self._captioned:
                self._pieces.append(f" {alt} ")
        elif tag == "sup" and self._pieces and self._pieces[-1][-1:].isalnum():
            # Ten to the sixth is not 106; and the mark of a footnote is no digit of the word before it.
            is_power = _EXPONENT.match(flat_text(node, self._selection)) is not None
            self._pieces.append("" if not is_power else " ^" if node.css_first("a") is not None else "^")

    def _break(self) -> None:
        if self._level:
            self._pieces.append(" ")
        else:
            self._end_line()

    def _open(self, node: LexborNode, tag: str) -> None:
        if tag in _HEADINGS:
            self._end_list()
            self._level = _HEADINGS[tag] + self._below
        elif tag in ("ul", "ol", "menu"):
            start = (node.attributes.get("start") or "1").strip()
            first = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1
            self._lists.append(first if tag == "ol" else None)
        elif tag == "li" and self._lists:
            number = self._lists[-1]
            self._mark = "- " if number is None else f"{number}. "
            if number is not None:
                self._lists[-1] = number + 1
        elif tag == "pre":
            self._pre += 1
        elif tag == "table":
            self._tables += 1
        elif tag == "figure":
            self._captioned += node.css_first("figcaption") is not None
        self._tight = tag in ("dd", "tr", "figcaption")

    def _close(self, node: LexborNode, tag: str) -> None:
        if tag in _HEADINGS:
            self._level = 0
        elif tag in ("ul", "ol", "menu") and self._lists:
            self._lists.pop()
            self._mark = ""
            if not self._lists:
                self._end_list()
        elif tag == "pre":
            self._pre -= 1
        elif tag == "table":
            self._tables -= 1
        elif tag == "figure":
            self._captioned -= node.css_first("figcaption") is not None
        elif tag == "li":
            self._mark = ""

    def _end_line(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        self._lines.append(text if self._pre else " ".join(text.split()))

    def _flush(self) -> None:
        """Write the text that was gathered as a block, or as lines of the list in hand."""
        self._end_line()
        lines, self._lines = self._lines, []
        text = "\n".join(lines)
        text = text.strip("\n") if self._pre else "\n".join(line for line in text.split("\n") if line)
        if not text.strip():
            return
        if self._lists and not self._level:
            indent = "  " * min(len(self._lists) - 1, _MOST_INDENT)
            hanging = "\n" + indent + "  "
            self._items.append(indent + (self._mark or "  ") + text.replace("\n", hanging))
            self._mark = ""
            return
        self._builder.block(text, level=self._level, tight=self._tight and not self._level)
        self._tight = False

    def _end_list(self) -> None:
        self._builder.block("\n".join(self._items))
        self._items.clear()

"""XML: feeds as articles; other files as values behind the names of their elements, and running text as such."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import XML
from studiolo_indexer.parsers.archives import parse_xml
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.dates import iso_date
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.parsers.plain import plain_document
from studiolo_indexer.parsers.web.html import read_page
from studiolo_indexer.records import Document

_MOST_BYTES = 32 * 2**20
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_TITLES = frozenset("title head heading article-title booktitle".split())
# Elements of running text, which need no name before them.
_TEXTS = frozenset("p para simpara paragraph li item abstract note td th cell line l dt dd verse".split())
_KEPT_LINES = frozenset("programlisting screen literallayout codeblock preformat pre".split())
_TEXT_BELOW = etree.XPath("descendant::text()", smart_strings=False)
_PATH_CHARS = 120
_ATTRIBUTES = 20
_MOST_GROWTH = 6
_FREE_CHARS = 1 << 20


def parse_xml_file(data: bytes, name: str) -> Document:
    """Read XML, RSS and Atom; what is no sound XML is read as text.

    Raises:
        FileFailure: file.bomb if it declares entities, file.damaged if it is no text.
    """
    text, _ = decode(data)
    if len(data) > _MOST_BYTES:
        return plain_document(text)
    try:
        # Decoded by us: what a file declares is often wrong, and libxml2 would stop at the first wrong byte.
        declared = _DECLARATION.match(text)
        root = parse_xml(text[declared.end() if declared else 0 :].lstrip().encode("utf-8"))
    except FileFailure as failure:
        if failure.code == "file.bomb":
            raise
        return plain_document(text, "it is no sound XML, and was read as text")
    if _name(root) in ("rss", "RDF", "feed"):
        return _feed(root)
    return _values(root, text)


def _name(element: etree._Element) -> str:
    """Give an element's name without its namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: etree._Element) -> list[etree._Element]:
    return [child for child in element if isinstance(child.tag, str)]


def _text_of(element: etree._Element) -> str:
    """Join all text below an element, without comments."""
    pieces: Any = _TEXT_BELOW(element) if len(element) else [element.text or ""]  # Any: what XPath finds
    text = "".join(pieces)
    return text.strip("\n") if _name(element) in _KEPT_LINES else " ".join(text.split())


def _feed(root: etree._Element) -> Document:
    """Read RSS or Atom: a section an article."""
    builder = TextBuilder()
    warnings: list[str] = []
    channel = next((c for c in _children(root) if _name(c) == "channel"), root)
    title = _first(channel, "title")
    builder.block(title, level=1)
    _body(builder, _first(channel, "description", "subtitle"), warnings)
    for article in [e for e in root.iter() if _name(e) in ("item", "entry")]:
        builder.block(_first(article, "title") or "—", level=2)
        builder.block(_first(article, "pubDate", "published", "date", "updated"), tight=True)
        builder.block("; ".join(_all(article, "author", "creator")), tight=True)
        _body(builder, _first(article, "encoded", "content") or _first(article, "description", "summary"), warnings)
        builder.block(", ".join(_all(article, "category")))
    changed = iso_date(_first(channel, "lastBuildDate", "pubDate", "updated", "date"))
    properties = (("author", "; ".join(_all(channel, "author", "managingEditor"))), ("modified", changed))
    return builder.document(
        media_type=XML, parser="feed", title=title, properties=properties, warnings=dict.fromkeys(warnings)
    )


def _body(builder: TextBuilder, markup: str, warnings: list[str]) -> None:
    if "<" in markup or "&" in markup:
        warnings += read_page(builder, markup, below=2).warnings
    else:
        builder.block(markup)


def _all(element: etree._Element, *names: str) -> list[str]:
    found = [_inner(child) for child in _children(element) if _name(child) in names]
    return list(dict.fromkeys(text for text in found if text))


def _first(element: etree._Element, *names: str) -> str:
    """Give the text of the first child that has one of some names and a text, the first name first."""
    for name in names:
        for child in _children(element):
            text = _inner(child) if _name(child) == name else ""
            if text:
                return text
    return ""


def _inner(element: etree._Element) -> str:
    """Give an element's text; where it holds elements (XHTML in Atom, an author's name), these as markup or text."""
    if _name(element) == "content" and len(element):
        return etree.tostring(element, encoding="unicode", method="html")
    own = (element.text or "").strip()
    return own or _text_of(element) or (element.get("term") or "").strip()


def _values(root: etree._Element, text: str) -> Document:
    """Read any other XML: running text as paragraphs, titles as headings, values behind the path of their names."""
    builder = TextBuilder()
    left = _FREE_CHARS + _MOST_GROWTH * len(text)
    title = ""
    for line, level, begins in _lines(root):
        builder.block(line, level=level, tight=not begins and not level)
        title = title or (line if level == 1 else "")
        left -= len(line)
        if left < 0:
            return plain_document(text)
    return builder.document(media_type=XML, parser="xml", title=title)


def _lines(root: etree._Element) -> Iterator[tuple[str, int, bool]]:
    """Give the lines of a file in order: the words, the level of a heading or 0, and whether they begin a block."""
    waiting: list[tuple[etree._Element, str, int]] = [(root, "", 0)]
    while waiting:
        element, above, depth = waiting.pop()
        name = _name(element)
        path = "" if element is root else _clipped(f"{above}.{name}" if above else name)
        children = _children(element)
        if not children or _is_running(element):
            yield from _leaf(element, name, path, depth)
            continue
        attributes = _attributes(element)
        if attributes:
            yield f"{path or name} ({attributes})", 0, True
        elif _repeats(element):
            yield "", 0, True
        waiting.extend((child, path, depth + 1) for child in reversed(children))


def _leaf(element: etree._Element, name: str, path: str, depth: int) -> Iterator[tuple[str, int, bool]]:
    words = _text_of(element)
    if name.lower() in _TITLES and words and _heads_text(element):
        yield words, max(1, min(depth, 9)), True
    elif name.lower() in _TEXTS or name in _KEPT_LINES or _is_running(element):
        yield words, 0, True
    else:
        attributes = _attributes(element)
        label = f"{path or name} ({attributes})" if attributes else path or name
        if words or attributes:
            yield f"{label}: {words}" if words else label, 0, False


def _heads_text(element: etree._Element) -> bool:
    """Tell whether what follows a title is text or a section; in a record it is one value among others."""
    following = element.getnext()
    for _ in range(3):
        if following is None:
            break
        if len(following) or _name(following).lower() in _TEXTS:
            return True
        following = following.getnext()
    return False


def _is_running(element: etree._Element) -> bool:
    """Tell whether an element holds text beside elements: then these are marks within a line."""
    if (element.text or "").strip() and len(element):
        return True
    return any((child.tail or "").strip() for child in element)


def _repeats(element: etree._Element) -> bool:
    """Tell whether an element is one of several of its name: a record."""
    return any(n is not None and n.tag == element.tag for n in (element.getnext(), element.getprevious()))


def _attributes(element: etree._Element) -> str:
    shown = [
        f"{str(name).rpartition('}')[2]}: {' '.join(str(value).split())}"
        for name, value in list(element.attrib.items())[:_ATTRIBUTES]
        if value.strip() and not str(name).endswith(("}schemaLocation", "}space", "}type"))
    ]
    return ", ".join(shown)


def _clipped(path: str) -> str:
    return path if len(path) <= _PATH_CHARS else "…" + path[-_PATH_CHARS:]

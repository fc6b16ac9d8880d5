"""EPUB: the chapters in reading order, each named as in the table of contents; bounded against bombs (S5)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import EPUB
from studiolo_indexer.parsers.archives import Archive, parse_xml
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.dates import iso_date
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.parsers.joining import DocumentJoiner
from studiolo_indexer.parsers.web.html import read_page
from studiolo_indexer.records import Document

_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_PAGE_NAMES = (".xhtml", ".html", ".htm", ".xml")
# Fonts may be scrambled in a book that is free to read; any other encrypted file is a lock.
_FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_ABOUT = ("title", "creator", "date", "description")
_LABEL_CHARS = 200


@dataclass(frozen=True, slots=True)
class _Book:
    """What the package file says: the files by id, the order of reading, and words about the book."""

    files: dict[str, tuple[str, str, str]]  # id: path, media type, properties
    spine: tuple[str, ...]
    about: dict[str, list[str]]


def parse_epub(data: bytes, name: str) -> Document:
    """Read an EPUB.

    Raises:
        FileFailure: file.password for a book with a lock (DRM), file.damaged or file.bomb.
    """
    archive = Archive(data)
    _refuse_locked(archive)
    book = _book(archive)
    labels = _labels(archive, book)
    joiner = DocumentJoiner()
    about = TextBuilder()
    for text in book.about["description"]:
        read_page(about, text)
    joiner.add(about.document(media_type=EPUB, parser="epub"), kind="section", label="")
    for path in _chapters(archive, book):
        content = archive.read(path)
        if content is not None:
            _chapter(joiner, content, labels.get(path, ""))
    return joiner.document(
        media_type=EPUB,
        parser="epub",
        title=next(iter(book.about["title"]), None),
        properties=(
            ("author", "; ".join(book.about["creator"][:20])),
            ("created", next(filter(None, map(iso_date, book.about["date"])), "")),
            ("modified", next(filter(None, map(iso_date, book.about["modified"])), "")),
        ),
    )


def _chapter(joiner: DocumentJoiner, content: bytes, label: str) -> None:
    try:
        text, _ = decode(content)
    except FileFailure:
        joiner.warn("a chapter is damaged and was left out")
        return
    builder = TextBuilder()
    page = read_page(builder, text)
    chapter = builder.document(media_type=EPUB, parser="epub", warnings=page.warnings)
    first = chapter.headings[0] if chapter.headings else None
    own = chapter.text[first.start : first.end] if first is not None else page.title
    joiner.add(chapter, kind="section", label=" ".join((label or own).split())[:_LABEL_CHARS])


def _refuse_locked(archive: Archive) -> None:
    if archive.read("META-INF/sinf.xml") is not None:
        raise FileFailure("file.password", "It is protected by its seller (DRM).")
    listed = archive.xml("META-INF/encryption.xml")
    if listed is None:
        return
    for entry in listed.iter("{*}EncryptedData"):
        method = entry.find("{*}EncryptionMethod")
        if method is None or method.get("Algorithm") not in _FONT_SCRAMBLING:
            raise FileFailure("file.password", "It is protected by its seller (DRM).")


def _book(archive: Archive) -> _Book:
    container = archive.xml("META-INF/container.xml")
    roots = [r.get("full-path") or "" for r in container.iter("{*}rootfile")] if container is not None else []
    path = next((r for r in roots if r), "") or next((n for n in archive.names if n.lower().endswith(".opf")), "")
    package = archive.xml(path) if path else None
    if package is None:
        return _Book({}, (), {key: [] for key in (*_ABOUT, "modified")})
    folder = posixpath.dirname(path)
    files = {
        item.get("id") or "": (
            _resolved(folder, item.get("href") or ""), item.get("media-type") or "", item.get("properties") or ""
        )
        for item in package.iter("{*}item")
    }  # fmt: skip
    spine = tuple(ref.get("idref") or "" for ref in package.iter("{*}itemref"))
    about = {
        key: [words for e in package.iter("{http://purl.org/dc/elements/1.1/}" + key) if (words := _words(e))]
        for key in _ABOUT
    }
    about["modified"] = [_words(m) for m in package.iter("{*}meta") if m.get("property") == "dcterms:modified"]
    return _Book(files, spine, about)


def _words(element: etree._Element) -> str:
    return " ".join("".join(str(t) for t in element.itertext()).split())


def _resolved(folder: str, href: str) -> str:
    """Give the name within the archive of what a file in `folder` refers to."""
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _chapters(archive: Archive, book: _Book) -> Iterator[str]:
    """Give the pages in the order of reading, each once, without the table of contents."""
    listed = [book.files[ref] for ref in book.spine if ref in book.files]
    paths = [
        path
        for path, media_type, properties in listed
        if (media_type in _PAGES or path.endswith(_PAGE_NAMES)) and "nav" not in properties.split()
    ]
    yield from dict.fromkeys(paths or sorted(n for n in archive.names if n.endswith(_PAGE_NAMES[:3])))


def _labels(archive: Archive, book: _Book) -> dict[str, str]:
    """Name the pages as the table of contents does; the first name of a page counts."""
    labels: dict[str, str] = {}
    for path, media_type, properties in book.files.values():
        is_nav = "nav" in properties.split()
        if not is_nav and media_type != "application/x-dtbncx+xml":
            continue
        try:
            content = archive.read(path)
            table = parse_xml(content) if content is not None else None
        except FileFailure:
            continue  # a book can be read without its table of contents
        if table is not None:
            for target, label in _nav_entries(table) if is_nav else _ncx_entries(table):
                labels.setdefault(_resolved(posixpath.dirname(path), target), label)
    return labels


def _nav_entries(table: etree._Element) -> Iterator[tuple[str, str]]:
    for nav in table.iter("{*}nav"):
        kind = next((value for key, value in nav.attrib.items() if str(key).endswith("}type")), "toc")
        if kind == "toc":
            for link in nav.iter("{*}a"):
                yield link.get("href") or "", _words(link)


def _ncx_entries(table: etree._Element) -> Iterator[tuple[str, str]]:
    for point in table.iter("{*}navPoint"):
        label, content = point.find("{*}navLabel"), point.find("{*}content")
        if label is not None and content is not None:
            yield content.get("src") or "", _words(label)

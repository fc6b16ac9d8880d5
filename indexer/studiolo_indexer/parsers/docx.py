"""DOCX: paragraphs, headings, lists, tables, notes; tracked changes as accepted. Bounded against bombs (S5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import DOCX
from studiolo_indexer.parsers.archives import Archive
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.records import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_HEADING_NAME = re.compile(r"^(?:heading|überschrift|titre|titolo|título)\s*([1-9])$", re.IGNORECASE)


def parse_docx(data: bytes, name: str) -> Document:
    """Read a DOCX file.

    Raises:
        FileFailure: file.password, file.damaged or file.bomb.
    """
    archive = Archive(data)
    levels = _heading_levels(archive)
    builder = TextBuilder()
    body = archive.xml("word/document.xml")
    if body is None:
        raise FileFailure("file.damaged", "It holds no document.")
    for block in body.iter(f"{_W}body"):
        _blocks(builder, block, levels)
    _notes(builder, archive)
    core = archive.xml("docProps/core.xml")
    title = core.findtext(f".//{_DC_TITLE}") if core is not None else None
    return builder.document(media_type=DOCX, parser="docx", title=title or "")


def _heading_levels(archive: Archive) -> dict[str, int]:
    """Map style ids to heading levels, by outline level or by the style's name."""
    styles = archive.xml("word/styles.xml")
    levels: dict[str, int] = {}
    if styles is None:
        return levels
    for style in styles.iter(f"{_W}style"):
        style_id = style.get(f"{_W}styleId") or ""
        name = style.find(f"{_W}name")
        label = (name.get(f"{_W}val") or "") if name is not None else ""
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        named = _HEADING_NAME.match(label)
        if label.lower() == "title":
            levels[style_id] = 1
        elif named:
            levels[style_id] = int(named.group(1))
        elif outline is not None and (outline.get(f"{_W}val") or "").isdigit():
            levels[style_id] = min(int(outline.get(f"{_W}val") or 0), 8) + 1
    return levels


def _blocks(builder: TextBuilder, parent: etree._Element, levels: dict[str, int]) -> None:
    """Write the paragraphs and tables of a body in their order."""
    in_list = False
    for child in _flattened(parent):
        if child.tag == f"{_W}tbl":
            builder.table([_cell_text(c) for c in row.iterchildren(f"{_W}tc")] for row in child.iter(f"{_W}tr"))
            in_list = False
            continue
        properties = child.find(f"{_W}pPr")
        level = _level(properties, levels)
        is_item = properties is not None and properties.find(f"{_W}numPr") is not None and not level
        text = _paragraph_text(child)
        builder.block(f"- {text}" if is_item and text.strip() else text, level=level, tight=is_item and in_list)
        in_list = is_item


def _flattened(parent: etree._Element) -> Iterator[etree._Element]:
    """Give paragraphs and tables, also those in content controls and insertions."""
    waiting = list(reversed(list(parent)))
    while waiting:
        child = waiting.pop()
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}customXml"):
            waiting.extend(reversed(list(child)))


def _level(properties: etree._Element | None, levels: dict[str, int]) -> int:
    if properties is None:
        return 0
    style = properties.find(f"{_W}pStyle")
    outline = properties.find(f"{_W}outlineLvl")
    if outline is not None and (outline.get(f"{_W}val") or "").isdigit() and int(outline.get(f"{_W}val") or 9) < 9:
        return int(outline.get(f"{_W}val") or 0) + 1
    return levels.get(style.get(f"{_W}val") or "", 0) if style is not None else 0


def _paragraph_text(paragraph: etree._Element) -> str:
    """Join the runs of a paragraph as accepted: deletions and text that was moved away are left out."""
    pieces = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            if not any(a.tag in (f"{_W}del", f"{_W}moveFrom") for a in node.iterancestors(f"{_W}del", f"{_W}moveFrom")):
                pieces.append(node.text or "")
        elif node.tag in (f"{_W}tab", f"{_W}ptab"):
            pieces.append("\t")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
        elif node.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif node.tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
            pieces.append(f"[note {node.get(f'{_W}id')}]")
    return "".join(pieces)


def _cell_text(cell: etree._Element) -> str:
    return " ".join(_paragraph_text(p) for p in cell.iter(f"{_W}p"))


def _notes(builder: TextBuilder, archive: Archive) -> None:
    for member, tag in (("word/footnotes.xml", "footnote"), ("word/endnotes.xml", "endnote")):
        notes = archive.xml(member)
        if notes is None:
            continue
        for note in notes.iter(f"{_W}{tag}"):
            if note.get(f"{_W}type") is None:
                builder.block(f"[note {note.get(f'{_W}id')}] {_cell_text(note).strip()}")

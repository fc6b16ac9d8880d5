"""The flow of text in OpenDocument files: paragraphs, headings, lists, tables, notes, comments, frames.

Tracked changes are read as accepted: what was deleted stands apart in the file, and is never looked at. What hangs on
a paragraph stands after it, as in DOCX. Recursion goes no deeper than the XML, which is at most 256 levels deep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.drawingml import comment_text, picture_text
from studiolo_indexer.parsers.office.opc import attribute, number
from studiolo_indexer.parsers.opendocument.odf_styles import (
    CHART,
    DC,
    DRAW,
    MATH,
    OFFICE,
    SVG,
    TABLE,
    TEXT,
    XLINK,
    Counter,
    OdfFile,
)
from studiolo_indexer.parsers.opendocument.odf_unseen import OdfUnseen
from studiolo_indexer.parsers.tables import Grid

HIDDEN = "hidden text was left out"
PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
SHAPES = frozenset(
    f"{DRAW}{name}"
    for name in (
        "frame g a custom-shape rect ellipse circle line path polygon polyline regular-polygon connector measure "
        "caption control page-thumbnail"
    ).split()
)
_WRAPPERS = frozenset(
    f"{TEXT}{name}"
    for name in (
        "section index-body index-title table-of-content illustration-index table-index object-index user-index "
        "alphabetical-index bibliography numbered-paragraph"
    ).split()
)
_LEFT_OUT = frozenset(
    f"{TEXT}{name}" for name in ("ruby-text", "hidden-text", "hidden-paragraph", "script", "tracked-changes", "number")
)
_ROW_WRAPPERS = frozenset(f"{TABLE}{name}" for name in ("table-header-rows", "table-rows", "table-row-group"))
_SPACE = re.compile(r"[ \t\r\n]+")
_EXPONENT = re.compile(r"[-−+]?\d{1,4}[-+]?$")
_MAX_SPACES = 100
_MAX_REPEATED_CELLS = 20_000
_MAX_REPEAT = 1000
_REPEATED_CHARS = 200


@dataclass(slots=True)
class Inline:
    """A paragraph's words, and what hangs on it."""

    pieces: list[str] = field(default_factory=list)
    notes: list[etree._Element] = field(default_factory=list)
    comments: list[etree._Element] = field(default_factory=list)
    frames: list[etree._Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words, with line ends where the paragraph breaks a line."""
        return "".join(self.pieces)


class Story:
    """Writes the flow of text of one document."""

    def __init__(self, builder: TextBuilder, file: OdfFile) -> None:
        self._builder = builder
        self._file = file
        self._styles = file.styles
        self._outline = Counter(file.styles.outline)
        self._counters: dict[str, Counter] = {}
        self._drawn: set[str] = set()
        self._repeats_left = _MAX_REPEATED_CELLS
        self._unseen = OdfUnseen(file.roots, left_out=file.styles.hidden_text)

    def blocks(self, parent: etree._Element) -> None:
        """Write the paragraphs, headings, lists, tables and frames of a body, a cell or a text box in their order."""
        in_list = False
        for child in _flattened(parent):
            was_in_list, in_list = in_list, child.tag == f"{TEXT}list"
            if child.tag in PARAGRAPHS:
                self._paragraph(child)
            elif child.tag == f"{TEXT}list":
                # Presentations make a list of each line.
                self._list(child, tight=was_in_list)
            elif child.tag == f"{TABLE}table":
                self.table(child)
            elif child.tag == f"{OFFICE}annotation":
                self.comment(child)
            else:
                self.frame(child)

    def texts(self, parent: etree._Element) -> list[str]:
        """Give the paragraphs below an element that hold something, without what hangs on them."""
        found = (self.inline(paragraph).text.strip() for paragraph in _paragraphs(parent))
        return [text for text in found if text]

    def warnings(self) -> Iterator[str]:
        """Say what of the text that was read cannot be seen."""
        return self._unseen.warnings()

    def inline(self, paragraph: etree._Element) -> Inline:
        """Read one paragraph; what is nested in it is walked without recursion."""
        self._unseen.look(paragraph)
        inline = Inline()
        waiting: list[etree._Element | str] = list(reversed(_content(paragraph)))
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                inline.pieces.append(_SPACE.sub(" ", node))
            elif isinstance(node.tag, str) and not self._took(inline, node):
                waiting.extend(reversed(_content(node)))
        return inline

    def frame(self, frame: etree._Element) -> None:
        """Write what a frame or shape holds: text, a table, an object, the words about a picture."""
        if frame.tag in (f"{DRAW}g", f"{DRAW}a"):
            for child in frame.iterchildren(*SHAPES):
                self.frame(child)
            return
        for child in frame.iterchildren():
            if child.tag == f"{DRAW}text-box":
                self.blocks(child)
            elif child.tag == f"{DRAW}object":
                self._object(child)
            elif child.tag == f"{TABLE}table":
                self.table(child)
        if any(child.tag in (*PARAGRAPHS, f"{TEXT}list") for child in frame):
            self.blocks(frame)
        words = frame.findtext(f"{SVG}desc") or frame.findtext(f"{SVG}title") or ""
        self._builder.block(picture_text(words))

    def comment(self, comment: etree._Element, *, tight: bool = False) -> None:
        """Write a comment."""
        author, when = comment.findtext(f"{DC}creator") or "", comment.findtext(f"{DC}date") or ""
        self._builder.block(comment_text(" ".join(self.texts(comment)), author=author, when=when), tight=tight)

    def table(self, table: etree._Element) -> None:
        """Write a table; one with a single column is no table for a reader, but a frame around paragraphs."""
        rows = list(table_rows(table))
        if all(len(_cells(row)) <= 1 for row, _ in rows):
            for row, _ in rows:
                for cell in _cells(row):
                    self.blocks(cell)
            return
        grid = Grid()
        attached: list[Inline] = []
        names = 0
        for row, is_name in rows:
            for _ in range(self._times(row, "rows")):
                names += is_name and names == len(grid)
                grid.begin_row()
                for cell in _cells(row):
                    self._cell(grid, cell, attached)
        self._builder.table(grid.rows(), header_rows=names or grid.name_rows())
        for inline in attached:
            self._attachments(inline)

    def _paragraph(self, paragraph: etree._Element, *, label: str = "", tight: bool = False) -> None:
        inline = self.inline(paragraph)
        text = inline.text
        style = attribute(paragraph, f"{TEXT}style-name")
        level = 0
        if paragraph.tag == f"{TEXT}h":
            level = max(1, number(paragraph.get(f"{TEXT}outline-level"), 1))
            label = label if label not in ("", "-") else self._heading_label(paragraph, style, level, text)
        elif self._styles.is_title(style):
            level = 1
        self._builder.block(f"{label} {text.strip()}" if label and text.strip() else text, level=level, tight=tight)
        self._attachments(inline)

    def _heading_label(self, heading: etree._Element, style: str, level: int, text: str) -> str:
        unnumbered = heading.get(f"{TEXT}is-list-header") == "true" or self._styles.is_unnumbered(style)
        if unnumbered or not text.strip() or level not in self._styles.outline:
            return ""
        return self._outline.label(level)

    def _list(self, top: etree._Element, *, tight: bool) -> None:
        """Write a list with all lists inside it; each item's first paragraph has the item's label."""
        style = attribute(top, f"{TEXT}style-name")
        counter = self._counters.setdefault(style, Counter(self._styles.lists.get(style, {})))
        goes_on = attribute(top, f"{TEXT}continue-numbering") == "true" or top.get(f"{TEXT}continue-list") is not None
        if not goes_on:
            counter.restart()
        waiting: list[tuple[etree._Element, int, str]] = [(top, 0, "")]
        while waiting:
            node, depth, label = waiting.pop()
            if node.tag in PARAGRAPHS:
                self._paragraph(node, label=label, tight=tight)
                tight = True
            elif node.tag in (f"{TEXT}list-item", f"{TEXT}list-header"):
                waiting.extend(self._item(node, depth, counter))
            elif node.tag == f"{TEXT}list":
                waiting.extend((child, depth + 1, "") for child in reversed(node))
            elif node.tag == f"{TABLE}table":
                self.table(node)

    def _item(self, item: etree._Element, depth: int, counter: Counter) -> list[tuple[etree._Element, int, str]]:
        """Give the content of an item in reverse, its first paragraph with the label."""
        children = [child for child in item if child.tag != f"{TEXT}number"]
        label = ""
        if children and children[0].tag in PARAGRAPHS and item.tag == f"{TEXT}list-item":
            start = item.get(f"{TEXT}start-value")
            written = item.findtext(f"{TEXT}number") or ""
            label = counter.label(depth, start=number(start, 1) if start is not None else None)
            label = written.strip() or label
        labels = [label, *[""] * len(children)]
        return [(child, depth, words) for child, words in zip(children, labels, strict=False)][::-1]

    def _took(self, inline: Inline, node: etree._Element) -> bool:
        """Take what a node says; gives False for one whose children say it."""
        tag = node.tag
        if tag == f"{TEXT}s":
            inline.pieces.append(" " * min(_MAX_SPACES, number(node.get(f"{TEXT}c"), 1)))
        elif tag == f"{TEXT}tab":
            inline.pieces.append("\t")
        elif tag == f"{TEXT}line-break":
            inline.pieces.append("\n")
        elif tag == f"{TEXT}note":
            inline.pieces.append(_note_mark(node))
            inline.notes.append(node)
        elif tag == f"{OFFICE}annotation":
            inline.comments.append(node)
        elif tag in SHAPES:
            inline.frames.append(node)
        elif tag == f"{TEXT}span":
            return self._took_span(inline, node)
        elif tag == f"{TEXT}hidden-text":
            if attribute(node, f"{TEXT}is-hidden") != "false" and (node.text or node.get(f"{TEXT}string-value")):
                self._file.warnings.append(HIDDEN)
        else:
            return tag in _LEFT_OUT
        return True

    def _took_span(self, inline: Inline, span: etree._Element) -> bool:
        style = attribute(span, f"{TEXT}style-name")
        if style in self._styles.hidden_text:
            self._file.warnings.append(HIDDEN)
            return True
        before = inline.pieces[-1] if inline.pieces else ""
        if style in self._styles.raised_text and before[-1:].isalnum() and _EXPONENT.match((span.text or "").strip()):
            inline.pieces.append("^")  # ten to the sixth is not 106
        return False

    def _attachments(self, inline: Inline) -> None:
        """Write what hangs on a paragraph."""
        for note in inline.notes:
            body = note.find(f"{TEXT}note-body")
            text = " ".join(self.texts(body)) if body is not None else ""
            self._builder.block(f"{_note_mark(note)} {text}" if text else "", tight=True)
        for comment in inline.comments:
            self.comment(comment, tight=True)
        for frame in inline.frames:
            self.frame(frame)

    def _cell(self, grid: Grid, cell: etree._Element, attached: list[Inline]) -> None:
        if cell.tag == f"{TABLE}covered-table-cell":
            for _ in range(self._times(cell, "columns")):
                grid.covered()
            return
        pieces = []
        for paragraph in _paragraphs(cell):
            inline = self.inline(paragraph)
            pieces.append(inline.text)
            attached.append(inline)
        text = " ".join(piece for piece in pieces if piece.strip())
        times = self._times(cell, "columns") if len(text) <= _REPEATED_CHARS else 1
        # The places that it covers follow as cells of their own.
        rows = number(cell.get(f"{TABLE}number-rows-spanned"), 1)
        for _ in range(times):
            grid.cell(text, rows=rows)

    def _times(self, element: etree._Element, what: str) -> int:
        """Give how often a row or cell is repeated, as long as the document may repeat anything."""
        times = max(1, min(number(element.get(f"{TABLE}number-{what}-repeated"), 1), _MAX_REPEAT))
        if times > 1:
            times = max(1, min(times, self._repeats_left))
            self._repeats_left -= times
        return times

    def _object(self, element: etree._Element) -> None:
        """Write an object inside the document: a formula, a chart's titles and values, a small table."""
        href = attribute(element, f"{XLINK}href")
        if href in self._drawn and href:
            return
        self._drawn.add(href)
        root = self._file.embedded(href) if href else element
        if root is None:
            return
        for formula in root.iter(f"{MATH}math", "math"):
            notation = formula.find(f".//{MATH}annotation")
            text = notation.text if notation is not None else "".join(map(str, formula.itertext()))
            self._builder.block(" ".join((text or "").split()))
        for title in root.iter(f"{CHART}title"):
            self._builder.block(" ".join(self.texts(title)))
        for chart in root.iter(f"{CHART}chart"):
            self._builder.block(f"{attribute(chart, f'{CHART}class').rpartition(':')[2]} chart".strip().capitalize())
        for table in root.iter(f"{TABLE}table"):
            self.table(table)


def _content(node: etree._Element) -> list[etree._Element | str]:
    """Give what stands inside an element, in order: its text, its children, the text behind each."""
    content: list[etree._Element | str] = [node.text] if node.text else []
    for child in node:
        content.append(child)
        if child.tail:
            content.append(child.tail)
    return content


def _flattened(parent: etree._Element) -> Iterator[etree._Element]:
    """Give the blocks of a flow, also those in sections and indexes."""
    waiting = list(reversed(parent))
    while waiting:
        child = waiting.pop()
        if child.tag in _WRAPPERS:
            waiting.extend(reversed(child))
        elif child.tag in SHAPES or child.tag in (
            *PARAGRAPHS,
            f"{TEXT}list",
            f"{TABLE}table",
            f"{OFFICE}annotation",
        ):
            yield child


def _paragraphs(parent: etree._Element) -> Iterator[etree._Element]:
    """Give all paragraphs below an element in order, but none that hangs on another."""
    waiting = list(reversed(parent))
    while waiting:
        child = waiting.pop()
        if child.tag in PARAGRAPHS:
            yield child
        elif child.tag not in _LEFT_OUT and child.tag != f"{OFFICE}annotation":
            waiting.extend(reversed(child))


def table_rows(table: etree._Element) -> Iterator[tuple[etree._Element, bool]]:
    """Give the rows of a table, and whether each names the columns."""
    waiting = [(child, False) for child in reversed(table)]
    while waiting:
        child, is_name = waiting.pop()
        if child.tag == f"{TABLE}table-row":
            yield child, is_name
        elif child.tag in _ROW_WRAPPERS:
            inside = is_name or child.tag == f"{TABLE}table-header-rows"
            waiting.extend((row, inside) for row in reversed(child))


def _cells(row: etree._Element) -> list[etree._Element]:
    return list(row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"))


def _note_mark(note: etree._Element) -> str:
    mark = note.find(f"{TEXT}note-citation")
    citation = " ".join("".join(map(str, mark.itertext())).split())[:20] if mark is not None else "*"
    word = "endnote" if attribute(note, f"{TEXT}note-class") == "endnote" else "note"
    return f"[{word} {citation}]"

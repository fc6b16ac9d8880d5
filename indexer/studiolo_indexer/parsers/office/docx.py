"""DOCX: paragraphs, headings, lists, tables, notes, comments; tracked changes as accepted. Bounded against bombs (S5).

What hangs on a paragraph (its notes, comments, text boxes) stands after it, so that it is found together with it and
under the same headings. Headers and footers stand once, at the end.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from studiolo_indexer.media_types import DOCX
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.docx_inline import Inline, NoteNumbers, read_inline
from studiolo_indexer.parsers.office.docx_numbering import VAL, Numbering, Style, Styles, W, outline_level
from studiolo_indexer.parsers.office.docx_unseen import DocxUnseen
from studiolo_indexer.parsers.office.drawingml import comment_text, write_graphic
from studiolo_indexer.parsers.office.opc import MC, Package, attribute, chosen, number
from studiolo_indexer.parsers.tables import Grid
from studiolo_indexer.records import Document

_HIDDEN = "hidden text was left out"
# What holds paragraphs, tables, rows or cells without being one.
_WRAPPERS = frozenset(
    f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink")
)


def parse_docx(data: bytes, name: str) -> Document:
    """Read a DOCX file, and its relatives for macros and templates.

    Raises:
        FileFailure: file.password, file.damaged or file.bomb.
    """
    package = Package(data)
    main = package.main_part("word/document.xml")
    root = package.needed(main)
    builder = TextBuilder()
    unseen = DocxUnseen(package, _first(package, main, "styles"), root)
    story = _Story(builder, package, main, unseen)
    for body in root.iter(f"{W}body"):
        story.blocks(body)
    story.loose_comments()
    story.margins()
    if next(root.iter(f"{W}altChunk"), None) is not None:
        package.warnings.append("it holds another file inside that was not read")
    return builder.document(
        media_type=DOCX,
        parser="docx",
        title=package.title(),
        properties=package.properties(),
        warnings=[*dict.fromkeys(package.warnings), *unseen.warnings()],
    )


class _Story:
    """Writes the blocks of one document, with what hangs on them."""

    def __init__(self, builder: TextBuilder, package: Package, main: str, unseen: DocxUnseen) -> None:
        self._builder = builder
        self._package = package
        self._main = main
        self._unseen = unseen
        self._styles = Styles(package, _first(package, main, "styles"))
        self._numbering = Numbering(package, _first(package, main, "numbering"), self._styles)
        self._numbers = NoteNumbers()
        self._notes = {kind: self._by_id(f"{kind}s", f"{W}{kind}") for kind in ("footnote", "endnote")}
        self._comments = self._by_id("comments", f"{W}comment")

    def blocks(self, parent: etree._Element) -> None:
        """Write the paragraphs and tables of a body, a cell or a text box in their order."""
        in_list = False
        for child in _flattened(parent, (f"{W}p", f"{W}tbl")):
            if child.tag == f"{W}tbl":
                self._table(child)
                in_list = False
            else:
                in_list = self._paragraph(child, in_list)

    def loose_comments(self) -> None:
        """Write the comments that no paragraph marks."""
        for comment_id in list(self._comments):
            self._comment(comment_id)

    def margins(self) -> None:
        """Write what headers and footers say, each text once."""
        seen: set[str] = set()
        for kind in ("header", "footer"):
            for part in dict.fromkeys(self._package.related(self._main, kind)):
                root = self._package.optional(part)
                for paragraph in root.iter(f"{W}p") if root is not None else ():
                    text = self._inline(paragraph).text.strip()
                    if text and text not in seen:
                        seen.add(text)
                        self._builder.block(text, tight=len(seen) > 1)

    def _by_id(self, kind: str, tag: str) -> dict[str, etree._Element]:
        root = self._package.optional(_first(self._package, self._main, kind))
        if root is None:
            return {}
        return {attribute(e, f"{W}id"): e for e in root.iterchildren(tag) if e.get(f"{W}type") in (None, "normal")}

    def _inline(self, paragraph: etree._Element) -> Inline:
        """Read a paragraph, and look at what of it cannot be seen."""
        inline = read_inline(paragraph, self._numbers)
        self._unseen.look(paragraph, inline.runs)
        if inline.hidden:
            self._package.warnings.append(_HIDDEN)
        return inline

    def _paragraph(self, paragraph: etree._Element, in_list: bool) -> bool:
        """Write a paragraph; gives whether it is an item of a list."""
        properties = paragraph.find(f"{W}pPr")
        style = self._styles.of(properties)
        inline = self._inline(paragraph)
        level = _heading(properties, style)
        label = self._label(properties, style, inline)
        text = inline.text
        is_item = label is not None and not level
        self._builder.block(
            f"{label} {text}" if label and text.strip() else text, level=level, tight=is_item and in_list
        )
        self._attachments(inline)
        return is_item

    def _label(self, properties: etree._Element | None, style: Style, inline: Inline) -> str | None:
        """Count a numbered paragraph; an empty one shows no number, and Word does not count it."""
        return self._numbering.label(properties, style) if inline.text.strip() else None

    def _attachments(self, inline: Inline) -> None:
        """Write what hangs on a paragraph."""
        for kind, note_id in inline.notes:
            note = self._notes[kind].pop(note_id, None)
            if note is not None:
                self._builder.block(f"{self._numbers.mark(kind, note_id)} {self._flat(note)}", tight=True)
        for comment_id in inline.comments:
            self._comment(comment_id)
        for text in inline.pictures:
            self._builder.block(text)
        for drawing in inline.drawings:
            write_graphic(self._builder, self._package, self._main, drawing)
        for box in inline.boxes:
            self.blocks(box)

    def _comment(self, comment_id: str) -> None:
        comment = self._comments.pop(comment_id, None)
        if comment is not None:
            author, when = attribute(comment, f"{W}author"), attribute(comment, f"{W}date")
            self._builder.block(comment_text(self._flat(comment), author=author, when=when), tight=True)

    def _flat(self, parent: etree._Element) -> str:
        """Give all paragraphs below an element on one line."""
        texts = (self._inline(p).text.strip() for p in parent.iter(f"{W}p"))
        return " ".join(text for text in texts if text)

    def _table(self, table: etree._Element) -> None:
        """Write a table; one with a single column is no table for a reader, but a frame around paragraphs."""
        rows = [
            (row, list(_flattened(row, (f"{W}tc",))))
            for row in _flattened(table, (f"{W}tr",))
            if row.find(f"{W}trPr/{W}del") is None
        ]
        if all(len(cells) <= 1 for _, cells in rows):
            for _, cells in rows:
                for cell in cells:
                    self.blocks(cell)
            return
        grid = Grid()
        attached: list[Inline] = []
        names = 0
        for row, cells in rows:
            properties = row.find(f"{W}trPr")
            is_name = properties is not None and properties.find(f"{W}tblHeader") is not None
            names += is_name and names == len(grid)
            self._row(grid, properties, cells, attached)
        self._builder.table(grid.rows(), header_rows=names or grid.name_rows())
        for inline in attached:
            self._attachments(inline)

    def _row(
        self, grid: Grid, properties: etree._Element | None, cells: list[etree._Element], attached: list[Inline]
    ) -> None:
        grid.begin_row()
        before = properties.find(f"{W}gridBefore") if properties is not None else None
        grid.skip(number(attribute(before, VAL)))
        for cell in cells:
            about = cell.find(f"{W}tcPr")
            if about is not None and about.find(f"{W}cellDel") is not None:
                continue
            span = about.find(f"{W}gridSpan") if about is not None else None
            merge = about.find(f"{W}vMerge") if about is not None else None
            columns = number(attribute(span, VAL), 1)
            if merge is not None and attribute(merge, VAL) != "restart":
                grid.continue_above(columns)
            else:
                grid.cell(self._cell(cell, attached), columns=columns)

    def _cell(self, cell: etree._Element, attached: list[Inline]) -> str:
        """Give a cell on one line; a table inside it with commas between its cells and semicolons between its rows."""
        pieces: list[str] = []
        waiting = list(reversed(list(_flattened(cell, (f"{W}p", f"{W}tbl")))))
        while waiting:
            block = waiting.pop()
            if block.tag == f"{W}tbl":
                rows = _flattened(block, (f"{W}tr",))
                pieces.append("; ".join(self._nested_row(row) for row in rows))
                continue
            properties = block.find(f"{W}pPr")
            inline = self._inline(block)
            label = self._label(properties, self._styles.of(properties), inline)
            for box in inline.boxes:
                waiting.extend(reversed(list(_flattened(box, (f"{W}p", f"{W}tbl")))))
            inline.boxes = []
            pieces.append(f"{label} {inline.text}" if label else inline.text)
            attached.append(inline)
        return " ".join(piece for piece in pieces if piece.strip())

    def _nested_row(self, row: etree._Element) -> str:
        return ", ".join(text for text in (self._flat(cell) for cell in _flattened(row, (f"{W}tc",))) if text)


def _first(package: Package, main: str, kind: str) -> str:
    """Name the part of a kind that the main part points to, or where it usually is."""
    return next(iter(package.related(main, kind)), f"word/{kind}.xml")


def _heading(properties: etree._Element | None, style: Style) -> int:
    """Give the heading level of a paragraph, 0 for none; what it says itself comes before its style."""
    outline = properties.find(f"{W}outlineLvl") if properties is not None else None
    return outline_level(outline) if outline is not None else style.heading or 0


def _flattened(parent: etree._Element, wanted: tuple[str, ...]) -> Iterator[etree._Element]:
    """Give the wanted elements, also those in content controls and insertions, in their order."""
    waiting = list(reversed(parent))
    while waiting:
        child = waiting.pop()
        if child.tag in wanted:
            yield child
        elif child.tag in _WRAPPERS:
            waiting.extend(reversed(child))
        elif child.tag == f"{MC}AlternateContent":
            branch = chosen(child)
            waiting.extend(reversed(branch) if branch is not None else ())

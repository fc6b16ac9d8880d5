"""XLSX: a part for each sheet, its cells with the values that were last computed, its comments, charts and text boxes.

Not through python-calamine, which lays every sheet out in full: a sheet with two cells in its far corners makes it
abort (1,048,576 x 16,384 places; 10,000 x 16,384 took 25 s and 5 GB). Here a place without a value costs nothing, and
number formats are known, so that 0.19 is read as 19%.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import XLSX
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.drawingml import alternative_text, comment_text, paragraphs, write_graphic
from studiolo_indexer.parsers.office.opc import Package, R, attribute, number
from studiolo_indexer.parsers.spreadsheets.cell_values import ValueKind, formatted, kind_of_format
from studiolo_indexer.parsers.spreadsheets.sheets import CellBudget, Merge, Sheet, write_sheet
from studiolo_indexer.parsers.spreadsheets.xlsx_unseen import CellLooks, UnseenCells
from studiolo_indexer.records import Document

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_A_GRAPHIC = "{http://schemas.openxmlformats.org/drawingml/2006/main}graphicData"
_CELL, _VALUE, _FORMULA, _INLINE = f"{S}c", f"{S}v", f"{S}f", f"{S}is"
_BESIDE_ROWS = frozenset((f"{S}mergeCell", f"{S}col", f"{S}conditionalFormatting"))
_SHORT_DIGITS = 9
_LAST_COLUMN = 16_383
_LAST_ROW = 1_048_575
_MAX_MERGES = 100_000
_MAX_SHEETS = 5_000
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_THREADED = "tc="


@dataclass(frozen=True, slots=True)
class _Format:
    kind: ValueKind = "plain"
    digits: int = 0


_PLAIN = _Format()


@dataclass(frozen=True, slots=True)
class _Book:
    """What the sheets of a workbook share."""

    strings: list[str]
    formats: dict[str, _Format]  # by the index of the style, as it stands in the file
    looks: CellLooks
    since_1904: bool


def parse_xlsx(data: bytes, name: str) -> Document:
    """Read an XLSX file, and its relatives for macros and templates.

    Raises:
        FileFailure: file.password, file.damaged or file.bomb.
    """
    package = Package(data)
    main = package.main_part("xl/workbook.xml")
    root = package.needed(main)
    builder = TextBuilder()
    writer = _Writer(builder, package, main, root)
    for sheet in list(root.iter(f"{S}sheet"))[:_MAX_SHEETS]:
        writer.sheet(sheet)
    document = builder.document(
        media_type=XLSX,
        parser="xlsx",
        properties=package.properties(),
        warnings=[*dict.fromkeys(package.warnings)],
    )
    # The name of its first sheet is no title.
    return replace(document, title=package.title())


class _Writer:
    """Writes sheet after sheet."""

    def __init__(self, builder: TextBuilder, package: Package, main: str, root: etree._Element) -> None:
        self._builder = builder
        self._package = package
        self._main = main
        self._budget = CellBudget()
        self._done: set[str] = set()
        self._people = _people(package, main)
        properties = root.find(f"{S}workbookPr")
        styles = package.optional(next(iter(package.related(main, "styles")), None))
        self._book = _Book(
            strings=_shared_strings(package, main),
            formats=_formats(styles) if styles is not None else {},
            looks=CellLooks(styles),
            since_1904=attribute(properties, "date1904").lower() in ("1", "true"),
        )

    def sheet(self, entry: etree._Element) -> None:
        """Write one sheet as a part; one without content is left out."""
        part = self._package.target(self._main, entry.get(f"{R}id"))
        if part is None or part in self._done:
            return
        self._done.add(part)
        name = attribute(entry, "name") or f"Sheet {len(self._done)}"
        sheet = Sheet(name)
        unseen = UnseenCells(self._book.looks)
        content = self._package.read(part)
        if content is not None:
            try:
                self._read(sheet, content, unseen)
            except etree.XMLSyntaxError:
                self._package.warnings.append(f"sheet {name!r} is damaged; what follows the damage was left out")
        drawings = self._package.related(part, "drawing")
        comments = self._comments(part)
        if not (sheet.rows or drawings or comments):
            return
        self._write(sheet, drawings, comments)
        self._tables(part, unseen)
        self._package.warnings += unseen.warnings(sheet)
        if attribute(entry, "state") in ("hidden", "veryHidden"):
            self._package.warnings.append(f"sheet {name!r} is hidden")

    def _write(self, sheet: Sheet, drawings: list[str], comments: list[str]) -> None:
        """Write a sheet as a part, with what lies on it."""
        name = sheet.name
        self._builder.begin_part("sheet", name)
        self._builder.block(name, level=1)
        write_sheet(self._builder, sheet)
        for drawing in drawings:
            self._drawing(drawing)
        for comment in comments:
            self._builder.block(comment)
        if sheet.cut_after is not None:
            self._package.warnings.append(
                f"sheet {name!r}: what follows row {sheet.cut_after} was left out, it is too much"
            )

    def _tables(self, part: str, unseen: UnseenCells) -> None:
        """Tell which cells of a sheet the style of a table may shade."""
        for table in self._package.related(part, "table"):
            root = self._package.optional(table)
            style = root.find(f"{S}tableStyleInfo") if root is not None else None
            if attribute(style, "name"):
                unseen.shaded(attribute(root, "ref"))

    def _read(self, sheet: Sheet, content: bytes, unseen: UnseenCells) -> None:
        """Read the cells and merges of a sheet, and look at what of them cannot be seen.

        Raises:
            etree.XMLSyntaxError: If its XML is damaged; what came before is in the sheet.
        """

        def rows() -> Iterator[tuple[int, Iterator[tuple[int, str]]]]:
            number_of_row = -1
            for element in _elements(content, f"{S}row", *_BESIDE_ROWS):
                if element.tag in _BESIDE_ROWS:
                    _beside_rows(element, sheet, unseen)
                    continue
                number_of_row = number(element.get("r"), number_of_row + 2) - 1
                if 0 <= number_of_row <= _LAST_ROW:
                    unseen.row(number_of_row, element)
                    yield number_of_row, _cells(element, self._book, number_of_row, unseen)

        self._budget.fill(sheet, rows())

    def _drawing(self, part: str) -> None:
        """Write the text boxes, charts and described pictures that lie on a sheet."""
        root = self._package.optional(part)
        if root is None:
            return
        for body in root.iter(f"{_XDR}txBody"):
            self._builder.block("\n".join(paragraphs(body)))
        for graphic in root.iter(_A_GRAPHIC):
            write_graphic(self._builder, self._package, part, graphic)
        for properties in root.iter(f"{_XDR}cNvPr"):
            self._builder.block(alternative_text(properties))

    def _comments(self, part: str) -> list[str]:
        """Write the comments on a sheet; those in threads stand a second time among the others, for old programs."""
        found = []
        for comments in self._package.related(part, "comments"):
            root = self._package.optional(comments)
            authors = [author.text or "" for author in root.iter(f"{S}author")] if root is not None else []
            for comment in root.iter(f"{S}comment") if root is not None else ():
                index = number(comment.get("authorId"), -1)
                author = authors[index] if 0 <= index < len(authors) else ""
                if not author.startswith(_THREADED):
                    text = "".join(t.text or "" for t in comment.iter(f"{S}t"))
                    found.append(comment_text(text, author=author, when="", place=attribute(comment, "ref")))
        for comments in self._package.related(part, "threadedComment"):
            root = self._package.optional(comments)
            for comment in root.iter("{*}threadedComment") if root is not None else ():
                author = self._people.get(attribute(comment, "personId"), "")
                when, place = attribute(comment, "dT"), attribute(comment, "ref")
                found.append(comment_text(comment.findtext("{*}text") or "", author=author, when=when, place=place))
        return [text for text in found if text]


def _elements(content: bytes, *tags: str) -> Iterator[etree._Element]:
    """Give elements one by one, and forget each after its turn: a sheet as a whole would take a gigabyte.

    Raises:
        etree.XMLSyntaxError: If the XML is damaged.
        FileFailure: file.bomb if it declares entities.
    """
    if b"<!ENTITY" in content:
        raise FileFailure("file.bomb", "It declares XML entities, which no document of this kind does.")
    events = etree.iterparse(
        io.BytesIO(content), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for _, element in events:
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _beside_rows(element: etree._Element, sheet: Sheet, unseen: UnseenCells) -> None:
    """Take what a sheet says of its cells before and behind its rows."""
    if element.tag == f"{S}mergeCell":
        _add_merge(sheet, attribute(element, "ref"))
    elif element.tag == f"{S}col":
        unseen.column(element)
    else:
        unseen.conditional(element)


def _cells(row: etree._Element, book: _Book, at: int, unseen: UnseenCells) -> Iterator[tuple[int, str]]:
    """Give the cells of a row that hold something, by their columns, from 0."""
    column = -1
    for cell in row:
        if cell.tag != _CELL:
            continue
        reference = cell.get("r")
        column = column + 1 if reference is None else _column(reference, column + 1)
        if len(cell) and 0 <= column <= _LAST_COLUMN:
            text = _text(cell, book)
            if text and book.looks.reasons:
                unseen.cell(at, column, cell.get("s", "0"))
            yield column, text


def _column(reference: str, otherwise: int) -> int:
    """Give the column of a reference like `AB12`, from 0."""
    column = 0
    for letter in reference[:4]:
        if not "A" <= letter <= "Z":
            break
        column = 26 * column + ord(letter) - 64
    return column - 1 if column else otherwise


def _text(cell: etree._Element, book: _Book) -> str:
    """Give what a cell shows; a formula that was never computed is shown itself."""
    kind = cell.get("t", "n")
    value = formula = ""
    for child in cell:
        if child.tag == _VALUE:
            value = child.text or ""
        elif child.tag == _FORMULA:
            formula = child.text or ""
        elif child.tag == _INLINE and kind == "inlineStr":
            return _rich_text(child)
    if kind == "n" and value:
        return _number(cell, value, book)
    if not value.strip():
        return f"={formula}" if formula and kind != "str" else ""
    return _other(kind, value, book)


def _other(kind: str, value: str, book: _Book) -> str:
    """Give a value that is no number: a shared text, a truth, a day, the text of a formula, an error."""
    if kind == "s":
        index = number(value, -1)
        return book.strings[index] if 0 <= index < len(book.strings) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    return _unescaped(value.removesuffix("T00:00:00") if kind == "d" else value)


def _number(cell: etree._Element, value: str, book: _Book) -> str:
    shown = book.formats.get(cell.get("s", "0"), _PLAIN)
    if shown.kind == "plain" and len(value) <= _SHORT_DIGITS and value.isascii() and value.isdigit():
        return value
    try:
        amount = float(value)
    except ValueError:
        return value
    return formatted(amount, shown.kind, digits=shown.digits, since_1904=book.since_1904)


def _rich_text(holder: etree._Element) -> str:
    """Join the runs of a text; the readings of Japanese characters are no part of it."""
    pieces = [child.text if child.tag == f"{S}t" else child.findtext(f"{S}t") for child in holder if _is_run(child)]
    return _unescaped("".join(piece or "" for piece in pieces))


def _is_run(child: etree._Element) -> bool:
    return child.tag in (f"{S}t", f"{S}r")


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text) if "_x" in text else text


def _add_merge(sheet: Sheet, reference: str) -> None:
    first, _, last = reference.partition(":")
    if last and len(sheet.merges) < _MAX_MERGES:
        merge: Merge = (_row(first), _column(first, 0), _row(last), _column(last, 0))
        if 0 <= merge[0] <= merge[2] <= _LAST_ROW and merge[1] <= merge[3] <= _LAST_COLUMN:
            sheet.merges.append(merge)


def _row(reference: str) -> int:
    return number(reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) - 1


def _shared_strings(package: Package, main: str) -> list[str]:
    strings = []
    for part in package.related(main, "sharedStrings")[:1]:
        content = package.read(part)
        try:
            for element in _elements(content or b"<sst/>", f"{S}si"):
                strings.append(_rich_text(element))
        except etree.XMLSyntaxError:
            package.warnings.append("its list of texts is damaged; some cells are empty")
    return strings


def _formats(root: etree._Element) -> dict[str, _Format]:
    """Give the number format of each style of cells."""
    codes = {number(f.get("numFmtId")): f.get("formatCode") or "" for f in root.iterfind(f"{S}numFmts/{S}numFmt")}
    found = {}
    for index, style in enumerate(root.iterfind(f"{S}cellXfs/{S}xf")):
        number_of_format = number(style.get("numFmtId"))
        code = codes.get(number_of_format, "")
        digits = code.partition(";")[0].count("0")
        found[str(index)] = _Format(kind_of_format(number_of_format, code), digits=digits)
    return found


def _people(package: Package, main: str) -> dict[str, str]:
    found = {}
    for part in package.related(main, "person"):
        root = package.optional(part)
        for person in root.iterchildren() if root is not None else ():
            found[attribute(person, "id")] = attribute(person, "displayName")
    return found

"""OpenDocument: text that a reader cannot see: white on white, without a size, set to be hidden.

White letters in a text box, or on a slide, often lie on something dark. They are named only where the box says that it
is white, or where nothing on the whole slide and its master has a colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from studiolo_indexer.parsers.office.opc import attribute, number
from studiolo_indexer.parsers.unseen import Reason, Shade, Unseen, shade

_URN = "urn:oasis:names:tc:opendocument:xmlns"
_OFFICE, _TEXT, _TABLE, _DRAW, _STYLE, _PRESENTATION, _FO = (
    f"{{{_URN}:{name}:1.0}}"
    for name in ("office", "text", "table", "drawing", "style", "presentation", "xsl-fo-compatible")
)
_STYLE_NAME = f"{_TEXT}style-name"
_HIDDEN_PARAGRAPH = f"{_TEXT}hidden-paragraph"
_LETTERS = frozenset(f"{_TEXT}{name}" for name in ("span", "a", "ruby", "ruby-base", "meta"))
# Where an element names its style, and the family of it.
_NAMES = {
    **dict.fromkeys((f"{_TEXT}span", f"{_TEXT}a"), ((f"{_TEXT}style-name", "text"),)),
    **dict.fromkeys((f"{_TEXT}p", f"{_TEXT}h"), ((f"{_TEXT}style-name", "paragraph"),)),
    f"{_TEXT}section": ((f"{_TEXT}style-name", "section"),),
    f"{_TABLE}table": ((f"{_TABLE}style-name", "table"),),
    f"{_TABLE}table-row": ((f"{_TABLE}style-name", "table-row"),),
    f"{_TABLE}table-cell": ((f"{_TABLE}style-name", "table-cell"),),
    f"{_DRAW}page": ((f"{_DRAW}style-name", "drawing-page"),),
}
_SHAPE = (
    (f"{_DRAW}text-style-name", "paragraph"),
    (f"{_PRESENTATION}style-name", "presentation"),
    (f"{_DRAW}style-name", "graphic"),
)
# They are few, and much text stands in each.
_AROUND = frozenset(
    (f"{_TABLE}table", f"{_TEXT}section", f"{_DRAW}page", *(f"{_OFFICE}{name}" for name in ("text", "spreadsheet")))
)
# They hold no text, or are no more than a line.
_NO_SHAPES = frozenset(f"{_DRAW}{name}" for name in ("text-box", "line", "connector", "measure", "page-thumbnail", "a"))
_PICTURES = frozenset((*(f"{_DRAW}{name}" for name in ("image", "object", "object-ole", "plugin")), f"{_TABLE}table"))
_POINTS = re.compile(r"(\d{1,4}(?:\.\d{1,6})?)pt")
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class _Look:
    """What a style says; None where it says nothing. `fill` is that of a shape or page, and empty for a clear one."""

    colour: Shade | None = None
    ground: Shade | None = None
    fill: Shade | None = None
    tiny: bool | None = None
    hidden: bool | None = None


_PLAIN = _Look()


class OdfUnseen:
    """Looks at the paragraphs of one document that are read, and counts what no reader sees."""

    def __init__(self, roots: tuple[etree._Element, ...], *, left_out: set[str]) -> None:
        """`left_out` are the styles of letters that the reader leaves out and names itself."""
        self._left_out = left_out
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._masters: dict[str, etree._Element] = {}
        self._looks: dict[tuple[str, str], _Look] = {}
        self._known: dict[etree._Element, _Look] = {}
        self._plain_pages: dict[etree._Element, bool] = {}
        self._columns: dict[etree._Element, list[tuple[int, str]]] = {}
        self._cells: tuple[etree._Element | None, dict[etree._Element, str]] = (None, {})
        self._named: set[tuple[etree._Element, Reason]] = set()
        self._unseen = Unseen()
        for root in roots:
            for style in root.iter(f"{_STYLE}style"):
                self._styles[attribute(style, f"{_STYLE}family"), attribute(style, f"{_STYLE}name")] = style
            for master in root.iter(f"{_STYLE}master-page"):
                self._masters[attribute(master, f"{_STYLE}name")] = master
        papers = (paper for root in roots for paper in root.iter(f"{_STYLE}page-layout-properties"))
        self._has_dark_paper = any(shade(attribute(paper, f"{_FO}background-color")) == "dark" for paper in papers)
        looks = [self._look(family, name) for family, name in self._styles]
        hides = any(look.colour == "white" or look.tiny or look.hidden for look in looks)
        others = (other for root in roots for other in root.iter(f"{_TEXT}section", _HIDDEN_PARAGRAPH))
        self._is_possible = hides or any(map(_is_hidden, others))

    def look(self, paragraph: etree._Element) -> None:
        """Look at a paragraph, as often as it is read; what hangs on it is read as paragraphs of its own."""
        left_out = self._left_out
        waiting = [paragraph] if self._is_possible else []
        while waiting:
            node = waiting.pop()
            if (node.text or "").strip() or any((child.tail or "").strip() for child in node):
                reason = "hidden" if any(map(_is_hidden, paragraph)) else self._reason(node)
                if reason is not None and (paragraph, reason) not in self._named:
                    self._named.add((paragraph, reason))
                    self._unseen.add(reason, paragraph, place=_place(paragraph))
            waiting.extend(
                child for child in node if child.tag in _LETTERS and attribute(child, _STYLE_NAME) not in left_out
            )

    def warnings(self) -> Iterator[str]:
        """Say what cannot be seen."""
        return self._unseen.warnings()

    def _reason(self, node: etree._Element) -> Reason | None:
        """Tell why the text directly in an element cannot be seen; the innermost style that says something counts."""
        look = self._inside(node)
        if look.hidden or look.tiny:
            return "hidden" if look.hidden else "tiny"
        return "white" if look.colour == "white" and self._ground(node) == "white" else None

    def _inside(self, holder: etree._Element) -> _Look:
        """Give how a text directly in an element looks, by all styles around it; no deeper than the XML."""
        if holder in self._known:
            return self._known[holder]
        above = holder.getparent()
        look = self._inside(above) if above is not None else _PLAIN
        for own in reversed(list(self._looks_of(holder))):
            if own is not _PLAIN:
                look = _Look(
                    colour=look.colour if own.colour is None else own.colour,
                    tiny=look.tiny if own.tiny is None else own.tiny,
                    hidden=own.hidden or look.hidden,
                )
        look = replace(look, hidden=True) if _is_hidden(holder) else look
        if holder.tag in _AROUND:
            self._known[holder] = look
        return look

    def _ground(self, node: etree._Element) -> Shade:
        """Tell what lies behind a text: the innermost of all that is around it that says so."""
        for holder in (node, *node.iterancestors()):
            for look in self._looks_of(holder):
                if look.ground:
                    return look.ground
            if _is_shape(holder):
                return self._fill_of(holder) or self._page_behind(holder)
        return "dark" if self._has_dark_paper else "white"

    def _fill_of(self, shape: etree._Element) -> Shade:
        """Tell what a shape is filled with: nothing only where it says so."""
        for look in self._looks_of(shape):
            if look.fill is not None:
                return look.fill
        return "dark"

    def _page_behind(self, shape: etree._Element) -> Shade:
        page = next(shape.iterancestors(f"{_DRAW}page"), None)
        if page is None:
            return "dark"
        if page not in self._plain_pages:
            master = self._masters.get(attribute(page, f"{_DRAW}master-page-name"))
            self._plain_pages[page] = self._is_plain(page) and (master is None or self._is_plain(master))
        return "white" if self._plain_pages[page] else "dark"

    def _is_plain(self, page: etree._Element) -> bool:
        """Tell whether nothing on a slide or master has a colour, nor the slide itself."""
        if self._look("drawing-page", attribute(page, f"{_DRAW}style-name")).fill == "dark":
            return False
        for child in page.iter():
            if child.tag in _PICTURES:
                return False
            is_empty = child.tag == f"{_DRAW}g" or child.get(f"{_PRESENTATION}placeholder") is not None
            if _is_shape(child) and not is_empty and self._fill_of(child) == "dark":
                return False
        return True

    def _looks_of(self, element: etree._Element) -> Iterator[_Look]:
        names = _NAMES.get(element.tag) or (_SHAPE if _is_shape(element) else ())
        for name, family in names:
            style = attribute(element, name)
            if not style and family == "table-cell":
                style = self._style_of_cell(element)
            if style:
                yield self._look(family, style)

    def _look(self, family: str, name: str) -> _Look:
        """Give what a style says, with those that it is made from."""
        key = (family, name)
        if key not in self._looks:
            look = _PLAIN
            for _ in range(_LONGEST_CHAIN):
                style = self._styles.get((family, name))
                if style is None:
                    break
                look = _over(look, style)
                name = attribute(style, f"{_STYLE}parent-style-name")
            self._looks[key] = look
        return self._looks[key]

    def _style_of_cell(self, cell: etree._Element) -> str:
        """Give the style of a cell that names none: that of its row, or of its column."""
        row = cell.getparent()
        table = next(cell.iterancestors(f"{_TABLE}table"), None)
        if row is None or table is None:
            return ""
        if self._cells[0] is not row:
            self._cells = (row, dict(self._styles_in(row, table)))
        return self._cells[1].get(cell, "")

    def _styles_in(self, row: etree._Element, table: etree._Element) -> Iterator[tuple[etree._Element, str]]:
        if table not in self._columns:
            self._columns[table] = list(_column_styles(table))
        columns = self._columns[table]
        of_row = attribute(row, f"{_TABLE}default-cell-style-name")
        at = place = 0
        for cell in row:
            while place + 1 < len(columns) and columns[place][0] <= at:
                place += 1
            yield cell, of_row or (columns[place][1] if columns else "")
            at += max(1, number(cell.get(f"{_TABLE}number-columns-repeated"), 1))


def table_columns(table: etree._Element) -> Iterator[etree._Element]:
    """Give the descriptions of the columns of a table, which stand before its rows."""
    for element in table.iter(f"{_TABLE}table-column", f"{_TABLE}table-row"):
        if element.tag == f"{_TABLE}table-row":
            return
        yield element


def _column_styles(table: etree._Element) -> Iterator[tuple[int, str]]:
    """Give the style of the cells of each group of columns, with the first column behind the group."""
    at = 0
    for column in table_columns(table):
        at += max(1, number(column.get(f"{_TABLE}number-columns-repeated"), 1))
        yield at, attribute(column, f"{_TABLE}default-cell-style-name")


def _over(look: _Look, style: etree._Element) -> _Look:
    """Lay what is known over what a style says."""
    colour, ground, fill, tiny, hidden = look.colour, look.ground, look.fill, look.tiny, look.hidden
    for properties in style.iterchildren():
        said = properties.attrib
        if colour is None and f"{_FO}color" in said:
            colour = shade(attribute(properties, f"{_FO}color"))
        if colour is None and attribute(properties, f"{_STYLE}use-window-font-color") == "true":
            colour = ""
        if not ground:
            ground = shade(attribute(properties, f"{_FO}background-color")) or None
        fill = _fill(properties) if fill is None else fill
        tiny = _is_tiny(attribute(properties, f"{_FO}font-size")) if tiny is None else tiny
        if hidden is None and f"{_TEXT}display" in said:
            hidden = attribute(properties, f"{_TEXT}display") == "none"
    return _Look(colour, ground, fill, tiny, hidden)


def _fill(properties: etree._Element) -> Shade | None:
    kind = attribute(properties, f"{_DRAW}fill")
    if kind in ("", "none"):
        return "" if kind else None
    return shade(attribute(properties, f"{_DRAW}fill-color")) or "dark" if kind == "solid" else "dark"


def _is_tiny(size: str) -> bool | None:
    found = _POINTS.fullmatch(size)
    return float(found[1]) <= 1 if found else None


def _is_shape(element: etree._Element) -> bool:
    tag = str(element.tag)
    return tag.startswith(_DRAW) and tag not in _NO_SHAPES and tag != f"{_DRAW}page" and tag not in _PICTURES


def _is_hidden(element: etree._Element) -> bool:
    """Tell whether an element hides the section or the paragraph that it is, or stands in."""
    if element.tag == _HIDDEN_PARAGRAPH:
        return attribute(element, f"{_TEXT}is-hidden") == "true"
    if element.tag != f"{_TEXT}section":
        return False
    display = attribute(element, f"{_TEXT}display")
    return display == "none" or (display == "condition" and attribute(element, f"{_TEXT}is-hidden") == "true")


def _place(paragraph: etree._Element) -> str:
    """Name the slide or the sheet on which a paragraph stands; nothing in a text."""
    for holder in paragraph.iterancestors(f"{_DRAW}page", f"{_TABLE}table"):
        if holder.tag == f"{_DRAW}page":
            return f"slide {1 + sum(1 for _ in holder.itersiblings(f'{_DRAW}page', preceding=True))}: "
        above = holder.getparent()
        if above is not None and above.tag == f"{_OFFICE}spreadsheet":
            return f"sheet {attribute(holder, f'{_TABLE}name')!r}: "
    return ""

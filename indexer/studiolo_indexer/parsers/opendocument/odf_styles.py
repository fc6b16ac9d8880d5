"""OpenDocument files: their parts, and what styles say about the text: titles, numbers, what is hidden."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.archives import Archive, parse_xml
from studiolo_indexer.parsers.office.numerals import numeral
from studiolo_indexer.parsers.office.opc import attribute, number, own_title, read_member

_URN = "urn:oasis:names:tc:opendocument:xmlns"
OFFICE = f"{{{_URN}:office:1.0}}"
TEXT = f"{{{_URN}:text:1.0}}"
TABLE = f"{{{_URN}:table:1.0}}"
DRAW = f"{{{_URN}:drawing:1.0}}"
STYLE = f"{{{_URN}:style:1.0}}"
PRESENTATION = f"{{{_URN}:presentation:1.0}}"
META = f"{{{_URN}:meta:1.0}}"
CHART = f"{{{_URN}:chart:1.0}}"
SVG = f"{{{_URN}:svg-compatible:1.0}}"
FO = f"{{{_URN}:xsl-fo-compatible:1.0}}"
DC = "{http://purl.org/dc/elements/1.1/}"
XLINK = "{http://www.w3.org/1999/xlink}"
MATH = "{http://www.w3.org/1998/Math/MathML}"

_BINARY = re.compile(rb"<office:binary-data>[^<]*</office:binary-data>")
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_LEVELS = 10
_PROPERTIES = (
    ("author", (f"{META}initial-creator", f"{DC}creator")),
    ("created", (f"{META}creation-date",)),
    ("modified", (f"{DC}date",)),
    ("subject", (f"{DC}subject",)),
    ("keywords", (f"{META}keyword",)),
    ("description", (f"{DC}description",)),
)


class OdfFile:
    """The parts of an OpenDocument file, packed or flat.

    Raises (on construction):
        FileFailure: file.password, file.damaged or file.bomb.
    """

    def __init__(self, data: bytes) -> None:
        self.warnings: list[str] = []
        self._archive: Archive | None = None
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            # Pictures are longer than any text that XML may hold, and are not read.
            self.content = self._styles = parse_xml(_BINARY.sub(b"", data))
            self._meta: etree._Element | None = self.content
        else:
            self._archive = Archive(data)
            if b"encryption-data" in (read_member(self._archive, "META-INF/manifest.xml") or b""):
                raise FileFailure("file.password", "It is protected with a password.")
            content = read_member(self._archive, "content.xml")
            if content is None:
                raise FileFailure("file.damaged", "It holds no document.")
            self.content = parse_xml(content)
            styles = self._optional("styles.xml")
            self._styles = styles if styles is not None else self.content
            self._meta = self._optional("meta.xml")
        self.styles = Styles([self._styles, self.content])
        self.roots = (self._styles, self.content)

    def embedded(self, href: str) -> etree._Element | None:
        """Parse an object inside the file, by the place that a frame names; None if there is none."""
        return self._optional(posixpath.join(posixpath.normpath(href or "-"), "content.xml"))

    def picture(self, href: str) -> bytes:
        """Unpack a picture by the address in its frame; empty if there is none."""
        inside = posixpath.normpath(href.removeprefix("./"))
        try:
            return (read_member(self._archive, inside) if self._archive is not None else None) or b""
        except FileFailure as failure:
            if failure.code != "file.damaged":
                raise
            return b""

    def page_size(self, master: str) -> tuple[str, str]:
        """Give width and height of the pages with this master, as they are written; empty where that is not said."""
        masters = self._styles.iter(f"{STYLE}master-page")
        wanted = next(
            (attribute(m, f"{STYLE}page-layout-name") for m in masters if attribute(m, f"{STYLE}name") == master), ""
        )
        layouts = self._styles.iter(f"{STYLE}page-layout")
        found = next((layout for layout in layouts if wanted in ("", attribute(layout, f"{STYLE}name"))), None)
        layout = found.find(f"{STYLE}page-layout-properties") if found is not None else None
        return attribute(layout, f"{FO}page-width"), attribute(layout, f"{FO}page-height")

    def title(self) -> str:
        """Give the title that the document has in its properties; what a program put there by itself is none."""
        return own_title(self._said((f"{DC}title",)))

    def properties(self) -> list[tuple[str, str]]:
        """Give what the document says of itself, as (name, value); dates as ISO text."""
        found = [(name, self._said(tags)) for name, tags in _PROPERTIES]
        return [(name, value) for name, value in found if value]

    def _said(self, tags: tuple[str, ...]) -> str:
        about = next(self._meta.iter(f"{OFFICE}meta"), None) if self._meta is not None else None
        for tag in tags:
            text = " ".join((about.findtext(tag) or "").split()) if about is not None else ""
            if text:
                return text
        return ""

    def _optional(self, name: str) -> etree._Element | None:
        try:
            content = read_member(self._archive, name) if self._archive is not None else None
            return None if content is None else parse_xml(content)
        except FileFailure as failure:
            if failure.code != "file.damaged":
                raise
            self.warnings.append(f"its part {name} is damaged and was left out")
            return None


@dataclass(frozen=True, slots=True)
class ListLevel:
    """How one level of a list is numbered; a bullet has no form."""

    form: str
    prefix: str
    suffix: str
    shown_levels: int
    start: int
    is_bullet: bool


class Styles:
    """Knows by name which styles make a title, hide or raise text, hide a page or table, and number lists."""

    def __init__(self, roots: list[etree._Element]) -> None:
        self._parents: dict[str, str] = {}
        self._unnumbered: set[str] = set()
        self.hidden_text: set[str] = set()
        self.raised_text: set[str] = set()
        self.hidden_pages: set[str] = set()
        self.hidden_tables: set[str] = set()
        self.lists: dict[str, dict[int, ListLevel]] = {}
        self.outline: dict[int, ListLevel] = {}
        for root in roots:
            for style in root.iter(f"{STYLE}style"):
                self._add(style)
            for style in root.iter(f"{TEXT}list-style"):
                self.lists[attribute(style, f"{STYLE}name")] = dict(_levels(style))
            for style in root.iter(f"{TEXT}outline-style"):
                self.outline = dict(_levels(style))

    def is_title(self, name: str) -> bool:
        """Tell whether a paragraph style is the style of titles, or one made from it."""
        for _ in range(_LEVELS):
            if name == "Title":
                return True
            name = self._parents.get(name, "")
        return False

    def is_unnumbered(self, name: str) -> bool:
        """Tell whether a heading's style takes its number away."""
        return name in self._unnumbered

    def _add(self, style: etree._Element) -> None:
        name = attribute(style, f"{STYLE}name")
        family = attribute(style, f"{STYLE}family")
        if family == "paragraph":
            self._parents[name] = attribute(style, f"{STYLE}parent-style-name")
            if style.get(f"{STYLE}list-style-name") == "":
                self._unnumbered.add(name)
        for properties in style.iterchildren():
            if family == "text" and attribute(properties, f"{TEXT}display") == "none":
                self.hidden_text.add(name)
            if family == "text" and attribute(properties, f"{STYLE}text-position").startswith("super"):
                self.raised_text.add(name)
            if attribute(properties, f"{PRESENTATION}visibility") == "hidden":
                self.hidden_pages.add(name)
            if family == "table" and attribute(properties, f"{TABLE}display") == "false":
                self.hidden_tables.add(name)


class Counter:
    """Counts the items of one list, or the headings of a document, and writes their labels."""

    def __init__(self, levels: dict[int, ListLevel]) -> None:
        self._levels = levels
        self._counts: dict[int, int] = {}

    def label(self, depth: int, *, start: int | None = None) -> str:
        """Give the label of the next item at a depth, from 1: a dash for a bullet, nothing for no number."""
        level = self._levels.get(depth)
        if level is None or level.is_bullet:
            return "-"
        for deeper in [at for at in self._counts if at > depth]:
            del self._counts[deeper]
        self._counts[depth] = start if start is not None else self._counts.get(depth, level.start - 1) + 1
        if not level.form:
            return ""
        shown = range(max(1, depth - max(1, level.shown_levels) + 1), depth + 1)
        numbers = [numeral(self._counts.get(at, 1), self._form(at)) for at in shown if self._form(at)]
        return f"{level.prefix}{'.'.join(numbers)}{level.suffix}"

    def restart(self) -> None:
        """Begin to count anew."""
        self._counts.clear()

    def _form(self, depth: int) -> str:
        return self._levels[depth].form if depth in self._levels else ""


def _levels(style: etree._Element) -> Iterator[tuple[int, ListLevel]]:
    for level in style.iterchildren():
        if isinstance(level.tag, str):
            form = attribute(level, f"{STYLE}num-format")
            yield (
                number(level.get(f"{TEXT}level"), 1),
                ListLevel(
                    form=_FORMS.get(form, "decimal" if form else ""),
                    prefix=attribute(level, f"{STYLE}num-prefix")[:20],
                    suffix=attribute(level, f"{STYLE}num-suffix")[:20],
                    shown_levels=min(number(level.get(f"{TEXT}display-levels"), 1), _LEVELS),
                    start=number(level.get(f"{TEXT}start-value"), 1),
                    is_bullet=not str(level.tag).endswith("-number") and "outline" not in str(level.tag),
                ),
            )

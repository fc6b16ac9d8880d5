"""PPTX: a part for each slide, in the order of the show; its shapes as one reads them, then comments and notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from studiolo_indexer.media_types import PPTX
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.drawingml import (
    A,
    alternative_text,
    comment_text,
    paragraphs,
    write_graphic,
    write_table,
)
from studiolo_indexer.parsers.office.opc import MC, Package, R, attribute, chosen, number
from studiolo_indexer.parsers.office.pptx_unseen import PptxUnseen
from studiolo_indexer.parsers.office.slides import (
    LONGEST_LEAD,
    Placed,
    in_reading_order,
    slide_heading,
    without_made_up_title,
)
from studiolo_indexer.records import Document

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_TITLES = ("title", "ctrTitle")
# What a master puts on every slide.
FURNITURE = ("dt", "ftr", "sldNum", "hdr")
_SHAPES = frozenset(f"{P}{name}" for name in ("sp", "pic", "graphicFrame", "grpSp", "cxnSp", "contentPart"))
_SLIDE_HEIGHT = 6_858_000
_BAND_SHARE = 20
_SLIDE_NUMBER = re.compile(r"slide(\d{1,9})\.xml$", re.IGNORECASE)
_NAMED = 50

Position = tuple[int, int]  # left, top, in EMU


def parse_pptx(data: bytes, name: str) -> Document:
    """Read a PPTX file, and its relatives for macros, shows and templates.

    Raises:
        FileFailure: file.password, file.damaged or file.bomb.
    """
    package = Package(data)
    main = package.main_part("ppt/presentation.xml")
    presentation = package.needed(main)
    builder = TextBuilder()
    show = _Show(builder, package, presentation, main)
    slides = slides_of(package, presentation, main)
    for place, part in enumerate(slides, start=1):
        show.slide(place, part)
    document = builder.document(
        media_type=PPTX,
        parser="pptx",
        title=package.title(),
        properties=package.properties(),
        pages=len(slides) or None,
        warnings=[*show.warnings(), *dict.fromkeys(package.warnings)],
    )
    return without_made_up_title(document)


def slides_of(package: Package, presentation: etree._Element, main: str) -> list[str]:
    """Name the slides in the order of the show, each once; by their numbers where the presentation lists none."""
    listed = (package.target(main, slide.get(f"{R}id")) for slide in presentation.iter(f"{P}sldId"))
    found = [part for part in dict.fromkeys(listed) if part is not None and part in package]
    if found:
        return found
    numbered = [(int(match.group(1)), name) for name in package.names if (match := _SLIDE_NUMBER.search(name))]
    return [name for _, name in sorted(numbered)]


@dataclass(frozen=True, slots=True)
class _Shape:
    element: etree._Element
    kind: str  # of its placeholder; empty for a shape of its own


class _Show:
    """Writes slide after slide."""

    def __init__(self, builder: TextBuilder, package: Package, presentation: etree._Element, main: str) -> None:
        self._builder = builder
        self._package = package
        size = presentation.find(f"{P}sldSz")
        self._band = (number(attribute(size, "cy")) or _SLIDE_HEIGHT) // _BAND_SHARE
        self._main = main
        self._layouts: dict[str, dict[tuple[str, str], Position]] = {}
        self._hidden: list[int] = []
        self._hidden_shapes: list[int] = []
        self._unseen = PptxUnseen(package, presentation)

    def slide(self, place: int, part: str) -> None:
        """Write one slide as a part: its title as a heading, its shapes, comments, notes."""
        self._builder.begin_part("slide", str(place))
        root = self._package.optional(part)
        tree = root.find(f"{P}cSld/{P}spTree") if root is not None else None
        if root is None or tree is None:
            return
        if root.get("show") in ("0", "false"):
            self._hidden.append(place)
        shapes = self._shapes(tree, place)
        self._unseen.slide(place, part, root, [shape.element for shape in shapes])
        titles = [shape for shape in shapes if shape.kind in _TITLES]
        title = " ".join(" ".join(_texts(shape)) for shape in titles)
        others = self._ordered([s for s in shapes if s.kind not in _TITLES], self._positions(part))
        lead = _lead(others) if not title.strip() else None
        self._builder.block(slide_heading(title or (_texts(lead)[0] if lead else ""), place), level=1)
        self._write(others, part, place, lead=lead)
        for comment in comments_of(self._package, part, self._main):
            self._builder.block(comment)
        notes = notes_of(self._package, part)
        self._builder.block("\n".join(["Notes:", *notes]) if notes else "")

    def warnings(self) -> Iterator[str]:
        """Say which slides hold what an audience does not see."""
        yield from (f"slide {place} is hidden" for place in self._hidden[:_NAMED])
        yield from (
            f"slide {place}: hidden shapes were left out" for place in [*dict.fromkeys(self._hidden_shapes)][:_NAMED]
        )
        yield from self._unseen.warnings()

    def _shapes(self, tree: etree._Element, place: int) -> list[_Shape]:
        """List the shapes at one level of a slide or group that can be seen."""
        found = []
        for element in children(tree):
            properties = next(element.iter(f"{P}cNvPr"), None)
            if attribute(properties, "hidden") in ("1", "true"):
                self._hidden_shapes.append(place)
                continue
            kind, _ = placeholder(element)
            if kind not in FURNITURE:
                found.append(_Shape(element, kind))
        return found

    def _ordered(self, shapes: list[_Shape], layout: dict[tuple[str, str], Position]) -> list[_Shape]:
        """Order shapes as one reads them; what has no place of its own stands where its layout puts it."""
        placed = []
        for shape in shapes:
            position = _position(shape.element) or _inherited(shape.element, layout)
            left, top = position if position is not None else (None, None)
            placed.append(Placed(shape, left, top))
        return in_reading_order(placed, band=self._band)

    def _write(self, shapes: Iterable[_Shape], part: str, place: int, *, lead: _Shape | None) -> None:
        """Write shapes; a group in its place, in its own order. `lead` is a heading already."""
        waiting = list(reversed(list(shapes)))
        while waiting:
            shape = waiting.pop()
            element = shape.element
            if element.tag == f"{P}grpSp":
                waiting.extend(reversed(self._ordered(self._shapes(element, place), {})))
                continue
            for line, text in enumerate(_texts(shape)[shape is lead :]):
                self._builder.block(text, tight=line > 0)
            for table in element.iter(f"{A}tbl"):
                write_table(self._builder, table)
            for graphic in element.iter(f"{A}graphicData"):
                write_graphic(self._builder, self._package, part, graphic)
            self._builder.block(alternative_text(next(element.iter(f"{P}cNvPr"), None)))

    def _positions(self, part: str) -> dict[tuple[str, str], Position]:
        """Give the places of the placeholders of a slide's layout, or of its master where the layout has none."""
        layout = next(iter(self._package.related(part, "slideLayout")), None)
        if layout is None:
            return {}
        if layout not in self._layouts:
            master = next(iter(self._package.related(layout, "slideMaster")), None)
            found: dict[tuple[str, str], Position] = {}
            for source in (master, layout):
                root = self._package.optional(source)
                for element in root.iter(f"{P}sp") if root is not None else ():
                    kind, index = placeholder(element)
                    position = _position(element)
                    if position is not None and (kind or index):
                        found[kind, ""] = found[kind, index] = position
            self._layouts[layout] = found
        return self._layouts[layout]


def notes_of(package: Package, part: str) -> list[str]:
    """Give the paragraphs of what the speaker is to say about a slide."""
    for notes in package.related(part, "notesSlide")[:1]:
        root = package.optional(notes)
        shapes = root.iter(f"{P}sp") if root is not None else ()
        return [line for shape in shapes if placeholder(shape)[0] == "body" for line in paragraphs(shape)]
    return []


def comments_of(package: Package, part: str, main: str) -> list[str]:
    """Give the comments on a slide, of both kinds that PowerPoint knows."""
    parts = list(dict.fromkeys(package.related(part, "comments")))
    authors = _authors(package, main) if parts else {}
    found = []
    for comments in parts:
        root = package.optional(comments)
        for comment in root.iter("{*}cm", "{*}reply") if root is not None else ():
            body = comment.find("{*}txBody")
            text = " ".join(paragraphs(body)) if body is not None else comment.findtext("{*}text") or ""
            author = authors.get(attribute(comment, "authorId"), "")
            when = attribute(comment, "dt") or attribute(comment, "created")
            found.append(comment_text(text, author=author, when=when))
    return [comment for comment in found if comment]


def children(tree: etree._Element) -> Iterator[etree._Element]:
    """Give the shapes of a tree, one branch of each alternative."""
    waiting = list(reversed(tree))
    while waiting:
        child = waiting.pop()
        if child.tag in _SHAPES:
            yield child
        elif child.tag == f"{MC}AlternateContent":
            branch = chosen(child)
            waiting.extend(reversed(branch) if branch is not None else ())


def _texts(shape: _Shape) -> list[str]:
    return [text for body in shape.element.iterchildren(f"{P}txBody") for text in paragraphs(body)]


def _lead(shapes: Iterable[_Shape]) -> _Shape | None:
    """Find the one short line that stands above all others like a title, on a slide that has none."""
    for shape in shapes:
        texts = _texts(shape)
        if texts or shape.element.tag == f"{P}grpSp":
            return shape if len(texts) == 1 and len(texts[0]) <= LONGEST_LEAD else None
    return None


def placeholder(element: etree._Element) -> tuple[str, str]:
    """Give kind and index of a shape's placeholder; empty for a shape of its own."""
    for properties in element.iterchildren():
        mark = properties.find(f"{P}nvPr/{P}ph")
        if mark is not None:
            return mark.get("type", "obj"), mark.get("idx", "")
    return "", ""


def _position(element: etree._Element) -> Position | None:
    for path in (f"{P}spPr/{A}xfrm/{A}off", f"{P}xfrm/{A}off", f"{P}grpSpPr/{A}xfrm/{A}off"):
        offset = element.find(path)
        if offset is not None:
            return number(offset.get("x")), number(offset.get("y"))
    return None


def _inherited(element: etree._Element, layout: dict[tuple[str, str], Position]) -> Position | None:
    kind, index = placeholder(element)
    if not (kind or index):
        return None
    by_index = next((place for (_, known), place in layout.items() if known and known == index), None)
    return layout.get((kind, index)) or by_index or layout.get((kind, "")) or layout.get(("body", ""))


def _authors(package: Package, main: str) -> dict[str, str]:
    """Map the ids of those who commented to their names."""
    found = {}
    for kind in ("commentAuthors", "authors"):
        for part in package.related(main, kind):
            root = package.optional(part)
            for author in root.iterchildren() if root is not None else ():
                found[attribute(author, "id")] = attribute(author, "name")
    return found

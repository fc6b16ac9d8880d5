"""PPTX: text that no audience sees: white on a white slide, without a size, beside the slide.

White letters are usual on dark slides and pictures. So they are named only where their shape says that it is white, or
where it says nothing, the background is white, and nothing that has a colour lies in the same place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from studiolo_indexer.parsers.office.drawingml import A
from studiolo_indexer.parsers.office.opc import Package, attribute, number
from studiolo_indexer.parsers.unseen import Shade, Unseen, shade

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_SLIDE_SIZE = (9_144_000, 6_858_000)  # EMU
_TINY = 100  # hundredths of a point
_MOST_COVERS = 500
_FILLS = frozenset(f"{A}{name}" for name in ("solidFill", "gradFill", "blipFill", "pattFill", "grpFill"))
_PLAIN_GROUNDS = ("0", "1000", "1001")  # no ground, or the theme's first, which is of one colour
_COLOURS = {"lt1": "FFFFFF", "dk1": "000000"}

Box = tuple[int, int, int, int]  # left, top, right, bottom, in EMU


@dataclass(frozen=True, slots=True)
class _Design:
    """What a slide has from its layout, its master and its theme."""

    roots: tuple[etree._Element, ...] = ()  # layout, master
    colours: dict[str, str] = field(default_factory=dict)  # by their names in the theme, and by those on slides


class PptxUnseen:
    """Looks at the shapes of one show, slide by slide, and counts what no audience sees."""

    def __init__(self, package: Package, presentation: etree._Element) -> None:
        self._package = package
        self._unseen = Unseen()
        self._designs: dict[str, _Design] = {}
        size = presentation.find(f"{_P}sldSz")
        self._width = number(attribute(size, "cx")) or _SLIDE_SIZE[0]
        self._height = number(attribute(size, "cy")) or _SLIDE_SIZE[1]

    def slide(self, place: int, part: str, root: etree._Element, shapes: Iterable[etree._Element]) -> None:
        """Look at the shapes of a slide that are read."""
        where = f"slide {place}: "
        ground: _Ground | None = None
        for shape in shapes:
            if self._is_outside(shape) and any(_has_text(text) for text in shape.iter(f"{A}r", f"{A}fld")):
                self._unseen.add("outside", shape, place=where)
            for run in shape.iter(f"{A}r", f"{A}fld"):
                letters = run.find(f"{A}rPr")
                if letters is None or not _has_text(run):
                    continue
                if 0 <= number(letters.get("sz"), _TINY + 1) <= _TINY:
                    self._unseen.add("tiny", run.getparent(), place=where)
                elif letters.find(f"{A}solidFill") is not None and not _has_effect(letters):
                    ground = ground or _Ground(root, self._design(part))
                    if ground.hides(letters, run):
                        self._unseen.add("white", run.getparent(), place=where)

    def warnings(self) -> Iterator[str]:
        """Say what cannot be seen."""
        return self._unseen.warnings()

    def _is_outside(self, shape: etree._Element) -> bool:
        box = _box(shape)
        return box is not None and not _overlap(box, (0, 0, self._width, self._height))

    def _design(self, part: str) -> _Design:
        layout = next(iter(self._package.related(part, "slideLayout")), "")
        if layout not in self._designs:
            master = next(iter(self._package.related(layout, "slideMaster")), "")
            theme = self._package.optional(next(iter(self._package.related(master, "theme")), None))
            roots = tuple(r for r in (self._package.optional(p or None) for p in (layout, master)) if r is not None)
            self._designs[layout] = _Design(roots, theme_colours(theme, roots))
        return self._designs[layout]


class _Ground:
    """Knows what lies behind the text of one slide."""

    def __init__(self, slide: etree._Element, design: _Design) -> None:
        self._colours = design.colours
        self._design = design
        self._paper = self._background((slide, *design.roots))
        self._covers = [*self._coloured(slide, own=True)]
        for root in design.roots:
            self._covers += self._coloured(root, own=False)
        placeholders = (s for root in design.roots for s in root.iter(f"{_P}sp") if _mark(s) is not None)
        self._has_dark_placeholders = any(self._fill_of(shape) == "dark" for shape in placeholders)
        self._seen: dict[etree._Element, bool] = {}

    def hides(self, letters: etree._Element, run: etree._Element) -> bool:
        """Tell whether letters are white, and all that may lie behind them too."""
        if self._shade(letters.find(f"{A}solidFill")) != "white":
            return False
        holder = next(run.iterancestors(f"{A}tc", f"{_P}sp"), None)
        if holder is None:
            return False
        if holder not in self._seen:
            self._seen[holder] = self._is_white(holder)
        return self._seen[holder]

    def _is_white(self, holder: etree._Element) -> bool:
        if holder.tag == f"{A}tc":
            return self._fill(holder.find(f"{A}tcPr")) == "white"
        own = self._fill_of(holder)
        mark = _mark(holder)
        if own or self._paper != "white" or (mark is not None and self._has_dark_placeholders):
            return own == "white"
        box = None
        if next(holder.iterancestors(f"{_P}grpSp"), None) is None:  # a place in a group is counted in the group's way
            box = _box(holder) or (self._inherited(mark) if mark is not None else None)
        if len(self._covers) > _MOST_COVERS:
            return False
        return not any(box is None or cover is None or _overlap(box, cover) for cover in self._covers)

    def _inherited(self, mark: etree._Element) -> Box | None:
        """Find the place of a placeholder in the layout, or the master."""
        for root in self._design.roots:
            for key in ("idx", "type"):
                for shape in root.iter(f"{_P}sp"):
                    other = _mark(shape)
                    box = _box(shape)
                    if other is not None and box and mark.get(key) and other.get(key) == mark.get(key):
                        return box
        return None

    def _background(self, roots: tuple[etree._Element, ...]) -> Shade:
        """Tell the background of the slide, or of the first of its layout and master that has one."""
        if any(root.find(f"{_P}clrMapOvr/{A}overrideClrMapping") is not None for root in roots):
            return "dark"
        for root in roots:
            plain, themed = root.find(f"{_P}cSld/{_P}bg/{_P}bgPr"), root.find(f"{_P}cSld/{_P}bg/{_P}bgRef")
            if plain is not None:
                return self._fill(plain) or "white"
            if themed is not None:
                return self._shade(themed) if attribute(themed, "idx") in _PLAIN_GROUNDS else "dark"
        return "white"

    def _coloured(self, root: etree._Element, *, own: bool) -> Iterator[Box | None]:
        """Give the places of what is not white; None where the place is not known."""
        for shape in root.iterfind(f"{_P}cSld/{_P}spTree/*"):
            if shape.tag in (f"{_P}nvGrpSpPr", f"{_P}grpSpPr", f"{_P}cxnSp") or (not own and _mark(shape) is not None):
                continue
            if shape.tag == f"{_P}sp":
                is_coloured = self._fill_of(shape) == "dark"
            elif shape.tag == f"{_P}grpSp":
                pictures = next(shape.iter(f"{_P}pic", f"{_P}graphicFrame"), None) is not None
                is_coloured = pictures or any(self._fill_of(inner) == "dark" for inner in shape.iter(f"{_P}sp"))
            else:
                is_coloured = True
            if is_coloured:
                yield _box(shape)

    def _fill_of(self, shape: etree._Element) -> Shade:
        """Tell what a shape is filled with by itself."""
        own = self._fill(shape.find(f"{_P}spPr"))
        if own or shape.find(f"{_P}spPr/{A}noFill") is not None:
            return own
        by_style = attribute(shape.find(f"{_P}style/{A}fillRef"), "idx") not in ("", "0")
        return "dark" if by_style or shape.get("useBgFill") in ("1", "true") else ""

    def _fill(self, properties: etree._Element | None) -> Shade:
        for child in properties if properties is not None else ():
            if child.tag in _FILLS:
                return self._shade(child) if child.tag == f"{A}solidFill" else "dark"
        return ""

    def _shade(self, holder: etree._Element | None) -> Shade:
        """Tell the colour that an element holds; one that is made darker or clearer is not known."""
        colour = next(iter(holder), None) if holder is not None else None
        if colour is None or len(colour):
            return "dark"
        name = attribute(colour, "lastClr") or attribute(colour, "val")
        return shade(self._colours.get(name, name)) or "dark"


def theme_colours(theme: etree._Element | None, roots: Iterable[etree._Element]) -> dict[str, str]:
    """Give the colours of a theme by their names there, and by the names that slides have for them."""
    found = dict(_COLOURS)
    for colour in theme.iterfind(f".//{A}clrScheme/*") if theme is not None else ():
        value = next(iter(colour), None)
        found[str(colour.tag).removeprefix(A)] = attribute(value, "lastClr") or attribute(value, "val")
    names = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
    for mapping in (m for root in roots for m in root.iterchildren(f"{_P}clrMap")):
        names |= {str(name): str(value) for name, value in mapping.attrib.items()}
    return found | {name: found.get(value, "") for name, value in names.items()}


def _mark(shape: etree._Element) -> etree._Element | None:
    return shape.find(f"./*/{_P}nvPr/{_P}ph")


def _has_text(run: etree._Element) -> bool:
    return bool((run.findtext(f"{A}t") or "").strip())


def _has_effect(letters: etree._Element) -> bool:
    """Tell whether lines, shadows or a mark make letters visible in whatever colour they are."""
    line, effects = letters.find(f"{A}ln"), letters.find(f"{A}effectLst")
    lined = line is not None and any(child.tag in _FILLS for child in line)
    return lined or (effects is not None and len(effects) > 0) or letters.find(f"{A}highlight") is not None


def _box(shape: etree._Element) -> Box | None:
    """Give the place of a shape; around one that is turned, as much as it may need."""
    for path in (f"{_P}spPr/{A}xfrm", f"{_P}xfrm", f"{_P}grpSpPr/{A}xfrm"):
        place = shape.find(path)
        corner, size = (place.find(f"{A}{name}") for name in ("off", "ext")) if place is not None else (None, None)
        if place is not None and corner is not None and size is not None:
            left, top = number(corner.get("x")), number(corner.get("y"))
            width, height = number(size.get("cx")), number(size.get("cy"))
            more = max(width, height) if number(place.get("rot")) else 0
            return left - more, top - more, left + width + more, top + height + more
    return None


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

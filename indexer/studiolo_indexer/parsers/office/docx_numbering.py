"""Styles and numbering of DOCX: which paragraphs are headings, and the number that Word shows before each.

A contract is cited by "3.2 (a)", and such numbers stand nowhere in the file: they are counted here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from studiolo_indexer.parsers.office.numerals import numeral
from studiolo_indexer.parsers.office.opc import Package, attribute, is_on, number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
_HEADING_NAME = re.compile(r"^(?:heading|überschrift|titre|titolo|título) ?([1-9])$", re.IGNORECASE)
_LEVELS = 9
_MAX_LABEL = 60
_PLACE = re.compile("%([1-9])")


@dataclass(slots=True)
class Style:
    """What a paragraph style says; None where it says nothing, and the style that it is based on counts."""

    based_on: str = ""
    heading: int | None = None
    numbering: str | None = None
    depth: int | None = None


@dataclass(slots=True)
class _Level:
    format: str = "decimal"
    text: str = ""
    start: int = 1
    style: str = ""
    restarts_after: int | None = None  # the depth, from 1, whose numbers begin this level anew; 0 is none
    all_digits: bool = False


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    style_link: str = ""
    counts: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Use:
    """A `num`: a list with levels of its own or another start."""

    list_id: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, _Level] = field(default_factory=dict)
    begun: bool = False


class Styles:
    """Knows the paragraph styles by their ids."""

    def __init__(self, package: Package, part: str | None) -> None:
        self._styles: dict[str, Style] = {}
        root = package.optional(part)
        for element in root.iterchildren(f"{W}style") if root is not None else ():
            self._styles[attribute(element, f"{W}styleId")] = _style(element)
        for style_id in self._styles:
            self._inherit(style_id)

    def of(self, paragraph_properties: etree._Element | None) -> Style:
        """Give the style of a paragraph; an unknown one says nothing."""
        if paragraph_properties is None:
            return Style()
        return self.by_id(attribute(paragraph_properties.find(f"{W}pStyle"), VAL))

    def by_id(self, style_id: str) -> Style:
        """Give a style by its id; an unknown one says nothing."""
        return self._styles.get(style_id) or Style()

    def _inherit(self, style_id: str) -> None:
        """Take over what the styles below say; a style that rests on itself ends the walk."""
        style = self._styles[style_id]
        seen = {style_id}
        below = style.based_on
        while below in self._styles and below not in seen:
            seen.add(below)
            other = self._styles[below]
            style.heading = other.heading if style.heading is None else style.heading
            if style.numbering is None:
                style.numbering = other.numbering
                style.depth = other.depth if style.depth is None else style.depth
            below = other.based_on


class Numbering:
    """Counts the numbered paragraphs, and writes the label of each; asked in the order of the document."""

    def __init__(self, package: Package, part: str | None, styles: Styles) -> None:
        self._lists: dict[str, _List] = {}
        self._uses: dict[str, _Use] = {}
        self._styles = styles
        root = package.optional(part)
        if root is None:
            return
        for element in root.iterchildren(f"{W}abstractNum"):
            self._lists[attribute(element, f"{W}abstractNumId")] = _list(element)
        for element in root.iterchildren(f"{W}num"):
            self._uses[attribute(element, f"{W}numId")] = _use(element)

    def label(self, paragraph_properties: etree._Element | None, style: Style) -> str | None:
        """Give the label of a paragraph (`2.1`, `(a)`, `-`), empty for one that hides it, None for no item."""
        own = paragraph_properties.find(f"{W}numPr") if paragraph_properties is not None else None
        own_id = own.find(f"{W}numId") if own is not None else None
        own_depth = own.find(f"{W}ilvl") if own is not None else None
        use_id = attribute(own_id, VAL) if own_id is not None else style.numbering
        if not use_id or use_id == "0":
            return None
        style_id = attribute(paragraph_properties.find(f"{W}pStyle"), VAL) if paragraph_properties is not None else ""
        known = number(attribute(own_depth, VAL)) if own_depth is not None else style.depth
        use, found = self._find(use_id)
        if use is None or found is None:
            return "-"
        depth = known if known is not None else _depth_of_style(found, style_id)
        return _count(found, use, max(0, min(depth, _LEVELS - 1)))

    def _find(self, use_id: str) -> tuple[_Use | None, _List | None]:
        use = self._uses.get(use_id)
        found = self._lists.get(use.list_id) if use is not None else None
        if found is not None and found.style_link and not found.levels:
            # The levels of a list style stand where the style points.
            linked = self._uses.get(self._styles.by_id(found.style_link).numbering or "")
            found = self._lists.get(linked.list_id, found) if linked is not None else found
        return use, found


def _style(element: etree._Element) -> Style:
    name = attribute(element.find(f"{W}name"), VAL)
    properties = element.find(f"{W}pPr")
    style = Style(based_on=attribute(element.find(f"{W}basedOn"), VAL))
    outline = properties.find(f"{W}outlineLvl") if properties is not None else None
    style.heading = heading_of_name(name) or (outline_level(outline) if outline is not None else None)
    numbering = properties.find(f"{W}numPr") if properties is not None else None
    if numbering is not None:
        depth = numbering.find(f"{W}ilvl")
        style.numbering = attribute(numbering.find(f"{W}numId"), VAL) or None
        style.depth = number(attribute(depth, VAL)) if depth is not None else None
    return style


def heading_of_name(name: str) -> int | None:
    """Give the heading level of a style by its name, as `heading 2`; None for other names."""
    named = _HEADING_NAME.match(name)
    return int(named.group(1)) if named else 1 if name.lower() == "title" else None


def outline_level(outline: etree._Element) -> int:
    """Give the heading level of an outline level; 0 for body text."""
    level = number(attribute(outline, VAL), _LEVELS)
    return level + 1 if 0 <= level < _LEVELS else 0


def _list(element: etree._Element) -> _List:
    levels = {number(level.get(f"{W}ilvl")): _level(level) for level in element.iterchildren(f"{W}lvl")}
    return _List(levels=levels, style_link=attribute(element.find(f"{W}numStyleLink"), VAL))


def _level(element: etree._Element) -> _Level:
    start, restart = element.find(f"{W}start"), element.find(f"{W}lvlRestart")
    return _Level(
        format=attribute(element.find(f"{W}numFmt"), VAL) or "decimal",
        text=attribute(element.find(f"{W}lvlText"), VAL)[:_MAX_LABEL],
        start=number(attribute(start, VAL), 1) if start is not None else 0,
        style=attribute(element.find(f"{W}pStyle"), VAL),
        restarts_after=number(attribute(restart, VAL)) if restart is not None else None,
        all_digits=is_on(element.find(f"{W}isLgl"), VAL),
    )


def _use(element: etree._Element) -> _Use:
    use = _Use(attribute(element.find(f"{W}abstractNumId"), VAL))
    for override in element.iterchildren(f"{W}lvlOverride"):
        depth = number(override.get(f"{W}ilvl"))
        start, level = override.find(f"{W}startOverride"), override.find(f"{W}lvl")
        if start is not None:
            use.starts[depth] = number(attribute(start, VAL), 1)
        if level is not None:
            use.levels[depth] = _level(level)
    return use


def _depth_of_style(found: _List, style_id: str) -> int:
    return next((depth for depth, level in found.levels.items() if style_id and level.style == style_id), 0)


def _count(found: _List, use: _Use, depth: int) -> str:
    """Count one paragraph; a number ends the count of all levels below it."""
    levels = {**found.levels, **use.levels}
    if not use.begun:
        use.begun = True
        for at, start in use.starts.items():
            found.counts[at] = start - 1
    for at in range(depth):
        found.counts.setdefault(at, levels.get(at, _Level()).start)
    level = levels.get(depth, _Level())
    found.counts[depth] = found.counts.get(depth, level.start - 1) + 1
    for at in range(depth + 1, _LEVELS):
        after = levels.get(at, _Level()).restarts_after
        if after is None or depth < after:
            found.counts.pop(at, None)
    if level.format == "bullet":
        return "-"

    def written(match: re.Match[str]) -> str:
        at = int(match.group(1)) - 1
        return numeral(found.counts.get(at, 1), "decimal" if level.all_digits else levels.get(at, _Level()).format)

    return _PLACE.sub(written, level.text)

"""DOCX: text that a reader cannot see: white on white paper, without a size, hidden by its style."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from studiolo_indexer.parsers.office.docx_numbering import VAL, W
from studiolo_indexer.parsers.office.opc import Package, attribute, is_on, number
from studiolo_indexer.parsers.unseen import Shade, Unseen, shade

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_TINY_HALF_POINTS = 2
_LONGEST_CHAIN = 50
_CAUSES = frozenset(f"{W}{name}" for name in ("color", "sz", "vanish", "rStyle"))
# Lines, shadows and fills of their own make letters visible in whatever colour they are.
_EFFECTS = frozenset(
    (
        *(f"{W}{name}" for name in ("outline", "shadow", "emboss", "imprint")),
        *(f"{_W14}{name}" for name in ("textOutline", "textFill", "glow", "shadow", "reflection", "props3d")),
    )
)


@dataclass(frozen=True, slots=True)
class _Look:
    """How a text looks; None where nothing is said of it, and the next style counts."""

    colour: Shade | None = None
    ground: Shade | None = None  # behind the letters or the paragraph
    tiny: bool | None = None
    hidden: bool | None = None
    effect: bool | None = None


class DocxUnseen:
    """Looks at the runs of one document, and counts what no reader sees."""

    def __init__(self, package: Package, styles_part: str | None, main: etree._Element) -> None:
        self._unseen = Unseen()
        self._dark_pages = any(
            shade(attribute(page, f"{W}color")) == "dark" for page in main.iterchildren(f"{W}background")
        )
        self._styles: dict[str, etree._Element] = {}
        self._looks: dict[str, _Look] = {}
        self._table_styles: dict[str, bool] = {}
        self._default = ""
        root = package.optional(styles_part)
        for style in root.iterchildren(f"{W}style") if root is not None else ():
            self._styles[attribute(style, f"{W}styleId")] = style
            if attribute(style, f"{W}default") in ("1", "true") and attribute(style, f"{W}type") == "paragraph":
                self._default = attribute(style, f"{W}styleId")

    def look(self, paragraph: etree._Element, runs: list[etree._Element]) -> None:
        """Look at those runs of a paragraph that are read."""
        if not runs:
            return
        properties = paragraph.find(f"{W}pPr")
        around = _over(_look(None, properties), self._style(_style_of(properties, "pStyle") or self._default))
        is_possible = around.colour == "white" or around.tiny or around.hidden
        for run in runs:
            own = run.find(f"{W}rPr")
            if not is_possible and (own is None or not any(child.tag in _CAUSES for child in own)):
                continue
            look = _over(_over(_look(own, None), self._style(_style_of(own, "rStyle"))), around)
            if (look.hidden or look.tiny or look.colour == "white") and _has_text(run):
                self._judge(look, paragraph)

    def warnings(self) -> Iterator[str]:
        """Say what cannot be seen."""
        return self._unseen.warnings()

    def _judge(self, look: _Look, paragraph: etree._Element) -> None:
        """Count a text that is hidden, without a size, or white where nothing dark may lie behind it."""
        if look.hidden:
            self._unseen.add("hidden", paragraph)
        elif look.tiny:
            self._unseen.add("tiny", paragraph)
        elif not look.effect and (look.ground or self._ground(paragraph)) == "white":
            self._unseen.add("white", paragraph)

    def _ground(self, paragraph: etree._Element) -> Shade:
        """Tell what lies behind a paragraph: the innermost of the cells, tables and boxes around it that says so."""
        for holder in paragraph.iterancestors(f"{W}tc", f"{W}tbl", f"{W}txbxContent"):
            if holder.tag == f"{W}txbxContent":
                return _box(holder)
            properties = holder.find(f"{W}tcPr" if holder.tag == f"{W}tc" else f"{W}tblPr")
            found = _fill(properties)
            if not found and holder.tag == f"{W}tbl" and self._is_dark_style(_style_of(properties, "tblStyle")):
                found = "dark"
            if found:
                return found
        return "dark" if self._dark_pages else "white"

    def _chain(self, style_id: str) -> Iterator[etree._Element]:
        """Give a style and those that it is based on; one that rests on itself ends the walk."""
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen and len(seen) < _LONGEST_CHAIN:
            seen.add(style_id)
            yield self._styles[style_id]
            style_id = attribute(self._styles[style_id].find(f"{W}basedOn"), VAL)

    def _style(self, style_id: str) -> _Look:
        """Give how a style of paragraphs or letters looks."""
        if style_id not in self._looks:
            look = _PLAIN
            for style in self._chain(style_id):
                look = _over(look, _look(style.find(f"{W}rPr"), style.find(f"{W}pPr")))
            self._looks[style_id] = look
        return self._looks[style_id]

    def _is_dark_style(self, style_id: str) -> bool:
        """Tell whether a style of tables shades any of its cells."""
        if style_id not in self._table_styles:
            fills = (shading for style in self._chain(style_id) for shading in style.iter(f"{W}shd"))
            self._table_styles[style_id] = any(_shading(fill) == "dark" for fill in fills)
        return self._table_styles[style_id]


_PLAIN = _Look()


def _over(first: _Look, second: _Look) -> _Look:
    """Lay one look over another, which counts where the first says nothing."""
    if second is _PLAIN:
        return first
    return _Look(
        colour=second.colour if first.colour is None else first.colour,
        ground=second.ground if first.ground is None else first.ground,
        tiny=second.tiny if first.tiny is None else first.tiny,
        hidden=second.hidden if first.hidden is None else first.hidden,
        effect=second.effect if first.effect is None else first.effect,
    )


def _look(letters: etree._Element | None, paragraph: etree._Element | None) -> _Look:
    """Read the properties of letters, and the ground of a paragraph."""
    ground = _fill(paragraph) or None
    if letters is None:
        return _Look(ground=ground) if ground else _PLAIN
    colour, size, vanish = (letters.find(f"{W}{name}") for name in ("color", "sz", "vanish"))
    marked = attribute(letters.find(f"{W}highlight"), VAL)
    return _Look(
        colour=shade(attribute(colour, VAL)) if colour is not None else None,
        ground=shade(marked) or _fill(letters) or ground,
        tiny=0 <= number(attribute(size, VAL), 99) <= _TINY_HALF_POINTS if size is not None else None,
        hidden=is_on(vanish, VAL) if vanish is not None else None,
        effect=any(child.tag in _EFFECTS for child in letters) or None,
    )


def _style_of(properties: etree._Element | None, name: str) -> str:
    return attribute(properties.find(f"{W}{name}"), VAL) if properties is not None else ""


def _has_text(run: etree._Element) -> bool:
    return any((text.text or "").strip() for text in run.iterchildren(f"{W}t"))


def _fill(properties: etree._Element | None) -> Shade:
    """Tell what letters, a paragraph, a cell or a table lie on by themselves."""
    shading = properties.find(f"{W}shd") if properties is not None else None
    return _shading(shading) if shading is not None else ""


def _shading(shading: etree._Element) -> Shade:
    fill = shade(attribute(shading, f"{W}fill"))
    has_pattern = attribute(shading, VAL) not in ("", "clear", "nil")
    is_by_theme = not fill and bool(attribute(shading, f"{W}themeFill"))
    return "dark" if has_pattern or is_by_theme else fill


def _box(content: etree._Element) -> Shade:
    """Tell what a text box lies on: white only where it says so, for it often lies on a picture."""
    for shape in content.iterancestors():
        for properties in shape.iterchildren("{*}spPr"):
            colour = properties.find(f"{_A}solidFill/{_A}srgbClr")
            return "white" if shade(attribute(colour, "val")) == "white" else "dark"
    return "dark"

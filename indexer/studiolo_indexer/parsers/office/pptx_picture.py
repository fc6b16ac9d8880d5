"""What a slide of a PPTX looks like: its shapes with places, colours and sizes, looked up in layout, master and theme.

Source: ECMA-376 part 1, 19.3 (slides) and 20.1 (drawings). Lengths are in EMU: 12,700 a point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.drawingml import A, paragraph_text, write_graphic
from studiolo_indexer.parsers.office.opc import Package, R, attribute, number
from studiolo_indexer.parsers.office.pptx import FURNITURE, P, children, comments_of, notes_of, placeholder, slides_of
from studiolo_indexer.parsers.office.pptx_unseen import theme_colours
from studiolo_indexer.parsers.office.slide_picture import (
    BODY_POINTS,
    WHITE,
    Colour,
    Paragraph,
    Shape,
    Slide,
    render_slide,
)
from studiolo_indexer.records import PageImage

_POINT = 12_700
_WIDTH, _HEIGHT = 12_192_000, 6_858_000
_MOST_SHAPES = 5_000
_SIZES = {"title": 40.0, "ctrTitle": 40.0, "table": 14.0}
_ALIGN = {"ctr": "center", "r": "right"}
_ANCHOR = {"ctr": "middle", "b": "bottom"}
_TABLE_LINE: Colour = (190, 190, 190)


def render_pptx_slide(data: bytes, *, page: int, width: int, quote: str) -> PageImage:
    """Draw a slide of a PPTX as PNG, with boxes around the words of a quote; a page beyond the end shows the last.

    Raises:
        FileFailure: As for `parse_pptx`, and file.too_large if the picture would be.
    """
    slide, at, pages = read_pptx_slide(data, page=page)
    return render_slide(slide, page=at, pages=pages, width=width, quote=quote)


def read_pptx_slide(data: bytes, *, page: int) -> tuple[Slide, int, int]:
    """Read a slide; gives it, its number, and how many there are.

    Raises:
        FileFailure: As for `parse_pptx`.
    """
    package = Package(data)
    main = package.main_part("ppt/presentation.xml")
    presentation = package.needed(main)
    parts = slides_of(package, presentation, main)
    if not parts:
        raise FileFailure("file.damaged", "It holds no slides.")
    at = max(1, min(page, len(parts)))
    return _Reader(package, presentation, main).slide(parts[at - 1]), at, len(parts)


@dataclass(frozen=True, slots=True)
class _Frame:
    """How lengths inside a group become lengths of the slide: times `scale`, plus `left` and `top`, in EMU."""

    left: float = 0.0
    top: float = 0.0
    scale_x: float = 1.0
    scale_y: float = 1.0

    def box(self, xfrm: etree._Element) -> tuple[float, float, float, float] | None:
        """Give left, top, width and height in points of what has this place in the group."""
        offset, extent = xfrm.find(f"{A}off"), xfrm.find(f"{A}ext")
        if offset is None or extent is None:
            return None
        x, y = number(offset.get("x")), number(offset.get("y"))
        wide, high = number(extent.get("cx")), number(extent.get("cy"))
        return (
            (self.left + x * self.scale_x) / _POINT,
            (self.top + y * self.scale_y) / _POINT,
            wide * self.scale_x / _POINT,
            high * self.scale_y / _POINT,
        )

    def inside(self, xfrm: etree._Element | None) -> _Frame:
        """Give the frame of a group within this one."""
        if xfrm is None:
            return self
        off, ext, child_off, child_ext = (xfrm.find(f"{A}{name}") for name in ("off", "ext", "chOff", "chExt"))
        if off is None or ext is None or child_off is None or child_ext is None:
            return self
        by_x = number(ext.get("cx")) / max(1, number(child_ext.get("cx")))
        by_y = number(ext.get("cy")) / max(1, number(child_ext.get("cy")))
        return _Frame(
            self.left + self.scale_x * (number(off.get("x")) - number(child_off.get("x")) * by_x),
            self.top + self.scale_y * (number(off.get("y")) - number(child_off.get("y")) * by_y),
            self.scale_x * by_x,
            self.scale_y * by_y,
        )


class _Reader:
    """Reads slides of one presentation."""

    def __init__(self, package: Package, presentation: etree._Element, main: str) -> None:
        self._package = package
        self._main = main
        size = presentation.find(f"{P}sldSz")
        self._size = (number(attribute(size, "cx")) or _WIDTH, number(attribute(size, "cy")) or _HEIGHT)
        self._theme: dict[str, str] = {}

    def slide(self, part: str) -> Slide:
        """Read one slide with what its layout and master put on it."""
        layout = next(iter(self._package.related(part, "slideLayout")), None)
        master = next(iter(self._package.related(layout, "slideMaster")), None) if layout else None
        chain = [(p, self._package.optional(p)) for p in (part, layout, master) if p is not None]
        roots = [root for _, root in chain if root is not None]
        theme = next(iter(self._package.related(master, "theme")), None) if master else None
        self._theme = theme_colours(self._package.optional(theme), roots)
        shapes: list[Shape] = []
        for number_, (place, root) in reversed(list(enumerate(chain))):
            tree = root.find(f"{P}cSld/{P}spTree") if root is not None else None
            if tree is not None:
                shapes += self._shapes(tree, place, _Frame(), roots, own=number_ == 0)
        notes = ["Notes:", *notes_of(self._package, part)]
        return Slide(
            width=self._size[0] / _POINT,
            height=self._size[1] / _POINT,
            shapes=tuple(shapes[:_MOST_SHAPES]),
            background=next((c for root in roots if (c := self._background(root)) is not None), WHITE),
            notes=(*comments_of(self._package, part, self._main), *(notes if len(notes) > 1 else ())),
        )

    def _shapes(
        self, tree: etree._Element, part: str, frame: _Frame, roots: list[etree._Element], *, own: bool
    ) -> Iterator[Shape]:
        """Give the shapes of a tree, the last in front; of a layout or master those that are no placeholders."""
        waiting = [(child, frame) for child in reversed(list(children(tree)))]
        while waiting:
            element, within = waiting.pop()
            if attribute(next(element.iter(f"{P}cNvPr"), None), "hidden") in ("1", "true"):
                continue
            if element.tag == f"{P}grpSp":
                inner = within.inside(element.find(f"{P}grpSpPr/{A}xfrm"))
                waiting += [(child, inner) for child in reversed(list(children(element)))]
                continue
            kind, index = placeholder(element)
            if (kind or index) and (not own or kind in FURNITURE):
                continue
            likes = [e for root in roots[1:] for e in _like(root, kind, index)] if own and (kind or index) else []
            box = next((b for e in (element, *likes) if (b := _box(e, within)) is not None), None)
            if box is not None:
                yield from self._shape(element, part, box, likes, kind, roots)

    def _shape(
        self,
        element: etree._Element,
        part: str,
        box: tuple[float, float, float, float],
        likes: list[etree._Element],
        kind: str,
        roots: list[etree._Element],
    ) -> Iterator[Shape]:
        table = next(element.iter(f"{A}tbl"), None)
        if table is not None:
            yield from self._table(table, box)
            return
        blip = next(element.iter(f"{A}blip"), None)
        picture = None
        if blip is not None:
            place = self._package.target(part, blip.get(f"{R}embed"))
            picture = (self._package.read(place) if place is not None else None) or b""
        properties = element.find(f"{P}spPr")
        line = properties.find(f"{A}ln") if properties is not None else None
        styles = [*likes, *_text_styles(roots, kind)]
        words = [p for body in element.iterchildren(f"{P}txBody") for p in self._paragraphs(body, styles, kind)]
        bodies = [e.find(f"{P}txBody/{A}bodyPr") for e in (element, *likes)]
        anchor = next((a for body in bodies if (a := attribute(body, "anchor"))), "")
        yield Shape(
            *box,
            fill=self._fill(properties),
            line=self._fill(line),
            picture=picture,
            paragraphs=(*words, *self._graphic(element, part)),
            anchor=_ANCHOR.get(anchor, "top"),
        )

    def _graphic(self, element: etree._Element, part: str) -> Iterator[Paragraph]:
        """Give the texts of a chart or diagram, which is not drawn, line by line as they are in the slide's text."""
        builder = TextBuilder()
        for graphic in element.iter(f"{A}graphicData"):
            write_graphic(builder, self._package, part, graphic)
        yield from (Paragraph(line, 12.0) for line in builder.lines())

    def _table(self, table: etree._Element, box: tuple[float, float, float, float]) -> Iterator[Shape]:
        left, top, _, height = box
        columns = [number(c.get("w")) / _POINT for c in table.iter(f"{A}gridCol")]
        rows = list(table.iterchildren(f"{A}tr"))
        for row in rows:
            high = number(row.get("h")) / _POINT or height / max(1, len(rows))
            x = left
            for at, (cell, wide) in enumerate(zip(row.iterchildren(f"{A}tc"), columns, strict=False)):
                span = sum(columns[at : at + max(1, number(cell.get("gridSpan"), 1))])
                if cell.get("hMerge") not in ("1", "true"):
                    body = cell.find(f"{A}txBody")
                    words = tuple(self._paragraphs(body, [], "table")) if body is not None else ()
                    fill = self._fill(cell.find(f"{A}tcPr"))
                    yield Shape(x, top, span or wide, high, fill=fill, line=_TABLE_LINE, paragraphs=words)
                x += wide
            top += high

    def _paragraphs(self, body: etree._Element, styles: list[etree._Element], kind: str) -> Iterator[Paragraph]:
        own = body.find(f"{A}lstStyle")
        counts: dict[int, int] = {}
        for paragraph in body.iter(f"{A}p"):
            text = paragraph_text(paragraph)
            properties = paragraph.find(f"{A}pPr")
            level = min(8, number(attribute(properties, "lvl")))
            lists = [*([own] if own is not None else []), *styles]
            levels = [s for style in lists for s in style.iter(f"{A}lvl{level + 1}pPr")]
            runs = [r for r in paragraph.iter(f"{A}rPr")][:1]
            looks = [*runs, *(d for s in levels for d in s.iterchildren(f"{A}defRPr"))]
            size = next((number(s) / 100 for look in looks if (s := look.get("sz"))), 0.0)
            lines = [properties, *levels] if properties is not None else levels
            yield Paragraph(
                text,
                size=size or _SIZES.get(kind, BODY_POINTS),
                bold=next((b in ("1", "true") for look in looks if (b := look.get("b"))), False),
                colour=next((c for look in looks if (c := self._fill(look)) is not None), None),
                align=_ALIGN.get(next((a for s in lines if (a := s.get("algn"))), ""), "left"),
                mark=_mark(lines, level, counts) if text.strip() else "",
                level=level,
            )

    def _background(self, root: etree._Element) -> Colour | None:
        found = root.find(f"{P}cSld/{P}bg")
        if found is None:
            return None
        reference = found.find(f"{P}bgRef")
        return self._colour(reference) if reference is not None else self._fill(found.find(f"{P}bgPr"))

    def _fill(self, element: etree._Element | None) -> Colour | None:
        """Give the colour that an element is filled with; that of its first stop for one that changes."""
        if element is None:
            return None
        solid = element.find(f"{A}solidFill")
        if solid is not None:
            return self._colour(solid)
        return self._colour(element.find(f"{A}gradFill/{A}gsLst/{A}gs"))

    def _colour(self, holder: etree._Element | None) -> Colour | None:
        for node in holder.iterchildren() if holder is not None else ():
            value = node.get("val") or ""
            if node.tag == f"{A}srgbClr":
                base = _hex(value)
            elif node.tag == f"{A}sysClr":
                base = _hex(node.get("lastClr") or "")
            else:
                base = _hex(self._theme.get(value, ""))
            return _changed(base, node) if base is not None else None
        return None


def _like(root: etree._Element, kind: str, index: str) -> Iterator[etree._Element]:
    """Give the placeholders of a layout or master that one of a slide takes its look from."""
    found = [(placeholder(e), e) for e in root.iter(f"{P}sp")]
    titles = ("title", "ctrTitle")
    yield from (e for (_, known), e in found if index and known == index)
    yield from (e for (k, _), e in found if k and (k == kind or (k in titles and kind in titles)))
    if kind not in titles:
        yield from (e for (k, _), e in found if k == "body")


def _text_styles(roots: Iterable[etree._Element], kind: str) -> list[etree._Element]:
    name = "titleStyle" if kind in ("title", "ctrTitle") else "bodyStyle" if kind else "otherStyle"
    return [style for root in roots for style in root.iterfind(f"{P}txStyles/{P}{name}")]


def _box(element: etree._Element, frame: _Frame) -> tuple[float, float, float, float] | None:
    for path in (f"{P}spPr/{A}xfrm", f"{P}xfrm"):
        xfrm = element.find(path)
        if xfrm is not None:
            return frame.box(xfrm)
    return None


def _mark(lines: list[etree._Element], level: int, counts: dict[int, int]) -> str:
    """Give the bullet or number of a paragraph."""
    for style in lines:
        for node in style.iterchildren(f"{A}buNone", f"{A}buChar", f"{A}buAutoNum"):
            if node.tag == f"{A}buNone":
                return ""
            if node.tag == f"{A}buChar":
                return "•"
            counts[level] = counts.get(level, number(node.get("startAt"), 1) - 1) + 1
            return f"{counts[level]}."
    return ""


def _hex(text: str) -> Colour | None:
    try:
        return (int(text[:2], 16), int(text[2:4], 16), int(text[4:6], 16)) if len(text) == 6 else None
    except ValueError:
        return None


def _changed(colour: Colour, node: etree._Element) -> Colour:
    """Make a colour lighter or darker, as its modifiers say (luminance and tint; an approximation in RGB)."""
    red, green, blue = (float(c) for c in colour)
    for change in node:
        share = min(1.0, max(0.0, number(change.get("val")) / 100_000))
        name = etree.QName(change).localname
        if name in ("lumMod", "shade"):
            red, green, blue = red * share, green * share, blue * share
        elif name == "lumOff":
            red, green, blue = (c + 255 * share for c in (red, green, blue))
        elif name == "tint":
            red, green, blue = (255 - (255 - c) * share for c in (red, green, blue))
    return (min(255, round(red)), min(255, round(green)), min(255, round(blue)))

"""What a slide of an OpenDocument file looks like: its texts, tables and pictures at their places."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.opc import attribute
from studiolo_indexer.parsers.office.slide_picture import Colour, Paragraph, Shape, Slide, render_slide
from studiolo_indexer.parsers.opendocument.odf import FURNITURE, centimetres, place_of, role
from studiolo_indexer.parsers.opendocument.odf_styles import DRAW, OFFICE, PRESENTATION, SVG, TABLE, XLINK, OdfFile
from studiolo_indexer.parsers.opendocument.odf_text import SHAPES, Story
from studiolo_indexer.records import PageImage

_POINTS = 72 / 2.54
_WIDTH_CM, _HEIGHT_CM = 28.0, 21.0
_MOST_SHAPES = 5_000
_TITLE_POINTS, _BODY_POINTS, _TABLE_POINTS = 36.0, 20.0, 12.0
_LINE: Colour = (190, 190, 190)


def render_odf_slide(data: bytes, *, page: int, width: int, quote: str) -> PageImage:
    """Draw a slide as PNG, with boxes around the words of a quote; a page beyond the end shows the last.

    Raises:
        FileFailure: As for `parse_odf`, and file.too_large if the picture would be.
    """
    slide, at, pages = read_odf_slide(data, page=page)
    return render_slide(slide, page=at, pages=pages, width=width, quote=quote)


def read_odf_slide(data: bytes, *, page: int) -> tuple[Slide, int, int]:
    """Read a slide; gives it, its number, and how many there are.

    Raises:
        FileFailure: As for `parse_odf`.
    """
    file = OdfFile(data)
    pages = [page for body in file.content.iter(f"{OFFICE}body") for page in body.iter(f"{DRAW}page")]
    if not pages:
        raise FileFailure("file.damaged", "It holds no slides.")
    at = max(1, min(page, len(pages)))
    return _slide(file, pages[at - 1]), at, len(pages)


def _slide(file: OdfFile, page: etree._Element) -> Slide:
    size = file.page_size(attribute(page, f"{DRAW}master-page-name"))
    wide, high = (centimetres(length) for length in size)
    shapes = [s for shape in page.iterchildren(*SHAPES) if role(shape) not in FURNITURE for s in _shapes(file, shape)]
    return Slide(
        width=(wide or _WIDTH_CM) * _POINTS,
        height=(high or _HEIGHT_CM) * _POINTS,
        shapes=tuple(shapes[:_MOST_SHAPES]),
        notes=tuple(_notes(file, page)),
    )


def _shapes(file: OdfFile, top: etree._Element) -> Iterator[Shape]:
    """Give a shape, or those of a group, from the back to the front."""
    waiting = [top]
    while waiting:
        element = waiting.pop()
        if element.tag in (f"{DRAW}g", f"{DRAW}a"):
            waiting.extend(reversed(list(element.iterchildren(*SHAPES))))
            continue
        corner = place_of(element)
        wide = centimetres(attribute(element, f"{SVG}width"))
        high = centimetres(attribute(element, f"{SVG}height"))
        if corner is None or wide is None or high is None:
            continue
        href = next((attribute(image, f"{XLINK}href") for image in element.iterchildren(f"{DRAW}image")), "")
        has_table = any(True for _ in element.iter(f"{TABLE}table", f"{DRAW}object"))
        size = _TITLE_POINTS if role(element) == "title" else _TABLE_POINTS if has_table else _BODY_POINTS
        yield Shape(
            left=corner[0] * _POINTS,
            top=corner[1] * _POINTS,
            width=wide * _POINTS,
            height=high * _POINTS,
            line=_LINE if has_table else None,
            picture=file.picture(href) if href and not has_table else None,
            paragraphs=tuple(Paragraph(line, size, bold=role(element) == "title") for line in _lines(file, element)),
        )


def _lines(file: OdfFile, shape: etree._Element) -> list[str]:
    builder = TextBuilder()
    Story(builder, file).frame(shape)
    return builder.lines()


def _notes(file: OdfFile, page: etree._Element) -> Iterator[str]:
    builder = TextBuilder()
    story = Story(builder, file)
    for comment in page.iterchildren(f"{OFFICE}annotation"):
        story.comment(comment)
    yield from builder.lines()
    for notes in page.iterchildren(f"{PRESENTATION}notes"):
        lines = [text for shape in notes if role(shape) == "notes" for text in story.texts(shape)]
        yield from ["Notes:", *lines] if lines else ()

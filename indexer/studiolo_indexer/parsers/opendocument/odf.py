"""OpenDocument files: texts, presentations and drawings (a part for each slide), spreadsheets; packed or flat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import ODG, ODP, ODS, ODT
from studiolo_indexer.parsers.building import TextBuilder
from studiolo_indexer.parsers.office.opc import attribute
from studiolo_indexer.parsers.office.slides import (
    LONGEST_LEAD,
    Placed,
    in_reading_order,
    slide_heading,
    without_made_up_title,
)
from studiolo_indexer.parsers.opendocument.odf_styles import DRAW, OFFICE, PRESENTATION, SVG, OdfFile
from studiolo_indexer.parsers.opendocument.odf_text import SHAPES, Story
from studiolo_indexer.parsers.opendocument.ods import write_sheets
from studiolo_indexer.records import Document

_KINDS = {f"{OFFICE}text": ODT, f"{OFFICE}presentation": ODP, f"{OFFICE}drawing": ODG, f"{OFFICE}spreadsheet": ODS}
# What a master puts on every slide.
FURNITURE = frozenset(("header", "footer", "date-time", "page-number", "page"))
_LENGTH = re.compile(r"(-?\d{1,9}(?:\.\d{1,9})?)(cm|mm|in|pt|pc|px)?$")
_MOVED = re.compile(r"translate ?\((-?[\d.]{1,20}(?:cm|mm|in|pt)) (-?[\d.]{1,20}(?:cm|mm|in|pt))\)")
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}
_BAND_CM = 0.95  # as for PPTX: a twentieth of a usual slide
_NAMED = 50


def parse_odf(data: bytes, name: str) -> Document:
    """Read an OpenDocument file of any kind, and its templates.

    Raises:
        FileFailure: file.password, file.damaged or file.bomb.
    """
    file = OdfFile(data)
    body = next(
        (child for holder in file.content.iter(f"{OFFICE}body") for child in holder if child.tag in _KINDS), None
    )
    if body is None:
        raise FileFailure("file.damaged", "It holds no document.")
    kind = _KINDS[str(body.tag)]
    builder = TextBuilder()
    pages = None
    story = Story(builder, file)
    if kind == ODT:
        story.blocks(body)
    elif kind == ODS:
        write_sheets(builder, file, body, story)
    else:
        pages = _slides(builder, file, body, story) or None
    document = builder.document(
        media_type=kind,
        parser="odf",
        title=file.title(),
        properties=file.properties(),
        pages=pages,
        warnings=[*dict.fromkeys(file.warnings), *story.warnings()],
    )
    # The name of its first sheet is no title.
    return replace(document, title=file.title()) if kind == ODS else without_made_up_title(document)


def _slides(builder: TextBuilder, file: OdfFile, body: etree._Element, story: Story) -> int:
    """Write the slides; gives their number."""
    place = 0
    for page in body.iterchildren(f"{DRAW}page"):
        place += 1
        builder.begin_part("slide", str(place))
        if attribute(page, f"{DRAW}style-name") in file.styles.hidden_pages and place <= _NAMED:
            file.warnings.append(f"slide {place} is hidden")
        _slide(builder, story, page, place)
    return place


def _slide(builder: TextBuilder, story: Story, page: etree._Element, place: int) -> None:
    """Write one slide: its title as a heading, its shapes as one reads them, comments, notes."""
    shapes = [shape for shape in page.iterchildren(*SHAPES) if role(shape) not in FURNITURE]
    titles = [shape for shape in shapes if role(shape) == "title"]
    others = in_reading_order([_placed(shape) for shape in shapes if role(shape) != "title"], band=_BAND_CM)
    title = " ".join(text for shape in titles for text in story.texts(shape))
    lead = _lead(story, others) if not title else None
    builder.block(slide_heading(title or (story.texts(lead)[0] if lead is not None else ""), place), level=1)
    for shape in others:
        if shape is not lead:
            story.frame(shape)
    for comment in page.iterchildren(f"{OFFICE}annotation"):
        story.comment(comment)
    for notes in page.iterchildren(f"{PRESENTATION}notes"):
        lines = [text for shape in notes if role(shape) == "notes" for text in story.texts(shape)]
        builder.block("\n".join(["Notes:", *lines]) if lines else "")


def _lead(story: Story, shapes: list[etree._Element]) -> etree._Element | None:
    """Find the one short line that stands above all others like a title, on a slide that has none."""
    for shape in shapes:
        texts = story.texts(shape)
        if texts:
            plain = shape.tag != f"{DRAW}g" and not any(True for _ in shape.iter(f"{DRAW}object"))
            return shape if plain and len(texts) == 1 and len(texts[0]) <= LONGEST_LEAD else None
    return None


def role(shape: etree._Element) -> str:
    """Give what a shape is on its slide: title, outline, notes, header …; empty for any other."""
    return attribute(shape, f"{PRESENTATION}class")


def _placed(shape: etree._Element) -> Placed[etree._Element]:
    places = [place for place in _places(shape) if place is not None]
    if not places:
        return Placed(shape, None, None)
    return Placed(shape, min(left for left, _ in places), min(top for _, top in places))


def _places(shape: etree._Element) -> Iterator[tuple[float, float] | None]:
    """Give the places of a shape, or of the shapes in a group."""
    for one in shape.iter(*SHAPES) if shape.tag in (f"{DRAW}g", f"{DRAW}a") else (shape,):
        yield place_of(one)


def place_of(shape: etree._Element) -> tuple[float, float] | None:
    """Give left and top of a shape in centimetres; None where it does not say."""
    moved = _MOVED.search(attribute(shape, f"{DRAW}transform")[:500])
    left = centimetres(moved.group(1) if moved else attribute(shape, f"{SVG}x"))
    top = centimetres(moved.group(2) if moved else attribute(shape, f"{SVG}y"))
    return (left, top) if left is not None and top is not None else None


def centimetres(length: str) -> float | None:
    """Read a length; None for anything else."""
    found = _LENGTH.match(length)
    return float(found.group(1)) * _CENTIMETRES[found.group(2) or "px"] if found else None

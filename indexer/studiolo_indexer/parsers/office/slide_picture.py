"""Draws a slide: its texts, tables and pictures at their places, with the box of every word; pure, for all programs.

It is a plain drawing, not what the program would show: no effects, the fonts of this system. What is said outside of
the slide (notes, comments) stands on a strip below it, so that every word that can be cited can be seen.
"""

from __future__ import annotations

import io
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.highlighting import join_boxes, letters_with_places
from studiolo_indexer.parsers.pictures.png import encode_png
from studiolo_indexer.records import HighlightBox, OcrWord, PageImage, PageWords

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
BODY_POINTS = 18.0

_FONTS = (
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("segoeui.ttf", "segoeuib.ttf"),
    ("Arial.ttf", "Arial Bold.ttf"),
    ("arial.ttf", "arialbd.ttf"),
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
    ("DroidSansFallbackFull.ttf", "DroidSansFallbackFull.ttf"),
    ("wqy-microhei.ttc", "wqy-microhei.ttc"),
    ("msyh.ttc", "msyhbd.ttc"),
    ("PingFang.ttc", "PingFang.ttc"),
    ("Arial Unicode.ttf", "Arial Unicode.ttf"),
)
_LINE = 1.2
_MARK_WIDTH = 1.4  # of the letters' size
_INSET_POINTS = 5.0
_SMALLEST = 0.3  # of its size, for a text that has to fit into its shape
_STRIP_POINTS = 12.0
_STRIP: Colour = (244, 244, 242)
_LEAST_CONTRAST = 60
_GREY: Colour = (225, 225, 225)
_MOST_PIXELS = 40_000_000
_MOST_WORDS = 20_000
_WORDS_WIDTH = 1000
_MOST_PICTURE_BYTES = 50 * 2**20


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it is set; sizes in points. `mark` is its bullet or number."""

    text: str
    size: float = BODY_POINTS
    bold: bool = False
    colour: Colour | None = None
    align: str = "left"  # left, center, right
    mark: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """Something at a place of a slide, in points from the upper left corner."""

    left: float
    top: float
    width: float
    height: float
    fill: Colour | None = None
    line: Colour | None = None
    picture: bytes | None = None
    paragraphs: tuple[Paragraph, ...] = ()
    anchor: str = "top"  # top, middle, bottom


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide, in points, and what is said about it elsewhere."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    background: Colour = WHITE
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Drawing:
    picture: Image.Image
    pen: ImageDraw.ImageDraw
    scale: float  # pixels a point
    words: list[tuple[str, HighlightBox]] = field(default_factory=list)


def render_slide(slide: Slide, *, page: int, pages: int, width: int, quote: str) -> PageImage:
    """Draw a slide as PNG, with boxes around the words of a quote.

    Args:
        slide: What is drawn.
        page, pages: Its number from 1, and how many there are.
        width: Width of the picture in pixels.
        quote: Words that stand on it; each of its lines and cells is looked for by itself.

    Raises:
        FileFailure: file.too_large if the picture would be.
    """
    drawing = _drawn(slide, width)
    picture = drawing.picture
    boxes = tuple(quoted_boxes(drawing.words, quote))
    return PageImage(encode_png(np.asarray(picture)), picture.width, picture.height, page, pages, boxes)


def slide_words(slide: Slide, *, page: int, pages: int) -> PageWords:
    """Give the words of a slide in the order in which they are drawn, line by line, with their boxes.

    Raises:
        FileFailure: file.too_large if the slide is so large that it could not be drawn.
    """
    drawing = _drawn(slide, _WORDS_WIDTH)
    pieces: list[str] = []
    words: list[OcrWord] = []
    at, before = 0, None
    for text, box in drawing.words:
        gap = "" if before is None else _gap(before, box)
        start = at + len(gap)
        at, before = start + len(text), box
        pieces += (gap, text)
        words.append(OcrWord(start, at, box.x, box.y, box.width, box.height))
    picture = drawing.picture
    return PageWords(page, pages, "".join(pieces), picture.width, picture.height, tuple(words))


def _gap(a: HighlightBox, b: HighlightBox) -> str:
    """Tell what stands between two words: a line's end, a space, or nothing in scripts without spaces."""
    if min(a.y + a.height, b.y + b.height) - max(a.y, b.y) < 0.5 * min(a.height, b.height):
        return "\n"
    apart = max(b.x - (a.x + a.width), a.x - (b.x + b.width))
    if apart > 3 * max(a.height, b.height):
        return "\n"
    return " " if apart > 0.05 * min(a.height, b.height) else ""


def _drawn(slide: Slide, width: int) -> _Drawing:
    """Draw a slide, and the strip below it.

    Raises:
        FileFailure: file.too_large.
    """
    scale = width / max(1.0, slide.width)
    strip = [Paragraph(text, _STRIP_POINTS, colour=BLACK) for text in slide.notes]
    inset = _INSET_POINTS * scale
    lines = [line for paragraph in strip for line in _lines(paragraph, slide.width * scale - 2 * inset, scale)]
    strip_height = round(sum(line.height for line in lines) + 2 * inset) if lines else 0
    height = max(1, round(slide.height * scale))
    if width * (height + strip_height) > _MOST_PIXELS:
        raise FileFailure("file.too_large", "The slide is too large to be shown.")
    picture = Image.new("RGB", (width, height + strip_height), slide.background)
    drawing = _Drawing(picture, ImageDraw.Draw(picture), scale)
    for shape in slide.shapes:
        _draw(drawing, shape)
    if strip_height:
        drawing.pen.rectangle((0, height, width, height + strip_height), fill=_STRIP)
        below = Shape(0, height / scale, slide.width, strip_height / scale, paragraphs=tuple(strip))
        _write(drawing, below, fits=True)
    return drawing


def quoted_boxes(words: Sequence[tuple[str, HighlightBox]], quote: str) -> Iterator[HighlightBox]:
    """Give the boxes of the words that say a quote, those of one line joined.

    A passage puts lines and cells one after another that stand apart on a slide, so each is looked for by itself; one
    that does not stand there (a title that goes with each passage) has no box.
    """
    owners = (at for at, (text, _) in enumerate(words) for _ in text)
    whole, places = letters_with_places("".join(text for text, _ in words), owners)
    marked: set[int] = set()
    behind = 0
    for piece in quote.replace(" | ", "\n").split("\n"):
        wanted, _ = letters_with_places(piece, range(len(piece)))
        at = whole.find(wanted, behind) if wanted else -1
        if at < 0 and wanted:
            at = whole.find(wanted)
        if at >= 0:
            marked.update(places[at : at + len(wanted)])
            behind = at + len(wanted)
    # Words that are not neighbours have something between them that was not asked for.
    for _, run in groupby(enumerate(sorted(marked)), key=lambda pair: pair[1] - pair[0]):
        yield from join_boxes(words[at][1] for _, at in run)


def _draw(drawing: _Drawing, shape: Shape) -> None:
    scale = drawing.scale
    left, top = shape.left * scale, shape.top * scale
    frame = (left, top, left + max(0.0, shape.width * scale), top + max(0.0, shape.height * scale))
    if shape.fill is not None or shape.line is not None:
        drawing.pen.rectangle(frame, fill=shape.fill, outline=shape.line)
    if shape.picture is not None:
        _place_picture(drawing, shape.picture, frame)
    if shape.paragraphs:
        _write(drawing, shape)


def _place_picture(drawing: _Drawing, data: bytes, frame: tuple[float, float, float, float]) -> None:
    """Put a picture into its frame; one that cannot be read leaves a grey frame."""
    left, top, right, bottom = (round(max(-30_000.0, min(30_000.0, side))) for side in frame)
    size = (right - left, bottom - top)
    if size[0] < 1 or size[1] < 1:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if len(data) > _MOST_PICTURE_BYTES or size[0] * size[1] > _MOST_PIXELS:
                raise OSError("too large")
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")) as picture:
                picture.draft("RGB", size)
                layer = picture.convert("RGBA").resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        drawing.picture.paste(layer, (left, top), layer)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombWarning):
        drawing.pen.rectangle(frame, fill=_GREY, outline=(200, 200, 200))


def _write(drawing: _Drawing, shape: Shape, *, fits: bool = False) -> None:
    """Set the paragraphs of a shape into it; smaller where they do not fit."""
    scale, inset = drawing.scale, _INSET_POINTS * drawing.scale
    width = max(1.0, shape.width * scale - 2 * inset)
    room = max(1.0, shape.height * scale - inset)
    shrink = 1.0
    while True:
        lines = [line for paragraph in shape.paragraphs for line in _lines(paragraph, width, scale * shrink)]
        height = sum(line.height for line in lines)
        if fits or height <= room or shrink <= _SMALLEST:
            break
        shrink = max(_SMALLEST, shrink * max(0.7, min(0.95, (room / height) ** 0.5)))
    free = max(0.0, shape.height * scale - height)
    edge = min(free, inset)
    top = shape.top * scale + {"middle": free / 2, "bottom": free - edge}.get(shape.anchor, edge)
    for line in lines:
        _set_line(drawing, line, shape.left * scale + inset, top, width)
        top += line.height


@dataclass(frozen=True, slots=True)
class _Line:
    words: tuple[str, ...]
    paragraph: Paragraph
    pixels: float  # size of the letters
    indent: float
    is_first: bool

    @property
    def height(self) -> float:
        return self.pixels * _LINE


def _lines(paragraph: Paragraph, width: float, scale: float) -> Iterator[_Line]:
    """Break a paragraph into lines."""
    pixels = max(1.0, paragraph.size * scale)
    indent = pixels * (paragraph.level + _MARK_WIDTH * bool(paragraph.mark))
    room = max(pixels, width - indent)
    first = True
    for row in paragraph.text.split("\n"):
        line: list[str] = []
        used = 0.0
        for word in _words(row, room, pixels, bold=paragraph.bold):
            long = _length(word, pixels, paragraph.bold)
            if line and used + long > room:
                yield _Line(tuple(line), paragraph, pixels, indent, first)
                line, used, first = [], 0.0, False
            line.append(word)
            used += long + _length(" ", pixels, paragraph.bold) * word.isascii()
        yield _Line(tuple(line), paragraph, pixels, indent, first)
        first = False


def _words(row: str, room: float, pixels: float, *, bold: bool) -> Iterator[str]:
    """Give what may stand on a line of its own: words, and the letters of a word that is wider than the line."""
    for word in row.split()[:_MOST_WORDS]:
        if _length(word, pixels, bold) > room or any("\u2e80" <= c <= "\uffdc" for c in word):
            yield from word
        else:
            yield word


def _set_line(drawing: _Drawing, line: _Line, left: float, top: float, width: float) -> None:
    bold = line.paragraph.bold
    gaps = [_length(" ", line.pixels, bold) * (w.isascii() or len(w) > 1) for w in line.words]
    lengths = [_length(word, line.pixels, bold) for word in line.words]
    used = sum(lengths) + sum(gaps[:-1])
    spare = max(0.0, width - line.indent - used)
    x = left + line.indent + {"center": spare / 2, "right": spare}.get(line.paragraph.align, 0.0)
    colour = _readable(drawing, line.paragraph.colour or BLACK, x, top + line.pixels / 2)
    if line.is_first and line.paragraph.mark:
        mark = line.paragraph.mark
        at = x - _MARK_WIDTH * line.pixels
        drawing.pen.text((at, top), mark, fill=colour, font=_font(line.pixels, bold, mark))
        drawing.words.append((mark, HighlightBox(at, top, _length(mark, line.pixels, bold), line.height)))
    backwards = _is_right_to_left(line.paragraph.text)
    at = x + used if backwards else x
    for word, long, gap in zip(line.words, lengths, gaps, strict=True):
        at -= long if backwards else 0
        drawing.pen.text((at, top), word, fill=colour, font=_font(line.pixels, bold, word))
        if len(drawing.words) < _MOST_WORDS:
            drawing.words.append((word, HighlightBox(at, top, long, line.height)))
        at += -gap if backwards else long + gap


def _readable(drawing: _Drawing, colour: Colour, x: float, y: float) -> Colour:
    """Give a colour that can be read at a place: what lies there may be a picture that was not thought of."""
    picture = drawing.picture
    place = (min(picture.width - 1, max(0, round(x))), min(picture.height - 1, max(0, round(y))))
    below = picture.getpixel(place)
    light = _light(below if isinstance(below, tuple) else WHITE)
    return colour if abs(_light(colour) - light) >= _LEAST_CONTRAST else BLACK if light > 127 else WHITE


def _light(colour: tuple[int, ...]) -> float:
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def _is_right_to_left(text: str) -> bool:
    kinds = [unicodedata.bidirectional(c) for c in text[:200]]
    return sum(k in ("R", "AL") for k in kinds) > sum(k == "L" for k in kinds)


def _length(text: str, pixels: float, bold: bool) -> float:
    return float(_font(pixels, bold, text).getlength(text))


def _font(pixels: float, bold: bool, text: str) -> ImageFont.FreeTypeFont:
    """Choose a font of the system that has all letters of a text, or the first that there is."""
    size = max(1, round(pixels))
    number = next((n for n in range(len(_FONTS)) if _covers(n, text)), -1)
    if number < 0:
        number = next((n for n in range(len(_FONTS)) if _loaded(n, False, 20) is not None), -1)
    found = _loaded(number, bold, size) if number >= 0 else None
    return found or _default(size)


def _covers(number: int, text: str) -> bool:
    return _loaded(number, False, 20) is not None and all(_has(number, c) for c in set(text))


@cache
def _has(number: int, char: str) -> bool:
    """Tell whether a font has a letter: it is drawn otherwise than one that no font has."""
    font = _loaded(number, False, 20)
    if font is None or char.isspace():
        return font is not None
    return bytes(font.getmask(char)) != bytes(font.getmask("\U0010ffff"))


@cache
def _loaded(number: int, bold: bool, size: int) -> ImageFont.FreeTypeFont | None:
    regular, heavy = _FONTS[number]
    for name in (heavy, regular) if bold else (regular,):
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None


@cache
def _default(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise FileFailure("file.unsupported", "This system has no font to draw a slide with.")
    return font

"""Pictures as paged documents: their text is recognised later, page by page (`ocr_wanted`). Bounded against bombs."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.building import safe_text
from studiolo_indexer.parsers.pictures.png import encode_png
from studiolo_indexer.records import Document, PageImage, Part

_MEDIA_TYPES = {kind: f"image/{kind.lower()}" for kind in ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")}

_PAGE_GAP = "\n\n"
_MOST_FRAMES = 2000
_MOST_PIXELS = 40_000_000  # of a picture that is shown
_OCR_SIDE = 3400  # A4 at 290 dpi; more makes recognition slower and no better
_SMALL_SIDE = 1000  # below it letters are so small that twice the size is read better
_DATES = (36867, 306)  # EXIF: when it was taken, when it was changed
_ARTIST = 315
_DAMAGE = (OSError, EOFError, SyntaxError, ValueError, TypeError, KeyError, IndexError, OverflowError, struct.error)


def parse_image(data: bytes, name: str) -> Document:
    """Read a picture: its pages (of a TIFF its frames, else one), all of them without text yet.

    Raises:
        FileFailure: file.damaged or file.bomb.
    """
    with _opened(data) as picture:
        pages = _count_frames(picture)
        kind = _MEDIA_TYPES.get(picture.format or "", "image/jpeg")
        properties = _properties(picture)
    parts = tuple(
        Part("page", str(number), (number - 1) * len(_PAGE_GAP), min(number, pages - 1) * len(_PAGE_GAP))
        for number in range(1, pages + 1)
    )
    return Document(
        media_type=kind,
        parser="picture",
        text=_PAGE_GAP * (pages - 1),
        parts=parts,
        properties=properties,
        pages=pages,
        ocr_wanted=tuple(range(1, pages + 1)),
    )


def picture_of_frame(data: bytes, page: int) -> Image.Image:
    """Give a page of a picture in RGB as it is recognised: upright, on white, not too large and not too small.

    Raises:
        FileFailure: file.damaged or file.bomb.
    """
    picture = _frame(data, page, _OCR_SIDE)
    if max(picture.size) < _SMALL_SIDE:
        picture = picture.resize((2 * picture.width, 2 * picture.height), Image.Resampling.BICUBIC)
    return picture


def render_picture(data: bytes, *, page: int, width: int) -> PageImage:
    """Draw a page of a picture as PNG, `width` pixels wide; one beyond the end shows the last page.

    Raises:
        FileFailure: file.damaged, file.bomb, or file.too_large if the picture would be.
    """
    with _opened(data) as opened:
        pages = _count_frames(opened)
    number = max(1, min(page, pages))
    picture = _frame(data, number, 2 * width)
    height = max(1, round(picture.height * width / picture.width))
    if width * height > _MOST_PIXELS:
        raise FileFailure("file.too_large", "The page is too large to be shown.")
    drawn = picture.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return PageImage(encode_png(np.asarray(drawn)), width, height, number, pages, ())


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """Open a picture; what Pillow raises for a broken one becomes a failure of the file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Pillow warns from 89 million pixels on, which is A3 at 600 dpi and more; that is our bound.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=tuple(_MEDIA_TYPES)) as picture:
                yield picture
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise FileFailure("file.bomb", "It has more pixels than a picture may.") from error
        except UnidentifiedImageError as error:
            raise FileFailure("file.damaged", "It is no readable picture.") from error
        except _DAMAGE as error:
            raise FileFailure("file.damaged", "The picture cannot be read.") from error


def _count_frames(picture: Image.Image) -> int:
    """Count the pages of a TIFF; pictures that move count as one."""
    if picture.format != "TIFF":
        return 1
    frames = 1
    while frames < _MOST_FRAMES:
        try:
            picture.seek(frames)
        except EOFError:
            break
        frames += 1
    picture.seek(0)
    return frames


def _frame(data: bytes, page: int, longest: int) -> Image.Image:
    with _opened(data) as picture:
        if picture.format == "TIFF":
            picture.seek(page - 1)
        picture.draft("RGB", (longest, longest))
        upright = ImageOps.exif_transpose(_on_white(picture))
        upright.thumbnail((longest, longest), Image.Resampling.BICUBIC, reducing_gap=2.0)
        return upright


def _on_white(picture: Image.Image) -> Image.Image:
    """Give a picture in RGB; what is transparent shows white paper."""
    if picture.mode.startswith(("I;16", "I")):
        pixels = np.asarray(picture).astype(np.float64)
        top = 65535.0 if pixels.max(initial=0) > 255 else 255.0
        return Image.fromarray((pixels / top * 255).clip(0, 255).astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGB", layer.size, (255, 255, 255))
        paper.paste(layer, mask=layer.getchannel("A"))
        paper.getexif().update(picture.getexif())
        return paper
    return picture.convert("RGB")


def _properties(picture: Image.Image) -> tuple[tuple[str, str], ...]:
    exif = picture.getexif()
    taken = exif.get_ifd(0x8769).get(_DATES[0]) or exif.get(_DATES[1]) or ""
    day, _, clock = safe_text(str(taken)).strip("\0 ").partition(" ")
    created = f"{day.replace(':', '-')}T{clock}" if len(day) == 10 and len(clock) == 8 else ""
    artist = " ".join(safe_text(str(exif.get(_ARTIST) or "")).split())[:300]
    return tuple((name, value) for name, value in (("author", artist), ("created", created)) if value)

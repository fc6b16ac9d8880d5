"""Small PDFs for tests, drawn with reportlab; and the letters that the boxes of a page's picture hold."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pypdfium2 as pdfium
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from studiolo_indexer.records import PageImage

Draw = Callable[[Canvas], None]
SIZE = (400.0, 400.0)


def drawn(*pages: Draw, title: str = "", size: tuple[float, float] = SIZE, author: str = "") -> bytes:
    """Draw each page with its function."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size, invariant=True)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def written(*pages: str, title: str = "", encrypt: StandardEncryption | None = None) -> bytes:
    """Write lines of 12 points, 20 points apart, from 60 points below the top."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=SIZE, encrypt=encrypt)
    canvas.setTitle(title)
    for page in pages:
        lines(page.split("\n"))(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def lines(
    rows: Sequence[str],
    *,
    left: float = 40,
    top: float = 340,
    step: float = 20,
    size: float = 12,
    font: str = "Helvetica",
) -> Draw:
    """Give what draws lines one below the other."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for number, row in enumerate(rows):
            canvas.drawString(left, top - step * number, row)

    return draw


def both(*draws: Draw) -> Draw:
    """Give what draws all of these on one page."""

    def draw(canvas: Canvas) -> None:
        for one in draws:
            one(canvas)

    return draw


def side_by_side(*columns: Sequence[str], lefts: Sequence[float], step: float = 11, size: float = 9) -> Draw:
    """Give what draws columns row by row, as some programs write a page."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        for number in range(max(map(len, columns))):
            for column, left in zip(columns, lefts, strict=True):
                if number < len(column):
                    canvas.drawString(left, 340 - step * number, column[number])

    return draw


def wrapped(text: str, width: float, *, size: float = 9, font: str = "Helvetica") -> list[str]:
    """Break a text into lines as a typesetter would, without hyphens."""
    from reportlab.lib.utils import simpleSplit

    return list(simpleSplit(text, font, size, width))


def boxed_letters(data: bytes, image: PageImage) -> str:
    """Give the letters and digits, sorted, whose middle lies in the boxes of a page's picture."""
    pdf = pdfium.PdfDocument(data)
    page = pdf[image.page - 1]
    layer = page.get_textpage()
    scale = image.width / page.get_width()
    found = []
    for at in range(layer.count_chars()):
        left, bottom, right, top = layer.get_charbox(at)
        x, y = scale * (left + right) / 2, scale * (page.get_height() - (bottom + top) / 2)
        if any(b.x <= x <= b.x + b.width and b.y <= y <= b.y + b.height for b in image.boxes):
            found += [c for c in layer.get_text_range(at, 1) if c.isalnum()]
    layer.close()
    page.close()
    pdf.close()
    return "".join(sorted(found))

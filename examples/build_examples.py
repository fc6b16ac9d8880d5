"""Builds the example documents from `texts.py`: `python examples/build_examples.py`; the same texts give the same bytes.

For developers: needs reportlab, python-docx, pillow and pypdfium2. The built files are part of the repository.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2 as pdfium
import texts
from docx import Document
from PIL import Image, ImageFilter
from reportlab import rl_config
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).resolve().parent
rl_config.invariant = 1
BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=10.5, leading=15, spaceAfter=6)
HEAD = {1: ParagraphStyle("h1", fontName="Times-Bold", fontSize=17, leading=22, spaceAfter=8),
        2: ParagraphStyle("h2", fontName="Times-Bold", fontSize=12.5, leading=17, spaceBefore=8, spaceAfter=4)}
FIXED = datetime(2026, 1, 1, tzinfo=UTC)


def blocks(text: str):
    """Yield (kind, content): heading levels, paragraphs, table rows, page breaks."""
    for page_number, page in enumerate(text.strip().split("\f")):
        if page_number:
            yield "break", ""
        rows = []
        for line in [line.strip() for line in page.strip().splitlines()] + [""]:
            if line.startswith("|"):
                rows.append([cell.strip() for cell in line.strip("|").split("|")])
                continue
            if rows:
                yield "table", rows
                rows = []
            if line.startswith("#"):
                level = len(line) - len(line.lstrip("#"))
                yield f"h{level}", line.lstrip("# ")
            elif line:
                yield "p", line


def build_pdf(path: Path, text: str) -> None:
    story = []
    for kind, content in blocks(text):
        if kind == "break":
            story.append(PageBreak())
        elif kind == "table":
            story += [Table(content, hAlign="LEFT", colWidths=[60 * mm, 30 * mm]), Spacer(1, 6)]
        else:
            story.append(Paragraph(content, HEAD[int(kind[1])] if kind[0] == "h" else BODY))
    title = next(content for kind, content in blocks(text) if kind == "h1")
    margin = 18 * mm
    SimpleDocTemplate(str(path), pagesize=A5, title=title, author="Fernhill Instruments", leftMargin=margin,
                      rightMargin=margin, topMargin=margin, bottomMargin=margin).build(story)


def build_docx(path: Path, text: str) -> None:
    document = Document()
    document.core_properties.created = document.core_properties.modified = FIXED
    for kind, content in blocks(text):
        if kind == "table":
            table = document.add_table(rows=0, cols=len(content[0]))
            for row in content:
                for cell, value in zip(table.add_row().cells, row, strict=True):
                    cell.text = value
        elif kind == "p":
            document.add_paragraph(content)
        else:
            document.add_heading(content, level=int(kind[1]))
    stream = io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), source.read(name), zipfile.ZIP_DEFLATED)


def build_html(path: Path, text: str) -> None:
    lines = []
    for kind, content in blocks(text):
        lines.append(f"<{kind}>{content}</{kind}>")
    title = next(content for kind, content in blocks(text) if kind == "h1")
    nav = "<nav><a href='index.html'>Home</a> <a href='contact.html'>Contact</a></nav>"
    page = f"<!doctype html>\n<html lang='en'>\n<head><meta charset='utf-8'><title>{title}</title></head>\n<body>\n{nav}\n<main>\n"
    path.write_text(page + "\n".join(lines) + "\n</main>\n</body>\n</html>\n", encoding="utf-8")


def build_scan(path: Path, text: str) -> None:
    """Print the text, photograph it badly, and bind the picture into a PDF without a text layer."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A5, invariant=1)
    canvas.setFont("Courier", 12)
    for number, line in enumerate(text.strip().splitlines()):
        canvas.drawString(20 * mm, A5[1] - 30 * mm - number * 7 * mm, line)
    canvas.save()
    picture = pdfium.PdfDocument(stream.getvalue())[0].render(scale=2.2, grayscale=True).to_pil()
    picture = picture.rotate(1.2, fillcolor=255, resample=Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.7))
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=60)
    pages = pdfium.PdfDocument.new()
    image = pdfium.PdfImage.new(pages)
    image.load_jpeg(io.BytesIO(jpeg.getvalue()))
    page = pages.new_page(*A5)
    image.set_matrix(pdfium.PdfMatrix().scale(*A5))
    page.insert_obj(image)
    page.gen_content()
    pages.save(str(path))


def main() -> None:
    for name, text in texts.PDF.items():
        build_pdf(HERE / name, text)
    for name, text in texts.DOCX.items():
        build_docx(HERE / name, text)
    for name, text in texts.HTML.items():
        build_html(HERE / name, text)
    for name, text in {**texts.MARKDOWN, **texts.TEXT}.items():
        (HERE / name).write_text(text.lstrip("\n"), encoding="utf-8")
    for name, text in texts.SCAN.items():
        build_scan(HERE / name, text)


if __name__ == "__main__":
    main()

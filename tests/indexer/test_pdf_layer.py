"""A page's text layer: lines with their places, whatever the page's turn, and what cannot be seen."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
import pytest
from pdf_files import Draw, both, drawn, lines, side_by_side, wrapped
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from studiolo_indexer.parsers.pdf.pdf_layer import Layer, Places, read_layer, read_raw

LONG = (
    "the sentences of this text go on and on over many lines, so that each of the columns that it is set in is full of "
    "words that do not begin a sentence, and a reader who went straight across the page would understand nothing of it "
) * 3


def layer_of(*draws: Draw, size: tuple[float, float] = (400, 400)) -> Layer:
    with pdfium.PdfDocument(drawn(both(*draws), size=size)) as pdf:
        sheet = pdf[0]
        text = sheet.get_textpage()
        found = read_layer(sheet, text)
        text.close()
        sheet.close()
    return found


def test_lines_have_their_places_sizes_and_weights() -> None:
    layer = layer_of(
        lines(["A Heading"], size=20, font="Helvetica-Bold"), lines(["Some words."], left=60, top=300, size=10)
    )
    heading, words = layer.lines
    assert (layer.width, layer.height) == (400, 400)
    assert (heading.text, heading.bold, round(heading.size), round(heading.base)) == ("A Heading", True, 20, 60)
    assert (words.text, words.bold, round(words.size), round(words.left)) == ("Some words.", False, 10, 60)
    assert words.top < words.base < words.bottom
    assert (words.wordy, words.prose, words.hidden) == (True, False, "")


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_read_upright(turn: int) -> None:
    def turned(canvas: Canvas) -> None:
        canvas.setPageRotation(turn)
        lines(["First line", "Second line"])(canvas)
        canvas.saveState()
        canvas.rotate(90)
        canvas.drawString(100, -380, "At the side")
        canvas.restoreState()

    layer = layer_of(turned, size=(400, 300))
    places = {line.text: line for line in layer.lines}
    assert places["First line"].base < places["Second line"].base
    assert round(places["First line"].left) == round(places["Second line"].left) == 40
    assert [line.text for line in layer.lines if line.turned] == ["At the side"]
    # reportlab swaps the sides of a page that is turned, so that it is shown as wide as it was.
    assert (layer.width, layer.height) == ((400, 300) if turn % 180 == 0 else (300, 400))


def test_text_that_cannot_be_seen_is_named() -> None:
    def hidden(canvas: Canvas) -> None:
        for number, (mode, colour, size) in enumerate([(3, 0, 12), (0, 1, 12), (0, 0, 0.4), (0, 0, 12)]):
            canvas.saveState()
            text = canvas.beginText(40, 300 - 30 * number)
            text.setTextRenderMode(mode)
            text.setFillGray(colour)
            text.setFont("Helvetica", size)
            text.textLine(f"Line number {number}")
            canvas.drawText(text)
            canvas.restoreState()
        canvas.drawString(2000, 100, "Far away")

    layer = layer_of(hidden)
    assert [(line.text, line.hidden) for line in layer.lines] == [
        ("Line number 0", "invisible"),
        ("Line number 1", ""),
        ("Line number 2", "tiny"),
        ("Line number 3", ""),
        ("Far away", "outside"),
    ]
    assert len(layer.white) == 1


def test_the_invisible_words_behind_a_scan_are_meant_to_be_so() -> None:
    picture = io.BytesIO()
    Image.new("L", (50, 50), 200).save(picture, "PNG")

    def scan(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(io.BytesIO(picture.getvalue())), 0, 0, 400, 400)
        text = canvas.beginText(40, 300)
        text.setTextRenderMode(3)
        text.textLine("Recognised words")
        canvas.drawText(text)

    layer = layer_of(scan)
    assert [line.hidden for line in layer.lines] == [""]
    assert layer.pictured == pytest.approx(1.0)


def test_lines_that_run_over_columns_are_cut_and_rows_of_tables_are_not() -> None:
    rows = wrapped(LONG, 160)
    half = len(rows) // 2
    columns = layer_of(side_by_side(rows[:half], rows[half:], lefts=(40, 220)))
    assert {line.text for line in columns.lines} == set(rows)
    cells = [f"What the contract says about point {n} of it" for n in range(9)]
    table = layer_of(side_by_side(cells, cells, lefts=(20, 230)))
    assert [line.text for line in table.lines] == [f"{cell} {cell}" for cell in cells]


def test_letters_beyond_the_basic_plane_do_not_shift_what_follows() -> None:
    """PDFium counts in UTF-16: a letter of mathematics takes two of its places."""
    with pdfium.PdfDocument(drawn(lines(["ab cd"]))) as pdf:
        text = pdf[0].get_textpage()
        raw, places = read_raw(text)
        assert [places.char(n) for n in range(5)] == [0, 1, 2, 3, 4]
        assert places.box(places.char(3))[0] > places.box(places.char(0))[0]
        astral = Places(text, "\U0001d465" + raw[2:])
        assert astral.box(astral.char(1)) == places.box(places.char(2))


def test_an_empty_page_has_nothing() -> None:
    layer = layer_of(lines([]))
    assert (layer.raw, layer.lines, layer.has_content) == ("", (), False)

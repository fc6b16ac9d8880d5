"""Comments and the values of a form's fields are part of a page's text."""

from __future__ import annotations

from pdf_files import Draw, drawn, lines
from reportlab.lib.colors import black
from reportlab.pdfgen.canvas import Canvas

from studiolo_indexer.parsers.pdf.pdf_notes import read_notes
from studiolo_indexer.parsers.pdf.pdf_reading import opened


def notes_of(draw: Draw) -> list[str]:
    with opened(drawn(draw)) as pdf:
        sheet = pdf[0]
        notes = read_notes(sheet)
        sheet.close()
    assert all(left < right and bottom < top for left, bottom, right, top in (note.box for note in notes))
    return [note.text for note in notes]


def test_filled_in_fields_are_named_and_empty_ones_are_not() -> None:
    def form(canvas: Canvas) -> None:
        fields = canvas.acroForm
        fields.textfield(name="surname", tooltip="Family name", value="Lovelace", x=40, y=300, borderColor=black)
        fields.textfield(name="empty", value="", x=40, y=260)
        fields.checkbox(name="member", tooltip="Member of the union", checked=True, x=40, y=220)
        fields.checkbox(name="other", checked=False, x=40, y=200)
        fields.choice(name="country", value="Norway", options=["Norway", "Spain"], x=40, y=150)
        fields.textfield(name="pin", value="1234", fieldFlags="password", x=40, y=100)

    assert notes_of(form) == ["Family name: Lovelace", "Member of the union: yes", "country: Norway"]


def test_a_typed_on_text_is_read_and_links_are_not() -> None:
    def typed(canvas: Canvas) -> None:
        lines(["Words."])(canvas)
        canvas.freeTextAnnotation("Approved\nby Ada", DA="/Helv 10 Tf", Rect=[50, 50, 150, 90])
        canvas.linkURL("http://example.org", (40, 330, 90, 350))

    assert notes_of(typed) == ["Approved by Ada"]


def test_a_page_without_any_has_none() -> None:
    assert notes_of(lines(["Words."])) == []

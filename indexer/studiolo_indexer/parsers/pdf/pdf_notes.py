"""What a PDF's page says beside its text layer: comments, typed-on text and the values of form fields."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from studiolo_indexer.parsers.building import safe_text
from studiolo_indexer.parsers.pdf.pdf_text import Note

_MOST_ANNOTATIONS = 3000
_MOST_BYTES = 400_000
_COMMENTS = frozenset(
    (
        pdfium_c.FPDF_ANNOT_TEXT,
        pdfium_c.FPDF_ANNOT_HIGHLIGHT,
        pdfium_c.FPDF_ANNOT_UNDERLINE,
        pdfium_c.FPDF_ANNOT_SQUIGGLY,
        pdfium_c.FPDF_ANNOT_STRIKEOUT,
        pdfium_c.FPDF_ANNOT_CARET,
        pdfium_c.FPDF_ANNOT_STAMP,
        pdfium_c.FPDF_ANNOT_INK,
        pdfium_c.FPDF_ANNOT_SQUARE,
        pdfium_c.FPDF_ANNOT_CIRCLE,
        pdfium_c.FPDF_ANNOT_LINE,
    )
)
_SWITCHES = frozenset((pdfium_c.FPDF_FORMFIELD_CHECKBOX, pdfium_c.FPDF_FORMFIELD_RADIOBUTTON))
_VALUES = frozenset(
    (pdfium_c.FPDF_FORMFIELD_TEXTFIELD, pdfium_c.FPDF_FORMFIELD_COMBOBOX, pdfium_c.FPDF_FORMFIELD_LISTBOX)
)
_PASSWORD_FLAG = 1 << 13


def read_notes(sheet: pdfium.PdfPage) -> tuple[Note, ...]:
    """Read the comments and filled-in fields of a page, in the page's order; hidden ones are left out."""
    count = min(_MOST_ANNOTATIONS, pdfium_c.FPDFPage_GetAnnotCount(sheet.raw))
    return tuple(note for number in range(count) for note in _note(sheet, number))


def _note(sheet: pdfium.PdfPage, number: int) -> Iterator[Note]:
    annotation = pdfium_c.FPDFPage_GetAnnot(sheet.raw, number)
    if not annotation:
        return
    try:
        kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
        text = ""
        if pdfium_c.FPDFAnnot_GetFlags(annotation) & pdfium_c.FPDF_ANNOT_FLAG_HIDDEN:
            return
        if kind in _COMMENTS:
            text = _comment(annotation)
        elif kind == pdfium_c.FPDF_ANNOT_FREETEXT:
            text = _entry(annotation, b"Contents")
        elif kind == pdfium_c.FPDF_ANNOT_WIDGET and sheet.formenv is not None:
            text = _field(sheet.formenv.raw, annotation)
        if text:
            yield Note(text, _box(annotation))
    finally:
        pdfium_c.FPDFPage_CloseAnnot(annotation)


def _comment(annotation: object) -> str:
    text, author = _entry(annotation, b"Contents"), _entry(annotation, b"T")
    return (f"Comment ({author}): {text}" if author else f"Comment: {text}") if text else ""


def _field(form: object, annotation: object) -> str:
    """Give a field as `name: value`; one that is empty, switched off or a password gives nothing."""
    kind = pdfium_c.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in _SWITCHES:
        value = "yes" if pdfium_c.FPDFAnnot_IsChecked(form, annotation) else ""
        exported = _string(lambda b, n: pdfium_c.FPDFAnnot_GetFormFieldExportValue(form, annotation, b, n))
        value = exported if value and exported not in ("", "On", "Yes", "1") else value
    elif kind in _VALUES and not pdfium_c.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD_FLAG:
        value = _string(lambda b, n: pdfium_c.FPDFAnnot_GetFormFieldValue(form, annotation, b, n))
    else:
        value = ""
    if not value:
        return ""
    name = _string(lambda b, n: pdfium_c.FPDFAnnot_GetFormFieldAlternateName(form, annotation, b, n)) or _string(
        lambda b, n: pdfium_c.FPDFAnnot_GetFormFieldName(form, annotation, b, n)
    )
    return f"{name}: {value}" if name else value


def _entry(annotation: object, key: bytes) -> str:
    return _string(lambda buffer, size: pdfium_c.FPDFAnnot_GetStringValue(annotation, key, buffer, size))


def _string(ask: Callable[[object, int], int]) -> str:
    """Read one of PDFium's UTF-16 strings: its length in bytes first, then itself."""
    size = min(ask(None, 0), _MOST_BYTES)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    if ask(buffer, size) > size:
        return ""
    text = bytes(buffer)[:size].decode("utf-16-le", "replace").partition("\0")[0]
    return " ".join(safe_text(text).split())


def _box(annotation: object) -> tuple[float, float, float, float]:
    rectangle = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDFAnnot_GetRect(annotation, rectangle):
        return (0.0, 0.0, 0.0, 0.0)
    return (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)

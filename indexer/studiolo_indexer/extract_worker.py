"""The process that meets untrusted bytes: a JSON line and raw bytes in on stdin, one JSON line out on stdout.

It is given bytes, never a path: it can open no document, write no file and reach no network (`sandbox`). A request is
`{"op", "name", "size_bytes", ...}` followed by that many bytes, with the op "extract", "beginning", "render", "words",
"texts", "ocr" or "sandbox"; the reply is `{"document": {...}}`, `{"page": {...}}`, `{"words": {...}}`,
`{"texts": [...], "pages"}`, `{"ocr": {...}}`, `{"sandbox": {...}}` or `{"failure": {"code", "reason"}}`.
"""

from __future__ import annotations

import base64
import dataclasses
import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import Any, BinaryIO

import psutil

from studiolo_indexer import media_types
from studiolo_indexer.errors import NO_TEXT, NO_TEXT_REASON, FileFailure
from studiolo_indexer.flagging import flagged
from studiolo_indexer.media_types import media_type_for, sniff
from studiolo_indexer.records import Document, PageWords
from studiolo_indexer.sandbox import confine

# Who reads what: imported with the first file of its kind, since some take a while and most are never needed.
PARSERS = {
    media_types.PDF: ("pdf.pdf_document", "parse_pdf"),
    media_types.DOCX: ("office.docx", "parse_docx"),
    media_types.PPTX: ("office.pptx", "parse_pptx"),
    media_types.XLSX: ("spreadsheets.xlsx", "parse_xlsx"),
    media_types.XLSB: ("spreadsheets.spreadsheet", "parse_spreadsheet"),
    media_types.XLS: ("spreadsheets.spreadsheet", "parse_spreadsheet"),
    media_types.ODT: ("opendocument.odf", "parse_odf"),
    media_types.ODP: ("opendocument.odf", "parse_odf"),
    media_types.ODS: ("opendocument.odf", "parse_odf"),
    media_types.ODG: ("opendocument.odf", "parse_odf"),
    media_types.RTF: ("office.rtf", "parse_rtf"),
    media_types.DOC: ("office.legacy_office", "parse_legacy"),
    media_types.PPT: ("office.legacy_office", "parse_legacy"),
    media_types.HTML: ("web.html", "parse_html"),
    media_types.MARKDOWN: ("markup.markdown", "parse_markdown"),
    media_types.PLAIN: ("plain", "parse_plain"),
    media_types.SOURCE: ("data.source_code", "parse_source"),
    media_types.CSV: ("data.delimited", "parse_delimited"),
    media_types.JSON: ("data.data_files", "parse_json"),
    media_types.JSON_LINES: ("data.data_files", "parse_json_lines"),
    media_types.SETTINGS: ("data.settings_files", "parse_settings"),
    media_types.XML: ("data.xml_files", "parse_xml_file"),
    media_types.SUBTITLES: ("data.subtitles", "parse_subtitles"),
    media_types.RST: ("markup.light_markup", "parse_rst"),
    media_types.ASCIIDOC: ("markup.light_markup", "parse_asciidoc"),
    media_types.LATEX: ("markup.latex", "parse_latex"),
    media_types.NOTEBOOK: ("markup.notebooks", "parse_notebook"),
    media_types.EPUB: ("web.epub", "parse_epub"),
    media_types.EML: ("mail.internet_mail", "parse_eml"),
    media_types.MBOX: ("mail.internet_mail", "parse_mbox"),
    media_types.MSG: ("mail.outlook", "parse_msg"),
    **dict.fromkeys(media_types.PICTURES, ("pictures.images", "parse_image")),
}

# What draws a slide (`render_…`) and reads it (`read_…`); PDF and pictures have their own.
SLIDES = {
    media_types.PPTX: ("office.pptx_picture", "pptx_slide"),
    media_types.ODP: ("opendocument.odf_picture", "odf_slide"),
    media_types.ODG: ("opendocument.odf_picture", "odf_slide"),
    media_types.PPT: ("office.legacy_office", "legacy"),
}

_LOW_PRIORITY = 10

Json = dict[str, Any]  # Any: a JSON document
Parser = Callable[[bytes, str], Document]


def main() -> int:
    """Serve requests until the input ends."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    state = confine()
    while header := sys.stdin.buffer.readline(1 << 16):
        request = json.loads(header)
        data = sys.stdin.buffer.read(request["size_bytes"])
        _reply(out, {"sandbox": state} if request["op"] == "sandbox" else answer(request, data))
    return 0


def answer(request: Json, data: bytes) -> Json:
    """Answer one request; whatever a document does to a parser becomes a failure of that file."""
    try:
        return _OPERATIONS[request["op"]](request, data)
    except FileFailure as failure:
        return {"failure": {"code": failure.code, "reason": failure.reason}}
    except (MemoryError, RecursionError):
        return {"failure": {"code": "file.memory", "reason": "It needs more memory than a document may."}}
    except Exception as error:  # noqa: BLE001 - the extractor's loop: parsers of untrusted bytes may raise anything
        sys.stderr.write(f"parser failed: {type(error).__name__}\n")
        return {"failure": {"code": "file.damaged", "reason": f"It could not be read ({type(error).__name__})."}}


def extract(data: bytes, name: str) -> Document:
    """Choose the parser by the file's name, and correct it by the file's first bytes.

    Raises:
        FileFailure: If the format is not read, or the parser refuses the file.
    """
    media_type = sniff(data, media_type_for(name))
    if media_type not in PARSERS:
        raise FileFailure("file.unsupported", "Files of this kind are not read yet.")
    module, function = PARSERS[media_type]
    parser: Parser = getattr(importlib.import_module(f"studiolo_indexer.parsers.{module}"), function)
    return flagged(parser(data, name))


def beginning(data: bytes, name: str) -> Document | None:
    """Read the first pages of a long PDF; None where that is no PDF, or a short one.

    Raises:
        FileFailure: As for `extract`.
    """
    if sniff(data, media_type_for(name)) != media_types.PDF:
        return None
    from studiolo_indexer.parsers.pdf.pdf_document import parse_beginning

    return parse_beginning(data, name)


def _extract(request: Json, data: bytes) -> Json:
    document = extract(data, request["name"])
    if document.pages is not None and not document.text.strip() and not document.ocr_wanted:
        raise FileFailure(NO_TEXT, NO_TEXT_REASON)  # it says nothing, and shows nothing that could be recognised
    return {"document": document}


def _render(request: Json, data: bytes) -> Json:
    kind = sniff(data, media_type_for(request["name"]))
    if kind in media_types.PICTURES:
        from studiolo_indexer.parsers.pictures.images import render_picture

        image = render_picture(data, page=request["page"], width=request["width"])
    elif kind in SLIDES:
        draw = _of_slides(kind, "render")
        quote, start, end = request["quote"], request["start"], request["end"]
        if not quote and end > start:
            quote = extract(data, request["name"]).text[start:end]
        image = draw(data, page=request["page"], width=request["width"], quote=quote)
    else:
        from studiolo_indexer.parsers.pdf.pdf_pages import render_pdf_page

        image = render_pdf_page(
            data,
            page=request["page"],
            start=request["start"],
            end=request["end"],
            width=request["width"],
            quote=request["quote"],
        )
    page = dataclasses.asdict(image)
    page["png"] = base64.b64encode(image.png).decode("ascii")
    return {"page": page}


def _words(request: Json, data: bytes) -> Json:
    """Give the words of a page with their places; a picture has none but those that are recognised."""
    kind, page = sniff(data, media_type_for(request["name"])), request["page"]
    if kind in media_types.PICTURES:
        return {"words": PageWords(page, page, "", 1.0, 1.0)}
    if kind in SLIDES:
        from studiolo_indexer.parsers.office.slide_picture import slide_words

        slide, number, pages = _of_slides(kind, "read")(data, page=page)
        return {"words": slide_words(slide, page=number, pages=pages)}
    from studiolo_indexer.parsers.pdf.pdf_words import read_pdf_words

    return {"words": read_pdf_words(data, page=page)}


def _texts(request: Json, data: bytes) -> Json:
    """Give the texts of pages from one on, as `_words` gives each, for about as long as is asked for."""
    kind, first = sniff(data, media_type_for(request["name"])), request["page"]
    if kind in media_types.PICTURES:
        return {"texts": [""], "pages": first}
    if kind not in SLIDES:
        from studiolo_indexer.parsers.pdf.pdf_words import read_pdf_texts

        texts, pages = read_pdf_texts(data, first=first, seconds=request["seconds"])
        return {"texts": texts, "pages": pages}
    until = time.monotonic() + request["seconds"]
    found: list[str] = []
    pages = first
    while not found or (first + len(found) <= pages and time.monotonic() < until):
        words: PageWords = _words({**request, "page": first + len(found)}, data)["words"]
        found.append(words.text)
        pages = words.pages
    return {"texts": found, "pages": pages}


def _of_slides(kind: str, what: str) -> Callable[..., Any]:  # Any: a picture, or a slide with its number
    module, name = SLIDES[kind]
    function: Callable[..., Any] = getattr(
        importlib.import_module(f"studiolo_indexer.parsers.{module}"), f"{what}_{name}"
    )
    return function


def _recognise(request: Json, data: bytes) -> Json:
    _yield_to_others()
    from studiolo_indexer.parsers.pictures.ocr import recognise

    if _is_picture(request, data):
        from studiolo_indexer.parsers.pictures.images import picture_of_frame

        picture = picture_of_frame(data, request["page"])
    else:
        from studiolo_indexer.parsers.pdf.pdf_pages import picture_of_pdf_page

        picture = picture_of_pdf_page(data, request["page"])
    return {"ocr": recognise(picture)}


@cache
def _yield_to_others() -> None:
    """Give way to every other program from now on: a page takes seconds of all the processor's time."""
    process = psutil.Process()
    process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else _LOW_PRIORITY)


def _is_picture(request: Json, data: bytes) -> bool:
    return sniff(data, media_type_for(request["name"])) in media_types.PICTURES


_OPERATIONS: dict[str, Callable[[Json, bytes], Json]] = {
    "extract": _extract,
    "beginning": lambda request, data: {"document": beginning(data, request["name"])},
    "render": _render,
    "words": _words,
    "texts": _texts,
    "ocr": _recognise,
}


def _fields(record: Any) -> Json:  # Any: one of our slotted records
    """Give a record's fields for JSON; `dataclasses.asdict` would copy each value, and cost as much as the parsing."""
    return {name: getattr(record, name) for name in record.__slots__}


def _reply(out: BinaryIO, reply: Json) -> None:
    view = memoryview(json.dumps(reply, default=_fields, separators=(",", ":")).encode("ascii") + b"\n")
    while view:
        view = view[out.write(view) or 0 :]


if __name__ == "__main__":
    sys.exit(main())

"""The process that meets untrusted bytes: a JSON line and raw bytes in on stdin, one JSON line out on stdout.

It is given bytes, never a path: it can open no document, write no file and reach no network (`sandbox`). A request is
`{"op": "extract"|"render"|"sandbox", "name", "size_bytes", ...}` followed by that many bytes; the reply is
`{"document": {...}}`, `{"page": {...}}`, `{"sandbox": {...}}` or `{"failure": {"code", "reason"}}`.
"""

from __future__ import annotations

import base64
import dataclasses
import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from studiolo_indexer import media_types
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.media_types import media_type_for, sniff
from studiolo_indexer.records import Document
from studiolo_indexer.sandbox import confine

# Who reads what: imported with the first file of its kind, since some take a while and most are never needed.
PARSERS = {
    media_types.PDF: ("pdf", "parse_pdf"),
    media_types.DOCX: ("docx", "parse_docx"),
    media_types.HTML: ("html", "parse_html"),
    media_types.MARKDOWN: ("plain", "parse_markdown"),
    media_types.PLAIN: ("plain", "parse_plain"),
    media_types.SOURCE: ("plain", "parse_source"),
}

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
        _reply(out, {"sandbox": dataclasses.asdict(state)} if request["op"] == "sandbox" else answer(request, data))
    return 0


def answer(request: Json, data: bytes) -> Json:
    """Answer one request; whatever a document does to a parser becomes a failure of that file."""
    try:
        if request["op"] == "render":
            return _render(request, data)
        return {"document": dataclasses.asdict(extract(data, request["name"]))}
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
    return parser(data, name)


def _render(request: Json, data: bytes) -> Json:
    from studiolo_indexer.parsers.pdf import render_pdf_page

    image = render_pdf_page(
        data, page=request["page"], start=request["start"], end=request["end"], width=request["width"]
    )
    page = dataclasses.asdict(image)
    page["png"] = base64.b64encode(image.png).decode("ascii")
    return {"page": page}


def _reply(out: BinaryIO, reply: Json) -> None:
    view = memoryview(json.dumps(reply, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n")
    while view:
        view = view[out.write(view) or 0 :]


if __name__ == "__main__":
    sys.exit(main())

"""Short reads that never wait for indexing or an answer: ledger, texts, pages, models; owned by T-view."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from studiolo import __version__, messages
from studiolo.desk import MOST_ROWS, Job, Json
from studiolo.doctor import examine
from studiolo.filter_reports import filters_row
from studiolo.ledger_desk import ledger_slice
from studiolo.messages import Request
from studiolo.model_facts import ModelFacts, memory_now
from studiolo.offline import check as check_offline
from studiolo.prompts import system_words
from studiolo.results import counts_record, folder_record, model_record, text_result
from studiolo.source_reads import SourceReads, name_of, read_file, read_known, start_of_page
from studiolo.source_states import outdated_sources
from studiolo.styles import load_styles
from studiolo.workspace import Workspace, as_bytes, as_path
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.errors import NO_TEXT, NO_TEXT_REASON, FileFailure
from studiolo_indexer.extraction import Extractor
from studiolo_indexer.ocr_merging import boxes_of, with_ocr
from studiolo_indexer.originals import find_original
from studiolo_indexer.query_filters import read_filters
from studiolo_indexer.reading import StableRead
from studiolo_indexer.records import Document, LedgerCounts, OcrPage, added_up

_MAX_WIDTH = 4000


class ViewDesk:
    """Reads the catalogue with a handle of its own, and keeps one extractor for the viewer.

    Args:
        workspace: What is opened.
        activity: Tells whether indexing runs, whether it is paused, and how hard it works: fields of `status`.
    """

    def __init__(
        self, workspace: Workspace, *, activity: Callable[[], Json] = lambda: {"indexing": False, "paused": False}
    ) -> None:
        self._workspace = workspace
        self._activity = activity
        self._catalogue: Catalogue | None = None
        self._extractor: Extractor | None = None
        self._facts = ModelFacts()
        self._last: tuple[tuple[str, str], Document] | None = None
        self._reads = SourceReads(catalogue=self._open, extractor=self._extract, document=self._document)

    def handle(self, request: Request, job: Job) -> Json:
        """Do one short read."""
        handlers: dict[type[Request], Callable[[], Json]] = {
            messages.Hello: self._hello,
            messages.Status: self._status,
            messages.Files: lambda: ledger_slice(self._open(), cast("messages.Files", request)),
            messages.Original: lambda: self._original(cast("messages.Original", request)),
            messages.Text: lambda: self._text(cast("messages.Text", request)),
            messages.View: lambda: self._view(cast("messages.View", request)),
            messages.PageWords: lambda: self._reads.page_words(cast("messages.PageWords", request)),
            messages.FindIn: lambda: self._reads.find_in(cast("messages.FindIn", request)),
            messages.ReadFilters: lambda: _filters(cast("messages.ReadFilters", request)),
            messages.CheckSources: lambda: self._check(cast("messages.CheckSources", request)),
            messages.Models: self._models,
            messages.UseModel: lambda: self._use(cast("messages.UseModel", request)),
            messages.Styles: self._styles,
            messages.Doctor: lambda: {"findings": [f.as_dict() for f in examine(self._workspace)]},
        }  # the casts repeat what the key says
        if type(request) not in handlers:
            raise TypeError(f"not for this desk: {request.type}")
        try:
            return handlers[type(request)]()
        finally:
            if self._extractor is not None:
                self._extractor.rest()

    def close(self) -> None:
        """End the viewer's extractor and close the catalogue."""
        if self._extractor is not None:
            self._extractor.close()
        if self._catalogue is not None:
            self._catalogue.close()

    def _open(self) -> Catalogue:
        if self._catalogue is None:
            self._catalogue = self._workspace.catalogue()
        return self._catalogue

    def _hello(self) -> Json:
        findings = check_offline()
        in_use = {m.role: m.name for m in self._workspace.registry.list_models() if m.in_use}
        return {
            "protocol": messages.PROTOCOL,
            "version": __version__,
            "home": str(self._workspace.paths.home),
            "offline": {
                "verified": all(f.ok for f in findings),
                "findings": [{"check": f.check, "ok": f.ok, "detail": f.detail} for f in findings],
            },
            "models": in_use,
            "adapter": self._workspace.settings.adapter or None,
        }

    def _status(self) -> Json:
        catalogue = self._open()
        folders, counts = catalogue.folders(), catalogue.ledger.counts_by_folder()
        files = {f.folder_id: counts.get(f.folder_id, LedgerCounts()) for f in folders}
        return {
            "collections": [
                {
                    "name": name,
                    "folders": [
                        folder_record(f) | {"files": counts_record(files[f.folder_id])}
                        for f in folders
                        if f.collection == name
                    ],
                    "files": counts_record(added_up(files[f.folder_id] for f in folders if f.collection == name)),
                }
                for name in dict.fromkeys(f.collection for f in folders)
            ],
            **self._activity(),
        }

    def _original(self, request: messages.Original) -> Json:
        path = as_path(request.path)
        find_original(self._open(), os.fsencode(path), to_open=not request.show)
        return {"path": os.fsdecode(path), "folder": os.fsdecode(path.parent)}

    def _check(self, request: messages.CheckSources) -> Json:
        return {"sources": outdated_sources(self._open(), request.sources)}

    def _text(self, request: messages.Text) -> Json:
        document = self._document(request.path, read_file(as_bytes(request.path)))
        if document.ocr_wanted and not document.text.strip():
            raise FileFailure(NO_TEXT, NO_TEXT_REASON)
        return text_result(request.path, document)

    def _document(self, path: str, read: StableRead) -> Document:
        """Give a file's text with the pages that were recognised, as it is in the index."""
        document = self._own_text(path, read)
        return with_ocr(document, self._open().recognised.of(read.sha256)) if document.ocr_wanted else document

    def _own_text(self, path: str, read: StableRead) -> Document:
        """Give a file's text without recognised pages; the last is kept: its places are asked for in a row."""
        key = (name_of(path), read.sha256)
        if self._last is None or self._last[0] != key:
            self._last = key, self._extract().extract(read.data, name=key[0])
        return self._last[1]

    def _view(self, request: messages.View) -> Json:
        record, read = read_known(self._open(), request.path)
        stale = request.sha256 is not None and read.sha256 != request.sha256
        if request.page is not None and record.pages:
            here = request if stale else self._on_page(request, record.doc_id, request.page)
            return self._page(here, read, stale=stale, has_recognised=record.ocr_pages > 0)
        document = self._document(request.path, read)
        start, end = _find_again(document.text, request)
        lost = bool(request.quote) and document.text[start:end] != request.quote
        return {
            "kind": "text",
            "path": request.path,
            "sha256": read.sha256,
            "text": document.text,
            "start": start,
            "end": end,
            "stale": stale or lost,
        }

    def _on_page(self, request: messages.View, doc_id: str, page: int) -> messages.View:
        """Leave of a span what lies on the page: a passage may go on to the next one."""
        if not 0 <= request.start < request.end <= MOST_ROWS:
            return request
        start, end = self._open().chunks.span_on_page(doc_id, min(page, MOST_ROWS), request.start, request.end)
        if (start, end) == (request.start, request.end):
            return request
        quote = request.quote
        if len(quote) == request.end - request.start:
            quote = quote[start - request.start : end - request.start].rstrip()
        if start >= end:
            return replace(request, start=0, end=0, quote="")
        return replace(request, start=start, end=end, quote=quote)

    def _page(self, request: messages.View, read: StableRead, *, stale: bool, has_recognised: bool) -> Json:
        number = request.page or 1
        recognised = self._open().recognised.page(read.sha256, number) if has_recognised else None
        if recognised is not None and request.quote and not _says(recognised, request.quote):
            recognised = None  # words that the page had as text, beside those in its picture
        # What the renderer marks stands in the file's own text; where a picture's words stand, is known here.
        is_moved = has_recognised and recognised is None and request.end > request.start
        moved = self._moved(request.path, read, number) if is_moved else 0
        image = self._extract().render(
            read.data,
            name=name_of(request.path),
            page=number,
            start=0 if recognised else request.start - moved,
            end=0 if recognised else request.end - moved,
            width=max(100, min(request.width, _MAX_WIDTH)),
            quote=request.quote,
        )
        boxes = image.boxes
        if recognised is not None:
            boxes = boxes_of(recognised, *self._span_on_page(request, read, recognised), width=image.width)
        return {
            "kind": "page",
            "path": request.path,
            "sha256": read.sha256,
            "page": image.page,
            "pages": image.pages,
            "width": image.width,
            "height": image.height,
            "png": base64.b64encode(image.png).decode("ascii"),
            # Offsets belong to the version that was indexed: on another version they would mark other words.
            "boxes": [] if stale else [[b.x, b.y, b.width, b.height] for b in boxes],
            "stale": stale,
            "ocr_confidence": None if recognised is None else round(recognised.confidence, 3),
        }

    def _span_on_page(self, request: messages.View, read: StableRead, page: OcrPage) -> tuple[int, int]:
        """Give the place of the asked span in a recognised page's own text: where its words stand once, or counted."""
        if request.quote and page.text.count(request.quote) == 1:
            start = page.text.index(request.quote)
            return start, start + len(request.quote)
        first = start_of_page(self._document(request.path, read), request.page or 1)
        return max(0, request.start - first), max(0, request.end - first)

    def _moved(self, path: str, read: StableRead, page: int) -> int:
        """Tell by how much recognised pages before it have moved a page's text."""
        return start_of_page(self._document(path, read), page) - start_of_page(self._own_text(path, read), page)

    def _models(self) -> Json:
        context, memory = self._workspace.settings.context_tokens, memory_now()
        models = self._workspace.registry.list_models()
        return {
            "models": [self._facts.record(m, context_tokens=context, memory=memory) for m in models],
            "available_bytes": memory.available,
            "total_bytes": memory.total,
        }

    def _styles(self) -> Json:
        styles = load_styles(self._workspace.paths.styles)
        told = [style.as_dict() | {"prompt": system_words(style, "cited")} for style in styles.styles]
        return styles.as_dict() | {"styles": told}

    def _use(self, request: messages.UseModel) -> Json:
        if not request.name:
            self._workspace.registry.use_no_reranker()
            return {"role": "reranker", "name": None}
        return model_record(self._workspace.registry.use(request.name))

    def _extract(self) -> Extractor:
        if self._extractor is None:
            self._extractor = self._workspace.extractor()
        return self._extractor


def _filters(request: messages.ReadFilters) -> Json:
    return filters_row(read_filters(request.query), documents=None)


def _find_again(text: str, request: messages.View) -> tuple[int, int]:
    """Give the span to mark: the one asked for, or where the quoted words stand now."""
    start = max(0, min(request.start, len(text)))
    end = max(start, min(request.end, len(text)))
    if not request.quote or text[start:end] == request.quote:
        return start, end
    found = text.find(request.quote)
    return (found, found + len(request.quote)) if found >= 0 else (0, 0)


def _says(page: OcrPage, quote: str) -> bool:
    return "".join(quote.split()) in "".join(page.text.split())

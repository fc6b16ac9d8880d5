"""What the viewer asks of a document beside its pictures: a page's words, and where words stand; owned by T-view."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from studiolo import messages
from studiolo.desk import Json, bounded
from studiolo.errors import AssistantError
from studiolo.workspace import as_bytes
from studiolo_indexer.admission import MAX_FILE_BYTES
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.errors import FileFailure, FileUnknown
from studiolo_indexer.extraction import Extractor
from studiolo_indexer.reading import StableRead, read_stable
from studiolo_indexer.records import Document, FileRecord, OcrPage, PageWords
from studiolo_indexer.text_search import TextSearch

_READ_S = 0.15
_MOST_HITS = 5000
_MOST_PAGES = 10**7
_MOST_KEPT_CHARS = 10_000_000


@dataclass(slots=True)
class _Texts:
    """The texts of a document's pages that were read so far, by their number from 1."""

    sha256: str
    pages: int = 0
    texts: dict[int, str] = field(default_factory=dict)
    chars: int = 0

    def keep(self, first: int, texts: Sequence[str]) -> None:
        """Keep the texts of pages from `first` on; where all would take too much, those before are forgotten."""
        chars = sum(map(len, texts))
        if self.chars + chars > _MOST_KEPT_CHARS:
            self.texts.clear()
            self.chars = 0
        self.texts |= {page: text for page, text in enumerate(texts, start=first) if page <= self.pages}
        self.chars += chars


class SourceReads:
    """Reads the words of files of the ledger; keeps the texts of one document's pages.

    Args:
        catalogue, extractor: Give those of the desk that owns this.
        document: Gives the text of a file that was read, with its recognised pages.
    """

    def __init__(
        self,
        *,
        catalogue: Callable[[], Catalogue],
        extractor: Callable[[], Extractor],
        document: Callable[[str, StableRead], Document],
    ) -> None:
        self._catalogue = catalogue
        self._extractor = extractor
        self._document = document
        self._last: _Texts | None = None

    def page_words(self, request: messages.PageWords) -> Json:
        """Give the words of a page with their boxes.

        Raises:
            FileUnknown: If the file is not in the ledger.
            FileFailure: If it cannot be read, or is not paged (file.unsupported).
        """
        record, read = read_known(self._catalogue(), request.path)
        if not record.pages:
            raise FileFailure("file.unsupported", "It has no pages.")
        number = max(1, min(request.page, _MOST_PAGES))
        recognised = self._recognised(read.sha256, number) if record.ocr_pages else None
        row: Json = {"path": request.path, "sha256": read.sha256}
        if recognised is not None:
            row |= {"page": number, "pages": record.pages}
            sure = round(recognised.confidence, 3)
            return row | _words_row(recognised) | {"ocr_confidence": sure}
        words = self._extractor().words(read.data, name=name_of(request.path), page=number)
        row |= {"page": words.page, "pages": words.pages}
        return row | _words_row(words) | {"ocr_confidence": None}

    def find_in(self, request: messages.FindIn) -> Json:
        """Look for words in a file, from a page on for a while.

        Raises:
            AssistantError: `question.empty` without words.
            FileUnknown, FileFailure: As for `page_words`.
        """
        search = TextSearch(request.words)
        if not search:
            raise AssistantError("question.empty")
        record, read = read_known(self._catalogue(), request.path)
        row: Json = {"path": request.path, "sha256": read.sha256, "words": request.words, "more": False}
        if not record.pages:
            spans = search.places(self._document(request.path, read).text)
            first = islice(spans, _MOST_HITS + 1)
            hits = [{"page": None, "start": start, "end": end} for start, end in first]
            row |= {"pages": None, "hits": hits[:_MOST_HITS], "more": len(hits) > _MOST_HITS}
            return row | {"silent": 0, "next": None}
        return row | self._find_on_pages(request, search, read, has_recognised=record.ocr_pages > 0)

    def _find_on_pages(
        self, request: messages.FindIn, search: TextSearch, read: StableRead, *, has_recognised: bool
    ) -> Json:
        texts = self._texts_from(request, read)
        hits: list[Json] = []
        silent = 0
        until = time.monotonic() + _READ_S
        page = first = max(1, bounded(request.page))
        while page in texts.texts and len(hits) < _MOST_HITS and (page == first or time.monotonic() < until):
            recognised = self._recognised(read.sha256, page) if has_recognised else None
            text = texts.texts[page] if recognised is None else recognised.text
            hits += [{"page": page, "start": start, "end": end} for start, end in search.places(text)]
            silent += not text.strip()
            page += 1
        is_over = page > texts.pages or page == first
        return {"pages": texts.pages, "hits": hits, "silent": silent, "next": None if is_over else page}

    def _texts_from(self, request: messages.FindIn, read: StableRead) -> _Texts:
        """Give the texts that are known, after pages from the one that is asked for were read for a while."""
        texts = self._last if self._last is not None and self._last.sha256 == read.sha256 else _Texts(read.sha256)
        self._last = texts
        page = max(1, bounded(request.page))
        if page not in texts.texts and (not texts.pages or page <= texts.pages):
            name = name_of(request.path)
            new, texts.pages = self._extractor().texts(read.data, name=name, page=page, seconds=_READ_S)
            texts.keep(page, new)
        return texts

    def _recognised(self, sha256: str, page: int) -> OcrPage | None:
        return self._catalogue().recognised.page(sha256, page)


def read_file(path: bytes) -> StableRead:
    """Read a file as it is now.

    Raises:
        FileFailure: If it cannot be read, or is too large.
    """
    return read_stable(path, max_bytes=MAX_FILE_BYTES)


def read_known(catalogue: Catalogue, path: str) -> tuple[FileRecord, StableRead]:
    """Read a file of the ledger, and none but such.

    Raises:
        FileUnknown: If it is not in the ledger.
        AssistantError: `path.bad`.
        FileFailure: As for `read_file`.
    """
    place = as_bytes(path)
    record = catalogue.find_file(place)
    if record is None:
        raise FileUnknown(path)
    return record, read_file(place)


def name_of(path: str) -> str:
    """Give the extractor a name without its folder; it needs the suffix alone."""
    return path.replace("\\", "/").rsplit("/", 1)[-1].encode("utf-8", "replace").decode("utf-8")


def start_of_page(document: Document, page: int) -> int:
    """Give where a page begins in a document's text; 0 where it has no such page."""
    return next((p.start for p in document.parts if p.kind == "page" and p.label == str(page)), 0)


def _words_row(page: OcrPage | PageWords) -> Json:
    return {
        "text": page.text,
        "width": page.width,
        "height": page.height,
        "words": [[w.start, w.end, *(round(v, 1) for v in (w.x, w.y, w.width, w.height))] for w in page.words],
    }

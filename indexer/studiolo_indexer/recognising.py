"""Recognises the pages that have no text, once nothing else is to be done: page by page, so that it can end at any."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from threading import Event
from typing import Protocol

from studiolo_indexer.admission import MAX_FILE_BYTES
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.errors import STOPPED, FileFailure, Stopped
from studiolo_indexer.ledger_rows import display
from studiolo_indexer.reading import read_stable
from studiolo_indexer.recognised_pages import WaitingDocument
from studiolo_indexer.records import IndexProgress, OcrPage
from studiolo_indexer.tally import Tally

log = logging.getLogger(__name__)

_FEW_PAGES = 4


class Recognises(Protocol):
    """What is needed of an extractor that recognises pages."""

    def ocr(self, data: bytes, *, name: str, page: int) -> OcrPage:
        """Recognise the text of a page, from 1, or raise FileFailure."""

    def close(self) -> None:
        """Give back the child process."""


class Recogniser:
    """Recognises documents one after the other; owned by the indexer's thread.

    Args:
        catalogue: Where the pages are kept as they come.
        extractor: What recognises them.
        stop: Ends the work between two pages.
        on_progress: Told of each page before it is read.
        give_way: Called after each page with the seconds that it took; may wait.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        extractor: Recognises,
        stop: Event,
        on_progress: Callable[[IndexProgress], None],
        give_way: Callable[[float], None],
    ) -> None:
        self._catalogue = catalogue
        self._extractor = extractor
        self._stop = stop
        self._on_progress = on_progress
        self._give_way = give_way
        self._pages = 0
        self._pages_s = 0.0

    def run(self, *, until: Callable[[], bool], renew: Callable[[WaitingDocument], None], tally: Tally) -> None:
        """Recognise the pages of all documents that wait, the shortest first, until `until` says yes.

        Args:
            until: Asked between two pages.
            renew: Makes a document's text anew: when all its pages are there, and of a long one now and then before.
            tally: Counts the pages.

        Raises:
            Stopped: If the stop is set; what was recognised stays.
        """
        while not until():
            document = self._catalogue.recognised.next_document()
            if document is None:
                self.close()  # its models hold memory that nothing needs
                return
            if self._recognise(document, until, tally):
                renew(document)

    def close(self) -> None:
        """End the child."""
        self._extractor.close()

    def _recognise(self, document: WaitingDocument, until: Callable[[], bool], tally: Tally) -> bool:
        """Recognise pages of a document; tells whether its text should be made anew now.

        That is so each time it has twice the pages: a long document can be searched soon, and is not written anew with
        each page.
        """
        if not document.pages:
            return True
        try:
            read = read_stable(document.path, max_bytes=MAX_FILE_BYTES)
        except FileFailure:
            read = None
        if read is None or read.sha256 != document.sha256:
            self._catalogue.set_pending(document.doc_id)  # the next pass sees what became of it
            return False
        # Interrupted or not: what was recognised since the text was made counts.
        enough = max(1, max(_FEW_PAGES, document.merged) - (document.done - document.merged))
        pages = document.pages[:enough]
        for n_done, number in enumerate(pages):
            if self._stop.is_set():
                raise Stopped
            if until():
                return False
            self._say(document, n_done)
            started = time.monotonic()
            self._recognise_page(document, number, read.data, tally)
            took_s = time.monotonic() - started
            self._pages += 1
            self._pages_s += took_s
            self._give_way(took_s)
        return True

    def _recognise_page(self, document: WaitingDocument, number: int, data: bytes, tally: Tally) -> None:
        pages = self._catalogue.recognised
        try:
            page = self._extractor.ocr(data, name=display(os.path.basename(document.path)), page=number)
        except FileFailure as failure:
            if self._stop.is_set() or failure.code == STOPPED:
                raise Stopped from failure
            log.info("a page could not be recognised: %s", failure.code)
            pages.fail(document.sha256, number, failure.reason)
            return
        pages.keep(document.sha256, number, page)
        tally.pages_recognised += 1

    def _say(self, document: WaitingDocument, n_done: int) -> None:
        name = display(os.path.basename(document.path))
        n_done, n_pages = document.done + n_done, document.done + len(document.pages)
        left = (n_pages - n_done) * self._pages_s / self._pages if self._pages else None
        self._on_progress(IndexProgress("recognise", document.collection, n_done, n_pages, 0, name, left))

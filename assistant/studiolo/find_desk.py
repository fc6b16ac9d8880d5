"""Examines every document of a scope for what is wanted (R20); owned by T-find, or by a command.

A line of its own: an examination takes seconds, or a minute in a very large index. On T-view it would hold up a click
on a source, on T-answer a question, on T-estimate a folder that is dropped meanwhile.
"""

from __future__ import annotations

import base64
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from studiolo import messages
from studiolo.desk import Cancelled, Job, Json
from studiolo.errors import AssistantError
from studiolo.filter_reports import filters_row, tell_not_understood
from studiolo.messages import Progress, Request
from studiolo.results import path_text, place_row, unread_row
from studiolo.sentences import split_sentences
from studiolo.workspace import Workspace, as_path
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.find_query import Wanted, read_query
from studiolo_indexer.finding import NEARNESS, Finder, Nearness
from studiolo_indexer.query_filters import ReadQuery, read_filters
from studiolo_indexer.scope_rows import Scope, ScopeDocument, TextPiece

_TELL_EVERY_S = 0.1
# What a line of the protocol can carry (64 MiB), where each letter may take six bytes: a document's share, and all.
_MOST_LISTED = 4_000_000
_ROW_CHARS = 200


class FindDesk:
    """One examination at a time, with a handle on the catalogue that ends with it.

    Which words tell nothing is remembered, in memory, while an examination goes on from request to request.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._last: tuple[Wanted, Finder] | None = None

    def handle(self, request: Request, job: Job) -> Json:
        """Examine the documents of a scope, all of them or as far as the request allows.

        Raises:
            Cancelled: With what was found so far.
            AssistantError: `question.empty`, `question.no_words`, `question.bad_cursor`.
            FilterBad: If a filter cannot be understood.
            CollectionUnknown: If a collection does not exist.
        """
        if not isinstance(request, messages.FindAll):
            raise TypeError(f"not for this desk: {request.type}")
        if not request.query.strip():
            raise AssistantError("question.empty")
        read = read_filters(request.query)
        wanted = read_query(read.words)
        finder = self._finder(wanted)
        if not finder.wants_something:
            raise AssistantError("question.no_words")
        if request.after is None:
            tell_not_understood(read, job)
        catalogue = self._workspace.catalogue()
        try:
            result = _Examination(request, job, catalogue, finder, wanted, read).run()
        finally:
            catalogue.close()
        self._last = None if result["complete"] else (wanted, finder)
        return result

    def close(self) -> None:
        """Forget what is remembered."""
        self._last = None

    def _finder(self, wanted: Wanted) -> Finder:
        if self._last is not None and self._last[0] == wanted:
            return self._last[1]
        return Finder(wanted, split_sentences=split_sentences)


@dataclass(slots=True)
class _Found:
    """What was found so far."""

    examined: int = 0
    hits: list[Json] = field(default_factory=list)
    documents: list[Json] = field(default_factory=list)
    listed_chars: int = 0
    after: bytes = b""


class _Examination:
    """One request in hand."""

    def __init__(
        self,
        request: messages.FindAll,
        job: Job,
        catalogue: Catalogue,
        finder: Finder,
        wanted: Wanted,
        read: ReadQuery,
    ) -> None:
        catalogue.require_collections(request.collections)
        self._request, self._job, self._finder, self._wanted, self._read = request, job, finder, wanted, read
        self._rows = catalogue.scope
        under = None if request.under is None else os.fsencode(as_path(request.under))
        self._scope = Scope(tuple(dict.fromkeys(request.collections)), under)
        self._mailboxes_left_out = 0
        if read.filters:
            passing = self._rows.passing(self._scope, read.filters, with_unread=True)
            self._scope = replace(self._scope, only=frozenset(passing.numbers))
            self._mailboxes_left_out = passing.mailboxes_left_out
        self._found = _Found(after=cursor_path(request.after))
        self._started = time.monotonic()
        self._tell = _Teller(request.id, job)

    def run(self) -> Json:
        """Examine, and give the document."""
        before = self._rows.count(self._scope, up_to=self._found.after) if self._found.after else 0
        total = self._rows.count(self._scope)
        try:
            complete = self._examine(before, total)
        except _Stop:
            raise Cancelled(self._result(total, complete=False)) from None
        return self._result(total, complete=complete)

    def _examine(self, before: int, total: int) -> bool:
        """Examine documents until all are, or it is time to pause; tells whether all are."""
        for path in self._rows.paths(self._scope, after=self._found.after):
            if self._is_due():
                return False
            document = self._rows.read(path)
            if document is not None:
                with closing(document.pieces):
                    self._examine_one(document)
            self._found.after = path
            self._tell(before + self._found.examined, total)
        self._tell(before + self._found.examined, total, at_once=True)
        return True

    def _is_due(self) -> bool:
        """Tell whether to pause before the next document; at least one is examined each time."""
        if self._job.cancel.is_set():
            raise _Stop
        if not self._found.examined:
            return False
        pause = self._request.pause_after_s
        is_late = pause is not None and time.monotonic() - self._started >= pause
        return is_late or self._found.listed_chars >= _MOST_LISTED

    def _examine_one(self, document: ScopeDocument) -> None:
        """Keep a document's places once it is examined whole; one that is stopped in the middle counts for nothing."""
        hits: list[Json] = []
        count = listed = 0
        nearest: Nearness | None = None
        for place in self._finder.places(_until(self._job.cancel, document.pieces)):
            count += 1
            nearest = min((nearest or place.nearness, place.nearness), key=NEARNESS.index)
            if listed < _MOST_LISTED:
                hits.append(place_row(document, place))
                listed += len(place.text) + (len(place.rest.text) if place.rest else 0) + _ROW_CHARS
        in_name = self._is_named(document.path)
        found = self._found
        found.examined += 1
        if count or in_name:
            found.hits += [{**hit, "in_name": in_name} for hit in hits]
            found.listed_chars += listed + _ROW_CHARS
            found.documents.append(
                {
                    "path": path_text(document.path),
                    "collection": document.collection,
                    "hits": count,
                    "listed": len(hits),
                    "nearest": nearest,
                    "in_name": in_name,
                    "sha256": document.sha256,
                    "indexed_at": document.indexed_at,
                }
            )

    def _is_named(self, path: bytes) -> bool:
        return self._finder.is_named(Path(path_text(path)).name)

    def _result(self, total: int, *, complete: bool) -> Json:
        """Give the document; what could not be read is told with the end, when every document was looked at."""
        found = self._found
        unread = self._rows.not_wholly_read(self._scope) if complete else []
        return {
            "query": self._request.query,
            "filters": filters_row(
                self._read,
                documents=total if self._read.filters else None,
                mailboxes_left_out=self._mailboxes_left_out,
            ),
            "wanted": {
                "phrases": list(self._wanted.phrases),
                "words": list(self._wanted.words),
                "left_out": list(self._wanted.left_out),
            },
            "examined": found.examined,
            "in_scope": total,
            "nearest": {name: sum(row["nearest"] == name for row in found.documents) for name in NEARNESS},
            "with_hits": sum(bool(row["hits"]) for row in found.documents),
            "hits": found.hits,
            "documents": found.documents,
            "unreadable": [unread_row(file, in_name=self._is_named(file.path)) for file in unread],
            "complete": complete,
            "after": None if complete or not found.after else cursor_of(found.after),
            "milliseconds": {"total": round((time.monotonic() - self._started) * 1000, 1)},
        }


class _Stop(Exception):
    """The user stopped it."""


class _Teller:
    """Tells how far an examination is, at most ten times a second."""

    def __init__(self, request: str, job: Job, clock: Callable[[], float] = time.monotonic) -> None:
        self._request, self._job, self._clock = request, job, clock
        self._told_at = clock()

    def __call__(self, done: int, total: int, *, at_once: bool = False) -> None:
        if at_once or self._clock() - self._told_at >= _TELL_EVERY_S:
            self._told_at = self._clock()
            # Documents may come and go meanwhile.
            event = Progress(phase="find_all", files_done=done, files_total=max(done, total), request=self._request)
            self._job.emit(event)


def _until(cancel: threading.Event, pieces: Iterator[TextPiece]) -> Iterator[TextPiece]:
    for piece in pieces:
        if cancel.is_set():
            raise _Stop
        yield piece


def cursor_of(path: bytes) -> str:
    """Give the place behind a document in a form that travels."""
    return base64.urlsafe_b64encode(path).decode("ascii")


def cursor_path(cursor: str | None) -> bytes:
    """Read a cursor; none is the beginning.

    Raises:
        AssistantError: `question.bad_cursor` if it is none of ours.
    """
    try:
        return base64.b64decode(cursor or "", altchars=b"-_", validate=True)
    except ValueError as error:
        raise AssistantError("question.bad_cursor", "its place is unknown") from error

"""Searches and answers: owned by T-answer, or by a command."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from studiolo import messages
from studiolo.answering import Answer, Answerer, Citation
from studiolo.conflicts import Conflict, find_conflicts
from studiolo.desk import Cancelled, Emit, Job, Json, bounded
from studiolo.document_dates import DocumentDate, date_of_document
from studiolo.errors import AssistantError, report
from studiolo.filter_reports import filter_rows, filters_row, tell_not_understood
from studiolo.follow_ups import MOST_EARLIER, resolve
from studiolo.history import History
from studiolo.messages import Evidence, Notice, Request, Token
from studiolo.prompt_memory import PromptMemory
from studiolo.reranker_holder import RerankerHolder
from studiolo.results import answer_result, evidence_rows, path_text, search_result
from studiolo.sentence_memory import SentenceMemory
from studiolo.styles import load_styles
from studiolo.workspace import ChatHolder, Workspace, as_path
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.errors import FilterBad, IndexerError
from studiolo_indexer.query_filters import Filter, ReadQuery, made_filters, read_filters
from studiolo_indexer.records import LedgerCounts, Passage, SearchMode, SearchResult
from studiolo_indexer.reranking import Reranking
from studiolo_indexer.scope_rows import Scope
from studiolo_indexer.search import Searcher

_MAX_K = 200
_MAX_SEED = 2**31 - 1
_MOST_GIVEN = 100
_READ_BYTES = 1 << 20


class AnswerDesk:
    """One question at a time, with a store handle of its own.

    Args:
        workspace: What is opened.
        keep_history: Whether answers go into the history (the window's do, a command's do not).
        answering: Set while an answer is made, so that indexing can yield.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        keep_history: bool = False,
        answering: threading.Event | None = None,
    ) -> None:
        self._workspace = workspace
        self._keep_history = keep_history
        self._answering = answering or threading.Event()
        self._chats = ChatHolder(workspace)
        self._rerankers = RerankerHolder(workspace)
        self._memory = PromptMemory()
        self._sentences: SentenceMemory | None = None
        self._searcher: Searcher | None = None
        self._catalogue: Catalogue | None = None

    def handle(self, request: Request, job: Job) -> Json:
        """Answer a `search` or an `ask`."""
        self._answering.set()
        try:
            if isinstance(request, messages.Search):
                return self._search(request, job)
            if isinstance(request, messages.Ask):
                return self._ask(request, job)
        finally:
            self._answering.clear()
        raise TypeError(f"not for this desk: {request.type}")

    def warm_up(self, job: Job) -> None:
        """Load what a first question needs, but for the chat model.

        Raises:
            ModelError, IndexerError: As for a question.
        """
        self._open().search("warm up", k=1, reranking=self._reranking(wanted=True, emit=job.emit))

    def preload_chat(self) -> None:
        """Load the chat model in use.

        Raises:
            ModelError: If there is none, or it cannot be loaded.
        """
        self._chats.load(None, None)

    def close(self) -> None:
        """Free models and handles."""
        self._chats.close()
        for handle in (self._searcher, self._catalogue):
            if handle is not None:
                handle.close()

    def _search(self, request: messages.Search, job: Job) -> Json:
        if request.mode not in ("hybrid", "vector", "text"):
            raise AssistantError("question.bad_mode", request.mode)
        read = read_filters(request.query)
        tell_not_understood(read, job)
        result = self._open().search(
            read.words,
            k=_bounded(request.k),
            collections=request.collections,
            mode=cast("SearchMode", request.mode),  # checked above
            under=as_path(request.under) if request.under else None,
            filters=read.filters,
            reranking=self._reranking(wanted=request.rerank and request.mode == "hybrid", emit=job.emit),
        )
        return search_result(result) | {"query": request.query, "filters": _filters(read, result)}

    def _ask(self, request: messages.Ask, job: Job) -> Json:
        if not request.question.strip():
            raise AssistantError("question.empty")
        # Read for each question, so that an edit of the file counts at once.
        style = load_styles(self._workspace.paths.styles).of_scope(request.style, request.collections)
        given = _given(request)
        read, words = _understood(request, given)
        tell_not_understood(read, job)
        if not request.earlier:  # a question of its own is answered in the same way whatever was asked before
            self._memory.forget()
        if self._sentences is None:
            self._sentences = SentenceMemory(self._workspace.embedder())
        found: list[SearchResult] = []
        reranking = self._reranking(wanted=request.rerank, emit=job.emit)

        def search(words: str, k: int, collections: Sequence[str]) -> SearchResult:
            result = self._open().search(words, k=k, collections=collections, filters=read.filters, reranking=reranking)
            found.append(result)
            return result

        answerer = Answerer(
            search=search,
            embedder=self._sentences,
            coverage=lambda collections: self._coverage(collections, read.filters),
            settings=self._workspace.settings,
            scale_is_known=self._workspace.scale_is_known,
            memory=self._memory,
        )
        answer = answerer.ask(
            words,
            k=_bounded(self._workspace.settings.passages if request.k is None else request.k),
            collections=request.collections,
            chat=(lambda: self._chats.load(request.model, request.adapter)) if request.use_model else None,
            cancel=job.cancel,
            on_evidence=lambda found: job.emit(Evidence(request=request.id, passages=evidence_rows(found, words))),
            on_token=lambda text: job.emit(Token(request=request.id, text=text)),
            style=style,
            seed=max(0, min(request.seed, _MAX_SEED)),
        )
        conflicts = () if answer.refused else find_conflicts(words, answer.evidence, self.date_of)
        result = self._result(answer, conflicts) | {
            "question": request.question,
            "searched_for": words,
            "filters": _filters(read, found[-1]) | {"given": filter_rows(given)},
        }
        if answer.cancelled:
            raise Cancelled(result)
        return result | self._remember(request, result, job) if self._keep_history else result

    def _result(self, answer: Answer, conflicts: Sequence[Conflict]) -> Json:
        with_model = answer.stats is not None
        return answer_result(
            answer,
            model=self._chats.model if with_model else None,
            adapter=self._chats.adapter if with_model else None,
            adapter_scale=self._chats.scale,
            embedder=self._workspace.embedder().name,
            stale_numbers=[c.number for c in answer.citations if is_stale(c)],
            conflicts=conflicts,
        )

    def date_of(self, passage: Passage) -> DocumentDate:
        """Date a passage's document by what the catalogue knows; no file is read."""
        mtime_ns, beginning = self._opened().chunks.beginning(passage.doc_id)
        return date_of_document(passage.path_text, passage.context.partition(" > ")[0], beginning, mtime_ns)

    def _remember(self, request: messages.Ask, result: Json, job: Job) -> Json:
        """Keep an answer, and tell where; where that fails (a full disk), the user has it all the same and is told."""
        try:
            history = History(self._workspace.paths.history)
            try:
                return history.add(
                    request.question,
                    request.collections,
                    result,
                    conversation=request.conversation,
                    instead_of=None if request.instead_of is None else bounded(request.instead_of),
                )
            finally:
                history.close()
        except IndexerError as error:
            job.emit(Notice(error=report(error).as_dict()))
            return {"id": None, "asked_at": None, "conversation": None, "instead_of": None}

    def _coverage(self, collections: Sequence[str], filters: Sequence[Filter]) -> LedgerCounts:
        """Count the files of collections by state; with filters those that pass, read or not."""
        catalogue = self._opened()
        if not filters:
            return catalogue.counts(collections)
        scope, rows = Scope(tuple(collections)), catalogue.scope
        passing = rows.passing(scope, filters, with_unread=True)
        return rows.counts(replace(scope, only=frozenset(passing.numbers)))

    def _reranking(self, *, wanted: bool, emit: Emit) -> Reranking | None:
        if not wanted:
            return None
        return self._rerankers.reranking(lambda error: emit(Notice(error=report(error).as_dict())))

    def _opened(self) -> Catalogue:
        if self._catalogue is None:
            self._catalogue = self._workspace.catalogue()
        return self._catalogue

    def _open(self) -> Searcher:
        if self._searcher is None:
            self._searcher = self._workspace.searcher()
        return self._searcher


def is_stale(citation: Citation) -> bool:
    """Tell whether the cited file is gone, or no longer the version that was indexed (promise 2)."""
    return not is_version(Path(path_text(citation.passage.path)), citation.passage.sha256)


def is_version(path: Path, sha256: str) -> bool:
    """Tell whether a file's content has this SHA-256; False if it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_READ_BYTES):
                digest.update(block)
    except OSError:
        return False
    return digest.hexdigest() == sha256


def _given(request: messages.Ask) -> list[Filter]:
    """Read the filters that stand beside the question.

    Raises:
        FilterBad: If one is none, or there are too many.
    """
    if len(request.filters) > _MOST_GIVEN:
        raise FilterBad(f"there are more than {_MOST_GIVEN} filters")
    given: list[Filter] = []
    for row in request.filters:
        kind, value = str(row.get("filter", "")), str(row.get("value", ""))
        given += made_filters(kind, value, negated=row.get("negated") is True)
    return list(dict.fromkeys(given))


def _understood(request: messages.Ask, given: Sequence[Filter]) -> tuple[ReadQuery, str]:
    """Read a question with the conversation before it: what it says, with the filters in force, and what to look for.

    The filters of an earlier question hold for one that follows it and has none of its own. Those that are given
    beside the question hold for it alone, together with whatever is in force.

    Raises:
        AssistantError: `question.only_filters` if there is nothing to look for.
        FilterBad: If a filter of the question says nothing.
    """
    read = read_filters(request.question)
    earlier = [e for asked in request.earlier[-MOST_EARLIER:] if (e := _read_earlier(asked)).words.strip()]
    found = resolve(read.words, [e.words for e in earlier])
    if not found.words.strip():
        raise AssistantError("question.only_filters")
    in_force = read.filters or next((f for n in found.follows if (f := earlier[n].filters)), ())
    return replace(read, filters=tuple(dict.fromkeys((*in_force, *given)))), found.words


def _read_earlier(asked: str) -> ReadQuery:
    """Read an earlier question; a filter that says nothing was an error then, and is passed over now."""
    try:
        return read_filters(asked)
    except FilterBad:
        return ReadQuery("")


def _filters(read: ReadQuery, result: SearchResult) -> Json:
    return filters_row(read, documents=result.documents, mailboxes_left_out=result.mailboxes_left_out)


def _bounded(k: int) -> int:
    if k < 1:
        raise AssistantError("question.bad_k", str(k))
    return min(k, _MAX_K)

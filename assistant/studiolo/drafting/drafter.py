"""Drafts questions: takes passages in turn, proposes, and keeps what is sound, answerable and found by a search."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from studiolo.desk import Cancelled
from studiolo.drafting.checks import gives_away, is_about, is_bare, is_like, is_well_formed, needs_its_document
from studiolo.drafting.choosing import by_turns, in_turn, spread_over_pages
from studiolo.drafting.english import english_proposals
from studiolo.drafting.german import german_proposals
from studiolo.drafting.proposals import Kind, Proposal
from studiolo.drafting.statements import Statement, plain, statements
from studiolo.sentences import terms
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.chunk_rows import CurrentChunk
from studiolo_indexer.records import FileRecord, Passage, page_at

Search = Callable[[str], Sequence[Passage]]
AskModel = Callable[[str, str, Kind], str]

_PROPOSE = {"en": english_proposals, "de": german_proposals}
_FOUND_AMONG = 10
_LEAST_WORTH = 1.5
_FRUITLESS = 200  # chunks of one document in a row, before it is left alone
_TRIED_OF_A_CHUNK = 3
_OF_A_CHUNK = 4
_COVERS = 0.85
_BOILERPLATE_IN = 2  # other documents that say the same words
_OUR = {"en": {"we", "our", "us"}, "de": {"wir", "unser", "unsere", "uns"}}
_SCOPE = {"en": ", according to “{}”?", "de": " laut „{}“?"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A question to confirm: its answer is a slice of the sentence, the sentence of the passage; all exact.

    `start` and `end` are the sentence's place in the document; `path` is relative to the watched folder.
    """

    question: str
    answer: str
    kind: Kind
    composed_by: str
    path: str
    collection: str
    page: int | None
    start: int
    end: int
    text: str
    passage: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    proposal: Proposal
    statement: Statement
    chunk: CurrentChunk

    def answer(self) -> str:
        start, end = self.statement.span(self.proposal.start, self.proposal.end)
        return self.chunk.text[start:end]


class Drafter:
    """Drafts questions about the documents of a catalogue.

    Args:
        catalogue: Where the passages stand.
        search: Finds the first passages for a question, in the same collections.
        ask_model: Words a question with a chat model; its words go before the templates'. None where there is none.
        cancel: Ends the work; then `Cancelled` is raised.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        search: Search,
        ask_model: AskModel | None,
        cancel: threading.Event,
    ) -> None:
        self._catalogue = catalogue
        self._search = search
        self._ask_model = ask_model
        self._cancel = cancel
        self._kinds: Counter[Kind] = Counter()
        self._asked: list[frozenset[str]] = []
        self._used: set[str] = set()
        self._answers: set[tuple[str, str]] = set()
        self._several = False

    def drafts(self, count: int, *, collections: Sequence[str], seed: int) -> Iterator[Draft]:
        """Give up to `count` drafts, one document after the other in turn; fewer where the documents yield no more.

        Raises:
            CollectionUnknown: If a collection does not exist.
            Cancelled: If `cancel` was set.
        """
        self._catalogue.require_collections(collections)
        files = self._documents(collections)
        self._several = len(files) > 1
        order = in_turn(files, seed=seed)
        yield from by_turns({n: self._of(f, seed + n) for n, f in enumerate(order)}, at_most=count)

    def _documents(self, collections: Sequence[str]) -> list[FileRecord]:
        """List the indexed documents by path, each content once: of copies the one that a search shows."""
        found = [f for name in dict.fromkeys(collections) for f in self._catalogue.files(collection=name) if f.chunks]
        by_content = {f.sha256 or f.doc_id: f for f in sorted(found, key=lambda f: (len(f.path), f.path), reverse=True)}
        return sorted(by_content.values(), key=lambda f: f.path)

    def _of(self, file: FileRecord, seed: int) -> Iterator[Draft]:
        """Give the drafts of one document; each passage gives one before any gives a second."""
        numbers = spread_over_pages(self._catalogue.chunks.pages_of(file.doc_id), seed=seed)
        for _ in range(_OF_A_CHUNK):
            found = fruitless = 0
            for number in numbers:
                if self._cancel.is_set():
                    raise Cancelled
                draft = self._from(number, file)
                fruitless = 0 if draft else fruitless + 1
                if draft is not None:
                    found += 1
                    yield draft
                elif fruitless == _FRUITLESS:
                    break
            if not found:
                return

    def _from(self, number: int, file: FileRecord) -> Draft | None:
        chunk = self._catalogue.chunks.current([number]).get(number)
        if chunk is None:  # replaced while the drafts are made
            return None
        for candidate in self._candidates(chunk)[:_TRIED_OF_A_CHUNK]:
            found = self._question(candidate)
            if found is not None:
                return self._keep(candidate, found, file)
        return None

    def _candidates(self, chunk: CurrentChunk) -> list[_Candidate]:
        """List a chunk's proposals, best first; a kind that was seldom asked for goes before a frequent one."""
        found = [
            _Candidate(proposal, statement, chunk)
            for statement in statements(chunk.text)
            for proposal in _PROPOSE[statement.language](statement, chunk.text)
            if proposal.worth >= _LEAST_WORTH and plain(statement.flat) not in self._used
        ]
        total = max(1, self._kinds.total())
        return sorted(found, key=lambda c: 3.0 * self._kinds[c.proposal.kind] / total - c.proposal.worth)

    def _question(self, candidate: _Candidate) -> tuple[str, str] | None:
        """Give the first sound wording of a question, and who composed it."""
        for composed_by in ("model", "template"):
            question = candidate.proposal.question if composed_by == "template" else self._from_model(candidate)
            if question and self._is_sound(question, candidate):
                scoped = self._found(question, candidate)
                if scoped is not None:
                    return scoped, composed_by
        return None

    def _from_model(self, candidate: _Candidate) -> str:
        if self._ask_model is None:
            return ""
        return self._ask_model(candidate.statement.flat, " ".join(candidate.answer().split()), candidate.proposal.kind)

    def _is_sound(self, question: str, candidate: _Candidate) -> bool:
        return (
            is_well_formed(question, candidate.statement.language)
            and is_about(question, candidate.statement.flat)
            and not is_bare(question, candidate.proposal.kind)
            and not gives_away(question, candidate.answer())
            and not is_like(question, self._asked)
            and (candidate.chunk.doc_id, plain(candidate.answer())) not in self._answers
        )

    def _found(self, question: str, candidate: _Candidate) -> str | None:
        """Give the question as a search finds its passage; where others answer it too, it names the document."""
        passages = self._search(question)
        elsewhere = [p for p in passages if p.doc_id != candidate.chunk.doc_id]
        if self._answered_differently(question, candidate, passages) or _is_boilerplate(candidate, elsewhere):
            return None
        language = candidate.statement.language
        ours = {w.casefold().strip("?.,") for w in question.split()} & _OUR[language]
        alone = not (
            ours
            or needs_its_document(question, candidate.proposal.kind)
            or any(_covers(p.text, question) for p in elsewhere)
        )
        if alone or not self._several:
            return question if _is_found(candidate, passages) else None
        name = PurePath(_file_name(candidate)).stem.replace("_", " ").split()
        scoped = question.removesuffix("?") + _SCOPE[language].format(" ".join(name))
        return scoped if _is_found(candidate, self._search(scoped)) else None

    def _answered_differently(self, question: str, candidate: _Candidate, passages: Sequence[Passage]) -> bool:
        """Tell whether the same document answers the question elsewhere with other words."""
        answer = plain(candidate.answer())
        others = [p for p in passages if p.doc_id == candidate.chunk.doc_id and p.start != candidate.chunk.start]
        said = [plain(s.flat) for p in others for s in statements(p.text) if _covers(s.flat, question)]
        own = plain(candidate.statement.flat)
        within = [plain(s.flat) for s in statements(candidate.chunk.text) if _covers(s.flat, question)]
        return any(answer not in words for words in [*said, *within] if words != own)

    def _keep(self, candidate: _Candidate, found: tuple[str, str], file: FileRecord) -> Draft:
        question, composed_by = found
        chunk, statement = candidate.chunk, candidate.statement
        self._kinds[candidate.proposal.kind] += 1
        self._used.add(plain(statement.flat))
        self._answers.add((chunk.doc_id, plain(candidate.answer())))
        self._asked.append(frozenset(terms(question)))
        return Draft(
            question=question,
            answer=candidate.answer(),
            kind=candidate.proposal.kind,
            composed_by=composed_by,
            path=PurePath(file.relative_text).as_posix(),
            collection=file.collection,
            page=page_at(chunk.start + statement.start, chunk.page, chunk.page_breaks),
            start=chunk.start + statement.start,
            end=chunk.start + statement.end,
            text=chunk.text[statement.start : statement.end],
            passage=chunk.text,
        )


def _file_name(candidate: _Candidate) -> str:
    return candidate.chunk.path.decode("utf-8", "replace").replace("\\", "/").rpartition("/")[2]


def _is_found(candidate: _Candidate, passages: Sequence[Passage]) -> bool:
    chunk = candidate.chunk
    return any(p.doc_id == chunk.doc_id and p.start < chunk.end and chunk.start < p.end for p in passages)


def _is_boilerplate(candidate: _Candidate, elsewhere: Sequence[Passage]) -> bool:
    """Tell whether several other documents say the very same words."""
    words = plain(candidate.statement.flat)
    return len({p.doc_id for p in elsewhere if words in plain(p.text)}) >= _BOILERPLATE_IN


def _covers(text: str, question: str) -> bool:
    asked = terms(question)
    return len(asked & terms(text)) >= _COVERS * len(asked)

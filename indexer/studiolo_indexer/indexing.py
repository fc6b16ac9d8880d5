"""Carries files into the store, batch by batch: read, extract, chunk, embed what is new, write, switch.

The order of writes makes every crash harmless: vectors and full text first (nobody counts them yet), then one
transaction of the catalogue that switches the documents to their new chunks, then the vectors and full text of the old
ones go. What a crash leaves is swept at the next start.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice
from threading import Event
from typing import Literal

import numpy as np

from studiolo_indexer.admission import MAX_FILE_BYTES
from studiolo_indexer.catalogue import Catalogue, now_text
from studiolo_indexer.chunk_rows import text_hash
from studiolo_indexer.chunking import chunk_document
from studiolo_indexer.embedding_ahead import EmbeddingAhead
from studiolo_indexer.errors import (
    NO_TEXT,
    NO_TEXT_REASON,
    OCR_WAITING,
    OCR_WAITING_REASON,
    STOPPED,
    FileFailure,
    Stopped,
)
from studiolo_indexer.ledger_rows import display
from studiolo_indexer.media_types import same_kind
from studiolo_indexer.ocr_merging import with_ocr
from studiolo_indexer.pace import Pace
from studiolo_indexer.reading import StableRead, read_stable
from studiolo_indexer.records import (
    Chunk,
    Document,
    Embedder,
    Extracts,
    FileProblem,
    FileState,
    IndexedFile,
    IndexedRow,
    KnownFile,
    Vectors,
    WatchedFolder,
)
from studiolo_indexer.scanning import Entry
from studiolo_indexer.store import Store
from studiolo_indexer.tally import Tally

log = logging.getLogger(__name__)

_BATCH_CHUNKS = 256
_LEAST_CHUNKS = 64  # what is begun with while nothing is being embedded
_BATCH_FILES = 64
# What a long document is embedded and written in: the vectors of a file of 200 MB would take a gigabyte (R16).
_PIECE_CHUNKS = 2048
_MAX_ATTEMPTS = 2
LONG_BYTES = 256 * 1024  # a document may be so long that its first pages are worth reading alone
_LATER = ("file.vanished", "file.changed_while_reading")
_POISON = FileProblem("file.parser_crashed", "Studiolo was ended twice while it read this file; retry it by hand.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to be read: what the scan saw, its catalogue row, and why: pages of it may have been recognised since."""

    entry: Entry
    known: KnownFile
    why: Literal["new", "changed", "recognised"]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A file to be written. Its bytes and its whole text are held no longer: `data` and `text` are empty (R16)."""

    doc_id: str
    path: bytes
    replaces: bool
    read_stamp: StableRead
    document: Document
    chunks: tuple[Chunk, ...]
    seconds: float


@dataclass(slots=True)
class _Batch:
    files: list[_Prepared] = field(default_factory=list)

    @property
    def n_chunks(self) -> int:
        return sum(len(f.chunks) for f in self.files)

    def is_full(self) -> bool:
        return self.n_chunks >= _BATCH_CHUNKS or len(self.files) >= _BATCH_FILES


@dataclass(frozen=True, slots=True)
class _Embedding:
    """Files whose new texts (of the first piece: `missing`) are being embedded; `known` are vectors that were there."""

    files: Sequence[_Prepared]
    known: dict[str, Vectors]
    missing: list[str]
    vectors: EmbeddingAhead

    def is_long(self) -> bool:
        """Tell whether there are more pieces, which are embedded when they are written."""
        return sum(len(f.chunks) for f in self.files) > _PIECE_CHUNKS

    def vectors_by_text(self) -> dict[str, Vectors]:
        """Wait for the new vectors; gives those of all texts.

        Raises:
            As `EmbeddingAhead.vectors`.
        """
        return self.known | dict(zip(self.missing, self.vectors.vectors(), strict=True))


class FileIndexer:
    """Indexes the candidates of one folder; owned by the indexer's thread.

    Args:
        catalogue, store, embedder, extractor: What is used.
        recognises: Whether pages without text will be recognised later; else what has no text fails.
        on_file: Told of each file once its outcome can be seen by a search.
        give_way: Called before each file with the seconds that reading the last one took; may wait.
        stop: Ends the work between two files or batches.
        tally: Counts what is done.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        store: Store,
        embedder: Embedder,
        extractor: Extracts,
        recognises: bool,
        on_file: Callable[[IndexedFile], None],
        give_way: Callable[[float], None],
        stop: Event,
        tally: Tally,
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._embedder = embedder
        self._extractor = extractor
        self._recognises = recognises
        self._on_file = on_file
        self._give_way = give_way
        self._stop = stop
        self._tally = tally

    def index(
        self,
        folder: WatchedFolder,
        candidates: Sequence[Candidate],
        *,
        vanished_by_sha256: dict[str, KnownFile],
        on_step: Callable[[int, bytes, Pace], None],
    ) -> None:
        """Index files; `on_step` is told, before each, how many are done, its path, and how fast it goes.

        A new file with the content of a vanished one is that file, moved: it leaves `vanished_by_sha256`.

        Raises:
            Stopped: If `stop` is set; what was committed stays.
            IndexerError: If the store or the disk is at fault; no file is marked for it.
        """
        batch = _Batch()
        ahead: _Embedding | None = None  # the batch before, which is embedded while this one is read
        pace = Pace([(c.entry.path, c.entry.stamp.size_bytes) for c in candidates], self._tally)
        read_s = 0.0
        for done, candidate in enumerate(candidates):
            self._give_way(read_s)
            if self._stop.is_set():
                raise Stopped
            path, size_bytes = candidate.entry.path, candidate.entry.stamp.size_bytes
            on_step(done, path, pace)
            before_s = self._tally.extract_s
            prepared = self._prepare(folder, candidate, vanished_by_sha256)
            read_s = self._tally.extract_s - before_s
            pace.read(path, size_bytes, chunks=0 if prepared is None else len(prepared.chunks), read_s=read_s)
            if prepared is not None:
                batch.files.append(prepared)
            rests = ahead is None or ahead.vectors.is_done()
            if batch.is_full() or (rests and batch.n_chunks >= _LEAST_CHUNKS):
                ahead, batch = self._follow(folder, ahead, batch), _Batch()
                rests = ahead.is_long()  # it is not held while the next one is read
            if ahead is not None and rests:
                self._commit(folder, ahead)
                ahead = None
        self._commit(folder, self._follow(folder, ahead, batch))

    def _follow(self, folder: WatchedFolder, ahead: _Embedding | None, batch: _Batch) -> _Embedding:
        """Begin to embed a batch as soon as the one before is embedded; that is written meanwhile."""
        if ahead is None:
            return self._begin(folder, batch.files)
        known = ahead.vectors_by_text()
        following = self._begin(folder, batch.files, beside=known)
        self._commit(folder, ahead)
        return following

    def _prepare(
        self, folder: WatchedFolder, candidate: Candidate, vanished_by_sha256: dict[str, KnownFile]
    ) -> _Prepared | None:
        """Read and extract one file; None if nothing is left to be written for it."""
        entry, known = candidate.entry, candidate.known
        if known.attempts >= _MAX_ATTEMPTS:
            self._fail(folder, candidate, _POISON, None)
            return None
        started = time.perf_counter()
        read: StableRead | None = None
        try:
            read = read_stable(entry.path, max_bytes=MAX_FILE_BYTES)
            self._tally.bytes_read += len(read.data)
            if candidate.why != "recognised" and self._is_known_content(folder, candidate, read, vanished_by_sha256):
                return None
            self._catalogue.take_in_hand(known.doc_id)
            candidate = self._with_beginning(folder, candidate, read)
            document = self._extractor.extract(read.data, name=extractor_name(entry.path))
        except FileFailure as failure:
            if self._stop.is_set() or failure.code == STOPPED:
                raise Stopped from failure
            if failure.code not in _LATER:
                self._count(candidate, read)
                self._fail(folder, candidate, FileProblem(failure.code, failure.reason), read)
            return None
        finally:
            self._tally.extract_s += time.perf_counter() - started
            if read is not None:
                self._catalogue.take_in_hand(None)
        self._count(candidate, read)
        document = self._with_recognised(document, read.sha256)
        if not document.text.strip() and document.pages is not None:
            self._record_textless(folder, candidate, document, read)
            return None
        return _prepared(candidate, read, document, seconds=time.perf_counter() - started)

    def _with_beginning(self, folder: WatchedFolder, candidate: Candidate, read: StableRead) -> Candidate:
        """Let the first pages of a new, long document be found while the others are read; gives it as it is then.

        Raises:
            FileFailure: If it cannot be read.
        """
        known = candidate.known
        if known.generation > 0 or len(read.data) < LONG_BYTES:
            return candidate
        started = time.perf_counter()
        document = self._extractor.beginning(read.data, name=extractor_name(candidate.entry.path))
        if document is None or not document.text.strip():
            return candidate
        first = replace(document, ocr_wanted=())
        beginning = _prepared(candidate, read, first, seconds=time.perf_counter() - started)
        generation = self._commit(folder, self._begin(folder, [beginning]), is_whole=False)
        return replace(candidate, known=replace(known, generation=generation))

    def _with_recognised(self, document: Document, sha256: str) -> Document:
        """Put in the pages that were recognised before, and say which could not be."""
        if not document.ocr_wanted:
            return document
        pages = self._catalogue.recognised
        merged = with_ocr(document, pages.of(sha256))
        failed = [f"page {n}: its text could not be recognised: {why}" for n, why in pages.failures(sha256).items()]
        return replace(merged, warnings=(*merged.warnings, *failed))

    def _record_textless(
        self, folder: WatchedFolder, candidate: Candidate, document: Document, read: StableRead
    ) -> None:
        """Record a document without any text: it waits for its pages, or has failed, or says nothing."""
        failures = self._catalogue.recognised.failures(read.sha256)
        wanted = document.ocr_wanted
        if self._recognises and set(wanted) - failures.keys():
            waits = FileProblem(OCR_WAITING, OCR_WAITING_REASON)
            self._set_problem(folder, candidate, waits, read, state="pending", wanted=wanted)
        elif wanted:
            reason = next(iter(failures.values()), NO_TEXT_REASON)
            self._fail(folder, candidate, FileProblem(NO_TEXT, reason), read, wanted=wanted)
        else:
            self._fail(folder, candidate, FileProblem(NO_TEXT, "No text was found in its pictures."), read, "skipped")

    def _is_known_content(
        self,
        folder: WatchedFolder,
        candidate: Candidate,
        read: StableRead,
        vanished_by_sha256: dict[str, KnownFile],
    ) -> bool:
        """Settle a file whose content is in the index already: it was touched, or moved here."""
        known = candidate.known
        if read.sha256 == known.sha256 and known.is_whole:
            self._catalogue.set_stamp(known.doc_id, read.stamp)
            self._tally.unchanged += 1
            return True
        origin = vanished_by_sha256.get(read.sha256) if candidate.why == "new" else None
        if origin is None or not same_kind(origin.path, candidate.entry.path):
            return False
        del vanished_by_sha256[read.sha256]
        with self._catalogue.transaction():
            self._catalogue.remove_files([known.doc_id])
            self._catalogue.set_path(origin.doc_id, folder.folder_id, candidate.entry.path, read.stamp)
        self._tally.moved += 1
        self._say("moved", folder, candidate.entry.path)
        return True

    def _count(self, candidate: Candidate, read: StableRead | None) -> None:
        if candidate.why == "new":
            self._tally.added += 1
        elif read is not None and read.sha256 == candidate.known.sha256:
            self._tally.unchanged += candidate.why == "changed"
        elif candidate.why == "changed":
            self._tally.modified += 1

    def _fail(
        self,
        folder: WatchedFolder,
        candidate: Candidate,
        problem: FileProblem,
        read: StableRead | None,
        state: Literal["failed", "skipped"] = "failed",
        *,
        wanted: Sequence[int] = (),
    ) -> None:
        self._set_problem(folder, candidate, problem, read, state=state, wanted=wanted)
        self._say(state, folder, candidate.entry.path, problem)

    def _set_problem(
        self,
        folder: WatchedFolder,
        candidate: Candidate,
        problem: FileProblem,
        read: StableRead | None,
        *,
        state: FileState,
        wanted: Sequence[int],
    ) -> None:
        known = candidate.known
        stamp, sha256 = (candidate.entry.stamp, None) if read is None else (read.stamp, read.sha256)
        with self._catalogue.store_dirty() if known.generation > 0 else nullcontext():
            with self._catalogue.transaction():
                if sha256 is not None:
                    self._catalogue.recognised.want(sha256, wanted)
                removed = self._catalogue.set_problem(known.doc_id, state, problem, stamp, sha256)
            self._store.remove(folder.collection, removed)

    def _begin(
        self, folder: WatchedFolder, files: Sequence[_Prepared], *, beside: Mapping[str, Vectors] | None = None
    ) -> _Embedding:
        """Begin to embed what is new of some files, or of their first piece.

        What the batch before has embedded (`beside`) is not written yet.
        """
        piece = islice((c.embedded_text for f in files for c in f.chunks), _PIECE_CHUNKS)
        return self._embed(folder, files, piece, beside=beside or {})

    def _embed(
        self, folder: WatchedFolder, files: Sequence[_Prepared], texts: Iterable[str], *, beside: Mapping[str, Vectors]
    ) -> _Embedding:
        """Begin to embed what is new of some texts; one that was embedded before is not embedded again."""
        hashes = {text: text_hash(text) for text in dict.fromkeys(texts)}
        chunks = self._catalogue.chunks.by_hash(folder.collection, hashes.values())
        vectors = self._store.vectors.vectors(folder.collection, list(chunks.values()))
        known = {text: vectors[chunks[key]] for text, key in hashes.items() if chunks.get(key) in vectors}
        known |= {text: vector for text, vector in beside.items() if text in hashes}
        missing = [text for text in hashes if text not in known]
        return _Embedding(files, known, missing, EmbeddingAhead(self._embedder, missing, stop=self._stop))

    def _made(self, embedding: _Embedding) -> dict[str, Vectors]:
        """Wait for the vectors of texts, and count what was embedded."""
        made = embedding.vectors_by_text()
        self._tally.embed_s += embedding.vectors.seconds
        self._tally.chunks_embedded += len(embedding.missing)
        return made

    def _commit(self, folder: WatchedFolder, batch: _Embedding, *, is_whole: bool = True) -> int:
        """Write a batch, or the beginning of a file: what finds it, then the switch, then what found the old goes.

        Returns:
            The generation of the new rows; 0 if there is nothing to write.
        """
        embedded = self._tally.chunks_embedded
        known = self._made(batch)
        # What was deleted while it was being read is left to the next scan, which finds it gone.
        files = [f for f in batch.files if os.path.lexists(f.path)]
        if not files:
            return 0
        if self._stop.is_set():
            raise Stopped
        started, embed_s = time.perf_counter(), self._tally.embed_s
        catalogue = self._catalogue
        with catalogue.store_dirty():
            generation = catalogue.next_generation()
            documents = {f.doc_id: catalogue.chunks.number_of(f.doc_id) for f in files}
            numbers = self._add(folder, files, documents, known)
            files = [f for f in files if os.path.lexists(f.path)]  # again: a long document takes a while
            gone = [n for doc_id in documents.keys() - {f.doc_id for f in files} for n in numbers[doc_id]]
            with catalogue.transaction():
                removed = catalogue.chunks.remove(f.doc_id for f in files if f.replaces)
                for file in files:
                    catalogue.chunks.add(documents[file.doc_id], file.chunks, numbers[file.doc_id])
                    catalogue.recognised.want(file.read_stamp.sha256, file.document.ocr_wanted)
                    switch = catalogue.set_indexed if is_whole else catalogue.set_partly_read
                    switch(self._row(file, generation))
                if any(file.document.ocr_wanted for file in files):
                    catalogue.recognised.mark_files(is_on=self._recognises)
            self._store.remove(folder.collection, [*removed, *gone])
        self._store.merge(folder.collection, idle=False)
        n_chunks = sum(map(len, numbers.values()))
        self._tally.chunks_reused += n_chunks - (self._tally.chunks_embedded - embedded)
        self._tally.write_s += time.perf_counter() - started - (self._tally.embed_s - embed_s)
        for file in files:
            self._say("indexed", folder, file.path)
        return generation

    def _add(
        self, folder: WatchedFolder, files: Sequence[_Prepared], documents: dict[str, int], known: dict[str, Vectors]
    ) -> dict[str, Sequence[int]]:
        """Put what finds the chunks of files into the store, a piece after the other (R16).

        `documents` are the files' numbers, by doc_id; `known` are vectors that were made already, by text. Gives the
        numbers of each file's chunks, by doc_id.
        """
        numbers = self._catalogue.chunks.new_numbers(sum(len(f.chunks) for f in files))
        rows = ((documents[f.doc_id], c.embedded_text) for f in files for c in f.chunks)
        for at in range(0, len(numbers), _PIECE_CHUNKS):
            piece = list(islice(rows, _PIECE_CHUNKS))
            owners, words = [owner for owner, _ in piece], [text for _, text in piece]
            if missing := [text for text in words if text not in known]:
                known = known | self._made(self._embed(folder, (), missing, beside={}))
            vectors = np.stack([known[text] for text in words])
            self._store.add(folder.collection, numbers[at : at + _PIECE_CHUNKS], owners, words, vectors)
            known = {}
        ends = accumulate(len(f.chunks) for f in files)
        return {f.doc_id: numbers[end - len(f.chunks) : end] for f, end in zip(files, ends, strict=True)}

    def _row(self, file: _Prepared, generation: int) -> IndexedRow:
        document = file.document
        return IndexedRow(
            doc_id=file.doc_id,
            stamp=file.read_stamp.stamp,
            sha256=file.read_stamp.sha256,
            media_type=document.media_type,
            parser=document.parser,
            pages=document.pages,
            parts=len(document.parts),
            chunks=len(file.chunks),
            ocr_pages=document.ocr_pages,
            warnings=document.warnings,
            seconds=file.seconds,
            generation=generation,
            embedder=self._embedder.identity,
        )

    def _say(self, event: str, folder: WatchedFolder, path: bytes, problem: FileProblem | None = None) -> None:
        self._on_file(
            IndexedFile(
                event=event,  # type: ignore[arg-type]  # one of the words of IndexedFile
                path_text=os.fsdecode(path),
                collection=folder.collection,
                time=now_text(),
                code=problem.code if problem else None,
                reason=problem.reason if problem else None,
            )
        )


def _prepared(candidate: Candidate, read: StableRead, document: Document, *, seconds: float) -> _Prepared:
    known = candidate.known
    chunks = tuple(chunk_document(document))
    path, replaces = candidate.entry.path, known.generation > 0
    read, document = replace(read, data=b""), replace(document, text="")
    return _Prepared(known.doc_id, path, replaces, read, document, chunks, round(seconds, 4))


def extractor_name(path: bytes) -> str:
    """Give the name that the extractor chooses the parser by; its folder stays with us."""
    return display(os.path.basename(path))

"""What flows through the indexer: frozen, slotted records, and the one need it has of others (`Embedder`).

`FileEvent -> FileStamp + bytes -> Document (+ parts) -> Chunk* -> embeddings -> rows -> Passage*`.
Spans are half-open, in Unicode code points of `Document.text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from studiolo_indexer.errors import PARTLY_READ

FileState = Literal["indexed", "skipped", "failed", "pending"]
PartKind = Literal["page", "sheet", "slide", "section", "message"]
SearchMode = Literal["hybrid", "vector", "text"]
Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """What the indexer needs of an embedding model; the engine supplies it.

    `identity` changes whenever vectors would: model bytes, pooling, prompts, precision.
    """

    @property
    def identity(self) -> str:
        """Stable id of the vectors this embedder makes (hex digits)."""

    @property
    def dimension(self) -> int:
        """Length of each vector."""

    @property
    def max_tokens(self) -> int:
        """Longest input in tokens; what lies beyond is cut."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text as the model would see it, uncut, special tokens included."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed texts of documents: float32, shape (len(texts), dimension), rows of length 1."""

    def embed_query(self, text: str) -> Vectors:
        """Embed a question with the model's query prompt: float32, shape (dimension,), length 1."""


class Extracts(Protocol):
    """What the indexer needs of an extractor."""

    def start(self) -> None:
        """Begin to be ready for a file, without waiting for it."""

    def extract(self, data: bytes, *, name: str) -> Document:
        """Give the text of a file's bytes, or raise FileFailure."""

    def beginning(self, data: bytes, *, name: str) -> Document | None:
        """Give the first pages of a long document at once, or None, or raise FileFailure."""

    def rest(self) -> None:
        """Give back what only rare files need; nothing is read for now."""

    def close(self) -> None:
        """Give back the child process."""


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder that the user gave us to watch, the collection that it belongs to, and what is left out, a line each."""

    folder_id: int
    path: bytes
    path_text: str
    collection: str
    added_at: str
    offline_since: str | None = None
    patterns: str = ""


@dataclass(frozen=True, slots=True)
class FileEvent:
    """A hint that something at a path of a watched folder may have changed; what, the file system tells."""

    folder_id: int
    path: bytes


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What was removed together with a folder."""

    files: int
    chunks: int


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What identifies one state of a file. `settled` is False when the stamp is too fresh to be trusted."""

    size_bytes: int
    mtime_ns: int
    inode: int
    settled: bool = True

    def same_state(self, other: FileStamp) -> bool:
        """Tell whether both stamps name the same state of the same file."""
        return (self.size_bytes, self.mtime_ns, self.inode) == (other.size_bytes, other.mtime_ns, other.inode)


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the catalogue remembers of a file when a scan compares it; `generation` 0 means: nothing in the store."""

    doc_id: str
    folder_id: int
    path: bytes
    state: FileState
    code: str | None
    stamp: FileStamp
    sha256: str | None
    generation: int
    embedder: str | None
    chunks: int
    attempts: int

    @property
    def is_whole(self) -> bool:
        """Whether all of it is in the store, not its first pages alone."""
        return self.generation > 0 and self.code != PARTLY_READ


@dataclass(frozen=True, slots=True)
class Part:
    """A page, sheet, slide, section or message of a document; parts rise and cover the text.

    `confidence`, from 0 to 1, stands where the text was recognised from a picture (OCR).
    """

    kind: PartKind
    label: str
    start: int
    end: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading line of a document: its level (1 is the highest) and its span in the text."""

    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a document, a row a line; the rows before `header_end` name its columns (none where it is `start`)."""

    start: int
    header_end: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file's text: no NUL, no lone surrogate; parts rise and cover the text.

    `properties` are the document's own words about itself: (name, value), like ("author", "Ada"). `ocr_wanted` are the
    pages, from 1 and rising, that show something but have no usable text yet: their text must be recognised.
    """

    media_type: str
    parser: str
    text: str
    parts: tuple[Part, ...]
    title: str = ""
    headings: tuple[Heading, ...] = ()
    tables: tuple[Table, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    pages: int | None = None
    ocr_pages: int = 0
    warnings: tuple[str, ...] = ()
    ocr_wanted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OcrWord:
    """A word of a page: its span in the page's text, and its box in the page's measure, origin at the top left."""

    start: int
    end: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class OcrPage:
    """The recognised text of a page's picture, which is `width` by `height` pixels; the words rise.

    `confidence` is the mean over the letters, from 0 to 1; 0 where nothing was found.
    """

    text: str
    confidence: float
    width: int
    height: int
    words: tuple[OcrWord, ...] = ()


@dataclass(frozen=True, slots=True)
class PageWords:
    """What page `page` of `pages` says, and where its words stand: boxes in a measure of `width` by `height`.

    The words rise in the text; one that a line's end has broken is two that touch.
    """

    page: int
    pages: int
    text: str
    width: float
    height: float
    words: tuple[OcrWord, ...] = ()


PageBreaks = tuple[tuple[int, int], ...]
"""(page, where it begins in the document's text) of each page that a slice goes on to, in rising order."""


def page_at(place: int, page: int | None, breaks: PageBreaks) -> int | None:
    """Give the page on which a place lies in a slice that begins on `page`."""
    return next((number for number, start in reversed(breaks) if start <= place), page)


def with_context(context: str, text: str) -> str:
    """Put a chunk's text below its title and headings: what is embedded, looked through for words, and judged."""
    return f"{context}\n{text}" if context else text


@dataclass(frozen=True, slots=True)
class Chunk:
    """An exact slice of a document: `text == document.text[start:end]`.

    `context` is the title and heading path that go into the embedding and the full text, never into the slice.
    `page`, where the slice begins, counts from 1 and is None where the document has no pages; `part` is its label.
    `behind` is the white space between it and the next chunk; empty where there is none, or more than is kept.
    """

    ordinal: int
    start: int
    end: int
    text: str
    context: str
    part: str
    part_kind: PartKind
    page: int | None
    page_breaks: PageBreaks = ()
    behind: str = ""

    @property
    def embedded_text(self) -> str:
        """The exact text that is embedded; its hash is the key under which a vector is reused."""
        return with_context(self.context, self.text)


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that was found for a question, or neighbouring ones as one slice. Total order: (-score, path, start).

    `ocr_confidence`, from 0 to 1, stands where its page was recognised from a picture. `behind` is the white space up
    to the next chunk, as far as it is known. `also_in` are the paths of other documents that the search met with the
    same text, but for case and white space. `chunk_id` is that of the best chunk.
    """

    chunk_id: str
    doc_id: str
    collection: str
    path: bytes
    path_text: str
    part: str
    part_kind: PartKind
    page: int | None
    start: int
    end: int
    text: str
    context: str
    score: float
    cosine: float
    found_by: tuple[str, ...]
    sha256: str
    indexed_at: str
    ocr_confidence: float | None = None
    page_breaks: PageBreaks = ()
    behind: str = ""
    also_in: tuple[bytes, ...] = ()

    def page_at(self, place: int) -> int | None:
        """Give the page on which a place of the document's text lies: a passage may go on to the next one."""
        return page_at(place, self.page, self.page_breaks)

    def part_at(self, place: int) -> str:
        """Give the label of the part in which a place of the document's text lies."""
        page = self.page_at(place)
        return self.part if page == self.page else str(page)


@dataclass(frozen=True, slots=True)
class SearchTimes:
    """Milliseconds that the steps of one search took; `vector` waits for `embed` and `text`, which go on beside it."""

    embed: float = 0.0
    vector: float = 0.0
    text: float = 0.0
    fuse: float = 0.0
    rerank: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The passages for one query, best first, and what the search cost.

    Where filters were given, `documents` tells how many pass them, and `mailboxes_left_out` how many mailboxes do not
    because a mailbox has no one sender. `reranked` is how many different texts a cross-encoder judged.
    """

    query: str
    mode: SearchMode
    passages: tuple[Passage, ...]
    milliseconds: SearchTimes
    documents: int | None = None
    mailboxes_left_out: int = 0
    reranked: int = 0


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Why a file is skipped, failed or pending: a stable code and a sentence for people."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One row of the ledger: a file (or an excluded folder) and what became of it."""

    doc_id: str
    folder_id: int
    collection: str
    path: bytes
    path_text: str
    relative_text: str
    state: FileState
    code: str | None
    reason: str | None
    size_bytes: int
    sha256: str | None
    media_type: str | None
    parser: str | None
    pages: int | None
    parts: int | None
    chunks: int
    ocr_pages: int
    warnings: tuple[str, ...]
    seconds: float | None
    indexed_at: str | None


@dataclass(frozen=True, slots=True)
class IndexedRow:
    """What is written when a document's rows are in the store."""

    doc_id: str
    stamp: FileStamp
    sha256: str
    media_type: str
    parser: str
    pages: int | None
    parts: int
    chunks: int
    ocr_pages: int
    warnings: tuple[str, ...]
    seconds: float
    generation: int
    embedder: str


@dataclass(frozen=True, slots=True)
class LedgerCounts:
    """The files of a scope by state; `on_disk` is always their sum."""

    indexed: int = 0
    skipped: int = 0
    failed: int = 0
    pending: int = 0

    @property
    def on_disk(self) -> int:
        """All files that the scan walked."""
        return self.indexed + self.skipped + self.failed + self.pending


def added_up(counts: Iterable[LedgerCounts]) -> LedgerCounts:
    """Count the files of several scopes together."""
    rows = list(counts)
    return LedgerCounts(*(sum(getattr(row, field.name) for row in rows) for field in fields(LedgerCounts)))


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one pass over the folders found and did."""

    files: LedgerCounts
    added: int = 0
    modified: int = 0
    moved: int = 0
    deleted: int = 0
    unchanged: int = 0
    chunks_embedded: int = 0
    chunks_reused: int = 0
    pages_recognised: int = 0
    bytes_read: int = 0
    scan_s: float = 0.0
    extract_s: float = 0.0
    embed_s: float = 0.0
    write_s: float = 0.0
    recognise_s: float = 0.0
    total_s: float = 0.0


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """Where a pass stands, for people: counts of files (in the phase "recognise" of pages), and the file in hand.

    `seconds_left` for this folder (or document), and chunks a second so far, once they are known. `folder` is the
    watched folder that is scanned or indexed.
    """

    phase: Literal["scan", "index", "recognise", "idle"]
    collection: str
    files_done: int
    files_total: int
    chunks_embedded: int
    current: str
    seconds_left: float | None = None
    chunks_per_second: float | None = None
    folder: bytes | None = None


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """One file whose outcome can now be seen by a search: the line that `studiolo watch` prints."""

    event: Literal["indexed", "deleted", "moved", "failed", "skipped"]
    path_text: str
    collection: str
    time: str
    code: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class HighlightBox:
    """A rectangle around highlighted words, in pixels of the rendered page, origin at the top left."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PageImage:
    """One rendered page as PNG bytes, with the boxes of the highlighted words."""

    png: bytes
    width: int
    height: int
    page: int
    pages: int
    boxes: tuple[HighlightBox, ...]

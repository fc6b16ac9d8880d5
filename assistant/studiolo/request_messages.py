"""What the engine can be asked, but for past answers (`conversation_messages`); light to import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

PROTOCOL = 1
"""Grows when an old window could misread a new engine."""

Row = dict[str, Any]  # Any: a JSON document, whose shape is the contract; its reader checks it


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the engine is asked to do."""

    type: ClassVar[str] = ""
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello(Request):
    """First request of a session. Result: {"protocol", "version", "home", "offline": {...}, "models": {...}}."""

    type: ClassVar[str] = "hello"
    protocol: int = PROTOCOL


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFolder(Request):
    """Watch a folder and index it. Result: the folder's record; indexing goes on and reports `progress`."""

    type: ClassVar[str] = "add_folder"
    path: str
    collection: str = "documents"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveFolder(Request):
    """Stop watching and purge every trace. Result: {"files", "chunks"}."""

    type: ClassVar[str] = "remove_folder"
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclude(Request):
    """Leave out of a folder what these patterns (of gitignore) name, and nothing else. Result: the folder's record."""

    type: ClassVar[str] = "exclude"
    path: str
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewExclude(Request):
    """What `exclude` would change. Result: {"dropped": n, "returned": n, "dropped_paths", "returned_paths"}."""

    type: ClassVar[str] = "preview_exclude"
    path: str
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync(Request):
    """Bring the index up to date. Result: the `sync` document."""

    type: ClassVar[str] = "sync"
    collection: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Request):
    """Sync, then keep the index current until shutdown, with a `file_event` each. Result: {"watching": n}."""

    type: ClassVar[str] = "watch"


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseIndexing(Request):
    """Pause or resume indexing; questions go on. Result: {"paused": bool}."""

    type: ClassVar[str] = "pause_indexing"
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexingSpeed(Request):
    """How much of the processor indexing takes: "full", or "gentle" for a third; kept. Result: {"speed"}."""

    type: ClassVar[str] = "indexing_speed"
    speed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate(Request):
    """What indexing a folder will take; nothing is added. Result: the `estimate` document."""

    type: ClassVar[str] = "estimate"
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Request):
    """Where things stand.

    Result: {"collections": [{"name", "folders": [record…], "files": counts}], "indexing": bool, "paused": bool,
    "speed": "full" or "gentle", "on_battery": bool, "gentle": bool}.
    """

    type: ClassVar[str] = "status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Files(Request):
    """A slice of the ledger. Result: {"total", "rows": [the rows of `files`], with the first slice "codes"}."""

    type: ClassVar[str] = "files"
    state: str | None = None
    collection: str | None = None
    offset: int = 0
    limit: int = 500
    words: str | None = None
    code: str | None = None
    order: str = "path"
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFiles(Request):
    """Write all rows of the ledger that pass the filters of `files` to a CSV file. Result: {"path", "rows": n}."""

    type: ClassVar[str] = "export_files"
    path: str
    state: str | None = None
    collection: str | None = None
    words: str | None = None
    code: str | None = None
    order: str = "path"
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Original(Request):
    """Whether an original may be opened (or its folder, with `show`) now. Result: {"path", "folder"}."""

    type: ClassVar[str] = "original"
    path: str
    show: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry(Request):
    """Try failed files again; without paths, all of them. Result: the `sync` document."""

    type: ClassVar[str] = "retry"
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Request):
    """What is extracted from one file. Result: the `text` document."""

    type: ClassVar[str] = "text"
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Search(Request):
    """Passages for a query. Result: the `search` document."""

    type: ClassVar[str] = "search"
    query: str
    k: int = 10
    collections: tuple[str, ...] = ("documents",)
    mode: str = "hybrid"
    under: str | None = None
    rerank: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FindAll(Request):
    """Examine every document of a scope: `progress` events, then the `find-all` document as result.

    A result whose `complete` is false ended early (after `pause_after_s`, or because it grew too long for one line);
    the same request with `after`, the value of that name in the result, goes on behind it.
    """

    type: ClassVar[str] = "find_all"
    query: str
    collections: tuple[str, ...] = ("documents",)
    under: str | None = None
    after: str | None = None
    pause_after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Request):
    """A cited answer: `evidence` first, then `token` events, then the `ask` document as result.

    `earlier` are the questions of the conversation before this one, oldest first, as they were asked. The answer is
    kept in `conversation`, a new one if it is null or has gone; the result names it. Without `k` there are as many
    passages as the settings say. `filters` hold besides those in the question, each {"filter", "value", "negated"?}.
    `seed` above 0 lets the model word its answer otherwise. `instead_of` is the answer (an id) whose place this one
    takes in its conversation; both are kept.
    """

    type: ClassVar[str] = "ask"
    question: str
    earlier: tuple[str, ...] = ()
    conversation: int | None = None
    k: int | None = None
    collections: tuple[str, ...] = ("documents",)
    adapter: str | None = None
    model: str | None = None
    use_model: bool = True
    style: str | None = None
    rerank: bool = True
    filters: tuple[Row, ...] = ()
    seed: int = 0
    instead_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFilters(Request):
    """What the filters in a query mean; nothing is searched. Result: the `filters` of a result."""

    type: ClassVar[str] = "read_filters"
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSources(Request):
    """Whether files are still the versions that were quoted, each {"path", "sha256"}.

    Result: {"sources": [{"path", "sha256", "state", "now"}…]} of those that are not: "changed", "gone" or "moved", the
    last with the path where the same words lie `now`, which is null for the others.
    """

    type: ClassVar[str] = "check_sources"
    sources: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Request):
    """Stop the request `target`. Result: {"cancelled": bool}; the target itself ends with `cancelled`."""

    type: ClassVar[str] = "cancel"
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View(Request):
    """Show a place of a file, served by an extractor process.

    Result for a paged file: {"kind": "page", "path", "page", "pages", "width", "height", "png": base64,
    "boxes": [[x, y, width, height]…], "stale": bool}; boxes and sizes are in pixels of the picture.
    For any other: {"kind": "text", "path", "text", "start", "end", "stale": bool}: the whole text and the span to mark.
    `stale` is true when the file on disk is no longer the version whose SHA-256 was given, or the words have gone.
    Both with "sha256": the version that is shown.
    """

    type: ClassVar[str] = "view"
    path: str
    page: int | None = None
    start: int = 0
    end: int = 0
    quote: str = ""
    sha256: str | None = None
    width: int = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords(Request):
    """The words of a page of a paged file, with their boxes.

    Result: {"path", "sha256", "page", "pages", "text", "width", "height", "words": [[start, end, x, y, width,
    height]…], "ocr_confidence"}: spans of the page's own text, boxes in a measure of `width` by `height`.
    """

    type: ClassVar[str] = "page_words"
    path: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindIn(Request):
    """Where words stand in one file, a few pages at a time.

    Result: {"path", "sha256", "words", "pages", "hits": [{"page", "start", "end"}…], "more", "silent", "next"}: in a
    paged file spans of the page's text as `page_words` gives it, else of the text that `view` gives, with `page` null.
    `next` is the page to go on with, null at the end; `more` is true where there are more hits than are listed;
    `silent` counts the pages that were looked through and have no text.
    """

    type: ClassVar[str] = "find_in"
    path: str
    words: str
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Models(Request):
    """Registered models. Result: {"models": [record…]}."""

    type: ClassVar[str] = "models"


@dataclass(frozen=True, slots=True, kw_only=True)
class UseModel(Request):
    """Choose the model for its role. Result: the model's record.

    An empty name: no reranker, until one is chosen. Result: {"role": "reranker", "name": null}.
    """

    type: ClassVar[str] = "use_model"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles(Request):
    """Answer styles. Result: {"styles": [record…], "default", "collections": {collection: style}}."""

    type: ClassVar[str] = "styles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor(Request):
    """Check the installation. Result: {"findings": [{"check", "ok", "detail", "hint"}…]}."""

    type: ClassVar[str] = "doctor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shutdown(Request):
    """Finish the step in hand and end. Result: {}; then the process ends with 0."""

    type: ClassVar[str] = "shutdown"

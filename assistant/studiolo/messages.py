"""Every request and event between a window (or script) and the engine, and their JSON-lines codec; light to import.

One JSON object a line, UTF-8, `type` first; unknown fields are ignored, so that fields may be added. A request carries
`id`, a string that the sender chose; every event that belongs to it repeats it as `request`. Each request ends with
exactly one of `result`, `failed` or `cancelled`. docs/protocol.md describes each message and its result.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

M = TypeVar("M")

PROTOCOL = 1
"""Grows when an old window could misread a new engine."""

MAX_LINE_BYTES = 64 * 1024 * 1024
"""A longer line is refused: it can only be a defect."""

Document = dict[str, Any]  # Any: a JSON document, whose shape is the contract of product.md


class ProtocolError(ValueError):
    """A line is no message of this protocol."""

    code = "protocol.error"


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
    """Where things stand. Result: {"collections", "indexing", "paused", "speed", "on_battery", "gentle"}."""

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
    """Examine every document of a scope, behind `after`: `progress` events, then the `find-all` document as result."""

    type: ClassVar[str] = "find_all"
    query: str
    collections: tuple[str, ...] = ("documents",)
    under: str | None = None
    after: str | None = None
    pause_after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Request):
    """A cited answer: `evidence` first, then `token` events, then the `ask` document as result.

    `earlier` are the questions of the conversation before this one, oldest first, as they were asked.
    """

    type: ClassVar[str] = "ask"
    question: str
    earlier: tuple[str, ...] = ()
    k: int = 6
    collections: tuple[str, ...] = ("documents",)
    adapter: str | None = None
    model: str | None = None
    use_model: bool = True
    style: str | None = None
    rerank: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Request):
    """Stop the request `target`. Result: {"cancelled": bool}; the target itself ends with `cancelled`."""

    type: ClassVar[str] = "cancel"
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View(Request):
    """Show a place of a file, served by an extractor process. Result: a page or a text, see docs/protocol.md."""

    type: ClassVar[str] = "view"
    path: str
    page: int | None = None
    start: int = 0
    end: int = 0
    quote: str = ""
    sha256: str | None = None
    width: int = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Models(Request):
    """Registered models. Result: {"models": [record…]}."""

    type: ClassVar[str] = "models"


@dataclass(frozen=True, slots=True, kw_only=True)
class UseModel(Request):
    """Choose the model for its role; an empty name: no reranker. Result: the model's record."""

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
class History(Request):
    """Past questions, newest first. Result: {"rows": [{"id", "question", "asked_at", "collections"}…]}."""

    type: ClassVar[str] = "history"
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry(Request):
    """One past answer with its sources. Result: the `ask` document as it was stored, plus "id" and "asked_at"."""

    type: ClassVar[str] = "history_entry"
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shutdown(Request):
    """Finish the step in hand and end. Result: {}; then the process ends with 0."""

    type: ClassVar[str] = "shutdown"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineEvent:
    """What the engine says."""

    type: ClassVar[str] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready(EngineEvent):
    """The engine can take a question: models are known, the store is open."""

    type: ClassVar[str] = "ready"
    protocol: int = PROTOCOL
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(EngineEvent):
    """A request has ended well."""

    type: ClassVar[str] = "result"
    request: str
    value: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(EngineEvent):
    """A request has ended with an error: {"code", "message", "hint"} (see errors.py)."""

    type: ClassVar[str] = "failed"
    request: str
    error: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(EngineEvent):
    """A request has ended because the user stopped it.

    `value` may hold what there was: for `ask` {"answer"}, for `find_all` its document so far.
    """

    type: ClassVar[str] = "cancelled"
    request: str
    value: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(EngineEvent):
    """The passages that an answer will rest on, before its first token.

    Each: {"number", "path", "collection", "part", "page", "start", "end", "quote", "text", "sha256", "score"}.
    `quote` is the best sentence of the passage, with its own `start` and `end`; `text` is the whole passage.
    """

    type: ClassVar[str] = "evidence"
    request: str
    passages: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token(EngineEvent):
    """The next piece of a streaming answer."""

    type: ClassVar[str] = "token"
    request: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(EngineEvent):
    """Where indexing stands; at most ten a second. Rate and seconds are missing while too little is known.

    In the phase `find_all`, which belongs to a `request`, files are documents: examined, and in scope.
    """

    type: ClassVar[str] = "progress"
    phase: str
    collection: str = ""
    files_done: int = 0
    files_total: int = 0
    chunks_embedded: int = 0
    current: str = ""
    seconds_left: float | None = None
    chunks_per_second: float | None = None
    request: str | None = None
    folder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEvent(EngineEvent):
    """The outcome for one file can now be seen by a search."""

    type: ClassVar[str] = "file_event"
    event: str
    path: str
    collection: str
    time: str
    code: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(EngineEvent):
    """An error that belongs to no request (a folder went offline, the disk is full): {"code", "message", "hint"}."""

    type: ClassVar[str] = "notice"
    error: Document


REQUESTS: dict[str, type[Request]] = {
    c.type: c
    for c in (
        Hello, AddFolder, RemoveFolder, Exclude, PreviewExclude, Sync, Watch, PauseIndexing, IndexingSpeed, Estimate,
        Status, Files, ExportFiles, Original, Retry, Text, Search, FindAll, Ask, Cancel, View, Models, UseModel, Styles,
        Doctor, History, HistoryEntry, Shutdown,
    )
}  # fmt: skip
EVENTS: dict[str, type[EngineEvent]] = {
    c.type: c for c in (Ready, Result, Failed, Cancelled, Evidence, Token, Progress, FileEvent, Notice)
}


def encode(message: Request | EngineEvent) -> bytes:
    """Write a message as one JSON line, newline included; lone surrogates travel as escapes."""
    body: Document = {"type": message.type}
    body.update({f.name: getattr(message, f.name) for f in dataclasses.fields(message)})
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def decode_request(line: bytes) -> Request:
    """Read one line as a request.

    Raises:
        ProtocolError: If the line is too long, no JSON object, of an unknown type, or a field has the wrong type.
    """
    return _decode(line, REQUESTS)


def decode_event(line: bytes) -> EngineEvent:
    """Read one line as an event.

    Raises:
        ProtocolError: As for `decode_request`.
    """
    return _decode(line, EVENTS)


def _decode(line: bytes, known: dict[str, type[M]]) -> M:
    if len(line) > MAX_LINE_BYTES:
        raise ProtocolError(f"line of {len(line)} bytes")
    try:
        body = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("no JSON") from error
    if not isinstance(body, dict) or not isinstance(kind := body.get("type"), str) or kind not in known:
        raise ProtocolError("no message of a known type")
    message_class = known[kind]
    hints = _hints_of(kind)
    values = {}
    for f in dataclasses.fields(message_class):  # type: ignore[arg-type]  # M is always one of our dataclasses
        if f.name in body:
            values[f.name] = _checked(body[f.name], hints[f.name], f"{kind}.{f.name}")
    try:
        return message_class(**values)
    except TypeError as error:
        raise ProtocolError(f"{kind}: a field is missing") from error


@functools.cache
def _hints_of(kind: str) -> dict[str, object]:
    """Evaluate the annotations of a message, once: for a token that costs ten times the rest of its decoding."""
    return typing.get_type_hints(REQUESTS.get(kind) or EVENTS[kind])


def _checked(value: object, hint: object, place: str) -> object:
    """Check one field against its annotation: str, int, float, bool, dict, tuple[X, ...] or a union of those."""
    if isinstance(hint, types.UnionType):
        for option in typing.get_args(hint):
            try:
                return _checked(value, option, place)
            except ProtocolError:
                continue
        raise ProtocolError(f"{place} has the wrong type")
    origin = typing.get_origin(hint)
    if origin is tuple and isinstance(value, list):
        return tuple(_checked(item, typing.get_args(hint)[0], place) for item in value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    expected = origin or hint
    if (
        not isinstance(expected, type)
        or not isinstance(value, expected)
        or (expected is int and isinstance(value, bool))
    ):
        raise ProtocolError(f"{place} has the wrong type")
    return value

"""What the engine says; light to import."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from studiolo.request_messages import PROTOCOL

Document = dict[str, Any]  # Any: a JSON document, whose shape is the contract of product.md


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

    Each: {"number", "path", "collection", "part", "page", "start", "end", "quote", "text", "matches", "found_by",
    "sha256", "indexed_at", "score"}. `matches` are spans of `text` that hold words of the question.
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

    In the phase `find_all`, which belongs to a `request`, files are documents: examined, and in scope. In the phases
    `evaluate` and `draft`, which do too, they are questions.
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

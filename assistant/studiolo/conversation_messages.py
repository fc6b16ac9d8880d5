"""What the engine can be asked about conversations: past questions with their answers; light to import.

A conversation is named by its id, a number that is never given twice, and so is an answer (`entry`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from studiolo.request_messages import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversations(Request):
    """Conversations, pinned ones first, then the newest; with `words` those alone that hold them all.

    Result: {"total": n, "rows": [{"id", "title", "named", "pinned", "started_at", "asked_at", "answers",
    "collections"}…]}.
    """

    type: ClassVar[str] = "conversations"
    words: str = ""
    offset: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation(Request):
    """One conversation. Result: its row of `conversations`, and "turns": its answers, oldest first."""

    type: ClassVar[str] = "conversation"
    conversation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameConversation(Request):
    """Give a conversation a title; an empty one lets it be called by its first question. Result: its row."""

    type: ClassVar[str] = "rename_conversation"
    conversation: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PinConversation(Request):
    """Keep a conversation at the top, or no longer. Result: its row."""

    type: ClassVar[str] = "pin_conversation"
    conversation: int
    pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteConversation(Request):
    """Remove a conversation with its answers and their feedback from the disk. Result: {"answers": n}."""

    type: ClassVar[str] = "delete_conversation"
    conversation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportConversation(Request):
    """Write a conversation with its numbered sources as `markdown`, `html` or `json`.

    Result: {"name", "text"}, `name` being a file name that suits it; with a `path` {"path"}: it is in that file.
    """

    type: ClassVar[str] = "export_conversation"
    conversation: int
    format: str
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback(Request):
    """What the user says of an answer; it takes the place of what was said before, and nothing at all removes it.

    `rating` is "up", "down" or null, `correction` the answer as it should have been. Result: {"entry", "rating",
    "correction"}.
    """

    type: ClassVar[str] = "feedback"
    entry: int
    rating: str | None = None
    correction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackExamples(Request):
    """Answers of which something was said, oldest first. Result: {"total": n, "rows": [example…]}."""

    type: ClassVar[str] = "feedback_examples"
    offset: int = 0
    limit: int = 100


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

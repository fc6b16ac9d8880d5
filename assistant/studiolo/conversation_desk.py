"""Conversations: listed, opened, renamed, pinned, removed, judged and exported; holds nothing between two requests.

T-view does what is short; removing writes the file anew and is done by T-estimate. Each opens the history for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

from studiolo import messages
from studiolo.conversation_export import ENDINGS, FORMATS, file_name, write
from studiolo.desk import Job, Json, bounded
from studiolo.errors import AssistantError
from studiolo.history import History
from studiolo.messages import Request
from studiolo.paths import AppPaths
from studiolo.whole_output import whole_output
from studiolo.workspace import as_path

REQUESTS = (
    messages.Conversations, messages.Conversation, messages.RenameConversation, messages.PinConversation,
    messages.DeleteConversation, messages.ExportConversation, messages.Feedback, messages.FeedbackExamples,
    messages.History, messages.HistoryEntry,
)  # fmt: skip
RATINGS = ("up", "down")


class ConversationDesk:
    """Answers what is asked about conversations.

    Args:
        paths: Where the history lies.
    """

    def __init__(self, paths: AppPaths) -> None:
        self._paths = paths

    def handle(self, request: Request, job: Job) -> Json:
        """Do one request."""
        handlers: dict[type[Request], Callable[[], Json]] = {
            messages.Conversations: lambda: self._list(cast("messages.Conversations", request)),
            messages.Conversation: lambda: self._conversation(cast("messages.Conversation", request)),
            messages.RenameConversation: lambda: self._rename(cast("messages.RenameConversation", request)),
            messages.PinConversation: lambda: self._pin(cast("messages.PinConversation", request)),
            messages.DeleteConversation: lambda: self._delete(cast("messages.DeleteConversation", request)),
            messages.ExportConversation: lambda: self._export(cast("messages.ExportConversation", request)),
            messages.Feedback: lambda: self._feedback(cast("messages.Feedback", request)),
            messages.FeedbackExamples: lambda: self._examples(cast("messages.FeedbackExamples", request)),
            messages.History: lambda: self._newest(cast("messages.History", request)),
            messages.HistoryEntry: lambda: self._entry(cast("messages.HistoryEntry", request)),
        }  # the casts repeat what the key says
        if type(request) not in handlers:
            raise TypeError(f"not for this desk: {request.type}")
        return handlers[type(request)]()

    def close(self) -> None:
        """Give nothing back: nothing is held."""

    @contextmanager
    def _open(self) -> Iterator[History]:
        history = History(self._paths.history)
        try:
            yield history
        finally:
            history.close()

    def _list(self, request: messages.Conversations) -> Json:
        with self._open() as history:
            total, rows = history.conversations(
                request.words, offset=bounded(request.offset), limit=bounded(request.limit)
            )
        return {"total": total, "rows": rows}

    def _conversation(self, request: messages.Conversation) -> Json:
        with self._open() as history:
            return self._row(history, request.conversation) | {"turns": history.turns(bounded(request.conversation))}

    def _rename(self, request: messages.RenameConversation) -> Json:
        with self._open() as history:
            self._row(history, request.conversation)
            history.rename(request.conversation, request.title)
            return self._row(history, request.conversation)

    def _pin(self, request: messages.PinConversation) -> Json:
        with self._open() as history:
            self._row(history, request.conversation)
            history.pin(request.conversation, pinned=request.pinned)
            return self._row(history, request.conversation)

    def _delete(self, request: messages.DeleteConversation) -> Json:
        with self._open() as history:
            self._row(history, request.conversation)
            return {"answers": history.delete(request.conversation)}

    def _export(self, request: messages.ExportConversation) -> Json:
        if request.format not in FORMATS:
            raise AssistantError("history.bad_format", request.format)
        with self._open() as history:
            row = self._row(history, request.conversation)
            turns = history.turns(request.conversation)
        text = write(row, turns, request.format)
        if request.path is None:
            return {"name": file_name(row["title"], ENDINGS[request.format]), "text": text}
        with whole_output(as_path(request.path)) as stream:
            stream.write(text)
        return {"path": request.path}

    def _feedback(self, request: messages.Feedback) -> Json:
        if request.rating is not None and request.rating not in RATINGS:
            raise AssistantError("history.bad_rating", request.rating)
        with self._open() as history:
            self._answer(history, request.entry)
            history.rate(request.entry, rating=request.rating, correction=request.correction)
            given = self._answer(history, request.entry)["feedback"]
        return {"entry": request.entry, "rating": given["rating"], "correction": given["correction"]}

    def _examples(self, request: messages.FeedbackExamples) -> Json:
        with self._open() as history:
            total, rows = history.examples(offset=bounded(request.offset), limit=bounded(request.limit))
        return {"total": total, "rows": rows}

    def _newest(self, request: messages.History) -> Json:
        with self._open() as history:
            return {"rows": history.newest(bounded(request.limit))}

    def _entry(self, request: messages.HistoryEntry) -> Json:
        with self._open() as history:
            return self._answer(history, request.entry)

    @staticmethod
    def _row(history: History, conversation: int) -> Json:
        row = history.conversation(bounded(conversation))
        if row is None:
            raise AssistantError("history.no_conversation", str(conversation))
        return row

    @staticmethod
    def _answer(history: History, entry: int) -> Json:
        answer = history.entry(bounded(entry))
        if answer is None:
            raise AssistantError("history.unknown", str(entry))
        return answer

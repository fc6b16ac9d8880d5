"""Every request and event between a window (or script) and the engine, and their JSON-lines codec; light to import.

One JSON object a line, UTF-8, `type` first; unknown fields are ignored, so that fields may be added. A request carries
`id`, a string that the sender chose; every event that belongs to it repeats it as `request`. Each request ends with
exactly one of `result`, `failed` or `cancelled`. docs/protocol.md describes each message and its result.
"""

from __future__ import annotations

from studiolo.conversation_messages import (
    Conversation,
    Conversations,
    DeleteConversation,
    ExportConversation,
    Feedback,
    FeedbackExamples,
    History,
    HistoryEntry,
    PinConversation,
    RenameConversation,
)
from studiolo.evaluation_messages import (
    Adapters,
    AddQuestionSet,
    CompareEvaluations,
    DecideQuestion,
    DeleteEvaluation,
    DraftQuestions,
    Evaluate,
    Evaluation,
    Evaluations,
    ForgetQuestionSet,
    QuestionSet,
    QuestionSets,
    UseAdapter,
)
from studiolo.event_messages import (
    Cancelled,
    Document,
    EngineEvent,
    Evidence,
    Failed,
    FileEvent,
    Notice,
    Progress,
    Ready,
    Result,
    Token,
)
from studiolo.message_codec import MAX_LINE_BYTES, ProtocolError, decode, encode
from studiolo.request_messages import (
    PROTOCOL,
    AddFolder,
    Ask,
    Cancel,
    CheckSources,
    Doctor,
    Estimate,
    Exclude,
    ExportFiles,
    Files,
    FindAll,
    FindIn,
    Hello,
    IndexingSpeed,
    Models,
    Original,
    PageWords,
    PauseIndexing,
    PreviewExclude,
    ReadFilters,
    RemoveFolder,
    Request,
    Retry,
    Search,
    Shutdown,
    Status,
    Styles,
    Sync,
    Text,
    UseModel,
    View,
    Watch,
)
from studiolo.upkeep_messages import (
    AddModel,
    AddStyle,
    ChangeSetting,
    CheckModel,
    Checks,
    Purge,
    RemoveModel,
    RemoveStyle,
    Settings,
    Storage,
    UseStyle,
    VerifyModel,
)

__all__ = (
    "EVENTS",
    "MAX_LINE_BYTES",
    "PROTOCOL",
    "REQUESTS",
    "Adapters",
    "AddFolder",
    "AddModel",
    "AddQuestionSet",
    "AddStyle",
    "Ask",
    "Cancel",
    "Cancelled",
    "ChangeSetting",
    "CheckModel",
    "CheckSources",
    "Checks",
    "CompareEvaluations",
    "Conversation",
    "Conversations",
    "DecideQuestion",
    "DeleteConversation",
    "DeleteEvaluation",
    "Doctor",
    "Document",
    "DraftQuestions",
    "EngineEvent",
    "Estimate",
    "Evaluate",
    "Evaluation",
    "Evaluations",
    "Evidence",
    "Exclude",
    "ExportConversation",
    "ExportFiles",
    "Failed",
    "Feedback",
    "FeedbackExamples",
    "FileEvent",
    "Files",
    "FindAll",
    "FindIn",
    "ForgetQuestionSet",
    "Hello",
    "History",
    "HistoryEntry",
    "IndexingSpeed",
    "Models",
    "Notice",
    "Original",
    "PageWords",
    "PauseIndexing",
    "PinConversation",
    "PreviewExclude",
    "Progress",
    "ProtocolError",
    "Purge",
    "QuestionSet",
    "QuestionSets",
    "ReadFilters",
    "Ready",
    "RemoveFolder",
    "RemoveModel",
    "RemoveStyle",
    "RenameConversation",
    "Request",
    "Result",
    "Retry",
    "Search",
    "Settings",
    "Shutdown",
    "Status",
    "Storage",
    "Styles",
    "Sync",
    "Text",
    "Token",
    "UseAdapter",
    "UseModel",
    "UseStyle",
    "VerifyModel",
    "View",
    "Watch",
    "decode_event",
    "decode_request",
    "encode",
)  # fmt: skip

REQUESTS: dict[str, type[Request]] = {
    c.type: c
    for c in (
        Hello, AddFolder, RemoveFolder, Exclude, PreviewExclude, Sync, Watch, PauseIndexing, IndexingSpeed, Estimate,
        Status, Files, ExportFiles, Original, Retry, Text, Search, FindAll, Ask, Cancel, View, PageWords, FindIn,
        ReadFilters, CheckSources, Models, UseModel, Styles, Doctor, Conversations, Conversation, RenameConversation,
        PinConversation, DeleteConversation, ExportConversation, Feedback, FeedbackExamples, History, HistoryEntry,
        QuestionSets, AddQuestionSet, ForgetQuestionSet, QuestionSet, DraftQuestions, DecideQuestion, Evaluate,
        Evaluations, Evaluation, DeleteEvaluation, CompareEvaluations, Adapters, UseAdapter, Settings, ChangeSetting,
        CheckModel, AddModel, VerifyModel, RemoveModel, AddStyle, RemoveStyle, UseStyle, Checks, Storage, Purge,
        Shutdown,
    )
}  # fmt: skip
EVENTS: dict[str, type[EngineEvent]] = {
    c.type: c for c in (Ready, Result, Failed, Cancelled, Evidence, Token, Progress, FileEvent, Notice)
}


def decode_request(line: bytes) -> Request:
    """Read one line as a request.

    Raises:
        ProtocolError: If the line is too long, no JSON object, of an unknown type, or a field has the wrong type.
    """
    return decode(line, REQUESTS)


def decode_event(line: bytes) -> EngineEvent:
    """Read one line as an event.

    Raises:
        ProtocolError: As for `decode_request`.
    """
    return decode(line, EVENTS)

"""Conversations are listed, opened, changed, judged, exported and removed; what is not there is said with its code."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studiolo import messages
from studiolo.conversation_desk import REQUESTS, ConversationDesk
from studiolo.desk import Job, Json
from studiolo.errors import AssistantError, report
from studiolo.history import History
from studiolo.messages import Request
from studiolo.paths import AppPaths


class Talks:
    """A desk over a history with two conversations: one of two answers, and a later one."""

    def __init__(self, home: Path) -> None:
        self.paths = AppPaths(home)
        self.paths.create()
        self.desk = ConversationDesk(self.paths)
        self.first = self.keep("How many days?")["conversation"]
        self.entry = self.keep("And for part-time staff?", self.first)["id"]
        self.second = self.keep("Who pays?")["conversation"]

    def keep(self, question: str, conversation: int | None = None) -> Json:
        source = {"number": 1, "path": "/docs/leave.pdf", "page": 4, "quote": "ten days", "sha256": "ab" * 32}
        answer = {"question": question, "answer": "Ten [1].", "citations": [source], "passages": [source]}
        history = History(self.paths.history)
        kept = history.add(question, ("hr",), answer, conversation=conversation)
        history.close()
        return kept

    def do(self, kind: Callable[..., Request], **fields: Any) -> Json:  # Any: of whatever type the request has
        return self.desk.handle(kind(id="r", **fields), Job())

    def titles(self, **fields: Any) -> list[str]:  # Any: as above
        return [row["title"] for row in self.do(messages.Conversations, **fields)["rows"]]


@pytest.fixture
def talks(tmp_path: Path) -> Talks:
    return Talks(tmp_path / "home")


def test_conversations_are_listed_newest_first_in_slices_with_what_a_list_shows(talks: Talks) -> None:
    listed = talks.do(messages.Conversations)
    assert listed["total"] == 2
    newest, oldest = listed["rows"]
    assert (newest["title"], newest["answers"], newest["pinned"]) == ("Who pays?", 1, False)
    assert (oldest["title"], oldest["answers"], oldest["collections"]) == ("How many days?", 2, ["hr"])
    assert oldest["started_at"] <= oldest["asked_at"] <= newest["asked_at"]
    assert talks.titles(offset=1, limit=1) == ["How many days?"]
    assert talks.titles(offset=2**80, limit=-3) == []


def test_an_opened_conversation_has_all_its_answers_with_id_time_and_sources(talks: Talks) -> None:
    """R19."""
    opened = talks.do(messages.Conversation, conversation=talks.first)
    assert (opened["title"], opened["id"]) == ("How many days?", talks.first)
    assert [t["question"] for t in opened["turns"]] == ["How many days?", "And for part-time staff?"]
    last = opened["turns"][-1]
    assert (last["id"], last["conversation"], last["citations"][0]["page"]) == (talks.entry, talks.first, 4)
    assert last["asked_at"]
    assert last["feedback"] == {"rating": None, "correction": "", "given_at": None}


def test_a_conversation_is_renamed_pinned_and_found(talks: Talks) -> None:
    assert talks.do(messages.RenameConversation, conversation=talks.first, title="Leave")["title"] == "Leave"
    assert talks.do(messages.PinConversation, conversation=talks.first, pinned=True)["pinned"] is True
    assert talks.titles() == ["Leave", "Who pays?"]
    assert talks.titles(words="part-TIME") == ["Leave"]


def test_a_removed_conversation_is_gone(talks: Talks) -> None:
    assert talks.do(messages.DeleteConversation, conversation=talks.first) == {"answers": 2}
    assert talks.titles() == ["Who pays?"]


def test_what_is_said_of_an_answer_is_kept_changed_and_taken_back(talks: Talks) -> None:
    given = talks.do(messages.Feedback, entry=talks.entry, rating="down", correction="Five.")
    assert given == {"entry": talks.entry, "rating": "down", "correction": "Five."}
    turn = talks.do(messages.Conversation, conversation=talks.first)["turns"][-1]
    assert (turn["feedback"]["rating"], turn["feedback"]["correction"]) == ("down", "Five.")
    listed = talks.do(messages.FeedbackExamples)
    assert (listed["total"], [e["id"] for e in listed["rows"]]) == (1, [talks.entry])
    assert talks.do(messages.Feedback, entry=talks.entry)["rating"] is None
    assert talks.do(messages.FeedbackExamples)["total"] == 0


@pytest.mark.parametrize(("form", "ending"), [("markdown", ".md"), ("html", ".html"), ("json", ".json")])
def test_an_export_is_given_or_written_and_is_the_same(talks: Talks, tmp_path: Path, form: str, ending: str) -> None:
    given = talks.do(messages.ExportConversation, conversation=talks.first, format=form)
    assert given["name"] == f"How many days{ending}"
    path = tmp_path / f"talk{ending}"
    written = talks.do(messages.ExportConversation, conversation=talks.first, format=form, path=str(path))
    assert written == {"path": str(path)}
    assert path.read_text(encoding="utf-8") == given["text"]
    assert "ab" * 32 in given["text"]
    if form == "json":
        assert len(json.loads(given["text"])["answers"]) == 2


def test_an_export_that_finds_no_room_leaves_the_former_one(
    talks: Talks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "talk.html"
    talks.do(messages.ExportConversation, conversation=1, format="html", path=str(path))
    before = path.read_bytes()

    def full(stream: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("studiolo.whole_output.os.fsync", full)
    with pytest.raises(AssistantError) as caught:
        talks.do(messages.ExportConversation, conversation=1, format="json", path=str(path))
    assert report(caught.value).code == "output.full"
    assert path.read_bytes() == before


BAD: list[tuple[str, Callable[..., Request], Json]] = [
    ("history.no_conversation", messages.Conversation, {"conversation": 99}),
    ("history.no_conversation", messages.Conversation, {"conversation": 2**80}),
    ("history.no_conversation", messages.RenameConversation, {"conversation": -1, "title": "x"}),
    ("history.no_conversation", messages.PinConversation, {"conversation": 0, "pinned": True}),
    ("history.no_conversation", messages.DeleteConversation, {"conversation": 99}),
    ("history.no_conversation", messages.ExportConversation, {"conversation": 99, "format": "json"}),
    ("history.bad_format", messages.ExportConversation, {"conversation": 1, "format": "docx"}),
    ("path.bad", messages.ExportConversation, {"conversation": 1, "format": "json", "path": ""}),
    ("output.unwritable", messages.ExportConversation, {"conversation": 1, "format": "json", "path": "/nowhere/a"}),
    ("history.unknown", messages.Feedback, {"entry": 99, "rating": "up"}),
    ("history.bad_rating", messages.Feedback, {"entry": 1, "rating": "five stars"}),
    ("history.unknown", messages.HistoryEntry, {"entry": 99}),
]


@pytest.mark.parametrize(("code", "kind", "fields"), BAD)
def test_what_cannot_be_done_is_said_in_words(
    talks: Talks, code: str, kind: Callable[..., Request], fields: Json
) -> None:
    with pytest.raises(AssistantError) as caught:
        talks.do(kind, **fields)
    said = report(caught.value)
    assert (said.code, bool(said.message), bool(said.hint)) == (code, True, True)
    assert talks.do(messages.Conversations)["total"] == 2


def test_single_answers_are_listed_and_opened_as_before(talks: Talks) -> None:
    rows = talks.do(messages.History, limit=2)["rows"]
    assert [row["question"] for row in rows] == ["Who pays?", "And for part-time staff?"]
    entry = talks.do(messages.HistoryEntry, entry=rows[0]["id"])
    assert (entry["question"], entry["id"]) == ("Who pays?", rows[0]["id"])


def test_every_request_of_the_desk_is_known_to_it_and_no_other(talks: Talks) -> None:
    for kind in REQUESTS:
        assert kind in messages.REQUESTS.values()
    with pytest.raises(TypeError):
        talks.do(messages.Status)

"""Searches and answers: what a request may ask, what is kept of it, and what is no longer true of its sources."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from studiolo import messages
from studiolo.answer_desk import AnswerDesk, is_version
from studiolo.answering import Answer, Answerer
from studiolo.desk import Cancelled, Job, Json
from studiolo.errors import AssistantError
from studiolo.evidence import Evidence, find_evidence
from studiolo.history import History
from studiolo.index_desk import IndexDesk
from studiolo.messages import EngineEvent
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_indexer.errors import CollectionUnknown, FilterBad, StoreFull
from studiolo_indexer.records import Embedder, Passage
from studiolo_indexer.store import VECTORS_FOLDER
from studiolo_models.errors import ModelMissing
from studiolo_models.fakes import FakeChat, FakeEmbedder

pytestmark = pytest.mark.real_models

QUESTION = "How many days of unused leave may be carried over?"


@pytest.fixture
def workspace(library: Workspace, home: Path) -> Workspace:
    """The library, in a data folder of this test's own."""
    made = Workspace(AppPaths(home))
    made._embedder = library.embedder()
    return made


@pytest.fixture
def leave(library_root: Path) -> Iterator[Path]:
    """A document that may be changed; it is put back."""
    path = library_root / "hr" / "leave.md"
    words = path.read_bytes()
    yield path
    path.write_bytes(words)


@pytest.fixture
def desk(workspace: Workspace) -> Iterator[AnswerDesk]:
    made = AnswerDesk(workspace, keep_history=True)
    yield made
    made.close()


def ask(desk: AnswerDesk, question: str = QUESTION, job: Job | None = None) -> Json:
    return desk.handle(messages.Ask(id="q", question=question, use_model=False), job or Job())


def kept(workspace: Workspace) -> list[str]:
    history = History(workspace.paths.history)
    rows = history.newest(10)
    history.close()
    return [row["question"] for row in rows]


def test_evidence_is_told_before_the_answer(desk: AnswerDesk) -> None:
    said: list[EngineEvent] = []
    answer = ask(desk, job=Job(emit=said.append))
    assert isinstance(said[0], messages.Evidence)
    assert said[0].request == "q"
    assert said[0].passages[0]["quote"] in answer["answer"] + str(answer["passages"])


def test_as_many_passages_are_found_as_the_settings_say(
    desk: AnswerDesk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[int] = []
    plain = Answerer.ask

    def heard(self: Answerer, question: str, *, k: int, **rest: Any) -> Answer:  # Any: whatever else is given
        wanted.append(k)
        return plain(self, question, k=k, **rest)

    monkeypatch.setattr(Answerer, "ask", heard)
    ask(desk)
    workspace.change_setting("passages", 2)
    ask(desk)
    desk.handle(messages.Ask(id="q", question=QUESTION, k=4, use_model=False), Job())
    assert wanted == [6, 2, 4]


def test_a_question_is_asked_without_its_filters(desk: AnswerDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    plain = find_evidence

    def heard(question: str, passages: Sequence[Passage], embedder: Embedder) -> list[Evidence]:
        asked.append(question)
        return plain(question, passages, embedder)

    monkeypatch.setattr("studiolo.answering.find_evidence", heard)
    answer = ask(desk, f"{QUESTION} type:md under:hr")
    assert asked == [QUESTION]
    assert (answer["question"], answer["refused"]) == (f"{QUESTION} type:md under:hr", False)
    assert (answer["filters"]["words"], answer["filters"]["documents"]) == (QUESTION, 1)
    assert answer["coverage"] == {"files_in_scope": 1, "searched": 1, "failed": 0, "skipped": 0, "pending": 0}
    assert ask(desk)["filters"]["documents"] is None


def test_a_follow_up_is_searched_and_judged_with_what_it_takes_from_the_talk(
    desk: AnswerDesk, workspace: Workspace
) -> None:
    request = messages.Ask(id="q", question="By when must they be taken?", earlier=(QUESTION,), use_model=False)
    alone, followed = ask(desk, request.question), desk.handle(request, Job())
    assert alone["searched_for"] == request.question
    assert followed["searched_for"] == "By when must they be taken (days unused leave carried)?"
    assert (followed["question"], followed["refused"]) == (request.question, False)
    assert "31 March" in followed["answer"]
    history = History(workspace.paths.history)
    kept_answer = history.entry(history.newest(1)[0]["id"])
    history.close()
    assert kept_answer is not None
    assert kept_answer["searched_for"] == followed["searched_for"]


def test_a_question_that_stands_on_its_own_is_answered_as_if_nothing_was_said(desk: AnswerDesk) -> None:
    said = ("Who may use the canteen?", "And guests?")
    within = desk.handle(messages.Ask(id="q", question=QUESTION, earlier=said, use_model=False), Job())
    alone = ask(desk)
    told_apart = ("milliseconds", "id", "asked_at", "conversation", "instead_of")
    assert {k: v for k, v in within.items() if k not in told_apart} == {
        k: v for k, v in alone.items() if k not in told_apart
    }


@pytest.mark.parametrize(
    ("question", "documents"),
    [("And?", 1), ("And? type:pdf", 0), ("type:pdf", 0), ("How much leave accrues each month of service?", None)],
)
def test_the_filters_of_a_question_hold_for_what_follows_it_without_any(
    desk: AnswerDesk, question: str, documents: int | None
) -> None:
    said = (f"{QUESTION} under:hr after:2025-13", f"{QUESTION} type:md")  # the first was an error
    answer = desk.handle(messages.Ask(id="q", question=question, earlier=said, use_model=False), Job())
    assert answer["filters"]["documents"] == documents


def given(question: str = QUESTION, *rows: Json, **fields: object) -> messages.Ask:
    made = {"id": "q", "question": question, "use_model": False, "filters": rows, **fields}
    return messages.Ask(**made)  # type: ignore[arg-type]  # the fields that a test is about


TYPE, UNDER = {"filter": "type", "value": "md"}, {"filter": "under", "value": "hr", "negated": False}


def test_filters_beside_a_question_count_as_if_they_stood_in_it(desk: AnswerDesk, workspace: Workspace) -> None:
    answer = desk.handle(given(f"{QUESTION} name:leave", TYPE, UNDER), Job())
    assert answer["question"] == f"{QUESTION} name:leave"
    assert [f["filter"] for f in answer["filters"]["understood"]] == ["name", "type", "under"]
    assert answer["filters"]["given"] == [{**TYPE, "negated": False}, UNDER]
    assert (answer["filters"]["words"], answer["filters"]["documents"], answer["refused"]) == (QUESTION, 1, False)
    nothing = desk.handle(given(QUESTION, {"filter": "type", "value": "pdf"}), Job())
    assert (nothing["passages"], nothing["coverage"]["files_in_scope"]) == ([], 1)
    history = History(workspace.paths.history)
    kept_answer = history.entry(answer["id"])
    history.close()
    assert kept_answer is not None
    assert kept_answer["filters"]["given"] == answer["filters"]["given"]


def test_filters_beside_an_earlier_question_do_not_hold_for_what_follows(desk: AnswerDesk) -> None:
    """The window sends those that are still chosen; what was typed holds on."""
    followed = desk.handle(given("And?", UNDER, earlier=(f"{QUESTION} type:md",)), Job())
    assert [f["filter"] for f in followed["filters"]["understood"]] == ["type", "under"]
    assert followed["filters"]["given"] == [UNDER]


@pytest.mark.parametrize(
    "rows",
    [({},), ({"filter": "type", "value": "nonsense"},), ({"filter": 3, "value": None},), (TYPE,) * 101,
     ({"filter": "under", "value": ".."},)],
)  # fmt: skip
def test_what_is_no_filter_beside_a_question_is_refused(desk: AnswerDesk, rows: tuple[Json, ...]) -> None:
    with pytest.raises(FilterBad):
        desk.handle(given(QUESTION, *rows), Job())


def test_an_answer_in_the_place_of_another_names_the_first_in_it(desk: AnswerDesk) -> None:
    first = ask(desk)
    talk = first["conversation"]
    second = desk.handle(given(conversation=talk, instead_of=first["id"]), Job())
    third = desk.handle(given(conversation=talk, instead_of=second["id"]), Job())
    elsewhere = desk.handle(given(instead_of=first["id"]), Job())
    absurd = desk.handle(given(conversation=talk, instead_of=10**30), Job())
    assert [a["instead_of"] for a in (first, second, third, elsewhere, absurd)] == [
        None, first["id"], first["id"], None, None,
    ]  # fmt: skip


def test_files_that_pass_and_could_not_be_read_are_counted(desk: AnswerDesk) -> None:
    answer = ask(desk, f"{QUESTION} type:pdf")
    assert (answer["refused"], answer["passages"], answer["filters"]["documents"]) == (True, [], 0)
    assert answer["coverage"] == {"files_in_scope": 1, "searched": 0, "failed": 1, "skipped": 0, "pending": 0}


def test_filters_hold_for_a_search(desk: AnswerDesk) -> None:
    def search(query: str, job: Job | None = None) -> Json:
        both = ("documents", "contracts")
        return desk.handle(messages.Search(id="s", query=query, collections=both), job or Job())

    found = search("notice -under:contracts name:leave")
    assert {Path(p["path"]).name for p in found["passages"]} == {"leave.md"}
    assert (found["query"], found["filters"]["words"]) == ("notice -under:contracts name:leave", "notice")
    assert {Path(p["path"]).name for p in search("type:md")["passages"]} == {"leave.md", "albers.md"}
    said: list[EngineEvent] = []
    assert search("see after:hours", Job(emit=said.append))["passages"]
    assert [type(event) for event in said] == [messages.Notice]


def test_a_filter_that_says_nothing_and_filters_alone_are_refused(desk: AnswerDesk) -> None:
    with pytest.raises(AssistantError) as caught:
        ask(desk, "type:pdf")
    assert caught.value.code == "question.only_filters"
    with pytest.raises(FilterBad):
        ask(desk, "leave after:2025-13")


def test_a_question_is_answered_while_all_vectors_are_still_to_be_made(workspace: Workspace) -> None:
    """R21: after a change of the embedder a document is found by its words, and answers from them."""
    shutil.rmtree(workspace.paths.index / VECTORS_FOLDER)
    desk = AnswerDesk(workspace)
    answer = ask(desk)
    desk.close()
    assert not answer["refused"]
    assert "ten days" in " ".join(c["quote"] for c in answer["citations"])


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (messages.Search(id="1", query="leave", mode="magic"), "question.bad_mode"),
        (messages.Search(id="1", query="leave", k=0), "question.bad_k"),
        (messages.Ask(id="1", question=QUESTION, k=-5), "question.bad_k"),
        (messages.Ask(id="1", question=" \n"), "question.empty"),
        (messages.Ask(id="1", question=QUESTION, collections=("nowhere",)), "collection.unknown"),
        (messages.Ask(id="1", question=QUESTION, model="nothing"), "model.missing"),
        (messages.Ask(id="1", question=QUESTION, style="poem"), "style.unknown"),
        (messages.Search(id="1", query="leave", under="~nobody-of-this-name"), "path.bad"),
    ],
)
def test_what_cannot_be_asked_is_named(desk: AnswerDesk, request_: messages.Request, code: str) -> None:
    with pytest.raises((AssistantError, CollectionUnknown, ModelMissing)) as caught:
        desk.handle(request_, Job())
    assert getattr(caught.value, "code", "") == code


def test_an_edit_of_the_styles_counts_with_the_next_question(desk: AnswerDesk, workspace: Workspace) -> None:
    plain = ask(desk)
    assert (plain["style"], plain["format_ok"], plain["layout"]) == ("standard", None, [])
    workspace.paths.styles.write_text('use = "list"\n[styles.list]\nform = "bullets"\nrequired = ["Deadline"]\n')
    listed = ask(desk)
    assert (listed["style"], listed["format_ok"]) == ("list", False)
    assert listed["format_problems"] == ["No line begins with “Deadline”."]
    assert listed["answer"].startswith("- Unused leave")
    assert [piece["sentence"] for piece in listed["layout"]] == [None, 0]
    assert [p["text"] for p in listed["passages"]] == [p["text"] for p in plain["passages"]]


def test_a_refusal_has_no_form(desk: AnswerDesk) -> None:
    answer = desk.handle(
        messages.Ask(id="q", question="Who won the football world cup in 1954?", use_model=False, style="letter"), Job()
    )
    assert (answer["refused"], answer["style"], answer["format_ok"], answer["layout"]) == (True, "letter", None, [])


def test_a_huge_number_of_passages_is_bounded(desk: AnswerDesk) -> None:
    found = desk.handle(messages.Search(id="1", query="leave", k=10**12), Job())
    assert 0 < len(found["passages"]) <= 200


def test_a_citation_is_marked_as_stale_from_the_moment_in_which_its_file_changes(desk: AnswerDesk, leave: Path) -> None:
    """Promise 2: it points at words that stand in the file at that place, or it is marked stale."""
    assert [c["stale"] for c in ask(desk)["citations"]] == [False]
    words = leave.read_text()
    leave.write_text(words.replace("ten days", "two days"))
    assert [c["stale"] for c in ask(desk)["citations"]] == [True]
    leave.write_text(words)
    assert [c["stale"] for c in ask(desk)["citations"]] == [False]
    leave.unlink()
    assert [c["stale"] for c in ask(desk)["citations"]] == [True]


def test_a_version_is_told_by_content_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert is_version(file, empty)
    file.write_bytes(b"x")
    assert not is_version(file, empty)
    assert not is_version(tmp_path, empty)
    assert not is_version(tmp_path / "gone", empty)


def test_only_the_window_s_answers_are_kept(desk: AnswerDesk, workspace: Workspace) -> None:
    ask(desk)
    desk.handle(messages.Search(id="s", query="leave"), Job())
    assert kept(workspace) == [QUESTION]
    command = AnswerDesk(workspace)
    ask(command, "How much leave accrues?")
    command.close()
    assert kept(workspace) == [QUESTION]


def test_an_answer_says_in_which_conversation_it_is_kept_and_the_next_one_can_go_there(
    desk: AnswerDesk, workspace: Workspace
) -> None:
    first = ask(desk)
    followed = desk.handle(
        messages.Ask(id="q", question="And?", earlier=(QUESTION,), conversation=first["conversation"], use_model=False),
        Job(),
    )
    other = ask(desk)
    assert followed["conversation"] == first["conversation"] != other["conversation"]
    history = History(workspace.paths.history)
    turns = history.turns(first["conversation"])
    history.close()
    assert [(t["id"], t["asked_at"], t["question"]) for t in turns] == [
        (a["id"], a["asked_at"], a["question"]) for a in (first, followed)
    ]


@pytest.mark.parametrize("fault", ["full", "damaged"])
def test_an_answer_that_cannot_be_kept_is_given_all_the_same(
    desk: AnswerDesk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """A full disk costs the history, not the answer."""

    def full(*arguments: object, **named: object) -> int:
        raise StoreFull("database or disk is full")

    if fault == "full":
        monkeypatch.setattr(History, "add", full)
    else:
        workspace.paths.history.write_bytes(b"not a database, but long enough to look like one" * 20)
    said: list[EngineEvent] = []
    given = ask(desk, job=Job(emit=said.append))
    assert "ten days" in given["answer"]
    assert (given["id"], given["conversation"]) == (None, None)
    notices = [e.error["code"] for e in said if isinstance(e, messages.Notice)]
    assert notices == [f"store.{fault}"]


def test_a_stopped_question_ends_as_cancelled_and_is_not_kept(
    desk: AnswerDesk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studiolo.workspace.ChatHolder.load", lambda *arguments: FakeChat("Ten days. " * 50))
    cancel = threading.Event()
    job = Job(emit=lambda event: cancel.set() if isinstance(event, messages.Token) else None, cancel=cancel)
    with pytest.raises(Cancelled) as caught:
        desk.handle(messages.Ask(id="q", question=QUESTION), job)
    assert caught.value.value["question"] == QUESTION
    assert kept(workspace) == []


def test_indexing_can_see_that_a_question_is_answered(workspace: Workspace) -> None:
    answering = threading.Event()
    desk = AnswerDesk(workspace, answering=answering)
    seen: list[bool] = []
    ask(desk, job=Job(emit=lambda event: seen.append(answering.is_set())))
    assert seen
    assert all(seen)
    assert not answering.is_set()
    with pytest.raises(AssistantError):
        ask(desk, " ")
    assert not answering.is_set()
    desk.close()


def test_a_first_question_can_be_prepared_over_an_empty_data_folder(tmp_path: Path) -> None:
    workspace = Workspace(AppPaths(tmp_path / "new"))
    workspace._embedder = FakeEmbedder()
    desk = AnswerDesk(workspace)
    desk.warm_up(Job())
    assert ask(desk)["refused"]
    desk.close()


def test_an_open_desk_follows_the_index(desk: AnswerDesk, workspace: Workspace, leave: Path) -> None:
    """R8: another thread writes while this one has its handles open."""
    assert ask(desk)["coverage"] == {"files_in_scope": 2, "searched": 1, "failed": 1, "skipped": 0, "pending": 0}
    leave.unlink()
    writer = IndexDesk(workspace, emit=lambda event: None, post=lambda step: step())
    writer.handle(messages.Sync(id="s"), Job())
    writer.close()
    gone = ask(desk)
    assert (gone["refused"], gone["passages"], gone["coverage"]["files_in_scope"]) == (True, [], 1)


def test_a_request_for_another_desk_is_refused(desk: AnswerDesk) -> None:
    with pytest.raises(TypeError, match="status"):
        desk.handle(messages.Status(id="x"), Job())

"""The engine's promises: one end for each request, a stop that stops, questions while it indexes, one writer."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from evaluated import write_set
from library import Listener
from PIL import Image, ImageDraw, ImageFont

from studiolo import messages
from studiolo.desk import Json
from studiolo.engine import Engine
from studiolo.index_desk import IndexDesk
from studiolo.messages import EngineEvent, Request
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_indexer.errors import StoreLocked
from studiolo_indexer.scanning import scan

SCAN = Path(__file__).resolve().parents[2] / "examples" / "hr" / "canteen-agreement-scan.pdf"


def picture(line: str) -> bytes:
    drawn = Image.new("L", (640, 120), 255)
    ImageDraw.Draw(drawn).text((40, 30), line, font=ImageFont.load_default(30), fill=0)
    stream = io.BytesIO()
    drawn.save(stream, "PNG")
    return stream.getvalue()


PICTURE = picture("A page of a long book.")

pytestmark = pytest.mark.real_models


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def engine(tmp_path: Path, listener: Listener) -> Iterator[Engine]:
    made = Engine(Workspace(AppPaths(tmp_path / "home")), emit=listener)
    made.start()
    yield made
    made.close()


def result(engine: Engine, listener: Listener, request: Request) -> Json:
    engine.submit(request)
    return listener.result_of(request.id)


def cited(answer: Json) -> str:
    return " ".join(c["quote"] for c in answer["citations"])


def test_drop_ask_edit_ask_again_delete_ask_again(engine: Engine, listener: Listener, root: Path) -> None:
    """The main job: a file saved a second ago counts, and a deleted one does not."""
    result(engine, listener, messages.Watch(id="w"))
    result(engine, listener, messages.AddFolder(id="a", path=str(root / "hr")))
    listener.wait(lambda e: isinstance(e, messages.FileEvent) and e.event == "indexed")
    question = "How many days of unused leave may be carried over?"
    first = result(engine, listener, messages.Ask(id="1", question=question))
    assert "ten days" in cited(first)
    assert first["model"] == "SmolLM2-135M-Instruct"
    seen = len(listener.events)
    leave = root / "hr" / "leave.md"
    leave.write_text(leave.read_text().replace("ten days", "fifteen days"))
    listener.wait(lambda e: e in listener.events[seen:] and isinstance(e, messages.FileEvent))
    second = result(engine, listener, messages.Ask(id="2", question=question, use_model=False))
    assert "fifteen days" in cited(second)
    assert "ten days" not in cited(second)
    leave.unlink()
    listener.wait(lambda e: isinstance(e, messages.FileEvent) and e.event == "deleted")
    third = result(engine, listener, messages.Ask(id="3", question=question, use_model=False))
    assert third["refused"]


def test_evidence_and_tokens_come_in_order_before_the_result(engine: Engine, listener: Listener, root: Path) -> None:
    result(engine, listener, messages.AddFolder(id="a", path=str(root / "hr")))
    result(engine, listener, messages.Sync(id="s"))
    result(engine, listener, messages.Ask(id="q", question="Who approves a home-office desk?"))
    kinds = [type(e).__name__ for e in listener.events if getattr(e, "request", "") == "q"]
    assert kinds[0] == "Evidence"
    assert kinds[-1] == "Result"
    assert set(kinds[1:-1]) == {"Token"}


class HeldListener(Listener):
    """Holds the engine up at each event of a kind until it may go on."""

    def __init__(self, holds: Callable[[EngineEvent], bool]) -> None:
        super().__init__()
        self.go_on = threading.Event()
        self._holds = holds

    def __call__(self, event: EngineEvent) -> None:
        super().__call__(event)
        if self._holds(event):
            assert self.go_on.wait(60)


def is_token(event: EngineEvent) -> bool:
    return isinstance(event, messages.Token)


def tells_of_an_examination(event: EngineEvent) -> bool:
    return isinstance(event, messages.Progress) and event.phase == "find_all"


def test_after_a_stop_no_further_word_of_a_streaming_answer_comes(tmp_path: Path, root: Path) -> None:
    """How soon its end comes (bar: 200 ms) is measured by benchmarks/stop.py."""
    listener = HeldListener(is_token)
    with closing(Engine(Workspace(AppPaths(tmp_path / "home")), emit=listener)) as engine:
        engine.start()
        result(engine, listener, messages.AddFolder(id="a", path=str(root / "hr")))
        result(engine, listener, messages.Sync(id="s"))
        engine.submit(messages.Ask(id="q", question="How many days of unused leave may be carried over?"))
        listener.wait(lambda e: isinstance(e, messages.Token))
        assert result(engine, listener, messages.Cancel(id="c", target="q")) == {"cancelled": True}
        listener.go_on.set()
        assert isinstance(listener.end_of("q"), messages.Cancelled)
        assert len(listener.all_of(messages.Token)) == 1


def test_every_request_ends_exactly_once_also_when_it_fails(engine: Engine, listener: Listener, root: Path) -> None:
    requests: list[Request] = [
        messages.Hello(id="1"),
        messages.Status(id="2"),
        messages.Files(id="3", state="flying"),
        messages.AddFolder(id="4", path=str(root / "nowhere")),
        messages.AddFolder(id="5", path=str(root / "hr" / "leave.md")),
        messages.RemoveFolder(id="6", path=str(root / "nowhere")),
        messages.Ask(id="7", question="  "),
        messages.Ask(id="8", question="x", collections=("nowhere",)),
        messages.Ask(id="9", question="leave", model="no such model"),
        messages.Search(id="10", query="leave", mode="magic"),
        messages.View(id="11", path="/etc/passwd"),
        messages.HistoryEntry(id="12", entry=999),
        messages.Cancel(id="13", target="nothing"),
        messages.UseModel(id="14", name="no such model"),
        messages.Retry(id="15", paths=("/nowhere",)),
        messages.Sync(id="16", collection="nowhere"),
        messages.FindAll(id="17", query="!"),
        messages.FindAll(id="18", query="leave", collections=("nowhere",)),
        messages.Ask(id="19", question="leave", style="poem"),
        messages.Evaluate(id="20", path=str(root / "nowhere.jsonl")),
        messages.Evaluation(id="21", run="nothing"),
        messages.UseAdapter(id="22", name="no such adapter"),
        messages.QuestionSet(id="23", path=str(root)),
    ]
    for request in requests:
        engine.submit(request)
    ends = {r.id: listener.end_of(r.id) for r in requests}
    codes = {i: e.error["code"] for i, e in ends.items() if isinstance(e, messages.Failed)}
    assert codes == {
        "3": "question.bad_state",
        "4": "folder.missing",
        "5": "folder.not_a_directory",
        "6": "folder.unknown",
        "7": "question.empty",
        "8": "collection.unknown",
        "10": "question.bad_mode",
        "11": "file.unknown",
        "12": "history.unknown",
        "13": "request.unknown_target",
        "14": "model.missing",
        "15": "file.unknown",
        "16": "collection.unknown",
        "17": "question.no_words",
        "18": "collection.unknown",
        "19": "style.unknown",
        "20": "question.bad_file",
        "21": "evaluation.unknown_run",
        "22": "model.missing",
        "23": "question.bad_file",
    }
    for end in ends.values():
        assert not isinstance(end, messages.Failed) or (end.error["message"] and end.error["hint"])
    counts = [sum(getattr(e, "request", "") == r.id for e in listener.events) for r in requests if r.id != "9"]
    assert set(counts) <= {1, 2}


def test_a_question_is_answered_while_files_are_indexed(engine: Engine, listener: Listener, root: Path) -> None:
    """R14: indexing never blocks a question."""
    for n in range(150):
        (root / "hr" / f"{n}.txt").write_text(f"Text number {n} about the subject {n * 7}. " * 60)
    result(engine, listener, messages.AddFolder(id="a", path=str(root / "contracts"), collection="contracts"))
    result(engine, listener, messages.Sync(id="s"))
    result(engine, listener, messages.AddFolder(id="b", path=str(root / "hr")))
    engine.submit(messages.Sync(id="long"))
    found = result(engine, listener, messages.Search(id="q", query="notice period", collections=("contracts",)))
    assert found["passages"]
    assert not any(getattr(e, "request", "") == "long" for e in listener.events)
    engine.submit(messages.Cancel(id="c", target="long"))
    assert isinstance(listener.end_of("long"), messages.Cancelled)


def test_a_question_is_answered_while_a_set_of_questions_is_run_and_the_run_is_kept_when_it_is_stopped(
    engine: Engine, listener: Listener, root: Path, tmp_path: Path
) -> None:
    result(engine, listener, messages.AddFolder(id="a", path=str(root / "hr")))
    result(engine, listener, messages.Sync(id="s"))
    question = "How many days of unused leave may be carried over?"
    path = write_set(tmp_path / "set.jsonl", *[{"question": question, "sources": [{"path": "leave.md"}]}] * 60)
    engine.submit(messages.Evaluate(id="e", path=str(path)))
    listener.wait(lambda e: isinstance(e, messages.Progress) and e.request == "e" and e.files_done >= 1)
    assert "ten days" in cited(result(engine, listener, messages.Ask(id="q", question=question)))
    assert not any(isinstance(e, messages.Result | messages.Failed) and e.request == "e" for e in listener.events)
    engine.submit(messages.Cancel(id="c", target="e"))
    stopped = listener.end_of("e")
    assert isinstance(stopped, messages.Cancelled)
    (kept,) = result(engine, listener, messages.Evaluations(id="l"))["runs"]
    assert (kept["run"], kept["complete"]) == (stopped.value["run"], False)
    opened = result(engine, listener, messages.Evaluation(id="o", run=kept["run"]))
    assert len(opened["rows"]) == kept["questions"] == 60 - kept["not_run"]


def test_an_examination_of_all_documents_holds_up_nothing_and_is_stopped(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R20."""
    monkeypatch.setattr("studiolo.find_desk._TELL_EVERY_S", 0.0)
    (root / "hr" / "other.md").write_text("Leave of any other kind is unpaid.")
    listener = HeldListener(tells_of_an_examination)
    with closing(Engine(Workspace(AppPaths(tmp_path / "home")), emit=listener)) as engine:
        engine.start()
        result(engine, listener, messages.AddFolder(id="a", path=str(root / "hr")))
        result(engine, listener, messages.Sync(id="s"))
        engine.submit(messages.FindAll(id="f", query="leave"))
        listener.wait(tells_of_an_examination)
        assert result(engine, listener, messages.Search(id="q", query="unused leave"))["passages"]
        assert result(engine, listener, messages.Files(id="v"))["total"] == 3
        assert result(engine, listener, messages.Estimate(id="e", path=str(root / "contracts")))["files"] == 1
        result(engine, listener, messages.Cancel(id="c", target="f"))
        listener.go_on.set()
        stopped = listener.end_of("f")
        assert isinstance(stopped, messages.Cancelled)
        assert (stopped.value["examined"], len(stopped.value["documents"])) == (1, 1)
        after = stopped.value["after"]
        rest = result(engine, listener, messages.FindAll(id="g", query="leave", after=after))
        assert (rest["examined"], rest["complete"], len(rest["unreadable"])) == (1, True, 1)


def test_pausing_stops_indexing_and_going_on_catches_up(engine: Engine, listener: Listener, root: Path) -> None:
    result(engine, listener, messages.Watch(id="w"))
    assert result(engine, listener, messages.PauseIndexing(id="p", paused=True)) == {"paused": True}
    result(engine, listener, messages.AddFolder(id="a", path=str(root / "hr")))
    assert result(engine, listener, messages.Status(id="s"))["paused"] is True
    assert listener.all_of(messages.FileEvent) == []
    result(engine, listener, messages.PauseIndexing(id="g", paused=False))
    listener.wait(lambda e: isinstance(e, messages.FileEvent) and e.event == "indexed")


def test_the_speed_of_indexing_is_chosen_kept_and_told(
    engine: Engine, listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = result(engine, listener, messages.Status(id="s"))
    assert (standing["speed"], standing["gentle"], standing["on_battery"]) == ("full", False, False)
    assert result(engine, listener, messages.IndexingSpeed(id="g", speed="gentle")) == {"speed": "gentle"}
    standing = result(engine, listener, messages.Status(id="t"))
    assert (standing["speed"], standing["gentle"]) == ("gentle", True)
    assert Workspace(AppPaths(tmp_path / "home")).settings.indexing_speed == "gentle"
    engine.submit(messages.IndexingSpeed(id="x", speed="warp"))
    failed = listener.wait(lambda e: isinstance(e, messages.Failed) and e.request == "x")
    assert isinstance(failed, messages.Failed)
    assert failed.error["code"] == "settings.bad_speed"


def test_an_estimate_comes_while_files_are_indexed_and_adds_nothing(
    engine: Engine, listener: Listener, root: Path, tmp_path: Path
) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(600):
        words = " ".join(f"Rule {number}.{n} is due." for n in range(80))
        (many / f"{number}.md").write_text(words, encoding="utf-8")
    result(engine, listener, messages.AddFolder(id="a", path=str(many)))
    engine.submit(messages.Sync(id="s"))
    told = result(engine, listener, messages.Estimate(id="e", path=str(root / "hr")))
    assert told["files"] == 2
    assert all(e.request != "s" for e in listener.all_of(messages.Result) if isinstance(e, messages.Result))
    status = result(engine, listener, messages.Status(id="t"))
    assert [len(c["folders"]) for c in status["collections"]] == [1]


def test_what_is_left_out_while_it_watches_goes_at_once(engine: Engine, listener: Listener, root: Path) -> None:
    """R28."""
    result(engine, listener, messages.Watch(id="w"))
    result(engine, listener, messages.AddFolder(id="a", path=str(root / "hr")))
    listener.wait(lambda e: isinstance(e, messages.FileEvent) and e.event == "indexed")
    preview = messages.PreviewExclude(id="p", path=str(root / "hr"), patterns=("*.md",))
    assert result(engine, listener, preview)["dropped"] == 1
    result(engine, listener, messages.Exclude(id="x", path=str(root / "hr"), patterns=("*.md",)))
    listener.wait(lambda e: isinstance(e, messages.FileEvent) and e.event == "skipped")
    assert result(engine, listener, messages.Search(id="s", query="unused leave"))["passages"] == []


def test_a_second_writer_is_refused_while_readers_work_beside(
    engine: Engine, listener: Listener, tmp_path: Path, root: Path
) -> None:
    result(engine, listener, messages.Hello(id="h"))
    with pytest.raises(StoreLocked):
        Engine(Workspace(AppPaths(tmp_path / "home")), emit=listener)


def test_history_keeps_answers_and_forgets_them_with_their_folder(
    engine: Engine, listener: Listener, root: Path
) -> None:
    """R19, promise 8."""
    result(engine, listener, messages.AddFolder(id="a", path=str(root / "hr")))
    result(engine, listener, messages.Sync(id="s"))
    result(engine, listener, messages.Ask(id="q", question="How much leave accrues?", use_model=False))
    row = result(engine, listener, messages.History(id="h"))["rows"][0]
    entry = result(engine, listener, messages.HistoryEntry(id="e", entry=row["id"]))
    assert entry["citations"][0]["sha256"]
    conversation = entry["conversation"]
    assert result(engine, listener, messages.Conversation(id="o", conversation=conversation))["turns"] == [entry]
    other = result(engine, listener, messages.Ask(id="q2", question="How much leave accrues?", use_model=False))
    gone = result(engine, listener, messages.DeleteConversation(id="d", conversation=other["conversation"]))
    assert gone == {"answers": 1}
    assert result(engine, listener, messages.Conversations(id="l"))["total"] == 1
    gone = result(engine, listener, messages.RemoveFolder(id="r", path=str(root / "hr")))
    assert gone["answers"] == 1
    assert result(engine, listener, messages.History(id="h2"))["rows"] == []


def test_the_viewer_shows_the_place_and_says_when_the_file_has_changed(
    engine: Engine, listener: Listener, root: Path
) -> None:
    result(engine, listener, messages.AddFolder(id="a", path=str(root / "hr")))
    result(engine, listener, messages.Sync(id="s"))
    answer = result(engine, listener, messages.Ask(id="q", question="How much leave accrues?", use_model=False))
    c = answer["citations"][0]
    request = messages.View(
        id="v", path=c["path"], start=c["start"], end=c["end"], quote=c["quote"], sha256=c["sha256"]
    )
    view = result(engine, listener, request)
    assert (view["kind"], view["stale"]) == ("text", False)
    assert view["text"][view["start"] : view["end"]] == c["quote"]
    leave = root / "hr" / "leave.md"
    leave.write_text("Something new stands before it.\n\n" + leave.read_text())
    os.utime(leave)
    again = result(
        engine,
        listener,
        messages.View(id="v2", path=c["path"], start=c["start"], end=c["end"], quote=c["quote"], sha256=c["sha256"]),
    )
    assert again["stale"]
    assert again["text"][again["start"] : again["end"]] == c["quote"]


def test_closing_in_the_middle_of_indexing_ends_and_loses_nothing(tmp_path: Path, root: Path) -> None:
    for n in range(50):
        (root / "hr" / f"{n}.txt").write_text(f"Text number {n}. " * 80)
    first = Listener()
    engine = Engine(Workspace(AppPaths(tmp_path / "home")), emit=first)
    engine.start()
    engine.submit(messages.AddFolder(id="a", path=str(root / "hr")))
    engine.submit(messages.Sync(id="s"))
    first.wait(lambda e: isinstance(e, messages.Progress) and e.phase == "index")
    engine.close()
    engine.close()
    second = Listener()
    again = Engine(Workspace(AppPaths(tmp_path / "home")), emit=second)
    again.start()
    report = result(again, second, messages.Sync(id="s"))
    again.close()
    assert report["files"]["indexed"] == 51
    assert report["files"]["pending"] == 0


def test_an_engine_without_work_rests_once_and_then_looks_at_nothing(
    tmp_path: Path, listener: Listener, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R4: 0 scans while nothing happens."""
    rested, scans = threading.Semaphore(0), []
    rest = IndexDesk.rest

    def rest_and_tell(desk: IndexDesk) -> None:
        rest(desk)
        rested.release()

    def scan_and_tell(*arguments: Any, **options: Any) -> Any:  # Any: whatever a scan takes and gives
        scans.append(arguments)
        return scan(*arguments, **options)

    monkeypatch.setattr("studiolo.engine._REST_AFTER_S", 0.1)
    monkeypatch.setattr(IndexDesk, "rest", rest_and_tell)
    monkeypatch.setattr("studiolo_indexer.pipeline.scan", scan_and_tell)
    with closing(Engine(Workspace(AppPaths(tmp_path / "home")), emit=listener)) as engine:
        engine.start()
        result(engine, listener, messages.AddFolder(id="a", path=str(root / "hr")))
        result(engine, listener, messages.Watch(id="w"))
        assert rested.acquire(timeout=60)
        rested.acquire(timeout=1.0)  # there may have been time for a rest before it watched
        n_scans = len(scans)
        assert n_scans > 0
        # Ten times as long as it waits before a rest.
        assert not rested.acquire(timeout=1.0)
        assert len(scans) == n_scans


def test_the_pages_are_answered_while_an_answer_is_written(tmp_path: Path, root: Path) -> None:
    """Settings, models, styles and what is stored wait for no question and for no index."""
    listener = HeldListener(is_token)
    with closing(Engine(Workspace(AppPaths(tmp_path / "home")), emit=listener)) as engine:
        engine.start()
        result(engine, listener, messages.AddFolder(id="a", path=str(root / "hr")))
        result(engine, listener, messages.Sync(id="s"))
        engine.submit(messages.Ask(id="q", question="How many days of unused leave may be carried over?"))
        listener.wait(is_token)
        changed = result(engine, listener, messages.ChangeSetting(id="1", name="answer_tokens", value=200))
        assert (changed["value"], changed["changed"]) == (200, True)
        models = result(engine, listener, messages.Models(id="2"))
        chat = next(m for m in models["models"] if m["role"] == "chat")
        memory = chat["memory"]
        assert memory["needed_bytes"] == sum(memory[f"{part}_bytes"] for part in ("weights", "cache", "working"))
        assert (memory["context_tokens"], memory["cache_bytes"]) == (2048, 2048 * 23_040)
        assert chat["details"]["quantization"] == "Q4_1"
        prompts = [s["prompt"] for s in result(engine, listener, messages.Styles(id="3"))["styles"]]
        assert len(set(prompts)) == len(prompts) > 4
        stored = result(engine, listener, messages.Storage(id="4"))
        assert stored["size_bytes"] > 0
        found = result(engine, listener, messages.Doctor(id="5"))
        assert result(engine, listener, messages.Checks(id="6")) == found
        listener.go_on.set()
        assert isinstance(listener.end_of("q"), messages.Result)

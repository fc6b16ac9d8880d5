"""A set is run and kept, a stop keeps what was run, and a question of the user's goes first."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from evaluated import write_set
from gguf_files import starter_adapter
from library import Listener

from studiolo import messages
from studiolo.desk import Cancelled, Job, Json
from studiolo.errors import AssistantError
from studiolo.evaluation.kept_runs import KeptRuns
from studiolo.measuring_desk import MeasuringDesk
from studiolo.messages import EngineEvent, Progress, Request
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace

pytestmark = [pytest.mark.real_models, pytest.mark.usefixtures("loaded_once")]

LEAVE = {"question": "How many days of unused leave may be carried over?", "sources": [{"path": "leave.md"}]}
DESK = {"question": "Who approves a home-office desk?", "sources": [{"path": "leave.md"}], "answer": "the head"}


@pytest.fixture
def workspace(home: Path) -> Workspace:
    return Workspace(AppPaths(home))


@pytest.fixture
def question_set(tmp_path: Path) -> Path:
    return write_set(tmp_path / "set.jsonl", LEAVE, DESK)


def do(workspace: Workspace, request: Request, job: Job | None = None) -> Json:
    desk = MeasuringDesk(workspace)
    try:
        return desk.handle(request, job or Job())
    finally:
        desk.close()


def evaluate(path: Path, configuration: str = "no-model", limit: int | None = None) -> messages.Evaluate:
    return messages.Evaluate(id="e", path=str(path), configuration=configuration, limit=limit)


def test_a_set_is_run_with_progress_and_kept(workspace: Workspace, question_set: Path) -> None:
    listener = Listener()
    record = do(workspace, evaluate(question_set), Job(emit=listener))
    assert (record["questions"], record["complete"], record["name"]) == (2, True, "no-model")
    assert record["folders"][0].endswith("/hr")
    assert record["measures"]["file.hit@1"]["value"] == 1.0
    told = listener.all_of(Progress)
    assert {(p.phase, p.request) for p in told} == {("evaluate", "e")}
    assert [(told[0].files_done, told[-1].files_done, told[-1].files_total)] == [(0, 2, 2)]
    assert [r["run"] for r in KeptRuns(workspace.paths.evaluation).records()] == [record["run"]]


def test_a_stop_keeps_what_was_run(workspace: Workspace, question_set: Path) -> None:
    cancel = threading.Event()

    def stop_after_one(event: EngineEvent) -> None:
        if isinstance(event, Progress) and event.files_done == 1:
            cancel.set()

    write_set(question_set, LEAVE, *[DESK] * 40)
    with pytest.raises(Cancelled) as stopped:
        do(workspace, evaluate(question_set), Job(emit=stop_after_one, cancel=cancel))
    record = stopped.value.value
    assert (record["complete"], record["questions"] + record["not_run"]) == (False, 41)
    assert KeptRuns(workspace.paths.evaluation).record(record["run"]) == record


def test_a_stop_before_the_first_question_keeps_nothing(workspace: Workspace, question_set: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled) as stopped:
        do(workspace, evaluate(question_set), Job(cancel=cancel))
    assert stopped.value.value == {}
    assert KeptRuns(workspace.paths.evaluation).records() == []


def test_an_adapter_of_a_run_is_none_of_the_questions_that_are_asked_meanwhile(
    workspace: Workspace, question_set: Path, tmp_path: Path
) -> None:
    (tmp_path / "loud.gguf").write_bytes(starter_adapter())
    workspace.registry.add_gguf(tmp_path / "loud.gguf", name="loud")
    seen: list[str] = []
    record = do(
        workspace,
        evaluate(question_set, "adapter:loud", limit=1),
        Job(emit=lambda event: seen.append(workspace.settings.adapter)),
    )
    assert (record["about"]["adapter"], record["about"]["adapter_scale"]) == ("loud", 1.0)
    assert set(seen) == {""}


def test_a_question_of_the_users_goes_first(workspace: Workspace, question_set: Path) -> None:
    answering = threading.Event()
    answering.set()
    told = Listener()
    ended: list[Json] = []
    desk = MeasuringDesk(workspace, answering=answering)
    work = threading.Thread(target=lambda: ended.append(desk.handle(evaluate(question_set), Job(emit=told))))
    work.start()
    told.wait(lambda event: isinstance(event, Progress))
    work.join(0.5)
    assert [p.files_done for p in told.all_of(Progress)] == [0]
    answering.clear()
    work.join(60)
    assert ended[0]["complete"] is True


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (messages.Evaluate(id="e", path="/nowhere.jsonl"), "question.bad_file"),
        (messages.Evaluate(id="e", path="{set}", configuration="a.json"), "evaluation.bad_side"),
        (messages.Evaluate(id="e", path="{set}", k=0), "question.bad_k"),
        (messages.Evaluate(id="e", path="{set}", limit=0), "question.bad_k"),
        (messages.DraftQuestions(id="e", path="{set}"), "output.exists"),
        (messages.DraftQuestions(id="e", path="/nowhere/new.jsonl", use_model=False), "output.unwritable"),
        (messages.DraftQuestions(id="e", path="/nowhere/new.jsonl", count=0), "question.bad_k"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is(
    workspace: Workspace, question_set: Path, request_: Request, code: str
) -> None:
    with pytest.raises(AssistantError) as raised:
        do(workspace, with_path(request_, question_set))
    assert raised.value.code == code
    assert KeptRuns(workspace.paths.evaluation).records() == []


def with_path(request: Request, path: Path) -> Request:
    line = messages.encode(request).replace(b"{set}", json.dumps(str(path)).strip('"').encode())
    return messages.decode_request(line)


def test_questions_are_drafted_into_a_new_file_with_progress(workspace: Workspace, tmp_path: Path) -> None:
    listener = Listener()
    path = tmp_path / "drafts.jsonl"
    request = messages.DraftQuestions(id="d", path=str(path), count=2)
    found = do(workspace, request, Job(emit=listener))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert found == {"path": str(path), "questions": len(rows)}
    assert rows
    assert {row["status"] for row in rows} == {"draft"}
    assert {p.phase for p in listener.all_of(Progress)} == {"draft"}


def test_nothing_is_written_where_drafting_is_stopped_at_once(workspace: Workspace, tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    path = tmp_path / "drafts.jsonl"
    with pytest.raises(Cancelled) as stopped:
        do(workspace, messages.DraftQuestions(id="d", path=str(path)), Job(cancel=cancel))
    assert (stopped.value.value["questions"], path.exists()) == (0, False)


def test_a_request_for_another_desk_is_a_defect(workspace: Workspace) -> None:
    with pytest.raises(TypeError):
        do(workspace, messages.Status(id="1"))

"""Every document is examined, stopped when it is told, goes on where it was, and leaves nothing behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from world import World

from studiolo import find_desk, messages
from studiolo.desk import Cancelled, Job, Json
from studiolo.errors import AssistantError
from studiolo.find_desk import FindDesk, cursor_of, cursor_path
from studiolo.find_run import joined
from studiolo.messages import EngineEvent, Progress
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_indexer.errors import CollectionUnknown

N_FILES = 30


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    root = tmp_path / "docs"
    root.mkdir()
    for number in range(N_FILES):
        words = "A change of control ends the lease. " if number % 10 == 0 else ""
        (root / f"{number:02}.txt").write_text(f"Lease {number}. {words}The rent is due on the first.")
    (root / "change-of-control.txt").write_text("Nothing of it stands in here.")
    (root / "Change of Control.md").write_text("BROKEN")
    return root


@pytest.fixture
def workspace(tmp_path: Path, docs: Path) -> Workspace:
    made = Workspace(AppPaths(tmp_path / "home"))
    world = World(docs, made.paths.index)
    world.indexer.add_folder(docs, collection="documents")
    world.sync()
    world.restart()
    return made


QUERY = "every contract that mentions change of control"


def find(workspace: Workspace, job: Job | None = None, query: str = QUERY, **options: object) -> Json:
    request = messages.FindAll(id="f", query=query, **options)  # type: ignore[arg-type]  # the tests' own words
    return FindDesk(workspace).handle(request, job or Job())


def names(rows: list[Json]) -> list[str]:
    return [Path(row["path"]).name for row in rows]


def test_every_document_is_examined_and_nothing_is_cut(workspace: Workspace) -> None:
    found = find(workspace)
    assert (found["examined"], found["in_scope"], found["with_hits"]) == (N_FILES + 1, N_FILES + 1, 3)
    assert names(found["hits"]) == ["00.txt", "10.txt", "20.txt"]
    assert {hit["text"] for hit in found["hits"]} == {"A change of control ends the lease."}
    assert found["nearest"] == {"row": 3, "sentence": 0, "near": 0}
    assert (found["complete"], found["after"]) == (True, None)
    assert found["wanted"] == {
        "phrases": [], "words": ["change", "control"], "left_out": ["every", "contract", "that", "mentions", "of"],
    }  # fmt: skip
    every = find(workspace, query="rent")
    assert (every["with_hits"], len(every["hits"])) == (N_FILES, N_FILES)


def test_a_name_counts_and_what_could_not_be_read_is_told(workspace: Workspace) -> None:
    found = find(workspace)
    (named,) = [row for row in found["documents"] if row["in_name"]]
    assert (names([named]), named["hits"], named["nearest"]) == (["change-of-control.txt"], 0, None)
    (unread,) = found["unreadable"]
    assert (names([unread]), unread["state"], unread["code"]) == (["Change of Control.md"], "failed", "file.damaged")
    assert (unread["in_name"], unread["examined"], bool(unread["reason"])) == (True, False, True)


def test_a_scope_is_kept_to(workspace: Workspace, docs: Path) -> None:
    below = find(workspace, under=str(docs / "10.txt"))
    assert (below["examined"], names(below["hits"]), below["unreadable"]) == (1, ["10.txt"], [])
    with pytest.raises(CollectionUnknown):
        find(workspace, collections=("nowhere",))


def test_filters_choose_what_is_examined_and_what_is_missed(workspace: Workspace) -> None:
    found = find(workspace, query="change of control name:0 -name:1 type:txt")
    assert names(found["hits"]) == ["00.txt", "20.txt"]
    assert (found["examined"], found["in_scope"], found["filters"]["documents"]) == (10, 10, 10)
    assert (found["wanted"]["words"], found["unreadable"]) == (["change", "control"], [])
    unread = find(workspace, query="change type:md")
    assert (unread["examined"], names(unread["unreadable"])) == (0, ["Change of Control.md"])
    with pytest.raises(AssistantError) as caught:
        find(workspace, query="type:md")
    assert caught.value.code == "question.no_words"


def test_filters_hold_in_every_piece_and_what_is_none_is_told_once(workspace: Workspace) -> None:
    said: list[EngineEvent] = []
    query, job = "rent is:due after:due name:1", Job(emit=said.append)
    pieces = [find(workspace, job, query, pause_after_s=0.0)]
    while not pieces[-1]["complete"]:
        pieces.append(find(workspace, job, query, pause_after_s=0.0, after=pieces[-1]["after"]))
    assert joined(pieces)["examined"] == 12
    assert sum(isinstance(event, messages.Notice) for event in said) == 1


def test_it_tells_how_far_it_is(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_desk, "_TELL_EVERY_S", 0.0)
    events: list[EngineEvent] = []
    find(workspace, Job(emit=events.append))
    told = [(e.files_done, e.files_total) for e in events if isinstance(e, Progress) and e.phase == "find_all"]
    assert told[0] == (1, N_FILES + 1)
    assert told[-1] == (N_FILES + 1, N_FILES + 1)
    assert {e.request for e in events if isinstance(e, Progress)} == {"f"}


def test_pieces_that_go_on_behind_each_other_are_the_whole(workspace: Workspace) -> None:
    pieces = [find(workspace, pause_after_s=0.0)]
    while not pieces[-1]["complete"]:
        pieces.append(find(workspace, pause_after_s=0.0, after=pieces[-1]["after"]))
    assert len(pieces) == N_FILES + 1
    assert {piece["examined"] for piece in pieces} == {1}
    whole, at_once = joined(pieces), find(workspace)
    for name in ("hits", "documents", "unreadable", "examined", "with_hits", "nearest", "complete"):
        assert whole[name] == at_once[name]


def stopped_after(workspace: Workspace, events: int, monkeypatch: pytest.MonkeyPatch) -> Json:
    monkeypatch.setattr(find_desk, "_TELL_EVERY_S", 0.0)
    told: list[EngineEvent] = []

    def tell(event: EngineEvent) -> None:
        told.append(event)
        if len(told) == events:
            job.cancel.set()

    job = Job(emit=tell)
    with pytest.raises(Cancelled) as stopped:
        find(workspace, job)
    return stopped.value.value


def test_a_stop_gives_what_was_found_and_the_place_to_go_on(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = stopped_after(workspace, 15, monkeypatch)
    assert (found["examined"], names(found["hits"]), found["complete"]) == (15, ["00.txt", "10.txt"], False)
    rest = find(workspace, after=found["after"])
    assert (rest["examined"], names(rest["hits"])) == (N_FILES + 1 - 15, ["20.txt"])
    assert rest["complete"]


class SetLater(threading.Event):
    """Is set from the time on that it was asked so often."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._times = times

    def is_set(self) -> bool:
        self._times -= 1
        return self._times < 0


@pytest.mark.parametrize(("times", "examined"), [(0, 0), (1, 0), (3, 1)])
def test_a_document_that_is_stopped_in_the_middle_is_examined_again(
    workspace: Workspace, times: int, examined: int
) -> None:
    with pytest.raises(Cancelled) as stopped:
        find(workspace, Job(cancel=SetLater(times)))
    found = stopped.value.value
    assert (found["examined"], len(found["hits"]), found["complete"]) == (examined, examined, False)
    rest = find(workspace, after=found["after"])
    assert (rest["examined"] + examined, rest["complete"]) == (N_FILES + 1, True)


def test_a_result_that_grows_too_long_for_a_line_goes_on_in_the_next(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find_desk, "_MOST_LISTED", 10)
    first = find(workspace)
    assert (first["complete"], names(first["hits"])) == (False, ["00.txt"])
    assert first["documents"][0]["hits"] == 1
    assert names(find(workspace, after=first["after"])["hits"]) == ["10.txt"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"query": " "}, "question.empty"),
        ({"query": '"" !'}, "question.no_words"),
        ({"after": "no cursor!"}, "question.bad_cursor"),
    ],
)
def test_what_cannot_be_examined_for_is_said(workspace: Workspace, change: dict[str, str], code: str) -> None:
    with pytest.raises(AssistantError) as refused:
        find(workspace, **change)  # type: ignore[arg-type]  # the tests' own words
    assert refused.value.code == code


def test_a_place_to_go_on_survives_any_path() -> None:
    assert cursor_path(cursor_of(b"/docs/caf\xe9 \xff?.txt")) == b"/docs/caf\xe9 \xff?.txt"
    assert cursor_path(None) == b""


def test_no_word_of_it_stays_in_the_data_folder(workspace: Workspace) -> None:
    """R32, S17."""
    before = {p: p.stat().st_size for p in workspace.paths.home.rglob("*") if p.is_file()}
    find(workspace)
    assert {p for p in workspace.paths.home.rglob("*") if p.is_file() and p not in before and p.stat().st_size} <= {
        p for p in workspace.paths.home.rglob("*") if p.suffix == ".sqlite-shm"
    }


def test_another_request_is_a_mistake_of_ours(workspace: Workspace) -> None:
    handle: Callable[..., Json] = FindDesk(workspace).handle
    with pytest.raises(TypeError):
        handle(messages.Status(id="s"), Job())

"""The one writer: it yields to answers, stops when it is told, tells what it does, and forgets all of a folder."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from evaluated import a_run

from studiolo import messages
from studiolo.desk import Cancelled, Job, Json
from studiolo.evaluation.kept_runs import KeptRuns
from studiolo.history import History
from studiolo.index_desk import IndexDesk
from studiolo.messages import EngineEvent, Request
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_indexer.errors import FolderUnknown, StoreFull, StoreLocked
from studiolo_indexer.records import IndexProgress
from studiolo_models.fakes import FakeEmbedder

WAIT_S = 20.0


class Recorded:
    """A desk with a fast embedder, what it said, and the steps that its watcher posted."""

    def __init__(self, home: Path) -> None:
        self.workspace = Workspace(AppPaths(home))
        self.workspace._embedder = FakeEmbedder()
        self.events: list[EngineEvent] = []
        self.steps: queue.Queue[Callable[[], None]] = queue.Queue()
        self.desk = IndexDesk(self.workspace, emit=self.events.append, post=self.steps.put)

    def do(self, request: Request) -> Json:
        return self.desk.handle(request, Job())

    def of(self, kind: type[EngineEvent]) -> list[EngineEvent]:
        return [e for e in self.events if isinstance(e, kind)]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Recorded]:
    recorded = Recorded(tmp_path / "home")
    yield recorded
    recorded.desk.close()


# ---- what it does ------------------------------------------------------------------------------------------------


def test_opening_a_data_folder_takes_the_lock_and_clears_what_a_crash_left(tmp_path: Path) -> None:
    """S17."""
    paths = AppPaths(tmp_path / "home")
    paths.create()
    (paths.temp / "left.tmp").write_text("x")
    recorded = Recorded(paths.home)
    assert list(paths.temp.iterdir()) == []
    (paths.temp / "mine.tmp").write_text("x")
    with pytest.raises(StoreLocked):
        Recorded(paths.home)
    assert (paths.temp / "mine.tmp").exists()
    recorded.desk.close()
    Recorded(paths.home).desk.close()


def test_each_file_is_told_with_its_reason_and_progress_comes_at_most_ten_times_a_second(
    made: Recorded, root: Path
) -> None:
    made.do(messages.AddFolder(id="a", path=str(root / "hr")))
    made.do(messages.Sync(id="s"))
    told = {Path(e.path).name: (e.event, e.code) for e in made.events if isinstance(e, messages.FileEvent)}
    assert told == {"leave.md": ("indexed", None), "broken.pdf": ("failed", "file.damaged")}
    last = made.of(messages.Progress)[-1]
    assert isinstance(last, messages.Progress)
    assert last.phase == "idle"
    folders = {e.folder for e in made.of(messages.Progress) if isinstance(e, messages.Progress)}
    assert folders - {None} == {str(root / "hr")}
    made.events.clear()
    for n in range(1000):
        made.desk._on_progress(IndexProgress("index", "documents", n, 1000, 0, "x"))
    assert len(made.events) <= 3
    made.desk._on_progress(IndexProgress("idle", "documents", 0, 0, 0, ""))
    assert isinstance(made.events[-1], messages.Progress)
    assert made.events[-1].phase == "idle"


def test_a_stop_ends_a_sync_as_cancelled_and_the_next_one_goes_on(made: Recorded, root: Path) -> None:
    made.do(messages.AddFolder(id="a", path=str(root / "hr")))
    made.desk.stop.set()
    with pytest.raises(Cancelled):
        made.do(messages.Sync(id="s"))
    assert (made.desk.busy, made.desk.job) == (False, None)
    made.desk.stop.clear()
    assert made.do(messages.Sync(id="s"))["files"]["pending"] == 0


@pytest.mark.parametrize("by_link", [False, True])
def test_a_removed_folder_takes_the_answers_that_cite_it_along(
    made: Recorded, root: Path, tmp_path: Path, by_link: bool
) -> None:
    """Promise 8, also when the folder is named through a link: answers cite the real path."""
    link = tmp_path / "link"
    link.symlink_to(root, target_is_directory=True)
    made.do(messages.AddFolder(id="a", path=str(root / "hr")))
    made.do(messages.Sync(id="s"))
    keep_answer(made, root / "hr" / "leave.md")
    removed = made.do(messages.RemoveFolder(id="r", path=str((link if by_link else root) / "hr")))
    assert (removed["files"], removed["answers"]) == (2, 1)


def test_a_removed_folder_takes_the_runs_that_measured_it_along(made: Recorded, root: Path, tmp_path: Path) -> None:
    """R32: a run holds answers, and they quote documents."""
    made.do(messages.AddFolder(id="a", path=str(root / "hr")))
    made.do(messages.Sync(id="s"))
    runs = KeptRuns(made.workspace.paths.evaluation)
    for folder in ("hr", "contracts"):
        runs.add(a_run(folder, "f1", [1.0]), set_path=tmp_path / "set.jsonl", folders=[str(root / folder)])
    made.do(messages.RemoveFolder(id="r", path=str(root / "hr")))
    assert [run["name"] for run in runs.records()] == ["contracts"]


def test_a_removal_that_fails_can_be_asked_for_again(
    made: Recorded, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answers go first: once the index is purged, the folder has no name any more."""
    made.do(messages.AddFolder(id="a", path=str(root / "hr")))
    made.do(messages.Sync(id="s"))
    keep_answer(made, root / "hr" / "leave.md")
    request = messages.RemoveFolder(id="r", path=str(root / "hr"))

    def full(*arguments: object) -> int:
        raise StoreFull("database or disk is full")

    with monkeypatch.context() as faults:
        faults.setattr(History, "forget_under", full)
        with pytest.raises(StoreFull):
            made.do(request)
    assert made.do(request)["answers"] == 1


def test_a_folder_that_is_not_watched_costs_no_answer(made: Recorded, root: Path) -> None:
    keep_answer(made, root / "hr" / "leave.md")
    with pytest.raises(FolderUnknown):
        made.do(messages.RemoveFolder(id="r", path=str(root)))
    history = History(made.workspace.paths.history)
    assert len(history.newest(10)) == 1
    history.close()


def test_a_watched_change_is_a_step_for_the_desk_s_own_thread(made: Recorded, root: Path) -> None:
    made.do(messages.AddFolder(id="a", path=str(root / "contracts")))
    assert made.do(messages.Watch(id="w")) == {"watching": 1}
    (root / "contracts" / "new.txt").write_text("New words.")
    assert told(made, "new.txt", "indexed")
    (root / "contracts" / "new.txt").unlink()
    assert told(made, "new.txt", "deleted")


def test_a_folder_that_is_added_while_watching_is_indexed_and_watched(made: Recorded, root: Path) -> None:
    made.do(messages.Watch(id="w"))
    made.do(messages.AddFolder(id="a", path=str(root / "contracts")))
    assert told(made, "albers.md", "indexed")
    (root / "contracts" / "new.txt").write_text("New words.")
    assert told(made, "new.txt", "indexed")


def test_a_pause_keeps_hints_from_being_followed_and_catching_up_finds_them(made: Recorded, root: Path) -> None:
    made.do(messages.AddFolder(id="a", path=str(root / "contracts")))
    made.desk.gate.paused = True
    made.desk.catch_up()
    assert made.of(messages.FileEvent) == []
    made.desk.gate.paused = False
    made.desk.catch_up()
    assert len(made.of(messages.FileEvent)) == 1
    made.desk.rest()


def test_a_request_for_another_desk_is_refused(made: Recorded) -> None:
    with pytest.raises(TypeError, match="status"):
        made.do(messages.Status(id="x"))


def keep_answer(made: Recorded, path: Path) -> None:
    history = History(made.workspace.paths.history)
    source = {"number": 1, "path": str(path), "quote": "ten days"}
    history.add("How many?", ("documents",), {"answer": "Ten [1].", "citations": [source], "passages": []})
    history.close()


def told(made: Recorded, name: str, event: str) -> bool:
    """Do the steps that the watcher posts until a file's event came; queue.Empty where none comes."""
    while True:
        files = [e for e in made.events if isinstance(e, messages.FileEvent)]
        if any(Path(e.path).name == name and e.event == event for e in files):
            return True
        made.steps.get(timeout=WAIT_S)()

"""An estimate is read by a real extractor, stopped when it is told, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from studiolo import messages
from studiolo.desk import Cancelled, Job, Json
from studiolo.estimate_desk import EstimateDesk
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_indexer.errors import FolderMissing, FolderRefused
from studiolo_models.fakes import FakeEmbedder


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(AppPaths(tmp_path / "home"))
    made._embedder = FakeEmbedder()
    return made


def estimate(workspace: Workspace, path: Path, job: Job | None = None) -> Json:
    return EstimateDesk(workspace).handle(messages.Estimate(id="e", path=str(path)), job or Job())


def test_it_says_what_there_is_and_what_it_takes(workspace: Workspace, root: Path) -> None:
    told = estimate(workspace, root)
    assert told["path"] == str(root)
    assert told["files"] == sum(p.is_file() for p in root.rglob("*"))
    assert told["chunks"] > 0
    assert 0 < told["seconds"]["low"] < told["seconds"]["high"]
    assert 0 < told["disk_bytes"] < told["free_bytes"]
    assert told["whole"] is True


def test_nothing_stays_no_folder_no_process_no_row(workspace: Workspace, root: Path) -> None:
    estimate(workspace, root)
    assert not workspace.paths.catalogue.exists()
    assert [p for p in psutil.Process().children() if p.is_running() and p.status() != psutil.STATUS_ZOMBIE] == []


def test_it_is_stopped_as_any_request(workspace: Workspace, root: Path) -> None:
    job = Job()
    job.cancel.set()
    with pytest.raises(Cancelled):
        estimate(workspace, root, job)


def test_what_is_never_indexed_is_refused(workspace: Workspace, root: Path) -> None:
    with pytest.raises(FolderMissing):
        estimate(workspace, root / "nowhere")
    with pytest.raises(FolderRefused):
        estimate(workspace, workspace.paths.home)


def test_another_request_is_a_mistake_of_ours(workspace: Workspace) -> None:
    with pytest.raises(TypeError):
        EstimateDesk(workspace).handle(messages.Status(id="s"), Job())

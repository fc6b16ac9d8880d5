"""What stands on the disk is told part by part, and the parts add up."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from library import write_library

from studiolo.paths import AppPaths
from studiolo.storage import storage_of
from studiolo.workspace import Workspace
from studiolo_models.fakes import FakeEmbedder


@pytest.fixture
def indexed(tmp_path: Path) -> Workspace:
    workspace = Workspace(AppPaths(tmp_path / "home"))
    indexer = workspace.indexer(
        FakeEmbedder(), on_file=lambda file: None, on_progress=lambda progress: None, stop=threading.Event()
    )
    indexer.add_folder(write_library(tmp_path / "docs"), collection="documents")
    indexer.sync(None)
    indexer.close()
    return workspace


def test_the_parts_of_an_index_add_up(indexed: Workspace) -> None:
    paths = indexed.paths
    (paths.history).write_bytes(bytes(1000))
    (paths.models / "model.gguf").write_bytes(bytes(5000))
    (paths.logs / "engine.log").write_bytes(bytes(70))
    used = storage_of(paths)
    everything = sum(p.stat().st_size for p in paths.home.rglob("*") if p.is_file())
    assert used.total == everything
    assert used.index == sum(p.stat().st_size for p in paths.index.rglob("*") if p.is_file())
    assert min(used.texts, used.vectors, used.full_text) > 0
    assert (used.history, used.models) == (1000, 5000)
    assert used.other == everything - used.index - 6000


def test_an_empty_folder_takes_nothing_and_a_link_leads_nowhere(tmp_path: Path) -> None:
    paths = AppPaths(tmp_path / "home")
    assert storage_of(paths).total == 0
    paths.create()
    big = tmp_path / "big"
    big.write_bytes(bytes(10**6))
    (paths.models / "linked.gguf").symlink_to(big)
    assert storage_of(paths).models < 1000

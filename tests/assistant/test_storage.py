"""What stands on the disk is told part by part, and the parts add up."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from library import write_library

from studiolo.errors import AssistantError
from studiolo.history import History
from studiolo.paths import AppPaths
from studiolo.storage import PURGED, places_of, purge, storage_of
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


def test_what_is_stored_is_listed_place_by_place_and_adds_up(indexed: Workspace) -> None:
    paths = indexed.paths
    paths.settings.write_text("passages = 6")
    (paths.cache / "kernel.bin").write_bytes(bytes(300))
    (paths.logs / "engine.log").write_bytes(bytes(70))
    places = {place.key: place for place in places_of(paths)}
    ours = [place.size_bytes for place in places.values() if place.ours]
    assert sum(ours) == sum(p.stat().st_size for p in paths.home.rglob("*") if p.is_file())
    assert (places["cache"].size_bytes, places["logs"].size_bytes) == (300, 70)
    assert places["settings"].size_bytes >= 12
    assert places["texts"].path.exists()


def test_a_purged_place_is_empty_and_what_is_written_into_goes_on(indexed: Workspace) -> None:
    paths = indexed.paths
    (paths.cache / "deep" / "er").mkdir(parents=True)
    (paths.cache / "deep" / "er" / "kernel.bin").write_bytes(bytes(300))
    (paths.logs / "engine.log.1").write_bytes(bytes(50))
    history = History(paths.history)
    history.add("CANARY-551?", ("documents",), {"answer": "CANARY-551"})
    history.close()
    with (paths.logs / "engine.log").open("a") as log:
        log.write("an old line\n")
        log.flush()
        freed = {key: purge(paths, key) for key in PURGED}
        log.write("a new line\n")
    assert freed["cache"] == 300
    assert list(paths.cache.iterdir()) == []
    assert [p.name for p in paths.logs.iterdir()] == ["engine.log"]
    assert (paths.logs / "engine.log").read_text() == "a new line\n"
    assert b"CANARY-551" not in b"".join(p.read_bytes() for p in paths.home.glob("history*"))
    assert storage_of(paths).index > 0


@pytest.mark.parametrize("key", ["texts", "models", "settings", "program_models", "", "../.."])
def test_nothing_else_is_purged(indexed: Workspace, key: str) -> None:
    before = storage_of(indexed.paths)
    with pytest.raises(AssistantError) as caught:
        purge(indexed.paths, key)
    assert caught.value.code == "storage.not_purged"
    assert storage_of(indexed.paths) == before

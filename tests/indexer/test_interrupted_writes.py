"""Promises 7 and 8: what a write left when it ended in the middle is put right by the next start or pass."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from world import InProcessExtractor, World

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.errors import StoreDamaged, StoreFull
from studiolo_indexer.records import Document
from studiolo_indexer.store import Store, table_name
from studiolo_models.fakes import FakeEmbedder


class Killed(BaseException):
    """Stands for a SIGKILL at this place."""


class OtherEmbedder(FakeEmbedder):
    """The embedder that was in use before."""

    @property
    def identity(self) -> str:
        return "another"


def die(*arguments: object, **options: object) -> None:
    raise Killed


def full(*arguments: object, **options: object) -> None:
    raise StoreFull("No space left on device")


def no_space(*arguments: object, **options: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def on_disk(world: World, words: bytes) -> bool:
    return any(words in path.read_bytes() for path in world.data.rglob("*") if path.is_file())


def stored_rows(world: World) -> int:
    return world.rows() if (world.data / "chunks.lance").is_dir() else 0


def test_a_table_whose_index_was_not_made_gets_it_with_the_next_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill between the two had left text search without its index for ever."""
    world.write("a.txt", "The number is INV-2024-0117 as agreed.")
    with monkeypatch.context() as faults:
        faults.setattr("studiolo_indexer.store._full_text", die)
        with pytest.raises(Killed):
            world.sync()
    world.restart()
    world.sync()
    store = Store(world.data / "chunks.lance", dimension=world.embedder.dimension, embedder=world.embedder.identity)
    assert [i.columns for i in store._open("documents").list_indices()] == [["words"]]
    assert [p.text for p in world.search("INV-2024-0117", mode="text")] == ["The number is INV-2024-0117 as agreed."]


def test_a_table_without_a_version_is_made_anew(world: World) -> None:
    """What a full disk leaves when not even the first version of a table fits."""
    name = table_name("documents", world.embedder.identity)
    (world.data / "chunks.lance" / f"{name}.lance" / "_versions").mkdir(parents=True)
    world.write("a.txt", "Some words.")
    assert world.search("words") == []
    assert world.sync().files.indexed == 1
    assert world.found("words") == {"a.txt"}


def test_rows_that_a_failed_switch_left_are_swept_in_the_same_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine goes on for weeks: waiting for its next start is not enough."""
    world.write("a.txt", "Some words.")
    with monkeypatch.context() as faults:
        faults.setattr(Catalogue, "set_indexed", full)
        with pytest.raises(StoreFull):
            world.sync()
    assert stored_rows(world) == 1
    world.write("a.txt", "Other words.")
    world.sync()
    assert world.rows() == 1
    assert world.found("other words") == {"a.txt"}


@pytest.mark.parametrize("fault", ["remove_documents", "drop", "drop_others"])
@pytest.mark.parametrize("shared", [True, False], ids=["shared collection", "own collection"])
def test_a_removal_that_was_cut_short_is_completed_at_the_next_start(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, shared: bool
) -> None:
    """Promise 8: a folder that is no longer watched cannot be named a second time."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.txt").write_text("CANARY-4471 sings.")
    world.write("a.txt", "Kept words.")
    world.indexer.add_folder(other, collection="documents" if shared else "own")
    world.sync()
    with monkeypatch.context() as faults:
        faults.setattr(Store, fault, die)
        with suppress(Killed):
            world.indexer.remove_folder(other)
    world.restart()
    assert world.sync().files.on_disk == 1
    assert not on_disk(world, b"CANARY-4471")
    assert world.found("kept words") == {"a.txt"}


def test_a_deletion_that_was_cut_short_leaves_no_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = world.write("gone.txt", "The canary sings.")
    world.sync()
    path.unlink()
    with monkeypatch.context() as faults:
        faults.setattr(Store, "remove_documents", die)
        with pytest.raises(Killed):
            world.sync()
    assert world.search("canary") == []
    world.restart()
    world.sync()
    assert world.rows() == 0


@pytest.mark.parametrize("forget", [lambda w: w.sync(), lambda w: w.indexer.remove_folder(w.root)])
def test_the_words_of_a_former_embedder_s_table_go_too(world: World, forget: Callable[[World], object]) -> None:
    """S16, R21: the table of the embedder before held every document a second time, for ever."""
    world.write("a.txt", "CANARY-4471 sings.")
    former = World(world.root, world.data, embedder=OtherEmbedder())
    world.restart()
    former.sync()
    former.restart()
    world.write("a.txt", "Something else.")
    forget(world)
    assert not on_disk(world, b"CANARY-4471")


def test_going_back_to_a_former_embedder_loses_no_passage(world: World, tmp_path: Path) -> None:
    """Its table may have gone with a removed folder: the documents are then embedded again."""
    other = tmp_path / "other"
    other.mkdir()
    world.write("a.txt", "Some words.")
    world.indexer.add_folder(other, collection="other")
    world.sync()
    world.restart()
    switched = World(world.root, world.data, embedder=OtherEmbedder())
    switched.indexer.remove_folder(other)
    switched.restart()
    assert world.sync().files.indexed == 1
    assert world.found("some words") == {"a.txt"}


def test_a_deleted_file_is_not_found_while_many_others_are_still_read(world: World) -> None:
    """R8: the deletion does not wait for the end of a long pass."""
    gone = world.write("gone.txt", "The canary sings.")
    world.sync()
    gone.unlink()
    for n in range(3):
        world.write(f"new{n}.txt", f"New text number {n}, longer than the one that went.")
    seen: list[int] = []

    class Looking(InProcessExtractor):
        def extract(self, data: bytes, *, name: str) -> Document:
            seen.append(len(world.search("canary sings", mode="text")))
            return super().extract(data, name=name)

    world.restart()
    world.extractor = Looking()
    world.sync()
    assert seen == [0, 0, 0]


def test_a_mark_of_the_file_in_hand_can_be_taken_away_on_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R11: no file is blamed for a full disk."""
    catalogue = Catalogue(tmp_path / "catalogue.sqlite")
    catalogue.take_in_hand("ab" * 16)
    assert (tmp_path / "catalogue.in_hand").stat().st_mode & 0o077 == 0
    with monkeypatch.context() as faults:
        faults.setattr(os, "open", no_space)
        with pytest.raises(StoreFull):
            catalogue.take_in_hand("cd" * 16)
        catalogue.take_in_hand(None)
    assert not (tmp_path / "catalogue.in_hand").exists()
    catalogue.close()


def test_a_damaged_table_is_named(world: World) -> None:
    world.write("a.txt", "Some words.")
    world.sync()
    world.restart()
    for path in world.data.rglob("data/*.lance"):
        path.write_bytes(b"garbage" * 100)
    for mode in ("hybrid", "vector", "text"):
        with pytest.raises(StoreDamaged):
            world.search("some words", mode=mode)
    world.write("b.txt", "Other words.")
    with pytest.raises(StoreDamaged):
        world.sync()

"""Promises 7 and 8: what a write left when it ended in the middle is put right by the next start or pass."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from words_on_disk import is_on_disk
from world import InProcessExtractor, World

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.errors import StoreDamaged, StoreFull
from studiolo_indexer.full_text import TextIndexes
from studiolo_indexer.records import Document
from studiolo_indexer.store import Differences, Store
from studiolo_indexer.vector_tables import VectorTables
from studiolo_models.fakes import FakeEmbedder

NONE = Differences([], [], [])


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


@pytest.mark.parametrize("half", ["vectors", "texts"])
def test_what_a_kill_between_the_two_halves_left_is_put_right(
    world: World, monkeypatch: pytest.MonkeyPatch, half: str
) -> None:
    world.write("a.txt", "The number is INV-2024-0117 as agreed.")
    kind = VectorTables if half == "vectors" else TextIndexes
    with monkeypatch.context() as faults:
        faults.setattr(kind, "add", die)
        with pytest.raises(Killed):
            world.sync()
    world.restart()
    world.sync()
    assert world.differences() == NONE
    assert [p.text for p in world.search("INV-2024-0117", mode="text")] == ["The number is INV-2024-0117 as agreed."]


@pytest.mark.parametrize("half", ["vectors.lance", "words.tantivy"])
def test_a_half_that_is_lost_is_made_again_from_the_other_and_the_files(world: World, half: str) -> None:
    """Promise 7: a folder that a cleaning program removed costs work, and no passage."""
    world.write("a.txt", "Some words.")
    world.sync()
    world.restart()
    shutil.rmtree(world.data / half)
    catalogue = Catalogue(world.catalogue_path)
    catalogue.set_store_dirty(dirty=True)
    catalogue.close()
    world.sync(recognise=True)
    assert world.differences() == NONE
    assert world.found("some words") == {"a.txt"}


def test_rows_that_a_failed_switch_left_are_swept_in_the_same_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine goes on for weeks: waiting for its next start is not enough."""
    world.write("a.txt", "Some words.")
    with monkeypatch.context() as faults:
        faults.setattr(Catalogue, "set_indexed", full)
        with pytest.raises(StoreFull):
            world.sync()
    assert len(world.differences().extra) == 1
    world.write("a.txt", "Other words.")
    world.sync()
    assert world.rows() == 1
    assert world.found("other words") == {"a.txt"}


@pytest.mark.parametrize("fault", ["remove", "purge", "drop", "drop_others"])
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
    assert not is_on_disk("CANARY-4471", world.data)
    assert world.found("kept words") == {"a.txt"}


def test_a_deletion_that_was_cut_short_leaves_no_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = world.write("gone.txt", "The canary sings.")
    world.sync()
    path.unlink()
    with monkeypatch.context() as faults:
        faults.setattr(Store, "remove", die)
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
    world.indexer.compact()
    assert not is_on_disk("CANARY-4471", world.data)


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
    assert world.sync(recognise=True).files.indexed == 1
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
    for path in (world.data / "vectors.lance").rglob("data/*.lance"):
        path.write_bytes(b"garbage" * 100)
    for mode in ("hybrid", "vector"):
        with pytest.raises(StoreDamaged):
            world.search("some words", mode=mode)
    assert [p.text for p in world.search("some words", mode="text")] == ["Some words."]

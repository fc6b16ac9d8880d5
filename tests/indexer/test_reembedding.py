"""Another embedder, or lost vectors: made anew from the catalogue's texts, without a file and without a gap (R21)."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from world import World

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.errors import Stopped
from studiolo_indexer.records import Vectors
from studiolo_indexer.store import TEXT_FOLDER, VECTORS_FOLDER, Differences
from studiolo_indexer.vector_tables import table_name
from studiolo_models.fakes import FakeEmbedder


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "docs").mkdir()
    made = World(root=tmp_path / "docs", data=tmp_path / "data")
    made.indexer.add_folder(made.root, collection="documents")
    for number in range(8):
        made.write(f"{number}.md", "\n\n".join(f"Rule {number}.{n} says what is due. " * 20 for n in range(60)))
    made.write("leave.md", "Unused leave may be carried over.")
    for path in made.root.iterdir():
        os.utime(path, (10**9, 10**9))  # long ago: a fresh stamp is not trusted, and the file is read again
    made.sync()
    yield made
    made.restart()


def switch(world: World, identity: str = "fb5e") -> None:
    world.restart()
    world.embedder = FakeEmbedder(identity=identity)


def by_meaning(world: World) -> set[str]:
    return {Path(p.path_text).name for p in world.search("unused leave carried over", mode="vector", k=3)}


def complete(world: World, *, until: Callable[[], bool] = lambda: False) -> int:
    """Do what can wait; gives how many texts were embedded."""
    world.embedder.texts_embedded.clear()
    report = world.indexer.complete(until=until)
    return 0 if report is None else report.chunks_embedded


def test_a_change_of_the_embedder_reads_no_file_and_leaves_all_to_be_found(world: World) -> None:
    n_chunks = world.rows()
    switch(world)
    report = world.sync()
    assert (report.bytes_read, report.unchanged, report.files.pending) == (0, 9, 9)
    assert world.found("carried over") == {"leave.md"}  # by its words
    assert complete(world) == n_chunks
    assert world.extractor.names == []
    assert "leave.md" in by_meaning(world)
    assert {r.state for r in world.ledger().values()} == {"indexed"}
    assert world.differences() == Differences([], [], [])
    assert complete(world) == 0


@pytest.mark.logs("a watched folder cannot be reached")
def test_it_is_done_while_the_folder_is_away(world: World) -> None:
    """R7: an unplugged drive's documents stay, and can be found by their meaning too."""
    switch(world)
    world.root.rename(world.root.with_name("away"))
    world.sync()
    assert complete(world) > 0
    assert "leave.md" in by_meaning(world)
    world.root.with_name("away").rename(world.root)
    assert world.sync().chunks_embedded == 0


def test_other_work_comes_between_two_batches_and_nothing_is_embedded_twice(world: World) -> None:
    n_chunks = world.rows()
    switch(world)
    world.indexer.sync()
    asked: list[int] = []

    def until() -> bool:
        asked.append(1)
        return len(asked) > 1

    first = complete(world, until=until)
    assert 0 < first < n_chunks
    world.write("new.md", "A new rule came in between.")
    world.sync()
    assert "new.md" in world.found("came in between")
    world.restart()
    assert first + complete(world) == n_chunks


def test_the_short_documents_come_first(world: World) -> None:
    switch(world)
    world.progress.clear()
    complete(world)
    told = [p for p in world.progress if p.phase == "index"]
    assert told[0].current == "leave.md"
    assert (told[0].files_done, told[0].files_total) == (0, 9)
    assert told[-1].seconds_left is not None


def test_a_stop_keeps_what_was_written(world: World) -> None:
    n_chunks = world.rows()
    switch(world)
    n_batches = 0

    class StopsAtTheSecond(FakeEmbedder):
        def embed_documents(self, texts: Sequence[str], *, before_batch: Callable[[], None] | None = None) -> Vectors:
            nonlocal n_batches
            n_batches += 1
            if n_batches == 2:
                world.stop.set()
                raise Stopped
            return super().embed_documents(texts)

    world.embedder = StopsAtTheSecond(identity="fb5e")
    with pytest.raises(Stopped):
        complete(world)
    world.stop.clear()
    assert 0 < complete(world) < n_chunks
    assert world.differences() == Differences([], [], [])


def test_going_back_before_it_is_complete_costs_nothing_and_leaves_no_stale_vector(world: World) -> None:
    """The former embedder's vectors stay until all are made anew; what changed meanwhile is no longer among them."""
    switch(world)
    world.write("leave.md", "Unused leave lapses at the end of the year.")
    world.sync()
    switch(world, "fa4e")
    assert complete(world) <= 1  # the file that changed
    assert world.differences() == Differences([], [], [])
    assert world.found("lapses at the end") == {"leave.md"}
    assert world.found("carried over") == set()


def test_the_former_table_goes_when_all_is_made_anew(world: World) -> None:
    switch(world)
    world.sync()
    folder = world.data / VECTORS_FOLDER
    assert len(list(folder.glob("*.lance"))) == 1
    complete(world)
    (table,) = folder.glob("*.lance")
    switch(world, "fa4e")
    assert complete(world) == world.rows()
    assert table not in set(folder.glob("*.lance"))


def test_lost_vectors_are_made_from_the_texts_and_the_document_is_found_meanwhile(world: World) -> None:
    with closing(world.store()) as store:
        lost = store.vectors.chunks("documents")[:3]
    world.restart()
    with closing(world.store()) as store:
        store.vectors.remove("documents", lost)
    report = world.sync()
    assert report.bytes_read == 0
    assert world.differences().without_vector == sorted(lost)
    assert complete(world) == 3
    assert world.differences() == Differences([], [], [])


def test_a_table_that_is_gone_altogether_is_made_anew(world: World) -> None:
    n_chunks = world.rows()
    world.restart()
    shutil.rmtree(world.data / VECTORS_FOLDER)
    world.sync()
    assert complete(world) == n_chunks


def test_a_full_text_that_is_gone_is_made_anew_at_the_next_start(world: World) -> None:
    """Nothing had marked the store: a cleaning program leaves no mark."""
    world.restart()
    shutil.rmtree(world.data / TEXT_FOLDER)
    world.sync()
    assert world.found("carried over") == {"leave.md"}


def test_documents_that_an_earlier_build_left_without_vectors_wait_for_them(world: World) -> None:
    """Its change of the embedder left them pending without a code; the next pass would have called them indexed."""
    n_chunks = world.rows()
    world.restart()
    with sqlite3.connect(world.catalogue_path) as db:
        db.execute("UPDATE files SET state = 'pending', code = NULL, embedder = NULL")
    db.close()
    switch(world)
    assert world.sync().chunks_embedded == 0
    assert complete(world) == n_chunks


def test_what_is_deleted_before_going_back_leaves_no_vector(world: World) -> None:
    """Promise 8: the former table knew it, and nothing had been embedded by the other."""
    switch(world)
    (world.root / "leave.md").unlink()
    world.sync()
    switch(world, "fa4e")
    complete(world)
    assert world.differences() == Differences([], [], [])


def test_the_former_table_outlives_a_write_that_was_cut_short(world: World) -> None:
    switch(world)
    world.sync()
    with closing(Catalogue(world.catalogue_path)) as catalogue:
        catalogue.set_store_dirty(dirty=True)
    world.sync()
    switch(world, "fa4e")
    assert complete(world) == 0


def test_a_removed_folder_leaves_nothing_in_the_former_table(world: World, tmp_path: Path) -> None:
    """S16."""
    other = tmp_path / "other"
    other.mkdir()
    world.indexer.add_folder(other, collection="documents")
    switch(world)
    world.indexer.remove_folder(other)
    (table,) = (
        (world.data / VECTORS_FOLDER).glob("*.lance") if any((world.data / VECTORS_FOLDER).iterdir()) else (None,)
    )
    assert table is None or table.stem == table_name("documents", "fb5e")


def test_a_long_document_is_embedded_in_pieces_and_goes_on_where_it_was(world: World) -> None:
    """R16, and a file that is saved meanwhile does not wait for a whole book."""
    world.write("book.txt", "\n\n".join(f"Paragraph {n} of the book says what is due. " * 15 for n in range(1500)))
    world.sync()
    switch(world)
    n_chunks = world.ledger()["book.txt"].chunks
    complete(world, until=lambda: False)
    assert n_chunks > 1000

    class Counted(FakeEmbedder):
        calls: list[int] = []  # noqa: RUF012 - of this test alone

        def embed_documents(self, texts: Sequence[str], *, before_batch: Callable[[], None] | None = None) -> Vectors:
            self.calls.append(len(texts))
            return super().embed_documents(texts)

    world.restart()
    world.embedder = Counted(identity="c0de")
    asked: list[int] = []

    def until() -> bool:
        asked.append(1)
        return len(asked) > 4

    first = complete(world, until=until)
    assert max(Counted.calls) <= 256
    world.restart()
    assert 0 < first < n_chunks
    total = sum(record.chunks for record in world.ledger().values())
    assert first + complete(world) == total
    assert world.differences() == Differences([], [], [])


def test_a_touched_file_waits_on_and_a_changed_one_is_read(world: World) -> None:
    switch(world)
    (world.root / "0.md").touch()
    world.write("leave.md", "Unused leave lapses.")
    report = world.sync()
    assert report.chunks_embedded == 1
    ledger = world.ledger()
    assert (ledger["0.md"].state, ledger["0.md"].code) == ("pending", "file.vectors_waiting")
    assert ledger["leave.md"].state == "indexed"
    complete(world)
    assert {r.state for r in world.ledger().values()} == {"indexed"}

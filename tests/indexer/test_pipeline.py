"""The index under change: what a user would notice if it went wrong."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from world import World

from studiolo_indexer.errors import (
    CollectionUnknown,
    Stopped,
    StoreFull,
    store_error,
)
from studiolo_indexer.records import FileEvent, Vectors
from studiolo_indexer.store import Store
from studiolo_models.fakes import FakeEmbedder


def settle(path: Path) -> None:
    """Give a file a time that lies well in the past, so that its stamp can be trusted."""
    past = time.time() - 3600
    os.utime(path, (past, past))


def settled(world: World, name: str, text: str) -> Path:
    path = world.write(name, text)
    settle(path)
    return path


def test_a_new_file_can_be_searched_after_a_sync(world: World) -> None:
    world.write("leave.md", "# Leave\n\nUnused leave may be carried over.\n")
    report = world.sync()
    assert (report.added, report.files.indexed, report.chunks_embedded) == (1, 1, 1)
    best = world.search("unused leave")[0]
    assert best.path_text.endswith("leave.md")
    assert [e.event for e in world.events] == ["indexed"]


def test_unchanged_files_cost_a_stat_and_nothing_more(world: World) -> None:
    """R2: 0 embeddings, 0 reads of file content."""
    for n in range(20):
        settled(world, f"{n}.txt", f"Text number {n}.")
    world.sync()
    again = world.sync()
    assert (again.unchanged, again.bytes_read, again.chunks_embedded) == (20, 0, 0)
    assert world.extractor.names == []


def test_a_touch_embeds_and_parses_nothing(world: World) -> None:
    """R4: touch of every file: 0 parses."""
    path = settled(world, "a.txt", "Some text.")
    world.sync()
    os.utime(path, (time.time() - 60, time.time() - 60))
    report = world.sync()
    assert (report.unchanged, report.modified, report.chunks_embedded) == (1, 0, 0)
    assert world.extractor.names == []
    assert world.sync().bytes_read == 0


def test_a_second_save_within_the_clock_s_tick_is_indexed(world: World) -> None:
    """A stamp that is too fresh is not trusted: borg's rule."""
    path = world.write("a.txt", "first words")
    world.sync()
    before = path.stat()
    path.write_text("other words")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    world.sync()
    assert world.found("other words") == {"a.txt"}


def test_an_edit_embeds_only_what_is_new(world: World) -> None:
    paragraphs = [" ".join(f"Clause {n}.{m} speaks of subject {n * m}." for m in range(12)) for n in range(30)]
    settled(world, "long.txt", "\n\n".join(paragraphs))
    world.sync()
    paragraphs[15] = "This paragraph was rewritten by hand. " * 12
    world.write("long.txt", "\n\n".join(paragraphs))
    report = world.sync()
    assert report.modified == 1
    assert 1 <= report.chunks_embedded <= 3
    assert report.chunks_reused >= 12
    assert world.found("rewritten by hand") == {"long.txt"}


def test_the_old_version_is_not_found_once_the_new_one_is_in(world: World) -> None:
    settled(world, "rule.txt", "The limit is five days.")
    world.sync()
    world.write("rule.txt", "The limit is ten days.")
    world.sync()
    assert world.found("five days") == set()
    assert world.found("ten days") == {"rule.txt"}
    assert world.rows() == 1


def test_an_edit_of_one_of_many_files_processes_exactly_that_one(world: World) -> None:
    """R3."""
    for n in range(50):
        settled(world, f"{n}.txt", f"Text number {n}.")
    world.sync()
    world.write("7.txt", "Something else entirely.")
    report = world.sync()
    assert (report.modified, report.unchanged) == (1, 49)
    assert world.extractor.names == ["7.txt"]


def test_a_deleted_file_is_not_found_by_any_path(world: World) -> None:
    """R8."""
    path = world.write("gone.txt", "The canary sings at noon.")
    world.sync()
    path.unlink()
    report = world.sync()
    assert report.deleted == 1
    for mode in ("hybrid", "vector", "text"):
        assert world.search("canary sings", mode=mode) == []
    assert world.rows() == 0


def test_a_file_deleted_between_parsing_and_commit_is_not_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """R8, second half."""
    path = world.write("gone.txt", "The canary sings at noon.")
    embed = FakeEmbedder.embed_documents
    parse = world.extractor.extract

    def extract_then_delete(data: bytes, *, name: str) -> object:
        document = parse(data, name=name)
        path.unlink()
        return document

    monkeypatch.setattr(world.extractor, "extract", extract_then_delete)
    world.sync()
    assert world.search("canary sings") == []
    assert embed is FakeEmbedder.embed_documents
    assert world.sync().deleted == 1
    assert world.indexer.sync().files.on_disk == 0


def test_a_rename_and_a_moved_folder_embed_nothing_and_keep_their_ids(world: World) -> None:
    """R13."""
    settled(world, "old/a.txt", "Alpha text.")
    settled(world, "old/b.txt", "Beta text.")
    world.sync()
    ids = {Path(p.path_text).name: p.doc_id for p in world.search("text")}
    (world.root / "old").rename(world.root / "new")
    (world.root / "new" / "a.txt").rename(world.root / "new" / "renamed.txt")
    report = world.sync()
    assert (report.moved, report.chunks_embedded, report.bytes_read, report.deleted) == (2, 0, 0, 0)
    now = {Path(p.path_text).name: p.doc_id for p in world.search("text")}
    assert now == {"renamed.txt": ids["a.txt"], "b.txt": ids["b.txt"]}
    assert all("/new/" in p.path_text for p in world.search("text"))


@pytest.mark.parametrize("how", ["rename", "copy"])
def test_a_rename_to_another_suffix_reads_the_file_anew(world: World, how: str) -> None:
    """Found by torture: the passages of a web page stayed those of a file that was none any more."""
    settled(world, "a.html", "Alpha\n\n\ntext.")
    world.sync()
    if how == "rename":
        (world.root / "a.html").rename(world.root / "a.txt")
    else:
        (world.root / "a.html").unlink()
        world.write("a.txt", "Alpha\n\n\ntext.")
    report = world.sync()
    assert (report.moved, report.added, report.deleted) == (0, 1, 1)
    assert [p.text for p in world.search("alpha")] == ["Alpha\n\n\ntext."]


def test_a_file_moved_by_copy_and_delete_keeps_its_id(world: World) -> None:
    settled(world, "a.txt", "Alpha text.")
    world.sync()
    before = world.search("alpha")[0].doc_id
    (world.root / "a.txt").unlink()
    world.write("b.txt", "Alpha text.")
    report = world.sync()
    assert (report.moved, report.deleted, report.chunks_embedded) == (1, 0, 0)
    assert world.search("alpha")[0].doc_id == before


def test_two_files_that_swap_names_are_found_under_their_new_ones(world: World) -> None:
    settled(world, "a.txt", "Alpha text.")
    settled(world, "b.txt", "Beta text.")
    world.sync()
    (world.root / "a.txt").rename(world.root / "t")
    (world.root / "b.txt").rename(world.root / "a.txt")
    (world.root / "t").rename(world.root / "b.txt")
    report = world.sync()
    assert report.chunks_embedded == 0
    assert world.found("Alpha text") == {"b.txt"}
    assert world.found("Beta text") == {"a.txt"}


def test_a_copy_embeds_nothing(world: World) -> None:
    settled(world, "a.txt", "Alpha text.")
    world.sync()
    world.write("copy.txt", "Alpha text.")
    report = world.sync()
    assert (report.added, report.chunks_embedded, report.chunks_reused) == (1, 0, 1)
    assert world.found("Alpha text") == {"a.txt", "copy.txt"}


def test_the_ledger_s_sums_always_hold(world: World) -> None:
    """R12."""
    world.write("good.txt", "Fine.")
    world.write("bad.txt", "BROKEN")
    world.write("picture.xyz", "?")
    world.write(".hidden.txt", "?")
    world.write("node_modules/deep/inside.txt", "?")
    report = world.sync()
    counts = report.files
    assert counts.on_disk == counts.indexed + counts.skipped + counts.failed + counts.pending == 5
    assert (counts.indexed, counts.failed, counts.skipped) == (1, 1, 3)
    bad = next(e for e in world.events if e.event == "failed")
    assert (bad.code, bad.reason) == ("file.damaged", "It is damaged.")


def test_a_failed_file_is_tried_again_when_it_changes_or_is_asked_for(world: World) -> None:
    path = settled(world, "bad.txt", "BROKEN")
    world.sync()
    world.sync()
    assert world.extractor.names == []
    world.extractor.names.clear()
    world.indexer.retry([path])
    assert world.extractor.names == ["bad.txt"]
    world.write("bad.txt", "Mended.")
    assert world.sync().files.indexed == 1


def test_a_file_that_breaks_is_no_longer_cited(world: World) -> None:
    """Promise 3: a changed passage is never shown as current."""
    settled(world, "a.txt", "The limit is five days.")
    world.sync()
    world.write("a.txt", "BROKEN")
    world.sync()
    assert world.search("limit") == []
    assert world.rows() == 0


def test_a_full_disk_stops_the_batch_and_marks_no_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write("a.txt", "Alpha.")
    world.write("b.txt", "Beta.")

    def full(*arguments: object) -> None:
        raise StoreFull("No space left on device")

    with monkeypatch.context() as faults:
        faults.setattr(Store, "add", full)
        with pytest.raises(StoreFull):
            world.sync()
    files = world.indexer.sync().files
    assert (files.failed, files.indexed) == (0, 2)


def test_a_full_disk_at_the_store_is_named_as_such(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store_error(OSError(errno.ENOSPC, "No space left on device")).code == "store.full"
    assert store_error(OSError(errno.EACCES, "Permission denied")).code == "store.unwritable"


def test_when_embedding_fails_in_an_update_the_old_passages_still_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R10."""
    settled(world, "rule.txt", "The limit is five days.")
    world.sync()
    world.write("rule.txt", "The limit is ten days.")

    def fail(self: FakeEmbedder, texts: list[str]) -> Vectors:
        raise MemoryError

    with monkeypatch.context() as faults:
        faults.setattr(FakeEmbedder, "embed_documents", fail)
        with pytest.raises(MemoryError):
            world.indexer.sync()
    assert world.found("five days") == {"rule.txt"}
    world.sync()
    assert world.found("ten days") == {"rule.txt"}
    assert world.found("five days") == set()


@pytest.mark.logs("cannot be reached")
def test_a_root_that_vanishes_deletes_nothing_and_comes_back_without_embedding(world: World) -> None:
    """R7."""
    settled(world, "a.txt", "Alpha text.")
    world.sync()
    away = world.root.with_name("unplugged")
    world.root.rename(away)
    report = world.indexer.sync()
    assert report.deleted == 0
    assert len(world.search("alpha")) == 1
    away.rename(world.root)
    back = world.sync()
    assert (back.chunks_embedded, back.bytes_read, back.unchanged) == (0, 0, 1)


def test_a_root_that_is_empty_for_a_moment_keeps_its_documents(world: World) -> None:
    """R9: an unmounted drive leaves an empty folder; only two looks that agree count."""
    settled(world, "a.txt", "Alpha text.")
    world.sync()
    away = world.root.with_name("away")
    away.mkdir()
    (world.root / "a.txt").rename(away / "a.txt")

    class Remounts:
        """The second look finds the files back."""

        def wait(self, seconds: float) -> None:
            (away / "a.txt").rename(world.root / "a.txt")

        def is_set(self) -> bool:
            return False

    world.restart()
    world.stop = Remounts()  # type: ignore[assignment]  # an event that does something while it is waited for
    assert world.sync().deleted == 0
    assert world.found("Alpha text") == {"a.txt"}


def test_a_root_that_stays_empty_loses_its_documents(world: World) -> None:
    """R9, the other way."""
    path = settled(world, "a.txt", "Alpha text.")
    world.sync()
    path.unlink()
    assert world.sync().deleted == 1
    assert world.rows() == 0


def test_links_are_listed_and_never_followed(world: World, tmp_path: Path) -> None:
    """S12: links that leave the root are skipped and listed; loops end."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("Canary outside.")
    (world.root / "link").symlink_to(outside)
    (world.root / "link.txt").symlink_to(outside / "secret.txt")
    (world.root / "loop").symlink_to(world.root)
    report = world.sync()
    assert (report.files.skipped, report.files.indexed) == (3, 0)
    assert {e.code for e in world.events} == {"file.link"}
    assert world.search("canary") == []


def test_a_removed_folder_leaves_no_trace_on_the_disk(world: World) -> None:
    """S16 and R32: a search for the words over the whole data folder finds none, old versions included."""
    for n in range(5):
        world.write(f"{n}.txt", f"CANARYWORD{n} sings.")
    world.sync()
    world.write("0.txt", "CANARYWORD9 sings.")
    world.sync()
    purged = world.indexer.remove_folder(world.root)
    assert purged.files == 5
    world.restart()
    leftovers = [f for f in world.data.rglob("*") if f.is_file() and b"CANARYWORD" in f.read_bytes()]
    assert leftovers == []
    assert world.search("canaryword0") == []


def test_removing_one_of_two_folders_of_a_collection_purges_only_that_one(world: World, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.txt").write_text("Beta CANARYB text.")
    world.write("a.txt", "Alpha CANARYA text.")
    world.indexer.add_folder(other, collection="documents")
    world.sync()
    world.indexer.remove_folder(world.root)
    world.restart()
    data = b"".join(f.read_bytes() for f in world.data.rglob("*") if f.is_file())
    assert b"CANARYA" not in data
    assert b"CANARYB" in data
    assert len(world.search("beta")) == 1


def test_collections_are_walls(world: World, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.txt").write_text("The notice period is a year.")
    world.write("a.txt", "The notice period is a month.")
    world.indexer.add_folder(other, collection="contracts")
    world.sync()
    assert world.found("notice period") == {"a.txt"}
    assert {p.collection for p in world.search("notice period", collections=("contracts",))} == {"contracts"}
    both = world.search("notice period", collections=("documents", "contracts"))
    assert {p.collection for p in both} == {"documents", "contracts"}
    with pytest.raises(CollectionUnknown):
        world.search("notice period", collections=("nowhere",))


def test_a_stop_ends_between_files_and_the_next_pass_goes_on(world: World) -> None:
    for n in range(10):
        world.write(f"{n}.txt", f"Text number {n}.")
    world.stop.set()
    with pytest.raises(Stopped):
        world.sync()
    counts = world.indexer._catalogue.counts(None)
    assert (counts.pending, counts.on_disk) == (10, 10)
    world.stop.clear()
    assert world.sync().files.indexed == 10


def test_a_hint_of_the_watcher_costs_a_few_stats(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """R6: fewer than 100 stat() calls for one change in a large tree."""
    for n in range(300):
        settled(world, f"folder{n % 10}/{n}.txt", f"Text number {n}.")
    world.sync()
    path = world.write("folder3/3.txt", "Changed words.")
    calls: list[str] = []

    def counted(name: str) -> Callable[..., object]:
        real = getattr(os, name)

        def call(*arguments: object, **options: object) -> object:
            calls.append(name)
            return real(*arguments, **options)

        return call

    for name in ("stat", "lstat", "scandir", "listdir"):
        monkeypatch.setattr(os, name, counted(name))
    report = world.indexer.apply([FileEvent(1, os.fsencode(path))])
    monkeypatch.undo()
    assert report.modified == 1
    assert len(calls) < 100
    assert world.found("Changed words") == {"3.txt"}


def test_hints_follow_deletes_new_folders_and_moves(world: World) -> None:
    settled(world, "a.txt", "Alpha text.")
    settled(world, "b.txt", "Beta text.")
    world.sync()
    root = os.fsencode(world.root)
    (world.root / "a.txt").unlink()
    world.write("new/deep/c.txt", "Gamma text.")
    (world.root / "b.txt").rename(world.root / "renamed.txt")
    report = world.indexer.apply([FileEvent(1, root + b"/" + n) for n in (b"a.txt", b"new", b"b.txt", b"renamed.txt")])
    assert (report.deleted, report.added, report.moved) == (1, 1, 1)
    assert {Path(p.path_text).name for p in world.search("text")} == {"renamed.txt", "c.txt"}


def test_hints_for_excluded_places_are_nothing(world: World) -> None:
    """R5: one admission rule for scan and watcher."""
    path = world.write("node_modules/x/a.txt", "Alpha.")
    world.sync()
    before = world.indexer._catalogue.counts(None)
    world.indexer.apply([FileEvent(1, os.fsencode(path))])
    assert world.indexer._catalogue.counts(None) == before
    assert world.extractor.names == []


def test_an_idle_moment_after_the_first_writes_nothing(world: World) -> None:
    """R4: 0 bytes written while nothing happens; merging was done in the first such moment."""
    for n in range(10):
        world.write(f"{n}.txt", f"Text number {n}.")
        world.sync()
    world.indexer.compact()

    def written() -> dict[Path, tuple[int, bytes]]:
        # SQLite's log is emptied each time, and stays empty; what it shares in memory is no writing.
        files = [f for f in world.data.rglob("*") if f.is_file() and not f.name.endswith(("-wal", "-shm"))]
        assert not any(f.stat().st_size for f in world.data.glob("*-wal"))
        return {f: (f.stat().st_mtime_ns, f.read_bytes()) for f in files}

    before = written()
    world.indexer.compact()
    assert written() == before


def test_ignore_patterns_of_the_folder_are_obeyed(world: World) -> None:
    """R28, as far as the file goes."""
    world.write(".studioloignore", "drafts/\n*.log\n!keep.log\n")
    for name in ("drafts/a.txt", "b.log", "keep.log", "c.txt"):
        world.write(name, f"Text of {name}.")
    world.sync()
    assert {Path(p.path_text).name for p in world.search("text")} == {"keep.log", "c.txt"}


def test_files_and_folders_of_the_index_are_private(world: World) -> None:
    """Promise 8: the catalogue is for the user alone."""
    world.write("a.txt", "Alpha.")
    world.sync()
    assert stat.S_IMODE(world.catalogue_path.stat().st_mode) == 0o600


def test_originals_are_only_read(world: World) -> None:
    """Promise 5: neither content nor times nor the folder's listing change."""
    path = settled(world, "a.txt", "Alpha text.")
    before = (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ctime_ns, sorted(os.listdir(world.root)))
    world.sync()
    after = (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ctime_ns, sorted(os.listdir(world.root)))
    assert before == after


def test_the_reader_is_started_when_a_folder_is_added(world: World) -> None:
    """Its documents are about to come, and a child takes a fifth of a second until it reads."""
    assert world.extractor.started == 1

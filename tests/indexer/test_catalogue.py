"""The truth about files."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.errors import CollectionUnknown, StoreDamaged, StoreUnwritable
from studiolo_indexer.records import FileProblem, FileStamp
from studiolo_indexer.scope_rows import Scope

STAMP = FileStamp(5, 6, 7)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "catalogue.sqlite")


def test_the_ledger_is_read_slice_by_slice_in_one_order(catalogue: Catalogue) -> None:
    folder = catalogue.add_folder(b"/docs", "hr")
    with catalogue.transaction():
        for n in range(30):
            catalogue.add_pending(folder.folder_id, b"/docs/%02d.txt" % n, STAMP)
    rows = catalogue.files(offset=10, limit=5)
    assert [r.relative_text for r in rows] == [f"{n:02d}.txt" for n in range(10, 15)]
    assert catalogue.files(state="failed") == []
    assert len(catalogue.files(collection="hr")) == 30
    assert catalogue.counts(["hr"]).pending == catalogue.counts(None).on_disk == 30
    assert catalogue.counts(["other"]).on_disk == 0


def test_a_transaction_that_fails_keeps_nothing(catalogue: Catalogue) -> None:
    folder = catalogue.add_folder(b"/docs", "hr")
    with pytest.raises(ZeroDivisionError), catalogue.transaction():
        catalogue.add_pending(folder.folder_id, b"/docs/a.txt", STAMP)
        raise ZeroDivisionError
    assert catalogue.counts(None).on_disk == 0


def test_a_skipped_file_keeps_its_reason_and_no_rows(catalogue: Catalogue) -> None:
    folder = catalogue.add_folder(b"/docs", "hr")
    doc_id = catalogue.add_pending(folder.folder_id, b"/docs/a.xyz", STAMP)
    catalogue.set_problem(doc_id, "skipped", FileProblem("file.unsupported", "Not yet."), STAMP)
    record = catalogue.find_file(b"/docs/a.xyz")
    assert record is not None
    assert (record.state, record.code, record.reason, record.chunks) == ("skipped", "file.unsupported", "Not yet.", 0)
    assert catalogue.chunks.all("hr") == set()


def test_copies_are_the_other_files_with_the_same_content(catalogue: Catalogue) -> None:
    folder = catalogue.add_folder(b"/docs", "hr")
    for name, sha256 in ((b"a", "1"), (b"b", "1"), (b"c", "2"), (b"d", None), (b"e", None)):
        doc_id = catalogue.add_pending(folder.folder_id, b"/docs/" + name, STAMP)
        catalogue.set_problem(doc_id, "skipped", FileProblem("file.unsupported", "Not yet."), STAMP, sha256)
    copies = [[r.path for r in catalogue.find_copies(b"/docs/" + name)] for name in (b"b", b"c", b"d", b"no")]
    assert copies == [[b"/docs/a"], [], [], []]


def test_a_reader_in_another_connection_sees_what_was_committed(catalogue: Catalogue, tmp_path: Path) -> None:
    reader = Catalogue(tmp_path / "catalogue.sqlite", read_only=True)
    catalogue.add_folder(b"/docs", "hr")
    assert reader.collections() == ["hr"]
    with pytest.raises(StoreUnwritable):
        reader.add_folder(b"/other", "hr")
    reader.close()


def test_only_documents_exists_before_anything_was_added(catalogue: Catalogue) -> None:
    catalogue.require_collections(["documents"])
    with pytest.raises(CollectionUnknown):
        catalogue.require_collections(["documents", "hr"])


def test_a_damaged_or_newer_catalogue_is_named_and_left_alone(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"this is no database at all, whatever its name says" * 30)
    with pytest.raises(StoreDamaged):
        Catalogue(broken)
    assert broken.read_bytes().startswith(b"this is no")
    newer = tmp_path / "newer.sqlite"
    db = sqlite3.connect(newer)
    db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(StoreDamaged):
        Catalogue(newer)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnwritable):
        Catalogue(tmp_path / "file" / "catalogue.sqlite")


def test_documents_under_a_folder_are_found_by_whole_names(catalogue: Catalogue) -> None:
    assert catalogue.scope.passing(Scope(("hr",), b"/docs"), ()).numbers == ()
    folder = catalogue.add_folder(b"/docs", "hr")
    catalogue.add_pending(folder.folder_id, b"/docs/a/x.txt", STAMP)
    catalogue.add_pending(folder.folder_id, b"/docs/ab/y.txt", STAMP)
    assert {k.path for k in catalogue.known_under(b"/docs/a")} == {b"/docs/a/x.txt"}


def test_readers_and_a_writer_that_meet_at_the_first_start_all_open_it(tmp_path: Path) -> None:
    """The engine's three threads open a catalogue that is not there yet."""
    together = threading.Barrier(9)
    outcomes: list[object] = []

    def open_it(opening: Callable[[Path], Catalogue]) -> None:
        together.wait()
        try:
            catalogue = opening(tmp_path / "index" / "catalogue.sqlite")
            outcomes.append(catalogue.counts(None).on_disk)
            catalogue.close()
        except (StoreDamaged, StoreUnwritable) as error:
            outcomes.append(error)

    ways: list[Callable[[Path], Catalogue]] = [Catalogue, Catalogue.reader, Catalogue.reader]
    threads = [threading.Thread(target=open_it, args=(way,)) for way in ways * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcomes == [0] * 9


def test_a_file_is_found_by_its_content(catalogue: Catalogue) -> None:
    folder = catalogue.add_folder(b"/docs", "hr")
    for name in (b"/docs/b.txt", b"/docs/a.txt"):
        doc_id = catalogue.add_pending(folder.folder_id, name, STAMP)
        catalogue.set_problem(doc_id, "failed", FileProblem("file.damaged", "No."), STAMP, sha256="ab" * 32)
    found = catalogue.find_version("ab" * 32, folder.collection)
    assert found is not None
    assert found.path == b"/docs/a.txt"
    assert catalogue.find_version("cd" * 32, folder.collection) is None
    assert catalogue.find_version("ab" * 32, "another") is None

"""Pages without text are recognised after everything else, once, and go with their file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from world import ScriptedRecogniser, World, scan

from studiolo_indexer.errors import FileFailure, Stopped
from studiolo_indexer.recognised_pages import WaitingDocument
from studiolo_indexer.records import Document, FileRecord
from studiolo_indexer.tally import Tally
from studiolo_models.fakes import FakeEmbedder


@pytest.fixture
def world(world: World) -> World:
    world.recogniser = ScriptedRecogniser()
    world.restart()
    return world


def recogniser(world: World) -> ScriptedRecogniser:
    assert world.recogniser is not None
    return world.recogniser


def state(record: FileRecord) -> tuple[str, str | None, int]:
    return record.state, record.code, record.ocr_pages


def go_on(world: World) -> int:
    return completed(world, until=lambda: False)


def recognise_up_to(world: World, n_pages: int) -> int:
    return completed(world, until=lambda: len(recogniser(world).pages) >= n_pages)


def completed(world: World, *, until: Callable[[], bool]) -> int:
    """Do what can wait; gives how many pages were recognised."""
    report = world.indexer.complete(until=until)
    return 0 if report is None else report.pages_recognised


def test_a_scan_waits_in_the_ledger_and_is_found_once_it_was_recognised(world: World) -> None:
    scan(world.root / "letter.tiff")
    assert world.sync().files.pending == 1
    assert state(world.ledger()["letter.tiff"]) == ("pending", "file.ocr_waiting", 0)
    assert go_on(world) == 1
    (passage,) = world.search("Recognised page 1")
    assert (passage.text, passage.page, passage.ocr_confidence) == ("Recognised page 1 of letter.tiff.", 1, 0.9)
    assert state(world.ledger()["letter.tiff"]) == ("indexed", None, 1)
    assert [e.event for e in world.events] == ["indexed"]
    assert recogniser(world).closed >= 1


def test_a_pass_may_recognise_at_its_end_and_counts_it(world: World) -> None:
    scan(world.root / "letter.tiff", pages=3)
    report = world.sync(recognise=True)
    assert (report.pages_recognised, report.files.indexed, report.added, report.modified) == (3, 1, 1, 0)
    again = world.sync(recognise=True)
    assert (again.pages_recognised, again.bytes_read, again.unchanged) == (0, 0, 1)


def test_what_has_text_is_searched_before_the_first_page_is_recognised(world: World) -> None:
    scan(world.root / "a.tiff")
    world.write("b.txt", "the canteen closes at four")
    found: list[set[str]] = []
    recogniser(world).before_page = lambda page: found.append(world.found("canteen"))
    world.sync(recognise=True)
    assert found == [{"b.txt"}]


def test_other_work_comes_between_two_pages_and_no_page_is_recognised_twice(world: World) -> None:
    scan(world.root / "book.tiff", pages=6)
    world.sync()
    assert recognise_up_to(world, 2) == 2
    world.restart()
    assert go_on(world) == 4
    assert [page for _, page in recogniser(world).pages] == [1, 2, 3, 4, 5, 6]
    assert state(world.ledger()["book.tiff"]) == ("indexed", None, 6)


def test_a_short_document_does_not_wait_for_a_long_one(world: World) -> None:
    scan(world.root / "book.tiff", pages=9)
    scan(world.root / "letter.tiff")
    world.sync(recognise=True)
    assert recogniser(world).pages[0] == ("letter.tiff", 1)


def test_a_long_document_can_be_searched_while_its_later_pages_wait(world: World) -> None:
    scan(world.root / "book.tiff", pages=20)
    seen: dict[int, int] = {}
    recogniser(world).before_page = lambda page: seen.update({page: len(world.search("Recognised", k=30))})
    world.sync(recognise=True)
    assert (seen[4], seen[5], seen[8], seen[9], seen[17]) == (0, 4, 4, 8, 16)
    assert len(world.embedder.texts_embedded) == 20


def test_a_stop_ends_between_two_pages_and_keeps_what_is_there(world: World) -> None:
    scan(world.root / "book.tiff", pages=3)

    def stop(page: int) -> None:
        if page == 2:
            world.stop.set()

    recogniser(world).before_page = stop
    with pytest.raises(Stopped):
        world.sync(recognise=True)
    world.stop.clear()
    recogniser(world).before_page = lambda page: None
    go_on(world)
    assert [page for _, page in recogniser(world).pages] == [1, 2, 3]


def test_pages_that_were_recognised_before_a_crash_are_in_the_text_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(world.root / "book.tiff", pages=9)
    world.sync()

    def crash(data: bytes, *, name: str) -> Document:
        raise KeyboardInterrupt

    def crash_after_the_last(page: int) -> None:
        if page == 9:
            monkeypatch.setattr(world.extractor, "extract", crash)

    recogniser(world).before_page = crash_after_the_last
    with pytest.raises(KeyboardInterrupt):
        go_on(world)
    assert world.ledger()["book.tiff"].ocr_pages == 8
    monkeypatch.undo()
    world.restart()
    assert world.sync(recognise=True).pages_recognised == 0
    assert state(world.ledger()["book.tiff"]) == ("indexed", None, 9)
    assert [p.page for p in world.search("Recognised page 9")][:1] == [9]


def test_a_page_that_fails_is_named_and_tried_again_on_request(world: World) -> None:
    scan(world.root / "book.tiff", pages=2)
    recogniser(world).failures = {2: "It took too long."}
    world.sync(recognise=True)
    record = world.ledger()["book.tiff"]
    assert state(record) == ("indexed", None, 1)
    assert "page 2: its text could not be recognised: It took too long." in record.warnings
    world.sync(recognise=True)
    assert len(recogniser(world).pages) == 2
    recogniser(world).failures = {}
    assert world.indexer.retry([world.root / "book.tiff"], complete=True).pages_recognised == 1
    record = world.ledger()["book.tiff"]
    assert (state(record), record.warnings) == (("indexed", None, 2), ())


def test_a_document_of_which_no_page_can_be_recognised_has_failed_for_that(world: World) -> None:
    scan(world.root / "a.tiff")
    recogniser(world).failures = {1: "It took too long."}
    world.sync(recognise=True)
    record = world.ledger()["a.tiff"]
    assert (record.state, record.code, record.reason) == ("failed", "file.no_text", "It took too long.")


def test_a_picture_without_words_is_skipped_and_not_read_again(world: World) -> None:
    scan(world.root / "sky.tiff")
    recogniser(world).texts = {1: ""}
    world.sync(recognise=True)
    assert state(world.ledger()["sky.tiff"]) == ("skipped", "file.no_text", 0)
    assert world.sync(recognise=True).bytes_read == 0
    os.utime(world.root / "sky.tiff", (1, 1))
    touched = world.sync(recognise=True)
    assert (touched.unchanged, touched.modified, len(recogniser(world).pages)) == (1, 0, 1)
    assert state(world.ledger()["sky.tiff"]) == ("skipped", "file.no_text", 0)


def test_a_touched_scan_goes_on_waiting(world: World) -> None:
    scan(world.root / "book.tiff", pages=9)
    world.sync()
    recognise_up_to(world, 5)
    os.utime(world.root / "book.tiff", (1, 1))
    assert world.sync().files.pending == 1
    go_on(world)
    assert (state(world.ledger()["book.tiff"]), len(recogniser(world).pages)) == (("indexed", None, 9), 9)


def test_a_copy_is_not_recognised_again(world: World) -> None:
    scan(world.root / "a.tiff")
    world.sync(recognise=True)
    scan(world.root / "copy.tiff")
    assert world.sync(recognise=True).pages_recognised == 0
    assert {Path(p.path_text).name for p in world.search("Recognised page")} == {"a.tiff", "copy.tiff"}


def test_recognised_text_is_gone_from_the_disk_with_its_last_file(world: World) -> None:
    """S16."""
    scan(world.root / "a.tiff")
    scan(world.root / "copy.tiff")
    recogniser(world).texts = {1: "Zinnober"}
    world.sync(recognise=True)
    (world.root / "a.tiff").unlink()
    world.sync()
    assert ocr_rows(world) == 1
    scan(world.root / "copy.tiff", shade=200)
    recogniser(world).texts = {1: "Ultramarin"}
    world.sync(recognise=True)
    assert world.found("Zinnober") == set()
    assert ocr_rows(world) == 1
    world.indexer.remove_folder(world.root)
    world.restart()
    assert ocr_rows(world) == 0
    kept = b"".join(p.read_bytes() for p in world.data.rglob("*") if p.is_file())
    assert b"Zinnober" not in kept
    assert b"Ultramarin" not in kept


def ocr_rows(world: World) -> int:
    db = sqlite3.connect(world.catalogue_path)
    try:
        return int(db.execute("SELECT count(*) FROM ocr_pages").fetchone()[0])
    finally:
        db.close()


def test_a_scan_that_changes_while_it_waits_is_read_as_it_is_now(world: World) -> None:
    scan(world.root / "a.tiff")
    world.sync()
    scan(world.root / "a.tiff", pages=2, shade=200)
    assert go_on(world) == 0
    assert world.sync(recognise=True).pages_recognised == 2
    assert state(world.ledger()["a.tiff"]) == ("indexed", None, 2)


def test_a_scan_that_goes_while_it_waits_is_forgotten(world: World) -> None:
    scan(world.root / "a.tiff")
    world.sync()
    (world.root / "a.tiff").unlink()
    assert go_on(world) == 0
    assert world.sync(recognise=True).files.on_disk == 0


def test_recognition_can_be_switched_off_and_on(world: World) -> None:
    scan(world.root / "book.tiff", pages=8)
    world.sync()
    recognise_up_to(world, 5)  # four of them are in the text
    switched_on, world.recogniser = world.recogniser, None
    world.restart()
    scan(world.root / "other.tiff", shade=100)
    world.sync(recognise=True)
    ledger = world.ledger()
    assert state(ledger["book.tiff"]) == ("indexed", None, 4)
    assert state(ledger["other.tiff"]) == ("failed", "file.no_text", 0)
    assert world.sync().bytes_read == 0
    world.recogniser = switched_on
    world.restart()
    assert world.sync(recognise=True).pages_recognised == 4
    assert {name: state(r) for name, r in world.ledger().items()} == {
        "book.tiff": ("indexed", None, 8), "other.tiff": ("indexed", None, 1),
    }  # fmt: skip


def test_progress_tells_the_page_and_the_document(world: World) -> None:
    scan(world.root / "book.tiff", pages=2)
    world.sync(recognise=True)
    said = [replace(p, chunks_embedded=0) for p in world.progress if p.phase == "recognise"]
    assert [(p.collection, p.files_done, p.files_total, p.current) for p in said] == [
        ("documents", 0, 2, "book.tiff"), ("documents", 1, 2, "book.tiff"),
    ]  # fmt: skip


def test_pages_that_a_document_wants_no_longer_do_not_keep_it_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later version of a parser may find the text itself; what was recognised before must not be merged for ever."""
    scan(world.root / "book.tiff", pages=2)
    world.sync(recognise=True)
    whole = world.extractor.extract
    monkeypatch.setattr(
        world.extractor, "extract", lambda data, name: replace(whole(data, name=name), text="Text.\n\n", ocr_wanted=())
    )
    monkeypatch.setattr("studiolo_indexer.indexing.chunk_document", lambda document: [])
    world.indexer._catalogue.set_pending(world.ledger()["book.tiff"].doc_id)
    world.indexer._renew(waiting(world), Tally())
    world.sync(recognise=True)
    assert state(world.ledger()["book.tiff"]) == ("indexed", None, 0)


def waiting(world: World) -> WaitingDocument:
    record = world.ledger()["book.tiff"]
    return WaitingDocument(
        record.doc_id, record.folder_id, record.collection, record.path, record.sha256 or "", (), 2, 2
    )


def test_a_document_that_is_interrupted_again_and_again_can_be_searched_meanwhile(world: World) -> None:
    scan(world.root / "book.tiff", pages=64)
    world.sync()
    for n_pages in range(3, 36, 3):
        recognise_up_to(world, n_pages)
    assert len(world.search("Recognised", k=100)) >= 16


def test_a_stop_that_is_withdrawn_at_once_fails_nothing(world: World) -> None:
    """Pause and resume: the child was killed for the first, and the second came before that was seen."""
    scan(world.root / "a.tiff")
    world.sync()

    def stopped(page: int) -> None:
        raise FileFailure("file.stopped", "Reading it was stopped.")

    recogniser(world).before_page = stopped
    with pytest.raises(Stopped):
        go_on(world)
    recogniser(world).before_page = lambda page: None
    go_on(world)
    assert state(world.ledger()["a.tiff"]) == ("indexed", None, 1)


def test_pages_without_words_do_not_hold_up_the_progress(world: World) -> None:
    scan(world.root / "photos.tiff", pages=40)
    recogniser(world).texts = dict.fromkeys(range(1, 41), "")
    world.sync(recognise=True)
    said = [p.files_done for p in world.progress if p.phase == "recognise"]
    assert said == list(range(40))
    assert len(world.extractor.names) < 10


def test_a_change_of_the_embedder_loses_no_recognised_page(world: World) -> None:
    scan(world.root / "book.tiff", pages=8)
    world.sync()
    recognise_up_to(world, 5)
    world.restart()
    world.embedder = FakeEmbedder(identity="fb5e")
    pages = len(recogniser(world).pages)
    recognise_up_to(world, pages)
    assert len(recogniser(world).pages) == pages
    assert world.found("Recognised page 1 of book.tiff") == {"book.tiff"}

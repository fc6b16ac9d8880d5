"""Chunks in the catalogue: what a search may show, what finds a vector again, numbers that are never given twice."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from studiolo_indexer import chunk_rows, sqlite_among
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.chunk_rows import text_hash
from studiolo_indexer.errors import READ_AGAIN_REASON
from studiolo_indexer.records import Chunk, FileProblem, FileStamp, IndexedRow

STAMP = FileStamp(1, 2, 3)
WITHOUT_LEDGER = (
    *(f"DROP INDEX files_by_{what}" for what in ("name", "size", "time", "words")),
    *(f"ALTER TABLE files DROP COLUMN {column}" for column in ("name_key", "path_words")),
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    made = Catalogue(tmp_path / "catalogue.sqlite")
    yield made
    made.close()


def chunk(text: str, ordinal: int = 0, context: str = "") -> Chunk:
    return Chunk(ordinal, 10, 10 + len(text), text, context, "Page 2", "page", 2)


def put(catalogue: Catalogue, path: str, *chunks: Chunk, collection: str = "hr", embedder: str = "e1") -> range:
    folder = next((f for f in catalogue.folders() if f.collection == collection), None)
    folder = folder or catalogue.add_folder(f"/{collection}".encode(), collection)
    doc_id = catalogue.add_pending(folder.folder_id, path.encode(), STAMP)
    numbers = catalogue.chunks.new_numbers(len(chunks))
    catalogue.chunks.add(catalogue.chunks.number_of(doc_id), chunks, numbers)
    catalogue.set_indexed(
        IndexedRow(doc_id, STAMP, "ab" * 32, "text/plain", "plain", 2, 2, len(chunks), 0, (), 0.1, 1, embedder)
    )
    return numbers


def run_on(path: Path, *statements: str) -> None:
    """Make a catalogue what an older program left."""
    with closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(statement)


def doc_id_at(catalogue: Catalogue, path: str) -> str:
    record = catalogue.find_file(path.encode())
    assert record is not None
    return record.doc_id


def test_a_chunk_comes_back_with_its_slice_its_context_and_its_document(catalogue: Catalogue) -> None:
    numbers = put(catalogue, "/hr/a.pdf", chunk("Ten days.", 3, context="Leave > Carry-over"))
    found = catalogue.chunks.current(numbers)[numbers[0]]
    assert (found.text, found.context, found.ordinal) == ("Ten days.", "Leave > Carry-over", 3)
    assert (found.start, found.end, found.page, found.part, found.part_kind) == (10, 19, 2, "Page 2", "page")
    assert (found.path, found.collection, found.sha256) == (b"/hr/a.pdf", "hr", "ab" * 32)
    assert found.indexed_at > "2026"


def test_the_white_space_behind_a_chunk_is_kept_and_is_no_part_of_its_text(catalogue: Catalogue) -> None:
    numbers = put(catalogue, "/hr/a.txt", replace(chunk("One.", context="Title"), behind="\n\n"), chunk("Two.", 1))
    found = catalogue.chunks.current(numbers)
    assert [(found[n].text, found[n].behind) for n in numbers] == [("One.", "\n\n"), ("Two.", "")]
    assert [words for _, _, words in catalogue.chunks.texts("hr")] == ["Title\nOne.", "Two."]
    assert [words for _, words in catalogue.chunks.texts_of(1)] == ["Title\nOne.", "Two."]
    assert catalogue.chunks.by_hash("hr", [text_hash("Title\nOne.")])


def test_a_document_is_dated_by_its_file_and_its_beginning(catalogue: Catalogue) -> None:
    put(catalogue, "/hr/a.txt", replace(chunk("One.", context="Title"), behind=" "), chunk("Two.", 1))
    assert catalogue.chunks.beginning(doc_id_at(catalogue, "/hr/a.txt")) == (STAMP.mtime_ns, "One.")
    assert catalogue.chunks.beginning("nobody") == (0, "")


def test_what_was_removed_or_never_there_is_not_shown(catalogue: Catalogue) -> None:
    gone = put(catalogue, "/hr/a.txt", chunk("One."), chunk("Two.", 1))
    kept = put(catalogue, "/hr/b.txt", chunk("Three."))
    assert catalogue.remove_files([doc_id_at(catalogue, "/hr/a.txt")]) == list(gone)
    assert set(catalogue.chunks.current([*gone, *kept, 7])) == set(kept)
    problem = FileProblem("file.damaged", "It is damaged.")
    assert catalogue.set_problem(doc_id_at(catalogue, "/hr/b.txt"), "failed", problem, STAMP) == list(kept)
    assert catalogue.chunks.current(kept) == {}


def test_a_folder_takes_its_chunks_with_it(catalogue: Catalogue) -> None:
    mine = put(catalogue, "/hr/a.txt", chunk("One."))
    theirs = put(catalogue, "/it/b.txt", chunk("Two."), collection="it")
    folder = next(f for f in catalogue.folders() if f.collection == "hr")
    assert catalogue.remove_folder(folder.folder_id) == list(mine)
    assert (catalogue.chunks.all("hr"), catalogue.chunks.all("it")) == (set(), set(theirs))


def test_a_chunk_is_found_by_the_hash_of_its_text_in_its_own_collection(catalogue: Catalogue) -> None:
    first = put(catalogue, "/hr/a.txt", chunk("The same."))
    newest = put(catalogue, "/hr/b.txt", chunk("The same."))
    other = put(catalogue, "/it/c.txt", chunk("The same."), collection="it")
    wanted = [text_hash("The same."), text_hash("Nobody says this.")]
    assert catalogue.chunks.by_hash("hr", wanted) == {wanted[0]: newest[0]}
    assert first[0] < newest[0]
    assert catalogue.chunks.by_hash("it", wanted) == {wanted[0]: other[0]}


def test_texts_come_in_slices_and_by_number(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (chunk_rows, sqlite_among):
        monkeypatch.setattr(module, "AT_ONCE", 2)
    numbers = put(catalogue, "/hr/a.txt", *(chunk(f"Text {n}.", n, context="Title") for n in range(5)))
    put(catalogue, "/it/b.txt", chunk("Another."), collection="it")
    texts = list(catalogue.chunks.texts("hr"))
    assert [(number, words) for number, _, words in texts] == [
        (number, f"Title\nText {at}.") for at, number in enumerate(numbers)
    ]
    assert {document for _, document, _ in texts} == {1}
    assert [words for _, _, words in catalogue.chunks.texts("hr", numbers[1:4])] == [
        "Title\nText 1.", "Title\nText 2.", "Title\nText 3."
    ]  # fmt: skip


def test_numbers_are_never_given_twice_even_if_the_last_commits_are_lost(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut takes back commits here that the store has kept; the clock goes on."""
    first = catalogue.chunks.new_numbers(3)
    second = catalogue.chunks.new_numbers(2)
    assert second.start >= first.stop
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as db:
        db.execute("UPDATE marks SET last_chunk = 0")
    db.close()
    later = time.time() + 1  # than the cut
    monkeypatch.setattr("studiolo_indexer.chunk_rows.time.time", lambda: later)
    assert catalogue.chunks.new_numbers(1).start >= second.stop


def test_numbers_rise_even_if_the_clock_is_set_back(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    first = catalogue.chunks.new_numbers(3)
    monkeypatch.setattr("studiolo_indexer.chunk_rows.time.time", lambda: 1.0)
    assert catalogue.chunks.new_numbers(3).start >= first.stop


def test_documents_that_lost_a_vector_wait_for_it_and_keep_their_chunks(catalogue: Catalogue) -> None:
    lost = put(catalogue, "/hr/a.txt", chunk("One."), chunk("Two.", 1))
    whole = put(catalogue, "/hr/c.txt", chunk("Four."))
    catalogue.chunks.wait_for_vectors([lost[1]])
    assert catalogue.chunks.all("hr") == {*lost, *whole}
    states = {f.relative_text: (f.state, f.code) for f in catalogue.files()}
    assert states == {"a.txt": ("pending", "file.vectors_waiting"), "c.txt": ("indexed", None)}
    (waiting,) = catalogue.chunks.waiting_for_vectors()
    assert (waiting.path, waiting.collection, waiting.n_chunks) == (b"/hr/a.txt", "hr", 2)
    assert [n for n, _ in catalogue.chunks.texts_of(waiting.document)] == list(lost)
    catalogue.chunks.set_embedded([waiting.document], "e1")
    assert catalogue.chunks.waiting_for_vectors() == []
    assert {f.state for f in catalogue.files()} == {"indexed"}


def test_what_another_embedder_made_waits_for_this_one(catalogue: Catalogue) -> None:
    """R21."""
    put(catalogue, "/hr/a.txt", chunk("One."), embedder="e1")
    put(catalogue, "/hr/b.txt", chunk("Two."), embedder="e2")
    assert catalogue.chunks.has_other_embedders("e1")
    catalogue.chunks.forget_other_embedders("e1")
    assert [w.path for w in catalogue.chunks.waiting_for_vectors()] == [b"/hr/b.txt"]
    assert not catalogue.chunks.has_other_embedders("e1")


def test_an_index_without_page_breaks_serves_until_it_is_indexed_again(tmp_path: Path) -> None:
    """R21: its chunks were cut otherwise; they are found until the new ones are there."""
    path = tmp_path / "catalogue.sqlite"
    made = Catalogue(path)
    number = put(made, "/hr/a.txt", chunk("One."))[0]
    made.close()
    run_on(
        path,
        "DROP TRIGGER name_words_of_removed",
        "DROP TABLE name_words",
        "ALTER TABLE chunks DROP COLUMN breaks",
        *WITHOUT_LEDGER,
        "PRAGMA user_version = 4",
    )
    opened = Catalogue(path)
    known = opened.known_file(b"/hr/a.txt")
    assert known is not None
    assert (known.state, known.is_whole) == ("pending", False)
    record = opened.find_file(b"/hr/a.txt")
    assert record is not None
    assert record.reason == READ_AGAIN_REASON  # its folder may be away for long: nothing of it is missing
    assert opened.chunks.current([number])[number].text == "One."
    opened.close()


def test_the_chunks_beside_a_chunk_are_those_of_its_document(catalogue: Catalogue) -> None:
    first = put(catalogue, "/hr/a.txt", chunk("One."), chunk("Two."), chunk("Three."))
    second = put(catalogue, "/hr/b.txt", chunk("Four."))
    found = catalogue.chunks.neighbours([first[0], first[1], second[0], 12345])
    assert found == {first[0]: (first[1],), first[1]: (first[0], first[2]), second[0]: (), 12345: ()}


def test_a_vector_is_found_again_where_lines_end_elsewhere() -> None:
    assert text_hash("Ten days may\n\nbe carried over.") == text_hash("Ten days may be\ncarried over.")
    assert text_hash("Ten days.") != text_hash("Tendays.")


def test_where_a_page_begins_in_a_chunk_is_kept(catalogue: Catalogue) -> None:
    crossing = replace(chunk("Eins. Zwei."), page=3, page_breaks=((4, 6), (5, 9)))
    (number,) = put(catalogue, "/hr/a.txt", crossing)
    assert catalogue.chunks.current([number])[number].page_breaks == ((4, 6), (5, 9))


def test_of_a_span_that_goes_over_pages_each_page_has_its_part(catalogue: Catalogue) -> None:
    crossing = replace(chunk("Eins. Zwei."), start=0, end=11, page=3, page_breaks=((4, 6), (5, 9)))
    put(catalogue, "/hr/a.txt", crossing)
    spans = [catalogue.chunks.span_on_page(doc_id_at(catalogue, "/hr/a.txt"), page, 2, 8) for page in (2, 3, 4, 5)]
    assert spans == [(8, 8), (2, 6), (6, 8), (9, 9)]
    assert catalogue.chunks.span_on_page(doc_id_at(catalogue, "/hr/a.txt"), 4, 2, 12) == (2, 12)


def test_of_neighbouring_chunks_each_page_has_its_part(catalogue: Catalogue) -> None:
    first = replace(chunk("Eins. Zwei."), start=0, end=11, page=3, page_breaks=((4, 6),))
    second = replace(chunk("Drei. Vier.", 1), start=12, end=23, page=4, page_breaks=((5, 18),))
    put(catalogue, "/hr/a.txt", first, second)
    spans = [catalogue.chunks.span_on_page(doc_id_at(catalogue, "/hr/a.txt"), page, 2, 23) for page in (2, 3, 4, 5)]
    assert spans == [(23, 23), (2, 6), (6, 18), (18, 23)]


def test_an_index_of_the_former_layout_waits_to_be_indexed_again(tmp_path: Path) -> None:
    """R21: its chunks stood in another place; its files, their ids and their state of disk stay."""
    path = tmp_path / "catalogue.sqlite"
    made = Catalogue(path)
    put(made, "/hr/a.txt", chunk("One."))
    doc_id = doc_id_at(made, "/hr/a.txt")
    made.close()
    run_on(
        path,
        "DROP TABLE chunks",
        "DROP TABLE name_words",
        "DROP TRIGGER name_words_of_removed",
        "DROP INDEX files_by_number",
        "ALTER TABLE files DROP COLUMN number",
        "ALTER TABLE folders DROP COLUMN patterns",
        "ALTER TABLE marks DROP COLUMN last_chunk",
        "ALTER TABLE marks DROP COLUMN purge_due",
        *WITHOUT_LEDGER,
        "PRAGMA user_version = 2",
    )
    opened = Catalogue(path)
    record = opened.find_file(b"/hr/a.txt")
    assert record is not None
    assert (record.doc_id, record.state, record.chunks) == (doc_id, "pending", 0)
    assert opened.store_is_dirty()
    assert opened.chunks.number_of(doc_id) == 1
    opened.close()


def test_the_chunks_of_a_document_come_in_its_order_with_their_pages(catalogue: Catalogue) -> None:
    numbers = put(catalogue, "/hr/a.pdf", chunk("Second.", 1), chunk("First.", 0))
    put(catalogue, "/hr/b.pdf", chunk("Other."))
    listed = catalogue.chunks.pages_of(doc_id_at(catalogue, "/hr/a.pdf"))
    assert listed == [(numbers[1], 2), (numbers[0], 2)]

"""Every document of a scope is read, each in one version; and what has no text to examine is named with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.errors import VECTORS_WAITING
from studiolo_indexer.records import Chunk, FileProblem, FileStamp, FileState, IndexedRow, LedgerCounts
from studiolo_indexer.scope_rows import Scope

STAMP = FileStamp(1, 2, 3)
HR = Scope(("hr",))


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    made = Catalogue(tmp_path / "catalogue.sqlite")
    yield made
    made.close()


def add(catalogue: Catalogue, path: str, collection: str = "hr") -> str:
    folder = next((f for f in catalogue.folders() if f.collection == collection), None)
    folder = folder or catalogue.add_folder(f"/{collection}".encode(), collection)
    return catalogue.add_pending(folder.folder_id, path.encode(), STAMP)


def write(catalogue: Catalogue, doc_id: str, *texts: str, warnings: tuple[str, ...] = (), part: bool = False) -> None:
    with catalogue.transaction():
        catalogue.chunks.remove([doc_id])
        chunks = [Chunk(n, n * 100, n * 100 + len(t), t, "Head", "P", "page", n + 1) for n, t in enumerate(texts)]
        catalogue.chunks.add(catalogue.chunks.number_of(doc_id), chunks, catalogue.chunks.new_numbers(len(chunks)))
        row = IndexedRow(doc_id, STAMP, "ab" * 32, "t", "p", 2, 2, len(chunks), 0, warnings, 0.1, 1, "e1")
        (catalogue.set_partly_read if part else catalogue.set_indexed)(row)


def put(catalogue: Catalogue, path: str, *texts: str, collection: str = "hr") -> str:
    doc_id = add(catalogue, path, collection)
    write(catalogue, doc_id, *texts)
    return doc_id


def texts_at(catalogue: Catalogue, path: str) -> list[str]:
    document = catalogue.scope.read(path.encode())
    assert document is not None
    return [piece.text for piece in document.pieces]


def test_a_chunk_tells_where_it_goes_on_to_the_next_page(catalogue: Catalogue) -> None:
    doc_id = add(catalogue, "/hr/a.pdf")
    with catalogue.transaction():
        crossing = Chunk(0, 10, 20, "One. Zwei.", "", "3", "page", 3, ((4, 15),))
        catalogue.chunks.add(catalogue.chunks.number_of(doc_id), [crossing], catalogue.chunks.new_numbers(1))
        catalogue.set_indexed(IndexedRow(doc_id, STAMP, "ab" * 32, "t", "p", 4, 4, 1, 0, (), 0.1, 1, "e1"))
    document = catalogue.scope.read(b"/hr/a.pdf")
    assert document is not None
    (piece,) = document.pieces
    assert [(piece.page_at(at), piece.part_at(at)) for at in (10, 15)] == [(3, "3"), (4, "4")]


def test_the_documents_of_a_scope_come_by_path_and_no_other(catalogue: Catalogue) -> None:
    for path in ("/hr/b.txt", "/hr/a/x.txt", "/hr/a.txt"):
        put(catalogue, path, "One.")
    put(catalogue, "/it/c.txt", "Two.", collection="it")
    add(catalogue, "/hr/not-read.txt")
    rows = catalogue.scope
    assert list(rows.paths(HR)) == [b"/hr/a.txt", b"/hr/a/x.txt", b"/hr/b.txt"]
    assert list(rows.paths(HR, after=b"/hr/a/x.txt")) == [b"/hr/b.txt"]
    assert list(rows.paths(Scope(("hr", "it"), b"/hr/a"))) == [b"/hr/a/x.txt"]
    assert (rows.count(HR), rows.count(Scope(("hr", "it"))), rows.count(HR, up_to=b"/hr/a/x.txt")) == (3, 4, 2)


def test_a_document_comes_with_its_chunks_in_order_and_without_their_headings(catalogue: Catalogue) -> None:
    put(catalogue, "/hr/a.txt", "First.", "Second.")
    document = catalogue.scope.read(b"/hr/a.txt")
    assert document is not None
    found = list(document.pieces)
    assert [(p.start, p.end, p.page, p.part, p.text) for p in found] == [
        (0, 6, 1, "P", "First."),
        (100, 107, 2, "P", "Second."),
    ]
    assert (document.collection, document.sha256) == ("hr", "ab" * 32)
    assert catalogue.scope.read(b"/hr/gone.txt") is None


def test_an_empty_document_is_a_document(catalogue: Catalogue) -> None:
    put(catalogue, "/hr/empty.txt")
    assert texts_at(catalogue, "/hr/empty.txt") == []


def test_a_document_that_is_replaced_while_it_is_read_is_read_in_its_old_version(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    many = [f"Old {n}." for n in range(1500)]
    doc_id = put(catalogue, "/hr/a.txt", *many)
    reader = Catalogue.reader(tmp_path / "catalogue.sqlite")
    document = reader.scope.read(b"/hr/a.txt")
    assert document is not None
    first = next(document.pieces).text
    write(catalogue, doc_id, *[f"New {n}." for n in range(1500)])
    assert [first, *(p.text for p in document.pieces)] == many
    assert texts_at(reader, "/hr/a.txt")[-1] == "New 1499."
    reader.close()


def test_a_document_that_is_not_read_to_its_end_is_let_go(catalogue: Catalogue, tmp_path: Path) -> None:
    put(catalogue, "/hr/a.txt", *[f"Old {n}." for n in range(1500)])
    reader = Catalogue.reader(tmp_path / "catalogue.sqlite")
    document = reader.scope.read(b"/hr/a.txt")
    assert document is not None
    assert next(document.pieces).text == "Old 0."
    put(catalogue, "/hr/b.txt", "New.")
    document.pieces.close()
    catalogue.empty_log()
    assert (tmp_path / "catalogue.sqlite-wal").stat().st_size == 0
    reader.close()


def test_what_is_not_or_not_wholly_read_is_named_with_its_reason(catalogue: Catalogue) -> None:
    def problem(path: str, state: FileState, code: str) -> None:
        catalogue.set_problem(add(catalogue, path), state, FileProblem(code, f"Reason of {path}."), STAMP)

    problem("/hr/1-damaged.pdf", "failed", "file.damaged")
    problem("/hr/2-cloud.pdf", "skipped", "file.online_only")
    problem("/hr/3-left-out.log", "skipped", "ignored.pattern")
    add(catalogue, "/hr/4-new.txt")
    write(catalogue, add(catalogue, "/hr/6-long.pdf"), "First pages.", part=True)
    write(catalogue, add(catalogue, "/hr/7-lost.pdf"), "x", warnings=("it is damaged: 1 page is lost", "page 2: white"))
    write(catalogue, add(catalogue, "/hr/8-hidden.pdf"), "x", warnings=("page 2: text in white (1 line)",))
    catalogue.chunks.forget_other_embedders("another")
    catalogue.set_pending(put(catalogue, "/hr/5-changed.txt", "Old."))
    put(catalogue, "/hr/9-whole.txt", "Whole.")
    found = {Path(f.path.decode()).name: f for f in catalogue.scope.not_wholly_read(HR)}
    assert {name: (f.code, f.examined) for name, f in found.items()} == {
        "1-damaged.pdf": ("file.damaged", False),
        "2-cloud.pdf": ("file.online_only", False),
        "4-new.txt": ("file.not_read_yet", False),
        "5-changed.txt": ("file.changed_since", True),
        "6-long.pdf": ("file.partly_read", True),
        "7-lost.pdf": ("file.read_with_loss", True),
    }
    assert found["1-damaged.pdf"].reason == "Reason of /hr/1-damaged.pdf."
    assert found["7-lost.pdf"].reason == "it is damaged: 1 page is lost"
    assert all(f.reason for f in found.values())
    record = catalogue.find_file(b"/hr/8-hidden.pdf")
    assert record is not None
    assert record.code == VECTORS_WAITING


def test_a_scope_of_numbers_holds_those_and_no_other(catalogue: Catalogue) -> None:
    kept = [put(catalogue, path, "One.") for path in ("/hr/a.txt", "/hr/c.txt")]
    put(catalogue, "/hr/b.txt", "Two.")
    failed, other = add(catalogue, "/hr/d.txt"), add(catalogue, "/hr/e.txt")
    for doc_id in (failed, other):
        catalogue.set_problem(doc_id, "failed", FileProblem("file.damaged", "It is damaged."), STAMP)
    numbers = frozenset(catalogue.chunks.number_of(doc_id) for doc_id in (*kept, failed))
    scope, rows = Scope(("hr",), only=numbers), catalogue.scope
    assert list(rows.paths(scope)) == [b"/hr/a.txt", b"/hr/c.txt"]
    assert (rows.count(scope), rows.count(scope, up_to=b"/hr/b.txt")) == (2, 1)
    assert [file.path for file in rows.not_wholly_read(scope)] == [b"/hr/d.txt"]
    assert rows.counts(scope) == LedgerCounts(indexed=2, failed=1)
    assert rows.counts(HR) == LedgerCounts(indexed=3, failed=2)

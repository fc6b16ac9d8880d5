"""Which documents a question names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.document_names import name_words
from studiolo_indexer.full_text import query_words
from studiolo_indexer.records import FileProblem, FileStamp, IndexedRow

STAMP = FileStamp(1, 2, 3)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    made = Catalogue(tmp_path / "catalogue.sqlite")
    made.add_folder(b"/hr", "documents")
    made.add_folder(b"/law", "contracts")
    yield made
    made.close()


def put(catalogue: Catalogue, path: str) -> int:
    folder = next(f for f in catalogue.folders() if path.startswith(f.path.decode()))
    doc_id = catalogue.add_pending(folder.folder_id, path.encode(), STAMP)
    row = IndexedRow(doc_id, STAMP, "ab" * 32, "t", "p", 1, 1, 1, 0, (), 0.1, catalogue.next_generation(), "e")
    catalogue.set_indexed(row)
    return catalogue.chunks.number_of(doc_id)


def best(catalogue: Catalogue, question: str, *documents: int, collection: str = "documents") -> list[int]:
    scores = catalogue.names.scores(collection, query_words(question), documents)
    return sorted(scores, key=lambda document: -scores[document])


def test_a_name_is_taken_apart_at_marks_and_between_letters_and_digits() -> None:
    words = name_words(b"/x/Report_Q3-2023 Invoice.RE2024.pdf")
    assert {"report", "q3", "2023", "invoic", "re2024", "re", "2024"} <= words


def test_the_document_that_a_question_names_scores_best_and_a_short_name_more_than_a_long_one(
    catalogue: Catalogue,
) -> None:
    lease = put(catalogue, "/hr/lease.pdf")
    long = put(catalogue, "/hr/lease of the office in the harbour with all annexes.pdf")
    other = put(catalogue, "/hr/travel.pdf")
    assert best(catalogue, "When does the lease end?", lease, long, other) == [lease, long]


def test_a_renamed_document_is_named_anew_and_a_removed_or_failed_one_no_more(catalogue: Catalogue) -> None:
    lease, travel = put(catalogue, "/hr/lease.pdf"), put(catalogue, "/hr/travel.pdf")
    record = catalogue.find_file(b"/hr/lease.pdf")
    assert record is not None
    catalogue.set_path(record.doc_id, record.folder_id, b"/hr/tenancy.pdf", STAMP)
    assert best(catalogue, "lease", lease, travel) == []
    assert best(catalogue, "tenancy", lease, travel) == [lease]
    catalogue.set_problem(record.doc_id, "failed", FileProblem("file.damaged", "…"), STAMP)
    assert best(catalogue, "tenancy", lease, travel) == []
    gone = catalogue.find_file(b"/hr/travel.pdf")
    assert gone is not None
    catalogue.remove_files([gone.doc_id])
    assert best(catalogue, "travel", lease, travel) == []


def test_a_collection_is_a_wall(catalogue: Catalogue) -> None:
    here, there = put(catalogue, "/hr/lease.pdf"), put(catalogue, "/law/lease.pdf")
    assert best(catalogue, "lease", here, there) == [here]
    assert best(catalogue, "lease", here, there, collection="contracts") == [there]


def test_what_stands_in_every_name_says_little(catalogue: Catalogue) -> None:
    reports = [put(catalogue, f"/hr/report {word}.pdf") for word in ("alpha", "beta", "gamma", "delta")]
    scores = catalogue.names.scores("documents", query_words("report gamma"), reports)
    assert max(scores, key=lambda document: scores[document]) == reports[2]
    assert scores[reports[2]] > 5 * scores[reports[0]]

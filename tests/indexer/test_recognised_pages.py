"""What was recognised is kept letter for letter, and belongs to the content of a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.records import FileProblem, FileStamp, OcrPage, OcrWord

PAGE = OcrPage(
    "Grüße, 年", 0.875, 1654, 2339, (OcrWord(0, 6, 10.5, 20.0, 99.9, 30.0), OcrWord(7, 8, 120.0, 20, 30, 30))
)
WAITING = FileProblem("file.ocr_waiting", "It waits.")


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path / "catalogue.sqlite")
    opened.add_folder(b"/docs", "documents")
    yield opened
    opened.close()


def add(catalogue: Catalogue, name: str, sha256: str) -> str:
    stamp = FileStamp(1, 2, 3)
    doc_id = catalogue.add_pending(1, f"/docs/{name}".encode(), stamp)
    catalogue.set_problem(doc_id, "pending", WAITING, stamp, sha256)
    return doc_id


def test_a_page_comes_back_as_it_was_kept(catalogue: Catalogue) -> None:
    add(catalogue, "a", "aa")
    pages = catalogue.recognised
    pages.want("aa", (2, 3))
    pages.keep("aa", 2, PAGE)
    assert pages.of("aa") == {2: PAGE}
    assert pages.page("aa", 2) == PAGE
    assert pages.page("aa", 3) is None
    assert pages.confidences([("aa", 2), ("aa", 3), ("bb", 2)]) == {("aa", 2): 0.875}


def test_a_page_on_which_nothing_was_found_says_nothing_of_its_certainty(catalogue: Catalogue) -> None:
    add(catalogue, "a", "aa")
    catalogue.recognised.want("aa", (1,))
    catalogue.recognised.keep("aa", 1, OcrPage("", 0.0, 100, 100, ()))
    assert catalogue.recognised.of("aa")
    assert catalogue.recognised.page("aa", 1) is None
    assert catalogue.recognised.confidences([("aa", 1)]) == {}


def test_wanting_a_page_again_loses_nothing(catalogue: Catalogue) -> None:
    add(catalogue, "a", "aa")
    pages = catalogue.recognised
    pages.want("aa", (1, 2, 3))
    pages.keep("aa", 1, PAGE)
    pages.fail("aa", 2, "It took too long.")
    pages.want("aa", (1, 2, 3))
    assert (pages.of("aa"), pages.failures("aa")) == ({1: PAGE}, {2: "It took too long."})
    document = pages.next_document()
    assert document is not None
    assert document.pages == (3,)


def test_pages_go_with_the_last_file_of_their_content(catalogue: Catalogue) -> None:
    pages = catalogue.recognised
    first, second = add(catalogue, "a", "aa"), add(catalogue, "b", "aa")
    pages.want("aa", (1,))
    pages.keep("aa", 1, PAGE)
    catalogue.remove_files([first])
    assert pages.of("aa") == {1: PAGE}
    catalogue.set_problem(second, "failed", FileProblem("file.damaged", "It is damaged."), FileStamp(1, 2, 3), "bb")
    assert pages.of("aa") == {}


def test_only_documents_that_wait_are_given(catalogue: Catalogue) -> None:
    doc_id = add(catalogue, "a", "aa")
    catalogue.recognised.want("aa", (1,))
    catalogue.set_pending(doc_id)
    assert catalogue.recognised.next_document() is None

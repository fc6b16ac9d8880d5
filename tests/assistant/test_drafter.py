"""Drafting over a small indexed library."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from library import index_library
from pdf_files import drawn, lines

from studiolo.desk import Cancelled
from studiolo.drafting.drafter import Draft, Drafter
from studiolo.drafting.proposals import Kind
from studiolo.workspace import Workspace
from studiolo_indexer.errors import CollectionUnknown
from studiolo_indexer.records import Passage
from studiolo_indexer.search import Searcher

pytestmark = pytest.mark.real_models

LEASE = (
    "# Lease\n\nThe notice period of the lease is six weeks.\nThe deposit for the flat is $2,000 per tenant. "
    "A sinking fund is money that owners set aside for repairs.\n\nIt must be paid.\n"
)
PAY = "# Pay\n\nThe salary of an apprentice is $1,200 per month. The form of the claim must be sent within 30 days.\n"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("shelf")
    for name, text in (("hr/a/lease.md", LEASE), ("hr/pay.md", PAY), ("contracts/x.md", "# X\n\nNothing.\n")):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return index_library(tmp_path_factory.mktemp("shelf-home"), root)


@pytest.fixture
def searcher(shelf: Workspace) -> Iterator[Searcher]:
    opened = shelf.searcher()
    yield opened
    opened.close()


class Drafting:
    """Drafts from the shelf; `found` replaces what a search finds."""

    def __init__(self, shelf: Workspace, searcher: Searcher) -> None:
        self.shelf = shelf
        self.searcher = searcher
        self.cancel = threading.Event()
        self.said = ""
        self.searched: list[str] = []
        self.finds_nothing = False

    def __call__(self, count: int = 20, *, seed: int = 0, collections: Sequence[str] = ("documents",)) -> list[Draft]:
        catalogue = self.shelf.catalogue()
        ask = self._ask if self.said else None
        drafter = Drafter(catalogue=catalogue, search=self._search, ask_model=ask, cancel=self.cancel)
        try:
            return list(drafter.drafts(count, collections=collections, seed=seed))
        finally:
            catalogue.close()

    def _search(self, question: str) -> Sequence[Passage]:
        self.searched.append(question)
        return () if self.finds_nothing else self.searcher.search(question, k=10).passages

    def _ask(self, sentence: str, answer: str, kind: Kind) -> str:
        return self.said


@pytest.fixture
def drafting(shelf: Workspace, searcher: Searcher) -> Drafting:
    return Drafting(shelf, searcher)


def test_each_draft_rests_on_a_sentence_and_its_answer_is_a_slice_of_it(drafting: Drafting) -> None:
    drafts = drafting()
    assert {d.answer for d in drafts} >= {"six weeks", "$2,000", "$1,200", "30 days"}
    for draft in drafts:
        text = (LEASE, PAY)[draft.path == "pay.md"]
        assert draft.text in draft.passage
        assert draft.answer in draft.text
        assert text[draft.start : draft.end] == draft.text
    assert {d.path for d in drafts} == {"a/lease.md", "pay.md"}
    assert {d.composed_by for d in drafts} == {"template"}
    assert len({d.question for d in drafts}) == len(drafts)


def test_documents_take_turns(drafting: Drafting) -> None:
    assert {d.path for d in drafting(2)} == {"a/lease.md", "pay.md"}


def test_the_same_seed_gives_the_same_questions(drafting: Drafting) -> None:
    assert drafting(4, seed=5) == drafting(4, seed=5)


def test_a_question_whose_passage_is_not_found_is_not_proposed(drafting: Drafting) -> None:
    drafting.finds_nothing = True
    assert drafting() == []
    assert drafting.searched


def test_a_models_sound_question_is_taken_and_others_give_way_to_the_templates(drafting: Drafting) -> None:
    drafting.said = "How long is the notice period of the lease?"
    composed = {d.answer: (d.composed_by, d.question) for d in drafting()}
    assert composed["six weeks"][0] == "model"
    assert composed["$1,200"] == ("template", "What is the salary of an apprentice per month?")


def test_a_collection_is_a_wall(drafting: Drafting) -> None:
    assert drafting(collections=("contracts",)) == []
    with pytest.raises(CollectionUnknown):
        drafting(collections=("nobody",))


def test_a_document_with_copies_is_asked_about_under_the_path_that_a_search_shows(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Drafts were made from the copy that comes first in the alphabet, and a search finds another: none was kept."""
    for name in ("hr/a/lease (copy).md", "hr/lease.md", "contracts/x.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(LEASE, encoding="utf-8")
    shelf = index_library(tmp_path_factory.mktemp("copies"), tmp_path)
    searcher = shelf.searcher()
    try:
        assert {draft.path for draft in Drafting(shelf, searcher)()} == {"lease.md"}
    finally:
        searcher.close()


def test_it_stops_when_it_is_told_to(drafting: Drafting) -> None:
    drafting.cancel.set()
    with pytest.raises(Cancelled):
        drafting()


def test_a_draft_names_the_page_of_its_sentence_not_where_its_passage_begins(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (tmp_path / "hr").mkdir()
    (tmp_path / "contracts").mkdir()
    rows = [
        "The copayment for a visit is $20 per person.",
        *(f"And so on, and on, and on, and on, {n}." for n in range(30)),
    ]
    first = lines(rows, size=6, step=8, top=390)
    (tmp_path / "hr" / "plan.pdf").write_bytes(drawn(first, lines(["The notice period of the lease is six weeks."])))
    shelf = index_library(tmp_path_factory.mktemp("pages-home"), tmp_path)
    searcher = shelf.searcher()
    found = {d.answer: d.page for d in Drafting(shelf, searcher)()}
    searcher.close()
    assert found["six weeks"] == 2


def test_a_question_that_another_document_answers_too_names_its_own(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path / "plans"
    for name, price in (("plan_north", "$20"), ("plan_south", "$35")):
        (root / "hr").mkdir(parents=True, exist_ok=True)
        text = f"# Plan\n\nThe copayment for a visit of the dentist is {price} per person.\n"
        (root / "hr" / f"{name}.md").write_text(text, encoding="utf-8")
    (root / "contracts").mkdir()
    shelf = index_library(tmp_path_factory.mktemp("plans-home"), root)
    searcher = shelf.searcher()
    questions = {d.answer: d.question for d in Drafting(shelf, searcher)()}
    searcher.close()
    assert questions["$20"].endswith("per person, according to “plan north”?")
    assert all("according to" in q for q in questions.values())

"""Documents that answer differently are told side by side; those that only look so raise no alarm."""

from __future__ import annotations

import hashlib
import time

import pytest
from differing_documents import CONFLICTS, HARMLESS, Pair

from studiolo.conflicts import Conflict, find_conflicts
from studiolo.document_dates import DocumentDate, date_of_document
from studiolo.evidence import find_evidence
from studiolo.workspace import Workspace
from studiolo_indexer.records import Embedder, Passage
from studiolo_models.fakes import FakeEmbedder

QUESTION = "How many days of leave do employees have?"
WORDS = "Every employee has {} days of paid leave per calendar year. Leave is requested in writing."


def passage(path: str, text: str, start: int = 0) -> Passage:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Passage(
        path, path, "documents", path.encode(), path, "", "section", None, start, start + len(text), text, "",
        0.9, 0.5, ("vector",), digest, "t",
    )  # fmt: skip


def dated(found: Passage) -> DocumentDate:
    return date_of_document(found.path_text, "", found.text, 0)


def conflicts_of(question: str, *documents: tuple[str, str], embedder: Embedder | None = None) -> tuple[Conflict, ...]:
    found = [passage(path, text, 100 * n) for n, (path, text) in enumerate(documents)]
    return find_conflicts(question, find_evidence(question, found, embedder or FakeEmbedder()), dated)


def told(pair: Pair, embedder: Embedder) -> bool:
    return bool(conflicts_of(pair.question, pair.first, pair.second, embedder=embedder))


@pytest.mark.real_models
def test_four_of_five_conflicts_are_found_and_nothing_harmless_is_told(library: Workspace) -> None:
    embedder = library.embedder()
    assert sum(told(pair, embedder) for pair in CONFLICTS) >= 0.8 * len(CONFLICTS)
    assert [pair.question for pair in HARMLESS if told(pair, embedder)] == []


def test_both_sides_are_exact_slices_newest_first_with_their_dates() -> None:
    old, new = ("/hr/handbook-2023.pdf", WORDS.format(20)), ("/hr/handbook-2024.pdf", WORDS.format(25))
    (conflict,) = conflicts_of(QUESTION, old, new)
    assert [(s.value, s.date, s.date_from, s.current) for s in conflict.sides] == [
        ("25 days", "2024", "name", True), ("20 days", "2023", "name", False)
    ]  # fmt: skip
    for side in conflict.sides:
        assert side.quote == side.passage.text[side.start - side.passage.start : side.end - side.passage.start]
        assert side.value in side.quote
    assert conflict.about == "Every employee paid leave calendar year"
    assert {side.number for side in conflict.sides} == {1, 2}


def test_three_documents_are_three_sides_and_a_document_is_one() -> None:
    three = [(f"/hr/handbook-{year}.pdf", WORDS.format(days)) for year, days in ((2022, 20), (2023, 22), (2024, 25))]
    (conflict,) = conflicts_of(QUESTION, *three)
    assert sorted(side.value for side in conflict.sides) == ["20 days", "22 days", "25 days"]
    assert len({side.passage.path for side in conflict.sides}) == 3


def test_the_newest_is_not_named_where_dates_cannot_be_compared() -> None:
    """The time of a file says when it was copied, not how old its words are."""
    (conflict,) = conflicts_of(
        QUESTION, ("/hr/handbook.pdf", WORDS.format(20)), ("/hr/handbook-2024.pdf", WORDS.format(25))
    )
    assert {side.date_from for side in conflict.sides} == {"file", "name"}
    assert not any(side.current for side in conflict.sides)
    (conflict,) = conflicts_of(
        QUESTION, ("/hr/handbook.pdf", WORDS.format(20)), ("/hr/handbook (2).pdf", WORDS.format(25))
    )
    assert not any(side.current for side in conflict.sides)  # both of one day


def test_a_document_says_nothing_against_itself_or_its_copy() -> None:
    text = WORDS.format(20)
    assert conflicts_of(QUESTION, ("/hr/a.pdf", text), ("/hr/copy of a.pdf", text)) == ()
    twice = [passage("/hr/a.pdf", WORDS.format(n), 200 * n) for n in (20, 25)]
    assert find_conflicts(QUESTION, find_evidence(QUESTION, twice, FakeEmbedder()), dated) == ()


def test_the_year_that_is_asked_for_decides_and_a_comparison_is_no_surprise() -> None:
    pair = [(f"/hr/handbook-{year}.pdf", WORDS.format(days)) for year, days in ((2023, 20), (2024, 25))]
    assert conflicts_of("How many days of leave did employees have in 2023?", *pair) == ()
    assert conflicts_of("How did the days of leave of employees change?", *pair) == ()


def test_documents_of_different_quarters_may_differ() -> None:
    text = "The revenue of the group amounted to {} million euros."
    quarters = [(f"/reports/2023 Q{q}.pdf", text.format(n)) for q, n in ((1, 12), (2, 14))]
    assert conflicts_of("What was the revenue of the group?", *quarters) == ()
    versions = [(f"/reports/revenue v{v}.txt", text.format(n)) for v, n in ((1, 12), (2, 14))]
    assert len(conflicts_of("What was the revenue of the group?", *versions)) == 1


def test_nothing_is_no_conflict_and_dates_are_asked_for_conflicts_alone() -> None:
    assert find_conflicts(QUESTION, [], dated) == ()

    def never(found: Passage) -> DocumentDate:
        raise AssertionError("asked without need")

    same = [passage(f"/hr/{n}.pdf", WORDS.format(20) + str(n)) for n in "ab"]
    assert find_conflicts(QUESTION, find_evidence(QUESTION, same, FakeEmbedder()), never) == ()


def test_it_embeds_nothing_and_takes_milliseconds() -> None:
    embedder = FakeEmbedder()
    long = [
        passage(f"/hr/{n}.pdf", WORDS.format(20 + n) + " Leave is a matter of planning for all." * 18) for n in range(6)
    ]
    evidence = find_evidence(QUESTION, long, embedder)
    embedded = len(embedder.texts_embedded)
    find_conflicts(QUESTION, evidence, dated)
    started = time.process_time()
    found = find_conflicts(QUESTION, evidence, dated)
    assert time.process_time() - started < 0.1  # 5 ms are the aim; a loaded machine is slow
    assert len(embedder.texts_embedded) == embedded
    assert found

"""The best quoted sentences, before any model."""

from __future__ import annotations

from dataclasses import replace

from studiolo.evidence import find_evidence
from studiolo_indexer.records import Passage
from studiolo_models.fakes import FakeEmbedder

BASE = Passage("a", "d", "c", b"/a", "/a", "", "section", None, 0, 0, "", "", 0.5, 0.5, ("vector",), "s", "t")


def passage(text: str, *, context: str = "", score: float = 0.5, name: str = "a") -> Passage:
    return replace(BASE, text=text, context=context, score=score, chunk_id=name, path=name.encode(), end=len(text))


def test_the_sentence_that_answers_is_quoted_letter_for_letter() -> None:
    text = "Leave is requested in writing. Unused leave of ten days may be carried over. The office is open."
    found = find_evidence("How many days of unused leave may be carried over?", [passage(text)], FakeEmbedder())
    assert found[0].quote() == "Unused leave of ten days may be carried over."
    assert text[found[0].best.start : found[0].best.end] == found[0].quote()


def test_a_heading_or_a_question_is_not_quoted_where_a_statement_stands() -> None:
    text = "Carrying leave over\nUnused leave may be carried over by everyone until March."
    assert find_evidence("carrying leave over", [passage(text)], FakeEmbedder())[0].quote().startswith("Unused leave")
    text = "How is leave carried over? It is moved to the next year by Human Resources."
    assert find_evidence("how is leave carried over", [passage(text)], FakeEmbedder())[0].quote().startswith("It is")


def test_the_year_in_a_title_decides_between_two_versions() -> None:
    old = passage("Unused leave of up to five days may be carried over.", context="Leave Policy 2024", name="a")
    new = passage("Unused leave of up to ten days may be carried over.", context="Leave Policy 2026", name="b")
    found = find_evidence("How many days of leave may be carried over in 2026?", [old, new], FakeEmbedder())
    assert "ten days" in found[0].quote()
    assert [e.number for e in found] == [1, 2]


def test_sentences_around_the_best_one_are_one_slice() -> None:
    text = "One thing. Unused leave is carried over. Another thing. A last thing."
    best = find_evidence("unused leave carried over", [passage(text)], FakeEmbedder())[0]
    assert best.around_best(1) == "One thing. Unused leave is carried over. Another thing."
    assert best.around_best(0) == best.quote()


def test_nothing_found_is_no_evidence_and_a_table_is_cut_to_a_quote() -> None:
    assert find_evidence("anything", [], FakeEmbedder()) == []
    rows = "\n".join(f"row number {n} of a long table without a full stop" for n in range(40))
    assert len(find_evidence("row number 7", [passage(rows)], FakeEmbedder())[0].quote()) <= 420

"""What each measure gives for one question: docs/evaluation.md."""

from __future__ import annotations

import pytest
from evaluated import a_question

from studiolo.evaluation.answer_texts import match_text
from studiolo.evaluation.gold import Gold, Place, resolve
from studiolo.evaluation.measures import MEASURES, AnswerFacts, answer_values, ranking_values, span_values
from studiolo.evaluation.question_sets import Source

ROOT = (b"/r",)


def on(name: str, page: int | None = None, start: int = 0, end: int = 10) -> Place:
    return Place(f"/r/{name}".encode(), page, start, end)


def gold(*sources: Source) -> Gold:
    return resolve(a_question(*sources), ROOT)


def facts(
    *, refused: bool = False, cited: tuple[Place, ...] = (), answer: str = "", expected: tuple[str, ...] = ()
) -> AnswerFacts:
    match = match_text(answer, expected) if expected else None
    return AnswerFacts(refused, cited, () if refused else (0.5, 1.0), match, 120.0, None)


def test_hits_count_passages_and_ndcg_counts_distinct_pages() -> None:
    places = [on("a.pdf", 1), on("a.pdf", 1), on("a.pdf", 2), on("b.pdf", 7)]
    values = ranking_values(gold(Source("a.pdf", 2), Source("b.pdf", 9)), places)
    assert [values[f"page.hit@{k}"] for k in (1, 3, 5)] == [0.0, 1.0, 1.0]
    assert values["page.mrr"] == pytest.approx(1 / 3)
    assert values["page.recall@5"] == 0.5
    # Second of the distinct pages, of two that are expected.
    assert values["page.ndcg@10"] == pytest.approx((1 / 1.5849625) / (1 + 1 / 1.5849625))
    assert (values["file.hit@1"], values["file.recall@5"], values["file.mrr"]) == (1.0, 1.0, 1.0)


def test_pages_are_measured_only_where_one_is_expected_and_nothing_without_a_source() -> None:
    assert not [key for key in ranking_values(gold(Source("a.pdf")), [on("a.pdf", 1)]) if key.startswith("page")]
    assert ranking_values(gold(), [on("a.pdf", 1)]) == {}
    nothing_found = ranking_values(gold(Source("a.pdf", 1)), [])
    assert set(nothing_found.values()) == {0.0}


def test_span_recall_counts_each_letter_once_and_precision_what_was_shown() -> None:
    wanted = gold(Source("a.md", None, 100, 120), Source("b.md", None, 0, 20))
    values = span_values(wanted, [on("a.md", None, 110, 130), on("a.md", None, 115, 150), on("c.md", None, 0, 60)])
    assert values["span.recall@5"] == pytest.approx(10 / 40)
    assert values["span.precision@5"] == pytest.approx(10 / 100)
    assert span_values(gold(Source("a.md")), [on("a.md")]) == {}
    assert span_values(wanted, [])["span.precision@5"] == 0.0


def test_citations_are_right_where_they_point_at_a_source() -> None:
    wanted = gold(Source("a.pdf", 1), Source("b.pdf", 2))
    values = answer_values(wanted, facts(cited=(on("a.pdf", 1), on("a.pdf", 5))), unanswerable=False)
    assert (values["citation.precision"], values["citation.recall"], values["support"]) == (0.5, 0.5, 0.75)


def test_a_refused_answer_cites_nothing_and_loses_its_words() -> None:
    values = answer_values(gold(Source("a.pdf", 1)), facts(refused=True, expected=("ten",)), unanswerable=False)
    assert "citation.precision" not in values
    assert (values["citation.recall"], values["f1"], values["exact"]) == (0.0, 0.0, 0.0)
    assert (values["refusal.precision"], values["refusal.false"]) == (0.0, 1.0)
    assert "refusal.recall" not in values


def test_refusing_what_nothing_says_is_right() -> None:
    refused = answer_values(gold(), facts(refused=True), unanswerable=True)
    assert (refused["refusal.precision"], refused["refusal.recall"]) == (1.0, 1.0)
    answered = answer_values(gold(), facts(expected=("ten",)), unanswerable=True)
    assert answered["refusal.recall"] == 0.0
    assert not {"f1", "exact", "refusal.precision", "citation.recall"} & set(answered)


def test_every_value_has_a_title() -> None:
    wanted = gold(Source("a.pdf", 1, 0, 5))
    given = ranking_values(wanted, [on("a.pdf", 1)]) | span_values(wanted, [on("a.pdf", 1)])
    given |= answer_values(wanted, facts(refused=True, expected=("x",)), unanswerable=False)
    given |= answer_values(wanted, facts(refused=True), unanswerable=True)
    assert set(given) <= set(MEASURES)

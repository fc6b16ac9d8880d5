"""Figures in words: every measure of the program has a name, and a value says what it is a value of."""

from __future__ import annotations

import math

import pytest
from evaluation_documents import RECORDS, a_record

from studiolo.evaluation.diagnosis import CAUSES as ENGINE_CAUSES
from studiolo.evaluation.measures import MEASURES
from studiolo_desktop.measure_words import (
    CAUSES,
    HEADLINES,
    bounds_words,
    cause_words,
    change_words,
    configuration_words,
    number_in,
    standing_words,
    title,
    value_words,
    verdict_words,
)


def test_every_measure_and_every_cause_of_the_engine_has_words_of_its_own() -> None:
    names = [title(key) for key in MEASURES]
    assert len(set(names)) == len(MEASURES)
    assert not set(names) & set(MEASURES)
    assert set(HEADLINES) <= set(MEASURES)
    assert set(CAUSES) == set(ENGINE_CAUSES)
    assert all(cause_words(cause)[0] != cause for cause in CAUSES)


def test_a_measure_of_another_mode_says_so_and_one_unknown_stands_as_it_is() -> None:
    assert title("vector:page.hit@5") == "Right page among the first 5 passages, by meaning alone"
    assert title("new\u202emeasure") == "new\ufffdmeasure"
    assert cause_words("new") == ("new", "")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("page.hit@5", 0.857, "86 %"),
        ("f1", 0.5421, "0.54"),
        ("text:page.mrr", 0.7, "0.70"),
        ("answer_ms", 1240.4, "1,240 ms"),
        ("answer_ms", 12_340.0, "12.3 s"),
        ("f1", math.nan, "unknown"),
    ],
)
def test_a_value_is_written_as_what_it_is(key: str, value: float, words: str) -> None:
    assert value_words(key, value) == words


def test_bounds_and_changes_carry_their_sign() -> None:
    assert bounds_words("page.hit@5", 0.72, 0.96) == "72 to 96 %"
    assert change_words("page.hit@5", -0.04, -0.1, 0.02) == "−4 (−10 to +2) points"
    assert change_words("f1", 0.04, -0.02, 0.1) == "+0.04 (−0.02 to +0.10)"
    assert change_words("answer_ms", -300.0, -400.0, -200.0) == "−300 (−400 to −200) ms"
    assert change_words("f1", math.inf, 0.0, math.nan) == "unknown (+0.00 to unknown)"
    assert [verdict_words(v) for v in ("better", "same", "unjudged")] == ["better", "the same", "not judged"]


def test_a_run_says_how_it_was_made_and_where_it_stands() -> None:
    assert configuration_words(RECORDS[0]) == "Answers by smollm2-135m, 6 passages each"
    assert standing_words(RECORDS[0]) == "24 of 30 questions right"
    about = RECORDS[0]["about"]
    adapted = a_record("2", "adapter:letters+mode:text", about=about | {"adapter": "letters", "adapter_scale": 0.5})
    assert configuration_words(adapted) == "Answers by smollm2-135m with letters × 0.5, mode:text, 6 passages each"
    quoted = a_record("3", about=about | {"answers_by": "quotes", "reranker": "judge", "k": 1})
    assert configuration_words(quoted) == "Quotes alone, reranked by judge, 1 passage each"


@pytest.mark.parametrize("untrusted", [{}, {"about": 3, "diagnosis": []}, {"about": {"k": "six"}, "name": None}])
def test_a_record_that_is_not_as_it_must_be_breaks_nothing(untrusted: dict[str, object]) -> None:
    assert standing_words(untrusted) == "Nothing could be judged"
    assert configuration_words(untrusted).startswith("Answers")


def test_a_number_is_none_where_it_is_a_word_or_a_truth() -> None:
    row = {"a": 1, "b": 0.5, "c": "1", "d": True}
    assert [number_in(row, key, -1.0) for key in "abcde"] == [1.0, 0.5, -1.0, -1.0, -1.0]

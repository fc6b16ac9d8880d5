"""The sides of a comparison: a small grammar, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studiolo.errors import AssistantError
from studiolo.evaluation.configurations import PARTS, Configuration, ablation, read_modes, read_sides
from studiolo_indexer.fusion import WEIGHTS

DEFAULT = Configuration(k=4, model="qwen", adapter="letters")


def side(text: str) -> Configuration:
    first, second = read_sides(f"{text},current", DEFAULT)
    assert isinstance(first, Configuration)
    assert second == DEFAULT
    return first


def test_terms_change_what_the_other_options_say() -> None:
    assert (side("base").adapter, side("base").model) == ("", "qwen")
    assert side("adapter:memos").adapter == "memos"
    assert (side("adapter").adapter, side("adapter").needs_adapter) == (None, True)
    assert side("model:big").model == "big"
    assert side("no-model").answers_by == "quotes"
    assert side("retrieval-only").answers_by == "nobody"
    assert [side(s).reranker for s in ("reranker", "no-reranker+k:8", "base")] == [True, False, None]


def test_terms_are_joined_and_the_side_is_called_by_them() -> None:
    joined = side("no-model + mode:text + k:8")
    assert (joined.answers_by, joined.modes, joined.k) == ("quotes", ("text",), 8)
    assert joined.name == "no-model + mode:text + k:8"


def test_parts_are_taken_out_one_by_one_or_together() -> None:
    assert side("without:names").weights == replace(WEIGHTS, name=0.0)
    both = side("without:vectors+without:neighbours")
    assert (both.weights.vector, both.weights.beside, both.weights.name) == (0.0, 0.0, WEIGHTS.name)
    assert side("without:text").weights.vector == 1.0


def test_an_ablation_is_the_full_ranking_and_one_without_each_part_and_makes_no_answers() -> None:
    full, *others = ablation(DEFAULT)
    assert (full.name, full.weights) == ("full", WEIGHTS)
    assert [other.name for other in others] == [f"without {part}" for part in PARTS]
    assert all(other.weights != WEIGHTS for other in others)
    assert {(c.k, c.modes, c.answers_by) for c in (full, *others)} == {(4, ("hybrid",), "nobody")}


def test_a_name_that_ends_with_json_is_a_saved_run() -> None:
    assert read_sides("runs/before.json, base", DEFAULT)[0] == Path("runs/before.json")


@pytest.mark.parametrize(
    "text",
    [
        "base",
        "",
        "base,",
        "base,nonsense",
        "base,adapter:",
        "base,model:",
        "base,k:0",
        "base,k:x",
        "base,k:²",
        "base,without:luck",
    ],
)
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(AssistantError) as raised:
        read_sides(text, DEFAULT)
    assert raised.value.code == "evaluation.bad_side"


def test_modes_keep_their_order_and_unknown_ones_are_refused() -> None:
    assert read_modes("text, hybrid,text") == ("text", "hybrid")
    for wrong in ("", "fuzzy", "hybrid,"):
        with pytest.raises(AssistantError) as raised:
            read_modes(wrong)
        assert raised.value.code == "question.bad_mode"

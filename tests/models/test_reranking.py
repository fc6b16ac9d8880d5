"""A compiled cross-encoder judges pairs in their order, stops when told to, and refuses what is not whole."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from reranker_folders import reranker_file, write_compiled_reranker

from studiolo_models.errors import ModelDamaged, ModelError, ModelFileGone, ModelLoadFailed
from studiolo_models.reranking import CompiledReranker, RerankerCard, disagreement, load_reranker

QUERY = "leave days"
TEXTS = ["a notice period", "ten days of leave", "leave", "", "days \udce9 leave \0", "six weeks", "31 march"]
SHARED = [0, 2, 1, 0, 2, 0, 0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_compiled_reranker(tmp_path / "reranker")


def load(folder: Path, *, precision: str | None = "f32") -> CompiledReranker:
    return CompiledReranker(reranker_file(folder), cache_folder=folder.parent / "cache", precision=precision)


def test_each_pair_has_its_score_in_the_order_given(folder: Path) -> None:
    reranker = load(folder)
    assert reranker.name == "tiny"
    assert reranker.score(QUERY, TEXTS, go_on=lambda: True).tolist() == SHARED
    assert reranker.score(QUERY, [], go_on=lambda: True).tolist() == []


def test_a_score_does_not_depend_on_what_stands_beside_it_in_a_batch(folder: Path) -> None:
    reranker = load(folder)
    alone = [reranker.score(QUERY, [text], go_on=lambda: True)[0] for text in TEXTS]
    assert alone == SHARED


def test_it_stops_between_two_batches_when_it_is_told_to(folder: Path) -> None:
    asked: list[bool] = []

    def once() -> bool:
        asked.append(True)
        return len(asked) < 2

    scores = load(folder).score(QUERY, TEXTS * 3, go_on=once)
    assert (scores.tolist(), len(asked)) == ((SHARED * 3)[:8], 2)
    assert len(load(folder).score(QUERY, TEXTS, go_on=lambda: False)) == 4


def test_what_is_too_long_is_cut_and_the_query_stays(folder: Path) -> None:
    assert load(folder).score(QUERY, ["days " * 500 + "leave"], go_on=lambda: True).tolist() == [1]


def test_the_precision_is_chosen_once(folder: Path) -> None:
    chosen = load(folder, precision=None).precision
    note = next((folder.parent / "cache").glob("reranker-*/precision.json"))
    known = json.loads(note.read_bytes())
    assert known["precision"] == chosen
    note.write_text(json.dumps({**known, "precision": "f32"}))
    assert load(folder, precision=None).precision == "f32"


@pytest.mark.parametrize("part", ["model.xml", "model.bin", "tokenizer.json", "reranker.json"])
def test_a_part_that_is_missing_or_noise_is_named(folder: Path, part: str) -> None:
    (folder / part).write_bytes(b"\xff" * 10)
    with pytest.raises(ModelError):
        load(folder)
    (folder / part).unlink()
    with pytest.raises(ModelFileGone, match=part):
        load_reranker(reranker_file(folder), cache_folder=folder.parent / "cache")


@pytest.mark.parametrize(
    "card",
    [{"identity": "../x"}, {"max_tokens": 4}, {"max_tokens": 4096}, {"inputs": ["pixels"]}, {"inputs": ["input_ids"]}],
)
def test_a_card_of_another_model_is_refused(tmp_path: Path, card: dict[str, object]) -> None:
    with pytest.raises(ModelDamaged):
        load(write_compiled_reranker(tmp_path / "reranker", card=card))


def test_a_model_with_two_scores_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelDamaged, match="another model"):
        load(write_compiled_reranker(tmp_path / "reranker", outputs=2))


def test_scores_that_are_no_numbers_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelLoadFailed, match="no numbers"):
        load(write_compiled_reranker(tmp_path / "reranker", factor=float("nan"))).score(
            QUERY, TEXTS, go_on=lambda: True
        )


def test_the_card_is_what_the_folder_says(folder: Path) -> None:
    card = RerankerCard.read(folder)
    assert (card.max_tokens, card.inputs, card.pad_id) == (64, ("input_ids", "token_type_ids"), 1)


def test_disagreement_is_a_share_of_the_range_and_infinite_without_one() -> None:
    exact = np.array([0, 5, 10], dtype=np.float32)
    assert disagreement(exact, np.array([0, 5.5, 10], dtype=np.float32)) == pytest.approx(0.05)
    assert disagreement(np.ones(3, dtype=np.float32), np.ones(3, dtype=np.float32)) == float("inf")

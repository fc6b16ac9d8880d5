"""What a model needs is its weights, its context and some room to work, and is compared with what there is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from gguf_files import model_file, small_model

from studiolo.model_facts import Memory, ModelFacts, folder_size, memory_now, memory_record
from studiolo_models.hardware import WORKING_BYTES

GB = 1_000_000_000
PLENTY = Memory(available=8 * GB, total=16 * GB)
DETAILS = {"context_length": "8192", "cache_bytes_per_token": "1000"}
LAYERS = {
    "llama__block_count": 2, "llama__embedding_length": 64, "llama__attention__head_count": 4,
    "llama__attention__head_count_kv": 2, "general__file_type": 15,
}  # fmt: skip


def test_a_chat_model_needs_its_weights_its_context_and_some_room() -> None:
    told = memory_record("chat", 2 * GB, DETAILS, 4096, PLENTY)
    assert (told["weights_bytes"], told["cache_bytes"], told["working_bytes"]) == (2 * GB, 4_096_000, WORKING_BYTES)
    assert told["needed_bytes"] == 2 * GB + 4_096_000 + WORKING_BYTES
    assert (told["context_tokens"], told["fits"]) == (4096, "now")
    assert (told["available_bytes"], told["total_bytes"]) == (8 * GB, 16 * GB)


def test_a_context_is_never_longer_than_the_model_was_trained_for() -> None:
    assert memory_record("chat", GB, DETAILS, 32_000, PLENTY)["context_tokens"] == 8192
    assert memory_record("chat", GB, {"context_length": "no"}, 2048, PLENTY)["context_tokens"] == 2048


def test_an_embedder_has_no_context() -> None:
    told = memory_record("embedder", GB, {}, 2048, PLENTY)
    assert (told["context_tokens"], told["cache_bytes"]) == (0, 0)


@pytest.mark.parametrize(("weights", "fits"), [(GB, "now"), (10 * GB, "after_closing"), (40 * GB, "never")])
def test_what_stands_in_the_way_is_told_apart(weights: int, fits: str) -> None:
    assert memory_record("chat", weights, DETAILS, 2048, PLENTY)["fits"] == fits


def test_a_record_that_says_less_than_its_file_is_filled_from_the_file_once(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(small_model(**LAYERS))
    facts, model = ModelFacts(), model_file(path)
    told = facts.record(model, context_tokens=256, memory=PLENTY)
    assert told["details"]["quantization"] == "Q4_K_M"
    assert told["memory"]["cache_bytes"] == 256 * 2 * 2 * 2 * 32
    path.unlink()
    assert facts.record(model, context_tokens=256, memory=PLENTY) == told


def test_a_file_that_is_gone_is_listed_with_what_its_record_knows(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(small_model())
    model = replace(model_file(path), details=(("title", "Tiny"),))
    path.unlink()
    told = ModelFacts().record(model, context_tokens=256, memory=PLENTY)
    assert told["details"] == {"title": "Tiny"}
    assert told["memory"]["cache_bytes"] == 0


def test_an_adapter_has_no_memory_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(small_model())
    told = ModelFacts().record(model_file(path, role="adapter"), context_tokens=256, memory=PLENTY)
    assert told["memory"] is None


def test_this_machine_has_memory_and_a_folder_its_files(tmp_path: Path) -> None:
    assert 0 < memory_now().available <= memory_now().total * 1.01
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(bytes(30))
    assert folder_size(tmp_path) == 30

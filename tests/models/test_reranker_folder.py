"""A CrossEncoder folder is checked before a library loads it: it may come from anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from embedder_folders import write_folder, write_json
from reranker_folders import TRANSFORMER, write_reranker

from studiolo_models.errors import ModelDamaged, ModelError, ModelFileGone, ModelUnsupported
from studiolo_models.reranker_folder import check_reranker, is_reranker


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_reranker(tmp_path / "tiny")


def configure(source: Path, **changed: object) -> None:
    config = json.loads((source / "config.json").read_bytes())
    write_json(source / "config.json", {**config, **changed})


def test_a_sound_folder_passes_and_an_embedder_is_none(source: Path, tmp_path: Path) -> None:
    check_reranker(source)
    assert is_reranker(source)
    assert not is_reranker(write_folder(tmp_path / "embedder"))
    assert not is_reranker(tmp_path / "nothing")


def test_the_one_module_that_newer_versions_write_is_taken_and_more_are_not(source: Path) -> None:
    write_json(source / "modules.json", [TRANSFORMER])
    check_reranker(source)
    dense = {"idx": 1, "name": "1", "path": "1_Dense", "type": "sentence_transformers.models.Dense"}
    for modules in ([TRANSFORMER, dense], [{**TRANSFORMER, "path": "inner"}], [{**TRANSFORMER, "type": "own.Code"}]):
        write_json(source / "modules.json", modules)
        with pytest.raises(ModelUnsupported):
            check_reranker(source)


def pickled(source: Path) -> None:
    (source / "model.safetensors").rename(source / "pytorch_model.bin")


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        (pickled, ModelUnsupported, "pickled"),
        (lambda s: configure(s, architectures=["BertForMaskedLM"]), ModelUnsupported, "architecture"),
        (lambda s: configure(s, architectures=None), ModelUnsupported, "architecture"),
        (lambda s: configure(s, id2label={"0": "no", "1": "yes"}), ModelUnsupported, "2 scores"),
        (lambda s: configure(s, id2label=None), ModelUnsupported, "2 scores"),
        (lambda s: configure(s, model_type=None), ModelDamaged, "type"),
        (lambda s: (s / "tokenizer.json").unlink(), ModelDamaged, "tokenizer.json"),
        (lambda s: (s / "model.safetensors").unlink(), ModelDamaged, "model.safetensors"),
        (lambda s: write_json(s / "adapter_config.json", {}), ModelUnsupported, "adapter"),
        (lambda s: (s / "config.json").write_text("[]"), ModelUnsupported, "architecture"),
    ],
)
def test_what_cannot_serve_is_refused_with_the_reason(
    source: Path, spoil: Callable[[Path], object], error: type[ModelError], words: str
) -> None:
    spoil(source)
    with pytest.raises(error, match=words):
        check_reranker(source)


def test_a_folder_that_is_not_there_is_gone(tmp_path: Path) -> None:
    with pytest.raises(ModelFileGone):
        check_reranker(tmp_path / "none")

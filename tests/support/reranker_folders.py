"""Small CrossEncoder folders, written file by file: no torch, no network, a few kilobytes each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from embedder_folders import (
    SPECIAL,
    WIDTH,
    bert_weights,
    config_of,
    embedder_file,
    linear,
    save_tokenizer,
    write_json,
    write_tokenizer,
)
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers

from studiolo_models.openvino_runtime import import_openvino
from studiolo_models.protocols import ModelFile

PIECES = 2000


TRANSFORMER = {
    "idx": 0,
    "name": "0",
    "path": "",
    "type": "sentence_transformers.base.modules.transformer.Transformer",
}


def write_reranker(
    folder: Path, *, labels: int = 1, model_type: str = "bert", named: bool = False, prompt: str = "", seed: int = 0
) -> Path:
    """Write a folder of random weights as `CrossEncoder.save_pretrained` does; `named`: as since version 6."""
    random = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    write_tokenizer(folder)
    weights = {f"{model_type}.{name}": array for name, array in bert_weights(random).items()}
    if model_type == "bert":
        weights |= linear(random, "bert.pooler.dense", WIDTH, WIDTH)
        weights |= linear(random, "classifier", labels, WIDTH)
    else:
        weights |= linear(random, "classifier.dense", WIDTH, WIDTH)
        weights |= linear(random, "classifier.out_proj", labels, WIDTH)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    write_json(
        folder / "config.json",
        {
            **config_of(model_type),
            "architectures": [f"{model_type.capitalize()}ForSequenceClassification"],
            "id2label": {str(n): f"LABEL_{n}" for n in range(labels)},
            "label2id": {f"LABEL_{n}": n for n in range(labels)},
            "sentence_transformers": {"activation_fn": "torch.nn.modules.linear.Identity", "version": "5.0.0"},
        },
    )
    if named:
        prompts = {"prompts": {"say": prompt} if prompt else {}, "default_prompt_name": "say" if prompt else None}
        write_json(folder / "modules.json", [TRANSFORMER])
        write_json(folder / "sentence_bert_config.json", {"transformer_task": "sequence-classification"})
        write_json(folder / "config_sentence_transformers.json", {"model_type": "CrossEncoder", **prompts})
    return folder


def write_compiled_reranker(
    folder: Path, *, factor: float = 1.0, card: Mapping[str, object] | None = None, outputs: int = 1
) -> Path:
    """Write a compiled reranker by hand, without torch: a pair's score is how many words of the query the text has.

    `factor` multiplies it: with -1 the fewest words win. Words are told apart by a hash of their letters.
    """
    openvino = import_openvino()
    ops = openvino.opset13
    ids, kinds = (ops.parameter([-1, -1], np.int64, name) for name in ("input_ids", "token_type_ids"))
    first, second = ops.constant(np.int64(1)), ops.constant(np.int64(2))
    is_word = ops.greater_equal(ids, ops.constant(np.int64(len(SPECIAL))))
    asked = ops.logical_and(is_word, ops.equal(kinds, ops.constant(np.int64(0))))
    said = ops.logical_and(is_word, ops.equal(kinds, first))
    same = ops.equal(ops.unsqueeze(ids, second), ops.unsqueeze(ids, first))
    both = ops.logical_and(ops.unsqueeze(asked, second), ops.unsqueeze(said, first))
    found = ops.reduce_max(ops.convert(ops.logical_and(same, both), np.float32), second, False)
    score = ops.multiply(ops.reduce_sum(found, first, True), ops.constant(np.full((1, outputs), factor, np.float32)))
    folder.mkdir(parents=True)
    openvino.save_model(openvino.Model([score], [ids, kinds]), str(folder / "model.xml"), compress_to_fp16=False)
    write_word_tokenizer(folder)
    body = {"identity": "5c0ffee5" * 4, "max_tokens": 64, "inputs": ["input_ids", "token_type_ids"], "pad_id": 1}
    write_json(folder / "reranker.json", {**body, **(card or {})})
    return folder


def write_word_tokenizer(folder: Path) -> None:
    """Write a tokenizer of whole words: those of the tests' documents and questions."""
    words = (Path(__file__).with_name("library.py").read_text(encoding="utf-8") + " how many days five").casefold()
    known = dict.fromkeys(word for word in "".join(c if c.isalnum() else " " for c in words).split())
    vocabulary = {piece: n for n, piece in enumerate([*SPECIAL, *list(known)[:PIECES]])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=SPECIAL[3]))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    save_tokenizer(tokenizer, folder)


def reranker_file(folder: Path, name: str = "tiny") -> ModelFile:
    """Describe a compiled folder as the registry would."""
    made = embedder_file(folder)
    return ModelFile(name, "reranker", folder, made.sha256, made.size_bytes, "mit", "test", made.added_at)

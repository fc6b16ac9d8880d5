"""What is told of a model file beside its record: context, quantization, and the memory that it needs and there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from studiolo.desk import Json
from studiolo.results import model_record
from studiolo_models.errors import ModelError
from studiolo_models.gguf import read_header
from studiolo_models.hardware import WORKING_BYTES, available_bytes, fits, memory_bytes
from studiolo_models.protocols import ModelFile
from studiolo_models.registry import gguf_details


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory in bytes: what can be taken now without swapping, and what the machine (or the container) has."""

    available: int
    total: int


def memory_now() -> Memory:
    """Measure the memory of this machine."""
    return Memory(available_bytes(), memory_bytes())


class ModelFacts:
    """Tells the facts of models; reads a file whose record holds none of them once. Owned by one thread."""

    def __init__(self) -> None:
        self._read: dict[str, dict[str, str]] = {}

    def record(self, model: ModelFile, *, context_tokens: int, memory: Memory) -> Json:
        """Give a model's record with its `memory`: see `memory_record`; None for an adapter, which its base carries."""
        details = self._details(model)
        told = model_record(model) | {"details": details, "memory": None}
        if model.role != "adapter":
            told["memory"] = memory_record(model.role, model.size_bytes, details, context_tokens, memory)
        return told

    def _details(self, model: ModelFile) -> dict[str, str]:
        """Give what is known of the file; a record that an earlier version wrote says less than its file."""
        details = dict(model.details)
        if model.path.suffix != ".gguf" or "cache_bytes_per_token" in details:
            return details
        if model.sha256 not in self._read:
            try:
                self._read[model.sha256] = dict(gguf_details(read_header(model.path)))
            except ModelError:  # gone or damaged: the checks say so
                return details
        return details | self._read[model.sha256]


def memory_record(role: str, size_bytes: int, details: Mapping[str, str], context_tokens: int, memory: Memory) -> Json:
    """Say what a model needs and whether that is there.

    Args:
        role: A chat model has a context, the others have none.
        size_bytes: Of its weights.
        details: Of its record: `context_length` and `cache_bytes_per_token` count.
        context_tokens: What the settings want.
        memory: What there is.

    Returns:
        {"weights_bytes", "cache_bytes", "working_bytes", "needed_bytes", "context_tokens", "available_bytes",
        "total_bytes", "fits"}: `fits` is "now", "after_closing" where only other programs are in the way, or "never".
    """
    context = 0
    if role == "chat":
        context = min(context_tokens, _number(details, "context_length") or context_tokens)
    per_token = _number(details, "cache_bytes_per_token")
    now = fits(model_bytes=size_bytes, context_tokens=context, bytes_per_token=per_token, available=memory.available)
    later = now.needed_bytes <= memory.total
    return {
        "weights_bytes": size_bytes,
        "cache_bytes": context * per_token,
        "working_bytes": WORKING_BYTES,
        "needed_bytes": now.needed_bytes,
        "context_tokens": context,
        "available_bytes": memory.available,
        "total_bytes": memory.total,
        "fits": "now" if now.fits else "after_closing" if later else "never",
    }


def folder_size(folder: Path) -> int:
    """Add up the files of a folder, in bytes."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def _number(details: Mapping[str, str], name: str) -> int:
    text = details.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0

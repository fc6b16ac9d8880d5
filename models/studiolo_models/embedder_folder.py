"""Checks a sentence-transformers folder before any library loads it: no pickle, no code, known modules alone.

Pure Python and bounded: a folder that a person drops in may be anything.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from studiolo_models.errors import ModelDamaged, ModelFileGone, ModelUnsupported

MODULES = "modules.json"
_CONFIG = "config_sentence_transformers.json"
_WEIGHTS = "model.safetensors"
_WEIGHTS_INDEX = "model.safetensors.index.json"
_PICKLES = ("pytorch_model.bin", "pytorch_model.bin.index.json")
_KNOWN = frozenset(("Transformer", "Pooling", "Dense", "LayerNorm", "Normalize"))
_WITH_WEIGHTS = frozenset(("Transformer", "Dense", "LayerNorm"))
_LARGEST_JSON_BYTES = 16 << 20
_MOST_MODULES = 16


@dataclass(frozen=True, slots=True)
class FolderModule:
    """One step from text to vector: its kind ("Transformer", "Pooling", …) and the folder of its files."""

    kind: str
    folder: Path


def check_source(source: Path) -> tuple[FolderModule, ...]:
    """Read which modules a folder holds, in order, and refuse what would run code or cannot be compiled.

    Raises:
        ModelFileGone: If the folder is not there.
        ModelDamaged: If it is no sentence-transformers folder, or a file of it is missing or broken.
        ModelUnsupported: If it holds pickled weights alone (S4), an adapter, or modules that are not the library's.
    """
    if not source.is_dir():
        raise ModelFileGone(str(source))
    if not (source / MODULES).is_file():
        raise ModelDamaged(f"{source.name} is no sentence-transformers folder: it has no {MODULES}")
    modules = read_modules(source)
    if [m.kind for m in modules[:2]] != ["Transformer", "Pooling"]:
        raise ModelUnsupported(f"{source.name}: only a Transformer followed by Pooling can be compiled")
    for module in modules:
        if module.kind in _WITH_WEIGHTS:
            check_weights(source, module.folder)
    check_transformer(source, modules[0].folder)
    return modules


def read_prompts(source: Path) -> tuple[str, str]:
    """Read what a folder puts before a query and before a document (R22); empty where it names nothing.

    The library itself adds an empty "query" and "document" to every model, so that a folder's "passage" or default
    prompt would never be used by its `encode_document`; here the folder's own words count, also where they are empty.

    Raises:
        ModelDamaged: If they are not what they must be.
    """
    if not (source / _CONFIG).is_file():
        return "", ""
    body = read_json(source / _CONFIG)
    prompts = body.get("prompts") or {} if isinstance(body, dict) else None
    if not isinstance(prompts, dict) or not all(isinstance(words, str | None) for words in prompts.values()):
        raise ModelDamaged(f"{source.name}: {_CONFIG} holds no prompts that can be read")
    default = prompts.get(str(body.get("default_prompt_name")))
    query = prompts.get("query", default)
    document = next((prompts[name] for name in ("document", "passage", "corpus") if name in prompts), default)
    return query or "", document or ""


def read_modules(source: Path) -> tuple[FolderModule, ...]:
    """Read which modules `modules.json` names, in order.

    Raises:
        ModelDamaged, ModelUnsupported: If it is not what it must be, or names modules that are not the library's.
    """
    return tuple(_module(source, entry) for entry in _entries(source))


def _entries(source: Path) -> list[Any]:  # Any: JSON of the user's folder
    entries = read_json(source / MODULES)
    if not isinstance(entries, list) or not 1 <= len(entries) <= _MOST_MODULES:
        raise ModelDamaged(f"{source.name}: {MODULES} is not a list of modules")
    return entries


def _module(source: Path, entry: Any) -> FolderModule:  # Any: as above
    untrusted_type = entry.get("type") if isinstance(entry, dict) else None
    untrusted_path = entry.get("path") if isinstance(entry, dict) else None
    if not isinstance(untrusted_type, str) or not isinstance(untrusted_path, str):
        raise ModelDamaged(f"{source.name}: {MODULES} names no type or no path")
    package, _, kind = untrusted_type.rpartition(".")
    # The type is an import path: only the library's own modules are ever imported.
    if package.partition(".")[0] != "sentence_transformers" or kind not in _KNOWN:
        raise ModelUnsupported(f"{source.name}: modules of the type {untrusted_type[:80]} cannot be compiled")
    if _leaves_folder(untrusted_path):
        raise ModelDamaged(f"{source.name}: {MODULES} points outside the folder")
    return FolderModule(kind, source / untrusted_path)


def _leaves_folder(untrusted_path: str) -> bool:
    posix, windows = PurePosixPath(untrusted_path), PureWindowsPath(untrusted_path)
    odd = "\0" in untrusted_path or len(untrusted_path) > 255
    return odd or posix.is_absolute() or bool(windows.anchor) or ".." in (*posix.parts, *windows.parts)


def check_weights(source: Path, folder: Path) -> None:
    """See that a module's weights are there, as safetensors.

    Raises:
        ModelDamaged: If they, or a part of them, are missing.
        ModelUnsupported: If they are pickled (S4).
    """
    if (folder / _WEIGHTS).is_file():
        return
    if (folder / _WEIGHTS_INDEX).is_file():
        index = read_json(folder / _WEIGHTS_INDEX)
        shards = index.get("weight_map") if isinstance(index, dict) else None
        names = set(map(str, shards.values())) if isinstance(shards, dict) else set()
        there = (not _leaves_folder(n) and n.endswith(".safetensors") and (folder / n).is_file() for n in names)
        if not names or not all(there):
            raise ModelDamaged(f"{source.name}: a part of the weights is missing")
        return
    if any((folder / name).exists() for name in _PICKLES):
        raise ModelUnsupported(f"{source.name} holds pickled weights, which are never loaded; save it as safetensors")
    raise ModelDamaged(f"{source.name}: {_WEIGHTS} is missing")


def check_transformer(source: Path, folder: Path) -> None:
    """See that a folder holds the configuration of a whole model.

    Raises:
        ModelDamaged: If `config.json` cannot be read, or names no type.
        ModelUnsupported: If it is an adapter of another model.
    """
    config = read_json(folder / "config.json")
    if not isinstance(config, dict) or not isinstance(config.get("model_type"), str):
        raise ModelDamaged(f"{source.name}: config.json names no model type")
    if (folder / "adapter_config.json").exists():
        raise ModelUnsupported(f"{source.name} is an adapter of another model; merge it first")


def read_json(path: Path) -> Any:  # Any: JSON of the user's folder
    """Read a JSON file of bounded size.

    Raises:
        ModelDamaged: If it is missing, too large, or no JSON.
    """
    try:
        if path.stat().st_size > _LARGEST_JSON_BYTES:
            raise ModelDamaged(f"{path.name} is too large")
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise ModelDamaged(f"{path.name} of {path.parent.name} cannot be read") from error

"""Checks a CrossEncoder folder of sentence-transformers before any library loads it: no pickle, no code, one score."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studiolo_models.embedder_folder import MODULES, check_transformer, check_weights, read_json, read_modules
from studiolo_models.errors import ModelDamaged, ModelFileGone, ModelUnsupported

_CONFIG = "config.json"
_TOKENIZER = "tokenizer.json"
_CLASSIFIER = "ForSequenceClassification"


def is_reranker(source: Path) -> bool:
    """Tell whether a folder holds a model that judges pairs of texts; False for what cannot be read."""
    try:
        return any(name.endswith(_CLASSIFIER) for name in _architectures(source))
    except ModelDamaged:
        return False


def check_reranker(source: Path) -> None:
    """Refuse what would run code, cannot be compiled, or gives other than one score for a pair.

    Raises:
        ModelFileGone: If the folder is not there.
        ModelDamaged: If a file of it is missing or broken.
        ModelUnsupported: If it holds pickled weights alone (S4), another architecture, an adapter, more modules than a
            transformer, or more labels than one.
    """
    if not source.is_dir():
        raise ModelFileGone(str(source))
    if not is_reranker(source):
        raise ModelUnsupported(f"{source.name}: its architecture is no {_CLASSIFIER.removeprefix('For')}")
    if (labels := _labels(source)) != 1:
        raise ModelUnsupported(f"{source.name} gives {labels} scores for a pair; a reranker gives one")
    # Newer versions of the library name the modules of these folders too.
    modules = read_modules(source) if (source / MODULES).is_file() else ()
    if [m.kind for m in modules] not in ([], ["Transformer"]) or any(m.folder != source for m in modules):
        raise ModelUnsupported(f"{source.name}: only a single Transformer can be compiled")
    check_weights(source, source)
    check_transformer(source, source)
    if not (source / _TOKENIZER).is_file():
        raise ModelDamaged(f"{source.name}: {_TOKENIZER} is missing")


def _config(source: Path) -> dict[str, Any]:  # Any: JSON of the user's folder
    config = read_json(source / _CONFIG)
    if not isinstance(config, dict):
        raise ModelDamaged(f"{source.name}: {_CONFIG} is not what it must be")
    return config


def _architectures(source: Path) -> list[str]:
    names = _config(source).get("architectures")
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _labels(source: Path) -> int:
    """Count the labels as transformers does: it writes `id2label`, and where it does not there are two."""
    config = _config(source)
    if isinstance(labels := config.get("id2label"), dict):
        return len(labels)
    number = config.get("num_labels", 2)
    return number if isinstance(number, int) else 2

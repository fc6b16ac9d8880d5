"""What is known of a model file by its SHA-256 alone (catalog.toml): its licence, where it comes from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import get_args

from studiolo_models.protocols import Role


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One entry of the catalogue. `sha256` is empty where the file is made on the user's machine."""

    name: str
    role: Role
    licence: str
    source: str
    context_tokens: int
    sha256: str = ""


def known_models() -> list[KnownModel]:
    """Read the catalogue, in the order of the file.

    Raises:
        ValueError: If an entry names no role that there is; a defect of ours, which a test finds.
    """
    text = resources.files("studiolo_models").joinpath("catalog.toml").read_text(encoding="utf-8")
    models = [KnownModel(**entry) for entry in tomllib.loads(text)["model"]]
    for model in models:
        if model.role not in get_args(Role):
            raise ValueError(f"{model.name}: {model.role}")
    return models


def find_known(sha256: str) -> KnownModel | None:
    """Find the entry of a file, or None."""
    return next((m for m in known_models() if m.sha256 == sha256), None)

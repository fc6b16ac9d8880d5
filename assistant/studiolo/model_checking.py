"""Says what a model file or folder is before it is taken in: checked, measured, and nothing changed."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from studiolo.desk import Json
from studiolo.model_facts import folder_size, memory_now, memory_record
from studiolo.workspace import Workspace, as_path
from studiolo_models.embedder_folder import check_source
from studiolo_models.errors import ModelFileGone, ModelUnsupported
from studiolo_models.gguf import read_header, why_not_chat
from studiolo_models.protocols import Role
from studiolo_models.registry import clean_name, gguf_details
from studiolo_models.reranker_folder import check_reranker, is_reranker

_CARD = "README.md"
_CARD_BYTES = 16 << 10
_LICENCE = re.compile(r"^licen[sc]e:[ \t]*['\"]?([\w.+-]{1,60})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Found:
    role: Role
    size_bytes: int
    licence: str
    details: dict[str, str]


def check_model(workspace: Workspace, path_text: str) -> Json:
    """Look at a GGUF file or a folder of sentence-transformers as `add_model` would.

    Returns:
        {"path", "name", "role", "size_bytes", "licence", "details", "memory", "taken", "free_bytes"}: `memory` as
        `model_facts.memory_record` gives it, `taken` is true where a model of that name is there already, `free_bytes`
        is what the disk of the data folder has room for.

    Raises:
        AssistantError: `path.bad`.
        ModelError: If it is missing, damaged or of no use here; llama.cpp has not seen it (S2).
    """
    path = as_path(path_text)
    if not path.exists():
        raise ModelFileGone(str(path))
    found = _folder(path) if path.is_dir() else _file(path)
    name = clean_name(path.stem if path.is_file() else path.name)
    context, memory = workspace.settings.context_tokens, memory_now()
    return {
        "path": path_text,
        "name": name,
        "role": found.role,
        "size_bytes": found.size_bytes,
        "licence": found.licence or "unknown",
        "details": found.details,
        "memory": None
        if found.role == "adapter"
        else memory_record(found.role, found.size_bytes, found.details, context, memory),
        "taken": name in [m.name for m in workspace.registry.list_models()],
        "free_bytes": shutil.disk_usage(workspace.paths.home).free,
    }


def licence_of_folder(folder: Path) -> str:
    """Give the licence that a folder's model card names at its beginning, or nothing."""
    try:
        with (folder / _CARD).open("rb") as stream:
            card = stream.read(_CARD_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
    head = card.split("\n---", 1)[0] if card.startswith("---") else ""
    found = _LICENCE.search(head)
    return found[1] if found else ""


def _file(path: Path) -> _Found:
    header = read_header(path)
    if not header.is_adapter and (reason := why_not_chat(header)):
        raise ModelUnsupported(f"{path.name}: {reason}")
    role: Role = "adapter" if header.is_adapter else "chat"
    return _Found(role, path.stat().st_size, header.licence, dict(gguf_details(header)))


def _folder(path: Path) -> _Found:
    role: Role = "reranker" if is_reranker(path) else "embedder"
    if role == "reranker":
        check_reranker(path)
    else:
        check_source(path)
    return _Found(role, folder_size(path), licence_of_folder(path), {})

"""Adds a model file or folder to the registry; a folder is compiled first, in a worker process."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

from studiolo.desk import Json
from studiolo.model_checking import licence_of_folder
from studiolo.results import model_record
from studiolo.workspace import Workspace, as_path, guarded_command
from studiolo_models.embedding import compile_embedder
from studiolo_models.errors import ModelFileGone
from studiolo_models.reranker_folder import is_reranker
from studiolo_models.reranking import compile_reranker


def add_model(workspace: Workspace, path: Path, *, name: str | None, licence: str, source: str) -> Json:
    """Add a GGUF file, or a folder of sentence-transformers (an embedder or a CrossEncoder); gives the model's record.

    Without `licence` and `source`, those of the list of known models or of the file itself are kept.

    Raises:
        AssistantError: `path.bad`.
        ModelError: If the file is missing, damaged or of no use, or the worker fails.
    """
    path = as_path(str(path))
    if not path.exists():
        raise ModelFileGone(str(path))
    if path.is_file():
        return model_record(workspace.registry.add_gguf(path, name=name, licence=licence, source=source))
    with tempfile.TemporaryDirectory(dir=workspace.paths.temp) as folder:
        compiled = Path(folder) / "compiled"
        command = guarded_command("studiolo_models.worker")
        role: Literal["embedder", "reranker"] = "reranker" if is_reranker(path) else "embedder"
        if role == "reranker":
            compile_reranker(path, compiled, worker_command=command)
        else:
            compile_embedder(path, compiled, worker_command=command)
        added = workspace.registry.add_compiled(
            compiled,
            role=role,
            name=name or path.name,
            licence=licence or licence_of_folder(path),
            source=source or path.name,
        )
    return model_record(added)

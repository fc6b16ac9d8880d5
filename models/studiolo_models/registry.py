"""Which model files are there, by SHA-256, with their licence and role; one owner thread, safe to read from others.

One folder a model: `NAME/model.json` (the record) beside `NAME/model.gguf` or `NAME/embedder/`. A bundled folder has
the same layout and is never written. The chosen model of each role stands in `in_use.json`.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from studiolo_models.errors import (
    ModelChanged,
    ModelFileGone,
    ModelMissing,
    ModelStoreUnwritable,
    ModelUnsupported,
)
from studiolo_models.gguf import GgufHeader, read_header
from studiolo_models.protocols import ModelFile, Role

log = logging.getLogger(__name__)

RECORD = "model.json"
GGUF_FILE = "model.gguf"
EMBEDDER_FOLDER = "embedder"
_IN_USE = "in_use.json"
_BLOCK_BYTES = 1 << 20
_NAME = re.compile(r"[^\w.+-]+")


class Registry:
    """The models of one data folder, and those that came with the program.

    Args:
        folder: Where added models are kept; made when the first one is added.
        bundled: Folders of the same layout that are only read.
    """

    def __init__(self, *, folder: Path, bundled: Sequence[Path] = ()) -> None:
        self._folder = folder
        self._bundled = tuple(bundled)

    def list_models(self) -> list[ModelFile]:
        """List every model by role and name; those of the data folder hide bundled ones of the same name."""
        found: dict[str, ModelFile] = {}
        for folder in (*self._bundled, self._folder):
            for record in sorted(folder.glob(f"*/{RECORD}")):
                model = _read_record(record, builtin=folder in self._bundled)
                if model is not None:
                    found[model.name] = model
        chosen = self._chosen()
        models = sorted(found.values(), key=lambda m: (m.role, m.name))
        used = {role: self._pick(role, models, chosen) for role in get_args(Role) if role != "adapter"}
        return [replace(m, in_use=used.get(m.role) == m.name) for m in models]

    def get(self, name: str) -> ModelFile:
        """Find a model by name.

        Raises:
            ModelMissing: If there is none of that name.
            ModelFileGone: If its file is no longer there.
        """
        for model in self.list_models():
            if model.name == name:
                if not model.path.exists():
                    raise ModelFileGone(str(model.path))
                return model
        raise ModelMissing(name)

    def in_use(self, role: Role) -> ModelFile:
        """Find the model that is used for a role: the chosen one, else the first of that role.

        Raises:
            ModelMissing: If there is none.
            ModelFileGone: If its file is no longer there.
        """
        for model in self.list_models():
            if model.role == role and model.in_use:
                return self.get(model.name)
        raise ModelMissing(role)

    def add_gguf(
        self, path: Path, *, name: str | None = None, role: Role | None = None, licence: str = "", source: str = ""
    ) -> ModelFile:
        """Check a GGUF file and take it into the store: linked where the volume allows it, else copied.

        Raises:
            ModelFileGone, ModelDamaged: If it cannot be read, or its header is not sound.
            ModelUnsupported: If it cannot serve in the role, or its name is taken by other bytes.
            ModelStoreUnwritable: If the store cannot be written.
        """
        header = read_header(path)
        found_role: Role = "adapter" if header.is_adapter else "chat"
        if role is not None and role != found_role:
            raise ModelUnsupported(f"{path.name} is a {found_role} file")
        model = ModelFile(
            name=_clean_name(name or path.stem),
            role=found_role,
            path=Path(GGUF_FILE),
            sha256=sha256_of(path),
            size_bytes=path.stat().st_size,
            licence=licence or header.licence or "unknown",
            source=source or path.name,
            added_at=_now(),
            details=_details(header),
        )
        return self._take_in(model, lambda folder: _link_or_copy(path, folder / GGUF_FILE))

    def add_embedder(self, compiled: Path, *, name: str, licence: str, source: str) -> ModelFile:
        """Move a compiled embedder's folder into the store.

        Raises:
            ModelUnsupported: If its name is taken by other bytes.
            ModelStoreUnwritable: If the store cannot be written.
        """
        files = sorted(p for p in compiled.rglob("*") if p.is_file())
        model = ModelFile(
            name=_clean_name(name),
            role="embedder",
            path=Path(EMBEDDER_FOLDER),
            sha256=sha256_of_folder(compiled),
            size_bytes=sum(p.stat().st_size for p in files),
            licence=licence or "unknown",
            source=source,
            added_at=_now(),
        )
        return self._take_in(model, lambda folder: shutil.move(compiled, folder / EMBEDDER_FOLDER))

    def verify(self, name: str) -> ModelFile:
        """Hash a model's file again.

        Raises:
            ModelMissing, ModelFileGone: As for `get`.
            ModelChanged: If it is not the file that was added.
        """
        model = self.get(name)
        found = sha256_of_folder(model.path) if model.path.is_dir() else sha256_of(model.path)
        if found != model.sha256:
            raise ModelChanged(name)
        return model

    def remove(self, name: str) -> None:
        """Remove a model that was added.

        Raises:
            ModelMissing: If there is none of that name.
            ModelUnsupported: If it came with the program.
            ModelStoreUnwritable: If it cannot be removed.
        """
        matches = [m for m in self.list_models() if m.name == name]
        if not matches:
            raise ModelMissing(name)
        if matches[0].builtin:
            raise ModelUnsupported(f"{name} came with the program")
        try:
            shutil.rmtree(self._folder / name)
        except OSError as error:
            raise ModelStoreUnwritable(f"{name}: {error.strerror}") from error

    def use(self, name: str) -> ModelFile:
        """Choose a model for its role.

        Raises:
            ModelMissing, ModelFileGone: As for `get`.
            ModelUnsupported: If it is an adapter, which is named with each question or in the settings.
        """
        model = self.get(name)
        if model.role == "adapter":
            raise ModelUnsupported("an adapter is chosen in the settings, or with --adapter")
        chosen = self._chosen() | {model.role: model.name}
        _write_private(self._folder / _IN_USE, json.dumps(chosen).encode())
        return self.get(name)

    def _chosen(self) -> dict[str, str]:
        try:
            body = json.loads((self._folder / _IN_USE).read_bytes())
        except (OSError, ValueError):
            return {}
        return {str(k): str(v) for k, v in body.items()} if isinstance(body, dict) else {}

    @staticmethod
    def _pick(role: str, models: Sequence[ModelFile], chosen: dict[str, str]) -> str | None:
        names = [m.name for m in models if m.role == role]
        wanted = chosen.get(role)
        return wanted if wanted in names else next(iter(names), None)

    def _take_in(self, model: ModelFile, put: Callable[[Path], object]) -> ModelFile:
        """Fill a new folder beside its place and move it there in one step."""
        place = self._folder / model.name
        if place.exists():
            known = _read_record(place / RECORD, builtin=False)
            if known is not None and known.sha256 == model.sha256 and known.path.exists():
                return known
            raise ModelUnsupported(f"the name {model.name} is taken; give another with --name")
        filling = self._folder / f".{model.name}.{os.getpid()}"
        try:
            filling.mkdir(parents=True, mode=0o700)
            put(filling)
            _write_private(filling / RECORD, _record_bytes(model))
            filling.rename(place)
        except OSError as error:
            shutil.rmtree(filling, ignore_errors=True)
            raise ModelStoreUnwritable(f"{model.name}: {error.strerror or error}") from error
        log.info("added %s %s", model.role, model.name)
        return replace(model, path=place / model.path)


def sha256_of(path: Path) -> str:
    """Hash a file.

    Raises:
        ModelFileGone: If it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                digest.update(block)
    except OSError as error:
        raise ModelFileGone(str(path)) from error
    return digest.hexdigest()


def sha256_of_folder(folder: Path) -> str:
    """Hash the sorted (relative name, file hash) pairs of a folder.

    Raises:
        ModelFileGone: If a file cannot be read.
    """
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{sha256_of(path)}\n".encode())
    return digest.hexdigest()


def _read_record(path: Path, *, builtin: bool) -> ModelFile | None:
    """Read one record; a broken one is logged and left alone."""
    try:
        body = json.loads(path.read_bytes())
        role = body["role"]
        if role not in get_args(Role):
            raise ValueError(role)
        return ModelFile(
            name=str(body["name"]),
            role=role,
            path=path.parent / str(body["file"]),
            sha256=str(body["sha256"]),
            size_bytes=int(body["size_bytes"]),
            licence=str(body["licence"]),
            source=str(body["source"]),
            added_at=str(body["added_at"]),
            builtin=builtin,
            details=tuple((str(k), str(v)) for k, v in body.get("details", {}).items()),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("the model record %s cannot be read: %s", path, type(error).__name__)
        return None


def _record_bytes(model: ModelFile) -> bytes:
    body = {
        "name": model.name,
        "role": model.role,
        "file": str(model.path),
        "sha256": model.sha256,
        "size_bytes": model.size_bytes,
        "licence": model.licence,
        "source": model.source,
        "added_at": model.added_at,
        "details": dict(model.details),
    }
    return json.dumps(body, indent=1).encode()


def _details(header: GgufHeader) -> tuple[tuple[str, str], ...]:
    facts = {
        "architecture": header.architecture,
        "title": header.name,
        "context_length": "" if header.context_length is None else str(header.context_length),
        "chat_template": "yes" if header.chat_template else "no",
    }
    return tuple((k, v) for k, v in facts.items() if v)


def _clean_name(name: str) -> str:
    cleaned = _NAME.sub("-", name).strip(".-")[:80]
    if not cleaned:
        raise ModelUnsupported("a model needs a name of letters or digits")
    return cleaned


def _link_or_copy(source: Path, target: Path) -> None:
    """Link a file that is the user's alone already; copy any other, so that the store holds private files only."""
    if source.stat().st_mode & 0o077 == 0:
        try:
            os.link(source, target)
        except OSError:
            log.debug("the volume has no links; the file is copied")
        else:
            return
    shutil.copyfile(source, target)
    target.chmod(0o600)


def _write_private(path: Path, data: bytes) -> None:
    """Replace a file in one step, readable by the user alone."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ModelStoreUnwritable(f"{path.name}: {error.strerror or error}") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

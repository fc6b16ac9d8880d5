"""Which model files are there, by SHA-256, with licence and role; safe to read from any thread, one adds and removes.

One folder a model: `NAME/model.json` (the record) beside `NAME/model.gguf` or a compiled folder,
`NAME/embedder/` or `NAME/reranker/`. A bundled folder has
the same layout and is never written. The chosen model of each role stands in `in_use.json`.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal, get_args

import psutil

from studiolo_models.catalog import find_known
from studiolo_models.errors import (
    ModelChanged,
    ModelFileGone,
    ModelMissing,
    ModelStoreUnwritable,
    ModelUnsupported,
)
from studiolo_models.gguf import GgufHeader, read_header, why_not_chat
from studiolo_models.protocols import ModelFile, Role

log = logging.getLogger(__name__)

RECORD = "model.json"
GGUF_FILE = "model.gguf"
FOLDERS: dict[Role, str] = {"embedder": "embedder", "reranker": "reranker"}
_IN_USE = "in_use.json"
_NONE = ""
_BLOCK_BYTES = 1 << 20
_LONGEST_NAME = 120
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
        self._choosing = threading.Lock()

    def list_models(self) -> list[ModelFile]:
        """List every model by role and name; those of the data folder hide bundled ones of the same name."""
        found: dict[str, ModelFile] = {}
        for folder in (*self._bundled, self._folder):
            for record in sorted(folder.glob(f"[!.]*/{RECORD}")):  # no folder that is still being filled
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
        model = self.used_for(role)
        if model is None:
            raise ModelMissing(role)
        return self.get(model.name)

    def used_for(self, role: Role) -> ModelFile | None:
        """Give the model that is used for a role, whether or not its file is there; None if there is none."""
        return next((m for m in self.list_models() if m.role == role and m.in_use), None)

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
            raise ModelUnsupported(f"{path.name} is for the role {found_role}")
        if found_role == "chat" and (reason := why_not_chat(header)):
            raise ModelUnsupported(f"{path.name}: {reason}")

        def fill(folder: Path, place: str) -> ModelFile:
            sha256 = _link_or_copy(path, folder / GGUF_FILE)
            stored = read_header(folder / GGUF_FILE)  # again: the file may have changed while it was copied
            known = find_known(sha256)
            return ModelFile(
                name=place,
                role=found_role,
                path=Path(GGUF_FILE),
                sha256=sha256,
                size_bytes=(folder / GGUF_FILE).stat().st_size,
                licence=licence or (known.licence if known else stored.licence) or "unknown",
                source=source or (known.source if known else os.fsencode(path.name).decode("utf-8", "replace")),
                added_at=_now(),
                details=gguf_details(stored),
            )

        return self._take_in(clean_name(name or path.stem), lambda: sha256_of(path), fill)

    def add_compiled(
        self, compiled: Path, *, role: Literal["embedder", "reranker"], name: str, licence: str, source: str
    ) -> ModelFile:
        """Move a compiled model's folder into the store.

        Raises:
            ModelFileGone: If the folder is not there.
            ModelUnsupported: If its name is taken by other bytes.
            ModelStoreUnwritable: If the store cannot be written.
        """

        def fill(folder: Path, place: str) -> ModelFile:
            stored = folder / FOLDERS[role]
            shutil.move(compiled, stored)
            _make_private(stored)
            return ModelFile(
                name=place,
                role=role,
                path=Path(FOLDERS[role]),
                sha256=sha256_of_folder(stored),
                size_bytes=sum(p.stat().st_size for p in stored.rglob("*") if p.is_file()),
                licence=licence or "unknown",
                source=source,
                added_at=_now(),
            )

        if not compiled.is_dir():
            raise ModelFileGone(str(compiled))
        return self._take_in(clean_name(name), lambda: sha256_of_folder(compiled), fill)

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
        doomed = self._scratch(name)
        try:
            (self._folder / name).rename(doomed)  # one step: never half a model under its name
            shutil.rmtree(doomed)
        except OSError as error:
            raise ModelStoreUnwritable(f"{name}: {error.strerror or error}") from error
        log.info("removed %s %s", matches[0].role, name)

    def use(self, name: str) -> ModelFile:
        """Choose a model for its role.

        Raises:
            ModelMissing, ModelFileGone: As for `get`.
            ModelUnsupported: If it is an adapter, which is named with each question or in the settings.
        """
        model = self.get(name)
        if model.role == "adapter":
            raise ModelUnsupported("an adapter is chosen in the settings, or with --adapter")
        self._choose(model.role, model.name)
        return self.get(name)

    def use_no_reranker(self) -> None:
        """Use none of the rerankers, also of those that are added later, until one is chosen.

        Raises:
            ModelStoreUnwritable: If the choice cannot be kept.
        """
        self._choose("reranker", _NONE)

    def _choose(self, role: Role, name: str) -> None:
        with self._choosing, _storing(_IN_USE):
            chosen = json.dumps(self._chosen(keep_broken=True) | {role: name})
            self._make_folder()
            _write_private(self._folder / _IN_USE, chosen.encode())

    def _chosen(self, *, keep_broken: bool = False) -> dict[str, str]:
        """Read the choices; a broken file counts as none, and is put aside where it will be written over."""
        path = self._folder / _IN_USE
        try:
            body = json.loads(path.read_bytes())
            return {str(k): str(v) for k, v in body.items()}
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, ValueError, AttributeError, RecursionError) as error:
            log.warning("the choice of models %s cannot be read: %s", path, type(error).__name__)
        if keep_broken:
            path.replace(path.with_suffix(".broken"))
        return {}

    @staticmethod
    def _pick(role: str, models: Sequence[ModelFile], chosen: dict[str, str]) -> str | None:
        names = [m.name for m in models if m.role == role]
        wanted = chosen.get(role)
        if role == "reranker" and wanted == _NONE:
            return None
        return wanted if wanted in names else next(iter(names), None)

    def _take_in(self, name: str, sha256: Callable[[], str], fill: Callable[[Path, str], ModelFile]) -> ModelFile:
        """Fill a new folder beside its place and move it there in one step; the same bytes are taken in once."""
        place = self._folder / name
        if os.path.lexists(place):
            known = _read_record(place / RECORD, builtin=False)
            if known is not None and known.path.exists() and known.sha256 == sha256():
                return known
            raise ModelUnsupported(f"the name {name} is taken; give another with --name")
        filling = self._scratch(name)
        try:
            with _storing(name):
                self._make_folder()
                self._sweep()
                filling.mkdir(mode=0o700)
                model = fill(filling, name)
                _write_private(filling / RECORD, _record_bytes(model))
                filling.rename(place)
        finally:
            shutil.rmtree(filling, ignore_errors=True)  # gone already where all went well
        log.info("added %s %s", model.role, model.name)
        return replace(model, path=place / model.path)

    def _make_folder(self) -> None:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        self._folder.mkdir(exist_ok=True, mode=0o700)

    def _scratch(self, name: str) -> Path:
        return self._folder / f".{name}.{os.getpid()}"

    def _sweep(self) -> None:
        """Remove what processes that are gone left half done."""
        for left in self._folder.glob(".*.*"):
            owner = left.suffix[1:]
            if owner == str(os.getpid()) or (owner.isdecimal() and not psutil.pid_exists(int(owner))):
                shutil.rmtree(left, ignore_errors=True)


def sha256_of(path: Path) -> str:
    """Hash a file.

    Raises:
        ModelFileGone: If it cannot be read.
    """
    digest = hashlib.sha256()
    for block in _blocks(path):
        digest.update(block)
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
        role, file, name = body["role"], body["file"], str(body["name"])
        # The name is a folder of the store and the file lies in it, or a record could point outside.
        if role not in get_args(Role) or file != FOLDERS.get(role, GGUF_FILE) or name != path.parent.name:
            raise ValueError(role)
        return ModelFile(
            name=name,
            role=role,
            path=path.parent / file,
            sha256=str(body["sha256"]),
            size_bytes=int(body["size_bytes"]),
            licence=str(body["licence"]),
            source=str(body["source"]),
            added_at=str(body["added_at"]),
            builtin=builtin,
            details=tuple((str(k), str(v)) for k, v in body.get("details", {}).items()),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
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


def gguf_details(header: GgufHeader) -> tuple[tuple[str, str], ...]:
    """Give what a record keeps of a header, so that a list of models reads no file."""
    facts = {
        "architecture": header.architecture,
        "title": header.name,
        "context_length": "" if header.context_length is None else str(header.context_length),
        "quantization": header.quantization,
        "cache_bytes_per_token": str(header.cache_bytes_per_token or ""),
        "chat_template": "yes" if header.chat_template else "no",
    }
    return tuple((k, v) for k, v in facts.items() if v)


def clean_name(name: str) -> str:
    """Make a folder's name of a model's: at most 120 bytes, no separator, no leading dot."""
    cleaned = _NAME.sub("-", name).encode()[:_LONGEST_NAME].decode("utf-8", "ignore").strip(".-")
    if not cleaned or cleaned.startswith(_IN_USE.partition(".")[0] + "."):
        raise ModelUnsupported("a model needs a name of letters or digits")
    return cleaned


def _link_or_copy(source: Path, target: Path) -> str:
    """Link a file that is the user's alone already; copy any other, so that the store holds private files only.

    Gives the SHA-256 of what lies in the store, read once.

    Raises:
        ModelFileGone: If the source cannot be read.
        OSError: If the target cannot be written.
    """
    if source.stat().st_mode & 0o077 == 0:
        try:
            os.link(source, target)
        except OSError:
            log.debug("the volume has no links; the file is copied")
        else:
            return sha256_of(target)
    digest = hashlib.sha256()
    with _private_file(target) as stream:
        for block in _blocks(source):
            digest.update(block)
            stream.write(block)
    return digest.hexdigest()


def _blocks(path: Path) -> Iterator[bytes]:
    """Read a file piece by piece.

    Raises:
        ModelFileGone: If it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                yield block
    except OSError as error:
        raise ModelFileGone(str(path)) from error


@contextmanager
def _private_file(path: Path) -> Iterator[BinaryIO]:
    """Write a new file that the user alone may read; it is on the disk when the block ends."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _storing(what: str) -> Iterator[None]:
    """Name every failure to write the store."""
    try:
        yield
    except OSError as error:
        raise ModelStoreUnwritable(f"{what}: {error.strerror or error}") from error


def _write_private(path: Path, data: bytes) -> None:
    """Replace a file in one step, readable by the user alone."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with _private_file(temporary) as stream:
            stream.write(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _make_private(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

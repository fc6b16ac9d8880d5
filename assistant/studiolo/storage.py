"""What the data folder takes on the disk, what it is made of, and which of it can be removed for good."""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from studiolo.errors import AssistantError
from studiolo.history import History
from studiolo.paths import AppPaths, bundled_models
from studiolo_indexer.pipeline import CATALOGUE_FILE
from studiolo_indexer.store import TEXT_FOLDER, VECTORS_FOLDER

log = logging.getLogger(__name__)

PURGED = ("history", "cache", "logs")
"""The places of which everything can be removed; an index goes with its folder, a model by itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that is stored: a key, where it lies, and its size; `ours` if that is in the data folder."""

    key: str
    path: Path
    size_bytes: int
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Storage:
    """Bytes on the disk.

    Attributes:
        texts: The catalogue: the ledger, and the texts of the passages.
        vectors, full_text: What finds them.
        history: Questions and answers.
        models: Models that were added.
        other: Compiled kernels, logs, temporary files.
    """

    texts: int
    vectors: int
    full_text: int
    history: int
    models: int
    other: int

    @property
    def index(self) -> int:
        """The index: texts, vectors and full text."""
        return self.texts + self.vectors + self.full_text

    @property
    def total(self) -> int:
        """Everything in the data folder."""
        return self.index + self.history + self.models + self.other


def storage_of(paths: AppPaths) -> Storage:
    """Add up a data folder; files that come or go meanwhile may count or not."""
    texts = _size(paths.index, CATALOGUE_FILE)
    vectors, full_text = _size(paths.index / VECTORS_FOLDER), _size(paths.index / TEXT_FOLDER)
    history, models = _size(paths.home, paths.history.name), _size(paths.models)
    other = _size(paths.home) - texts - vectors - full_text - history - models
    return Storage(texts, vectors, full_text, history, models, max(0, other))


def places_of(paths: AppPaths) -> list[Place]:
    """List what is stored, part by part; what lies in the data folder adds up to its size.

    The keys are texts, vectors, full_text, history, models, cache, logs, temp and settings, the last for what else lies
    there: settings, styles and what the window remembers; and program_models for those that came with the program.
    """
    used = storage_of(paths)
    cache, logs, temp = _size(paths.cache), _size(paths.logs), _size(paths.temp)
    places = [
        Place("texts", paths.catalogue, used.texts),
        Place("vectors", paths.index / VECTORS_FOLDER, used.vectors),
        Place("full_text", paths.index / TEXT_FOLDER, used.full_text),
        Place("history", paths.history, used.history),
        Place("models", paths.models, used.models),
        Place("cache", paths.cache, cache),
        Place("logs", paths.logs, logs),
        Place("temp", paths.temp, temp),
        Place("settings", paths.settings, max(0, used.other - cache - logs - temp)),
    ]
    return [*places, *(Place("program_models", folder, _size(folder), ours=False) for folder in bundled_models())]


def purge(paths: AppPaths, key: str) -> int:
    """Remove everything that lies in a place, for good; gives how many bytes less it takes.

    Raises:
        AssistantError: `storage.not_purged` if it is none of `PURGED`.
        StoreDamaged, StoreFull, StoreUnwritable: If the history cannot be written.
    """
    if key not in PURGED:
        raise AssistantError("storage.not_purged", key)
    before = storage_of(paths).total
    if key == "history":
        history = History(paths.history)
        try:
            history.clear()
        finally:
            history.close()
    elif key == "cache":
        for entry in paths.cache.iterdir():
            _remove(entry)
    else:
        _clear_logs(paths.logs)
    log.info("purged %s", key)
    return max(0, before - storage_of(paths).total)


def _remove(entry: Path) -> None:
    """Remove a file or a folder; one that another program holds stays."""
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
        return
    try:
        entry.unlink(missing_ok=True)
    except OSError as error:
        log.info("%s stays: %s", entry.name, error.strerror)


def _clear_logs(folder: Path) -> None:
    """Empty the logs; those that are written into stay as files, so that what writes them goes on."""
    for entry in folder.iterdir():
        if entry.suffix != ".log":
            _remove(entry)
        elif entry.is_file() and not entry.is_symlink():
            os.truncate(entry, 0)


def _size(folder: Path, name: str = "") -> int:
    """Add up the files below a folder, links not followed; with a name those in it alone that begin with it."""
    total = 0
    for place, folders, files in os.walk(folder):
        if name:
            folders.clear()
        for file in files:
            if file.startswith(name):
                try:
                    total += Path(place, file).lstat().st_size
                except OSError:
                    continue  # it went meanwhile
    return total

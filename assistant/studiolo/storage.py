"""What the data folder takes on the disk, and what it is made of."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from studiolo.paths import AppPaths
from studiolo_indexer.pipeline import CATALOGUE_FILE
from studiolo_indexer.store import TEXT_FOLDER, VECTORS_FOLDER


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

"""A watched folder, an indexer over it with a fast embedder, and a way to look at what is in the index."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.extract_worker import beginning, extract
from studiolo_indexer.pipeline import CATALOGUE_FILE, Indexer
from studiolo_indexer.records import (
    Document,
    FileRecord,
    IndexedFile,
    IndexProgress,
    OcrPage,
    OcrWord,
    Passage,
    SyncReport,
)
from studiolo_indexer.search import Searcher
from studiolo_indexer.store import Differences, Store
from studiolo_models.fakes import FakeEmbedder


class InProcessExtractor:
    """Reads text in this process: the tests of extraction have the real child."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.started = 0

    def extract(self, data: bytes, *, name: str) -> Document:
        self.names.append(name)
        if b"BROKEN" in data:
            raise FileFailure("file.damaged", "It is damaged.")
        return extract(data, name)

    def start(self) -> None:
        self.started += 1

    def rest(self) -> None:
        """Nothing to give back."""

    def beginning(self, data: bytes, *, name: str) -> Document | None:
        return beginning(data, name)

    def close(self) -> None:
        """Nothing to give back."""


class ScriptedRecogniser:
    """Says for each page of a picture what it was told to: a text, or why it cannot be recognised."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self.failures: dict[int, str] = {}
        self.pages: list[tuple[str, int]] = []
        self.before_page: Callable[[int], None] = lambda page: None
        self.closed = 0

    def ocr(self, data: bytes, *, name: str, page: int) -> OcrPage:
        self.before_page(page)
        self.pages.append((name, page))
        if page in self.failures:
            raise FileFailure("file.timeout", self.failures[page])
        text = self.texts.get(page, f"Recognised page {page} of {name}.")
        words = [OcrWord(m.start(), m.end(), m.start() * 10, 20, 10, 12) for m in re.finditer(r"\S+", text)]
        return OcrPage(text, 0.9 if text else 0.0, 1000, 1400, tuple(words))

    def close(self) -> None:
        self.closed += 1


def scan(path: Path, *, pages: int = 1, shade: int = 255) -> Path:
    """Write a TIFF of empty pages, long ago; another `shade` is another content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = [Image.new("L", (20, 30 + number), shade) for number in range(pages)]
    frames[0].save(path, format="TIFF", save_all=True, append_images=frames[1:])
    os.utime(path, (shade, shade))
    return path


@dataclass
class World:
    """One watched folder and its index."""

    root: Path
    data: Path
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)
    extractor: InProcessExtractor = field(default_factory=InProcessExtractor)
    recogniser: ScriptedRecogniser | None = None
    events: list[IndexedFile] = field(default_factory=list)
    progress: list[IndexProgress] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    empty_wait_s: float = 0.0
    on_file: Callable[[IndexedFile], None] | None = None
    _indexer: Indexer | None = None

    @property
    def indexer(self) -> Indexer:
        if self._indexer is None:
            self._indexer = Indexer(
                data_folder=self.data,
                embedder=self.embedder,
                extractor=self.extractor,
                recogniser=self.recogniser,
                on_file=self.on_file or self.events.append,
                on_progress=self.progress.append,
                stop=self.stop,
                refused=(self.data,),
                empty_wait_s=self.empty_wait_s,
            )
        return self._indexer

    def restart(self) -> None:
        if self._indexer is not None:
            self._indexer.close()
            self._indexer = None

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def sync(self, *, recognise: bool = False) -> SyncReport:
        self.extractor.names.clear()
        self.embedder.texts_embedded.clear()
        return self.indexer.sync(complete=recognise)

    def ledger(self) -> dict[str, FileRecord]:
        """Give the rows of the ledger by the file's name."""
        catalogue = Catalogue.reader(self.catalogue_path)
        try:
            return {Path(r.path_text).name: r for r in catalogue.files()}
        finally:
            catalogue.close()

    def search(self, query: str, **options: object) -> list[Passage]:
        searcher = Searcher(data_folder=self.data, embedder=self.embedder)
        try:
            return list(searcher.search(query, **options).passages)  # type: ignore[arg-type]  # the tests' own words
        finally:
            searcher.close()

    def found(self, query: str) -> set[str]:
        return {Path(p.path_text).name for p in self.search(query) if query.casefold() in p.text.casefold()}

    def rows(self, collection: str = "documents") -> int:
        with closing(self.store()) as store:
            return store.vectors.count(collection)

    def store(self) -> Store:
        return Store(self.data, dimension=self.embedder.dimension, embedder=self.embedder.identity)

    def differences(self, collection: str = "documents") -> Differences:
        """How vectors and full text differ from what the catalogue has; nothing, outside of a write."""
        catalogue = Catalogue.reader(self.catalogue_path)
        with closing(self.store()) as store, closing(catalogue):
            return store.compare(collection, catalogue.chunks.all(collection))

    @property
    def catalogue_path(self) -> Path:
        return self.data / CATALOGUE_FILE

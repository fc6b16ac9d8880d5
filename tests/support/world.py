"""A watched folder, an indexer over it with a fast embedder, and a way to look at what is in the index."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.extract_worker import extract
from studiolo_indexer.pipeline import CATALOGUE_FILE, STORE_FOLDER, Indexer
from studiolo_indexer.records import Document, IndexedFile, IndexProgress, Passage, SyncReport
from studiolo_indexer.search import Searcher
from studiolo_indexer.store import Store
from studiolo_models.fakes import FakeEmbedder


class InProcessExtractor:
    """Reads text in this process: the tests of extraction have the real child."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def extract(self, data: bytes, *, name: str) -> Document:
        self.names.append(name)
        if b"BROKEN" in data:
            raise FileFailure("file.damaged", "It is damaged.")
        return extract(data, name)

    def close(self) -> None:
        """Nothing to give back."""


@dataclass
class World:
    """One watched folder and its index."""

    root: Path
    data: Path
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)
    extractor: InProcessExtractor = field(default_factory=InProcessExtractor)
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

    def sync(self) -> SyncReport:
        self.extractor.names.clear()
        self.embedder.texts_embedded.clear()
        return self.indexer.sync()

    def search(self, query: str, **options: object) -> list[Passage]:
        searcher = Searcher(data_folder=self.data, embedder=self.embedder)
        try:
            return list(searcher.search(query, **options).passages)  # type: ignore[arg-type]  # the tests' own words
        finally:
            searcher.close()

    def found(self, query: str) -> set[str]:
        return {Path(p.path_text).name for p in self.search(query) if query.casefold() in p.text.casefold()}

    def rows(self, collection: str = "documents") -> int:
        store = Store(self.data / STORE_FOLDER, dimension=self.embedder.dimension, embedder=self.embedder.identity)
        return store.count(collection)

    @property
    def catalogue_path(self) -> Path:
        return self.data / CATALOGUE_FILE

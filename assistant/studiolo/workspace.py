"""One data folder and what lies in it: settings, models, embedder; opened once, shared by the desks.

The embedder is loaded at most once and shared by all threads; everything with a handle of its own
(searcher, catalogue, extractor, indexer) is made anew for the desk that asks, which then owns it.
"""

from __future__ import annotations

import dataclasses
import logging
import os
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from studiolo.errors import AssistantError
from studiolo.paths import AppPaths, bundled_models
from studiolo.settings import Settings, load_settings, save_settings
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.confined_child import ChildLimits
from studiolo_indexer.converting import Converter, find_libreoffice
from studiolo_indexer.errors import StoreLocked
from studiolo_indexer.extraction import OCR_LIMITS, Extractor
from studiolo_indexer.fusion import WEIGHTS, Weights
from studiolo_indexer.pipeline import Indexer
from studiolo_indexer.records import Embedder, IndexedFile, IndexProgress
from studiolo_indexer.search import Searcher
from studiolo_models import starter
from studiolo_models.embedding import load_embedder
from studiolo_models.protocols import ChatModel, EmbeddingModel, ModelFile
from studiolo_models.registry import Registry

log = logging.getLogger(__name__)


def guarded_command(module: str) -> list[str]:
    """Give the command that starts a module of ours as a child with the offline guards."""
    return [sys.executable, "-I", "-m", "studiolo.guarded", module]


class Workspace:
    """Opens what a data folder holds.

    Args:
        paths: The data folder.
        lock_wait_s: How long a writer waits for the one before it, which may be about to end.

    Raises (on construction):
        AssistantError: `settings.damaged`.
        OSError: If the folder cannot be made.
    """

    def __init__(self, paths: AppPaths, *, lock_wait_s: float = 0.0) -> None:
        paths.create()
        self.paths = paths
        self._lock_wait_s = lock_wait_s
        self.settings: Settings = load_settings(paths.settings)
        self.registry = Registry(folder=paths.models, bundled=bundled_models())
        self._embedder: EmbeddingModel | None = None
        self._embedder_lock = threading.Lock()

    def change_settings(self, **changes: str | int | float | bool) -> None:
        """Change settings, and keep them; what was written into the file by hand meanwhile is kept too.

        Raises:
            AssistantError: `settings.damaged` if the file cannot be read any more.
            OSError: If they cannot be written; then nothing is changed.
        """
        settings = dataclasses.replace(load_settings(self.paths.settings), **changes)  # type: ignore[arg-type]  # each caller names its fields
        save_settings(self.paths.settings, settings)
        self.settings = settings

    def embedder(self) -> EmbeddingModel:
        """Give the embedder in use; the first call loads it.

        Raises:
            ModelError: If there is none, or it cannot be loaded.
        """
        with self._embedder_lock:
            if self._embedder is None:
                model = self.registry.in_use("embedder")
                threads = self.settings.threads or None
                self._embedder = load_embedder(model, cache_folder=self.paths.cache, threads=threads)
            return self._embedder

    @property
    def scale_is_known(self) -> bool:
        """Tell whether what cosines mean was measured for the embedder in use: that of the start."""
        return self.embedder().name == starter.EMBEDDER

    def searcher(self, weights: Weights = WEIGHTS) -> Searcher:
        """Open a searcher of the caller's own."""
        return Searcher(data_folder=self.paths.index, embedder=self.embedder(), weights=weights)

    def catalogue(self) -> Catalogue:
        """Open the catalogue for reading; an index that was never written reads as empty."""
        return Catalogue.reader(self.paths.catalogue)

    def extractor(
        self, stop: threading.Event | None = None, limits: ChildLimits | None = None, *, convert: bool = True
    ) -> Extractor:
        """Make an extractor of the caller's own; its child starts with the first file, and `stop` ends one.

        With `convert`, what only LibreOffice reads is read through it, which may take minutes.
        """
        command = guarded_command("studiolo_indexer.extract_worker")
        return Extractor(
            command=command, limits=limits, stop=stop, converter=self._converter(stop) if convert else None
        )

    def _converter(self, stop: threading.Event | None) -> Converter | None:
        program = find_libreoffice()
        if program is None:
            return None
        command = guarded_command("studiolo_indexer.convert_worker")
        return Converter(command=command, program=program, temp=self.paths.temp, stop=stop)

    def indexer(
        self,
        embedder: Embedder,
        *,
        on_file: Callable[[IndexedFile], None],
        on_progress: Callable[[IndexProgress], None],
        stop: threading.Event,
        give_way: Callable[[float], None] = lambda worked_s: None,
    ) -> Indexer:
        """Open the index for writing; the caller holds `writer_lock`."""
        return Indexer(
            data_folder=self.paths.index,
            embedder=embedder,
            extractor=self.extractor(stop),
            recogniser=self.extractor(stop, OCR_LIMITS) if self.settings.ocr else None,
            on_file=on_file,
            on_progress=on_progress,
            give_way=give_way,
            stop=stop,
            refused=(self.paths.home,),
        )

    def writer_lock(self) -> FileLock:
        """Take the lock of the one writer; release it with `release()`.

        Raises:
            StoreLocked: If another engine or command holds it.
        """
        lock = FileLock(self.paths.lock, mode=0o600, thread_local=False)
        try:
            lock.acquire(timeout=self._lock_wait_s)
        except Timeout as error:
            raise StoreLocked(str(self.paths.home)) from error
        return lock

    def clear_temp(self) -> None:
        """Remove what a crash left in the temporary folder; the holder of the lock calls it once at start (S17)."""
        for entry in self.paths.temp.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)


class ChatHolder:
    """The loaded chat model and its adapter; owned by the thread that answers."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._chat: ChatModel | None = None
        self.model: ModelFile | None = None
        self.adapter: ModelFile | None = None

    def load(self, model_name: str | None, adapter_name: str | None) -> ChatModel:
        """Give the chat model with its adapter, loading or swapping only what changed.

        Raises:
            ModelError: If a model is missing, damaged or for another base.
        """
        registry = self._workspace.registry
        settings = self._workspace.settings
        wanted = registry.get(model_name) if model_name else registry.in_use("chat")
        if wanted.role != "chat":
            raise AssistantError("model.unsupported", f"{wanted.name} is no chat model")
        if self._chat is None or self.model is None or wanted.sha256 != self.model.sha256:
            self.close()
            # llama.cpp is imported with the first answer, so that a search never pays for it.
            from studiolo_models.llama_chat import LlamaChat

            self._chat = LlamaChat(
                wanted,
                context_tokens=settings.context_tokens,
                threads=settings.threads or None,
                gpu=settings.gpu,
            )
            self.model = wanted
        self._attach(self._chat, adapter_name or settings.adapter or None)
        return self._chat

    def _attach(self, chat: ChatModel, name: str | None) -> None:
        adapter = self._workspace.registry.get(name) if name else None
        if adapter is not None and adapter.role != "adapter":
            raise AssistantError("model.unsupported", f"{adapter.name} is no adapter")
        before = self.adapter.sha256 if self.adapter else None
        after = adapter.sha256 if adapter else None
        if before != after:
            chat.attach_adapter(adapter, scale=self._workspace.settings.adapter_scale)
        self.adapter = adapter

    def close(self) -> None:
        """Free the model's memory."""
        if self._chat is not None:
            self._chat.close()
        self._chat = self.model = self.adapter = None


def as_path(text: str) -> Path:
    """Read a path that a person or a window gave; lone surrogates stand for bytes that are no UTF-8.

    Raises:
        AssistantError: `path.bad` if it is empty, holds a zero, or names a home folder that nobody has.
    """
    try:
        path = Path(text).expanduser().absolute()
        if not text or b"\0" in os.fsencode(path):
            raise AssistantError("path.bad", repr(text))
    except (RuntimeError, UnicodeEncodeError) as error:
        raise AssistantError("path.bad", repr(text)) from error
    return path


def as_bytes(text: str) -> bytes:
    """Give the bytes of a path that a person or a window gave."""
    return os.fsencode(as_path(text))

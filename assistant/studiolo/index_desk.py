"""Everything that writes the index: owned by T-index, or by a command that holds the writer's lock."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from filelock import FileLock

from studiolo import messages
from studiolo.desk import Cancelled, Emit, Job, Json
from studiolo.history import History
from studiolo.index_gate import GatedEmbedder, IndexGate
from studiolo.messages import Progress, Request
from studiolo.results import folder_record, path_text, sync_result
from studiolo.workspace import Workspace, as_path
from studiolo_indexer.errors import Stopped
from studiolo_indexer.pipeline import Indexer
from studiolo_indexer.records import FileEvent, IndexedFile, IndexProgress, WatchedFolder
from studiolo_indexer.watching import Watcher

log = logging.getLogger(__name__)

_PROGRESS_INTERVAL_S = 0.1


class IndexDesk:
    """Adds, removes, syncs, retries and watches.

    Args:
        workspace: What is opened.
        emit: Where file events, progress and notices go.
        post: Puts work for this desk into its own queue; the watcher's threads use it.
        gate: Says when indexing works and how hard; without one, always, and as hard as it can.
        is_wanted: Tells whether other work waits for this desk; what can wait (missing vectors, pages to be recognised)
            is done only while none does. Without it, a request ends when that is done too.

    Raises (on construction):
        StoreLocked: If another engine or command writes this data folder.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        emit: Emit,
        post: Callable[[Callable[[], None]], None],
        gate: IndexGate | None = None,
        is_wanted: Callable[[], bool] | None = None,
    ) -> None:
        self._workspace = workspace
        self._emit = emit
        self._post = post
        self._is_wanted = is_wanted
        self._lock: FileLock = workspace.writer_lock()
        self.stop = threading.Event()
        self.gate = gate or IndexGate(busy=threading.Event())
        self._indexer: Indexer | None = None
        self._watcher: Watcher | None = None
        self._progress_at = 0.0
        self.busy = False
        self.job: Job | None = None
        workspace.clear_temp()

    def handle(self, request: Request, job: Job) -> Json:
        """Do what a request to write asks; `stop` ends it early."""
        self.busy = True
        self.job = job
        try:
            return self._handle(request)
        except Stopped as stopped:
            raise Cancelled from stopped
        finally:
            self.busy = False
            self.job = None

    def _handle(self, request: Request) -> Json:
        if isinstance(request, messages.AddFolder):
            return self._add(request)
        if isinstance(request, messages.Exclude):
            return self._exclude(request)
        if isinstance(request, messages.RemoveFolder):
            return self._remove(request)
        if isinstance(request, messages.Sync):
            return sync_result(self.indexer().sync(request.collection, complete=self._is_wanted is None))
        if isinstance(request, messages.Retry):
            paths = [as_path(p) for p in request.paths]
            return sync_result(self.indexer().retry(paths, complete=self._is_wanted is None))
        if isinstance(request, messages.Watch):
            return self._watch()
        raise TypeError(f"not for this desk: {request.type}")

    def standing(self) -> Json:
        """Tell whether it works, and how hard; from any thread."""
        return {
            "indexing": self.busy,
            "paused": self.gate.paused,
            "speed": self._workspace.settings.indexing_speed,
            "on_battery": self.gate.on_battery(),
            "gentle": self.gate.is_gentle(),
        }

    def indexer(self) -> Indexer:
        """Give the open index; the first call loads the embedder."""
        if self._indexer is None:
            embedder = GatedEmbedder(self._workspace.embedder(), self.gate, self.stop)
            self._indexer = self._workspace.indexer(
                embedder,
                on_file=self._on_file,
                on_progress=self._on_progress,
                give_way=lambda worked_s: self.gate.wait(self.stop, worked_s=worked_s),
                stop=self.stop,
            )
        return self._indexer

    def complete(self) -> None:
        """Embed what lacks vectors and recognise pages while no other work waits; it goes on with the next call."""
        if self._indexer is not None and self._is_wanted is not None:
            self._run(lambda: self.indexer().complete(until=self._must_pause))

    def rest(self) -> None:
        """Use an idle moment: merge fragments and drop old versions."""
        if self._indexer is not None:
            self._indexer.compact()

    def catch_up(self) -> None:
        """Bring all collections up to date, as the watcher's hints would."""
        self._run(lambda: self.indexer().sync(None))

    def close(self) -> None:
        """Stop watching, close the index and give the lock back."""
        if self._watcher is not None:
            self._watcher.stop()
        if self._indexer is not None:
            self._indexer.close()
        self._lock.release()

    def _add(self, request: messages.AddFolder) -> Json:
        return self._follow(self.indexer().add_folder(as_path(request.path), collection=request.collection))

    def _exclude(self, request: messages.Exclude) -> Json:
        return self._follow(self.indexer().exclude(as_path(request.path), request.patterns))

    def _follow(self, folder: WatchedFolder) -> Json:
        """Bring a folder up to date that is new or has other patterns, if the engine watches; gives its record."""
        if self._watcher is not None:
            self._watch_all()
            self._post(lambda: self._run(lambda: self.indexer().sync(folder.collection)))
        return folder_record(folder)

    def _remove(self, request: messages.RemoveFolder) -> Json:
        from studiolo.evaluation.kept_runs import KeptRuns  # seldom wanted

        # The folder's own path, links resolved: that is what answers cite.
        folder = path_text(self.indexer().folder_at(as_path(request.path)).path)
        # History first: were the index purged first and this failed, the folder could not be named a second time.
        history = History(self._workspace.paths.history)
        try:
            forgotten = history.forget_under(folder)
        finally:
            history.close()
        KeptRuns(self._workspace.paths.evaluation).forget_under(folder)
        purged = self.indexer().remove_folder(as_path(folder))
        if self._watcher is not None:
            self._watch_all()
        return {"files": purged.files, "chunks": purged.chunks, "answers": forgotten}

    def _watch(self) -> Json:
        if self._watcher is None:
            self._watcher = Watcher(
                on_changes=lambda changes: self._post(lambda: self._apply(changes)),
                on_rescan=lambda folder: self._post(lambda: self._run(lambda: self.indexer().sync(folder.collection))),
                poll_interval_s=self._workspace.settings.poll_interval_s,
            )
        # Watched before it is synced, so that a change between the two is a hint and not lost.
        n_folders = self._watch_all()
        self.indexer().sync(None)
        return {"watching": n_folders}

    def _watch_all(self) -> int:
        folders = self._folders()
        if self._watcher is not None:
            self._watcher.watch(folders)
        return len(folders)

    def _folders(self) -> list[WatchedFolder]:
        catalogue = self._workspace.catalogue()
        try:
            return catalogue.folders()
        finally:
            catalogue.close()

    def _apply(self, changes: Sequence[FileEvent]) -> None:
        self._run(lambda: self.indexer().apply(changes))

    def _run(self, step: Callable[[], object]) -> None:
        """Run a step that no request waits for, and catch up later if the user has paused indexing."""
        if self.gate.paused:
            return
        self.busy = True
        try:
            step()
        except Stopped:
            log.info("indexing was stopped; it catches up when it goes on")
        finally:
            self.busy = False

    def _must_pause(self) -> bool:
        """Wait for answers; then tell whether what can wait has to give way."""
        self.gate.wait(self.stop)
        return self.stop.is_set() or (self._is_wanted is not None and self._is_wanted())

    def _on_file(self, file: IndexedFile) -> None:
        self._emit(
            messages.FileEvent(
                event=file.event,
                path=file.path_text,
                collection=file.collection,
                time=file.time,
                code=file.code,
                reason=file.reason,
            )
        )

    def _on_progress(self, progress: IndexProgress) -> None:
        now = time.monotonic()
        if progress.phase != "idle" and now - self._progress_at < _PROGRESS_INTERVAL_S:
            return
        self._progress_at = now
        self._emit(
            Progress(
                phase=progress.phase,
                collection=progress.collection,
                files_done=progress.files_done,
                files_total=progress.files_total,
                chunks_embedded=progress.chunks_embedded,
                current=progress.current,
                seconds_left=progress.seconds_left,
                chunks_per_second=progress.chunks_per_second,
                folder=None if progress.folder is None else path_text(progress.folder),
            )
        )

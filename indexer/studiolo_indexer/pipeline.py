"""The only writer of the index: folders, passes over them, hints of the watcher, purging; owned by one thread."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from threading import Event

from studiolo_indexer.admission import Admission, check_root, checked_patterns, is_inside
from studiolo_indexer.catalogue import Catalogue, now_text
from studiolo_indexer.errors import CollectionUnknown, FileUnknown, FolderOverlaps
from studiolo_indexer.indexing import Candidate, FileIndexer
from studiolo_indexer.mending import Mender
from studiolo_indexer.pace import Pace
from studiolo_indexer.recognised_pages import WaitingDocument
from studiolo_indexer.recognising import Recogniser, Recognises
from studiolo_indexer.reconciling import Plan, compare
from studiolo_indexer.records import (
    Embedder,
    Extracts,
    FileEvent,
    FileProblem,
    IndexedFile,
    IndexProgress,
    KnownFile,
    PurgeReport,
    SyncReport,
    WatchedFolder,
)
from studiolo_indexer.reembedding import Reembedder
from studiolo_indexer.scanning import Entry, RootGone, look_at, scan
from studiolo_indexer.store import Store
from studiolo_indexer.tally import Tally

log = logging.getLogger(__name__)

CATALOGUE_FILE = "catalogue.sqlite"
EMPTY_WAIT_S = 2.0


class Indexer:
    """Keeps the index of one data folder current.

    Args:
        data_folder: Where catalogue and store lie.
        embedder, extractor: What is used; the extractor is closed with the indexer.
        recogniser: What recognises pages without text, closed with the indexer; None where that is switched off.
        on_file: Told of each file once its outcome can be seen by a search.
        on_progress: Told where a pass stands.
        give_way: Called before each file with the seconds that reading the last one took; may wait.
        stop: Ends a pass between two files or batches.
        refused: Folders that are never watched (our own data).
        empty_wait_s: How long an empty root must stay empty before its documents are forgotten (R9).

    Raises (on construction):
        StoreDamaged, StoreUnwritable: If the index cannot be opened.
    """

    def __init__(
        self,
        *,
        data_folder: Path,
        embedder: Embedder,
        extractor: Extracts,
        recogniser: Recognises | None = None,
        on_file: Callable[[IndexedFile], None],
        on_progress: Callable[[IndexProgress], None],
        stop: Event,
        refused: Sequence[Path] = (),
        empty_wait_s: float = EMPTY_WAIT_S,
        give_way: Callable[[float], None] = lambda worked_s: None,
    ) -> None:
        self._catalogue = Catalogue(data_folder / CATALOGUE_FILE)
        self._store = Store(data_folder, dimension=embedder.dimension, embedder=embedder.identity)
        self._mender = Mender(self._catalogue, self._store, embedder.identity)
        self._embedder = embedder
        self._extractor = extractor
        self._on_file = on_file
        self._on_progress = on_progress
        self._give_way = give_way
        self._stop = stop
        self._refused = tuple(refused)
        self._empty_wait_s = empty_wait_s
        self._recogniser: Recogniser | None = None
        if recogniser is not None:
            self._recogniser = Recogniser(
                catalogue=self._catalogue,
                extractor=recogniser,
                stop=stop,
                on_progress=on_progress,
                give_way=give_way,
            )
        self._reembedder = Reembedder(
            catalogue=self._catalogue, store=self._store, embedder=embedder, stop=stop, on_progress=on_progress
        )
        self._catalogue.blame_in_hand()
        self._mark_waiting()
        self._mender.begin()

    def add_folder(self, path: Path, *, collection: str) -> WatchedFolder:
        """Check and record a folder; nothing is indexed yet. Adding it again gives the same record.

        Raises:
            FolderMissing, FolderNotADirectory, FolderUnreadable, FolderRefused: See `admission.check_root`.
            FolderOverlaps: If it lies inside a watched folder, holds one, or is in another collection.
        """
        real = check_root(path, refused=self._refused)
        self._extractor.start()  # its documents are about to come
        mine = os.fsencode(real)
        for folder in self._catalogue.folders():
            if folder.path == mine and folder.collection == collection:
                return folder
            if folder.path == mine or is_inside(mine, folder.path) or is_inside(folder.path, mine):
                raise FolderOverlaps(f"{folder.path_text} in the collection {folder.collection}")
        return self._catalogue.add_folder(mine, collection)

    def exclude(self, path: Path, patterns: Sequence[str]) -> WatchedFolder:
        """Keep what is left out of a folder besides its `.studioloignore`; the next pass obeys it (R28).

        Raises:
            FolderUnknown: If it is not watched.
            PatternsBad: See `admission.checked_patterns`.
        """
        folder = self.folder_at(path)
        self._catalogue.set_patterns(folder.folder_id, checked_patterns(patterns))
        return self.folder_at(path)

    def remove_folder(self, path: Path) -> PurgeReport:
        """Stop watching a folder, and purge every trace of it from catalogue and store (S16).

        Raises:
            FolderUnknown: If it is not watched.
            StoreFull, StoreUnwritable: If the purge cannot be written.
        """
        folder = self.folder_at(path)
        n_files = self._catalogue.count_files(folder.folder_id)
        with self._catalogue.store_dirty():
            with self._catalogue.transaction():
                removed = self._catalogue.remove_folder(folder.folder_id)
                self._catalogue.set_purge_due(due=True)
            if folder.collection in self._catalogue.collections():
                self._store.remove(folder.collection, removed)
                self._store.purge(folder.collection, self._catalogue.chunks.texts(folder.collection))
            else:
                self._store.drop(folder.collection)
            # The tables of former embedders were made of the same words.
            self._mender.drop_other_tables()
        self._catalogue.scrub()
        self._catalogue.set_purge_due(due=False)
        return PurgeReport(files=n_files, chunks=len(removed))

    def sync(self, collection: str | None = None, *, complete: bool = False) -> SyncReport:
        """Bring the index up to date with all folders, or with those of one collection.

        Args:
            collection: Whose folders.
            complete: Whether `complete` follows, until nothing waits any more.

        Raises:
            CollectionUnknown: If no folder is in the collection.
            Stopped: If `stop` was set; what was committed stays.
            StoreFull, StoreUnwritable, StoreDamaged: If the store is at fault.
        """
        folders = [f for f in self._catalogue.folders() if collection in (None, f.collection)]
        if collection is not None and not folders:
            raise CollectionUnknown(collection)

        def work(tally: Tally) -> None:
            for folder in folders:
                self._sync_folder(folder, tally)
            if complete:
                self._complete(tally, until=lambda: False)

        return self._pass(work, collection)

    def complete(self, *, until: Callable[[], bool]) -> SyncReport | None:
        """Do what can wait, until nothing does or `until` says yes: missing vectors, then pages without text.

        Returns:
            What was done; None if nothing waited.

        Raises:
            As `sync`.
        """
        recognised = self._recogniser is not None and self._catalogue.recognised.next_document() is not None
        if not recognised and not self._catalogue.chunks.has_waiting_for_vectors():
            if self._recogniser is not None:
                self._recogniser.close()  # other work may have come just when it was done
            return None
        return self._pass(lambda tally: self._complete(tally, until=until), None)

    def apply(self, changes: Sequence[FileEvent]) -> SyncReport:
        """Look at the places that the watcher named, and nowhere else (R6).

        Raises:
            As `sync`.
        """
        folders = {f.folder_id: f for f in self._catalogue.folders()}

        def work(tally: Tally) -> None:
            for folder_id in dict.fromkeys(c.folder_id for c in changes):
                if folder_id in folders:
                    paths = list(dict.fromkeys(c.path for c in changes if c.folder_id == folder_id))
                    self._apply(folders[folder_id], paths, tally)

        return self._pass(work, None)

    def retry(self, paths: Sequence[Path] = (), *, complete: bool = False) -> SyncReport:
        """Try failed files again, and pages that could not be recognised: of the named files, or of all.

        Raises:
            FileUnknown: If a named file is not in the ledger.
            Others as `sync`.
        """
        wanted = [os.fsencode(p) for p in paths]
        records = [self._catalogue.find_file(path) for path in wanted] if wanted else self._catalogue.files()
        with self._catalogue.transaction():
            for number, record in enumerate(records):
                if record is None:
                    raise FileUnknown(os.fsdecode(wanted[number]))
                pages = record.sha256 is not None and self._catalogue.recognised.try_again(record.sha256)
                if record.state == "failed" or pages:
                    self._catalogue.set_pending(record.doc_id)
        return self.sync(None, complete=complete)

    def compact(self) -> None:
        """Use an idle moment: merge what was written in pieces, bring the indexes up to date, drop old versions."""
        for collection in self._catalogue.collections():
            self._store.merge(collection, idle=True)
            self._store.renew_worn(collection, self._catalogue.chunks.texts(collection))
        self._catalogue.empty_log()

    def close(self) -> None:
        """End the extractor and close the catalogue."""
        self._extractor.close()
        if self._recogniser is not None:
            self._recogniser.close()
        self._store.close()
        self._catalogue.close()

    # ---- one pass ------------------------------------------------------------------------------------------------

    def _pass(self, work: Callable[[Tally], None], collection: str | None) -> SyncReport:
        started = time.perf_counter()
        tally = Tally()
        try:
            self._mender.mend()
            work(tally)
            self._mark_waiting()
        finally:
            self._extractor.rest()
            self._on_progress(IndexProgress("idle", collection or "", 0, 0, tally.chunks_embedded, ""))
        files = self._catalogue.counts([collection] if collection else None)
        return tally.report(files, total_s=time.perf_counter() - started)

    def _sync_folder(self, folder: WatchedFolder, tally: Tally) -> None:
        started = time.perf_counter()
        self._on_progress(IndexProgress("scan", folder.collection, 0, 0, tally.chunks_embedded, "", folder=folder.path))
        settled = self._catalogue.settled_stamps(folder.folder_id)
        n_settled = len(settled)
        try:
            entries = self._scan(folder, settled)
        except RootGone:
            self._catalogue.set_offline(folder.folder_id, offline=True)
            log.warning("a watched folder cannot be reached; its passages stay")
            return
        if folder.offline_since is not None:
            self._catalogue.set_offline(folder.folder_id, offline=False)
        tally.unchanged += n_settled - len(settled)
        known = self._catalogue.other_files(folder.folder_id, paths=settled)
        tally.scan_s += time.perf_counter() - started
        self._reconcile(folder, entries, known, tally)

    def _scan(self, folder: WatchedFolder, settled: dict[bytes, tuple[int, int, int]]) -> list[Entry]:
        """Walk a folder; one that is suddenly empty is looked at again: an unmounted drive looks the same (R9).

        Files with a settled stamp are taken out of `settled`, and no entry is given for them.
        """
        admission = Admission.of(folder.path, folder.patterns)
        entries = list(scan(admission, settled=settled))
        if not entries and not os.listdir(folder.path) and self._catalogue.count_files(folder.folder_id):
            self._stop.wait(self._empty_wait_s)
            entries = list(scan(admission, settled=settled))
        return entries

    def _apply(self, folder: WatchedFolder, paths: Sequence[bytes], tally: Tally) -> None:
        if not os.path.isdir(folder.path):
            self._catalogue.set_offline(folder.folder_id, offline=True)
            return
        admission = Admission.of(folder.path, folder.patterns)
        if (
            folder.path in paths
            or any(os.path.basename(p) == b".studioloignore" for p in paths)
            or not os.listdir(folder.path)
        ):
            self._sync_folder(folder, tally)
            return
        started = time.perf_counter()
        entries: dict[bytes, Entry] = {}
        known: dict[bytes, KnownFile] = {}
        for path in paths:
            if not is_inside(path, folder.path) or not admission.admits_place(path):
                continue
            for entry in _entries_at(path, admission):
                entries[entry.path] = entry
            here = self._catalogue.known_file(path)
            below = self._catalogue.known_under(path)
            known.update({k.path: k for k in [*([here] if here else []), *below]})
        tally.scan_s += time.perf_counter() - started
        self._reconcile(folder, entries.values(), known, tally)

    def _reconcile(
        self, folder: WatchedFolder, entries: Iterable[Entry], known: dict[bytes, KnownFile], tally: Tally
    ) -> None:
        plan = compare(entries, known)
        tally.unchanged += plan.unchanged
        self._record_skipped(folder, plan, tally)
        self._record_moves(folder, plan, tally)
        self._index_candidates(folder, plan, tally)

    def _index_candidates(self, folder: WatchedFolder, plan: Plan, tally: Tally) -> None:
        # What no new file can be, moved, is forgotten before the long work: it must not be found meanwhile (R8).
        new_sizes = {e.stamp.size_bytes for e, before in plan.candidates if before is None or before.generation == 0}
        self._forget(folder, [k for k in plan.vanished if k.stamp.size_bytes not in new_sizes], tally)
        vanished_or_moved = [k for k in plan.vanished if k.stamp.size_bytes in new_sizes]
        candidates = self._register(folder, plan)
        vanished = {k.sha256: k for k in vanished_or_moved if k.sha256 is not None and k.is_whole}
        n_files = len(candidates)

        def on_step(done: int, path: bytes, pace: Pace) -> None:
            name = os.path.basename(path).decode("utf-8", "replace")
            left, rate = pace.seconds_left, pace.chunks_per_second
            counts = done, n_files, tally.chunks_embedded
            self._on_progress(IndexProgress("index", folder.collection, *counts, name, left, rate, folder.path))

        files = self._file_indexer(tally)
        before = {k.doc_id for k in vanished.values()}
        try:
            files.index(folder, candidates, vanished_by_sha256=vanished, on_step=on_step)
        finally:
            moved_away = before - {k.doc_id for k in vanished.values()}
            # Also after a stop or an error: what is gone from the disk must not be found.
            self._forget(folder, [k for k in vanished_or_moved if k.doc_id not in moved_away], tally)

    def _file_indexer(self, tally: Tally) -> FileIndexer:
        return FileIndexer(
            catalogue=self._catalogue,
            store=self._store,
            embedder=self._embedder,
            extractor=self._extractor,
            recognises=self._recogniser is not None,
            on_file=self._on_file,
            give_way=self._give_way,
            stop=self._stop,
            tally=tally,
        )

    def _complete(self, tally: Tally, *, until: Callable[[], bool]) -> None:
        """Embed what lacks vectors, and recognise pages.

        Raises:
            Stopped: If the stop is set.
        """
        if self._reembedder.run(until=until, tally=tally):
            self._mender.drop_other_tables()
        if self._recogniser is None:
            return
        started = time.perf_counter()
        self._mark_waiting()
        try:
            self._recogniser.run(until=until, renew=lambda document: self._renew(document, tally), tally=tally)
        finally:
            tally.recognise_s += time.perf_counter() - started

    def _mark_waiting(self) -> None:
        """Let the ledger say which documents wait for pages: one that was touched counts as indexed before that."""
        self._catalogue.recognised.mark_files(is_on=self._recogniser is not None)

    def _renew(self, document: WaitingDocument, tally: Tally) -> None:
        """Make the text of a document anew, with the pages that were recognised."""
        self._catalogue.set_pending(document.doc_id)
        folder = next(f for f in self._catalogue.folders() if f.folder_id == document.folder_id)
        entry = look_at(document.path, Admission.of(folder.path, folder.patterns))
        known = self._catalogue.known_file(document.path)
        if entry is not None and entry.problem is None and known is not None:
            again = Candidate(entry, known, "recognised")
            self._file_indexer(tally).index(folder, [again], vanished_by_sha256={}, on_step=lambda *_: None)

    def _register(self, folder: WatchedFolder, plan: Plan) -> list[Candidate]:
        """Put every candidate into the ledger as pending before the first is read, so that the sums always hold."""
        rows: list[Candidate] = []
        with self._catalogue.transaction():
            for entry, before in plan.candidates:
                if before is None:
                    doc_id = self._catalogue.add_pending(folder.folder_id, entry.path, entry.stamp)
                    fresh = KnownFile(
                        doc_id, folder.folder_id, entry.path, "pending", None, entry.stamp, None, 0, None, 0, 0
                    )
                    rows.append(Candidate(entry, fresh, "new"))
                else:
                    self._catalogue.set_pending(before.doc_id)
                    # One that was never indexed before counts as new: it waited, failed or was skipped.
                    is_new = before.generation == 0 and before.state == "pending" and before.code is None
                    rows.append(Candidate(entry, before, "new" if is_new else "changed"))
        return rows

    def _record_skipped(self, folder: WatchedFolder, plan: Plan, tally: Tally) -> None:
        had_chunks = any(before is not None and before.generation > 0 for _, before in plan.skipped)
        removed: list[int] = []
        with self._catalogue.store_dirty() if had_chunks else nullcontext():
            with self._catalogue.transaction():
                for entry, before in plan.skipped:
                    problem = entry.problem or FileProblem("file.unsupported", "")
                    if before is None:
                        tally.added += 1
                        doc_id = self._catalogue.add_pending(folder.folder_id, entry.path, entry.stamp)
                    else:
                        tally.modified += 1
                        doc_id = before.doc_id
                    removed += self._catalogue.set_problem(doc_id, "skipped", problem, entry.stamp)
            if removed:
                self._store.remove(folder.collection, removed)
        for entry, _ in plan.skipped:
            self._say("skipped", folder, entry.path, entry.problem)

    def _record_moves(self, folder: WatchedFolder, plan: Plan, tally: Tally) -> None:
        with self._catalogue.transaction():
            # Two steps, since the paths of two swapped files would collide in one.
            for file, entry in plan.moved:
                self._catalogue.set_path(file.doc_id, folder.folder_id, b"\0" + file.doc_id.encode(), entry.stamp)
            for file, entry in plan.moved:
                self._catalogue.set_path(file.doc_id, folder.folder_id, entry.path, entry.stamp)
        tally.moved += len(plan.moved)
        for _, entry in plan.moved:
            self._say("moved", folder, entry.path)

    def _forget(self, folder: WatchedFolder, vanished: Sequence[KnownFile], tally: Tally) -> None:
        """Forget files that are gone: the catalogue first, so that no reader finds them from then on."""
        if not vanished:
            return
        with self._catalogue.store_dirty() if any(k.generation > 0 for k in vanished) else nullcontext():
            with self._catalogue.transaction():
                removed = self._catalogue.remove_files(k.doc_id for k in vanished)
            self._store.remove(folder.collection, removed)
        tally.deleted += len(vanished)
        for file in vanished:
            self._say("deleted", folder, file.path)

    def folder_at(self, path: Path) -> WatchedFolder:
        """Find the watched folder that a path names, by itself or through links.

        Raises:
            FolderUnknown: If it is not watched.
        """
        return self._catalogue.folder_at(path)

    def _say(self, event: str, folder: WatchedFolder, path: bytes, problem: FileProblem | None = None) -> None:
        self._on_file(
            IndexedFile(
                event=event,  # type: ignore[arg-type]  # one of the words of IndexedFile
                path_text=os.fsdecode(path),
                collection=folder.collection,
                time=now_text(),
                code=problem.code if problem else None,
                reason=problem.reason if problem else None,
            )
        )


def _entries_at(path: bytes, admission: Admission) -> Iterable[Entry]:
    """Give what a scan would see at one path: a file, or everything below a folder, or nothing."""
    entry = look_at(path, admission)
    if entry is not None:
        return [entry]
    if os.path.isdir(path):
        try:
            return list(scan(admission, path))
        except RootGone:
            return []
    return []

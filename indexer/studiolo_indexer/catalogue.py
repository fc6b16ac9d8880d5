"""The truth about files, in SQLite: folders, every file's state, and which generation of its rows counts.

One writer (the indexer), many readers (WAL). synchronous=NORMAL: a power cut may lose the last commits, never damage
the file, and a lost commit only means that a file is indexed again. Paths are kept as bytes beside a display text.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from studiolo_indexer.chunk_rows import CHUNKS_SCHEMA, ChunkRows
from studiolo_indexer.document_names import NAMES_SCHEMA, DocumentNames
from studiolo_indexer.errors import (
    PARTLY_READ,
    PARTLY_READ_REASON,
    VECTORS_WAITING,
    CollectionUnknown,
    FolderUnknown,
    StoreDamaged,
    StoreFull,
    StoreUnwritable,
)
from studiolo_indexer.ledger_rows import (
    LEDGER_SCHEMA,
    RECORD,
    LedgerQuery,
    LedgerRows,
    add_functions,
    display,
    name_key,
    path_words,
    record_of,
)
from studiolo_indexer.recognised_pages import RECOGNISED_SCHEMA, RecognisedPages
from studiolo_indexer.records import (
    FileProblem,
    FileRecord,
    FileStamp,
    FileState,
    IndexedRow,
    KnownFile,
    LedgerCounts,
    WatchedFolder,
)
from studiolo_indexer.scope_rows import ScopeRows
from studiolo_indexer.sqlite_errors import open_database, use_write_ahead_log
from studiolo_indexer.sqlite_schema import ensure_schema

_FIRST = """
CREATE TABLE folders (
    folder_id INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,
    collection TEXT NOT NULL,
    added_at TEXT NOT NULL,
    offline_since TEXT
);
CREATE TABLE files (
    doc_id TEXT PRIMARY KEY,
    folder_id INTEGER NOT NULL REFERENCES folders,
    path BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL,
    code TEXT,
    reason TEXT,
    size_bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    sha256 TEXT,
    media_type TEXT,
    parser TEXT,
    pages INTEGER,
    parts INTEGER,
    chunks INTEGER NOT NULL DEFAULT 0,
    ocr_pages INTEGER NOT NULL DEFAULT 0,
    warnings TEXT NOT NULL DEFAULT '[]',
    seconds REAL,
    indexed_at TEXT,
    generation INTEGER NOT NULL DEFAULT 0,
    embedder TEXT,
    attempts INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX files_by_folder ON files (folder_id, state);
CREATE INDEX files_by_sha256 ON files (sha256);
CREATE TABLE marks (generation INTEGER NOT NULL, store_dirty INTEGER NOT NULL);
INSERT INTO marks VALUES (0, 0);
"""
_PATTERNS = "ALTER TABLE folders ADD COLUMN patterns TEXT NOT NULL DEFAULT '';"
_SCHEMA = (_FIRST, RECOGNISED_SCHEMA, CHUNKS_SCHEMA, _PATTERNS, NAMES_SCHEMA, LEDGER_SCHEMA)


def _is_current(path: Path) -> bool:
    """Tell whether a catalogue has its tables; False for an older one, or one that another thread is just making."""
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            return int(db.execute("PRAGMA user_version").fetchone()[0]) >= len(_SCHEMA)
    except sqlite3.DatabaseError:
        return True  # whatever it is, it is not new: opening it says what is wrong


def now_text() -> str:
    """Give the time as ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Catalogue:
    """One connection; owned by the thread that made it.

    Raises (on construction):
        StoreDamaged: If the file is no catalogue of ours, or of a newer version.
        StoreFull, StoreUnwritable: If it cannot be opened. Every method may raise these three.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        try:
            if not read_only:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = open_database(path, read_only=read_only)
            if not read_only:
                os.chmod(path, 0o600)
        except OSError as error:
            raise StoreUnwritable(f"{path}: {error.strerror}") from error
        if read_only:
            version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        else:
            use_write_ahead_log(self._db)
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA secure_delete=ON")
            add_functions(self._db)
            version = ensure_schema(self._db, _SCHEMA)
        if version != len(_SCHEMA):
            raise StoreDamaged(f"{path.name} is of version {version}, this program knows {len(_SCHEMA)}")
        self.recognised = RecognisedPages(self._db)
        self.chunks = ChunkRows(self._db)
        self.names = DocumentNames(self._db)
        self.scope = ScopeRows(self._db)
        self.ledger = LedgerRows(self._db)
        self._in_hand = path.with_suffix(".in_hand")

    @staticmethod
    def reader(path: Path) -> Catalogue:
        """Open for reading; a catalogue that was never written reads as empty.

        Raises:
            StoreDamaged, StoreUnwritable: As on construction.
        """
        if not _is_current(path):
            Catalogue(path).close()
        return Catalogue(path, read_only=True)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    # ---- reading -------------------------------------------------------------------------------------------------

    def folders(self) -> list[WatchedFolder]:
        """List the watched folders in the order in which they were added."""
        rows = self._db.execute(
            "SELECT folder_id, path, collection, added_at, offline_since, patterns FROM folders ORDER BY folder_id"
        )
        return [WatchedFolder(i, p, display(p), c, at, off, patterns) for i, p, c, at, off, patterns in rows]

    def folder_at(self, path: Path) -> WatchedFolder:
        """Find the watched folder that a path names, by itself or through links.

        Raises:
            FolderUnknown: If it is not watched.
        """
        wanted = {os.fsencode(path), os.fsencode(path.resolve())}
        for folder in self.folders():
            if folder.path in wanted:
                return folder
        raise FolderUnknown(str(path))

    def collections(self) -> list[str]:
        """List the names of the collections."""
        return list(dict.fromkeys(f.collection for f in self.folders()))

    def files(
        self,
        *,
        state: FileState | None = None,
        collection: str | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> list[FileRecord]:
        """Give a slice of the ledger, ordered by path."""
        return self.ledger.rows(LedgerQuery(state, collection), offset=offset, limit=limit)

    def find_file(self, path: bytes) -> FileRecord | None:
        """Find a file of the ledger by its path."""
        row = self._db.execute(RECORD + " WHERE f.path = ?", (path,)).fetchone()
        return None if row is None else record_of(row)

    def find_version(self, sha256: str, collection: str) -> FileRecord | None:
        """Find a file of a collection with this content, by path the first."""
        query = RECORD + " WHERE f.sha256 = ? AND d.collection = ? ORDER BY f.path LIMIT 1"
        row = self._db.execute(query, (sha256, collection)).fetchone()
        return None if row is None else record_of(row)

    def find_copies(self, path: bytes) -> list[FileRecord]:
        """Find the other files whose content is the same, by path."""
        same = " WHERE f.sha256 = (SELECT sha256 FROM files WHERE path = ?) AND f.path <> ? ORDER BY f.path"
        return [record_of(row) for row in self._db.execute(RECORD + same, (path, path))]

    def counts(self, collections: Sequence[str] | None = None) -> LedgerCounts:
        """Count the files by state, of the named collections or of all."""
        query = "SELECT f.state, count(*) FROM files f JOIN folders d USING (folder_id)"
        values: tuple[str, ...] = ()
        if collections is not None:
            query += f" WHERE d.collection IN ({','.join('?' * len(collections))})"
            values = tuple(collections)
        found = dict(self._db.execute(query + " GROUP BY f.state", values).fetchall())
        return LedgerCounts(**{state: found.get(state, 0) for state in ("indexed", "skipped", "failed", "pending")})

    def require_collections(self, names: Sequence[str]) -> None:
        """Check that each collection exists; `documents` does even while nothing was added.

        Raises:
            CollectionUnknown: For the first that does not.
        """
        known = {"documents", *self.collections()}
        for name in names:
            if name not in known:
                raise CollectionUnknown(name)

    def settled_stamps(self, folder_id: int) -> dict[bytes, tuple[int, int, int]]:
        """Give (size, time, inode) of each file that need not be read while these are the same, by path."""
        rows = self._db.execute(
            "SELECT path, size_bytes, mtime_ns, inode FROM files WHERE folder_id = ? AND settled AND state = 'indexed'",
            (folder_id,),
        )
        return {path: (size, mtime, inode) for path, size, mtime, inode in rows.fetchall()}

    def other_files(self, folder_id: int, *, paths: Iterable[bytes]) -> dict[bytes, KnownFile]:
        """Give the files of a folder that have no settled stamp, and those at these paths, by path."""
        known = self._known("folder_id = ? AND NOT (settled AND state = 'indexed')", (folder_id,))
        found = {k.path: k for k in known}
        for path in paths:
            found.update({k.path: k for k in self._known("path = ?", (path,))})
        return found

    def count_files(self, folder_id: int) -> int:
        """Count the files of a folder in the ledger."""
        return int(self._db.execute("SELECT count(*) FROM files WHERE folder_id = ?", (folder_id,)).fetchone()[0])

    def known_file(self, path: bytes) -> KnownFile | None:
        """Give one file as it was last seen."""
        return next(self._known("path = ?", (path,)), None)

    def known_under(self, prefix: bytes) -> list[KnownFile]:
        """Give the files under a folder as they were last seen."""
        return list(self._known("substr(path, 1, ?) = ?", (len(prefix) + 1, prefix + os.fsencode(os.sep))))

    def _known(self, where: str, values: tuple[object, ...]) -> Iterator[KnownFile]:
        rows = self._db.execute(
            "SELECT doc_id, folder_id, path, state, code, size_bytes, mtime_ns, inode, settled, sha256, generation,"
            f" embedder, chunks, attempts FROM files WHERE {where}",
            values,
        )
        for doc_id, folder_id, path, state, code, size, mtime, inode, settled, sha, gen, emb, chunks, tries in rows:
            stamp = FileStamp(size, mtime, inode, bool(settled))
            yield KnownFile(doc_id, folder_id, path, state, code, stamp, sha, gen, emb, chunks, tries)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read everything inside from one state of the catalogue, whatever is written meanwhile; keep it short."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")

    # ---- writing -------------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the writes inside one step.

        Raises:
            StoreFull, StoreUnwritable: If they cannot be kept; then none is.
        """
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # SQLite has rolled back by itself where the disk is full
                self._db.execute("ROLLBACK")
            raise

    def add_folder(self, path: bytes, collection: str) -> WatchedFolder:
        """Record a folder."""
        cursor = self._db.execute(
            "INSERT INTO folders (path, collection, added_at) VALUES (?, ?, ?)", (path, collection, now_text())
        )
        return next(f for f in self.folders() if f.folder_id == cursor.lastrowid)

    def remove_folder(self, folder_id: int) -> list[int]:
        """Forget a folder and all its files; gives the numbers of their chunks, which the store is then to forget."""
        files = self._db.execute("SELECT doc_id FROM files WHERE folder_id = ?", (folder_id,)).fetchall()
        removed = self.remove_files(row[0] for row in files)
        self._db.execute("DELETE FROM folders WHERE folder_id = ?", (folder_id,))
        return removed

    def set_patterns(self, folder_id: int, patterns: str) -> None:
        """Keep what the user leaves out of a folder."""
        self._db.execute("UPDATE folders SET patterns = ? WHERE folder_id = ?", (patterns, folder_id))

    def set_offline(self, folder_id: int, *, offline: bool) -> None:
        """Note that a folder cannot be reached (since when), or can again."""
        query = "UPDATE folders SET offline_since = CASE WHEN ? THEN coalesce(offline_since, ?) END WHERE folder_id = ?"
        self._db.execute(query, (offline, now_text(), folder_id))

    def next_generation(self) -> int:
        """Give a generation that no row has yet."""
        self._db.execute("UPDATE marks SET generation = generation + 1")
        return int(self._db.execute("SELECT generation FROM marks").fetchone()[0])

    def add_pending(self, folder_id: int, path: bytes, stamp: FileStamp) -> str:
        """Record a file at first sight; gives its new id."""
        doc_id = secrets.token_hex(16)
        self._db.execute(
            "INSERT INTO files (doc_id, folder_id, path, name_key, path_words, state, size_bytes, mtime_ns, inode,"
            " settled, number)"
            " VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?, 0, (SELECT coalesce(max(number), 0) + 1 FROM files))",
            (doc_id, folder_id, *_place(path), stamp.size_bytes, stamp.mtime_ns, stamp.inode),
        )
        return doc_id

    def set_pending(self, doc_id: str) -> None:
        """Note that a file waits to be read again; its rows go on serving. What else it waits for is kept."""
        self._db.execute(
            "UPDATE files SET state = 'pending', code = NULL, reason = NULL"
            " WHERE doc_id = ? AND coalesce(code, '') NOT IN (?, ?)",
            (doc_id, PARTLY_READ, VECTORS_WAITING),
        )

    def set_partly_read(self, row: IndexedRow) -> None:
        """Switch a file to the rows of its first pages, until all of it has been read."""
        self.set_indexed(row)
        self._db.execute(
            "UPDATE files SET state = 'pending', code = ?, reason = ? WHERE doc_id = ?",
            (PARTLY_READ, PARTLY_READ_REASON, row.doc_id),
        )

    def take_in_hand(self, doc_id: str | None) -> None:
        """Note which file is being read (None: none is); a crash leaves the mark.

        A small file, not a row: it must go on a full disk too, or a file that is sound would be blamed for that.

        Raises:
            StoreFull, StoreUnwritable: If the mark cannot be made.
        """
        try:
            if doc_id is None:
                self._in_hand.unlink(missing_ok=True)
            else:
                with os.fdopen(os.open(self._in_hand, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
                    stream.write(doc_id)
        except OSError as error:
            kind = StoreFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else StoreUnwritable
            raise kind(f"{self._in_hand.name}: {error.strerror}") from error

    def blame_in_hand(self) -> None:
        """Count an attempt for the file that was being read when the last run ended, if any."""
        if self._in_hand.exists():
            doc_id = self._in_hand.read_text(encoding="utf-8", errors="replace")
            self._db.execute("UPDATE files SET attempts = attempts + 1 WHERE doc_id = ?", (doc_id,))
            self.take_in_hand(None)

    def set_store_dirty(self, *, dirty: bool) -> None:
        """Note that the store may hold rows that no document counts; a crash or a power cut leaves the mark."""
        if dirty:
            self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("UPDATE marks SET store_dirty = ?", (dirty,))
        self._db.execute("PRAGMA synchronous=NORMAL")

    def set_purge_due(self, *, due: bool) -> None:
        """Note that what was removed must leave no trace on the disk; a crash leaves the mark."""
        self._db.execute("UPDATE marks SET purge_due = ?", (due,))

    def purge_is_due(self) -> bool:
        """Tell whether a removal ended in the middle."""
        return bool(self._db.execute("SELECT purge_due FROM marks").fetchone()[0])

    @contextmanager
    def store_dirty(self) -> Iterator[None]:
        """Mark the store while rows and catalogue disagree; what ends in between leaves the mark to be swept later."""
        before = self.store_is_dirty()
        self.set_store_dirty(dirty=True)
        yield
        self.set_store_dirty(dirty=before)

    def store_is_dirty(self) -> bool:
        """Tell whether a write ended in the middle."""
        return bool(self._db.execute("SELECT store_dirty FROM marks").fetchone()[0])

    def set_problem(
        self, doc_id: str, state: FileState, problem: FileProblem, stamp: FileStamp, sha256: str | None = None
    ) -> list[int]:
        """Record that a file is skipped or failed, and remove its chunks; gives their numbers."""
        removed = self.chunks.remove([doc_id])
        self._db.execute(
            "UPDATE files SET state = ?, code = ?, reason = ?, size_bytes = ?, mtime_ns = ?, inode = ?, settled = ?,"
            " sha256 = ?, generation = 0, chunks = 0, pages = NULL, parts = NULL, ocr_pages = 0, attempts = 0,"
            " indexed_at = NULL"
            " WHERE doc_id = ?",
            (state, problem.code, problem.reason, *_stamp(stamp), sha256, doc_id),
        )
        self.recognised.count_done(doc_id)
        self.names.renew(doc_id)
        return removed

    def set_stamp(self, doc_id: str, stamp: FileStamp) -> None:
        """Renew the stamp of a file whose content is the same; it counts as indexed again, unless it still waits."""
        self._db.execute(
            "UPDATE files SET size_bytes = ?, mtime_ns = ?, inode = ?, settled = ?, state = CASE WHEN state = 'pending'"
            " AND generation > 0 AND coalesce(code, '') NOT IN (?, ?) THEN 'indexed' ELSE state END WHERE doc_id = ?",
            (*_stamp(stamp), PARTLY_READ, VECTORS_WAITING, doc_id),
        )

    def set_path(self, doc_id: str, folder_id: int, path: bytes, stamp: FileStamp) -> None:
        """Move a file: its id and its rows stay."""
        self._db.execute(
            "UPDATE files SET folder_id = ?, path = ?, name_key = ?, path_words = ? WHERE doc_id = ?",
            (folder_id, *_place(path), doc_id),
        )
        self.names.renew(doc_id)
        self.set_stamp(doc_id, stamp)

    def set_indexed(self, row: IndexedRow) -> None:
        """Switch a file to the rows of a new generation."""
        self._db.execute(
            "UPDATE files SET state = 'indexed', code = NULL, reason = NULL, size_bytes = ?, mtime_ns = ?, inode = ?,"
            " settled = ?, sha256 = ?, media_type = ?, parser = ?, pages = ?, parts = ?, chunks = ?, ocr_pages = ?,"
            " warnings = ?, seconds = ?, generation = ?, embedder = ?, attempts = 0, indexed_at = ? WHERE doc_id = ?",
            (
                *_stamp(row.stamp), row.sha256, row.media_type, row.parser, row.pages, row.parts, row.chunks,
                row.ocr_pages, json.dumps(row.warnings), row.seconds, row.generation, row.embedder, now_text(),
                row.doc_id,
            ),
        )  # fmt: skip
        self.names.renew(row.doc_id)
        self.recognised.count_done(row.doc_id)

    def remove_files(self, doc_ids: Iterable[str]) -> list[int]:
        """Forget files and their chunks; gives the numbers of the chunks, which the store is then to forget."""
        gone = list(doc_ids)
        removed = self.chunks.remove(gone)
        self._db.executemany("DELETE FROM files WHERE doc_id = ?", [(i,) for i in gone])
        return removed

    def scrub(self) -> None:
        """Drop what deleted rows left in the file and its log (S16)."""
        self.empty_log()
        self._db.execute("VACUUM")
        self.empty_log()

    def empty_log(self) -> None:
        """Move what the log holds into the file, where deleted rows are overwritten; not while a reader needs it."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _place(path: bytes) -> tuple[bytes, str, str]:
    """Give a path with what it is ordered by and looked through for words."""
    return path, name_key(path), path_words(path)


def _stamp(stamp: FileStamp) -> tuple[int, int, int, int]:
    return stamp.size_bytes, stamp.mtime_ns, stamp.inode, int(stamp.settled)

"""Pages whose text must be recognised, and what was recognised, in the catalogue; found by the content of their file.

A row is a page of a content: it waits, was recognised, or failed. When the last file with that content changes or goes,
its rows go with it (S16): the triggers see to that.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from studiolo_indexer.errors import NO_TEXT, NO_TEXT_REASON, OCR_WAITING, OCR_WAITING_REASON
from studiolo_indexer.records import OcrPage, OcrWord

RECOGNISED_SCHEMA = """
CREATE TABLE ocr_pages (
    sha256 TEXT NOT NULL,
    page INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    reason TEXT,
    text TEXT,
    confidence REAL,
    width INTEGER,
    height INTEGER,
    words TEXT,
    PRIMARY KEY (sha256, page)
) WITHOUT ROWID;
ALTER TABLE files ADD COLUMN ocr_done INTEGER NOT NULL DEFAULT 0;
CREATE INDEX ocr_pages_waiting ON ocr_pages (sha256) WHERE state = 'waiting';
CREATE TRIGGER ocr_pages_of_removed AFTER DELETE ON files
WHEN OLD.sha256 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM files WHERE sha256 = OLD.sha256)
BEGIN DELETE FROM ocr_pages WHERE sha256 = OLD.sha256; END;
CREATE TRIGGER ocr_pages_of_changed AFTER UPDATE OF sha256 ON files
WHEN OLD.sha256 IS NOT NULL AND OLD.sha256 IS NOT NEW.sha256
 AND NOT EXISTS (SELECT 1 FROM files WHERE sha256 = OLD.sha256)
BEGIN DELETE FROM ocr_pages WHERE sha256 = OLD.sha256; END;
"""
_UNMERGED = """
SELECT f.doc_id FROM files f JOIN ocr_pages p USING (sha256)
WHERE p.state <> 'waiting' GROUP BY f.doc_id HAVING count(*) > f.ocr_done
"""


@dataclass(frozen=True, slots=True)
class WaitingDocument:
    """A document that waits for the text of its pages; none is left where only its own text must be made anew.

    `done` counts the pages that were tried, `merged` those of them that its text has already, with and without words.
    """

    doc_id: str
    folder_id: int
    collection: str
    path: bytes
    sha256: str
    pages: tuple[int, ...]
    done: int
    merged: int


class RecognisedPages:
    """The table's reader and writer; owned by the thread of the catalogue whose connection it uses."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    # ---- reading -------------------------------------------------------------------------------------------------

    def of(self, sha256: str) -> dict[int, OcrPage]:
        """Give the recognised pages of a content by their number."""
        rows = self._db.execute(
            "SELECT page, text, confidence, width, height, words FROM ocr_pages WHERE sha256 = ? AND state = 'done'",
            (sha256,),
        )
        return {page: _page(*rest) for page, *rest in rows}

    def page(self, sha256: str, page: int) -> OcrPage | None:
        """Give one page of which words were recognised."""
        row = self._db.execute(
            "SELECT text, confidence, width, height, words FROM ocr_pages"
            " WHERE sha256 = ? AND page = ? AND words <> '[]'",
            (sha256, page),
        ).fetchone()
        return None if row is None else _page(*row)

    def failures(self, sha256: str) -> dict[int, str]:
        """Give the pages of a content that could not be recognised, with the reason."""
        query = "SELECT page, reason FROM ocr_pages WHERE sha256 = ? AND state = 'failed' ORDER BY page"
        return dict(self._db.execute(query, (sha256,)).fetchall())

    def confidences(self, pages: Iterable[tuple[str, int]]) -> dict[tuple[str, int], float]:
        """Give the confidence of those pages (sha256, page) of which words were recognised, from 0 to 1."""
        found = {}
        for key in set(pages):
            row = self._db.execute(
                "SELECT confidence FROM ocr_pages WHERE sha256 = ? AND page = ? AND words <> '[]'", key
            ).fetchone()
            if row is not None:
                found[key] = float(row[0])
        return found

    def next_document(self) -> WaitingDocument | None:
        """Give the document with the fewest pages to recognise, so that a letter does not wait for a book."""
        row = self._db.execute(
            "SELECT f.doc_id, f.folder_id, d.collection, f.path, f.sha256, f.ocr_done"
            " FROM files f JOIN folders d USING (folder_id) LEFT JOIN"
            " (SELECT sha256, count(*) AS n FROM ocr_pages WHERE state = 'waiting' GROUP BY sha256) w USING (sha256)"
            " WHERE f.code = ? ORDER BY w.n, f.doc_id LIMIT 1",
            (OCR_WAITING,),
        ).fetchone()
        if row is None:
            return None
        doc_id, folder_id, collection, path, sha256, merged = row
        query = "SELECT page, state FROM ocr_pages WHERE sha256 = ? ORDER BY page"
        states = self._db.execute(query, (sha256,)).fetchall()
        pages = tuple(page for page, state in states if state == "waiting")
        return WaitingDocument(doc_id, folder_id, collection, path, sha256, pages, len(states) - len(pages), merged)

    # ---- writing -------------------------------------------------------------------------------------------------

    def want(self, sha256: str, pages: Iterable[int]) -> None:
        """Let pages of a content wait to be recognised; what became of one before stays."""
        self._db.executemany(
            "INSERT OR IGNORE INTO ocr_pages (sha256, page) VALUES (?, ?)", [(sha256, page) for page in pages]
        )

    def keep(self, sha256: str, number: int, page: OcrPage) -> None:
        """Keep what was recognised on a page that waits."""
        words = json.dumps([[w.start, w.end, *(round(v, 1) for v in _box(w))] for w in page.words])
        self._db.execute(
            "UPDATE ocr_pages SET state = 'done', reason = NULL, text = ?, confidence = ?, width = ?, height = ?,"
            " words = ? WHERE sha256 = ? AND page = ?",
            (page.text, page.confidence, page.width, page.height, words, sha256, number),
        )

    def fail(self, sha256: str, page: int, reason: str) -> None:
        """Note that a page cannot be recognised."""
        query = "UPDATE ocr_pages SET state = 'failed', reason = ? WHERE sha256 = ? AND page = ?"
        self._db.execute(query, (reason, sha256, page))

    def count_done(self, doc_id: str) -> None:
        """Note in a file's row how many pages of its content were recognised when its text was made.

        In the file's row, since copies share the pages; `mark_files` compares.
        """
        self._db.execute(
            "UPDATE files SET ocr_done = (SELECT count(*) FROM ocr_pages p WHERE p.sha256 = files.sha256"
            " AND p.state <> 'waiting') WHERE doc_id = ?",
            (doc_id,),
        )

    def try_again(self, sha256: str) -> bool:
        """Let the failed pages of a content wait again; tells whether there were any."""
        query = "UPDATE ocr_pages SET state = 'waiting', reason = NULL WHERE sha256 = ? AND state = 'failed'"
        return self._db.execute(query, (sha256,)).rowcount > 0

    def mark_files(self, *, is_on: bool) -> None:
        """Let the ledger say which documents wait for this, or none where it is switched off.

        One waits while pages of it do, and while its text lacks some that were recognised (a stop or a crash may come
        between). Switched off, a document stands with the text that it has, and one that has none fails for that.
        """
        if is_on:
            self._db.execute(
                "UPDATE files SET state = 'pending', code = ?, reason = ? WHERE (state = 'indexed' OR code = ?)"
                " AND (sha256 IN (SELECT sha256 FROM ocr_pages WHERE state = 'waiting')"
                f" OR doc_id IN ({_UNMERGED}))",
                (OCR_WAITING, OCR_WAITING_REASON, NO_TEXT),
            )
            return
        self._db.execute(
            "UPDATE files SET state = 'indexed', code = NULL, reason = NULL WHERE code = ? AND generation > 0",
            (OCR_WAITING,),
        )
        self._db.execute(
            "UPDATE files SET state = 'failed', code = ?, reason = ? WHERE code = ?",
            (NO_TEXT, NO_TEXT_REASON, OCR_WAITING),
        )


def _box(word: OcrWord) -> tuple[float, float, float, float]:
    return word.x, word.y, word.width, word.height


def _page(text: str, confidence: float, width: int, height: int, words: str) -> OcrPage:
    return OcrPage(text, confidence, width, height, tuple(OcrWord(*row) for row in json.loads(words)))

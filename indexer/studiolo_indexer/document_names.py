"""The words of documents' names, in the catalogue: which documents does a question name?

They stand in the same file as the documents, so that a rename changes some lines here and no chunk and no vector.
A document's title is in each of its chunks already: counted here once more, it cost `scifact` .03 of its nDCG@10.
"""

from __future__ import annotations

import math
import os
import re
import sqlite3
from collections.abc import Collection, Sequence

from studiolo_indexer.errors import PARTLY_READ, READ_AGAIN_REASON
from studiolo_indexer.full_text import index_words
from studiolo_indexer.sqlite_among import among

NAMES_SCHEMA = f"""
ALTER TABLE chunks ADD COLUMN breaks TEXT NOT NULL DEFAULT '';
CREATE TABLE name_words (
    collection TEXT NOT NULL,
    word TEXT NOT NULL,
    document INTEGER NOT NULL,
    length INTEGER NOT NULL,
    PRIMARY KEY (collection, word, document)
) WITHOUT ROWID;
CREATE INDEX name_words_by_document ON name_words (document);
CREATE TRIGGER name_words_of_removed AFTER DELETE ON files
BEGIN DELETE FROM name_words WHERE document = OLD.number; END;
UPDATE files SET state = 'pending', code = '{PARTLY_READ}', reason = '{READ_AGAIN_REASON}' WHERE generation > 0;
"""
# BM25 as in the full text; a name of so many words is neither long nor short.
_K1, _B, _USUAL_LENGTH = 1.2, 0.75, 6.0
_MOST_COUNTED = 10_000  # of the names that hold a word: behind that it says next to nothing
_WITH = "SELECT document, length FROM name_words WHERE collection = ? AND word = ? AND document"
_APART = re.compile(r"[_\W]+|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


class DocumentNames:
    """The table's reader and writer; owned by the thread of the catalogue whose connection it uses."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._counted: dict[str, tuple[tuple[int, int], int]] = {}

    def renew(self, doc_id: str) -> None:
        """Write a document's words anew, after its path or folder has changed; none where it has no chunks."""
        row = self._db.execute(
            "SELECT f.number, f.path, f.generation, d.collection FROM files f JOIN folders d USING (folder_id)"
            " WHERE f.doc_id = ?",
            (doc_id,),
        ).fetchone()
        if row is None:
            return
        number, path, generation, collection = row
        self._db.execute("DELETE FROM name_words WHERE document = ?", (number,))
        words = name_words(path) if generation > 0 else set()
        self._db.executemany(
            "INSERT INTO name_words VALUES (?, ?, ?, ?)", [(collection, word, number, len(words)) for word in words]
        )

    def scores(self, collection: str, words: Sequence[str], documents: Collection[int]) -> dict[int, float]:
        """Score how well the names of documents match the words of a question, by BM25 over the collection's names.

        Args:
            collection: Whose documents.
            words: Words of the question as the full text has them.
            documents: Numbers of the documents that are wanted.

        Returns:
            The scores above zero.
        """
        found: dict[int, float] = {}
        n_documents = self._count(collection)
        for word in dict.fromkeys(words):
            n_with = self._count_with(collection, word)
            if not n_with:
                continue
            weight = math.log(1 + (n_documents - min(n_with, n_documents) + 0.5) / (n_with + 0.5))
            for document, length in among(self._db, _WITH, documents, before=[collection, word]):
                held = (_K1 + 1) / (1 + _K1 * (1 - _B + _B * length / _USUAL_LENGTH))
                found[document] = found.get(document, 0.0) + weight * held
        return found

    def _count_with(self, collection: str, word: str) -> int:
        query = "SELECT count(*) FROM (SELECT 1 FROM name_words WHERE collection = ? AND word = ? LIMIT ?)"
        return int(self._db.execute(query, (collection, word, _MOST_COUNTED)).fetchone()[0])

    def _count(self, collection: str) -> int:
        """Count a collection's documents; once for each state of the catalogue."""
        now = (int(self._db.execute("PRAGMA data_version").fetchone()[0]), self._db.total_changes)
        known = self._counted.get(collection)
        if known is None or known[0] != now:
            query = (
                "SELECT count(*) FROM files f JOIN folders d USING (folder_id)"
                " WHERE d.collection = ? AND f.generation > 0"
            )
            known = self._counted[collection] = now, int(self._db.execute(query, (collection,)).fetchone()[0])
        return known[1]


def name_words(path: bytes) -> set[str]:
    """Give the words of a document's name as the full text has them, whole and taken apart: of Q3, q3, q and 3."""
    stem = os.path.splitext(os.path.basename(path))[0].decode("utf-8", "replace")
    plain = stem.replace("_", " ")
    return index_words(f"{plain} {_APART.sub(' ', stem)}")

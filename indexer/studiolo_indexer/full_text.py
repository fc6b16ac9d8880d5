"""Full text in Tantivy: one index a collection, so that no statistics mix and no filter can leak.

An index holds the words of chunks under the chunks' numbers, and no text: that stands in the catalogue, from which an
index can be made anew at any time. Deleted words stay in a segment until it is merged; `rewrite` leaves none.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
from collections.abc import Iterable, Sequence, Set
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import tantivy

from studiolo_indexer.errors import StoreDamaged, store_error
from studiolo_indexer.stop_words import stop_words_of
from studiolo_indexer.word_splitting import folded, split_for_index, split_for_query

log = logging.getLogger(__name__)

_TOKENIZER = "studiolo"
_WORD = r"[\p{Alphabetic}\p{M}\p{N}\u{200c}\u{200d}]+"
_CAPITALS = re.compile(r"[A-Z]{2,}")
_LETTERS = re.compile(r"[^\W_]+")
_MOST_BYTES = 130  # of a word: a hash in hex is one
_MOST_WORDS = 64  # of a query: the rarest count
_MOST_QUERY_CHARS = 4000
_FEW_DOCUMENTS, _WIDER = 500, 5
# A set of numbers costs a bit for each chunk of the index: 60 take 0.9 ms, and 0.4 one by one; 3000 take 10, and 16.
_FEW_VALUES = 500
_HEAP_BYTES = 32 << 20
_META = "meta.json"
# An index is written anew where one chunk in so many was deleted, and a small one (under half a second) where any was.
_DELETED_SHARE = 4
_SMALL = 5000

Texts = Iterable[tuple[int, int, str]]
"""(chunk, document, words) of each chunk."""


def index_name(collection: str) -> str:
    """Name a folder without a letter of the user's."""
    return "t" + hashlib.sha256(collection.encode("utf-8", "surrogatepass")).hexdigest()[:24]


class TextIndexes:
    """The full-text indexes below one folder; a handle of its own for each thread, one of which may write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._analyser = analyser()
        self._open: dict[str, Any] = {}  # Any here and below: what Tantivy's types leave open
        self._seen: dict[str, bytes] = {}
        self._writers: dict[str, Any] = {}

    def close(self) -> None:
        """Give back the handles; what was added is committed already."""
        for collection in list(self._writers):
            try:
                self._end_writer(collection)
            except (OSError, ValueError) as error:
                log.info("segments of %s were not merged: %s", index_name(collection), str(error)[:200])
        self._open.clear()
        self._seen.clear()

    # ---- reading -------------------------------------------------------------------------------------------------

    def best(
        self, collection: str, query: str, *, limit: int, only: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Find the chunks that match best by BM25: (chunk, score), best first.

        Args:
            collection: Whose chunks.
            query: The user's words; any text.
            limit: How many, positive.
            only: Numbers of documents to search, or None for all.

        Raises:
            StoreDamaged: If the index cannot be read.
        """
        if only is None or len(only) <= _FEW_DOCUMENTS:
            return self._search(collection, query, limit, None if only is None else ("document", only))
        # Many documents are not named in a query (15 ms for 10,000): all are searched, and those that are wanted kept.
        wanted = set(only)
        found = self._search(collection, query, limit * _WIDER, None, wanted)
        return found[:limit] if len(found) >= limit else self._search(collection, query, limit, ("document", only))

    def scores(self, collection: str, query: str, chunks: Sequence[int]) -> dict[int, float]:
        """Give the BM25 score of those of the chunks that match at all."""
        return dict(self._search(collection, query, len(chunks), ("chunk", chunks))) if chunks else {}

    def chunks(self, collection: str) -> set[int]:
        """List the chunks of a collection's index."""
        index = self._index(collection)
        if index is None:
            return set()
        try:
            searcher = index.searcher()
            hits = searcher.search(tantivy.Query.all_query(), limit=max(1, searcher.num_docs), count=False).hits
            return set(searcher.fast_field_values("chunk", [address for _, address in hits]))
        except (OSError, ValueError) as error:
            raise StoreDamaged(str(error)[:200]) from error

    def count(self, collection: str) -> int:
        """Count the chunks of a collection's index; 0 where it cannot be read."""
        try:
            index = self._index(collection)
        except StoreDamaged:
            return 0
        return 0 if index is None else int(index.searcher().num_docs)

    # ---- writing (the indexer alone) -----------------------------------------------------------------------------

    def add(self, collection: str, texts: Texts) -> None:
        """Add chunks, in one step for readers.

        Raises:
            StoreFull, StoreUnwritable: If they cannot be written; then none is seen.
        """
        self._write(collection, lambda writer: _add(writer, texts))

    def remove(self, collection: str, chunks: Sequence[int]) -> None:
        """Remove chunks, in one step for readers."""
        index = self._index(collection)

        def work(writer: Any) -> None:
            writer.delete_documents_by_query(tantivy.Query.term_set_query(index.schema, "chunk", list(chunks)))

        if chunks and index is not None:
            self._write(collection, work)

    def rewrite(self, collection: str, texts: Texts) -> None:
        """Write an index anew, in one step for readers: what was removed leaves no word on the disk (S16)."""

        def work(writer: Any) -> None:
            writer.delete_all_documents()
            _add(writer, texts)

        self._write(collection, work)
        self.settle(collection)

    def settle(self, collection: str) -> None:
        """Wait until segments are merged, and drop the files that nobody needs; nothing where nothing was written."""
        index = self._index(collection)
        if index is None or collection not in self._writers:
            return
        try:
            self._end_writer(collection)
            writer = index.writer(_HEAP_BYTES, 1)
            writer.garbage_collect_files()
            writer.wait_merging_threads()
        except (OSError, ValueError) as error:
            raise store_error(error) from error

    def is_worn(self, collection: str) -> bool:
        """Tell whether so much was deleted that `rewrite` pays; until then deleted words stay on the disk."""
        try:
            segments = json.loads((self._place(collection) / _META).read_bytes())["segments"]
            deleted = sum((s["deletes"] or {}).get("num_deleted_docs", 0) for s in segments)
            total = sum(s["max_doc"] for s in segments)
            return bool(deleted * _DELETED_SHARE > total or (deleted and total < _SMALL))
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def drop(self, collection: str) -> None:
        """Remove a collection's index from the disk."""
        self._abandon(collection)  # a merge that goes on would write into the folder while it is removed
        self._remove_folder(self._place(collection))

    def drop_others(self, collections: Sequence[str]) -> None:
        """Remove every index from the disk that belongs to none of these collections."""
        kept = {index_name(c) for c in collections}
        for place in self._folder.glob("t*"):
            if place.name not in kept:
                self.close()
                self._remove_folder(place)

    # ---- inside --------------------------------------------------------------------------------------------------

    def _search(
        self,
        collection: str,
        query: str,
        limit: int,
        within: tuple[str, Sequence[int]] | None,
        kept: Set[int] | None = None,
    ) -> list[tuple[int, float]]:
        index = self._index(collection)
        words = query_words(query)
        if index is None or not words:
            return []
        try:
            searcher = index.searcher()
            if len(words) > _MOST_WORDS:
                words = sorted(words, key=lambda w: searcher.doc_freq("words", w))[:_MOST_WORDS]
            wanted = _any_of(index.schema, words, within)
            hits = searcher.search(wanted, limit=limit, count=False).hits
            if kept is not None:
                documents = searcher.fast_field_values("document", [address for _, address in hits])
                hits = [hit for hit, document in zip(hits, documents, strict=True) if document in kept]
            chunks = searcher.fast_field_values("chunk", [address for _, address in hits])
        except (OSError, ValueError) as error:
            raise StoreDamaged(str(error)[:200]) from error
        return [(int(chunk), float(score)) for chunk, (score, _) in zip(chunks, hits, strict=True)]

    def _place(self, collection: str) -> Path:
        return self._folder / index_name(collection)

    def _index(self, collection: str) -> Any:
        """Give a collection's index as it is now on the disk, or None if there is none."""
        meta = self._place(collection) / _META
        try:
            # What it says, not its stamp: two commits within a tick of the clock look the same.
            now = meta.read_bytes()
        except FileNotFoundError:
            self._forget(collection)
            return None
        except OSError as error:
            raise StoreDamaged(f"{meta.parent.name}: {error.strerror}") from error
        try:
            if collection not in self._open:
                index = tantivy.Index.open(str(meta.parent))
                index.register_tokenizer(_TOKENIZER, self._analyser)
                index.config_reader("manual")
                self._open[collection] = index
                self._seen.pop(collection, None)
            if self._seen.get(collection) != now:
                self._open[collection].reload()
                self._seen[collection] = now
        except (OSError, ValueError) as error:
            self._forget(collection)
            raise StoreDamaged(f"{meta.parent.name}: {str(error)[:200]}") from error
        return self._open[collection]

    def _write(self, collection: str, work: Any) -> None:
        done = False
        try:
            writer = self._writer(collection)
            work(writer)
            writer.commit()
            done = True
        except (OSError, ValueError, RuntimeError) as error:
            raise store_error(error) from error
        finally:
            if not done:  # whatever ended it: half of a work must not be committed with the next one
                self._abandon(collection)

    def _abandon(self, collection: str) -> None:
        """Take back what was not committed, and give the lock back; a writer that failed would refuse all after it."""
        writer = self._writers.pop(collection, None)
        if writer is not None:
            with suppress(OSError, ValueError, RuntimeError):
                writer.rollback()
            with suppress(OSError, ValueError, RuntimeError):
                writer.wait_merging_threads()
        self._forget(collection)

    def _writer(self, collection: str) -> Any:
        if collection not in self._writers:
            place = self._place(collection)
            if not (place / _META).exists():
                place.mkdir(parents=True, exist_ok=True, mode=0o700)
                tantivy.Index(_schema(), path=str(place))
            writer = self._writers[collection] = self._index(collection).writer(_HEAP_BYTES, 1)
            # What a kill left before its commit: a file of that name would make this writer's commit fail.
            writer.garbage_collect_files()
        return self._writers[collection]

    def _end_writer(self, collection: str) -> None:
        writer = self._writers.pop(collection, None)
        if writer is not None:
            writer.wait_merging_threads()

    def _forget(self, collection: str) -> None:
        self._writers.pop(collection, None)
        self._open.pop(collection, None)
        self._seen.pop(collection, None)

    @staticmethod
    def _remove_folder(place: Path) -> None:
        try:
            shutil.rmtree(place)
        except FileNotFoundError:
            log.debug("%s was gone already", place.name)
        except OSError as error:
            raise store_error(error) from error


def query_words(query: str) -> list[str]:
    """Give the words of a query in the index's form, each once; stop words only where there are no others."""
    asked = split_for_query(query[:_MOST_QUERY_CHARS])
    said = stop_words_of(map(folded, _LETTERS.findall(asked)))

    def without(word: re.Match[str]) -> str:
        # In capitals it is a name: IT, US, WHO.
        is_name = _CAPITALS.fullmatch(word[0]) is not None and not asked.isupper()
        return word[0] if is_name or folded(word[0]) not in said else " "

    # Words, not their forms: "does" and Doe, "own" and owned have one form.
    forms = _own_analyser().analyze
    return list(dict.fromkeys(forms(_LETTERS.sub(without, asked)) or forms(asked)))


def index_words(text: str) -> set[str]:
    """Give the words of a short text in the form that the index has."""
    return set(_own_analyser().analyze(split_for_index(text)))


@cache
def _own_analyser() -> Any:
    return analyser()


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", tokenizer_name=_TOKENIZER, index_option="freq")
    builder.add_unsigned_field("chunk", indexed=True, fast=True)
    builder.add_unsigned_field("document", indexed=True, fast=True)
    return builder.build()


def analyser() -> Any:
    """Words of letters, marks and digits, without accents; English endings are cut, which other languages survive."""
    keep = tantivy.Filter
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(_WORD))
    for step in (keep.remove_long(_MOST_BYTES), keep.lowercase(), keep.ascii_fold(), keep.stemmer("english")):
        builder = builder.filter(step)
    return builder.build()


def _add(writer: Any, texts: Texts) -> None:
    for chunk, document, words in texts:
        row = tantivy.Document()
        row.add_text("words", split_for_index(words))
        row.add_unsigned("chunk", chunk)
        row.add_unsigned("document", document)
        writer.add_document(row)


def _any_of(schema: Any, words: Sequence[str], within: tuple[str, Sequence[int]] | None) -> Any:
    query = tantivy.Query
    should = [(tantivy.Occur.Should, query.term_query(schema, "words", word, "freq")) for word in words]
    wanted = query.boolean_query(should)
    if within is None:
        return wanted
    field, values = within
    if len(values) <= _FEW_VALUES:
        numbered = [(tantivy.Occur.Should, query.term_query(schema, field, int(value))) for value in values]
        among = query.boolean_query(numbered)
    else:
        among = query.term_set_query(schema, field, list(values))
    among = query.const_score_query(among, 0.0)
    return query.boolean_query([(tantivy.Occur.Must, wanted), (tantivy.Occur.Must, among)])

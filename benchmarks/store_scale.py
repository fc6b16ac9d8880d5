"""How search, size on disk and memory grow with the index: synthetic vectors and text through the real store.

    .venv/bin/python benchmarks/store_scale.py [--chunks 100000] [--home FOLDER]

Vectors lie around 2,000 centres, as those of passages do; texts are drawn from 50,000 words by the law of Zipf. A
search is vector, text and fusion, with the query embedded by the real embedder. With `--home` the index is kept and
used again. What a chunk costs at the end against the first 30,000 is told of the writing alone, and with the embedding
of real texts of that length, which the real indexer does beside it (reading the files comes to both alike, and is left
out). Bars: p95 of 20 ms at 100,000 chunks and 50 ms at 1,000,000; recall@10 against exact search .98 and .95;
disk at most 2.5 times the text; 1.5 GB of memory; a chunk at most 1.5 times its first cost.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.pipeline import CATALOGUE_FILE
from studiolo_indexer.records import Chunk, Embedder, FileStamp, IndexedRow, Vectors
from studiolo_indexer.search import Searcher
from studiolo_indexer.store import Store

CHUNKS_A_DOCUMENT = 10
DOCUMENTS_A_BATCH = 1000
WORDS_A_CHUNK = 110
N_WORDS, N_CENTRES = 50_000, 2_000
SPREAD = 0.9  # of the noise around a centre, whose own length is 1
QUERIES = 200
QUESTIONS = (
    "How many days of unused leave may be carried over into the next year?",
    "notice period for ending the contract",
    "Who approves the travel expenses of the board, and until when?",
    "Which sensor warns the driver before a collision?",
    "late payment interest",
)
BARS = {100_000: (20.0, 0.98), 1_000_000: (50.0, 0.95)}
COLLECTION = "documents"
POOL = 60  # as a search asks for
EXACT_AT_ONCE = 20_000
FIRST_BATCHES = 3
GROWTH_BAR = 1.5
DOCS = Path(__file__).resolve().parent.parent / "docs"
MEGABYTE = 1 << 20


class Corpus:
    """Makes the same texts and vectors in every run."""

    def __init__(self, dimension: int) -> None:
        self.random = np.random.default_rng(0)
        spell = random.Random(0)  # noqa: S311 - a fixed workload, no secret
        letters = "abcdefghijklmnopqrstuvwxyz"
        lengths = [spell.randint(3, 11) for _ in range(N_WORDS)]
        self.words = np.array(["".join(spell.choices(letters, k=n)) for n in lengths], dtype=object)
        weights = 1.0 / np.arange(1, N_WORDS + 1)
        self._weights = np.cumsum(weights / weights.sum())
        self._centres = _unit(self.random.standard_normal((N_CENTRES, dimension)))

    def texts(self, count: int, n_words: int) -> list[str]:
        """Give texts of so many words."""
        numbers = np.searchsorted(self._weights, self.random.random((count, n_words)))
        return [" ".join(row) for row in self.words[np.minimum(numbers, N_WORDS - 1)]]

    def vectors(self, count: int) -> Vectors:
        """Give vectors of length 1: float32, shape (count, dimension)."""
        centres = self._centres[self.random.integers(0, N_CENTRES, count)]
        noise = self.random.standard_normal(centres.shape) * SPREAD / np.sqrt(centres.shape[1])
        vectors: Vectors = _unit(centres + noise).astype(np.float32)
        return vectors


class Aimed:
    """The real embedder, which embeds a question of real words in its time, with a vector of the corpus for each query.

    The corpus' own words are none: each is five tokens, where a word of a question is one or two.
    """

    def __init__(self, embedder: Embedder, corpus: Corpus) -> None:
        self._embedder = embedder
        self.identity, self.dimension, self.max_tokens = embedder.identity, embedder.dimension, embedder.max_tokens
        self.targets = corpus.vectors(QUERIES)
        self.asked = 0

    def embed_query(self, text: str) -> Vectors:
        """Spend the time of the real one."""
        self._embedder.embed_query(QUESTIONS[self.asked % len(QUESTIONS)])
        self.asked += 1
        vector: Vectors = self.targets[(self.asked - 1) % QUERIES]
        return vector

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed as the real one does."""
        return self._embedder.embed_documents(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count as the real one does."""
        return self._embedder.count_tokens(texts)


def build(paths: AppPaths, embedder: Embedder, corpus: Corpus, n_chunks: int) -> float:
    """Write an index as the indexer does; gives how many times its first cost a chunk takes at the end."""
    catalogue = Catalogue(paths.index / CATALOGUE_FILE)
    store = Store(paths.index, dimension=embedder.dimension, embedder=embedder.identity)
    folder = catalogue.add_folder(b"/synthetic", COLLECTION)
    seconds = []
    for first in range(0, n_chunks // CHUNKS_A_DOCUMENT, DOCUMENTS_A_BATCH):
        texts = corpus.texts(DOCUMENTS_A_BATCH * CHUNKS_A_DOCUMENT, WORDS_A_CHUNK)
        vectors = corpus.vectors(len(texts))
        started = time.perf_counter()
        write(catalogue, store, folder.folder_id, first, texts, vectors, embedder.identity)
        store.merge(COLLECTION, idle=False)
        seconds.append(time.perf_counter() - started)
    started = time.perf_counter()
    store.vectors.merge(COLLECTION, idle=True, purge=True)
    store.texts.settle(COLLECTION)
    catalogue.empty_log()
    print(f"written in {sum(seconds):.0f} s, merged at the end in {time.perf_counter() - started:.0f} s")
    store.close()
    catalogue.close()
    batch = DOCUMENTS_A_BATCH * CHUNKS_A_DOCUMENT
    first_ms = statistics.mean(seconds[:FIRST_BATCHES]) / batch * 1000
    last_ms = statistics.mean(seconds[-max(1, len(seconds) // 10) :]) / batch * 1000
    embed_ms = embedding_ms(embedder)
    growth = (embed_ms + last_ms) / (embed_ms + first_ms)
    print(
        f"a chunk: written in {first_ms:.2f} ms at first, {last_ms:.2f} at the end ({last_ms / first_ms:.2f} times), "
        f"embedded in {embed_ms:.1f} ms; together {growth:.2f} times (bar {GROWTH_BAR})"
    )
    return growth


def embedding_ms(embedder: Embedder) -> float:
    """Give the milliseconds that a chunk of real text of the same length takes to embed."""
    words = " ".join(page.read_text(encoding="utf-8") for page in sorted(DOCS.glob("*.md"))).split()
    texts = [" ".join(words[at : at + WORDS_A_CHUNK]) for at in range(0, len(words), WORDS_A_CHUNK)]
    embedder.embed_documents(texts[:8])
    started = time.perf_counter()
    embedder.embed_documents(texts)
    return (time.perf_counter() - started) / len(texts) * 1000


def write(
    catalogue: Catalogue, store: Store, folder_id: int, first: int, texts: list[str], vectors: Vectors, embedder: str
) -> None:
    """Write one batch of documents of `CHUNKS_A_DOCUMENT` chunks, in the order of writes of the indexer."""
    with catalogue.transaction():
        numbers = catalogue.chunks.new_numbers(len(texts))
        stamps = [FileStamp(1, 1, first + at + 1) for at in range(len(texts) // CHUNKS_A_DOCUMENT)]
        doc_ids = [
            catalogue.add_pending(folder_id, f"/synthetic/{first + at // 100}/{first + at}.txt".encode(), stamp)
            for at, stamp in enumerate(stamps)
        ]
        documents = [catalogue.chunks.number_of(doc_id) for doc_id in doc_ids]
        store.add(COLLECTION, numbers, [d for d in documents for _ in range(CHUNKS_A_DOCUMENT)], texts, vectors)
        generation = catalogue.next_generation()
        for at, (doc_id, document, stamp) in enumerate(zip(doc_ids, documents, stamps, strict=True)):
            mine = slice(at * CHUNKS_A_DOCUMENT, (at + 1) * CHUNKS_A_DOCUMENT)
            chunks = [
                Chunk(ordinal, ordinal * 1000, ordinal * 1000 + len(text), text, "", "", "section", None)
                for ordinal, text in enumerate(texts[mine])
            ]
            catalogue.chunks.add(document, chunks, numbers[mine])
            catalogue.set_indexed(_row(doc_id, stamp, generation, embedder))


def _row(doc_id: str, stamp: FileStamp, generation: int, embedder: str) -> IndexedRow:
    return IndexedRow(
        doc_id, stamp, doc_id * 2, "text/plain", "plain", None, 1, CHUNKS_A_DOCUMENT, 0, (), 0.0, generation, embedder
    )


def exact_neighbours(paths: AppPaths, embedder: Aimed) -> list[set[int]]:
    """Give the ten nearest chunks of each query by comparing with all of them."""
    store = Store(paths.index, dimension=embedder.dimension, embedder=embedder.identity)
    best: list[list[tuple[float, int]]] = [[] for _ in range(QUERIES)]
    numbers = store.vectors.chunks(COLLECTION)
    for at in range(0, len(numbers), EXACT_AT_ONCE):
        found = store.vectors.vectors(COLLECTION, numbers[at : at + EXACT_AT_ONCE])
        keys, vectors = list(found), np.stack(list(found.values()))
        scores = embedder.targets @ vectors.T
        top = np.argpartition(-scores, 10, axis=1)[:, :10]
        for query in range(QUERIES):
            best[query] += [(float(scores[query, column]), keys[column]) for column in top[query]]
            best[query] = sorted(best[query], reverse=True)[:10]
    store.close()
    return [{key for _, key in rows} for rows in best]


def measure(paths: AppPaths, aimed: Aimed, corpus: Corpus) -> tuple[float, float]:
    """Print the times of searches; gives p95 in milliseconds and recall@10 of the vector half."""
    exact = exact_neighbours(paths, aimed)
    searcher = Searcher(data_folder=paths.index, embedder=aimed)
    queries = corpus.texts(QUERIES, 5)
    for query in queries[:10]:
        searcher.search(query)
    aimed.asked = 0
    times, steps = [], []
    for query in queries:
        started = time.perf_counter()
        result = searcher.search(query)
        times.append((time.perf_counter() - started) * 1000)
        steps.append(result.milliseconds)
    hits = 0
    store = Store(paths.index, dimension=aimed.dimension, embedder=aimed.identity)
    for target, wanted in zip(aimed.targets, exact, strict=True):
        found, _ = store.vectors.near(COLLECTION, target, limit=POOL)
        hits += len(set(list(found)[:10]) & wanted)
    store.close()
    searcher.close()
    for name in ("embed", "vector", "text", "fuse"):
        print(f"  {name:7} median {statistics.median(getattr(s, name) for s in steps):6.1f} ms")
    return sorted(times)[int(0.95 * len(times))], hits / (10 * QUERIES)


def _unit(vectors: Any) -> Any:  # Any: numpy arrays
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def main() -> int:
    """Build or open, and measure; gives 1 where a bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Workspace(AppPaths(options.home or Path(scratch)))
        paths, embedder = workspace.paths, workspace.embedder()
        corpus = Corpus(embedder.dimension)
        aimed = Aimed(embedder, corpus)
        growth = 1.0
        if not (paths.index / CATALOGUE_FILE).exists():
            growth = build(paths, embedder, corpus, options.chunks)
        p95, recall = measure(paths, aimed, corpus)
        text_bytes = options.chunks * statistics.mean(len(text) for text in corpus.texts(1000, WORDS_A_CHUNK))
        size = sum(p.stat().st_size for p in paths.index.rglob("*") if p.is_file())
        memory = psutil.Process().memory_info().rss
        most_ms, least_recall = BARS.get(options.chunks, (float("inf"), 0.0))
        print(
            f"search p95 {p95:.1f} ms (bar {most_ms}), recall@10 {recall:.3f} (bar {least_recall}), on disk "
            f"{size / MEGABYTE:.0f} MB, {size / text_bytes:.2f} times the text (bar 2.5), "
            f"memory {memory / MEGABYTE:.0f} MB"
        )
        return int(p95 > most_ms or recall < least_recall or growth > GROWTH_BAR)


if __name__ == "__main__":
    sys.exit(main())

"""How long does it take to examine every document, against what the full-text index alone could tell?

    .venv/bin/python benchmarks/find_all.py [--chunks 100000] [--documents 38000] [--home FOLDER]

Synthetic documents of words as frequent as in real texts, in a catalogue and a full-text index without vectors; with
`--home` the documents of a data folder instead. Bar: 100,000 chunks in 10 s, and a stop within 0.1 s. What the
full-text index takes to list the chunks with a word is the floor of a search that would ask it first.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

import tantivy

from studiolo import messages
from studiolo.desk import Cancelled, Job, Json
from studiolo.find_desk import FindDesk
from studiolo.find_run import joined
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.full_text import TextIndexes
from studiolo_indexer.pipeline import CATALOGUE_FILE
from studiolo_indexer.records import Chunk, FileStamp, IndexedRow

WORDS_A_CHUNK, N_WORDS = 110, 50_000
A_BATCH = 1000
MOST_S, MOST_STOP_S = 10.0, 0.1
COLLECTION = "documents"
QUERIES = ("{rare}", "{common} {rare}", "{common} {other}", '"{common} {other}"')


def vocabulary(random_: random.Random) -> tuple[list[str], list[float]]:
    """Give made-up words, and how often each is used up to it."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(random_.choices(letters, k=random_.randint(3, 11))) for _ in range(N_WORDS)]
    sums, total = [], 0.0
    for rank in range(1, N_WORDS + 1):
        total += 1 / rank
        sums.append(total)
    return words, sums


def build(paths: AppPaths, n_chunks: int, n_documents: int) -> list[str]:
    """Write the documents; gives the words, the commonest first."""
    random_ = random.Random(0)  # noqa: S311 - a fixed workload, no secret
    words, sums = vocabulary(random_)
    catalogue, texts = Catalogue(paths.index / CATALOGUE_FILE), TextIndexes(paths.index / "texts")
    folder = catalogue.add_folder(b"/synthetic", COLLECTION).folder_id
    bounds = [n_chunks * at // n_documents for at in range(n_documents + 1)]
    for first in range(0, n_documents, A_BATCH):
        rows: list[tuple[int, int, str]] = []
        with catalogue.transaction():
            generation = catalogue.next_generation()
            for at in range(first, min(first + A_BATCH, n_documents)):
                stamp = FileStamp(1, 1, at + 1)
                doc_id = catalogue.add_pending(folder, f"/synthetic/{at // 100:03}/{at:05}.txt".encode(), stamp)
                number, chunks = catalogue.chunks.number_of(doc_id), []
                for ordinal in range(bounds[at + 1] - bounds[at]):
                    text = " ".join(random_.choices(words, cum_weights=sums, k=WORDS_A_CHUNK)) + "."
                    chunks.append(
                        Chunk(ordinal, ordinal * 2000, ordinal * 2000 + len(text), text, "", "", "section", None)
                    )
                numbers = catalogue.chunks.new_numbers(len(chunks))
                catalogue.chunks.add(number, chunks, numbers)
                rows += [(n, number, c.text) for n, c in zip(numbers, chunks, strict=True)]
                catalogue.set_indexed(
                    IndexedRow(
                        doc_id,
                        stamp,
                        doc_id * 2,
                        "text/plain",
                        "plain",
                        None,
                        1,
                        len(chunks),
                        0,
                        (),
                        0.0,
                        generation,
                        "e",
                    )
                )
        texts.add(COLLECTION, rows)
    texts.settle(COLLECTION)
    texts.close()
    catalogue.close()
    return words


def listing_s(paths: AppPaths, word: str) -> tuple[float, int]:
    """Give the seconds that the full-text index takes to list the chunks with a word, and how many there are."""
    index = TextIndexes(paths.index / "texts")._index(COLLECTION)
    started = time.perf_counter()
    searcher = index.searcher()
    query = tantivy.Query.term_query(index.schema, "words", word, "freq")
    hits = searcher.search(query, limit=searcher.num_docs, count=False).hits
    numbers = searcher.fast_field_values("chunk", [address for _, address in hits])
    return time.perf_counter() - started, len(numbers)


def stop_s(desk: FindDesk, query: str) -> float:
    """Give the seconds from a stop to the end of an examination."""
    stopped_at = 0.0
    job = Job(emit=lambda event: cancel())

    def cancel() -> None:
        nonlocal stopped_at
        stopped_at = stopped_at or time.perf_counter()
        job.cancel.set()

    try:
        desk.handle(messages.FindAll(id="s", query=query), job)
    except Cancelled:
        return time.perf_counter() - stopped_at
    return 0.0


def wait_of_another_thread(desk: FindDesk, query: str) -> float:
    """Give the longest time for which another thread that wants to do a little did not get its turn."""
    waits, done = [0.0], threading.Event()

    def tick() -> None:
        while not done.is_set():
            started = time.perf_counter()
            done.wait(0.005)
            waits.append(time.perf_counter() - started - 0.005)

    thread = threading.Thread(target=tick)
    thread.start()
    desk.handle(messages.FindAll(id="w", query=query), Job())
    done.set()
    thread.join()
    return sorted(waits)[int(0.99 * len(waits))]


def main() -> int:
    """Print every figure; gives 1 where a bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--documents", type=int, default=38_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("queries", nargs="*")
    options = parser.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        paths = AppPaths(options.home or Path(scratch))
        paths.create()
        queries = options.queries or ["change of control"]
        if options.home is None:
            words = build(paths, options.chunks, options.documents)
            names = {"common": words[20], "other": words[50], "rare": words[30_000]}
            queries = [query.format(**names) for query in QUERIES]
            for name in ("rare", "common"):
                seconds, count = listing_s(paths, names[name])
                print(f"the full-text index lists {count:,} chunks with a {name} word in {seconds * 1000:.1f} ms")
        desk = FindDesk(Workspace(paths))
        for query in queries:
            started = time.perf_counter()
            pieces: list[Json] = []
            while not pieces or not pieces[-1]["complete"]:
                after = pieces[-1]["after"] if pieces else None
                pieces.append(desk.handle(messages.FindAll(id="f", query=query, after=after), Job()))
            seconds, result = time.perf_counter() - started, joined(pieces)
            worst = max(worst, seconds)
            print(
                f"{query!r}: {result['examined']:,} documents examined, {result['with_hits']:,} with a hit, "
                f"{len(result['hits']):,} places: {seconds:.2f} s (bar {MOST_S:.0f})"
            )
        stopped, waited = stop_s(desk, queries[0]), wait_of_another_thread(desk, queries[-1])
        print(f"stopped within {stopped * 1000:.0f} ms (bar 100); another thread waits {waited * 1000:.1f} ms (p99)")
    return int(worst > MOST_S or stopped > MOST_STOP_S)


if __name__ == "__main__":
    sys.exit(main())

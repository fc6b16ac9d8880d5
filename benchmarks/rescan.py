"""A scan of 38,366 files that nobody touched, against `find` over the same tree, in one run.

    .venv/bin/python benchmarks/rescan.py --data FOLDER [--runs N]

The files of `load-tldr-38k.tar.xz` are indexed once, with an embedder that only counts words (what is embedded plays no
part here); then whole syncs and `find -printf` go in turns. Bars: 0 bytes read, 0 texts embedded, 3 times find's time.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from threading import Event

from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_models.fakes import FakeEmbedder

BAR = 3.0


def find(root: Path) -> float:
    """Let `find` look at every file as a scan does; gives the seconds."""
    started = time.perf_counter()
    subprocess.run(["find", root, "-printf", "%p %s %T@ %i\\n"], check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> int:
    """Measure, print, and exit with 1 where a bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    if options.data is None:
        print("left out: needs --data FOLDER")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, "files")
        with tarfile.open(options.data / "load-tldr-38k.tar.xz") as archive:
            archive.extractall(root, filter="data")
        workspace = Workspace(AppPaths(Path(scratch, "home")))
        indexer = workspace.indexer(
            FakeEmbedder(), on_file=lambda file: None, on_progress=lambda progress: None, stop=Event()
        )
        indexer.add_folder(root, collection="documents")
        first = indexer.sync()
        indexer.compact()
        print(f"{first.files.on_disk:,} files, {first.chunks_embedded:,} texts, indexed in {first.total_s:.0f} s")
        ours, theirs, read, embedded = [], [], 0, 0
        for _ in range(options.runs):
            theirs.append(find(root))
            started = time.perf_counter()
            report = indexer.sync()
            ours.append(time.perf_counter() - started)
            read += report.bytes_read
            embedded += report.chunks_embedded
        indexer.close()
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(
        f"scan {statistics.median(ours):.2f} s, find {statistics.median(theirs):.2f} s: {ratio:.2f} times (bar {BAR}); "
        f"{read} bytes read, {embedded} texts embedded (bar 0)"
    )
    return int(ratio > BAR or read > 0 or embedded > 0)


if __name__ == "__main__":
    sys.exit(main())

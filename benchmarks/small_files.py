"""How many small Markdown files are read and extracted a second, through real extractor processes.

    .venv/bin/python benchmarks/small_files.py --data FOLDER [--processes 2] [--files 38366]

Uses `load-tldr-38k.tar.xz`, unpacked into a temporary folder: each file is read as the indexer reads it (stat, read,
hash, stat) and goes through a child. Bar: 1,500 files/s on two cores.
"""

from __future__ import annotations

import argparse
import sys
import tarfile
import tempfile
import threading
import time
from pathlib import Path

from studiolo_indexer.admission import MAX_FILE_BYTES
from studiolo_indexer.extraction import Extractor
from studiolo_indexer.reading import read_stable

ARCHIVE = "load-tldr-38k.tar.xz"
WORKER = [sys.executable, "-I", "-m", "studiolo.guarded", "studiolo_indexer.extract_worker"]


def extract_all(paths: list[bytes], characters: list[int]) -> None:
    """Extract files through one child; adds the characters of each text."""
    extractor = Extractor(command=WORKER)
    for path in paths:
        document = extractor.extract(read_stable(path, max_bytes=MAX_FILE_BYTES).data, name=path.decode())
        characters.append(len(document.text))
    extractor.close()


def main() -> None:
    """Print the rate."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--files", type=int, default=10**9)
    options = parser.parse_args()
    if options.data is None:
        print("left out: needs --data FOLDER")
        return
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(options.data / ARCHIVE) as archive:
            archive.extractall(folder, filter="data")
        paths = sorted(str(p).encode() for p in Path(folder).rglob("*.md"))[: options.files]
        characters: list[int] = []
        shares = [paths[i :: options.processes] for i in range(options.processes)]
        threads = [threading.Thread(target=extract_all, args=(share, characters)) for share in shares]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - started
    assert len(characters) == len(paths)
    print(
        f"{len(paths):,} files ({sum(characters):,} characters) with {options.processes} extractors: {seconds:.1f} s, "
        f"{len(paths) / seconds:,.0f} files/s (bar: 1,500)"
    )


if __name__ == "__main__":
    main()

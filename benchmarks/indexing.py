"""Indexes a folder of PDFs with the command line: pages found again, and what a second run and a touch cost.

    .venv/bin/python benchmarks/indexing.py --data FOLDER

Uses `northwind-hr/files` (6 files, 263 pages). Bars: every page with a text layer is found by a search for its own
words; a second run embeds 0 chunks and reads 0 bytes; a run after a touch of all files embeds 0 chunks.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

STUDIOLO = Path(sys.executable).with_name("studiolo")
SET = "northwind-hr"
WORDS_A_QUERY = 24
Json = dict[str, Any]  # Any: a JSON document


def studiolo(home: Path, *arguments: str) -> Any:  # Any: a JSON document
    """Run a command and give its result."""
    done = subprocess.run([STUDIOLO, *arguments, "--home", home, "--json"], check=False, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def say(what: str, report: Json) -> None:
    """Print one run."""
    files, changed, seconds = report["files"], report["changed"], report["seconds"]
    print(
        f"{what:12} {files['indexed']}/{files['on_disk']} files indexed, {changed['unchanged']} unchanged, "
        f"{report['chunks_embedded']} chunks embedded, {report['bytes_read']:,} bytes read, {seconds['total']:.2f} s "
        f"(scan {seconds['scan']:.2f}, extract {seconds['extract']:.2f}, embed {seconds['embed']:.2f}, "
        f"write {seconds['write']:.2f})"
    )


def page_queries(home: Path, files: list[Path]) -> tuple[list[Json], int]:
    """Give a query for each page made of its own words from the middle, and how many pages have none."""
    queries, empty = [], 0
    for path in files:
        document = studiolo(home, "text", str(path))
        for part in document["parts"]:
            words = document["text"][part["start"] : part["end"]].split()
            middle = max(0, len(words) // 2 - WORDS_A_QUERY // 2)
            query = " ".join(words[middle : middle + WORDS_A_QUERY])
            if query:
                queries.append({"id": [path.name, int(part["label"])], "query": query})
            else:
                empty += 1
    return queries, empty


def pages_found(home: Path, queries: list[Json], scratch: Path) -> list[Json]:
    """Give the pages that a search for their own words does not find among ten passages."""
    asked, out = scratch / "queries.jsonl", scratch / "found.jsonl"
    asked.write_text("\n".join(json.dumps(q) for q in queries), encoding="utf-8")
    command: list[str | Path] = [STUDIOLO, "search", "--queries", asked, "-k", "10", "--out", out, "--home", home]
    subprocess.run(command, check=True, capture_output=True)
    missed = []
    for line in out.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["id"] not in [[Path(p["path"]).name, p["page"]] for p in row["passages"]]:
            missed.append(row["id"])
    return missed


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    data = parser.parse_args().data
    if data is None:
        print("left out: needs --data FOLDER")
        return
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        home, files = scratch / "home", scratch / "files"
        shutil.copytree(data / SET / "files", files)
        studiolo(home, "add", str(files))
        say("first run", studiolo(home, "sync"))
        say("second run", studiolo(home, "sync"))
        paths = sorted(files.iterdir())
        for path in paths:
            path.touch()
        say("touched", studiolo(home, "sync"))
        pages = sum(row["pages"] or 0 for row in studiolo(home, "files"))
        queries, empty = page_queries(home, paths)
        missed = pages_found(home, queries, scratch)
        print(
            f"{pages} pages, {empty} without text; {len(queries) - len(missed)} of {len(queries)} found among ten "
            f"passages by their own words; missed: {missed or 'none'}"
        )


if __name__ == "__main__":
    main()

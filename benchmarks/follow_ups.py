"""Are follow-up questions understood, and are questions that stand on their own left alone?

    .venv/bin/python benchmarks/follow_ups.py [--data FOLDER] [--home FOLDER]

Conversations of our own (`follow_ups.jsonl`) over the examples, and with `--data` over the set `northwind-hr`: the last
question of each is searched as it stands, behind the question before it, and as the product completes it. Then the
questions of the sets are asked in a row, as if they were one talk: none of them follows the one before it.

The rules were written with these conversations in view, so their figures say that the rules do what they are for; the
questions in a row, of sets that others made, say what they cost.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from retrieval import in_home  # type: ignore[import-not-found]  # beside this script

from studiolo.answerable import is_answerable
from studiolo.desk import Job
from studiolo.evidence import find_evidence
from studiolo.follow_ups import resolve
from studiolo.index_desk import IndexDesk
from studiolo.messages import AddFolder, Sync
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_indexer.records import Passage
from studiolo_indexer.search import Searcher

ROOT = Path(__file__).resolve().parent.parent
FIRST, ASKED = 5, 6
MOST_CHANGED = 0.01
LEAST_FOUND = 0.95
IN_A_ROW = ("northwind-hr", "productdocs", "chunk-spans", "sec10q", "xquad/en", "xquad/de", "xquad/es", "squad2")
Row = dict[str, Any]  # Any: a line of a question set
WAYS: dict[str, Callable[[Row], str]] = {
    "as it stands": lambda row: str(row["question"]),
    "behind the one before": lambda row: f"{row['earlier'][-1]} {row['question']}",
    "completed": lambda row: resolve(row["question"], row["earlier"]).words,
}


def rows_of(path: Path) -> list[Row]:
    """Read a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def folders_of(data: Path | None) -> dict[str, dict[Path, str]]:
    """Give the folders of each set with their collections; without data sets those of the examples."""
    folders = {"examples": {ROOT / "examples" / name: name for name in ("hr", "product-docs", "customers")}}
    if data is not None:
        folders["northwind-hr"] = {data.absolute() / "northwind-hr" / "files": "documents"}
    return folders


def indexed(home: Path, folders: dict[Path, str]) -> Workspace:
    """Open an index of folders in their collections, which is made at its first use."""
    workspace = Workspace(AppPaths(home))
    desk = IndexDesk(workspace, emit=lambda event: None, post=lambda step: step())
    try:
        if not workspace.paths.catalogue.exists():
            for folder, collection in folders.items():
                desk.handle(AddFolder(id="add", path=str(folder), collection=collection), Job())
        for collection in set(folders.values()):
            desk.handle(Sync(id="sync", collection=collection), Job())
        desk.rest()
    finally:
        desk.close()
    return workspace


def is_right(row: Row, passage: Passage) -> bool:
    """Tell whether a passage lies on a page, or in a file without pages, that answers a row's question."""
    name = Path(passage.path_text).name
    return any(name == s["path"] and s.get("page") in (None, passage.page) for s in row["sources"])


def report(name: str, rows: Sequence[Row], workspace: Workspace) -> bool:
    """Print how often the right page is found in each way; tells whether the bar is reached."""
    searcher = Searcher(data_folder=workspace.paths.index, embedder=workspace.embedder())
    shares = {}
    for way, words_of in WAYS.items():
        first = five = refused = 0
        for row in rows:
            words = words_of(row)
            found = searcher.search(words, k=ASKED, collections=(row["collection"],)).passages
            right = [is_right(row, passage) for passage in found[:FIRST]]
            first, five = first + any(right[:1]), five + any(right)
            evidence = find_evidence(words, found, workspace.embedder())
            refused += not is_answerable(words, evidence, scale_is_known=workspace.scale_is_known)
        shares[way] = five / len(rows)
        print(
            f"{name:13} {way:22} right page first {first / len(rows):.2f}, in {FIRST} {five / len(rows):.2f}; "
            f"refused {refused / len(rows):.2f}  ({len(rows)} follow-ups)",
            flush=True,
        )
    searcher.close()
    return shares["completed"] >= LEAST_FOUND


def report_in_a_row(name: str, rows: Sequence[Row]) -> float:
    """Print how many questions of a set would be changed by those before them; gives their share."""
    asked = [row["question"] for row in rows]
    changed = [q for n, q in enumerate(asked) if resolve(q, asked[:n]).words != q]
    print(f"{name:13} {len(changed)} of {len(asked)} questions that stand on their own are changed", flush=True)
    return len(changed) / len(asked)


def main() -> int:
    """Print every figure; gives 1 where a bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--home", type=Path, help="where the indexes are kept")
    options = parser.parse_args()
    talks = rows_of(ROOT / "benchmarks" / "follow_ups.jsonl")
    changed = [report_in_a_row("examples", rows_of(ROOT / "examples" / "questions.jsonl"))]
    if options.data is not None:
        sets = {name: options.data / name / "questions.jsonl" for name in IN_A_ROW}
        shares = [report_in_a_row(name, rows_of(path)) for name, path in sets.items() if path.exists()]
        changed += shares[:1]  # in the others some do follow: "When was this edict declared?"

    def work(home: Path) -> bool:
        return all(
            [
                report(s, [t for t in talks if t["set"] == s], indexed(home / s, f))
                for s, f in folders_of(options.data).items()
            ]
        )

    reached = in_home(options.home, work) and max(changed) <= MOST_CHANGED
    print(f"bars: {LEAST_FOUND} of the right pages in {FIRST}, {MOST_CHANGED} of the questions in a row changed")
    return int(not reached)


if __name__ == "__main__":
    sys.exit(main())

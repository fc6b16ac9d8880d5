"""Is the right passage found? Every set of questions with its measure, its bar and each half alone, in one run.

    .venv/bin/python benchmarks/retrieval.py --data FOLDER [--home FOLDER] [--set NAME]… [--tune]

Indexes the sets (kept where `--home` is given, so that a second run only searches) and searches through the product's
own code. `--tune` tries other weights for the fusion, one at a time, on the development sets, and prints what each
would give: the choice of `fusion.WEIGHTS`. Sets whose licence allows no more than measuring are measured, not tuned on.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from figures import Figure  # type: ignore[import-not-found]  # beside this script

from studiolo.desk import Job
from studiolo.index_desk import IndexDesk
from studiolo.messages import AddFolder, Sync
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_indexer.fusion import WEIGHTS, Weights
from studiolo_indexer.records import Passage, SearchMode
from studiolo_indexer.search import Searcher

K = 30
MODES: tuple[SearchMode, ...] = ("hybrid", "vector", "text")
DEVELOPMENT = ("northwind-hr", "sec10q", "chunk-spans", "productdocs")
TRIED: dict[str, tuple[float, ...]] = {
    "vector": (0.35, 0.4, 0.45, 0.5, 0.55, 0.6),
    "beside": (0.0, 0.15, 0.25, 0.35),
    "name": (0.0, 0.0125, 0.025, 0.05),
    "age": (0.0, 0.05, 0.1, 0.2),
}
Question = dict[str, Any]  # Any: a line of a question set
Found = Sequence[Passage]
T = TypeVar("T")


@dataclass(frozen=True)
class Bar:
    """One figure of a set: its name, what it should be, and the reference that was measured on the same files."""

    measure: str
    bar: float
    reference: str


BARS = {
    "scifact": (Bar("nDCG@10", 0.745, "RRF .715, each score by its best .738"),),
    "northwind-hr": (
        Bar("page-hit@5", 0.90, "BM25 .806, MiniLM .826, both .876"),
        Bar("page-hit@10", 0.94, "BM25 .861, MiniLM .896, both .910"),
    ),
    "sec10q": (Bar("file first", 0.50, "MiniLM .254"), Bar("file in 10", 0.96, "MiniLM .900")),
    "chunk-spans": (
        Bar("share in 4,000", 0.90, "400-character pieces .842"),
        Bar("share in 8,000", 0.95, "800-character pieces .913"),
    ),
    "productdocs": (Bar("recall@10", 0.88, "BM25 .813"), Bar("MRR", 0.83, "BM25 .776")),
    "xquad/en": (Bar("hit@5", 0.985, ".983"),),
    "xquad/es": (Bar("hit@5", 0.98, ".977"),),
    "xquad/de": (Bar("hit@5", 0.97, ".962"),),
    "xquad/zh": (Bar("hit@5", 0.985, ".987"),),
}


class SetOfQuestions:
    """A set: its questions, its folder, and how an answer is measured."""

    def __init__(self, data: Path, name: str) -> None:
        self.name = name
        self.root = (data / name / "files").absolute()
        lines = (data / name / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        self.questions: list[Question] = [q for q in rows if not q.get("unanswerable") and q.get("sources")]
        if name == "sec10q":
            self.questions = [q for q in self.questions if len({s["path"] for s in q["sources"]}) == 1]

    def measure(self, found: Sequence[Found]) -> list[float]:
        """Give the mean of each measure of the set, in the order of its bars."""
        values = [self._measures(q, [self._placed(p) for p in f]) for q, f in zip(self.questions, found, strict=True)]
        return [statistics.fmean(column) for column in zip(*values, strict=True)]

    def _placed(self, passage: Passage) -> tuple[str, Passage]:
        return str(Path(passage.path_text).relative_to(self.root)), passage

    def _measures(self, question: Question, found: Sequence[tuple[str, Passage]]) -> list[float]:
        sources = question["sources"]
        gold = {s["path"] for s in sources}
        files = list(dict.fromkeys(name for name, _ in found))
        if self.name == "northwind-hr":
            pages = {(s["path"], s["page"]) for s in sources}
            hit = next((n for n, (name, p) in enumerate(found) if (name, p.page) in pages), K)
            return [float(hit < 5), float(hit < 10)]
        if self.name == "sec10q":
            return [float(found[0][0] in gold) if found else 0.0, float(any(name in gold for name, _ in found[:10]))]
        if self.name == "chunk-spans":
            return [_share(sources, found, 4000), _share(sources, found, 8000)]
        if self.name == "productdocs":
            rank = next((n for n, name in enumerate(files, start=1) if name in gold), 0)
            return [len(gold & set(files[:10])) / len(gold), 1 / rank if rank else 0.0]
        if self.name == "scifact":
            gain = sum(1 / math.log2(n + 2) for n, name in enumerate(files[:10]) if name in gold)
            return [gain / sum(1 / math.log2(n + 2) for n in range(min(10, len(gold))))]
        return [float(any(name in gold for name, _ in found[:5]))]


def _share(sources: Sequence[Question], found: Sequence[tuple[str, Passage]], budget: int) -> float:
    """Give the share of the gold characters that stand in the first `budget` characters of passages."""
    there: dict[str, set[int]] = {}
    for name, passage in found:
        taken = range(passage.start, min(passage.end, passage.start + budget))
        there.setdefault(name, set()).update(taken)
        budget -= len(taken)
        if budget <= 0:
            break
    wanted = [(s["path"], place) for s in sources for place in range(s["start"], s["end"])]
    return sum(place in there.get(name, ()) for name, place in wanted) / len(wanted)


def indexed(home: Path, wanted: SetOfQuestions) -> Workspace:
    """Open the index of a set, which is made at its first use."""
    workspace = Workspace(AppPaths(home / wanted.name.replace("/", "-")))
    desk = IndexDesk(workspace, emit=lambda event: None, post=lambda step: step())
    try:
        if not workspace.paths.catalogue.exists():
            desk.handle(AddFolder(id="add", path=str(wanted.root)), Job())
        desk.handle(Sync(id="sync"), Job())
        desk.rest()
    finally:
        desk.close()
    return workspace


def searched(searcher: Searcher, wanted: SetOfQuestions, mode: SearchMode) -> tuple[list[Found], list[float]]:
    """Search for every question; gives the passages and the milliseconds."""
    results = [searcher.search(q["question"], k=K, mode=mode) for q in wanted.questions]
    return [r.passages for r in results], [r.milliseconds.total for r in results]


def report(wanted: SetOfQuestions, workspace: Workspace) -> list[Figure]:
    """Print a set's figures beside their bars, and give them."""
    searcher = workspace.searcher()
    values, p95 = {}, 0.0
    for mode in MODES:
        found, times = searched(searcher, wanted, mode)
        values[mode] = wanted.measure(found)
        p95 = statistics.quantiles(times, n=20)[-1] if mode == "hybrid" else p95
    searcher.close()
    figures = []
    for n, bar in enumerate(BARS[wanted.name]):
        hybrid, vector, text = (values[mode][n] for mode in MODES)
        note = f"{bar.reference}; p95 {p95:.1f} ms"
        figures.append(Figure(wanted.name, bar.measure, hybrid, bar.bar, vector=vector, text=text, note=note))
        print(figures[-1].line(), flush=True)
    return figures


def measured(wanted: SetOfQuestions, workspace: Workspace, weights: Weights) -> list[float]:
    """Give a set's figures with these weights, in the order of its bars."""
    searcher = workspace.searcher(weights)
    found, _ = searched(searcher, wanted, "hybrid")
    searcher.close()
    return wanted.measure(found)


def tune(sets: Sequence[SetOfQuestions], spaces: Sequence[Workspace]) -> None:
    """Print what each set's figures would be with other weights, changed one at a time."""

    def line(label: str, weights: Weights) -> None:
        shown = []
        for wanted, workspace in zip(sets, spaces, strict=True):
            shown.append(f"{wanted.name} " + " ".join(f"{v:.3f}" for v in measured(wanted, workspace, weights)))
        print(f"{label:14} " + " | ".join(shown), flush=True)

    line("now", WEIGHTS)
    for name, values in TRIED.items():
        for value in values:
            if value != getattr(WEIGHTS, name):
                line(f"{name} {value}", dataclasses.replace(WEIGHTS, **{name: value}))


def in_home(home: Path | None, work: Callable[[Path], T]) -> T:
    """Do the work in a folder that stays, or in one that goes."""
    if home is not None:
        return work(home)
    with tempfile.TemporaryDirectory() as folder:
        return work(Path(folder))


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--home", type=Path, help="where the indexes are kept")
    parser.add_argument("--set", action="append", choices=list(BARS), dest="sets")
    parser.add_argument("--tune", action="store_true", help="try other weights on the development sets")
    options = parser.parse_args()
    if options.data is None:
        print("left out: needs --data FOLDER")
        return
    names = options.sets or (DEVELOPMENT if options.tune else list(BARS))

    def work(home: Path) -> bool:
        sets = [SetOfQuestions(options.data, name) for name in names]
        if options.tune:
            tune(sets, [indexed(home, wanted) for wanted in sets])
            return True
        return all([figure.met for wanted in sets for figure in report(wanted, indexed(home, wanted))])

    print("all bars reached" if in_home(options.home, work) else "some bars are missed")


if __name__ == "__main__":
    main()

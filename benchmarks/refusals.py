"""What would be refused with other weights: the choice of `answerable.WEIGHTS`.

    .venv/bin/python benchmarks/refusals.py --data FOLDER [--home FOLDER] [--questions N]

Finds the evidence for the questions of `northwind-hr`, and for N with and N without an answer of the training articles
of `squad2`, and of its test articles; then prints for each weight, changed one at a time, what is refused of those
without an answer (more is better) and of those with one (less is better). Bars: .75 at .10; and .50 at .20 of the test
articles, which decide nothing.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
from collections.abc import Sequence
from pathlib import Path

from answers import Library, drawn  # type: ignore[import-not-found]  # beside this script
from retrieval import in_home  # type: ignore[import-not-found]  # beside this script

from studiolo.answerable import WEIGHTS, Weights, is_answerable
from studiolo.evaluation.question_sets import Question
from studiolo.evidence import Evidence, find_evidence

K = 6  # as a question asks for
TRIED: dict[str, tuple[float, ...]] = {
    "coverage": (0.0, 0.1, 0.3),
    "names_missing": (0.0, 0.1, 0.3),
    "a_name_missing": (0.0, 0.06, 0.1),
    "denied": (0.0, 0.15, 0.45),
    "enough": (0.56, 0.59, 0.65, 0.68),
}
Case = tuple[Question, list[Evidence]]


def cases(library: Library, questions: Sequence[Question]) -> list[Case]:
    """Find the evidence of each question."""
    searcher, embedder = library.workspace.searcher(), library.workspace.embedder()
    found = [(q, find_evidence(q.question, searcher.search(q.question, k=K).passages, embedder)) for q in questions]
    searcher.close()
    return found


def line(label: str, sets: dict[str, list[Case]], weights: Weights) -> None:
    """Print what each set's refusals would be."""
    shown = []
    for name, found in sets.items():
        refused: dict[bool, list[bool]] = {True: [], False: []}
        for question, evidence in found:
            answered = is_answerable(question.question, evidence, scale_is_known=True, weights=weights)
            refused[question.unanswerable].append(not answered)
        shown.append(f"{name} {statistics.fmean(refused[True]):.3f} at {statistics.fmean(refused[False]):.3f}")
    print(f"{label:20} " + " | ".join(shown), flush=True)


def main() -> None:
    """Print a line for each weight."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--home", type=Path, help="where the indexes are kept")
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    if options.data is None:
        print("left out: needs --data FOLDER")
        return

    def work(home: Path) -> bool:
        northwind, squad = (Library(home, options.data, name) for name in ("northwind-hr", "squad2"))
        sets = {"northwind-hr": cases(northwind, northwind.questions)}
        for name, of_the_test in (("squad2 trained", False), ("squad2 tested", True)):
            sets[name] = cases(squad, drawn(squad.questions, options.questions, of_the_test=of_the_test))
        line("now", sets, WEIGHTS)
        for name, values in TRIED.items():
            for value in values:
                line(f"{name} {value}", sets, dataclasses.replace(WEIGHTS, **{name: value}))
        northwind.close()
        squad.close()
        return True

    in_home(options.home, work)


if __name__ == "__main__":
    main()

"""How often is it said that documents differ? Every alarm of a set of questions, to be judged by a person.

    .venv/bin/python benchmarks/conflicts.py --data FOLDER [--home FOLDER] [--set NAME]…

The questions are searched as `ask` searches, and no answer is written: a conflict rests on the passages alone. The
made-up conflicts that must be found, and the pairs that must not, are in tests/assistant/test_conflicts.py.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path

from retrieval import SetOfQuestions, in_home, indexed  # type: ignore[import-not-found]  # beside this script

from studiolo.answer_desk import AnswerDesk
from studiolo.answerable import is_answerable
from studiolo.conflicts import Conflict, find_conflicts
from studiolo.evidence import find_evidence
from studiolo.workspace import Workspace

K = 6
BAR = 0.02
BAR_MS = 5.0
SETS = ("northwind-hr", "sec10q", "chunk-spans", "productdocs")


def report(data: Path, name: str, workspace: Workspace) -> bool:
    """Print each alarm, their share of the questions, and what looking for them costs; tells whether the bars hold."""
    lines = (data / name / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()]
    searcher, embedder = workspace.searcher(), workspace.embedder()
    desk = AnswerDesk(workspace)
    alarms, times = 0, []
    for question in questions:
        evidence = find_evidence(question, searcher.search(question, k=K).passages, embedder)
        if not is_answerable(question, evidence, scale_is_known=workspace.scale_is_known):
            continue
        started = time.perf_counter()
        found = find_conflicts(question, evidence, desk.date_of)
        times.append((time.perf_counter() - started) * 1000)
        alarms += bool(found)
        for conflict in found:
            show(question, conflict)
    searcher.close()
    desk.close()
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"{name:13} {alarms} of {len(questions)} questions ({alarms / len(questions):.3f}, bar {BAR} false ones);"
        f" median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms, bar {BAR_MS:.0f} ms",
        flush=True,
    )
    return alarms <= BAR * len(questions) and p95 <= BAR_MS


def show(question: str, conflict: Conflict) -> None:
    """Print an alarm."""
    print(f"{question}\n  about: {conflict.about}")
    for side in conflict.sides:
        newest = ", newest" if side.current else ""
        print(f"  {side.value} | {Path(side.passage.path_text).name} ({side.date}, {side.date_from}{newest})")
        print(f"    {' '.join(side.quote.split())}")


def main() -> None:
    """Print every set."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--home", type=Path, help="where the indexes are kept")
    parser.add_argument("--set", action="append", choices=SETS, dest="sets")
    options = parser.parse_args()
    if options.data is None:
        print("left out: needs --data FOLDER")
        return

    def work(home: Path) -> bool:
        return all(
            [
                report(options.data, name, indexed(home, SetOfQuestions(options.data, name)))
                for name in options.sets or SETS
            ]
        )

    print("few alarms" if in_home(options.home, work) else "more alarms than the bar: judge each")


if __name__ == "__main__":
    main()

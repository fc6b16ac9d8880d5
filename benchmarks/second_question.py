"""How soon does a second question over the same passages reach its first token, against the first one?

    .venv/bin/python benchmarks/second_question.py [--data FOLDER] [--home FOLDER]

Pairs of questions about the same place: over the examples our own, over the set `northwind-hr` (`--data`) all that name
the same page. It is said how many of them rest on the same passages; these are asked in one talk each, with the models
loaded and nothing of the pair asked before, only the system message read by the question before. The other second
questions pay for what they read anew.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from follow_ups import (  # type: ignore[import-not-found]  # beside this script
    ROOT,
    folders_of,
    indexed,
    rows_of,
)
from retrieval import in_home  # type: ignore[import-not-found]  # beside this script

from studiolo.answer_desk import AnswerDesk
from studiolo.desk import Job, Json
from studiolo.messages import Ask
from studiolo.workspace import Workspace

BAR = 0.3
IN_THE_PROMPT = 3
APART = "What has to be done in writing, and by whom?"
Pair = tuple[str, str, str]
"""The collection, the first question and the second."""


def pairs_of_examples() -> list[Pair]:
    """Give the last two questions of each conversation of our own."""
    talks = [t for t in rows_of(ROOT / "benchmarks" / "follow_ups.jsonl") if t["set"] == "examples"]
    return [(t["collection"], t["earlier"][-1], t["question"]) for t in talks]


def pairs_of_pages(path: Path) -> list[Pair]:
    """Give the questions of a set that name the same page, two after each other."""
    by_page = defaultdict(list)
    for row in rows_of(path):
        for source in row["sources"]:
            by_page[source["path"], source["page"]].append(row["question"])
    return [("documents", one, two) for asked in by_page.values() for one, two in itertools.pairwise(asked)]


def asked(desk: AnswerDesk, collection: str, question: str, earlier: Sequence[str] = (), *, model: bool = True) -> Json:
    """Ask in a talk."""
    request = Ask(id="a", question=question, earlier=tuple(earlier), collections=(collection,), use_model=model)
    return desk.handle(request, Job())


def rests_on(answer: Json) -> set[tuple[str, str]]:
    """Give the passages of a small model's prompt; none of a refusal, which asks no model."""
    return set() if answer["refused"] else {(p["path"], p["text"]) for p in answer["passages"][:IN_THE_PROMPT]}


def report(name: str, pairs: Sequence[Pair], workspace: Workspace) -> bool:
    """Print the ratios of a set's pairs; tells whether those over the same passages reach the bar."""
    desk = AnswerDesk(workspace)
    ratios, unread, firsts = list[float](), list[float](), list[float]()
    for collection, one, two in pairs:
        places = rests_on(asked(desk, collection, one, model=False))
        if not places or places != rests_on(asked(desk, collection, two, [one], model=False)):
            continue
        asked(desk, collection, APART)
        desk._sentences = None  # nothing of the pair was embedded before
        first = asked(desk, collection, one)
        second = asked(desk, collection, two, [one])
        firsts.append(first["milliseconds"]["first_token"])
        ratios.append(second["milliseconds"]["first_token"] / firsts[-1])
        unread.append(second["tokens"]["prompt"] - second["tokens"]["reused"])
    desk.close()
    print(f"{name:13} {len(ratios)} of {len(pairs)} pairs rest on the same passages", flush=True)
    if not ratios:
        return True
    ratio, tokens, first_ms = (statistics.median(values) for values in (ratios, unread, firsts))
    print(
        f"{name:13} their second first token after {ratio:.2f} of the first one's {first_ms:.0f} ms (median; worst "
        f"{max(ratios):.2f}); {tokens:.0f} tokens read",
        flush=True,
    )
    return ratio <= BAR


def main() -> int:
    """Print every figure; gives 1 where the bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--home", type=Path, help="where the indexes are kept")
    options = parser.parse_args()
    folders = folders_of(options.data)
    pairs = {"examples": pairs_of_examples()}
    if options.data is not None:
        pairs["northwind-hr"] = pairs_of_pages(options.data / "northwind-hr" / "questions.jsonl")

    def work(home: Path) -> bool:
        return all([report(name, pairs[name], indexed(home / name, folders[name])) for name in pairs])

    reached = in_home(options.home, work)
    print(f"bar: {BAR} over the same passages{'' if reached else ': MISSED'}")
    return int(not reached)


if __name__ == "__main__":
    sys.exit(main())

"""Does any query raise anything? 10,000 of them, as a window or a command line would pass them on (R24).

    .venv/bin/python benchmarks/fuzzed_queries.py [--queries N] [--seed S]

Queries are pieces of the documents that were cut, mixed, doubled and strewn with operators, quotes, filters, letters of
every script, control characters and lone surrogates. A query that means a filter and says it wrong may be refused with
its code; anything else that is raised is printed with the query and the seed. Bar: none.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

from studiolo.answer_desk import AnswerDesk
from studiolo.desk import Job
from studiolo.index_desk import IndexDesk
from studiolo.messages import AddFolder, Search, Sync
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace

EXAMPLES = Path(__file__).parents[1] / "examples"
REFUSED = {"question.bad_filter"}
STREWN = (
    *"\"'`*?\\/()[]{}<>|&!~^$#%@:;,.-_=+§€\t\n\r\0\u200d\u202e\ufeff\udce9",
    *("AND", "OR", "NOT", "NEAR", "type:pdf", "under:", "after:2025-13", "-name:", "from:@", "--", "' OR 1=1;", "🙂🏽"),
    *(
        "合同终止",
        "สัญญา",
        "العقد",
        "חוזה",
        "договор",
        "Kündigung",
        "계약",
        "ﬁ",
        "İ",
        "e\u0301" * 40,
        "a" * 3000,
        "1-" * 500,
    ),
)


def query(draw: random.Random, words: list[str]) -> str:
    """Make one query."""
    pieces = draw.choices(words, k=draw.randrange(12)) + draw.choices(STREWN, k=draw.randrange(6))
    draw.shuffle(pieces)
    text = draw.choice(("", " ", " ", " ")).join(pieces)
    if draw.random() < 0.2 and text:
        at = draw.randrange(len(text))
        text = text[:at] + "".join(chr(draw.randrange(1, 0xD7FF)) for _ in range(draw.randrange(20))) + text[at:]
    return text[: draw.choice((10, 80, 5000, 5000))]


def main() -> None:
    """Print what was raised, and what a query cost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", help="not used; `make bench` gives it to all")
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311 - a fixed workload, no secret
    with tempfile.TemporaryDirectory() as home:
        workspace = Workspace(AppPaths(Path(home)))
        index = IndexDesk(workspace, emit=lambda event: None, post=lambda step: step())
        index.handle(AddFolder(id="add", path=str(EXAMPLES)), Job())
        index.handle(Sync(id="sync"), Job())
        index.close()
        texts = (path.read_text(encoding="utf-8", errors="replace") for path in EXAMPLES.rglob("*.md"))
        words = [word for text in texts for word in text.split()]
        desk, ends, times = AnswerDesk(workspace), Counter[str](), []
        for _ in range(options.queries):
            text = query(draw, words)
            started = time.perf_counter()
            try:
                desk.handle(Search(id="s", query=text, mode=draw.choice(("hybrid", "vector", "text"))), Job())
                ends["answered"] += 1
            except Exception as error:  # noqa: BLE001 - what is looked for
                code = getattr(error, "code", "raised")
                ends[code] += 1
                if code not in REFUSED:
                    print(f"{type(error).__name__}: {error}: {text!r}")
            times.append((time.perf_counter() - started) * 1000)
        desk.close()
    wrong = sum(n for end, n in ends.items() if end != "answered" and end not in REFUSED)
    print(f"{options.queries} queries: {dict(ends)}; bar 0 raised {'MISSED' if wrong else 'reached'}")
    print(f"milliseconds: median {statistics.median(times):.1f}, p95 {statistics.quantiles(times, n=20)[-1]:.1f}")


if __name__ == "__main__":
    main()

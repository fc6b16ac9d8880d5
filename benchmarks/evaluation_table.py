"""Measures retrieval and answers on every set, and writes the tables into docs/evaluation.md, between its two marks.

    .venv/bin/python benchmarks/evaluation_table.py --data FOLDER [--home FOLDER] [--line NAME]…

All lines of retrieval.py and answers.py, and each set once more with every part of the ranking taken out; with
`--line` those lines of answers.py alone, and their rows of the page are written anew (a latency wants a machine at
rest, where all the rest may take an hour beside other work).
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import answers  # type: ignore[import-not-found]  # beside this script
import retrieval  # type: ignore[import-not-found]  # beside this script
from figures import Figure  # type: ignore[import-not-found]  # beside this script

from studiolo.evaluation.configurations import PARTS
from studiolo_indexer.fusion import WEIGHTS, Weights

PAGE = Path(__file__).resolve().parent.parent / "docs" / "evaluation.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
VARIANTS: dict[str, Weights] = {
    "full": WEIGHTS,
    **{f"without {part}": dataclasses.replace(WEIGHTS, **changes) for part, changes in PARTS.items()},
    "plain sum": dataclasses.replace(WEIGHTS, beside=0.0, name=0.0, age=0.0),
}


def processor() -> str:
    """Name the processor, and how many of its cores may be used."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores"


def figure_rows(figures: Sequence[Figure]) -> Iterator[str]:
    """Write the table of figures."""
    yield "| set | measure | bar | measured | vectors alone | text alone |"
    yield "|---|---|---|---|---|---|"
    for f in figures:
        missed = "" if f.met else ", missed"
        halves = f"{f.shown(f.vector)} | {f.shown(f.text)}"
        yield f"| `{f.of}` | {f.measure} | {f.bar_shown} | {f.shown(f.value)}{missed} | {halves} |"


def ablation_rows(sets: Sequence[retrieval.SetOfQuestions], home: Path) -> Iterator[str]:
    """Measure each set under every variant of the ranking, and write the table."""
    yield f"| set | measure | {' | '.join(VARIANTS)} |"
    yield "|---" * (len(VARIANTS) + 2) + "|"
    for wanted in sets:
        workspace = retrieval.indexed(home, wanted)
        columns = [retrieval.measured(wanted, workspace, weights) for weights in VARIANTS.values()]
        for bar, values in zip(retrieval.BARS[wanted.name], zip(*columns, strict=True), strict=True):
            yield f"| `{wanted.name}` | {bar.measure} | {' | '.join(f'{v:.3f}' for v in values)} |"


def replaced(tables: str, figures: Sequence[Figure]) -> str:
    """Put figures into the rows of their names; where several rows have one name, in their order.

    Raises:
        ValueError: If a figure has no row.
    """
    lines = tables.splitlines(keepends=True)
    for row in list(figure_rows(figures))[2:]:
        name = row.split("|")[1:3]
        at = next((n for n, line in enumerate(lines) if line.split("|")[1:3] == name and line.startswith("|")), None)
        if at is None:
            raise ValueError(f"no row for {' '.join(name)}")
        lines[at] = f"\0{row}\n"  # taken: the next figure of that name has the next row
    return "".join(lines).replace("\0", "")


def measure_lines(home: Path, data: Path, names: Sequence[str]) -> bool:
    """Measure some lines of answers.py, and write their rows anew; tells whether their bars are reached."""
    page = PAGE.read_text(encoding="utf-8")
    tables = page.partition(BEGIN)[2].partition(END)[0]
    figures = answers.report(home, data, list(names))
    PAGE.write_text(with_tables(page, replaced(tables, figures)), encoding="utf-8")
    return all(f.met for f in figures)


def with_tables(page: str, tables: str) -> str:
    """Put the tables between the marks of the page; what stands around them is left as it is.

    Raises:
        ValueError: If the page has not both marks, in their order.
    """
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PAGE.name} lacks the marks {BEGIN.strip()} and {END.strip()}")
    return f"{head}{begin}{tables}{end}{tail}"


def measure(home: Path, data: Path) -> bool:
    """Measure everything and write the page; tells whether all bars are reached."""
    page = PAGE.read_text(encoding="utf-8")
    with_tables(page, "")  # a page without marks is told before an hour of measuring
    sets = [retrieval.SetOfQuestions(data, name) for name in retrieval.BARS]
    figures = [f for wanted in sets for f in retrieval.report(wanted, retrieval.indexed(home, wanted))]
    figures += answers.report(home, data, list(answers.LINES))
    parts = [*ablation_rows(sets, home)]
    day = time.strftime("%d %B %Y").lstrip("0")
    tables = [f"Measured on {day} on {processor()}.", "", *figure_rows(figures), ""]
    tables += [
        "The ranking without one of its parts; *plain sum* is both halves alone, without neighbours, names and age.",
        "",
        *parts,
    ]
    PAGE.write_text(with_tables(page, "\n".join([*tables, ""])), encoding="utf-8")
    print("\n".join(parts))
    return all(f.met for f in figures)


def main() -> int:
    """Write the page; gives 1 where a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--home", type=Path, help="where the indexes are kept")
    parser.add_argument("--line", action="append", choices=list(answers.LINES), help="these rows alone")
    options = parser.parse_args()
    if options.data is None:
        print("left out: needs --data FOLDER")
        return 0

    def work(home: Path) -> bool:
        return measure_lines(home, options.data, options.line) if options.line else measure(home, options.data)

    return int(not retrieval.in_home(options.home, work))


if __name__ == "__main__":
    sys.exit(main())

"""How much memory the window's process holds through a session of ten minutes, and whether it grows.

    .venv/bin/python benchmarks/window_memory.py [--minutes 10]

The real program over the examples, with the starter models: questions, sources, searches, the ledger, the palette,
other sizes and the other theme, over and over. The numbers are the resident memory of the window's process alone,
shared pages of libraries included; the engine is another process. Bars: 250 MB at most; and the median of the last
fifth is not above that of the fifth in the middle (2 MB for what the allocator does).
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from window_stage import application, counted, rest, running, wait  # type: ignore[import-not-found]  # beside this

from studiolo_desktop.building import Parts

ROOT = Path(__file__).resolve().parent.parent
BAR_MB, GROWTH_BAR_MB = 250.0, 2.0
QUESTIONS = (
    "How many days of unused leave may be carried over?",
    "By when must they be taken?",
    "How much may a hotel cost a night?",
    "What does a lunch in the canteen cost?",
    "What is the boiling point of mercury?",
    "What is the notice period of the lease?",
)
WORDS = ("leave", "notice period", "hotel", "invoice")


def resident_mb() -> float:
    """Give the resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def round_of_work(parts: Parts, n: int) -> None:
    """Do what a user does in a minute; each round ends with the talk empty, as it began."""
    window = parts.window
    window.show_ask()
    for question in QUESTIONS[n % 3 :: 3]:
        window.ask.ask(question)
        turn = window.ask.current
        assert turn is not None
        wait(lambda asked=turn: not asked.running)
        for card in list(turn.cards)[:3]:
            turn.choose(card.number)
            rest(700)
    window.close_source()
    words = WORDS[n % len(WORDS)]
    window.library.search_wanted.emit(words)
    wait(lambda: "Searching" not in window.search.status.text())
    if window.search.cards:
        window.search.choose(1)
        rest(700)
        window.close_source()
    window.library.problems_wanted.emit()
    window.ledger.open("")
    rest(500)
    for page in ("models", "settings"):
        window.library.page_wanted.emit(page)
        rest(500)
    parts.commander.open_palette()
    rest(100)
    for end in range(1, len(words) + 1):
        window.finder.field.setText(words[:end])
        rest(60)
    window.finder.close_palette()
    parts.theme.choose("dark" if n % 2 else "light")
    window.resize(1360 - 300 * (n % 2), 860)
    window.show_ask()
    window.ask.begin_anew()
    rest(200)


def main() -> int:
    """Print the memory of each round; gives 1 where a bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10.0)
    options = parser.parse_args()
    app = application()
    samples = []
    with tempfile.TemporaryDirectory() as scratch, running(Path(scratch) / "home") as parts:
        print(f"the window is there: {resident_mb():.0f} MB")
        folders = sorted(f for f in (ROOT / "examples").iterdir() if f.is_dir() and not f.name.startswith("_"))
        for folder in folders:
            parts.session.add_folders([str(folder)], folder.name)
        wait(lambda: counted(parts, "indexed") > 0 and parts.session.status is not None)
        wait(lambda: (parts.session.status or {}).get("indexing") is not True and counted(parts, "pending") == 0)
        until, n = time.monotonic() + 60 * options.minutes, 0
        while time.monotonic() < until:
            round_of_work(parts, n)
            n += 1
            samples.append(resident_mb())
            print(f"round {n}: {samples[-1]:.1f} MB", flush=True)
    app.processEvents()
    fifth = max(1, len(samples) // 5)
    middle, last = statistics.median(samples[2 * fifth : 3 * fifth]), statistics.median(samples[-fifth:])
    print(f"most {max(samples):.0f} MB (bar: {BAR_MB:.0f}); middle fifth {middle:.1f}, last {last:.1f} MB")
    return int(max(samples) > BAR_MB or last - middle > GROWTH_BAR_MB)


if __name__ == "__main__":
    sys.exit(main())

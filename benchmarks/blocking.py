"""Is the window ever blocked? A heart that beats in its event loop, through five loads, on the real program.

    .venv/bin/python benchmarks/blocking.py [--files 5000] [--rows 100000] [--pages 500] [--load NAME]…

The loads: `indexing` (the talk, then the ledger open), `streaming` (an answer at 100 tokens a second; the engine is the
tests' scripted one, since no starter model keeps that rate), `scrolling` (the ledger), `viewer` (a PDF is opened, paged
through, zoomed, searched to its end), `crash` (the engine is killed while it indexes, and starts again). Each prints
the longest time between two beats, how much of it the window itself computed, and where it was. Bar: 50 ms. The engine
works beside it on the same processor, but nothing else should.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import random
import re
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import ledger  # type: ignore[import-not-found]  # beside this script
from paragraph import prose  # type: ignore[import-not-found]  # beside this script
from PySide6.QtCore import QObject, Qt, QTimer
from reportlab.pdfgen.canvas import Canvas
from window_stage import application, counted, rest, running, wait  # type: ignore[import-not-found]  # beside this

from studiolo.paths import AppPaths
from studiolo_desktop.building import Parts

ROOT = Path(__file__).resolve().parent.parent
SCRIPTED = ROOT / "tests" / "desktop" / "scripted_engine.py"
BAR_MS = 50.0
BEAT_MS = 2
LATE_MS = 25.0
"""From here on the watch notes where the window is."""
TOKENS_PER_S = 100.0
N_TOKENS = 2000


class Heart(QObject):
    """A timer in the event loop, and a thread that looks where the loop is when a beat is late.

    It looks with `faulthandler`: whoever held the frames themselves would keep what they hold, like a painter.
    """

    def __init__(self) -> None:
        super().__init__()
        self.gaps_ms: list[float] = []
        self.most_computed_ms = 0.0
        self.longest: tuple[float, float, str] = (0.0, 0.0, "")
        self._last = time.perf_counter()
        self._place = ""
        self._computed = time.thread_time()
        self._notes = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the thread that writes to it
        self._stopped = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._watch = threading.Thread(target=self._look, daemon=True)

    def start(self) -> None:
        """Beat from now on."""
        self._last = time.perf_counter()
        self._timer.start()
        self._watch.start()

    def stop(self) -> None:
        """End both."""
        self._timer.stop()
        self._stopped.set()
        self._watch.join()

    def _beat(self) -> None:
        now, computed = time.perf_counter(), time.thread_time()
        gap, own = (now - self._last) * 1000 - BEAT_MS, (computed - self._computed) * 1000
        self._last, self._computed = now, computed
        self.gaps_ms.append(max(0.0, gap))
        self.most_computed_ms = max(self.most_computed_ms, own)
        if gap > self.longest[0]:
            self.longest = (gap, own, self._place)
        self._place = ""

    def _look(self) -> None:
        while not self._stopped.wait(LATE_MS / 5000):
            if (time.perf_counter() - self._last) * 1000 > LATE_MS and not self._place:
                self._place = self._where()
        self._notes.close()

    def _where(self) -> str:
        self._notes.seek(0)
        self._notes.truncate()
        faulthandler.dump_traceback(self._notes)
        self._notes.seek(0)
        main = self._notes.read().split("Thread ")[-1]  # the first thread comes last
        rows = re.findall(r'File "[^"]*/([^"/]+)", line (\d+) in (\w+)', main)[:4]
        return " < ".join(f"{file}:{line} {name}" for file, line, name in rows)


@contextmanager
def beating(title: str, results: dict[str, float]) -> Iterator[None]:
    """Let a heart beat meanwhile, and print what it met."""
    heart = Heart()
    heart.start()
    started = time.perf_counter()
    yield
    took_s = time.perf_counter() - started
    heart.stop()
    longest, own, place = heart.longest
    results[title] = longest
    late = sum(gap > BAR_MS for gap in heart.gaps_ms)
    p999 = statistics.quantiles(heart.gaps_ms, n=1000)[-1]
    print(
        f"{title:10} longest {longest:6.1f} ms, {own:.1f} of it computing (bar: {BAR_MS:.0f}); {late} over it; "
        f".999 {p999:.1f} ms; most computing at once {heart.most_computed_ms:.1f} ms; {took_s:.0f} s"
    )
    if place:
        print(f"           there: {place}")
    sys.stdout.flush()


def write_files(folder: Path, n_files: int) -> None:
    """Write small text files in folders of a hundred."""
    chooser = random.Random(5)  # noqa: S311 - a benchmark's dice
    for n in range(n_files):
        path = folder / f"{n // 100:03}" / f"note {n}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(prose(chooser, 30), encoding="utf-8")


def indexing(scratch: Path, options: argparse.Namespace, results: dict[str, float]) -> None:
    """Index files, with the talk open and then with the ledger."""
    write_files(scratch / "files", options.files)
    with running(scratch / "home") as parts, beating("indexing", results):
        parts.session.add_folders([str(scratch / "files")], "documents")
        wait(lambda: counted(parts, "indexed") > options.files // 2)
        parts.window.library.problems_wanted.emit()
        parts.window.ledger.open("")
        wait(lambda: counted(parts, "indexed") >= options.files)


def streaming(scratch: Path, options: argparse.Namespace, results: dict[str, float]) -> None:
    """Stream a long answer."""
    words = prose(random.Random(3), N_TOKENS).split()  # noqa: S311 - as above
    config = scratch / "config.json"
    config.write_text(json.dumps({"tokens": [f"{w} " for w in words], "tokens_per_s": TOKENS_PER_S}))
    command = [sys.executable, str(SCRIPTED), "--home", str(scratch), str(config)]
    with running(scratch / "home", command) as parts, beating("streaming", results):
        ask = parts.window.ask
        ask.ask("What may be carried over?")
        turn = ask.current
        assert turn is not None
        wait(lambda: not turn.running)
        rest(500)


def scrolling(scratch: Path, options: argparse.Namespace, results: dict[str, float]) -> None:
    """Scroll the ledger from its first row to its last and back, in steps of a wheel and in leaps."""
    paths = AppPaths(scratch / "home")
    paths.create()
    ledger.fill(paths.catalogue, options.rows)
    with running(paths.home) as parts:
        view = parts.window.ledger
        with beating("scrolling", results):
            parts.window.library.problems_wanted.emit()
            view.open("")
            wait(lambda: view.model.rowCount() == options.rows)
            bar = view.table.verticalScrollBar()
            for n in [*range(300), *range(0, bar.maximum(), max(1, bar.maximum() // 300)), *range(300, 0, -1)]:
                bar.setValue(n)
                rest(16)


def write_pdf(path: Path, n_pages: int) -> None:
    """Write a PDF of full pages; the word that is looked for stands on the page before the last."""
    chooser = random.Random(9)  # noqa: S311 - as above
    canvas = Canvas(str(path))
    for page in range(n_pages):
        for line in range(50):
            text = "The zanzibar clause ends the lease." if (page, line) == (n_pages - 2, 20) else prose(chooser, 11)
            canvas.drawString(56, 790 - 15 * line, text)
        canvas.showPage()
    canvas.save()


def viewer(scratch: Path, options: argparse.Namespace, results: dict[str, float]) -> None:
    """Open a long PDF from a search, page through it, and zoom."""
    folder = scratch / "files"
    folder.mkdir()
    write_pdf(folder / "lease.pdf", options.pages)
    with running(scratch / "home") as parts:
        window = parts.window
        parts.session.add_folders([str(folder)], "documents")
        wait(lambda: counted(parts, "indexed") == 1)
        window.library.search_wanted.emit("zanzibar clause")
        wait(lambda: window.search.cards)
        with beating("viewer", results):
            window.search.choose(1)
            wait(lambda: window.source.canvas.boxes)
            for _ in range(40):
                page, tools = window.source.page, window.source.tools
                tools.page_before.click()
                wait(partial(_is_another_page, parts, page))
            for button in (tools.larger, tools.larger, tools.smaller, tools.fit):
                button.click()
                rest(300)
            window.source.open_search()
            window.source.find_bar.begin("notice")
            finder = window.source.finder
            wait(lambda: finder.search.words == "notice" and not finder.search.running)
            window.source.toggle_rail()
            wait(lambda: window.source.rail.picture(window.source.page) is not None)
            window.source.close_search()


def _is_another_page(parts: Parts, page: int) -> bool:
    return parts.window.source.page != page


def _has_more(parts: Parts, n_files: int) -> bool:
    return bool(counted(parts, "indexed") > n_files)


def crash(scratch: Path, options: argparse.Namespace, results: dict[str, float]) -> None:
    """Kill the engine while it indexes, twice, and wait until it is back."""
    write_files(scratch / "files", 500)
    with running(scratch / "home") as parts, beating("crash", results):
        parts.session.add_folders([str(scratch / "files")], "documents")
        for n_files in (50, 200):
            wait(partial(_has_more, parts, n_files))
            os.kill(parts.client.pid(), signal.SIGKILL)
            wait(lambda: parts.client.state != "ready")
            wait(lambda: parts.client.state == "ready")
        wait(lambda: counted(parts, "indexed") == 500)


LOADS = {load.__name__: load for load in (indexing, streaming, scrolling, viewer, crash)}


def main() -> int:
    """Carry out the loads; gives 1 where the window was blocked for longer than the bar."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--load", action="append", choices=list(LOADS))
    options = parser.parse_args()
    app = application()
    results = dict[str, float]()
    for name in options.load or LOADS:
        with tempfile.TemporaryDirectory() as scratch:
            LOADS[name](Path(scratch), options, results)
    app.processEvents()
    return int(any(longest > BAR_MS for longest in results.values()))


if __name__ == "__main__":
    sys.exit(main())

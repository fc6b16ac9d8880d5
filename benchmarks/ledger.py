"""A ledger of 100,000 files: how soon a slice of it is there, and the first paint of the view.

    .venv/bin/python benchmarks/ledger.py [--rows 100000] [--runs 7]

The catalogue is filled by its own methods with files of every state in three collections. Slices are asked of the desk
that answers the window, in turns, with a commit before each one that is called cold, as there are while files are
indexed. The view is the real one on a screen in memory; what answers it gives the rows of such a slice at once, so that
the time is the window's own. Bars: 100 ms for a slice, 500 ms for the first paint, 50 ms for a page of scrolling.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from studiolo import messages
from studiolo.desk import Job, Json
from studiolo.paths import AppPaths
from studiolo.view_desk import ViewDesk
from studiolo.workspace import Workspace
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.records import FileProblem, FileStamp, IndexedRow

SLICE_BAR_MS, PAINT_BAR_MS, SCROLL_BAR_MS = 100.0, 500.0, 50.0
PROBLEMS = (
    ("failed", "file.password", "It is locked with a password."),
    ("failed", "file.damaged", "It is damaged."),
    ("skipped", "file.unsupported", "Files of this kind are not read yet."),
)
SLICE = 200


def fill(path: Path, n_rows: int) -> None:
    """Write files of every state: four of five are indexed."""
    chance = random.Random(7)  # noqa: S311 - a benchmark's dice
    catalogue = Catalogue(path)
    folders = [catalogue.add_folder(f"/home/ada/Documents/{c}".encode(), c) for c in ("documents", "hr", "law")]
    with catalogue.transaction():
        for n in range(n_rows):
            folder = folders[n % 3]
            kind = chance.choice(("lease", "invoice", "minutes", "letter", "Gutachten"))
            name = f"{chance.randrange(300)}/{2000 + chance.randrange(26)}/{kind} {chance.randrange(10**6)} {n}.pdf"
            stamp = FileStamp(chance.randrange(10**7), 1, n)
            doc_id = catalogue.add_pending(folder.folder_id, folder.path + b"/" + name.encode(), stamp)
            lot = chance.random()
            if lot < 0.15:
                state, code, reason = chance.choice(PROBLEMS)
                problem = FileProblem(code, reason)
                catalogue.set_problem(doc_id, "failed" if state == "failed" else "skipped", problem, stamp)
            elif lot < 0.95:
                catalogue.set_indexed(
                    IndexedRow(doc_id, stamp, f"{n:064x}", "application/pdf", "pdfium", 9, 9, 30, 0, (), 0.4, 1, "e")
                )
    catalogue.close()


def slices(workspace: Workspace, n_rows: int, runs: int) -> bool:
    """Time slices, and print them; tells whether all are within the bar."""
    desk = ViewDesk(workspace)
    writer = Catalogue(workspace.paths.catalogue)
    wishes: tuple[tuple[str, Json], ...] = (
        ("first slice, by name", {"order": "name"}),
        ("first slice, newest first", {"order": "indexed_at", "descending": True}),
        ("first slice, by path", {}),
        ("deep slice, by size", {"order": "size", "offset": n_rows - 2 * SLICE}),
        ("of a state and a collection", {"state": "indexed", "collection": "hr", "order": "name"}),
        ("of a reason", {"state": "failed", "code": "file.password", "order": "name"}),
        ("words that a fifth of the paths hold", {"words": "INVOICE", "order": "name"}),
        ("four words that few paths hold", {"words": "invoice 2024 99 pdf", "order": "name"}),
        ("words that no path holds, in all states", {"words": "nothing like this", "order": "size"}),
    )
    good = True
    for title, wish in wishes:
        cold, warm = [], []
        request = messages.Files(id="f", limit=SLICE, **wish)
        for n in range(runs):
            writer.set_offline(1, offline=n % 2 == 0)  # the smallest commit: what was kept of the query is void
            cold.append(_ms(lambda asked=request: desk.handle(asked, Job())))  # type: ignore[misc]  # bound at once
            warm.append(_ms(lambda asked=request: desk.handle(asked, Job())))  # type: ignore[misc]  # as above
        total = desk.handle(request, Job())["total"]
        worst = statistics.median(cold)
        good = good and worst <= SLICE_BAR_MS
        again = statistics.median(warm)
        print(f"{title:42} {total:7,} rows  cold {worst:6.1f} ms ({max(cold):.0f}), again {again:5.1f} ms")
    print(f"bar of a slice: {SLICE_BAR_MS:.0f} ms")
    writer.close()
    desk.close()
    return good


def view(workspace: Workspace, runs: int) -> bool:
    """Time the view: from the click that opens it to its first paint with rows, and pages of scrolling."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from studiolo_desktop.ledger_view import LedgerView
    from studiolo_desktop.main_window import MainWindow
    from studiolo_desktop.theme import Theme

    app = QApplication([])
    desk = ViewDesk(workspace)
    known: dict[int, Json] = {}

    def answer(ledger: LedgerView, offset: int, limit: int) -> None:
        if offset not in known:
            known[offset] = desk.handle(messages.Files(id="f", order="name", offset=offset, limit=limit), Job())
        ledger.take_slice(ledger.wish, offset, known[offset])

    first, pages = [], []
    for _ in range(runs + 1):
        window = MainWindow(Theme(app))
        ledger = window.ledger
        ledger.slice_wanted.connect(lambda wish, offset, limit, into=ledger: answer(into, offset, limit))
        window.show()
        app.processEvents()
        started = time.perf_counter()
        window.show_page(ledger)
        ledger.open("")
        while ledger.model.rowCount() == 0:
            app.processEvents()
        window.grab()
        first.append((time.perf_counter() - started) * 1000)
        bar = ledger.table.verticalScrollBar()
        for step in range(1, 41):
            bar.setValue(bar.maximum() * step // 40)
            pages.append(_ms(app.processEvents))
        window.close()
        window.deleteLater()
        app.processEvents()
    desk.close()
    paint, page = statistics.median(first[1:]), max(pages[40:])
    print(f"first paint of the view {paint:6.1f} ms ({max(first[1:]):.0f}; bar: {PAINT_BAR_MS:.0f} ms)")
    print(
        f"a jump of 2,500 rows, painted {statistics.median(pages[40:]):5.1f} ms "
        f"(longest {page:.0f}; bar: {SCROLL_BAR_MS:.0f} ms)"
    )
    return paint <= PAINT_BAR_MS and page <= SCROLL_BAR_MS


def _ms(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return (time.perf_counter() - started) * 1000


def main() -> int:
    """Measure, print, and exit with 1 where a bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Workspace(AppPaths(Path(scratch, "home")))
        started = time.perf_counter()
        fill(workspace.paths.catalogue, options.rows)
        megabytes, took_s = workspace.paths.catalogue.stat().st_size / 1e6, time.perf_counter() - started
        print(f"{options.rows:,} files in a catalogue of {megabytes:.0f} MB, written in {took_s:.0f} s")
        good = slices(workspace, options.rows, options.runs)
        return int(not (view(workspace, options.runs) and good))


if __name__ == "__main__":
    sys.exit(main())

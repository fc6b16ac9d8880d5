"""Takes pictures of the window while it answers from the examples, in light, dark and at 200 %, into docs/screenshots/.

    .venv/bin/python packaging/take_screenshots.py [--into FOLDER]

The window, the engine and the models are the real ones; the data folder is a temporary one. Needs no display.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INTO = ROOT / "docs" / "screenshots"
SIZE = (1360, 860)
WAIT_S = 180.0
COLLECTION = "hr"
QUESTION = "How many days of unused leave may be carried over under the 2026 policy?"
SCANNED = "What does a lunch in the canteen cost?"
REFUSED = "What is the boiling point of mercury?"
SCHEMES = (("light", 1), ("dark", 1), ("light", 2))


def take(into: Path, scheme: str, scale: int) -> None:
    """Run the window once, and grab it in each state; called in a process of its own, which Qt's scale needs."""
    from PySide6.QtWidgets import QApplication

    from studiolo.paths import AppPaths
    from studiolo_desktop.app import engine_command
    from studiolo_desktop.building import build
    from studiolo_desktop.theme import DARK, LIGHT

    app = QApplication(["studiolo-desktop"])
    with tempfile.TemporaryDirectory() as folder:
        paths = AppPaths(Path(folder) / "home")
        paths.create()
        parts = build(app, engine_command(paths), paths)
        parts.theme.use(DARK if scheme == "dark" else LIGHT)  # there is no system here that would say which
        window, client = parts.window, parts.client

        def wait(holds: Callable[[], bool]) -> None:
            until = time.monotonic() + WAIT_S
            while not holds():
                app.processEvents()
                if time.monotonic() > until:
                    raise SystemExit(f"not reached: {holds}")

        def grab(name: str) -> None:
            for _ in range(20):
                app.processEvents()
            suffix = "" if scale == 1 else f"-{scale}00"
            window.grab().save(str(into / f"{name}-{scheme}{suffix}.png"))

        def ask(question: str) -> None:
            window.ask.ask(question)
            wait(lambda: window.ask.current is not None and not window.ask.current.running)

        window.resize(*SIZE)
        window.show()
        wait(lambda: client.state == "ready" and parts.session.status is not None)
        grab("first-run")
        documents = ROOT / "examples" / COLLECTION
        parts.session.add_folders([str(documents)], COLLECTION)
        wait(lambda: _indexed(parts.session.status) == len(list(documents.iterdir())))
        for name, question in (("scan", SCANNED), ("answer", QUESTION)):
            window.ask.begin_anew()
            ask(question)
            turn = window.ask.current
            if turn is not None and turn.cards:
                turn.choose(turn.cards[0].number)
            wait(lambda: window.source.canvas.isVisible() and bool(window.source.canvas.boxes))
            grab(name)
            window.close_source()
        ask(REFUSED)
        grab("refusal")
        window.close()
        wait(lambda: client.pid() == 0)


def _indexed(status: object) -> int:
    collections = status.get("collections") if isinstance(status, dict) else None
    return sum(c["files"]["indexed"] for c in collections or ())


def main() -> int:
    """Take all pictures; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=INTO)
    parser.add_argument("--one", nargs=2, metavar=("SCHEME", "SCALE"), help="this scheme and scale, in this process")
    options = parser.parse_args()
    into = options.into.resolve()
    into.mkdir(parents=True, exist_ok=True)
    if options.one:
        take(into, options.one[0], int(options.one[1]))
        return 0
    for scheme, scale in SCHEMES:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
        command = [sys.executable, __file__, "--into", str(into), "--one", scheme, str(scale)]
        if subprocess.run(command, check=False, env=environment).returncode != 0:
            return 1
    print(f"pictures are in {into}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The real program on a screen in memory, for benchmarks of the window; light, since its memory is measured too."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from studiolo.paths import AppPaths
from studiolo_desktop.app import engine_command
from studiolo_desktop.building import Parts, build
from studiolo_desktop.words import document_of, number_of, rows_of

WAIT_S = 900.0


def application() -> QApplication:
    """Make the program's Qt part, without a display where there is none."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication(["studiolo-desktop"])
    app.setQuitOnLastWindowClosed(False)
    return app


def rest(time_ms: int) -> None:
    """Let the program run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(time_ms, loop.quit)
    loop.exec()


def wait(holds: Callable[[], object]) -> None:
    """Let the program run until something is so.

    Raises:
        SystemExit: If it does not come to that.
    """
    until = time.monotonic() + WAIT_S
    while not holds():
        rest(20)
        if time.monotonic() > until:
            raise SystemExit(f"not reached: {holds}")


@contextmanager
def running(home: Path, command: list[str] | None = None) -> Iterator[Parts]:
    """Open the program over a data folder, and close it."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    paths = AppPaths(home)
    paths.create()
    parts = build(app, command or engine_command(paths), paths)
    parts.window.show()
    wait(lambda: parts.client.state == "ready" and parts.session.status is not None)
    rest(500)
    try:
        yield parts
    finally:
        parts.window.close()
        wait(lambda: parts.client.pid() == 0)
        parts.window.deleteLater()
        rest(50)


def counted(parts: Parts, state: str) -> int:
    """Count the files in a state."""
    rows = rows_of(parts.session.status or {}, "collections")
    return sum(number_of(document_of(c, "files"), state) for c in rows)

"""The program as `studiolo-desktop` builds it, with its real engine child, and a hand that uses it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo.paths import AppPaths
from studiolo_desktop.app import engine_command
from studiolo_desktop.building import Parts, build
from studiolo_desktop.turn_view import TurnView

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SOON_MS = 60_000


def open_window(app: QApplication, folder: Path, qtbot: QtBot) -> Parts:
    """Open the window over the data folder in a folder."""
    paths = AppPaths(folder / "home")
    paths.create()
    made = build(app, engine_command(paths), paths)
    made.window.show()
    qtbot.waitUntil(lambda: made.client.state == "ready", timeout=SOON_MS)
    return made


def close_window(parts: Parts, qtbot: QtBot) -> None:
    """Close the window and wait for the end of its engine, unless that was done."""
    if parts.client.state != "closing":
        with qtbot.waitSignal(parts.client.closed, timeout=SOON_MS):
            parts.window.close()
        parts.window.deleteLater()


def drop(parts: Parts, folder: Path, qtbot: QtBot) -> None:
    """Drop a folder on the window and accept the collection that is proposed."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    window = parts.window
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    assert window.sheet.isVisible()
    QTest.keyClick(window.sheet.name, Qt.Key.Key_Return)


def indexed(parts: Parts) -> int:
    """Count the files that can be searched."""
    status = parts.session.status or {}
    collections = status.get("collections")
    assert isinstance(collections, list)
    return sum(c["files"]["indexed"] for c in collections)


def ask(parts: Parts, question: str, qtbot: QtBot) -> TurnView:
    """Write a question, press Enter, and wait for the end of its answer."""
    bar = parts.window.ask.bar
    QTest.keyClicks(bar.input, question)
    QTest.keyClick(bar.input, Qt.Key.Key_Return)
    turn = parts.window.ask.current
    assert turn is not None
    qtbot.waitUntil(lambda: not turn.running, timeout=SOON_MS)
    return turn

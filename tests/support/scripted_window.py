"""The whole window over an engine that follows a script, and a hand that uses it as a person would."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QTextBrowser, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from studiolo.paths import AppPaths
from studiolo_desktop.building import Parts, build
from studiolo_desktop.engine_client import EngineClient, Exchange, Patience
from studiolo_desktop.turn_view import TurnView
from studiolo_desktop.widgets.row_button import RowButton

Json = dict[str, Any]  # Any: a JSON document
ENGINE = Path(__file__).resolve().parent.parent / "desktop" / "scripted_engine.py"
LIMIT_MS = 15_000
MIDDLE = QPoint(600, 300)
QUICK = Patience(acknowledge_ms=1000, end_ms=2000, shutdown_ms=1000, terminate_ms=1000)
"""Shorter than a person's, long enough for a busy machine."""


def scripted_command(folder: Path, **script: object) -> list[str]:
    """Give the command of an engine that follows a script; what it is asked is written to requests.jsonl."""
    path = folder / "script.json"
    path.write_text(json.dumps({"requests_log": str(folder / "requests.jsonl"), **script}), encoding="utf-8")
    return [sys.executable, str(ENGINE), "--home", str(folder), str(path)]


def requests_in(folder: Path, kind: str) -> list[Json]:
    """Give the requests of a type that the engine has read so far."""
    path = folder / "requests.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [request for request in map(json.loads, lines) if request["type"] == kind]


def shown_text(widget: QWidget) -> str:
    """Give every word that can be seen in a widget."""
    words = []
    for child in (widget, *widget.findChildren(QWidget)):
        if child.isVisible():
            if isinstance(child, QLabel | QPushButton):
                words.append(child.text())
            elif isinstance(child, QPlainTextEdit | QTextEdit):
                words.append(child.toPlainText())
    return "\n".join(words)


def click_citation(answer: QTextBrowser, number: int) -> None:
    """Click on the first `[number]` of an answer."""
    cursor = QTextCursor(answer.document())
    for position in range(answer.document().characterCount()):
        cursor.setPosition(position)
        if cursor.charFormat().anchorHref() == f"cite:{number}":
            QTest.mouseClick(answer.viewport(), Qt.MouseButton.LeftButton, pos=answer.cursorRect(cursor).center())
            return
    raise AssertionError(f"no citation {number} in {answer.toPlainText()}")


class Probe(QObject):
    """Looks in at every turn of the event loop, and counts the tokens of an answer that came since the turn before."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__()
        self.tokens_by_turn: list[int] = []
        self._tokens = 0
        exchange.token.connect(self._count)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(0)

    @Slot(str)
    def _count(self, text: str) -> None:
        self._tokens += 1

    @Slot()
    def _tick(self) -> None:
        self.tokens_by_turn.append(self._tokens)
        self._tokens = 0

    def assert_awake(self, flood: int) -> None:
        """Hold the client to giving the loop back within a flood, as often as its clock tells it to.

        Call it with a `_TURN_S` that is over at once: then that is after a token or two, however fast the machine is.
        """
        assert sum(self.tokens_by_turn) + self._tokens == flood
        assert max(*self.tokens_by_turn, self._tokens) <= 10


class Scene:
    """A window, its engine, and what a person can do."""

    def __init__(self, qtbot: QtBot, parts: Parts, folder: Path) -> None:
        self.qtbot = qtbot
        self.parts = parts
        self.folder = folder
        self.window = parts.window
        self.client = parts.client
        self.session = parts.session

    @classmethod
    def build(
        cls, qtbot: QtBot, app: QApplication, folder: Path, *, patience: Patience | None = None, **script: object
    ) -> Scene:
        """Build a window that is not shown yet."""
        paths = AppPaths(folder / "data")
        return cls(qtbot, build(app, scripted_command(folder, **script), paths, patience=patience), folder)

    def show(self) -> None:
        """Show the window; the engine starts."""
        self.window.show()
        self.window.activateWindow()

    def settle(self) -> None:
        """Wait until the engine runs and its status is shown."""
        self.wait(lambda: self.client.state == "ready" and self.session.status is not None)

    def wait(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=LIMIT_MS)

    def wait_for_text(self, text: str, widget: QWidget | None = None) -> None:
        """Wait until a text can be seen."""
        self.wait(lambda: text in shown_text(widget or self.window))

    def text(self) -> str:
        """Give every word that can be seen."""
        return shown_text(self.window)

    def requests(self, kind: str) -> list[Json]:
        """Give the requests of a type that the engine has read."""
        return requests_in(self.folder, kind)

    def wait_for_requests(self, kind: str, number: int = 1) -> list[Json]:
        """Wait until the engine has read so many requests of a type."""
        self.wait(lambda: len(self.requests(kind)) >= number)
        return self.requests(kind)

    def button(self, name: str, inside: QWidget | None = None) -> QPushButton:
        """Find the visible button with this accessible name."""
        found = [b for b in (inside or self.window).findChildren(QPushButton) if b.isVisible()]
        named = [b for b in found if b.accessibleName() == name]
        assert len(named) == 1, f"{name}: {[b.accessibleName() for b in found]}"
        return named[0]

    def button_beginning(self, words: str) -> QPushButton:
        """Find the first visible button whose accessible name begins so."""
        found = [b for b in self.window.findChildren(QPushButton) if b.isVisible()]
        return next(b for b in found if b.accessibleName().startswith(words))

    def press(self, name: str, inside: QWidget | None = None) -> None:
        """Click on a button."""
        self.click(self.button(name, inside))

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click on a widget, in its middle if no place is given."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())

    def row(self, name: str) -> RowButton:
        """Give the row of the left room whose accessible name begins so, as soon as it is there."""

        def named() -> list[RowButton]:
            rows = self.window.library.findChildren(RowButton)
            return [row for row in rows if row.isVisible() and row.accessibleName().startswith(name)]

        self.wait(named)
        return named()[0]

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def type(self, text: str) -> None:
        """Type where the keyboard is."""
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    def tab_to(self, name: str) -> None:
        """Press Tab until the keyboard is at the widget with this accessible name."""
        passed = []
        for _ in range(80):
            self.key(Qt.Key.Key_Tab)
            focused = QApplication.focusWidget()
            passed.append(focused.accessibleName() if focused else "nothing")
            if passed[-1].startswith(name):
                return
        raise AssertionError(f"Tab never comes to {name}: {passed}")

    def ask(self, question: str = "How many days can I carry over?") -> TurnView:
        """Write a question and press Enter."""
        bar = self.window.ask.bar
        bar.set_question(question)
        QTest.keyClick(bar.input, Qt.Key.Key_Return)
        turn = self.window.ask.current
        assert turn is not None
        return turn

    def answered(self, question: str = "How many days can I carry over?") -> TurnView:
        """Ask, and wait for the end of the answer."""
        turn = self.ask(question)
        self.wait(lambda: not turn.running)
        return turn

    def drop(self, urls: Sequence[QUrl], at: QPoint = MIDDLE) -> None:
        """Drop something on the window as a file manager does; Qt finds who takes it."""
        drop(self.window, urls, at)


def drag(window: QWidget, data: QMimeData, at: QPoint = MIDDLE) -> bool:
    """Hold something over a window; tells whether it would be taken."""
    under = window.childAt(at) or window
    event = QDragEnterEvent(
        under.mapFrom(window, at),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    QApplication.sendEvent(under, event)
    return event.isAccepted()


def drop(window: QWidget, urls: Sequence[QUrl], at: QPoint = MIDDLE) -> None:
    """Drop files, folders or addresses on a window."""
    data = QMimeData()
    data.setUrls(list(urls))
    assert drag(window, data, at), "nobody takes what is dropped"
    event = QDropEvent(
        QPointF(at), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, event)


def local(*paths: Path) -> list[QUrl]:
    """Give the addresses of local files."""
    return [QUrl.fromLocalFile(str(path)) for path in paths]


OpenScene = Callable[..., Scene]
MakeClient = Callable[..., EngineClient]

"""Tells quietly that a long job has ended while the window was not looked at; never with a word of a document."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from studiolo import messages
from studiolo.quantities import count
from studiolo_desktop.widgets.icons import program_icon
from studiolo_desktop.words import document_of, number_of, rows_of

LONG_S = 45.0
_REST_MS = 1500
_TITLE = "Studiolo"
_SHOWN_MS = 8000


class Notices(QObject):
    """Shows a notice of the system where there is a tray, else a mark in the title of the window.

    Args:
        window: The window; it owns this.
        status: Gives what the engine last said of the collections, or None.
        long_s: A job of so many seconds is long.
        rest_ms: So long nothing may be indexed before that counts as the end: passes follow each other.
    """

    def __init__(
        self,
        window: QWidget,
        status: Callable[[], Mapping[str, object] | None],
        *,
        long_s: float = LONG_S,
        rest_ms: int = _REST_MS,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._status = status
        self._long_s = long_s
        self._began_s: float | None = None
        self._ended_s = 0.0
        self._tray: QSystemTrayIcon | None = None
        self.said: list[str] = []
        """What was said since the window was last looked at."""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(rest_ms)
        self._rest.timeout.connect(self._end_indexing)
        window.installEventFilter(self)

    @Slot(object)
    def take_progress(self, progress: messages.Progress) -> None:
        """Note that something is being indexed, or no longer."""
        if progress.request is not None:
            return
        if progress.phase != "idle":
            self._rest.stop()
            if self._began_s is None:
                self._began_s = time.monotonic()
        elif self._began_s is not None and not self._rest.isActive():
            self._ended_s = time.monotonic()
            self._rest.start()

    def is_waiting(self) -> bool:
        """Tell whether indexing has just stopped, and it may be the end."""
        return self._rest.isActive()

    @Slot()
    def _end_indexing(self) -> None:
        began, self._began_s = self._began_s, None
        if began is not None and self._ended_s - began >= self._long_s:
            self.say(indexed_in_words(self._status()))

    @Slot(str)
    def say(self, words: str) -> None:
        """Say that a job has ended, unless the window is being looked at."""
        if self._window.isActiveWindow():
            return
        self.said.append(words)
        self._window.setWindowTitle(f"● {_TITLE}")
        if QSystemTrayIcon.isSystemTrayAvailable():
            if self._tray is None:
                self._tray = QSystemTrayIcon(program_icon(), self)
                self._tray.setToolTip(_TITLE)
                self._tray.activated.connect(self._raise)
                self._tray.messageClicked.connect(self._raise)
            self._tray.show()
            self._tray.showMessage(_TITLE, words, program_icon(), _SHOWN_MS)

    @Slot()
    def _raise(self) -> None:
        bring_forward(self._window)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take everything back once the window is looked at."""
        if event.type() == QEvent.Type.WindowActivate:
            self.said.clear()
            self._window.setWindowTitle(_TITLE)
            if self._tray is not None:
                self._tray.hide()
        return super().eventFilter(watched, event)


def indexed_in_words(status: Mapping[str, object] | None) -> str:
    """Say what indexing came to, in numbers alone."""
    counts = [document_of(c, "files") for c in rows_of(status or {}, "collections")]
    indexed, failed = (sum(number_of(c, name) for c in counts) for name in ("indexed", "failed"))
    words = [f"Your documents are read: {count(indexed, 'file')} can be searched."]
    if failed:
        words.append(f"{count(failed, 'file')} could not be read.")
    return " ".join(words)


def bring_forward(window: QWidget) -> None:
    """Show a window above others, wherever it was."""
    if window.isMinimized():
        window.showNormal()
    window.show()
    window.raise_()
    window.activateWindow()

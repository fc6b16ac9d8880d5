"""Puts the window back as it was left, and notes how it is left."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QRect, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from studiolo_desktop.engine_client import EngineClient
from studiolo_desktop.ledger_filters import STATES
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.theme import Theme
from studiolo_desktop.window_state import WindowState, read_state, write_state

log = logging.getLogger(__name__)


class WindowMemory(QObject):
    """Remembers place, size, widths of the rooms, page, collections asked, and colours.

    It writes when the window has been hidden at its end, since a file that reaches the disk may take its time.

    Args:
        window: The window; it owns this.
        client: The engine, whose first greeting fills the page that is shown again.
        theme: The colours.
        path: The file.
    """

    def __init__(self, window: MainWindow, client: EngineClient, theme: Theme, path: Path) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._path = path
        self._state = read_state(path)
        self._filled = False
        self._pages: dict[str, QWidget] = {
            "ask": window.ask,
            "ledger": window.ledger,
            "evaluation": window.evaluation,
            "adapters": window.adapters,
            "models": window.models,
            "styles": window.styles,
            "settings": window.settings,
            "privacy": window.privacy,
            "shortcuts": window.shortcuts,
        }
        self._restore(self._state)
        client.greeted.connect(self._fill)
        window.closing.connect(self.save)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.commitDataRequest.connect(self.save)  # the session ends: nobody closes the window

    def _restore(self, state: WindowState) -> None:
        window = self._window
        if state.scheme != self._theme.chosen:
            self._theme.choose(state.scheme)
        if state.place is not None:
            screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
            window.setGeometry(on_a_screen(QRect(*state.place), screens))
        if state.maximised:
            window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)
        window.set_widths(left=state.left, right=state.right)
        if state.scope:
            window.ask.scope_bar.scope = list(
                state.scope
            )  # what is no collection any more falls away with the first status
        window.show_page(self._pages[state.page])

    @Slot(object)
    def _fill(self, hello: object) -> None:
        """Ask for what the page shows, once there is an engine."""
        window, page = self._window, self._state.page
        if self._filled or window.pages.currentWidget() is not self._pages[page]:
            return
        self._filled = True
        if page == "ledger":
            window.ledger.open(self._state.listed if self._state.listed in {state for _, state in STATES} else "failed")
        elif page in ("evaluation", "adapters", "models", "styles", "settings", "privacy"):
            window.library.page_wanted.emit(page)

    def state(self) -> WindowState:
        """Tell how the window stands."""
        window = self._window
        rect = window.normalGeometry() if window.isMaximized() else window.geometry()
        shown = window.pages.currentWidget()
        return WindowState(
            place=(rect.x(), rect.y(), rect.width(), rect.height()) if rect.isValid() else None,
            maximised=window.isMaximized(),
            left=window.left_width,
            right=window.right_width,
            page=next((key for key, page in self._pages.items() if page is shown), "ask"),
            listed=window.ledger.wish.state or "",
            scope=tuple(window.ask.scope),
            scheme=self._theme.chosen,
        )

    @Slot()
    def save(self) -> None:
        """Note how the window stands; a place that cannot be written costs the memory and nothing else."""
        state = self.state()
        if state == self._state and self._path.exists():
            return
        try:
            write_state(self._path, state)
        except OSError as error:
            log.info("how the window stands is not remembered: %s", error.strerror)
        self._state = state


def on_a_screen(wanted: QRect, screens: list[QRect]) -> QRect:
    """Move and shrink a window so that it can be seen and taken hold of on one of the screens.

    Args:
        wanted: Where it stood; the screen that it stood on may have gone.
        screens: The free area of each screen, the main one first.
    """
    if not screens:
        return wanted
    home = max(screens, key=lambda screen: (_area(screen.intersected(wanted)), screen is screens[0]))
    size = wanted.size().boundedTo(home.size())
    x = min(max(wanted.x(), home.left()), home.right() - size.width() + 1)
    y = min(max(wanted.y(), home.top()), home.bottom() - size.height() + 1)
    return QRect(x, y, size.width(), size.height())


def _area(rect: QRect) -> int:
    return rect.width() * rect.height() if rect.isValid() else 0

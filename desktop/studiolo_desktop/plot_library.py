"""Loads pyqtgraph when the first picture is wanted: it takes half a second, in which the window must stay awake."""

from __future__ import annotations

import importlib
import logging
import threading

from PySide6.QtCore import QObject, QTimer, Signal, Slot

log = logging.getLogger(__name__)

NAME = "pyqtgraph"
_LOOK_MS = 25


class PlotLibrary(QObject):
    """Imports on a thread of its own, which ends with that; says on the window's thread that it has.

    The import makes classes and numbers, no widget and no picture: those are made later, on the window's thread.
    """

    ready = Signal(bool)
    """Whether pictures can be drawn."""

    def __init__(self, parent: QObject, *, name: str = NAME) -> None:
        super().__init__(parent)
        self._name = name
        self._thread: threading.Thread | None = None
        self._works = False
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._on_look)

    def want(self) -> None:
        """Load it, if it is not loaded yet; `ready` follows in any case, never before control returns to Qt."""
        if self._thread is None:
            # A daemon: a window that is closed meanwhile does not wait for it.
            self._thread = threading.Thread(target=self._load, name="T-plots", daemon=True)
            self._thread.start()
        self._look.start()

    def _load(self) -> None:
        try:
            importlib.import_module(self._name)
        except ImportError as error:
            log.info("no pictures: %s", type(error).__name__)
        else:
            self._works = True

    @Slot()
    def _on_look(self) -> None:
        if self._thread is not None and not self._thread.is_alive():
            self._look.stop()
            self.ready.emit(self._works)

"""Loads pyqtgraph when the first picture is wanted, and never before: it brings numpy, and takes half a second."""

from __future__ import annotations

import importlib
import logging
import threading

from PySide6.QtCore import QObject, QTimer, Signal, Slot

log = logging.getLogger(__name__)

NAME = "pyqtgraph"
_BEFORE = ("numpy", "multiprocessing", "cProfile", "pydoc", "xml.etree.ElementTree", "decimal", "colorama")
"""What it imports and what knows no Qt: a third of the time."""
_LOOK_MS = 25


class PlotLibrary(QObject):
    """Imports what knows no Qt on a thread that ends with that, and the rest on the window's.

    Not all of it on the thread: it looks at every class of Qt, which PySide makes when it is first looked at, and the
    window does so at the same time. One start in twenty ended in a crash.
    """

    ready = Signal(bool)
    """Whether pictures can be drawn."""

    def __init__(self, parent: QObject, *, name: str = NAME) -> None:
        super().__init__(parent)
        self._name = name
        self._thread: threading.Thread | None = None
        self._works: bool | None = None
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._on_look)

    def want(self) -> None:
        """Load it, if it is not loaded yet; `ready` follows in any case, never before control returns to Qt."""
        if self._thread is None:
            # A daemon: a window that is closed meanwhile does not wait for it.
            self._thread = threading.Thread(target=_load_before, name="T-plots", daemon=True)
            self._thread.start()
        self._look.start()

    @Slot()
    def _on_look(self) -> None:
        if self._thread is None or self._thread.is_alive():
            return
        self._look.stop()
        if self._works is None:
            self._works = _is_there(self._name)
        self.ready.emit(self._works)


def _load_before() -> None:
    for name in _BEFORE:
        _is_there(name)


def _is_there(name: str) -> bool:
    """Import a module; tells whether that could be done."""
    try:
        importlib.import_module(name)
    except ImportError as error:
        log.info("%s cannot be imported: %s", name, type(error).__name__)
        return False
    return True

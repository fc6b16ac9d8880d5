"""Works a long job off in turns of the event loop, so that the window stays awake."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_TURN_S = 0.012


class Turns(QObject):
    """Takes steps for some milliseconds at a time, the first ones at once; a new job takes the place of the old one."""

    done = Signal()
    """Every step of the job has been taken; never said before control returns to Qt."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    @property
    def busy(self) -> bool:
        """Tell whether steps are left."""
        return self._steps is not None

    def run(self, steps: Iterator[object]) -> None:
        """Take the steps of an iterator."""
        self._steps = steps
        self._take()
        self._timer.start()

    def stop(self) -> None:
        """Leave the steps that are left."""
        self._steps = None
        self._timer.stop()

    def _take(self) -> None:
        until = time.perf_counter() + _TURN_S
        while self._steps is not None and time.perf_counter() < until:
            steps = self._steps
            if next(steps, self) is self and self._steps is steps:
                self._steps = None

    @Slot()
    def _go_on(self) -> None:
        self._take()
        if self._steps is not None:
            self._timer.start()
        else:
            self.done.emit()

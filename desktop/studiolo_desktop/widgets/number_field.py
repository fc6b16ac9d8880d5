"""A field for a number that leaves the wheel to the page that scrolls."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

_BEFORE_PX = 8


class WholeField(QSpinBox):
    """A whole number.

    Args:
        parent: The owner.
        name: What a screen reader says.
        low: The least number; `high` is the largest.
        high: See there.
    """

    def __init__(self, parent: QWidget, name: str, *, low: int, high: int) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        self.setAccessibleName(name)
        # The style sheet's padding does not reach the words of a field with arrows.
        self.lineEdit().setTextMargins(_BEFORE_PX, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Take no part in scrolling."""
        event.ignore()


class DecimalField(QDoubleSpinBox):
    """A number with two digits behind the point; the arguments are those of `WholeField`."""

    def __init__(self, parent: QWidget, name: str, *, low: float, high: float, step: float) -> None:
        super().__init__(parent)
        self.setRange(low, high)
        self.setDecimals(2)
        self.setSingleStep(step)
        self.setAccessibleName(name)
        self.lineEdit().setTextMargins(_BEFORE_PX, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Take no part in scrolling."""
        event.ignore()

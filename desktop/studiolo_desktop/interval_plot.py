"""A picture of differences: a mark for each, with its 95 % interval; right of the line it rose, left of it it fell.

The words beside it say the same; the marks differ in form as well as in colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studiolo_desktop.plot_library import PlotLibrary
from studiolo_desktop.theme import SMALL_PX, Theme
from studiolo_desktop.widgets.labels import WrapLabel
from studiolo_desktop.words import one_line

_ROW_PX = 26
_AXIS_PX = 26
_LABEL_SHARE = 0.46
_CAP = 0.16
_SYMBOLS = {"better": "t1", "worse": "t", "unclear": "o", "same": "o"}
_SPACE_PX = 10


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the picture: `value`, `low` and `high` are differences of shares, from -1 to 1."""

    label: str
    value: float
    low: float
    high: float
    verdict: str


class IntervalPlot(QWidget):
    """Shows differences in their order, the first on top; takes its colours from the theme.

    Args:
        parent: The owner.
        theme: Colours.
        library: Loads what draws.
    """

    def __init__(self, parent: QWidget, theme: Theme, library: PlotLibrary) -> None:
        super().__init__(parent)
        self._theme = theme
        self._library = library
        self._rows: list[Difference] = []
        self._plot: Any = None  # Any: pyqtgraph says no types
        self._works = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.note = WrapLabel(self, "", tone="muted")
        self._column.addWidget(self.note)
        library.ready.connect(self._on_ready)
        theme.changed.connect(self._draw)

    @property
    def is_drawn(self) -> bool:
        """Tell whether the picture is there."""
        return self._plot is not None and not self._plot.isHidden()

    def show_differences(self, rows: Sequence[Difference], *, name: str) -> None:
        """Show other differences.

        Args:
            rows: What differs; those without finite bounds are left out.
            name: What a screen reader says in place of the picture.
        """
        self._rows = [row for row in rows if all(map(math.isfinite, (row.value, row.low, row.high)))]
        self.setAccessibleName(name)
        self.setVisible(bool(self._rows))
        if self._rows and not self._works:
            self.note.setText("Drawing …")
            self.note.show()
            self._library.want()
        self._draw()

    @Slot(bool)
    def _on_ready(self, works: bool) -> None:
        self._works = works
        said = "In points of a hundred, with 95 % intervals."
        self.note.setText(said if works else "The picture cannot be drawn here; the table below says the same.")
        self._draw()

    @Slot()
    def _draw(self) -> None:
        """Draw the whole picture anew: it is small, and changes with the theme, the font and the width."""
        if not self._works or not self._rows:
            return
        plot = self._make()
        tokens = self._theme.tokens
        plot.setBackground(tokens.card)
        item = plot.getPlotItem()
        item.clear()
        self._draw_lines(item)
        for verdict in dict.fromkeys(row.verdict for row in self._rows):
            self._draw_kind(item, verdict)
        self._draw_axes(item)
        plot.setFixedHeight(len(self._rows) * _ROW_PX + _AXIS_PX)

    def _make(self) -> Any:  # Any: pyqtgraph says no types
        if self._plot is None:
            import pyqtgraph

            pyqtgraph.setConfigOptions(antialias=True)
            self._plot = plot = pyqtgraph.PlotWidget(self)
            plot.setMenuEnabled(False)
            plot.setMouseEnabled(x=False, y=False)
            plot.hideButtons()
            plot.setFrameShape(plot.Shape.NoFrame)
            # A picture in a page that scrolls: the wheel and the keyboard are the page's.
            plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._column.insertWidget(0, plot)
        return self._plot

    @property
    def _reach(self) -> float:
        """How far from 0 the picture goes, in points of a hundred."""
        return max(1.0, *(100 * max(abs(row.low), abs(row.high)) for row in self._rows)) * 1.06

    def _draw_lines(self, item: Any) -> None:  # Any: pyqtgraph says no types
        tokens, reach = self._theme.tokens, self._reach
        lines = [(-reach, -at, reach, -at) for at in range(len(self._rows))]
        item.addItem(_curve(lines, tokens.line, 1))
        item.addItem(_curve([(0, 0.5, 0, 0.5 - len(self._rows))], tokens.edge, 1))

    def _draw_kind(self, item: Any, verdict: str) -> None:  # Any: pyqtgraph says no types
        """Draw all differences of one verdict: one curve and one set of marks, since each costs milliseconds."""
        import pyqtgraph

        tokens = self._theme.tokens
        colour = {"better": tokens.ok, "worse": tokens.bad}.get(verdict, tokens.muted)
        rows = [(-at, row) for at, row in enumerate(self._rows) if row.verdict == verdict]
        lines: list[tuple[float, float, float, float]] = [(r.low * 100, y, r.high * 100, y) for y, r in rows]
        lines += [(x * 100, y - _CAP, x * 100, y + _CAP) for y, row in rows for x in (row.low, row.high)]
        item.addItem(_curve(lines, colour, 2))
        marks = pyqtgraph.ScatterPlotItem(
            x=[row.value * 100 for _, row in rows],
            y=[y for y, _ in rows],
            size=11,
            symbol=_SYMBOLS.get(verdict, "o"),
            pen=pyqtgraph.mkPen(colour, width=2),
            brush=pyqtgraph.mkBrush(colour if verdict in ("better", "worse") else tokens.card),
        )
        item.addItem(marks)

    def _draw_axes(self, item: Any) -> None:  # Any: pyqtgraph says no types
        font = self.font()
        font.setPixelSize(SMALL_PX)
        metrics = QFontMetrics(font)
        room = round(self.width() * _LABEL_SHARE)
        labels = [metrics.elidedText(one_line(r.label), Qt.TextElideMode.ElideRight, room) for r in self._rows]
        left, bottom = item.getAxis("left"), item.getAxis("bottom")
        left.setTicks([[(-at, label) for at, label in enumerate(labels)]])
        left.setWidth(max(map(metrics.horizontalAdvance, labels)) + 2 * _SPACE_PX)
        left.setStyle(tickLength=0)
        for axis in (left, bottom):
            axis.setStyle(tickFont=font)
            axis.setTextPen(self._theme.tokens.text if axis is left else self._theme.tokens.muted)
            axis.setPen(self._theme.tokens.line)
        item.setXRange(-self._reach, self._reach, padding=0)
        item.setYRange(-len(self._rows) + 0.5, 0.5, padding=0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the words beside the picture their share of the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and self._plot is not None:
            self._draw_axes(self._plot.getPlotItem())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw anew in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._plot is not None:
            self._draw()


def _curve(lines: Sequence[tuple[float, float, float, float]], colour: str, width: int) -> Any:  # Any: no types
    """Give straight lines from point to point, each x and y of its ends."""
    import pyqtgraph

    x = [end for line in lines for end in line[0::2]]
    y = [end for line in lines for end in line[1::2]]
    return pyqtgraph.PlotCurveItem(x, y, connect="pairs", pen=pyqtgraph.mkPen(colour, width=width))

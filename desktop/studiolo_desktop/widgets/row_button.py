"""One row of the left room: a state dot, a name, and a word at the right end."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.icons import IconLabel
from studiolo_desktop.widgets.labels import ElidedLabel
from studiolo_desktop.words import one_line, tooltip

DotState = Literal["ok", "busy", "off", "none"]

_NAME_WIDTH = 72
_WORDS = {"ok": "up to date", "busy": "being indexed", "off": "offline", "none": ""}


class Dot(QWidget):
    """A small disc: filled green or amber, or hollow; its meaning is also said in words."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state: DotState = "none"
        self.setFixedSize(9, 9)
        theme.changed.connect(self.update)

    def show_state(self, state: DotState) -> None:
        """Show another state."""
        if state != self._state:
            self._state = state
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the disc."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._state == "off":
            painter.setPen(QPen(QColor(tokens.muted), 1.5))
            painter.drawEllipse(QRectF(1, 1, 7, 7))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.weak if self._state == "busy" else tokens.ok))
            painter.drawEllipse(QRectF(1, 1, 7, 7))


class RowButton(QPushButton):
    """A row that can be chosen; says its `key`."""

    chosen = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        theme: Theme,
        key: str,
        text: str,
        *,
        dot: bool = False,
        sub: bool = False,
        tone: str = "",
        sentence: bool = False,
        icon: str = "",
    ) -> None:
        super().__init__(parent)
        self.key = key
        self.setProperty("kind", "row")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(26 if sub else 8, 0, 8, 0)
        row.setSpacing(8)
        self._dot = Dot(self, theme) if dot else None
        if self._dot is not None:
            row.addWidget(self._dot)
        if icon:
            row.addWidget(IconLabel(self, icon, tone=tone or "muted"))
        self._name = ElidedLabel(self, text, tone="muted" if sub else tone, sentence=sentence)
        self._word = ElidedLabel(self, "", tone="muted", sentence=True)
        self._word.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row.addWidget(self._name, 1)
        row.addWidget(self._word)
        for label in (self._name, self._word):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_row(text)
        self.clicked.connect(self._say)

    def show_row(self, text: str, word: str = "", state: DotState = "none", *, tone: str = "muted") -> None:
        """Show another name, word and state."""
        self._name.setText(text)
        self._name.setMinimumWidth(min(_NAME_WIDTH, self._name.sizeHint().width()))  # before a long word
        self._word.setText(word)
        self._word.setVisible(bool(word))
        self._word.set_tone(tone)
        if self._dot is not None:
            self._dot.show_state(state)
        meaning = "" if _WORDS[state] == word else _WORDS[state]
        said = ", ".join(part for part in (text, word, meaning) if part)
        self.setAccessibleName(one_line(said))
        self.setToolTip(tooltip(said))

    def word(self) -> str:
        """Give the word at the right end."""
        return self._word.text()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for one line with some air."""
        return QSize(100, self.fontMetrics().height() + 15)

    @Slot()
    def _say(self) -> None:
        self.chosen.emit(self.key)

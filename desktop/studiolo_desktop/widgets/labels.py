"""Labels that show untrusted text as it is: plain, on one line where asked, never as markup."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from studiolo_desktop.theme import set_property
from studiolo_desktop.widgets.icons import set_icon
from studiolo_desktop.words import breakable, button_text, one_line, tooltip

_AROUND = 40
"""Of a bubble's width: its padding, and the half letter that Qt indents a label with a frame by."""


class PlainLabel(QLabel):
    """A label of plain text with a tone of the theme (`muted`, `title`, `ok` …)."""

    def __init__(self, parent: QWidget, text: str = "", *, tone: str = "", wrap: bool = False) -> None:
        self._whole = ""
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if tone:
            self.setProperty("tone", tone)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show another text; where it wraps, long runs without a space may be broken too."""
        self._whole = text
        super().setText(breakable(text) if self.wordWrap() else text)

    def text(self) -> str:
        """Give the text as it was set."""
        return self._whole

    def set_tone(self, tone: str) -> None:
        """Show the text in another tone."""
        set_property(self, "tone", tone)


class ElidedLabel(PlainLabel):
    """A label of one line that is cut where there is no room; the whole text is in its tool tip.

    A name is cut in the middle, so that its end stays; a sentence (`sentence=True`) at its end.
    """

    def __init__(self, parent: QWidget, text: str = "", *, tone: str = "", sentence: bool = False) -> None:
        self._mode = Qt.TextElideMode.ElideRight if sentence else Qt.TextElideMode.ElideMiddle
        super().__init__(parent, text, tone=tone)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show another text."""
        super().setText(one_line(text))
        self.setToolTip(tooltip(text))
        self.setAccessibleName(one_line(text))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for no width."""
        return QSize(20, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint as much of the text as there is room for."""
        painter = QPainter(self)
        area = self.contentsRect()
        cut = self.fontMetrics().elidedText(self.text(), self._mode, area.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(area, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), cut)


class Bubble(PlainLabel):
    """A question as it was asked, no wider than its room allows."""

    def __init__(self, parent: QWidget, text: str) -> None:
        super().__init__(parent, text, tone="bubble", wrap=True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAccessibleName(f"Your question: {one_line(text)}")

    def fit(self, max_width: int) -> None:
        """Take the size that the text needs within a width."""
        self.ensurePolished()  # the theme's font, not the one before it
        room = max(80, max_width - _AROUND)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
        box = self.fontMetrics().boundingRect(0, 0, room, 100_000, flags, breakable(self.text()))
        self.setFixedSize(min(box.width() + _AROUND, max_width), box.height() + 20)


def push_button(
    parent: QWidget, text: str, *, kind: str = "", name: str = "", tip: str = "", icon: str = ""
) -> QPushButton:
    """Make a button of a kind of the theme (`primary`, `quiet`, `chip` …); `name` is what a screen reader says."""
    button = QPushButton(button_text(text), parent)
    if kind:
        button.setProperty("kind", kind)
    button.setAccessibleName(one_line(name or text))
    if tip:
        button.setToolTip(tooltip(tip))
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setAutoDefault(False)
    if icon:
        set_icon(button, icon)
    return button


class WrapLabel(PlainLabel):
    """A wrapping label that takes the height its width needs, also inside scroll areas."""

    def __init__(self, parent: QWidget, text: str = "", *, tone: str = "") -> None:
        super().__init__(parent, text, tone=tone, wrap=True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show another text, and ask for the height that it needs."""
        super().setText(text)
        self._ask_height()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the height that the new width needs."""
        super().resizeEvent(event)
        self._ask_height()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the height that another font needs."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._ask_height()

    def _ask_height(self) -> None:
        if self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            self.setMinimumHeight(0)  # the height for a width is never less than the smallest height that was set
            self.setMinimumHeight(max(0, self.heightForWidth(self.width())))

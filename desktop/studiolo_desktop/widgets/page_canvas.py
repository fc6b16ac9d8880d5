"""The picture of a page: quoted words marked, what a search has found, and words that can be selected and copied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QImageReader,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QWidget

from studiolo_desktop.theme import PAGE_FOUND, PAGE_INK, PAGE_MARK, PAGE_SELECTED, Theme
from studiolo_desktop.widgets.page_text import PageText

MAX_SIDE = 8000
MAX_PIXELS = 16_000_000
"""Ten times a page at twice the width of its room; 64 million would keep the window for a second."""
_GROW = 1.5
_MOST_SAID = 20_000
_NO_SELECTION = (-1, -1)


class PageCanvas(QWidget):
    """Paints one page at a width of logical pixels; the boxes are in pixels of the picture.

    Signals:
        reached: A point of this that the pointer was dragged to while words are selected.
        copied: The selected words, when they are put into the clipboard.
    """

    reached = Signal(QPoint)
    copied = Signal(str)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image = QImage()
        self.boxes: list[QRectF] = []
        self.words: PageText | None = None
        self.found: list[list[QRectF]] = []
        """The boxes of each place that a search has found, in the measure of the words."""
        self._current = -1
        self._anchor = -1
        self._selected = _NO_SELECTION
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        theme.changed.connect(self.update)

    def show_page(self, untrusted_png: bytes, boxes: Sequence[object], *, width: int) -> bool:
        """Show a page, of which no words are known yet; gives False if the picture cannot be read.

        Args:
            untrusted_png: The picture.
            boxes: Four numbers each: x, y, width, height; others are left out.
            width: Logical pixels that the page takes.
        """
        image = read_png(untrusted_png)
        if image.isNull():
            return False
        self._image = image
        self.boxes = [QRectF(*box) for box in map(_four_numbers, boxes) if box is not None]
        self.set_width(width)
        self._say()
        return True

    def show_words(self, words: PageText | None) -> None:
        """Take the words of the page that is shown, or forget them: a selection and what was found go with them."""
        self.words = words
        self._selected = _NO_SELECTION
        self.show_found((), -1)
        self.setAccessibleDescription("" if words is None else words.text[:_MOST_SAID])

    def show_found(self, spans: Iterable[tuple[int, int]], current: int) -> None:
        """Mark spans of the page's text that a search has found; the one with the number `current` stands out."""
        words = self.words
        self.found = [] if words is None else [words.boxes(*words.numbers(*span)) for span in spans]
        self._current = current
        self.update()

    def has_page(self) -> bool:
        """Tell whether there is a picture."""
        return not self._image.isNull()

    def shape(self) -> float:
        """Give the height of the page for a width of 1; 0 without one."""
        return self._image.height() / max(1, self._image.width())

    def set_width(self, width: int) -> None:
        """Show the page at another width."""
        if self.has_page():
            height = round(width * self._image.height() / max(1, self._image.width()))
            self.setFixedSize(width, height)
            self.update()

    def first_box(self) -> QRectF | None:
        """Give the first highlighted place in logical pixels, or none."""
        if not self.boxes:
            return None
        scale = self.width() / max(1, self._image.width())
        return _scaled(self.boxes[0], scale, scale)

    def current_box(self) -> QRectF | None:
        """Give the found place that stands out, in logical pixels, or none."""
        boxes = self.found[self._current] if 0 <= self._current < len(self.found) else []
        return _scaled(boxes[0], *self._measure()) if boxes else None

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Keep the size that was set."""
        return self.size()

    # ---- selecting -----------------------------------------------------------------------------------------------

    def selected_text(self) -> str:
        """Give the words that are selected."""
        if self.words is None or self._selected == _NO_SELECTION:
            return ""
        return self.words.said(*self._selected)

    @Slot()
    def select_all(self) -> None:
        """Select all words of the page."""
        if self.words is not None and self.words.words:
            self._select(0, len(self.words.words) - 1)

    @Slot()
    def copy(self) -> None:
        """Put the selected words into the clipboard; without any, leave what is there."""
        text = self.selected_text()
        if text:
            QGuiApplication.clipboard().setText(text)
            self.copied.emit(text)

    def _select(self, first: int, last: int) -> None:
        self._selected = (first, last)
        self.update()

    def _place(self, point: QPointF) -> QPointF:
        across, down = self._measure()
        return QPointF(point.x() / across, point.y() / down)

    def _measure(self) -> tuple[float, float]:
        """Give how many logical pixels one of the words' measure takes, across and down."""
        if self.words is None:
            return 1.0, 1.0
        return max(1e-6, self.width() / self.words.width), max(1e-6, self.height() / self.words.height)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin to select at a word, or go on from the first one with Shift."""
        if event.button() != Qt.MouseButton.LeftButton or self.words is None:
            return
        number = self.words.nearest(self._place(event.position()))
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._selected != _NO_SELECTION:
            self._select(self._selected[0], number)
            return
        self._anchor = number
        self._select(*_NO_SELECTION)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Select up to the word at the pointer; without a button show whether there is one."""
        if self.words is None:
            return
        place = self._place(event.position())
        if event.buttons() & Qt.MouseButton.LeftButton:
            first = self._selected[0] if self._selected != _NO_SELECTION else self._anchor
            if first >= 0:
                self._select(first, self.words.nearest(place))
                self.reached.emit(event.position().toPoint())
        elif not event.buttons():
            is_word = self.words.under(place) >= 0
            self.setCursor(Qt.CursorShape.IBeamCursor if is_word else Qt.CursorShape.ArrowCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Select the word."""
        number = -1 if self.words is None else self.words.under(self._place(event.position()))
        if number >= 0:
            self._select(number, number)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Select all, copy, and go on with what is selected, word by word."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in steps and event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.words is not None:
            first, last = self._selected if self._selected != _NO_SELECTION else (0, -1)
            self._select(first, max(0, min(len(self.words.words) - 1, last + steps[Qt.Key(event.key())])))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Offer to copy what is selected, and to select the page."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("What can be done with the words of the page")
        copy = menu.addAction("Copy")
        copy.setEnabled(bool(self.selected_text()))
        copy.triggered.connect(self.copy)
        select = menu.addAction("Select the whole page")
        select.setEnabled(self.words is not None and bool(self.words.words))
        select.triggered.connect(self.select_all)
        menu.popup(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show that keys go here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        self.update()

    # ---- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the picture, and over it the boxes like a marker pen: the letters stay black."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.setPen(Qt.PenStyle.NoPen)
        scale = self.width() / max(1, self._image.width())
        self._fill(painter, PAGE_MARK, self.boxes, scale, scale)
        across, down = self._measure()
        self._fill(painter, PAGE_FOUND, (box for boxes in self.found for box in boxes), across, down)
        self._fill(painter, PAGE_SELECTED, self._selected_boxes(), across, down)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if 0 <= self._current < len(self.found):
            painter.setPen(QPen(QColor(PAGE_INK), 2))
            for box in self.found[self._current]:
                painter.drawRoundedRect(_scaled(box, across, down).adjusted(-2, -2, 2, 2), 3, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # a hairline, not a shade over two pixels
        painter.setPen(QColor(self._theme.tokens.accent if self.hasFocus() else self._theme.tokens.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    @staticmethod
    def _fill(painter: QPainter, colour: str, boxes: Iterable[QRectF], across: float, down: float) -> None:
        marked = QPainterPath()  # in one, so that where two boxes overlap it is no darker
        marked.setFillRule(Qt.FillRule.WindingFill)
        for box in boxes:
            area = _scaled(box, across, down)
            marked.addRoundedRect(area.adjusted(-_GROW, -_GROW, _GROW, _GROW), 2, 2)
        painter.fillPath(marked, QColor(colour))

    def _selected_boxes(self) -> list[QRectF]:
        if self.words is None or self._selected == _NO_SELECTION:
            return []
        first, last = sorted(self._selected)
        return self.words.boxes(first, last + 1)

    def _say(self) -> None:
        self.setAccessibleName(f"Page with {len(self.boxes)} highlighted lines" if self.boxes else "Page")


def read_png(untrusted_png: bytes) -> QImage:
    """Read a picture; gives a null one if it is no PNG or too large. Its size is known before its pixels are read."""
    buffer = QBuffer()
    buffer.setData(untrusted_png)
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    # One format alone: whatever else the bytes may be, no other reader of Qt's sees them.
    reader = QImageReader(buffer, QByteArray(b"png"))
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > MAX_SIDE or size.width() * size.height() > MAX_PIXELS:
        return QImage()
    return reader.read()


def _scaled(box: QRectF, across: float, down: float) -> QRectF:
    return QRectF(box.x() * across, box.y() * down, box.width() * across, box.height() * down)


def _four_numbers(untrusted: object) -> tuple[float, float, float, float] | None:
    if not isinstance(untrusted, list | tuple) or len(untrusted) != 4:
        return None
    numbers = [float(n) for n in untrusted if isinstance(n, int | float) and abs(n) < 1e6]
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None

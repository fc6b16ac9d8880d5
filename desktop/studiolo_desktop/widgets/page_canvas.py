"""The picture of a page with the quoted words highlighted over it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studiolo_desktop.theme import PAGE_MARK, Theme

MAX_SIDE = 8000
MAX_PIXELS = 16_000_000
"""Ten times a page at twice the width of its room; 64 million would keep the window for a second."""
_GROW = 1.5


class PageCanvas(QWidget):
    """Paints one page at a width of logical pixels; the boxes are in pixels of the picture."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image = QImage()
        self.boxes: list[QRectF] = []
        theme.changed.connect(self.update)

    def show_page(self, untrusted_png: bytes, boxes: Sequence[object], *, width: int) -> bool:
        """Show a page; gives False if the picture cannot be read.

        Args:
            untrusted_png: The picture.
            boxes: Four numbers each: x, y, width, height; others are left out.
            width: Logical pixels that the page takes.
        """
        image = _read_png(untrusted_png)
        if image.isNull():
            return False
        self._image = image
        self.boxes = [QRectF(*box) for box in map(_four_numbers, boxes) if box is not None]
        self.set_width(width)
        self.setAccessibleName(f"Page with {len(self.boxes)} highlighted lines" if self.boxes else "Page")
        return True

    def has_page(self) -> bool:
        """Tell whether there is a picture."""
        return not self._image.isNull()

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
        scale = self._scale()
        box = self.boxes[0]
        return QRectF(box.x() * scale, box.y() * scale, box.width() * scale, box.height() * scale)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Keep the size that was set."""
        return self.size()

    def _scale(self) -> float:
        return self.width() / max(1, self._image.width())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the picture, and over it the boxes like a marker pen: the letters stay black."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(PAGE_MARK))
        scale = self._scale()
        for box in self.boxes:
            area = QRectF(box.x() * scale, box.y() * scale, box.width() * scale, box.height() * scale)
            painter.drawRoundedRect(area.adjusted(-_GROW, -_GROW, _GROW, _GROW), 2, 2)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # a hairline, not a shade over two pixels
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(self._theme.tokens.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _read_png(untrusted_png: bytes) -> QImage:
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


def _four_numbers(untrusted: object) -> tuple[float, float, float, float] | None:
    if not isinstance(untrusted, list | tuple) or len(untrusted) != 4:
        return None
    numbers = [float(n) for n in untrusted if isinstance(n, int | float) and abs(n) < 1e6]
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None

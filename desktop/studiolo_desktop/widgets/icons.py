"""Our own icons: strokes in SVG files, painted in the colour of the words beside them, and sharp at every scale."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget

from studiolo_desktop.theme import ICONS

ICON_PX = 16
_STROKE = "#000000"
_RETINT = frozenset(
    (
        QEvent.Type.Polish,
        QEvent.Type.StyleChange,
        QEvent.Type.PaletteChange,
        QEvent.Type.EnabledChange,
        QEvent.Type.DevicePixelRatioChange,
    )
)


def icon_names() -> list[str]:
    """Name the icons that take a colour: not those of the style sheet, which have one for each scheme."""
    return sorted(file.stem for file in ICONS.glob("*.svg") if "-" not in file.stem and file.stem != "studiolo")


def paint_icon(painter: QPainter, name: str, area: QRectF, colour: QColor) -> None:
    """Paint an icon into a square.

    Raises:
        OSError: If there is no icon of this name.
    """
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8").replace(_STROKE, colour.name())
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    renderer.render(painter, area)


def icon_pixmap(name: str, *, colour: QColor, ratio: float, side: int = ICON_PX) -> QPixmap:
    """Give an icon as a picture of `side` logical pixels on a screen with a ratio of pixels."""
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_icon(painter, name, QRectF(0, 0, side, side), colour)
    painter.end()
    return pixmap


def set_icon(button: QAbstractButton, name: str) -> None:
    """Put an icon before a button's words, and keep it in their colour: in another scheme, switched off, elsewhere."""
    for tint in button.findChildren(_Tint, options=Qt.FindChildOption.FindDirectChildrenOnly):
        tint.rename(name)
        return
    _Tint(button, name)


def program_icon() -> QIcon:
    """Give the icon of the program, for window and tray."""
    return QIcon(str(Path(ICONS) / "studiolo.svg"))


class _Tint(QObject):
    """Paints the icon of its button again whenever the colour of the words may have changed."""

    def __init__(self, button: QAbstractButton, name: str) -> None:
        super().__init__(button)
        self._button = button
        self._name = name
        self._painted: tuple[str, str, float] | None = None
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        button.installEventFilter(self)
        self._paint()

    def rename(self, name: str) -> None:
        """Show another icon."""
        self._name = name
        self._paint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look again at the colour of the words."""
        if event.type() in _RETINT:
            self._paint()
        return super().eventFilter(watched, event)

    def _paint(self) -> None:
        button = self._button
        colour = button.palette().color(button.foregroundRole())
        wanted = (self._name, colour.name(), button.devicePixelRatioF())
        if wanted != self._painted:
            self._painted = wanted
            button.setIcon(QIcon(icon_pixmap(self._name, colour=colour, ratio=wanted[2])))


class IconLabel(QWidget):
    """An icon in the tone of the words that it stands before; a screen reader passes it over."""

    def __init__(self, parent: QWidget, name: str, *, tone: str = "muted", side: int = ICON_PX) -> None:
        super().__init__(parent)
        self._name = name
        self.setProperty("tone", tone)
        self.setFixedSize(side, side)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the icon."""
        colour = self.palette().color(self.foregroundRole())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, self._name, QRectF(self.rect()), colour)

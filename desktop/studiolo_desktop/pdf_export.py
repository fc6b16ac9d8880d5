"""Prints an exported conversation as a PDF, a page a turn of the event loop, so that the window stays awake."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QMarginsF, QObject, QRectF, QSaveFile, QSizeF, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

_MARGIN_MM = 18
_DPI = 96
_DONE, _LAY_OUT = -1, 0


class PdfExport(QObject):
    """Writes one file; ends with `done` or `failed`, and deletes itself then.

    The file takes its name only when it is whole.
    """

    done = Signal(str)
    failed = Signal(str, str)
    """The path, and what the system says."""

    def __init__(self, path: str, page: str, parent: QObject) -> None:
        super().__init__(parent)
        self._path = path
        self._page = page
        self._next = _LAY_OUT
        self._pages = 0
        self._file = QSaveFile(path, self)
        self._document = _Closed(self)
        self._painter = QPainter()
        self._writer: QPdfWriter | None = None
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._step)

    def start(self) -> None:
        """Begin; nothing has happened yet when this returns."""
        self._turn.start()

    @Slot()
    def _step(self) -> None:
        if self._next == _LAY_OUT:
            if not self._file.open(QSaveFile.OpenModeFlag.WriteOnly):
                self._end(self._file.errorString())
                return
            self._lay_out()
        else:
            self._paint(self._next)
        self._next += 1
        if self._next <= self._pages:
            self._turn.start()
            return
        self._painter.end()
        self._end("" if self._file.commit() else self._file.errorString())

    def _lay_out(self) -> None:
        writer = QPdfWriter(self._file)
        writer.setResolution(_DPI)
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
        writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
        self._document.setHtml(self._page)
        writer.setTitle(self._document.metaInformation(QTextDocument.MetaInformation.DocumentTitle))
        self._document.documentLayout().setPaintDevice(writer)
        self._document.setPageSize(QSizeF(writer.width(), writer.height()))
        self._pages = self._document.pageCount()
        self._writer = writer
        self._painter.begin(writer)

    def _paint(self, number: int) -> None:
        """Paint a page, counted from 1."""
        if number > 1 and self._writer is not None:
            self._writer.newPage()
        size = self._document.pageSize()
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = QRectF(0, (number - 1) * size.height(), size.width(), size.height())
        context.palette.setColor(context.palette.ColorRole.Text, Qt.GlobalColor.black)
        self._painter.save()
        self._painter.translate(0, -context.clip.top())
        self._painter.setClipRect(context.clip)
        self._document.documentLayout().draw(self._painter, context)
        self._painter.restore()

    def _end(self, problem: str) -> None:
        self._next = _DONE
        if problem:
            self.failed.emit(self._path, problem)
        else:
            self.done.emit(self._path)
        self.deleteLater()


class _Closed(QTextDocument):
    """A document that loads nothing, whatever it names (S8)."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802 - Qt's name
        """Give nothing. Qt opens a file itself after a None, and an image also after an image that is empty."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return QByteArray()
        nothing = QImage(1, 1, QImage.Format.Format_ARGB32)
        nothing.fill(Qt.GlobalColor.transparent)
        return nothing

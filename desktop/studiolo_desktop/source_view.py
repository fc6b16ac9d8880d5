"""The right room: the source itself, at the page or place that an answer quotes, with the words highlighted."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo_desktop.empty_state import EmptyState
from studiolo_desktop.originals import Originals
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.labels import ElidedLabel, PlainLabel, push_button
from studiolo_desktop.widgets.page_canvas import PageCanvas
from studiolo_desktop.widgets.source_text import SourceText
from studiolo_desktop.words import file_name, number_of, place, recognised, text_of

_MARGIN = 16
_MAX_PICTURE_WIDTH = 1600
_ZOOM_STEP = 1.25
_ZOOM_RANGE = (0.5, 4.0)
_SHARPEN_MS = 250


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a file as it is asked of the engine."""

    path: str
    page: int | None
    start: int
    end: int
    quote: str
    sha256: str | None

    @classmethod
    def of_passage(cls, passage: Mapping[str, object]) -> Place:
        """Read the place that a passage or citation (an untrusted document) names."""
        page = passage.get("page")
        return cls(
            path=text_of(passage, "path"),
            page=page if isinstance(page, int) else None,
            start=number_of(passage, "start"),
            end=number_of(passage, "end"),
            quote=text_of(passage, "quote") or text_of(passage, "text"),
            sha256=text_of(passage, "sha256") or None,
        )


class SourceView(QWidget):
    """Shows one place; asks for pages with `wanted`."""

    wanted = Signal(object, int)
    """A Place, and the width of its picture in pixels of the screen."""
    citation_wanted = Signal(int)
    """-1 for the citation before, 1 for the next."""
    closed = Signal()

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("right")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Source")
        self.place: Place | None = None
        self.cited: Place | None = None
        self.page = 0
        self.pages = 0
        self._part = ""
        self._zoom = 1.0
        self._shown_width = 0
        self._shown_path = ""
        self._sharpen = QTimer(self)
        self._sharpen.setSingleShot(True)
        self._sharpen.setInterval(_SHARPEN_MS)
        self._sharpen.timeout.connect(self._ask_again)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_head())
        self.stack = QStackedWidget(self)
        self.state = EmptyState(self)
        self.state.first_pressed.connect(self._ask_again)
        self.stack.addWidget(self.state)
        self.stack.addWidget(self._make_page())
        self.text = SourceText(self, theme)
        frame = QWidget(self)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        inside.addWidget(self.text)
        self.stack.addWidget(frame)
        column.addWidget(self.stack, 1)
        column.addWidget(self._make_tools())

    def _make_head(self) -> QWidget:
        head = QWidget(self)
        head.setObjectName("sourceHead")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(head)
        column.setContentsMargins(16, 10, 10, 10)
        column.setSpacing(1)
        top = QHBoxLayout()
        self.name = ElidedLabel(head, tone="strong")
        top.addWidget(self.name, 1)
        self.original = push_button(head, "Original", kind="quiet", name="What can be done with the original")
        self.original.clicked.connect(self._offer_original)
        top.addWidget(self.original)
        close = push_button(head, "Close", kind="quiet", name="Close the source (Esc)", tip="Esc", icon="close")
        close.clicked.connect(self.closed)
        top.addWidget(close)
        column.addLayout(top)
        bottom = QHBoxLayout()
        bottom.setSpacing(10)
        self.where = PlainLabel(head, tone="muted")
        bottom.addWidget(self.where)
        self.stale = PlainLabel(head, "changed since it was indexed", tone="weak")
        self.stale.hide()
        bottom.addWidget(self.stale)
        self.recognised = PlainLabel(head, "", tone="muted")
        self.recognised.hide()
        bottom.addWidget(self.recognised)
        bottom.addStretch(1)
        column.addLayout(bottom)
        return head

    def _make_page(self) -> QScrollArea:
        self._scroll = QScrollArea(self)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setAccessibleName("Page")
        frame = QWidget(self._scroll)
        frame.setObjectName("plain")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        inside.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        self.canvas = PageCanvas(frame, self._theme)
        inside.addWidget(self.canvas)
        self._scroll.setWidget(frame)
        return self._scroll

    def _make_tools(self) -> QWidget:
        self._tools = QWidget(self)
        self._tools.setObjectName("sourceTools")
        self._tools.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(2)
        self.before = push_button(self._tools, "‹", kind="quiet", name="Citation before", tip="Citation before")
        self.counter = PlainLabel(self._tools, tone="muted")
        self.after = push_button(self._tools, "›", kind="quiet", name="Next citation", tip="Next citation")
        self.before.clicked.connect(self._citation_before)
        self.after.clicked.connect(self._citation_after)
        self.page_before = push_button(self._tools, "Page −", kind="quiet", name="Page before")
        self.page_after = push_button(self._tools, "Page +", kind="quiet", name="Next page")
        self.page_before.clicked.connect(self._page_before)
        self.page_after.clicked.connect(self._page_after)
        self.smaller = push_button(self._tools, "−", kind="quiet", name="Smaller", tip="Smaller")
        self.percent = PlainLabel(self._tools, tone="muted")
        self.larger = push_button(self._tools, "+", kind="quiet", name="Larger", tip="Larger")
        self.fit = push_button(self._tools, "Fit", kind="quiet", name="Fit the page to the width")
        self.smaller.clicked.connect(self._zoom_out)
        self.larger.clicked.connect(self._zoom_in)
        self.fit.clicked.connect(self._zoom_fit)
        for widget in (self.before, self.counter, self.after):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.page_before, self.page_after, self.smaller, self.percent, self.larger, self.fit):
            row.addWidget(widget)
        return self._tools

    def open(self, passage: Mapping[str, object], *, number: int, of: int) -> None:
        """Open the place of a passage; `number` of `of` says where it stands among the sources."""
        self.cited = Place.of_passage(passage)
        self._part = place(passage)
        self.name.setText(file_name(self.cited.path))
        self.counter.setText(f"source {number} of {of}" if of else "")
        for widget in (self.before, self.after, self.counter):
            widget.setVisible(of > 1)
        self._go(self.cited)

    def _go(self, target: Place) -> None:
        self.place = target
        self.where.setText("Opening …")
        self.stale.hide()
        self.recognised.hide()
        if self._shown_path != target.path:  # what is seen never stands under another file's name
            self._show_tools(paged=False)
            self.state.show_state("Opening the source …", "")
            self.stack.setCurrentIndex(0)
        self._ask_again()

    def refresh(self, path: str) -> None:
        """Ask again for the place that is shown, because its file has changed."""
        if self.place is not None and self.place.path == path and self.isVisible():
            self._sharpen.start()

    @Slot()
    def _ask_again(self) -> None:
        if self.place is not None:
            width = min(_MAX_PICTURE_WIDTH, round(self._page_width() * self.devicePixelRatioF()))
            self._shown_width = self._page_width()
            self.wanted.emit(self.place, width)

    def _page_width(self) -> int:
        # As if the scroll bar were there, so that the page does not change its width when it comes.
        room = self.width() - self._scroll.verticalScrollBar().sizeHint().width() - 2
        return max(160, round((room - 2 * _MARGIN) * self._zoom))

    def show_view(self, asked: Place, untrusted: Mapping[str, object]) -> None:
        """Show what the engine gave for a place; an answer that comes too late is left out."""
        if asked != self.place:
            return
        self._shown_path = asked.path
        if text_of(untrusted, "kind") == "page":
            self._show_page(untrusted)
        else:
            self._show_text(untrusted)
        self.stale.setVisible(untrusted.get("stale") is True)
        self.recognised.setText(recognised(untrusted))
        self.recognised.setVisible(bool(self.recognised.text()))

    def show_error(self, asked: Place, error: ErrorReport) -> None:
        """Say why a place cannot be shown."""
        if asked == self.place:
            self._shown_path = ""
            self.where.setText(self._part)
            self._show_tools(paged=False)
            self.state.show_state(
                "This file cannot be shown", error.message, detail=f"{error.hint}\n{error.code}", first="Try again"
            )
            self.stack.setCurrentIndex(0)

    def _show_page(self, untrusted: Mapping[str, object]) -> None:
        boxes = untrusted.get("boxes")
        try:
            png = base64.b64decode(text_of(untrusted, "png"), validate=True)
        except (binascii.Error, ValueError):
            png = b""
        boxes = boxes if isinstance(boxes, list | tuple) else ()
        if not self.canvas.show_page(png, boxes, width=self._page_width()):
            self._cannot_paint()
            return
        self.page, self.pages = number_of(untrusted, "page"), number_of(untrusted, "pages")
        self.where.setText(f"Page {self.page} of {self.pages}")
        self._show_tools(paged=True)
        self.stack.setCurrentIndex(1)
        QTimer.singleShot(0, self, self._scroll_to_mark)

    def _cannot_paint(self) -> None:
        error = ErrorReport("view.bad_picture", "The picture of this page cannot be painted.", "Try it again.")
        if self.place is not None:
            self.show_error(self.place, error)

    def _show_text(self, untrusted: Mapping[str, object]) -> None:
        self.text.show_text(text_of(untrusted, "text"), number_of(untrusted, "start"), number_of(untrusted, "end"))
        self.where.setText(self._part or "Text")
        self._show_tools(paged=False)
        self.stack.setCurrentIndex(2)

    def _show_tools(self, *, paged: bool) -> None:
        for widget in (self.page_before, self.page_after, self.smaller, self.percent, self.larger, self.fit):
            widget.setVisible(paged)
        self.page_before.setEnabled(self.page > 1)
        self.page_after.setEnabled(self.page < self.pages)
        self.percent.setText(f"{round(self._zoom * 100)} %")

    @Slot()
    def _scroll_to_mark(self) -> None:
        box = self.canvas.first_box()
        if box is not None:
            x, y = round(box.center().x()) + _MARGIN, round(box.center().y()) + _MARGIN
            self._scroll.ensureVisible(x, y, 40, self._scroll.viewport().height() // 3)
        else:
            self._scroll.verticalScrollBar().setValue(0)

    def _turn_page(self, by: int) -> None:
        if self.place is None or self.cited is None or not 1 <= self.page + by <= self.pages:
            return
        page = self.page + by
        there = replace(self.cited, page=page, start=0, end=0, quote="")
        self._go(self.cited if page == self.cited.page else there)

    def _set_zoom(self, zoom: float) -> None:
        self._zoom = min(_ZOOM_RANGE[1], max(_ZOOM_RANGE[0], zoom))
        self.canvas.set_width(self._page_width())
        self._show_tools(paged=True)
        self._sharpen.start()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the page to the new width, and ask for a sharper picture when the size rests."""
        super().resizeEvent(event)
        if self.canvas.has_page() and self.stack.currentIndex() == 1 and self._page_width() != self._shown_width:
            self.canvas.set_width(self._page_width())
            self._sharpen.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Turn pages with Page Up and Page Down."""
        if event.key() == Qt.Key.Key_PageDown and self.stack.currentIndex() == 1:
            self._turn_page(1)
        elif event.key() == Qt.Key.Key_PageUp and self.stack.currentIndex() == 1:
            self._turn_page(-1)
        else:
            super().keyPressEvent(event)

    @Slot()
    def _offer_original(self) -> None:
        originals = Originals.of(self)
        if originals is not None and self.place is not None:
            originals.offer(self.original, self.place.path, self.original.rect().bottomLeft())

    @Slot()
    def _citation_before(self) -> None:
        self.citation_wanted.emit(-1)

    @Slot()
    def _citation_after(self) -> None:
        self.citation_wanted.emit(1)

    @Slot()
    def _page_before(self) -> None:
        self._turn_page(-1)

    @Slot()
    def _page_after(self) -> None:
        self._turn_page(1)

    @Slot()
    def _zoom_in(self) -> None:
        self._set_zoom(self._zoom * _ZOOM_STEP)

    @Slot()
    def _zoom_out(self) -> None:
        self._set_zoom(self._zoom / _ZOOM_STEP)

    @Slot()
    def _zoom_fit(self) -> None:
        self._set_zoom(1.0)

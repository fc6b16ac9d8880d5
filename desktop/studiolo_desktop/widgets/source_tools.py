"""The tools below a source: from citation to citation, from page to page, larger and smaller, small pages, search."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from studiolo_desktop.actions import keys_of, shown_keys
from studiolo_desktop.widgets.labels import PlainLabel, push_button

_MOST_PAGES = 9_999_999


class PageField(QLineEdit):
    """The number of the page that is shown; another one typed into it is gone to."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("pageField")
        self.setAcceptDrops(False)
        self.setAccessibleName("Go to page")
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setValidator(QIntValidator(0, _MOST_PAGES, self))
        self._page = 0
        self.returnPressed.connect(self._say)
        self.editingFinished.connect(self._restore)

    def show_page(self, page: int, pages: int) -> None:
        """Show where one is; what is being typed stays."""
        self._page = page
        self.setToolTip(f"Page {page} of {pages}")
        self.setAccessibleDescription(f"Page {page} of {pages}")
        if not (self.hasFocus() and self.isModified()):
            self.setText(str(page))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Have room for four digits."""
        return QSize(self.fontMetrics().horizontalAdvance("0000") + 14, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Take no less."""
        return self.sizeHint()

    @Slot()
    def _say(self) -> None:
        if self.text().isdecimal():
            self.chosen.emit(int(self.text()))

    @Slot()
    def _restore(self) -> None:
        self.setText(str(self._page))


class SourceTools(QWidget):
    """Two rows of tools; the second is for sources with pages.

    Signals:
        citation_wanted: -1 for the citation before, 1 for the next.
        page_turned: -1 for the page before, 1 for the next.
        page_wanted: The number of a page.
        zoomed: 1 for larger, -1 for smaller.
        fit_wanted: The page is to fit the width, or the whole room if it does fit the width.
        rail_wanted: Whether the small pages are to be seen.
        find_wanted: Words are to be looked for.
    """

    citation_wanted = Signal(int)
    page_turned = Signal(int)
    page_wanted = Signal(int)
    zoomed = Signal(int)
    fit_wanted = Signal()
    rail_wanted = Signal(bool)
    find_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sourceTools")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(2)
        column.addLayout(self._make_citations())
        self._paged = self._make_pages()
        column.addWidget(self._paged)
        self.before.clicked.connect(self._citation_before)
        self.after.clicked.connect(self._citation_after)
        self.rail.toggled.connect(self.rail_wanted)
        self.find_button.clicked.connect(self.find_wanted)
        self.page_before.clicked.connect(self._page_before)
        self.page.chosen.connect(self.page_wanted)
        self.page_after.clicked.connect(self._page_after)
        self.smaller.clicked.connect(self._smaller)
        self.larger.clicked.connect(self._larger)
        self.fit.clicked.connect(self.fit_wanted)

    def _make_citations(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        self.before = _tool(self, "‹", "Citation before", keys_of("source_before"))
        self.counter = PlainLabel(self, tone="muted")
        self.after = _tool(self, "›", "Next citation", keys_of("next_source"))
        self.rail = _tool(self, "Pages", "Show small pages", keys_of("source_pages"))
        self.rail.setCheckable(True)
        self.find_button = _tool(self, "Find", "Find in the source", keys_of("find_in_source"))
        for widget in (self.before, self.counter, self.after):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.rail)
        row.addWidget(self.find_button)
        return row

    def _make_pages(self) -> QWidget:
        paged = QWidget(self)
        row = QHBoxLayout(paged)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.page_before = _tool(paged, "‹", "Page before", shown_keys("PgUp"))
        self.page = PageField(paged)
        self.page_after = _tool(paged, "›", "Next page", shown_keys("PgDown"))
        self.smaller = _tool(paged, "−", "Smaller", keys_of("smaller"))
        self.percent = PlainLabel(paged, tone="muted")
        self.larger = _tool(paged, "+", "Larger", keys_of("larger"))
        self.fit = _tool(paged, "", "", "")
        row.addWidget(self.page_before)
        row.addWidget(PlainLabel(paged, "page", tone="muted"))
        row.addSpacing(2)
        row.addWidget(self.page)
        row.addWidget(self.page_after)
        row.addStretch(1)
        for widget in (self.smaller, self.percent, self.larger, self.fit):
            row.addWidget(widget)
        return paged

    def show_citation(self, number: int, of: int) -> None:
        """Say which of the sources is shown; one alone has no next."""
        self.counter.setText(f"source {number} of {of}" if of else "")
        for widget in (self.before, self.after, self.counter):
            widget.setVisible(of > 1)

    def show_pages(self, page: int, pages: int) -> None:
        """Say which page is shown; a source without pages has 0."""
        self._paged.setVisible(pages > 0)
        self.rail.setVisible(pages > 0)
        self.page_before.setEnabled(page > 1)
        self.page_after.setEnabled(page < pages)
        self.page.show_page(page, pages)

    def show_zoom(self, zoom: float, *, is_wide: bool) -> None:
        """Say how large the page is, 1 being as wide as its room, and what fitting it would do now."""
        self.percent.setText(f"{round(zoom * 100)} %")
        self.fit.setText("Fit page" if is_wide else "Fit width")
        self.fit.setAccessibleName("Fit the whole page" if is_wide else "Fit the page to the width")
        self.fit.setToolTip(keys_of("fit_page" if is_wide else "fit_width"))

    @Slot()
    def _citation_before(self) -> None:
        self.citation_wanted.emit(-1)

    @Slot()
    def _citation_after(self) -> None:
        self.citation_wanted.emit(1)

    @Slot()
    def _page_before(self) -> None:
        self.page_turned.emit(-1)

    @Slot()
    def _page_after(self) -> None:
        self.page_turned.emit(1)

    @Slot()
    def _smaller(self) -> None:
        self.zoomed.emit(-1)

    @Slot()
    def _larger(self) -> None:
        self.zoomed.emit(1)


def _tool(parent: QWidget, text: str, name: str, keys: str) -> QPushButton:
    return push_button(parent, text, kind="quiet", name=name, tip=f"{name} ({keys})" if keys else name)

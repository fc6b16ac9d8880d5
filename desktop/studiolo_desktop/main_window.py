"""The window: three rooms, a footer, and what lies over them for a moment; knows no engine."""

from __future__ import annotations

import os
from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from studiolo.errors import AssistantError, ErrorReport, report
from studiolo_desktop.actions import Actions
from studiolo_desktop.ask_view import AskView
from studiolo_desktop.footer import Footer
from studiolo_desktop.ledger_view import LedgerView
from studiolo_desktop.library_view import WIDTH as LEFT_WIDTH
from studiolo_desktop.library_view import LibraryView
from studiolo_desktop.originals import Originals
from studiolo_desktop.palette import Palette
from studiolo_desktop.rooms import rooms
from studiolo_desktop.rooms_pages import ChecksPage, ModelsPage
from studiolo_desktop.search_view import SearchView
from studiolo_desktop.shortcuts_view import ShortcutsView
from studiolo_desktop.source_view import SourceView
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.exclude_sheet import ExcludeSheet
from studiolo_desktop.widgets.message_bar import Message, MessageStack
from studiolo_desktop.widgets.overlays import CollectionSheet, ConfirmSheet, DropOverlay
from studiolo_desktop.widgets.room_edge import RoomEdge
from studiolo_desktop.widgets.shade import Shade

_SHEET_WIDTH = 440
_WIDE_SHEET_WIDTH = 600


class MainWindow(QWidget):
    """Holds the rooms and takes what is dropped on it.

    Signals:
        first_shown: Once, right after the window stands on the screen.
        folders_given: Folders and their collection, confirmed by the user.
        closing: The user closes the window; it hides at once, and the engine is ended.
    """

    first_shown = Signal()
    folders_given = Signal(object, str)
    closing = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown = False
        self._may_close = False
        self.collections: list[str] = []
        self.left_width = LEFT_WIDTH
        self.right_width = 0
        """Widths that the user has chosen; 0 leaves the right room's to the window."""
        self.setObjectName("window")
        self.setWindowTitle("Studiolo")
        self.setAcceptDrops(True)
        self.resize(1360, 860)
        self.setMinimumSize(760, 520)
        self.library = LibraryView(self, theme)
        self.middle = self._make_middle()
        self.source = SourceView(self, theme)
        self.source.hide()
        self.footer = Footer(self)
        self.overlay = DropOverlay(self)
        self.sheet = CollectionSheet(self)
        self.confirm = ConfirmSheet(self)
        self.exclude = ExcludeSheet(self)
        self.originals = Originals(self)
        self.shade = Shade(self, self.sheet, self.confirm, self.exclude)
        self.left_edge, self.right_edge = RoomEdge(self), RoomEdge(self)
        self.finder = Palette(self, theme)
        self.commands = Actions(self)
        self._wire()
        self._bind()

    def _make_middle(self) -> QWidget:
        middle = QWidget(self)
        middle.setObjectName("middle")
        middle.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._failure_room = QWidget(middle)
        inside = QVBoxLayout(self._failure_room)
        inside.setContentsMargins(28, 12, 28, 0)
        self.failure = Message(self._failure_room, action="Start again", closable=False)
        inside.addWidget(self.failure)
        self._failure_room.hide()
        self.messages = MessageStack(middle)
        self.pages = QStackedWidget(middle)
        self.pages.setObjectName("pages")
        self.ask = AskView(self.pages, self._theme)
        self.ledger = LedgerView(self.pages)
        self.search = SearchView(self.pages, self._theme)
        self.models = ModelsPage(self.pages)
        self.checks = ChecksPage(self.pages)
        self.shortcuts = ShortcutsView(self.pages)
        for page in (self.ask, self.ledger, self.search, self.models, self.checks, self.shortcuts):
            self.pages.addWidget(page)
        column.addWidget(self._failure_room)
        column.addWidget(self.messages)
        column.addWidget(self.pages, 1)
        return middle

    def _wire(self) -> None:
        self.library.new_question.connect(self._new_question)
        self.library.folder_wanted.connect(self.choose_folder)
        self.library.collection_chosen.connect(self._choose_collection)
        self.library.remove_wanted.connect(self._confirm_removal)
        self.ask.scope_changed.connect(self.library.choose)
        self.ask.folder_wanted.connect(self.choose_folder)
        self.source.closed.connect(self.close_source)
        self.source.citation_wanted.connect(self._step_citation)
        self.sheet.accepted.connect(self.folders_given)
        self.sheet.resized.connect(self._arrange)
        self.exclude.resized.connect(self._arrange)
        for page in (self.ledger, self.search, self.models, self.checks, self.shortcuts):
            page.closed.connect(self.show_ask)
        self.left_edge.dragged.connect(self._drag_left)
        self.left_edge.reset.connect(self._reset_left)
        self.right_edge.dragged.connect(self._drag_right)
        self.right_edge.reset.connect(self._reset_right)

    def _bind(self) -> None:
        bind = self.commands.bind
        bind("search", self.library.focus_search)
        bind("question", self.show_ask)
        bind("new_question", self._new_question)
        bind("add_folder", self.choose_folder)
        bind("shortcuts", self.show_shortcuts)
        bind("escape", self._escape)

    def show_collections(self, names: Sequence[str]) -> None:
        """Offer the collections for asking."""
        self.collections = list(names)
        self.ask.show_collections(names)
        self.library.choose(self.ask.scope)
        self.ledger.filters.show_collections(names)

    def show_failure(self, error: ErrorReport | None) -> None:
        """Say over every page why the engine does not run, with nothing to ask; None takes that back."""
        was_failed = self._failure_room.isVisibleTo(self)
        asking = self.ask.bar.isAncestorOf(QApplication.focusWidget() or self)
        if error is not None:
            self.failure.show_report(error)
        self._failure_room.setVisible(error is not None)
        self.ask.set_enabled(enabled=error is None)
        if error is not None and asking:
            self.failure.focus_action()
        elif error is None and was_failed and self.pages.currentWidget() is self.ask:
            self.ask.focus_question()

    def show_page(self, page: QWidget) -> None:
        """Show one of the pages of the middle room."""
        self.pages.setCurrentWidget(page)

    @Slot()
    def show_shortcuts(self) -> None:
        """Show the page of keyboard shortcuts."""
        self.show_page(self.shortcuts)
        self.shortcuts.back.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def show_ask(self) -> None:
        """Go back to the talk."""
        self.show_page(self.ask)
        self.ask.focus_question()

    def open_source(self) -> None:
        """Open the right room."""
        self.source.show()
        self._arrange()

    @Slot()
    def close_source(self) -> None:
        """Close the right room."""
        self.source.hide()
        self._arrange()
        if self.pages.currentWidget() is self.ask:
            self.ask.focus_question()
        elif self.pages.currentWidget() is self.search:
            for card in self.search.cards:
                if card.isChecked():
                    card.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer_folders(self, paths: Sequence[str]) -> None:
        """Ask for the collection of folders, of a file's for a file; says what is wrong with paths that are neither."""
        folders = list[str]()
        with_files = False
        for path in paths:
            if os.path.isfile(path):  # noqa: PTH113 - a lone surrogate must not raise
                with_files = True
                folders.append(os.path.dirname(path))  # noqa: PTH120 - as above
            elif os.path.isdir(path):  # noqa: PTH112 - as above
                folders.append(path)
            else:
                missing = not os.path.exists(path)  # noqa: PTH110 - as above
                code = "folder.missing" if missing else "folder.not_a_directory"
                self.messages.show_report(report(AssistantError(code, path)), "weak")
        if folders:
            self.show_page(self.ask)
            self.sheet.ask(list(dict.fromkeys(folders)), self.collections, with_files=with_files)
            self._arrange()

    @Slot()
    def choose_folder(self) -> None:
        """Let the user choose a folder with the system's dialog."""
        dialog = QFileDialog(self, "Choose a folder to watch")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._offer_one)
        dialog.open()

    @Slot(str)
    def _offer_one(self, path: str) -> None:
        self.offer_folders([path])

    def allow_close(self) -> None:
        """Let the next close pass: the engine has ended."""
        self._may_close = True
        self.close()

    @Slot()
    def _arrange(self) -> None:
        """Give each room its place: side by side, or the source over the middle in a narrow window."""
        width, height = self.width(), self.height() - self.footer.height()
        source_open = self.source.isVisibleTo(self)
        shared = rooms(width, left=self.left_width, right=self.right_width, source_open=source_open)
        room, left = width - shared.left, shared.left
        self.footer.setGeometry(0, height, width, self.footer.height())
        self.library.setFixedWidth(left)
        self.library.setGeometry(0, 0, left, height)
        self.middle.setGeometry(left, 0, shared.middle, height)
        self.source.setGeometry(width - shared.right, 0, shared.right, height)
        self.source.raise_()
        self.left_edge.place(left, height)
        self.right_edge.setVisible(source_open and not shared.overlaid)
        self.right_edge.place(width - shared.right, height)
        self.shade.raise_()
        for sheet in (self.sheet, self.confirm, self.exclude):
            sheet_width = min(_SHEET_WIDTH if sheet is not self.exclude else _WIDE_SHEET_WIDTH, room - 40)
            sheet_height = sheet.heightForWidth(sheet_width)
            sheet.setGeometry(left + (room - sheet_width) // 2, 64, sheet_width, sheet_height)
            sheet.raise_()
        self.finder.raise_()
        if self.overlay.isVisible():
            self.overlay.cover()

    def set_widths(self, *, left: int, right: int) -> None:
        """Give the left and the right room the widths that the user wants; 0 leaves one to the window."""
        self.left_width, self.right_width = left or LEFT_WIDTH, right
        self._arrange()

    @Slot(int)
    def _drag_left(self, x: int) -> None:
        self.set_widths(left=max(1, x), right=self.right_width)

    @Slot(int)
    def _drag_right(self, x: int) -> None:
        self.set_widths(left=self.left_width, right=max(1, self.width() - x))

    @Slot()
    def _reset_left(self) -> None:
        self.set_widths(left=0, right=self.right_width)

    @Slot()
    def _reset_right(self) -> None:
        self.set_widths(left=self.left_width, right=0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the rooms their places."""
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Say once that the window is there, after this event has been worked off."""
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            self.ask.focus_question()
            QTimer.singleShot(0, self, self._say_shown)

    @Slot()
    def _say_shown(self) -> None:
        self.first_shown.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Hide at once; the program ends when the engine has."""
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.hide()
        self.closing.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Show that files can be dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self.overlay.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Take the hint away."""
        self.overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Take what was dropped: folders are offered, everything else is explained."""
        self.overlay.hide()
        event.acceptProposedAction()
        self._take_dropped(event.mimeData())

    def _take_dropped(self, data: QMimeData) -> None:
        local = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if len(local) < len(data.urls()) or not local:
            self.messages.show_report(
                ErrorReport(
                    "drop.not_local",
                    "Only folders on this computer can be dropped here.",
                    "Save what you want to ask about in a folder, and drop that.",
                ),
                "weak",
            )
        if local:
            self.offer_folders(local)

    @Slot()
    def _new_question(self) -> None:
        self.close_source()
        self.show_page(self.ask)
        self.ask.begin_anew()

    @Slot(str)
    def _choose_collection(self, name: str) -> None:
        self.show_page(self.ask)
        self.ask.choose_scope([name])
        self.library.choose(self.ask.scope)

    @Slot(object)
    def _confirm_removal(self, path: str) -> None:
        self.confirm.ask(
            path,
            f"Stop watching {path}?",
            "Its passages, and past answers that quote it, are removed from this computer's index. Your files stay.",
        )
        self._arrange()

    @Slot(object, object)
    def ask_exclusion(self, folder: str, patterns: Sequence[str]) -> None:
        """Let the user edit what is left out of a folder."""
        self.exclude.ask(folder, patterns)
        self._arrange()

    @Slot(int)
    def _step_citation(self, by: int) -> None:
        if self.pages.currentWidget() is self.search:
            cards = self.search.cards
            numbers = [card.number for card in cards]
            chosen = next((card.number for card in cards if card.isChecked()), 0)
            choose = self.search.choose
        else:
            turn = next((t for t in reversed(self.ask.turns) if t.selected), None)
            if turn is None:
                return
            numbers = [card.number for card in turn.cards]
            chosen, choose = turn.selected, turn.choose
        if chosen in numbers and numbers:
            choose(numbers[(numbers.index(chosen) + by) % len(numbers)])

    @Slot()
    def _escape(self) -> None:
        if self.finder.isVisible():
            self.finder.close_palette()
        elif self.sheet.isVisible():
            self.sheet.reject()
        elif self.confirm.isVisible():
            self.confirm.reject()
        elif self.exclude.isVisible():
            self.exclude.reject()
        elif self.source.isVisible():
            if not self.source.close_search():
                self.close_source()
        elif self.pages.currentWidget() is not self.ask:
            self.show_ask()

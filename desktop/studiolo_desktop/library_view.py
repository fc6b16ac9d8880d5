"""The left room: what there is (collections, problems), and what was asked (conversations)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QLineEdit, QMenu, QScrollArea, QVBoxLayout, QWidget

from studiolo.quantities import count
from studiolo_desktop.conversation_list import ConversationList
from studiolo_desktop.empty_state import section_label
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.labels import PlainLabel, push_button
from studiolo_desktop.widgets.row_button import DotState, RowButton
from studiolo_desktop.widgets.tab_order import tab_before
from studiolo_desktop.words import document_of, file_name, number_of, rows_of, text_of

WIDTH = 252
_LONGEST_QUERY = 1000


class LibraryView(QWidget):
    """Collections with counts and progress, files that need a look, conversations, and the other rooms."""

    new_question = Signal()
    folder_wanted = Signal()
    search_wanted = Signal(str)
    collection_chosen = Signal(str)
    remove_wanted = Signal(object)
    """A path, a str; as an object, since Qt's own strings lose what is no Unicode in it."""
    problems_wanted = Signal()
    page_wanted = Signal(str)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Library")
        self._rows: dict[str, RowButton] = {}
        self._folder_rows: dict[str, RowButton] = {}
        self._percent: dict[str, int] = {}
        self._chosen = ""
        self._leaving = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 14, 10, 10)
        column.setSpacing(4)
        new = push_button(self, "New question", kind="primary")
        new.clicked.connect(self.new_question)
        column.addWidget(new)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search everything  (Ctrl+K)")
        self.search.setAccessibleName("Search everything")
        self.search.setMaxLength(_LONGEST_QUERY)
        self.search.setAcceptDrops(False)
        self.search.setClearButtonEnabled(True)
        self.search.returnPressed.connect(self._search)
        column.addSpacing(4)
        column.addWidget(self.search)
        column.addWidget(self._make_lists(), 1)
        self._pages: list[RowButton] = []
        for key, text in (("models", "Models"), ("settings", "Settings and checks")):
            row = RowButton(self, theme, key, text)
            self._pages.append(row)
            row.setCheckable(False)
            row.chosen.connect(self.page_wanted)
            column.addWidget(row)

    def _make_lists(self) -> QScrollArea:
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName("Collections and conversations")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget(scroll)
        inside.setObjectName("plain")
        lists = QVBoxLayout(inside)
        lists.setContentsMargins(0, 0, 0, 0)
        lists.setSpacing(2)
        lists.addWidget(section_label(inside, "Collections"))
        self._collections = QVBoxLayout()
        self._collections.setSpacing(2)
        lists.addLayout(self._collections)
        self._none = PlainLabel(inside, "None yet", tone="muted")
        self._none.setContentsMargins(8, 2, 8, 2)
        lists.addWidget(self._none)
        self.problems = RowButton(inside, self._theme, "problems", "", tone="warn")
        self.problems.setCheckable(False)
        self.problems.chosen.connect(self._want_problems)
        self.problems.hide()
        lists.addWidget(self.problems)
        add = RowButton(inside, self._theme, "add", "Add folder …")
        add.setCheckable(False)
        add.chosen.connect(self._want_folder)
        lists.addWidget(add)
        self.conversations = ConversationList(inside, self._theme)
        self.conversations.parts_changed.connect(self._order_tabs)
        lists.addWidget(self.conversations)
        lists.addStretch(1)
        self._inside = inside
        scroll.setWidget(inside)
        return scroll

    def show_status(self, status: Mapping[str, object]) -> None:
        """Show what the engine says of its collections; rows that stay are changed in place, so that focus stays."""
        collections = rows_of(status, "collections")
        names = [text_of(c, "name") for c in collections]
        if list(self._rows) != names:
            self._make_rows(names)
        self._none.setVisible(not names)
        for collection in collections:
            self._show_collection(collection)
        self._show_folders(collections)
        failed = sum(number_of(document_of(c, "files"), "failed") for c in collections)
        self.problems.setVisible(failed > 0)
        needs = "file needs" if failed == 1 else "files need"
        self.problems.show_row(f"{failed:,} {needs} a look")

    def show_progress(self, collection: str, done: int, total: int) -> None:
        """Show how far a collection is, in percent; a total of 0 ends it."""
        if total:
            self._percent[collection] = min(99, 100 * done // total)
        else:
            self._percent.pop(collection, None)
        row = self._rows.get(collection)
        if row is not None and total:
            row.show_row(collection, f"{self._percent[collection]} %", "busy")

    def end_progress(self) -> None:
        """No collection is being indexed any more."""
        self._percent.clear()

    def choose(self, names: Sequence[str]) -> None:
        """Show which collections are asked; with one, its folders are listed."""
        self._chosen = names[0] if len(names) == 1 else ""
        for name, row in self._rows.items():
            row.setChecked(name in names)
        for row in self._folder_rows.values():
            row.setVisible(row.property("collection") == self._chosen)

    @Slot()
    def focus_search(self) -> None:
        """Bring the keyboard to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _make_rows(self, names: Sequence[str]) -> None:
        for row in (*self._rows.values(), *self._folder_rows.values()):
            self._collections.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows, self._folder_rows = {}, {}
        for name in names:
            row = RowButton(self._inside, self._theme, name, name, dot=True)
            row.chosen.connect(self._choose_collection)
            self._collections.addWidget(row)
            self._rows[name] = row

    def _show_collection(self, collection: Mapping[str, object]) -> None:
        name, files = text_of(collection, "name"), document_of(collection, "files")
        folders = rows_of(collection, "folders")
        offline = [f for f in folders if text_of(f, "offline_since")]
        state: DotState = "ok"
        word = f"{number_of(files, 'indexed'):,}"
        if folders and len(offline) == len(folders):
            state, word = "off", "offline"
        elif name in self._percent:
            state, word = "busy", f"{self._percent[name]} %"
        elif number_of(files, "pending"):
            state, word = "busy", f"{number_of(files, 'indexed'):,} of {number_of(files, 'on_disk'):,}"
        self._rows[name].show_row(name, word, state)

    def _show_folders(self, collections: Sequence[Mapping[str, object]]) -> None:
        seen = set()
        for collection in collections:
            name = text_of(collection, "name")
            for folder in rows_of(collection, "folders"):
                path = text_of(folder, "path")
                seen.add(path)
                row = self._folder_rows.get(path) or self._make_folder_row(path, name)
                since = text_of(folder, "offline_since")
                row.show_row(file_name(path), f"offline since {since[:10]}" if since else "", tone="weak")
        for path in [p for p in self._folder_rows if p not in seen]:
            row = self._folder_rows.pop(path)
            self._collections.removeWidget(row)
            row.hide()
            row.deleteLater()
        tab_before(
            self.problems, sorted((*self._rows.values(), *self._folder_rows.values()), key=self._collections.indexOf)
        )

    def _make_folder_row(self, path: str, collection: str) -> RowButton:
        row = RowButton(self._inside, self._theme, path, file_name(path), sub=True)
        row.setCheckable(False)
        row.setProperty("collection", collection)
        row.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        row.customContextMenuRequested.connect(self._offer_removal)
        row.clicked.connect(self._offer_removal)
        at = self._collections.indexOf(self._rows[collection]) + 1
        self._collections.insertWidget(at, row)
        row.setVisible(collection == self._chosen)
        self._folder_rows[path] = row
        return row

    @Slot()
    def _offer_removal(self) -> None:
        row = self.sender()
        if isinstance(row, RowButton):
            self._leaving = row.key
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction("Stop watching and forget this folder …")
            menu.triggered.connect(self._remove)
            menu.popup(row.mapToGlobal(QPoint(12, row.height())))

    @Slot()
    def _remove(self) -> None:
        self.remove_wanted.emit(self._leaving)

    @Slot()
    def _search(self) -> None:
        if query := self.search.text().strip():
            self.search_wanted.emit(query)

    @Slot(str)
    def _choose_collection(self, name: str) -> None:
        self.collection_chosen.emit(name)

    @Slot()
    def _order_tabs(self) -> None:
        tab_before(self._pages[0], self.conversations.keyboard_parts())

    @Slot()
    def _want_problems(self) -> None:
        self.problems_wanted.emit()

    @Slot()
    def _want_folder(self) -> None:
        self.folder_wanted.emit()


def files_in_words(status: Mapping[str, object]) -> str:
    """Say how many files there are and how many can be searched."""
    counts = [document_of(c, "files") for c in rows_of(status, "collections")]
    total = sum(number_of(c, "on_disk") for c in counts)
    indexed = sum(number_of(c, "indexed") for c in counts)
    return f"{indexed:,} of {count(total, 'file')} can be searched"

"""The left room: what there is (collections, problems), and what was asked (conversations)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from studiolo.quantities import count
from studiolo_desktop.collection_tree import CollectionTree
from studiolo_desktop.conversation_list import ConversationList
from studiolo_desktop.empty_state import section_label
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.labels import PlainLabel, push_button
from studiolo_desktop.widgets.row_button import RowButton
from studiolo_desktop.widgets.tab_order import tab_before
from studiolo_desktop.words import document_of, number_of, rows_of

WIDTH = 252
_LONGEST_QUERY = 1000
_PAGES = (
    ("models", "Models", "model"),
    ("adapters", "Adapters", "adapter"),
    ("styles", "Styles", "style"),
    ("evaluation", "Evaluation", "evaluation"),
    ("settings", "Settings", "checks"),
    ("privacy", "Privacy", "shield"),
)


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
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 14, 10, 10)
        column.setSpacing(4)
        new = push_button(self, "New question", kind="primary", icon="new")
        new.clicked.connect(self.new_question)
        column.addWidget(new)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search everything")
        self.search.setAccessibleName("Search everything")
        self.search.setMaxLength(_LONGEST_QUERY)
        self.search.setAcceptDrops(False)
        self.search.setClearButtonEnabled(True)
        self.search.returnPressed.connect(self._search)
        column.addSpacing(4)
        column.addWidget(self.search)
        column.addWidget(self._make_lists(), 1)
        # Below the lists, not in them: however long they are, the reasons are one click away.
        self.problems = RowButton(self, theme, "problems", "", tone="warn", icon="alert")
        self.problems.setCheckable(False)
        self.problems.chosen.connect(self._want_problems)
        self.problems.hide()
        column.addWidget(self.problems)
        self._pages: list[RowButton] = []
        column.addLayout(self._make_pages())

    def _make_pages(self) -> QGridLayout:
        """Two pages a row, so that in a low window the lists keep their room."""
        grid = QGridLayout()
        grid.setSpacing(4)
        for at, (key, text, icon) in enumerate(_PAGES):
            row = RowButton(self, self._theme, key, text, icon=icon)
            self._pages.append(row)
            row.setCheckable(False)
            row.chosen.connect(self.page_wanted)
            grid.addWidget(row, at // 2, at % 2)
        return grid

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
        self.tree = CollectionTree(inside, self._theme)
        self.tree.collection_chosen.connect(self.collection_chosen)
        self.tree.remove_wanted.connect(self.remove_wanted)
        self.tree.rows_changed.connect(self._order_tree)
        lists.addWidget(self.tree)
        self._none = PlainLabel(inside, "None yet", tone="muted")
        self._none.setContentsMargins(8, 2, 8, 2)
        lists.addWidget(self._none)
        self._add = RowButton(inside, self._theme, "add", "Add folder …", icon="folder_add")
        self._add.setCheckable(False)
        self._add.chosen.connect(self._want_folder)
        lists.addWidget(self._add)
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
        self._none.setVisible(not collections)
        self.tree.show_collections(collections)
        failed = sum(number_of(document_of(c, "files"), "failed") for c in collections)
        self.problems.setVisible(failed > 0)
        needs = "file needs" if failed == 1 else "files need"
        self.problems.show_row(f"{failed:,} {needs} a look")

    def show_progress(self, collection: str, done: int, total: int, folder: str = "") -> None:
        """Show how far a collection (and its folder) is, in percent; a total of 0 ends it."""
        self.tree.show_progress(collection, folder, done, total)

    def end_progress(self) -> None:
        """No collection is being indexed any more."""
        self.tree.end_progress()

    def choose(self, names: Sequence[str]) -> None:
        """Show which collections are asked."""
        self.tree.choose(names)

    @Slot()
    def focus_search(self) -> None:
        """Bring the keyboard to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot()
    def _order_tree(self) -> None:
        tab_before(self._add, self.tree.rows())

    @Slot()
    def _search(self) -> None:
        if query := self.search.text().strip():
            self.search_wanted.emit(query)

    @Slot()
    def _order_tabs(self) -> None:
        tab_before(self.problems, self.conversations.keyboard_parts())

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

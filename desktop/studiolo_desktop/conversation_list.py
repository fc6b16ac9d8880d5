"""The conversations in the left room: pinned ones, today's, earlier ones, and a field to look through them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget

from studiolo.quantities import count
from studiolo_desktop.empty_state import section_label
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.conversation_row import ConversationRow, RemovalStrip, TitleEdit
from studiolo_desktop.widgets.labels import WrapLabel, push_button
from studiolo_desktop.words import number_of, rows_of, text_of

FORMATS = (("markdown", "Markdown …"), ("html", "Web page (HTML) …"), ("pdf", "PDF …"), ("json", "Data (JSON) …"))
_SECTIONS = ("Pinned", "Today", "Earlier")
_SEARCH_MS = 200
_LONGEST_WORDS = 200


class ConversationList(QWidget):
    """Lists conversations and says what is to be done with them; knows no engine."""

    opened = Signal(int)
    renamed = Signal(int, str)
    pin_wanted = Signal(int, bool)
    delete_wanted = Signal(int)
    export_wanted = Signal(int, str)
    """The conversation, and one of `FORMATS`."""
    search_wanted = Signal(str)
    more_wanted = Signal()
    parts_changed = Signal()
    """What takes the keyboard has changed: its order must be told again."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now = datetime.now
        self.rows: dict[int, ConversationRow] = {}
        self._sections: dict[int, str] = {}
        self._chosen = 0
        self._asked = 0
        """The conversation whose menu, title or removal is in hand."""
        self._strip: TitleEdit | RemovalStrip | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(2)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search conversations")
        self.search.setAccessibleName("Search conversations")
        self.search.setMaxLength(_LONGEST_WORDS)
        self.search.setAcceptDrops(False)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._wait)
        self.search.returnPressed.connect(self._search)
        self.search.hide()
        column.addWidget(self.search)
        self._none = WrapLabel(self, "No conversation holds these words.", tone="muted")
        self._none.setContentsMargins(8, 4, 8, 4)
        self._none.hide()
        column.addWidget(self._none)
        self._labels = {name: section_label(self, name) for name in _SECTIONS}
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        column.addLayout(self._list)
        self.more = push_button(self, "", kind="quiet")
        self.more.clicked.connect(self.more_wanted)
        self.more.hide()
        column.addWidget(self.more)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SEARCH_MS)
        self._soon.timeout.connect(self._search)
        for label in self._labels.values():
            label.hide()

    def show_listed(self, listed: Mapping[str, object]) -> None:
        """Show what the engine lists; rows that stay are changed in place, so that the keyboard stays where it is."""
        rows = {number_of(row, "id"): row for row in rows_of(listed, "rows")}
        today = self._now().astimezone().date()
        for number in [n for n in self.rows if n not in rows]:
            self._drop(number)
        self._sections = {}
        for number, row in rows.items():
            title = text_of(row, "title")
            shown = self.rows.get(number) or self._make_row(number, title)
            shown.show_title(title, pinned=row.get("pinned") is True)
            is_today = _date_of(text_of(row, "asked_at")) == today
            self._sections[number] = "Pinned" if shown.pinned else "Today" if is_today else "Earlier"
        hidden = max(0, number_of(listed, "total") - len(rows))
        self.more.setText(f"Show {count(hidden, 'more conversation')}")
        self.more.setAccessibleName(self.more.text())
        self.more.setVisible(hidden > 0)
        self.search.setVisible(bool(rows) or bool(self.search.text()))
        self._none.setVisible(not rows and bool(self.search.text().strip()))
        self.choose(self._chosen)
        self._place()

    def choose(self, conversation: int) -> None:
        """Show which conversation is open; 0 for none."""
        self._chosen = conversation
        for number, row in self.rows.items():
            row.setChecked(number == conversation)

    def title_of(self, conversation: int) -> str:
        """Give the title of a listed conversation; empty if it is not listed."""
        row = self.rows.get(conversation)
        return row.title if row is not None else ""

    def keyboard_parts(self) -> list[QWidget]:
        """Give what takes the keyboard, in the order of reading."""
        parts: list[QWidget] = [self.search]
        for index in range(self._list.count()):
            item = self._list.itemAt(index)
            widget = item.widget() if item is not None else None
            if isinstance(widget, RemovalStrip):
                parts += [widget.keep, widget.delete]
            elif isinstance(widget, ConversationRow | TitleEdit):
                parts.append(widget)
        return [*parts, self.more]

    def _make_row(self, number: int, title: str) -> ConversationRow:
        row = ConversationRow(self, self._theme, str(number), title)
        row.chosen.connect(self._open)
        row.rename_wanted.connect(self._rename)
        row.delete_wanted.connect(self._ask_removal)
        row.customContextMenuRequested.connect(self._show_menu)
        self.rows[number] = row
        return row

    def _drop(self, number: int) -> None:
        row = self.rows.pop(number)
        if number == self._asked:
            self._end_strip()
        row.hide()
        row.deleteLater()

    def _place(self) -> None:
        """Put labels, rows and what is asked about one of them into their order."""
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None and widget in self._labels.values():
                widget.hide()
        for section in _SECTIONS:
            members = [number for number, name in self._sections.items() if name == section]
            if members:
                self._list.addWidget(self._labels[section])
                self._labels[section].show()
            for number in members:
                row, strip = self.rows[number], self._strip if number == self._asked else None
                self._list.addWidget(row)
                row.setVisible(not isinstance(strip, TitleEdit))
                if strip is not None:
                    self._list.addWidget(strip)
                    strip.show()
        self.parts_changed.emit()

    def _begin_strip(self, number: int, strip: TitleEdit | RemovalStrip) -> None:
        self._end_strip()
        self._asked, self._strip = number, strip
        strip.left.connect(self._leave_strip)
        self._place()

    def _end_strip(self) -> None:
        strip, self._strip = self._strip, None
        if strip is not None:
            self._list.removeWidget(strip)
            strip.hide()
            strip.deleteLater()

    @Slot()
    def _leave_strip(self) -> None:
        """Take away what was asked, and give the keyboard back to the row."""
        had_keyboard = self._strip is not None and self._strip.isAncestorOf(self.focusWidget() or self)
        typed = isinstance(self._strip, TitleEdit) and self._strip.hasFocus()
        self._end_strip()
        self._place()
        row = self.rows.get(self._asked)
        if row is not None and (had_keyboard or typed):
            row.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _open(self, key: str) -> None:
        self.choose(self._chosen)  # a click checks the row by itself; it is open when the engine has given it
        self.opened.emit(int(key))

    @Slot(str)
    def _rename(self, key: str) -> None:
        number = int(key)
        edit = TitleEdit(self, self.title_of(number))
        edit.kept.connect(self._keep_title)
        self._begin_strip(number, edit)
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        edit.selectAll()

    @Slot(str)
    def _keep_title(self, title: str) -> None:
        number = self._asked
        if (row := self.rows.get(number)) is not None and title.strip():
            row.show_title(title.strip(), pinned=row.pinned)
        self._leave_strip()
        self.renamed.emit(number, title)

    @Slot(str)
    def _ask_removal(self, key: str) -> None:
        number = int(key)
        strip = RemovalStrip(self, self.title_of(number))
        strip.confirmed.connect(self._remove)
        self._begin_strip(number, strip)
        strip.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _remove(self) -> None:
        number = self._asked
        order = list(self._sections)
        at = order.index(number) if number in order else 0
        self._end_strip()
        self._place()
        beside = order[at + 1 : at + 2] or order[max(0, at - 1) : at]
        for neighbour in beside:
            self.rows[neighbour].setFocus(Qt.FocusReason.OtherFocusReason)
        self.delete_wanted.emit(number)

    @Slot(QPoint)
    def _show_menu(self, at: QPoint) -> None:
        row = self.sender()
        if not isinstance(row, ConversationRow):
            return
        self._end_strip()
        self._asked = int(row.key)
        self._place()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        _add(menu, "Rename\tF2", "rename")
        _add(menu, "Unpin" if row.pinned else "Pin to the top", "pin")
        export = menu.addMenu("Export as")
        for key, words in FORMATS:
            _add(export, words, key)
        menu.addSeparator()
        _add(menu, "Delete …\tDel", "delete")
        menu.triggered.connect(self._act)
        menu.popup(row.mapToGlobal(at))

    @Slot(QAction)
    def _act(self, action: QAction) -> None:
        what, number = str(action.data()), self._asked
        row = self.rows.get(number)
        if row is None:
            return
        if what == "rename":
            self._rename(row.key)
        elif what == "pin":
            self.pin_wanted.emit(number, not row.pinned)
        elif what == "delete":
            self._ask_removal(row.key)
        else:
            self.export_wanted.emit(number, what)

    @Slot()
    def _wait(self) -> None:
        self._soon.start()

    @Slot()
    def _search(self) -> None:
        self._soon.stop()
        self.search_wanted.emit(self.search.text().strip())


def _add(menu: QMenu, words: str, what: str) -> None:
    menu.addAction(words).setData(what)


def _date_of(text: str) -> object:
    try:
        return datetime.fromisoformat(text).astimezone().date()
    except ValueError:
        return None

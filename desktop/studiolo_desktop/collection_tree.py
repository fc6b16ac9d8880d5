"""Collections with their folders below them, each with its state: up to date, being indexed, offline, problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from studiolo.quantities import count
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.labels import push_button
from studiolo_desktop.widgets.row_button import DotState, RowButton
from studiolo_desktop.words import button_text, document_of, file_name, number_of, rows_of, text_of

_OPEN, _FOLDED = "▾", "▸"


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a row says: its word, its state, and the tone of the word."""

    word: str
    state: DotState
    tone: str = "muted"


class CollectionRow(RowButton):
    """A collection; its folders are folded away with the mark before it, or with Left and Right."""

    folded = Signal(str, bool)

    def __init__(self, parent: QWidget, theme: Theme, name: str) -> None:
        super().__init__(parent, theme, name, name, dot=True)
        self.is_folded = False
        self._mark = push_button(self, _OPEN, kind="fold", name="Folders")
        self._mark.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._mark.setFixedWidth(16)
        self._mark.clicked.connect(self._turn)
        layout = self.layout()
        if isinstance(layout, QHBoxLayout):
            layout.insertWidget(0, self._mark)
            layout.setContentsMargins(2, 0, 8, 0)
            layout.setSpacing(6)

    def fold(self, *, folded: bool) -> None:
        """Fold the folders away, or show them."""
        self.is_folded = folded
        self._mark.setText(_FOLDED if folded else _OPEN)
        self._mark.setAccessibleName("Show the folders" if folded else "Fold the folders away")
        self.folded.emit(self.key, folded)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Left folds, Right unfolds."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.fold(folded=event.key() == Qt.Key.Key_Left)
        else:
            super().keyPressEvent(event)

    @Slot()
    def _turn(self) -> None:
        self.fold(folded=not self.is_folded)


class CollectionTree(QWidget):
    """The rows; those that stay are changed in place, so that the keyboard stays where it is."""

    collection_chosen = Signal(str)
    files_wanted = Signal(object, object, str)
    """A collection or None, a folder's path or None, and the state of the files ("": any)."""
    exclude_wanted = Signal(object, object)
    """A folder's path (a str), and its patterns."""
    ask_wanted = Signal(object, str)
    """A folder that the next question is to be limited to, and its collection."""
    remove_wanted = Signal(object)
    """A folder's path; as an object, since Qt's own strings lose what is no Unicode in it."""
    rows_changed = Signal()
    """There are other rows now."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("plain")
        self._rows: dict[str, CollectionRow] = {}
        self._folder_rows: dict[str, RowButton] = {}
        self._folders: dict[str, Mapping[str, object]] = {}
        self._failed: dict[str, int] = {}
        self._percent: dict[str, int] = {}
        self._asked = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def rows(self) -> list[RowButton]:
        """Give all rows as they stand there."""
        return sorted((*self._rows.values(), *self._folder_rows.values()), key=self._column.indexOf)

    def show_collections(self, collections: Sequence[Mapping[str, object]]) -> None:
        """Show what the engine says of its collections."""
        before = self.rows()
        names = [text_of(c, "name") for c in collections]
        if list(self._rows) != names:
            self._make_rows(names)
        self._folders = {}
        for collection in collections:
            name = text_of(collection, "name")
            self._failed[name] = number_of(document_of(collection, "files"), "failed")
            said = self._of_collection(collection)
            self._rows[name].show_row(name, said.word, said.state, tone=said.tone)
            for folder in rows_of(collection, "folders"):
                self._show_folder(name, folder)
        for path in [p for p in self._folder_rows if p not in self._folders]:
            self._drop(self._folder_rows.pop(path))
        if self.rows() != before:
            self.rows_changed.emit()

    def show_progress(self, collection: str, folder: str, done: int, total: int) -> None:
        """Show in percent how far a collection and its folder are; a total of 0 ends it."""
        self._percent.clear()  # one folder is in hand at a time
        if not total:
            return
        percent = min(99, 100 * done // total)
        self._percent.update({collection: percent, folder: percent})
        word = f"{percent} %"
        if collection in self._rows:
            self._rows[collection].show_row(collection, word, "busy")
        if folder in self._folder_rows:
            self._folder_rows[folder].show_row(file_name(folder), word, "busy")

    def end_progress(self) -> None:
        """No collection is being indexed any more."""
        self._percent.clear()

    def choose(self, names: Sequence[str]) -> None:
        """Show which collections are asked."""
        for name, row in self._rows.items():
            row.setChecked(name in names)

    def _make_rows(self, names: Sequence[str]) -> None:
        folded = {name for name, row in self._rows.items() if row.is_folded}
        for old in self.rows():
            self._drop(old)
        self._rows, self._folder_rows = {}, {}
        for name in names:
            row = CollectionRow(self, self._theme, name)
            row.chosen.connect(self.collection_chosen)
            row.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            row.customContextMenuRequested.connect(self._offer_collection)
            self._column.addWidget(row)
            self._rows[name] = row
            row.fold(folded=name in folded)
            row.folded.connect(self._fold)

    def _drop(self, row: RowButton) -> None:
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _of_collection(self, collection: Mapping[str, object]) -> _Standing:
        name, files = text_of(collection, "name"), document_of(collection, "files")
        folders = rows_of(collection, "folders")
        if folders and all(text_of(f, "offline_since") for f in folders):
            return _Standing("offline", "off")
        return self._at_work(name, files) or _Standing(f"{number_of(files, 'indexed'):,}", "ok")

    def _of_folder(self, path: str, folder: Mapping[str, object]) -> _Standing:
        files, since = document_of(folder, "files"), text_of(folder, "offline_since")
        if since:
            return _Standing(f"offline since {since[:10]}", "none", "weak")
        failed = number_of(files, "failed")
        problems = _Standing(count(failed, "problem"), "none", "weak") if failed else None
        return self._at_work(path, files) or problems or _Standing("", "ok")

    def _at_work(self, key: str, files: Mapping[str, object]) -> _Standing | None:
        if key in self._percent:
            return _Standing(f"{self._percent[key]} %", "busy")
        if number_of(files, "pending"):
            return _Standing(f"{number_of(files, 'indexed'):,} of {number_of(files, 'on_disk'):,}", "busy")
        return None

    def _show_folder(self, collection: str, folder: Mapping[str, object]) -> None:
        path = text_of(folder, "path")
        self._folders[path] = folder
        self._failed[path] = number_of(document_of(folder, "files"), "failed")
        row = self._folder_rows.get(path) or self._make_folder_row(path, collection)
        said = self._of_folder(path, folder)
        row.show_row(file_name(path), said.word, said.state, tone=said.tone)

    def _make_folder_row(self, path: str, collection: str) -> RowButton:
        row = RowButton(self, self._theme, path, file_name(path), sub=True)
        row.setCheckable(False)
        row.setProperty("collection", collection)
        row.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        row.customContextMenuRequested.connect(self._offer_folder)
        row.clicked.connect(self._offer_folder)
        siblings = [r for r in self._folder_rows.values() if r.property("collection") == collection]
        last = max((self._column.indexOf(r) for r in (self._rows[collection], *siblings)), default=0)
        self._column.insertWidget(last + 1, row)
        row.setVisible(not self._rows[collection].is_folded)
        self._folder_rows[path] = row
        return row

    @Slot(str, bool)
    def _fold(self, name: str, folded: bool) -> None:
        for row in self._folder_rows.values():
            if row.property("collection") == name:
                row.setVisible(not folded)

    @Slot()
    def _offer_folder(self) -> None:
        row = self.sender()
        if isinstance(row, RowButton):
            self._asked = row.key
            menu = self._menu(row, self._show_failed_of_folder, self._show_files_of_folder)
            menu.addAction("Ask this folder alone").triggered.connect(self._ask)
            menu.addAction("Leave files out …").triggered.connect(self._exclude)
            menu.addSeparator()
            menu.addAction("Stop watching and forget this folder …").triggered.connect(self._remove)
            menu.popup(row.mapToGlobal(QPoint(12, row.height())))

    @Slot()
    def _offer_collection(self) -> None:
        row = self.sender()
        if isinstance(row, RowButton):
            self._asked = row.key
            menu = self._menu(row, self._show_failed_of_collection, self._show_files_of_collection)
            menu.popup(row.mapToGlobal(QPoint(12, row.height())))

    def _menu(self, row: RowButton, show_failed: object, show_files: object) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(button_text(row.key))
        failed = self._failed.get(row.key, 0)
        if failed:
            menu.addAction(f"Show {look(failed)}").triggered.connect(show_failed)
        menu.addAction("Show its files").triggered.connect(show_files)
        return menu

    @Slot()
    def _show_failed_of_folder(self) -> None:
        self.files_wanted.emit(None, self._asked, "failed")

    @Slot()
    def _show_files_of_folder(self) -> None:
        self.files_wanted.emit(None, self._asked, "")

    @Slot()
    def _show_failed_of_collection(self) -> None:
        self.files_wanted.emit(self._asked, None, "failed")

    @Slot()
    def _show_files_of_collection(self) -> None:
        self.files_wanted.emit(self._asked, None, "")

    @Slot()
    def _ask(self) -> None:
        self.ask_wanted.emit(self._asked, str(self._folder_rows[self._asked].property("collection")))

    @Slot()
    def _exclude(self) -> None:
        patterns = self._folders.get(self._asked, {}).get("patterns")
        lines = [p for p in patterns if isinstance(p, str)] if isinstance(patterns, list | tuple) else []
        self.exclude_wanted.emit(self._asked, lines)

    @Slot()
    def _remove(self) -> None:
        self.remove_wanted.emit(self._asked)


def look(failed: int) -> str:
    """Say how many files need a look: `1 file that needs a look`."""
    return f"{count(failed, 'file')} that {'needs' if failed == 1 else 'need'} a look"

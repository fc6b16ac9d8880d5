"""What lies over the window for a moment: the drop target, and the sheet that asks for a collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studiolo.quantities import added_up, count, estimate_lines
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.widgets.tab_order import step_inside
from studiolo_desktop.words import file_name, one_line

DEFAULT_COLLECTION = "documents"
_LONGEST_NAME = 64


class DropOverlay(QFrame):
    """Says that what is held over the window can be dropped."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setObjectName("overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.addStretch(1)
        for text, tone in (("Drop the folder to watch it", "title"), ("Files stay where they are.", "muted")):
            label = PlainLabel(self, text, tone=tone)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(1)
        self.hide()

    def cover(self) -> None:
        """Lie over the whole parent."""
        self.setGeometry(self._room.rect().adjusted(12, 12, -12, -12))
        self.raise_()
        self.show()


class CollectionSheet(QFrame):
    """Asks which collection the folders belong to; Enter accepts, Esc does not."""

    accepted = Signal(object, str)
    """The folders (a list of paths) and the collection."""
    rejected = Signal()
    estimate_wanted = Signal(object)
    """Folders (a list of paths) of which it should be said what indexing them takes."""
    resized = Signal()
    """What it says has become longer or shorter."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self._folders: list[str] = []
        self._estimates: dict[str, Mapping[str, object] | None] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        self._title = WrapLabel(self, tone="strong")
        column.addWidget(self._title)
        self.note = WrapLabel(self, "Files are read with the folder they lie in: all of it is watched.")
        column.addWidget(self.note)
        self.estimate = WrapLabel(self)
        column.addWidget(self.estimate)
        label = PlainLabel(self, "Collection: folders in one collection are searched together", tone="muted")
        column.addWidget(label)
        self.name = QLineEdit(self)
        self.name.setMaxLength(_LONGEST_NAME)
        self.name.setAccessibleName("Collection for the new folders")
        self.name.setAcceptDrops(False)
        self._known = QStringListModel(self)
        self.name.setCompleter(QCompleter(self._known, self))
        label.setBuddy(self.name)
        self.name.returnPressed.connect(self._accept)
        self.name.textChanged.connect(self._check)
        column.addWidget(self.name)
        column.addLayout(self._buttons())
        self.hide()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = push_button(self, "Cancel")
        cancel.clicked.connect(self.reject)
        self._add = push_button(self, "Add folder", kind="primary")
        self._add.clicked.connect(self._accept)
        row.addWidget(cancel)
        row.addWidget(self._add)
        return row

    def ask(self, folders: Sequence[str], known: Sequence[str], *, with_files: bool = False) -> None:
        """Ask for the collection of some folders; more folders may come while it asks.

        `with_files` says that single files were given, whose folders these are.
        """
        self.note.setVisible(with_files or (self.isVisible() and self.note.isVisibleTo(self)))
        self._folders = [*self._folders, *(f for f in folders if f not in self._folders)] if self.isVisible() else []
        self._folders = self._folders or list(folders)
        self._known.setStringList(list(known))
        names = ", ".join(file_name(f) for f in self._folders[:3]) + (" …" if len(self._folders) > 3 else "")
        self._title.setText(f"Watch {count(len(self._folders), 'folder')}: {names}")
        self._add.setText("Add folder" if len(self._folders) == 1 else "Add folders")
        if not self.isVisible():
            self.name.setText(DEFAULT_COLLECTION)
        new = [f for f in self._folders if f not in self._estimates]
        self._estimates.update(dict.fromkeys(new))
        self._show_estimate()
        self.estimate_wanted.emit(new)
        self.show()
        self.raise_()
        self.name.selectAll()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_estimate(self, folder: str, estimate: Mapping[str, object]) -> None:
        """Take in what indexing one of the folders takes; an empty one says that this could not be told."""
        if folder in self._estimates:
            self._estimates[folder] = estimate
            self._show_estimate()

    def _show_estimate(self) -> None:
        """Say what all folders take together, once it is known of each."""
        known = [e for e in self._estimates.values() if e is not None]
        if len(known) < len(self._estimates):
            self.estimate.setText("Looking at how much there is …")
        else:
            # Where one cannot be told, adding it will say why: the sum of the others would mislead.
            self.estimate.setText("\n".join(estimate_lines(added_up(known))) if all(known) else "")
        self.estimate.setVisible(bool(self.estimate.text()))
        self.resized.emit()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: N802 - Qt's names
        """Keep Tab inside until there is an answer."""
        return step_inside(self, forward=next)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc takes the question back."""
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
        else:
            super().keyPressEvent(event)

    @Slot(str)
    def _check(self, text: str) -> None:
        self._add.setEnabled(bool(text.strip()))

    @Slot()
    def _accept(self) -> None:
        collection = self.name.text().strip()
        if not collection:
            return
        folders, self._folders = self._folders, []
        self._estimates.clear()
        self.hide()
        self.accepted.emit(folders, collection)

    @Slot()
    def reject(self) -> None:
        """Take the question back."""
        self._folders = []
        self._estimates.clear()
        self.hide()
        self.rejected.emit()


class ConfirmSheet(QFrame):
    """Asks before something is forgotten; Esc keeps it."""

    confirmed = Signal(object)
    """The key, a str; as an object, since Qt's own strings lose what is no Unicode in a path."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self._key = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        self._title = WrapLabel(self, tone="strong")
        self._body = WrapLabel(self, tone="muted")
        column.addWidget(self._title)
        column.addWidget(self._body)
        row = QHBoxLayout()
        row.addStretch(1)
        self._keep = push_button(self, "Keep")
        self._keep.clicked.connect(self.reject)
        self._confirm = push_button(self, "Forget", kind="primary")
        self._confirm.clicked.connect(self._accept)
        row.addWidget(self._keep)
        row.addWidget(self._confirm)
        column.addLayout(row)
        self.hide()

    def ask(self, key: str, title: str, body: str) -> None:
        """Ask; `confirmed` gives the key back."""
        self._key = key
        self._title.setText(one_line(title))
        self._body.setText(one_line(body))
        self.setAccessibleName(self._title.text())
        self.show()
        self.raise_()
        self._keep.setFocus()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: N802 - Qt's names
        """Keep Tab inside until there is an answer."""
        return step_inside(self, forward=next)

    @Slot()
    def reject(self) -> None:
        """Forget nothing."""
        self.hide()

    @Slot()
    def _accept(self) -> None:
        self.hide()
        self.confirmed.emit(self._key)

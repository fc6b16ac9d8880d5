"""What the next question asks, as chips: collections to choose from, and limits that one click takes away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studiolo_desktop.limits import Limit, grouped, in_words, with_limit
from studiolo_desktop.theme import set_property
from studiolo_desktop.widgets.flow_layout import FlowLayout
from studiolo_desktop.widgets.labels import push_button
from studiolo_desktop.widgets.narrow_panel import NarrowPanel
from studiolo_desktop.widgets.overlays import DEFAULT_COLLECTION
from studiolo_desktop.widgets.tab_order import tab_before
from studiolo_desktop.words import button_text, one_line, tooltip


class LimitChip(QPushButton):
    """A limit in words; a click, Space, Enter, Delete or Backspace takes it away."""

    gone = Signal(object)
    """The limits (a tuple) that it stood for."""

    def __init__(self, parent: QWidget, limits: tuple[Limit, ...]) -> None:
        words = in_words(limits)
        super().__init__(button_text(f"{words}  ×"), parent)
        self.limits = limits
        self.setProperty("kind", "chip")
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(one_line(f"Limited to {words}"))
        self.setAccessibleDescription("Press to take this limit away.")
        values = ", ".join(limit.value for limit in limits)
        self.setToolTip(tooltip(f"{values}: press to take this limit away"))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._go)

    @Slot()
    def _go(self) -> None:
        self.gone.emit(self.limits)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take the keys that remove things."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
        else:
            super().keyPressEvent(event)


class ScopeBar(QWidget):
    """Collections, limits, and the way to more limits; knows no engine."""

    scope_changed = Signal(object)
    """The names of the collections that are asked."""
    limits_changed = Signal()
    reading_wanted = Signal(str, str)
    """A kind of limit and what was written for it: the engine reads it."""
    folder_wanted = Signal()
    """A folder is to be chosen with the system's dialog."""
    left = Signal()
    """The panel was closed: the keyboard goes back to the question."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("scope")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("What is asked")
        self.scope: list[str] = [DEFAULT_COLLECTION]
        self.limits: tuple[Limit, ...] = ()
        self._below: QWidget | None = None
        self.chips: dict[str, QPushButton] = {}
        self.limit_chips: list[LimitChip] = []
        self._column = QVBoxLayout(self)
        self._column.setSpacing(10)
        room = QWidget(self)
        self._flow = FlowLayout(room)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self.narrow = push_button(
            room, "+ Narrow", kind="chip", name="Narrow the question: file types, a folder, dates"
        )
        set_property(self.narrow, "add", "true")
        self.narrow.setCheckable(True)
        self.narrow.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.narrow.clicked.connect(self._show_panel)
        self._flow.addWidget(self.narrow)
        self._column.addWidget(room)
        self._room = room
        self.panel = NarrowPanel(self)
        self.panel.hide()
        self.panel.type_toggled.connect(self._toggle_type)
        self.panel.written.connect(self.reading_wanted)
        self.panel.emptied.connect(self._drop_date)
        self.panel.choose_wanted.connect(self.folder_wanted)
        self.panel.left.connect(self.close_panel)
        self._column.addWidget(self.panel)
        self.hide()

    def share_width(self, side: int) -> None:
        """Keep `side` pixels free on the left and on the right."""
        self._column.setContentsMargins(side, 11, side, 11)

    def tab_above(self, below: QWidget) -> None:
        """Let Tab reach all of this right before `below`."""
        self._below = below
        self._order_tabs()

    def show_collections(self, names: Sequence[str]) -> None:
        """Offer the collections as chips; what was chosen stays chosen while it exists."""
        if list(self.chips) != list(names):
            for chip in self.chips.values():
                self._drop(chip)
            self.chips = {name: self._make_chip(name) for name in names}
            self._place()
        kept = [name for name in self.scope if name in self.chips]
        fallback = DEFAULT_COLLECTION if DEFAULT_COLLECTION in self.chips or not names else names[0]
        self._set_scope(kept or [fallback])
        self.setVisible(bool(names))

    def choose_scope(self, names: Sequence[str]) -> None:
        """Ask these collections and no other."""
        self._set_scope([n for n in names if n in self.chips] or self.scope)

    def set_limits(self, limits: Sequence[Limit]) -> None:
        """Limit the next question to this and nothing else."""
        if tuple(limits) == self.limits:
            return
        self.limits = tuple(limits)
        for chip in self.limit_chips:
            self._drop(chip)
        self.limit_chips = [LimitChip(self._room, group) for group in grouped(self.limits)]
        for chip in self.limit_chips:
            chip.gone.connect(self._remove)
        self._place()
        self.panel.show_limits(self.limits)
        self.limits_changed.emit()

    def add_limit(self, limit: Limit) -> None:
        """Limit the next question further."""
        self.set_limits(with_limit(self.limits, limit))

    @Slot()
    def open_panel(self) -> None:
        """Offer file types, folders and dates, and bring the keyboard to them."""
        self.narrow.setChecked(True)
        self._show_panel()

    @Slot()
    def close_panel(self) -> None:
        """Fold the panel."""
        if not self.panel.isHidden():
            self.narrow.setChecked(False)
            self.panel.hide()
            self.left.emit()

    def _make_chip(self, name: str) -> QPushButton:
        chip = push_button(self._room, name, kind="chip", name=f"Ask collection {name}")
        chip.setCheckable(True)
        chip.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        chip.clicked.connect(self._take_chips)
        return chip

    def _drop(self, chip: QPushButton) -> None:
        self._flow.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def _place(self) -> None:
        """Put the chips side by side again: collections, limits, and the way to more."""
        chips = [*self.chips.values(), *self.limit_chips, self.narrow]
        for chip in chips:
            self._flow.removeWidget(chip)
        for chip in chips:
            self._flow.addWidget(chip)
            chip.show()
        self._room.updateGeometry()
        self._order_tabs()

    def _order_tabs(self) -> None:
        if self._below is not None:
            parts = [*self.chips.values(), *self.limit_chips, self.narrow, *self.panel.keyboard_parts()]
            tab_before(self._below, parts)

    def _set_scope(self, names: list[str]) -> None:
        changed = names != self.scope
        self.scope = names
        for name, chip in self.chips.items():
            chip.setChecked(name in names)
        if changed:
            self.scope_changed.emit(names)

    @Slot()
    def _take_chips(self) -> None:
        chosen = [name for name, chip in self.chips.items() if chip.isChecked()]
        self._set_scope(chosen or self.scope)  # one collection at least is always asked

    @Slot(object)
    def _remove(self, limits: tuple[Limit, ...]) -> None:
        at = next(at for at, chip in enumerate(self.limit_chips) if chip.limits == limits)
        had_focus = self.limit_chips[at].hasFocus()
        self.set_limits([limit for limit in self.limits if limit not in limits])
        if had_focus:
            left = [*self.limit_chips, self.narrow]
            left[min(at, len(left) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _show_panel(self) -> None:
        if not self.narrow.isChecked():
            self.close_panel()
            return
        self.panel.show_limits(self.limits)
        self.panel.show()
        self.panel.focus_first()

    @Slot(str, bool)
    def _toggle_type(self, name: str, wanted: bool) -> None:
        limit = Limit("type", name)
        if wanted:
            self.add_limit(limit)
        else:
            self.set_limits([one for one in self.limits if one != limit])

    @Slot(str)
    def _drop_date(self, kind: str) -> None:
        self.set_limits([limit for limit in self.limits if limit.kind != kind])

    def take_read(self, kind: str, limits: Sequence[Limit]) -> None:
        """Take what the engine read from what was written for a kind of limit."""
        for limit in limits:
            self.add_limit(limit)
        self.panel.take_read(kind)

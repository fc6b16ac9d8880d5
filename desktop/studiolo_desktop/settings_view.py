"""The page of settings: made from the engine's table, searched by words, each value judged by the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from studiolo.errors import ErrorReport
from studiolo_desktop.rooms_pages import WIDEST, ListPage
from studiolo_desktop.widgets.labels import WrapLabel
from studiolo_desktop.widgets.setting_row import SettingRow
from studiolo_desktop.words import one_line, text_of

_LONGEST_WORDS = 200


class SettingsView(ListPage):
    """Every setting in its section; a field above them leaves those that have its words."""

    change_wanted = Signal(str, object)
    """The name of a setting, and the value that it should have; None for its default."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Settings")
        self.words = QLineEdit(self)
        self.words.setPlaceholderText("Search settings")
        self.words.setAccessibleName("Search settings")
        self.words.setMaxLength(_LONGEST_WORDS)
        self.words.setClearButtonEnabled(True)
        self.words.setAcceptDrops(False)
        self.words.setMaximumWidth(WIDEST - 8)
        self.words.textChanged.connect(self._filter)
        self.top.addWidget(self.words)
        self._sections: list[tuple[QWidget, list[SettingRow]]] = []
        self._none = WrapLabel(self.inside, "No setting has these words.", tone="muted")
        self._none.hide()
        self.status.setText("Loading …")

    @property
    def rows(self) -> dict[str, SettingRow]:
        """The cards by the names of their settings."""
        return {row.name: row for _, rows in self._sections for row in rows}

    def show_settings(self, untrusted: Sequence[Mapping[str, object]]) -> None:
        """Show every setting; rows that are there already stay."""
        known = self.rows
        if list(known) == [text_of(record, "name") for record in untrusted]:
            for record in untrusted:
                self.show_setting(record)
            return
        with self.renewed():
            self._sections = []
            group = ""
            for record in untrusted:
                if text_of(record, "group") != group:
                    group = text_of(record, "group")
                    self.add_section(one_line(group))
                    self._sections.append((self.last_row, []))
                row = SettingRow(self.inside, record)
                row.wanted.connect(self.change_wanted)
                self.add(row)
                if not self._sections:  # a record without a group
                    self._sections.append((row, []))
                self._sections[-1][1].append(row)
            self._none = WrapLabel(self.inside, "No setting has these words.", tone="muted")
            self.add(self._none)
        self._filter()

    def show_setting(self, untrusted: Mapping[str, object]) -> None:
        """Show the value that one setting has now."""
        row = self.rows.get(text_of(untrusted, "name"))
        if row is not None:
            row.show_setting(untrusted)
        self._count()

    def show_reason(self, name: str, error: ErrorReport) -> None:
        """Say under a setting why it cannot have the value."""
        row = self.rows.get(name)
        if row is not None:
            row.show_reason(error)

    def focus_search(self) -> None:
        """Bring the keyboard to the search field."""
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)
        self.words.selectAll()

    @Slot()
    def _filter(self) -> None:
        wanted = self.words.text().casefold().split()
        for section, rows in self._sections:
            title = section.accessibleName().casefold() if section not in rows else ""
            for row in rows:
                row.setVisible(all(word in row.haystack or word in title for word in wanted))
            if section not in rows:
                section.setVisible(any(row.isVisibleTo(self.inside) for row in rows))
        self._count()

    def _count(self) -> None:
        rows = list(self.rows.values())
        shown = [row for row in rows if row.isVisibleTo(self.inside)]
        changed = sum(row.reset.isVisibleTo(row) for row in rows)
        self._none.setVisible(bool(rows) and not shown)
        listed = f"{len(shown)} of {len(rows)} settings." if len(shown) < len(rows) else f"{len(rows)} settings."
        if changed:
            listed += (
                f" {changed} of them differ from the default." if changed > 1 else " One differs from the default."
            )
        self.status.setText(listed)

"""The page of styles: how answers are written, which collection uses which, and a way to make one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo_desktop.rooms_pages import ListPage, card
from studiolo_desktop.widgets.choice import Choice
from studiolo_desktop.widgets.labels import ElidedLabel, push_button
from studiolo_desktop.widgets.style_card import StyleCard
from studiolo_desktop.widgets.style_editor import StyleEditor
from studiolo_desktop.words import document_of, one_line, rows_of, text_of

_STATUS = (
    "A style says how an answer is written, never what is found nor how it is checked. A model below 700 MB follows no "
    "instructions; the program puts its sentences into the form."
)


class StylesView(ListPage):
    """Cards of the styles, and a choice for each collection."""

    save_wanted = Signal(str, object, bool)
    """The name, the style (a dict), and whether it takes the place of one of that name."""
    remove_wanted = Signal(str)
    use_wanted = Signal(str, object)
    """The name of a style (empty: the default again), and the collection, a str, or None for the default itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Styles")
        self._styles: list[dict[str, object]] = []
        self._document: Mapping[str, object] = {}
        self._collections: list[str] = []
        self.cards: list[StyleCard] = []
        self.choices: dict[str, Choice] = {}
        new = push_button(self, "New style …", name="Make a style of your own", icon="new")
        new.clicked.connect(self.new_style)
        self.head.insertWidget(self.head.count() - 1, new)
        self.status.setText("Loading …")
        self.editor = StyleEditor(self.inside)
        self.editor.saved.connect(self.save_wanted)

    def show_collections(self, names: Sequence[str]) -> None:
        """Offer a choice for each collection."""
        if list(names) != self._collections:
            self._collections = list(names)
            if self._document:
                self._list()

    def show_styles(self, untrusted: Mapping[str, object]) -> None:
        """List the styles of an engine's answer."""
        self._document = untrusted
        self._styles = rows_of(untrusted, "styles")
        self.status.setText(_STATUS)
        self._list()

    def show_saved(self) -> None:
        """Close the editor: what was written is a style now."""
        self.editor.hide()

    def show_reason(self, error: ErrorReport) -> None:
        """Say in the editor why a style cannot be kept."""
        self.editor.show_reason(error)

    def _list(self) -> None:
        default = text_of(self._document, "default")
        chosen = document_of(self._document, "collections")
        with self.renewed():
            self.keep(self.editor)
            self.cards, self.choices = [], {}
            if self._collections:
                self.add_section("Collections")
                self._list_collections(default, chosen)
            self.add_section("Styles")
            for style in self._styles:
                self._list_style(style, is_default=text_of(style, "name") == default)

    def _list_collections(self, default: str, chosen: Mapping[str, object]) -> None:
        frame, column = card(self.inside)
        for name in self._collections:
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addWidget(ElidedLabel(frame, name), 1)
            choice = Choice(frame, f"Style of the collection {name}", letters=16)
            choice.addItem(f"The default ({one_line(default)})", "")
            for style in self._styles:
                choice.addItem(one_line(text_of(style, "name")), text_of(style, "name"))
            choice.setCurrentIndex(max(0, choice.findData(chosen.get(name))) if name in chosen else 0)
            choice.setProperty("collection", name)
            choice.currentIndexChanged.connect(self._choose)
            row.addWidget(choice)
            column.addLayout(row)
            self.choices[name] = choice
        self.add(frame)

    def _list_style(self, style: Mapping[str, object], *, is_default: bool) -> None:
        made = StyleCard(self.inside, style, is_default=is_default)
        made.default_wanted.connect(self._make_default)
        made.remove_wanted.connect(self.remove_wanted)
        made.edit_wanted.connect(self._edit)
        made.copy_wanted.connect(self._copy)
        self.cards.append(made)
        self.add(made)

    def _style(self, name: str) -> Mapping[str, object]:
        return next((style for style in self._styles if text_of(style, "name") == name), {})

    @Slot()
    def new_style(self) -> None:
        """Begin a style of the user's own."""
        self._open({}, name="", replaces=False)

    @Slot(str)
    def _edit(self, name: str) -> None:
        self._open(self._style(name), name=name, replaces=True)

    @Slot(str)
    def _copy(self, name: str) -> None:
        self._open({**self._style(name), "title": ""}, name="", replaces=False)

    def _open(self, style: Mapping[str, object], *, name: str, replaces: bool) -> None:
        self.editor.edit(style, name=name, replaces=replaces)
        self.list_room.verticalScrollBar().setValue(0)

    @Slot(str)
    def _make_default(self, name: str) -> None:
        self.use_wanted.emit(name, None)

    @Slot()
    def _choose(self) -> None:
        choice = self.sender()
        if isinstance(choice, Choice):
            self.use_wanted.emit(str(choice.currentData()), str(choice.property("collection")))

"""The page of models: which files there are for each task, whether they fit this computer, and a way to add more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from studiolo.errors import ErrorReport
from studiolo.quantities import size
from studiolo_desktop.model_words import ROLES, role_in_words
from studiolo_desktop.rooms_pages import WIDEST, ListPage
from studiolo_desktop.widgets.labels import push_button
from studiolo_desktop.widgets.model_card import ModelCard
from studiolo_desktop.widgets.model_offer import ModelOffer
from studiolo_desktop.words import number_of, rows_of, text_of

_NONE = {
    "chat": "There is no chat model: questions are answered with quoted sentences alone.",
    "embedder": "There is no embedder: nothing can be indexed or found. Run the set-up again.",
    "reranker": "None: passages keep the order in which they were found. A CrossEncoder folder can be added.",
}
_STATUS = "Model files on this computer. {free} of {total} of memory are free. Drop a GGUF file here to add it."


class ModelsView(ListPage):
    """Cards by task, and above them what is about to be added."""

    use_wanted = Signal(str)
    """The name of a model; empty: no reranker."""
    verify_wanted = Signal(str)
    remove_wanted = Signal(str)
    check_wanted = Signal(object)
    """The path of a file or folder that may be a model, a str."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Models")
        self._waiting: list[str] = []
        self.cards: list[ModelCard] = []
        for text, name, slot in (
            ("Add file …", "Add a model file (GGUF)", self.choose_file),
            ("Add folder …", "Add a folder with an embedder or a reranker", self.choose_folder),
        ):
            button = push_button(self, text, name=name)
            button.clicked.connect(slot)
            self.head.insertWidget(self.head.count() - 1, button)
        self.offer = ModelOffer(self)
        self.offer.setMaximumWidth(WIDEST - 8)
        self.offer.ended.connect(self._next)
        self.top.addWidget(self.offer)
        self.status.setText("Loading …")

    def show_models(self, untrusted: Mapping[str, object]) -> None:
        """List the models of an engine's answer."""
        models = rows_of(untrusted, "models")
        free, total = (size(number_of(untrusted, name)) for name in ("available_bytes", "total_bytes"))
        self.status.setText(_STATUS.format(free=free, total=total))
        with self.renewed():
            self.cards = []
            roles = [*ROLES, *dict.fromkeys(r for m in models if (r := text_of(m, "role")) not in ROLES)]
            for role in roles:
                self._list_role(role, [m for m in models if text_of(m, "role") == role])

    def _list_role(self, role: str, models: Sequence[Mapping[str, object]]) -> None:
        if not models and role not in _NONE:
            return
        self.add_section(role_in_words(role))
        if not any(model.get("in_use") is True for model in models) and role in _NONE:
            self.add_note(_NONE[role])
        for model in models:
            card = ModelCard(self.inside, model)
            card.use_wanted.connect(self.use_wanted)
            card.unused_wanted.connect(self._use_none)
            card.verify_wanted.connect(self.verify_wanted)
            card.remove_wanted.connect(self.remove_wanted)
            self.cards.append(card)
            self.add(card)

    def card_of(self, name: str) -> ModelCard | None:
        """Give the card of a model."""
        return next((card for card in self.cards if card.name == name), None)

    def offer_files(self, paths: Sequence[str]) -> None:
        """Have files looked at, one after the other."""
        self._waiting += [path for path in paths if path not in self._waiting and path != self.offer.path]
        if not self.offer.path:
            self._next()

    def show_added(self) -> None:
        """Take away what was offered: it is listed now."""
        self.offer.close_offer()

    def show_reason(self, name: str, error: ErrorReport) -> None:
        """Say on a model's card what went wrong with it."""
        card = self.card_of(name)
        if card is not None:
            card.show_error(error)
        else:
            self.show_error(error)

    @Slot()
    def _next(self) -> None:
        if self._waiting:
            path = self._waiting.pop(0)
            self.offer.begin(path)
            self.check_wanted.emit(path)

    @Slot()
    def _use_none(self) -> None:
        self.use_wanted.emit("")

    @Slot()
    def choose_file(self) -> None:
        """Let the user choose a model file with the system's dialog."""
        dialog = self._dialog("Add a model file", QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["Model files (*.gguf *.GGUF)", "All files (*)"])
        dialog.open()

    @Slot()
    def choose_folder(self) -> None:
        """Let the user choose a folder of sentence-transformers with the system's dialog."""
        dialog = self._dialog("Add a folder with an embedder or a reranker", QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.open()

    def _dialog(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        dialog.fileSelected.connect(self._offer_one)
        return dialog

    @Slot(str)
    def _offer_one(self, path: str) -> None:
        self.offer_files([path])

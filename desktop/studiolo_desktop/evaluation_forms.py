"""What is asked before a set is run, and before questions are drafted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from studiolo.quantities import count
from studiolo_desktop.measure_words import configuration_words
from studiolo_desktop.widgets.choice import Choice
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button
from studiolo_desktop.widgets.number_field import WholeField
from studiolo_desktop.words import file_name, moment, number_of, one_line, text_of

_ALL = "All collections together"
_NOTHING = "Nothing"
_DRAFTS = 20
_MOST_DRAFTS = 500
_MOST_SEED = 9999
_FORM_WIDTH = 560
_PLAIN = (
    ("As questions are answered now", "current"),
    ("The model in use, without an adapter", "base"),
    ("Quotes alone, without a model", "no-model"),
    ("Search alone, without answers: seconds", "retrieval-only"),
    ("As now, without a reranker", "no-reranker"),
)


def configurations(models: Sequence[Mapping[str, object]]) -> list[tuple[str, str]]:
    """List what can be measured: words for people, and the engine's term.

    Args:
        models: The registered models, untrusted documents.
    """
    found = list(_PLAIN[:4])
    if any(text_of(m, "role") == "reranker" and m.get("in_use") is True for m in models):
        found.append(_PLAIN[4])
    for model in models:
        name, role = text_of(model, "name"), text_of(model, "role")
        if "+" in name or not name:  # a mark of the engine's grammar
            continue
        if role == "adapter":
            found.append((f"The model in use, with the adapter {one_line(name, limit=60)}", f"adapter:{name}"))
        elif role == "chat" and model.get("in_use") is not True:
            found.append((f"Another model: {one_line(name, limit=60)}", f"model:{name}"))
    return found


class _Form(QWidget):
    """Fields below each other with their labels, and a row of buttons."""

    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        room = QWidget(self)
        room.setMaximumWidth(_FORM_WIDTH)
        self._column = QVBoxLayout(room)
        self._column.setContentsMargins(0, 4, 0, 0)
        self._column.setSpacing(6)
        outer.addWidget(room)
        outer.addStretch(1)
        self.what = WrapLabel(room, "", tone="strong")
        self._column.addWidget(self.what)
        self.hint = WrapLabel(room, "", tone="muted")
        self._column.addWidget(self.hint)
        self._room = room

    def _field(self, text: str, field: QWidget) -> None:
        label = PlainLabel(self._room, text, tone="muted")
        label.setBuddy(field)
        self._column.addSpacing(6)
        self._column.addWidget(label)
        self._column.addWidget(field)

    def _choice(self, text: str, name: str) -> Choice:
        choice = Choice(self._room, name, letters=24)
        self._field(text, choice)
        return choice

    def _buttons(self, start: str) -> None:
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = push_button(self._room, "Cancel")
        cancel.clicked.connect(self.cancelled)
        self.start = push_button(self._room, start, kind="primary")
        self.start.clicked.connect(self._accept)
        row.addWidget(cancel)
        row.addWidget(self.start)
        self._column.addSpacing(10)
        self._column.addLayout(row)

    def _accept(self) -> None:
        raise NotImplementedError

    @staticmethod
    def _show_collections(choice: Choice, names: Sequence[str], scope: Sequence[str]) -> None:
        choice.clear()
        for name in names:
            choice.addItem(one_line(name, limit=60), [name])
        if len(names) > 1:
            choice.addItem(_ALL, list(names))
        at = list(names).index(scope[0]) if len(scope) == 1 and scope[0] in names else choice.count() - 1
        choice.setCurrentIndex(max(0, at))


class RunForm(_Form):
    """Asks under which configuration a set is run, and with what it is compared."""

    accepted = Signal(object, object, object)
    """The path of the set, the configurations (terms of the engine), and the collections."""
    comparison_accepted = Signal(object, str, object, str)
    """The path, one configuration, the collections, and the run that it is compared with."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._path = ""
        self.collections = self._choice("Search in", "Collections in which the set is run")
        self.configuration = self._choice("Run it", "Configuration of the run")
        self.other = self._choice("And compare with", "What the run is compared with")
        self._buttons("Run")

    def ask(
        self,
        found: Mapping[str, object],
        *,
        collections: Sequence[str],
        scope: Sequence[str],
        models: Sequence[Mapping[str, object]],
        runs: Sequence[Mapping[str, object]],
    ) -> None:
        """Ask about a set.

        Args:
            found: The set, an untrusted document.
            collections: Which collections there are.
            scope: Those that are asked now.
            models: The registered models.
            runs: The kept runs; those of this set can be compared with.
        """
        self._path = text_of(found, "path")
        self.what.setText(f"Run {file_name(self._path)}: {count(number_of(found, 'questions'), 'question')}")
        waiting = number_of(found, "waiting")
        drafts = f" {count(waiting, 'draft')} that nobody has decided on will be asked too." if waiting else ""
        self.hint.setText(
            "Each question is searched and answered as if you asked it; the run is kept until you delete it. You can "
            f"go on asking meanwhile: the run waits for your own questions.{drafts}"
        )
        self._show_collections(self.collections, collections, scope)
        choices = configurations(models)
        self.configuration.clear()
        self.other.clear()
        self.other.addItem(_NOTHING, ("", ""))
        for words, term in choices:
            self.configuration.addItem(words, term)
            self.other.addItem(words, ("term", term))
        for run in runs:
            if text_of(run, "set") == self._path:
                words = f"The run of {moment(text_of(run, 'made_at'))}: {configuration_words(run)}"
                self.other.addItem(words, ("run", text_of(run, "run")))
        self.start.setEnabled(bool(collections))
        self.configuration.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _accept(self) -> None:
        collections, term = self.collections.currentData(), self.configuration.currentData()
        kind, other = self.other.currentData() or ("", "")
        if kind == "run":
            self.comparison_accepted.emit(self._path, term, collections, other)
        else:
            # What it is compared with is run first: it is what was there before.
            terms = [other, term] if kind == "term" and other != term else [term]
            self.accepted.emit(self._path, terms, collections)


class DraftForm(_Form):
    """Asks how many questions are drafted, about which documents, and into which file."""

    accepted = Signal(object, int, object, int)
    """The path of the new file, how many questions, the collections, and the seed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.what.setText("Draft questions from your documents")
        self.hint.setText(
            "Questions are proposed from sentences that state a figure, a date, a definition, a duty or a reason, in "
            "English and German, each with its answer and its passage. You decide on each: keep, edit or drop it. The "
            "file quotes your documents, so keep it where they may lie."
        )
        self.collections = self._choice("About the documents of", "Collections from which questions are drafted")
        self.number = WholeField(self._room, "How many questions", low=1, high=_MOST_DRAFTS)
        self.number.setValue(_DRAFTS)
        self._field("How many questions", self.number)
        said = "Selection of passages: another number gives other questions"
        self.seed = WholeField(self._room, said, low=0, high=_MOST_SEED)
        self._field("Selection (another number gives other questions)", self.seed)
        self._buttons("Choose a new file and draft …")

    def ask(self, *, collections: Sequence[str], scope: Sequence[str]) -> None:
        """Ask; the fields keep what was typed before."""
        self._show_collections(self.collections, collections, scope)
        self.start.setEnabled(bool(collections))
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _accept(self) -> None:
        """Let the user name the new file with the system's dialog."""
        dialog = QFileDialog(self, "Where the questions go")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # The engine refuses a file that is there: a person may have worked on it.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setNameFilter("Question set (*.jsonl)")
        dialog.setDefaultSuffix("jsonl")
        dialog.selectFile("questions.jsonl")
        dialog.fileSelected.connect(self.draft_into)
        dialog.open()

    @Slot(str)
    def draft_into(self, path: str) -> None:
        """Want the questions in a file."""
        self.accepted.emit(path, self.number.value(), self.collections.currentData(), self.seed.value())

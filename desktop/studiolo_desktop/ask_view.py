"""The middle room: which collections are asked, the talk, and the bar where questions are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo_desktop.empty_state import EmptyState
from studiolo_desktop.limits import Limit, Wish, all_in_words, limits_of
from studiolo_desktop.talk import Talk
from studiolo_desktop.theme import Theme
from studiolo_desktop.turn_versions import Kept
from studiolo_desktop.turn_view import TurnView
from studiolo_desktop.widgets.ask_bar import AskBar
from studiolo_desktop.widgets.scope_bar import ScopeBar

_SIDE = 28
_WIDEST = 900
_QUESTION = "question"


class AskView(QWidget):
    """Asks and shows answers; knows no engine: what is asked is said with `asked`."""

    asked = Signal(object)
    """A TurnView whose question is to be answered."""
    cleared = Signal()
    """The talk was put away: what is asked next begins a new one."""
    judged = Signal(object, str, str)
    """The TurnView of which something is said: a rating, and a correction."""
    stop_wanted = Signal(str)
    source_chosen = Signal(object, object)
    """The TurnView, and the passage to show."""
    shown = Signal(object)
    """A TurnView with an answer of the history has come into sight: its files may have changed since."""
    reading_wanted = Signal(str, str)
    """What was written for a kind of limit, or a whole question ("question"): the engine reads its filters."""
    scope_changed = Signal(object)
    folder_wanted = Signal()
    second_wanted = Signal()
    """The second button of the panel: what it does stands on it."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._editing: TurnView | None = None
        self._typed: tuple[Limit, ...] = ()
        """Filters among the words that are being written."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.scope_bar = ScopeBar(self)
        self.scope_bar.scope_changed.connect(self.scope_changed)
        self.scope_bar.limits_changed.connect(self._say_limits)
        self.scope_bar.reading_wanted.connect(self.reading_wanted)
        self.scope_bar.left.connect(self.focus_question)
        column.addWidget(self.scope_bar)
        self.stack = QStackedWidget(self)
        self.empty = EmptyState(self)
        self.empty.first_pressed.connect(self.folder_wanted)
        self.empty.second_pressed.connect(self.second_wanted)
        self.stack.addWidget(self.empty)
        self.talk = self._make_talk(theme)
        self.stack.addWidget(self.talk)
        column.addWidget(self.stack, 1)
        self._bar_frame = QWidget(self)
        self._bar_column = bar_column = QVBoxLayout(self._bar_frame)
        self.bar = AskBar(self._bar_frame)
        self.bar.asked.connect(self.ask)
        self.bar.stopped.connect(self._stop)
        self.bar.typed.connect(self._on_typed)
        self.bar.edit_left.connect(self._on_edit_left)
        bar_column.addWidget(self.bar)
        column.addWidget(self._bar_frame)
        self.scope_bar.tab_above(self.empty.first)
        self.talk.tab_above(self.bar.input)
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep talk and question bar in the middle of a wide room, no wider than an eye follows."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        side = max(_SIDE, (self.width() - _WIDEST) // 2)
        self.scope_bar.share_width(side)
        self.talk.share_width(side)
        self._bar_column.setContentsMargins(side, 4, side, 16)

    def _make_talk(self, theme: Theme) -> Talk:
        talk = Talk(self, theme)
        talk.ended.connect(self._on_ended)
        talk.judged.connect(self.judged)
        talk.source_chosen.connect(self.source_chosen)
        talk.shown.connect(self.shown)
        talk.again_wanted.connect(self._on_again)
        talk.edit_wanted.connect(self.edit)
        talk.filled.connect(self._show_talk)
        return talk

    @property
    def turns(self) -> list[TurnView]:
        """What can be read, oldest first."""
        return self.talk.turns

    @property
    def current(self) -> TurnView | None:
        """The newest question."""
        return self.talk.current

    @property
    def running(self) -> TurnView | None:
        """The question that is being answered."""
        return self.talk.running

    def asked_before(self, turn: TurnView) -> list[str]:
        """Give the answered questions above a turn, oldest first: it may follow them."""
        return self.talk.asked_before(turn)

    @property
    def scope(self) -> list[str]:
        """The collections that the next question asks."""
        return self.scope_bar.scope

    def show_collections(self, names: Sequence[str]) -> None:
        """Offer the collections as chips; what was chosen stays chosen while it exists."""
        self.scope_bar.show_collections(names)

    def choose_scope(self, names: Sequence[str]) -> None:
        """Ask these collections and no other."""
        self.scope_bar.choose_scope(names)

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        if ":" in text:
            self.reading_wanted.emit(_QUESTION, text)
        elif self._typed or self.bar.limits.text():
            self._typed = ()
            self._say_limits()

    @Slot()
    def _say_limits(self) -> None:
        limits = dict.fromkeys((*self.scope_bar.limits, *self._typed))
        self.bar.show_limits(all_in_words(limits))

    def take_reading(self, kind: str, written: str, untrusted: Mapping[str, object]) -> None:
        """Show what the engine read from what was written; of a question that is another one by now nothing."""
        limits = limits_of(untrusted)
        if kind != _QUESTION:
            self.scope_bar.take_read(kind, limits)
        elif written == self.bar.input.toPlainText():
            self._typed = limits
            self._say_limits()

    def take_no_reading(self, kind: str, written: str, error: ErrorReport) -> None:
        """Say what is wrong with a filter that was written."""
        if kind != _QUESTION:
            self.scope_bar.panel.show_problem(kind, error)
        elif written == self.bar.input.toPlainText():
            self.bar.show_limits(error.message, is_wrong=True)

    @Slot()
    def narrow(self) -> None:
        """Offer what the next question can be limited to."""
        self.scope_bar.open_panel()

    def step_back(self) -> bool:
        """Close what lies on top here: the panel, or the editing of a question; tells whether there was something."""
        if self.scope_bar.panel.isVisible():
            self.scope_bar.close_panel()
        elif self.bar.is_editing:
            self.bar.leave_edit()
        else:
            return False
        return True

    @Slot(str)
    def ask(self, question: str) -> None:
        """Begin a new question, or ask the one that is being edited in its place."""
        self.scope_bar.close_panel()
        wish = Wish(question, tuple(self.scope), self.scope_bar.limits)
        edited, self._editing = self._editing, None
        if edited is not None and edited in self.talk:
            self._begin(self.talk.begin_in_place(edited, wish))
        else:
            self._begin(self.talk.begin(wish))

    def _begin(self, turn: TurnView) -> None:
        self.bar.set_answering(answering=True)
        self.asked.emit(turn)

    @Slot(object, bool)
    def _on_again(self, turn: TurnView, in_other_words: bool) -> None:
        self.answer_again(turn, in_other_words=in_other_words)

    def answer_again(self, turn: TurnView, *, in_other_words: bool = True) -> None:
        """Have a question answered once more, where it was asked; not while another one is being answered."""
        if self.running is not None:
            self.bar.say_busy()
            return
        seed = self.talk.versions_of(turn) if in_other_words else 0
        collections = turn.wish.collections or tuple(self.scope)
        self._begin(self.talk.begin_in_place(turn, replace(turn.wish, seed=seed, collections=collections)))

    @Slot(object)
    def edit(self, turn: TurnView) -> None:
        """Put a question back into the field, with what it was limited to; asking it takes its place."""
        if self.running is not None:
            self.bar.say_busy()
            return
        self._editing = turn
        self.scope_bar.choose_scope(turn.wish.collections)
        self.scope_bar.set_limits(turn.wish.limits)
        self.bar.begin_edit(turn.question)

    @Slot()
    def _on_edit_left(self) -> None:
        self._editing = None

    def show_past(self, answer: Kept, question: str) -> None:
        """Show an answer of the history as it was given."""
        self.talk.show_past(answer, question)

    def show_conversation(self, answers: Sequence[Kept]) -> None:
        """Show a conversation in the place of the talk."""
        self._clear()
        self.stack.setCurrentIndex(1 if answers else 0)
        self.talk.show_conversation(answers)

    @Slot()
    def _show_talk(self) -> None:
        self.stack.setCurrentIndex(1)

    def _clear(self) -> None:
        self._stop()
        if self.bar.is_editing:
            self.bar.leave_edit()
        self.talk.clear()

    def begin_anew(self) -> None:
        """Put the talk away; the answers stay in the history."""
        self._clear()
        self.stack.setCurrentIndex(0)
        self.cleared.emit()
        self.focus_question()

    def show_empty(self) -> None:
        """Show the panel unless a talk is there."""
        if not self.turns:
            self.stack.setCurrentIndex(0)

    @Slot()
    def focus_question(self) -> None:
        """Bring the keyboard to the bar."""
        self.bar.input.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_enabled(self, *, enabled: bool) -> None:
        """Let questions be asked, or not."""
        self._bar_frame.setVisible(enabled)

    @Slot()
    def _stop(self) -> None:
        turn = self.running
        if turn is not None:
            turn.show_stopped()  # at once; the engine is told, and if it does not listen, it is killed
            self.stop_wanted.emit(turn.request_id)

    @Slot(object)
    def _on_ended(self, turn: TurnView) -> None:
        self.bar.set_answering(answering=self.running is not None)
        if turn.phase == "failed" and self.talk.versions_of(turn) == 1 and not self.bar.input.toPlainText():
            self.bar.set_question(turn.question)  # to be asked again without typing it again

"""The middle room: which collections are asked, the talk, and the bar where questions are written."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from studiolo.quantities import count
from studiolo_desktop.empty_state import EmptyState
from studiolo_desktop.theme import Theme
from studiolo_desktop.turn_view import TurnView, understood_as
from studiolo_desktop.widgets.ask_bar import AskBar
from studiolo_desktop.widgets.flow_layout import FlowLayout
from studiolo_desktop.widgets.labels import push_button
from studiolo_desktop.widgets.overlays import DEFAULT_COLLECTION
from studiolo_desktop.widgets.tab_order import tab_before
from studiolo_desktop.words import text_of

_SIDE = 28
_WIDEST = 900
_KEPT_TURNS = 30
_EARLIER_TURNS = 20


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
    scope_changed = Signal(object)
    folder_wanted = Signal()
    second_wanted = Signal()
    """The second button of the panel: what it does stands on it."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self.turns: list[TurnView] = []
        self.scope: list[str] = [DEFAULT_COLLECTION]
        self._chips: dict[str, QPushButton] = {}
        self._follow_end = True
        self._scrolling = False
        self._anchor: tuple[TurnView, int] | None = None
        """While earlier turns are put in above: a turn, and how far below the upper edge it stays."""
        self._earlier: list[Mapping[str, object]] = []
        """Answers of the talk before the turns that are shown, oldest first."""
        self._coming: deque[Mapping[str, object]] = deque()
        self._wanted = 0
        """How many of them are still to be shown."""
        self._build = QTimer(self)
        self._build.setSingleShot(True)
        self._build.setInterval(0)
        self._build.timeout.connect(self._build_one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._scope_bar = QWidget(self)
        self._scope_bar.setObjectName("scope")
        self._scope_bar.setAccessibleName("Collections that are asked")
        self._scope_bar.hide()
        self._flow = FlowLayout(self._scope_bar)
        column.addWidget(self._scope_bar)
        self.stack = QStackedWidget(self)
        self.empty = EmptyState(self)
        self.empty.first_pressed.connect(self.folder_wanted)
        self.empty.second_pressed.connect(self.second_wanted)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._make_talk())
        column.addWidget(self.stack, 1)
        self._bar_frame = QWidget(self)
        self._bar_column = bar_column = QVBoxLayout(self._bar_frame)
        self.bar = AskBar(self._bar_frame)
        self.bar.asked.connect(self.ask)
        self.bar.stopped.connect(self._stop)
        bar_column.addWidget(self.bar)
        column.addWidget(self._bar_frame)
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep talk and question bar in the middle of a wide room, no wider than an eye follows."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        side = max(_SIDE, (self.width() - _WIDEST) // 2)
        self._flow.setContentsMargins(side, 11, side, 11)
        self._talk.setContentsMargins(side, 20, side, 12)
        self._bar_column.setContentsMargins(side, 4, side, 16)

    def _make_talk(self) -> QScrollArea:
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("talkScroll")
        self._scroll.setAccessibleName("Questions and answers")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        talk = QWidget(self._scroll)
        talk.setObjectName("talk")
        self._talk = QVBoxLayout(talk)
        self._talk.setSpacing(24)
        self._before = push_button(talk, "", kind="quiet")
        self._before.clicked.connect(self._show_earlier)
        self._before.hide()
        self._talk.addWidget(self._before, 0, Qt.AlignmentFlag.AlignHCenter)
        self._talk.addStretch(1)
        self._inside = talk
        self._scroll.setWidget(talk)
        bar = self._scroll.verticalScrollBar()
        bar.rangeChanged.connect(self._keep_end)
        bar.valueChanged.connect(self._note_end)
        return self._scroll

    @property
    def current(self) -> TurnView | None:
        """The newest question."""
        return self.turns[-1] if self.turns else None

    @property
    def running(self) -> TurnView | None:
        """The question that is being answered; past answers may have been opened below it."""
        return next((turn for turn in self.turns if turn.running), None)

    def asked_before(self, turn: TurnView) -> list[str]:
        """Give the answered questions above a turn, oldest first: it may follow them."""
        return [t.asked for t in self.turns[: self.turns.index(turn)] if t.phase in ("done", "refused")]

    def show_collections(self, names: Sequence[str]) -> None:
        """Offer the collections as chips; what was chosen stays chosen while it exists."""
        if list(self._chips) != list(names):
            for chip in self._chips.values():
                self._flow.removeWidget(chip)
                chip.deleteLater()
            self._chips = {}
            for name in names:
                chip = push_button(self._scope_bar, name, kind="chip", name=f"Ask collection {name}")
                chip.setCheckable(True)
                chip.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
                chip.clicked.connect(self._take_chips)
                self._flow.addWidget(chip)
                chip.show()
                self._chips[name] = chip
            tab_before(self.empty.first, list(self._chips.values()))
        kept = [name for name in self.scope if name in self._chips]
        fallback = DEFAULT_COLLECTION if DEFAULT_COLLECTION in self._chips or not names else names[0]
        self._set_scope(kept or [fallback])
        self._scope_bar.setVisible(bool(names))

    def choose_scope(self, names: Sequence[str]) -> None:
        """Ask these collections and no other."""
        self._set_scope([n for n in names if n in self._chips] or self.scope)

    def _set_scope(self, names: list[str]) -> None:
        changed = names != self.scope
        self.scope = names
        for name, chip in self._chips.items():
            chip.setChecked(name in names)
        if changed:
            self.scope_changed.emit(names)

    @Slot()
    def _take_chips(self) -> None:
        chosen = [name for name, chip in self._chips.items() if chip.isChecked()]
        self._set_scope(chosen or self.scope)  # one collection at least is always asked

    @Slot(str)
    def ask(self, question: str) -> None:
        """Begin a new question."""
        while self._coming:  # it goes below them
            self._build_one()
        turn = self._add_turn(question)
        self.bar.set_answering(answering=True)
        self.asked.emit(turn)

    def show_past(self, answer: Mapping[str, object], question: str) -> None:
        """Show an answer of the history as it was given."""
        turn = self._add_turn(question)
        if len(self.turns) == 1 and not self._earlier and understood_as(answer):
            turn.asked = text_of(answer, "searched_for")  # the talk that it followed is not here
        turn.show_result(answer)

    def show_conversation(self, answers: Sequence[Mapping[str, object]]) -> None:
        """Show a conversation in the place of the talk; a turn comes at a time, so that the window stays awake."""
        self._clear()
        self._earlier = list(answers[:-_KEPT_TURNS])
        self._coming = deque(answers[-_KEPT_TURNS:])
        self._show_before()
        self.stack.setCurrentIndex(1 if answers else 0)
        self._build_one()

    @Slot()
    def _build_one(self) -> None:
        if self._coming:
            answer = self._coming.popleft()
            self.show_past(answer, text_of(answer, "question"))
        elif self._wanted:
            self._wanted -= 1
            answer = self._earlier.pop()
            self._make_turn(text_of(answer, "question"), at=0).show_result(answer)
        if self._coming or self._wanted:
            self._build.start()
        else:
            self._show_before()

    @Slot()
    def _show_earlier(self) -> None:
        """Put the turns before those that are shown above them; what is read stays where it is."""
        first = self.turns[0]
        self._anchor = first, first.y() - self._scroll.verticalScrollBar().value()
        self._follow_end = False
        self._wanted = min(_EARLIER_TURNS, len(self._earlier))
        self._before.hide()
        self._build_one()

    def _show_before(self) -> None:
        self._before.setText(f"Show {count(min(_EARLIER_TURNS, len(self._earlier)), 'earlier question')}")
        self._before.setAccessibleName(self._before.text())
        self._before.setVisible(bool(self._earlier))

    def _add_turn(self, question: str) -> TurnView:
        turn = self._make_turn(question, at=len(self.turns))
        self._wanted = 0
        while len(self.turns) > _KEPT_TURNS:
            oldest = next(t for t in self.turns if not t.running)  # at most one runs
            self.turns.remove(oldest)
            if oldest.result:
                self._earlier.append(oldest.result)
            oldest.deleteLater()
        self._show_before()
        self._anchor = None
        self._follow_end = True
        self.stack.setCurrentIndex(1)
        return turn

    def _make_turn(self, question: str, *, at: int) -> TurnView:
        turn = TurnView(self._inside, self._theme, question)
        turn.source_chosen.connect(self._on_source)
        turn.ended.connect(self._on_ended)
        turn.judged.connect(self._on_judged)
        after = self.turns[at] if at < len(self.turns) else None
        below = (*after.cards, *after.keyboard_parts())[0] if after is not None else self.bar.input
        self.turns.insert(at, turn)
        self._talk.insertWidget(at + 1, turn)  # behind the button for earlier ones
        tab_before(below, turn.keyboard_parts())
        turn.show()
        return turn

    def begin_anew(self) -> None:
        """Put the talk away; the answers stay in the history."""
        self._clear()
        self.stack.setCurrentIndex(0)
        self.cleared.emit()
        self.focus_question()

    def _clear(self) -> None:
        self._stop()
        self._anchor = None
        self._wanted = 0
        self._coming.clear()
        self._earlier = []
        self._show_before()
        for turn in self.turns:
            self._talk.removeWidget(turn)
            turn.hide()
            turn.deleteLater()
        self.turns = []

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

    @Slot()
    def _on_ended(self) -> None:
        turn = self.sender()
        self.bar.set_answering(answering=self.running is not None)
        if isinstance(turn, TurnView) and turn.phase == "failed" and not self.bar.input.toPlainText():
            self.bar.set_question(turn.question)  # to be asked again without typing it again

    @Slot(str, str)
    def _on_judged(self, rating: str, correction: str) -> None:
        self.judged.emit(self.sender(), rating, correction)

    @Slot(object)
    def _on_source(self, passage: object) -> None:
        turn = self.sender()
        for other in self.turns:
            if other is not turn and other.selected:
                other.mark_chosen(0)
        self.source_chosen.emit(turn, passage)

    @Slot(int, int)
    def _keep_end(self, low: int, high: int) -> None:
        if self._follow_end:
            QTimer.singleShot(0, self, self._to_end)
        elif self._anchor is not None:
            QTimer.singleShot(0, self, self._to_anchor)

    @Slot()
    def _to_anchor(self) -> None:
        if self._anchor is not None:
            turn, below = self._anchor
            self._scrolling = True
            self._scroll.verticalScrollBar().setValue(turn.y() - below)
            self._scrolling = False

    @Slot()
    def _to_end(self) -> None:
        bar = self._scroll.verticalScrollBar()
        turn = self.current
        # Follow the stream, but never push the question itself out of sight.
        top = turn.y() - 12 if turn is not None else bar.maximum()
        self._scrolling = True
        bar.setValue(min(bar.maximum(), max(0, top)))
        self._scrolling = False

    @Slot(int)
    def _note_end(self, value: int) -> None:
        if not self._scrolling:
            self._anchor = None  # a hand has moved it
            self._follow_end = value >= self._scroll.verticalScrollBar().maximum() - 4

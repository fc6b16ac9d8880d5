"""The talk: one turn after the other, the newest in sight; earlier ones and other answers are a click away."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from studiolo.quantities import count
from studiolo_desktop.answer_copy import understood_as
from studiolo_desktop.limits import Wish, wish_of
from studiolo_desktop.theme import Theme
from studiolo_desktop.turn_versions import Kept, Versions, grouped_by_place
from studiolo_desktop.turn_view import TurnView
from studiolo_desktop.widgets.labels import push_button
from studiolo_desktop.widgets.tab_order import tab_before
from studiolo_desktop.words import text_of

_KEPT_TURNS = 30
_EARLIER_TURNS = 20


class Talk(QScrollArea):
    """Holds the turns; follows the newest, unless a hand has moved it."""

    ended = Signal(object)
    """A TurnView whose answer has come to its end."""
    judged = Signal(object, str, str)
    source_chosen = Signal(object, object)
    shown = Signal(object)
    """A TurnView with an answer of the history has come into sight."""
    again_wanted = Signal(object, bool)
    """A TurnView whose question is to be answered again; whether in other words."""
    edit_wanted = Signal(object)
    filled = Signal()
    """There is something to read."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self.turns: list[TurnView] = []
        """What can be seen, oldest first; of several answers in one place the one that is shown."""
        self._versions: dict[TurnView, Versions] = {}
        """What else stands in the place of each turn that there is, shown or not."""
        self._below: QWidget | None = None
        self._follow_end = True
        self._scrolling = False
        self._anchor: tuple[TurnView, int] | None = None
        """While earlier turns are put in above: a turn, and how far below the upper edge it stays."""
        self._earlier: list[list[Kept]] = []
        """Answers of the talk before the turns that are shown, oldest first; those of one place together."""
        self._coming: deque[list[Kept]] = deque()
        self._wanted = 0
        """How many of them are still to be shown."""
        self._build = QTimer(self)
        self._build.setSingleShot(True)
        self._build.setInterval(0)
        self._build.timeout.connect(self._build_one)
        self._fill()

    def _fill(self) -> None:
        self.setObjectName("talkScroll")
        self.setAccessibleName("Questions and answers")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        talk = QWidget(self)
        talk.setObjectName("talk")
        self._column = QVBoxLayout(talk)
        self._column.setSpacing(24)
        self._before = push_button(talk, "", kind="quiet")
        self._before.clicked.connect(self._show_earlier)
        self._before.hide()
        self._column.addWidget(self._before, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        self._inside = talk
        self.setWidget(talk)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._keep_end)
        bar.valueChanged.connect(self._note_end)

    def share_width(self, side: int) -> None:
        """Keep `side` pixels free on the left and on the right."""
        self._column.setContentsMargins(side, 20, side, 12)

    def tab_above(self, below: QWidget) -> None:
        """Let Tab reach all turns before `below`."""
        self._below = below

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

    def begin(self, wish: Wish) -> TurnView:
        """Put a question at the end, to be answered."""
        while self._coming:  # it goes below them
            self._build_one()
        return self._add_turn(wish)

    def begin_in_place(self, turn: TurnView, wish: Wish) -> TurnView:
        """Put a question where another answer stands, to be answered; that one stays a click away."""
        versions = self._versions[turn]
        shown = next(t for t in self.turns if self._versions[t] is versions)
        made = self._new_turn(replace(wish, instead_of=versions.entry()))
        made.compare_with(shown.result)
        versions.add(made)
        self._versions[made] = versions
        self._swap(shown, made)
        versions.show_places()
        return made

    def __contains__(self, turn: TurnView) -> bool:
        """Tell whether a turn is in the talk, shown or not."""
        return turn in self._versions

    def versions_of(self, turn: TurnView) -> int:
        """Count the answers in the place of a turn."""
        return len(self._versions[turn])

    @Slot(bool)
    def _on_again(self, in_other_words: bool) -> None:
        self.again_wanted.emit(self.sender(), in_other_words)

    @Slot()
    def _on_edit(self) -> None:
        self.edit_wanted.emit(self.sender())

    @Slot(int)
    def _on_version(self, by: int) -> None:
        turn = self.sender()
        if not isinstance(turn, TurnView):
            return
        other = self._versions[turn].beside(turn, by, self._make_past)
        if other is None:
            return
        self._versions[other] = self._versions[turn]
        self._swap(turn, other)
        self._versions[other].show_places()
        other.head.focus_step(by)
        self.shown.emit(other)

    def _make_past(self, answer: Kept) -> TurnView:
        turn = self._new_turn(wish_of(answer))
        turn.show_result(answer)
        return turn

    def show_past(self, answer: Kept, question: str, before: Sequence[Kept] = ()) -> None:
        """Show an answer of the history as it was given, in whose place there were others before."""
        turn = self._add_turn(replace(wish_of(answer), question=question), before)
        if len(self.turns) == 1 and not self._earlier and understood_as(answer):
            turn.asked = text_of(answer, "searched_for")  # the talk that it followed is not here
        turn.show_result(answer)
        self.shown.emit(turn)

    def show_conversation(self, answers: Sequence[Kept]) -> None:
        """Show a conversation in the place of the talk; a turn comes at a time, so that the window stays awake."""
        self.clear()
        places = grouped_by_place(answers)
        self._earlier = places[:-_KEPT_TURNS]
        self._coming = deque(places[-_KEPT_TURNS:])
        self._show_before()
        self._build_one()

    @Slot()
    def _build_one(self) -> None:
        if self._coming:
            *before, answer = self._coming.popleft()
            self.show_past(answer, text_of(answer, "question"), before)
        elif self._wanted:
            self._wanted -= 1
            *before, answer = self._earlier.pop()
            turn = self._make_turn(wish_of(answer), before, at=0)
            turn.show_result(answer)
            self.shown.emit(turn)
        if self._coming or self._wanted:
            self._build.start()
        else:
            self._show_before()

    @Slot()
    def _show_earlier(self) -> None:
        """Put the turns before those that are shown above them; what is read stays where it is."""
        first = self.turns[0]
        self._anchor = first, first.y() - self.verticalScrollBar().value()
        self._follow_end = False
        self._wanted = min(_EARLIER_TURNS, len(self._earlier))
        self._before.hide()
        self._build_one()

    def _show_before(self) -> None:
        self._before.setText(f"Show {count(min(_EARLIER_TURNS, len(self._earlier)), 'earlier question')}")
        self._before.setAccessibleName(self._before.text())
        self._before.setVisible(bool(self._earlier))

    def _add_turn(self, wish: Wish, before: Sequence[Kept] = ()) -> TurnView:
        turn = self._make_turn(wish, before, at=len(self.turns))
        self._wanted = 0
        while len(self.turns) > _KEPT_TURNS:
            oldest = next(t for t in self.turns if not t.running)  # at most one runs
            self.turns.remove(oldest)
            if kept := self._versions[oldest].kept():
                self._earlier.append(kept)
            self._forget(oldest)
        self._show_before()
        self._anchor = None
        self._follow_end = True
        self.filled.emit()
        return turn

    def _make_turn(self, wish: Wish, before: Sequence[Kept], *, at: int) -> TurnView:
        turn = self._new_turn(wish)
        self._versions[turn] = Versions(turn, before)
        self._put_in(turn, at)
        self._versions[turn].show_places()
        return turn

    def _new_turn(self, wish: Wish) -> TurnView:
        turn = TurnView(self._inside, self._theme, wish)
        turn.source_chosen.connect(self._on_source)
        turn.ended.connect(self._on_ended)
        turn.judged.connect(self._on_judged)
        turn.again_wanted.connect(self._on_again)
        turn.edit_wanted.connect(self._on_edit)
        turn.version_wanted.connect(self._on_version)
        return turn

    def _put_in(self, turn: TurnView, at: int) -> None:
        below = self.turns[at].first_part() if at < len(self.turns) else self._below
        self.turns.insert(at, turn)
        self._column.insertWidget(at + 1, turn)  # behind the button for earlier ones
        if below is not None:
            tab_before(below, turn.all_parts())
        turn.show()

    def _swap(self, turn: TurnView, other: TurnView) -> None:
        """Show another answer in the place of one."""
        at = self.turns.index(turn)
        turn.mark_chosen(0)
        self.turns.remove(turn)
        self._column.removeWidget(turn)
        turn.hide()
        self._put_in(other, at)
        self._follow_end = other.running and other is self.turns[-1]

    def _forget(self, turn: TurnView) -> None:
        """Delete all that stands in a turn's place."""
        for version in self._versions[turn].turns():
            self._versions.pop(version, None)
            self._column.removeWidget(version)
            version.hide()
            version.deleteLater()

    def clear(self) -> None:
        """Take everything away."""
        self._anchor = None
        self._wanted = 0
        self._coming.clear()
        self._earlier = []
        self._show_before()
        for turn in self.turns:
            self._forget(turn)
        self.turns = []

    @Slot()
    def _on_ended(self) -> None:
        turn = self.sender()
        if isinstance(turn, TurnView) and turn in self._versions:
            self._versions[turn].show_places()
            self.ended.emit(turn)

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
            self.verticalScrollBar().setValue(turn.y() - below)
            self._scrolling = False

    @Slot()
    def _to_end(self) -> None:
        bar = self.verticalScrollBar()
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
            self._follow_end = value >= self.verticalScrollBar().maximum() - 4

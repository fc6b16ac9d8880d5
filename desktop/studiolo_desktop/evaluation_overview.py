"""The question sets and the kept runs: what can be run, opened, compared and deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from studiolo.quantities import count
from studiolo_desktop.empty_state import section_label
from studiolo_desktop.measure_words import configuration_words, standing_words
from studiolo_desktop.widgets.action_row import ActionRow
from studiolo_desktop.widgets.flow_layout import FlowLayout
from studiolo_desktop.widgets.labels import WrapLabel, push_button
from studiolo_desktop.widgets.scroll_column import ScrollColumn
from studiolo_desktop.words import document_of, error_of, file_name, moment, number_of, one_line, rows_of, text_of

_MOST_LINES = 10
_AT_ONCE = 10
"""Runs that are shown before more are asked for: a row takes two milliseconds."""
_NO_SETS = (
    "No question set yet. A question set is a file of your own questions, one a line, with what you expect: the "
    "answer, the file, the page. It shows how well your documents are found and answered, before and after a change."
)
_NO_RUNS = "No run yet. A run of a question set is kept here, with its answers, until you delete it."


class EvaluationOverview(ScrollColumn):
    """Lists sets and runs (untrusted documents); what is wanted of one is said with its path or its id."""

    file_wanted = Signal()
    draft_wanted = Signal()
    run_wanted = Signal(object)
    """The set that is to be run, a document."""
    review_wanted = Signal(object)
    """The path of a set whose drafts are to be decided on; as an object, since Qt loses what is no Unicode in it."""
    forget_wanted = Signal(object)
    checked_again = Signal()
    opened = Signal(str)
    deleted = Signal(str)
    compare_wanted = Signal(str, str)
    """The run before, and the run after."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Question sets and runs")
        self._sets: list[Mapping[str, object]] | None = None
        self._runs: list[Mapping[str, object]] | None = None
        self._busy = False
        self._shown = _AT_ONCE
        self._ticks: dict[str, QCheckBox] = {}
        self._deleting = ""
        self._keep_button: QPushButton | None = None
        self.compare: QPushButton | None = None
        """What compares the runs that are ticked; None while there is no run."""
        self._build()

    def show_sets(self, sets: Sequence[Mapping[str, object]]) -> None:
        """List other sets."""
        if self._sets != list(sets):
            self._sets = list(sets)
            self._build()

    def show_runs(self, runs: Sequence[Mapping[str, object]]) -> None:
        """List other runs; what was ticked stays ticked while it is there."""
        if self._runs != list(runs):
            self._runs = list(runs)
            self._build()

    def show_busy(self, *, busy: bool) -> None:
        """Let a set be run, or not while another is."""
        if busy != self._busy:
            self._busy = busy
            self._build()

    def _build(self) -> None:
        ticked = [run for run, tick in self._ticks.items() if tick.isChecked()]
        at = self.verticalScrollBar().value()
        focused = self._focused()
        self.clear()
        self._ticks = {}
        self.compare = None
        self.add(section_label(self.inside, "Question sets"))
        if self._sets is None:
            self.add(WrapLabel(self.inside, "Looking for your question sets …", tone="muted"))
        elif not self._sets:
            self.add(WrapLabel(self.inside, _NO_SETS, tone="muted"))
        for found in self._sets or ():
            self.add(self._set_row(found))
        self.add(self._set_buttons())
        self.add(section_label(self.inside, "Runs"))
        if self._runs is None:
            self.add(WrapLabel(self.inside, "Looking for your runs …", tone="muted"))
        elif not self._runs:
            self.add(WrapLabel(self.inside, _NO_RUNS, tone="muted"))
        else:
            self.add(self._compare_row())
        for run in (self._runs or ())[: self._shown]:
            self.add(self._run_row(run))
        self._add_more(len(self._runs or ()) - self._shown)
        for run_id in ticked:
            if run_id in self._ticks:
                self._ticks[run_id].setChecked(True)
        self._show_ticked()
        self.order_tabs()
        self.verticalScrollBar().setValue(at)
        self._focus_again(focused)

    def _focused(self) -> str:
        focused = self.focusWidget()
        return focused.accessibleName() if focused is not None and focused.hasFocus() else ""

    def _focus_again(self, name: str) -> None:
        for part in self.inside.findChildren(QWidget) if name else ():
            if part.accessibleName() == name and not part.isHidden():
                part.setFocus()

    def _set_row(self, found: Mapping[str, object]) -> ActionRow:
        row = ActionRow(self.inside)
        path, name = text_of(found, "path"), file_name(text_of(found, "path"))
        error, problems = document_of(found, "error"), number_of(found, "problems")
        row.say(name, tone="strong")
        if error:
            told = error_of(error)
            row.say(f"{told.message} {told.hint}", tone="weak")
        else:
            row.say(" · ".join(_set_words(found)))
        row.say(one_line(path))
        if problems:
            row.say(_problem_words(found), tone="weak")
        if problems or error:
            row.button("Check again", name=f"Check {name} again", key=path).clicked.connect(self.checked_again)
        elif number_of(found, "questions"):
            run = row.button("Run …", name=f"Run {name}", key=path, kind="primary")
            run.clicked.connect(self._run)
            run.setEnabled(not self._busy)
        if number_of(found, "waiting") and not problems:
            review = row.button("Decide on drafts", name=f"Decide on the drafts of {name}", key=path)
            review.clicked.connect(self._review)
        forget = row.button("Take off the list", name=f"Take {name} off the list", key=path, kind="quiet")
        forget.clicked.connect(self._forget)
        return row

    def _set_buttons(self) -> QWidget:
        room = QWidget(self.inside)
        row = FlowLayout(room)
        row.setContentsMargins(0, 4, 0, 4)
        choose = push_button(room, "Choose a file …", name="Choose a file of questions", icon="files")
        choose.clicked.connect(self.file_wanted)
        draft = push_button(room, "Draft questions …", name="Draft questions from your documents", icon="new")
        draft.clicked.connect(self.draft_wanted)
        draft.setEnabled(not self._busy)
        for button in (choose, draft):
            row.addWidget(button)
        return room

    def _compare_row(self) -> QWidget:
        room = QWidget(self.inside)
        row = QHBoxLayout(room)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(WrapLabel(room, "Tick two runs of a set to compare them.", tone="muted"), 1)
        self.compare = push_button(room, "Compare the two", name="Compare the two runs that are ticked")
        self.compare.clicked.connect(self._compare)
        row.addWidget(self.compare)
        return room

    def _run_row(self, run: Mapping[str, object]) -> ActionRow:
        row = ActionRow(self.inside)
        run_id, when = text_of(run, "run"), moment(text_of(run, "made_at"))
        name = f"{file_name(text_of(run, 'set'))}, {when}"
        row.say(f"{standing_words(run)}{_stopped_words(run)}", tone="strong")
        row.say(name)
        row.say(configuration_words(run))
        tick = QCheckBox("Compare", row)
        tick.setAccessibleName(f"Compare the run of {name}: {standing_words(run)}")
        tick.toggled.connect(self._show_ticked)
        self._ticks[run_id] = tick
        row.act(tick)
        if self._deleting == run_id:
            row.say("Delete this run with its answers? Your question set stays.", tone="weak")
            self._keep_button = row.button("Keep", name=f"Keep the run of {name}", key=run_id)
            self._keep_button.clicked.connect(self._keep)
            row.button("Delete", name=f"Delete the run of {name} now", key=run_id).clicked.connect(self._delete)
        else:
            row.button("Open", name=f"Open the run of {name}", key=run_id).clicked.connect(self._open)
            ask = row.button("Delete …", name=f"Delete the run of {name}", key=run_id, kind="quiet")
            ask.clicked.connect(self._ask_delete)
        return row

    def _add_more(self, left: int) -> None:
        if left > 0:
            text = f"Show {count(min(left, _AT_ONCE), 'more run')} of {left:,}"
            more = push_button(self.inside, text, kind="quiet")
            more.clicked.connect(self._show_more)
            self.add(more)

    @Slot()
    def _show_more(self) -> None:
        self._shown += _AT_ONCE
        self._build()

    def _key(self) -> str:
        return str(self.sender().property("key"))

    @Slot()
    def _show_ticked(self) -> None:
        if self.compare is not None:
            self.compare.setEnabled(len(self._ticked()) == 2)

    def _ticked(self) -> list[str]:
        return [run for run, tick in self._ticks.items() if tick.isChecked()]

    @Slot()
    def _compare(self) -> None:
        newer, older = self._ticked()  # the newest is listed first
        self.compare_wanted.emit(older, newer)

    @Slot()
    def _run(self) -> None:
        found = next((s for s in self._sets or () if text_of(s, "path") == self._key()), None)
        if found is not None:
            self.run_wanted.emit(found)

    @Slot()
    def _review(self) -> None:
        self.review_wanted.emit(self._key())

    @Slot()
    def _forget(self) -> None:
        self.forget_wanted.emit(self._key())

    @Slot()
    def _open(self) -> None:
        self.opened.emit(self._key())

    @Slot()
    def _ask_delete(self) -> None:
        self._deleting = self._key()
        self._build()
        if self._keep_button is not None:
            self._keep_button.setFocus()

    @Slot()
    def _keep(self) -> None:
        self._deleting = ""
        self._build()

    @Slot()
    def _delete(self) -> None:
        self._deleting = ""
        self.deleted.emit(self._key())


def _set_words(found: Mapping[str, object]) -> list[str]:
    words = [count(number_of(found, "questions"), "question")]
    if unanswerable := number_of(found, "unanswerable"):
        words.append(f"{unanswerable:,} of them unanswerable")
    if waiting := number_of(found, "waiting"):
        words.append(f"{count(waiting, 'draft')} to decide on")
    return words


def _problem_words(found: Mapping[str, object]) -> str:
    problems, lines = number_of(found, "problems"), rows_of(found, "lines")[:_MOST_LINES]
    told = "; ".join(f"line {number_of(p, 'line'):,}: {one_line(text_of(p, 'reason'), limit=120)}" for p in lines)
    more = f"; and {problems - len(lines):,} more" if problems > len(lines) else ""
    return f"It can be run when these lines are mended: {told}{more}."


def _stopped_words(run: Mapping[str, object]) -> str:
    return f", stopped before the last {number_of(run, 'not_run'):,}" if run.get("complete") is False else ""

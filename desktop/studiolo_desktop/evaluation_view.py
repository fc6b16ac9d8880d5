"""The page Evaluation: sets and runs, and what is opened from them, one thing at a time."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studiolo.errors import ErrorReport
from studiolo.messages import Progress
from studiolo.quantities import count, duration
from studiolo_desktop.comparison_view import ComparisonView
from studiolo_desktop.draft_review import DraftReview
from studiolo_desktop.evaluation_forms import DraftForm, RunForm
from studiolo_desktop.evaluation_overview import EvaluationOverview
from studiolo_desktop.plot_library import PlotLibrary
from studiolo_desktop.run_view import RunView
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.labels import PlainLabel, WrapLabel, push_button

P = TypeVar("P", bound=QWidget)

_LEAST_FOR_A_GUESS_S = 3.0


class WorkStrip(QFrame):
    """Says how far a run or a drafting is; stops it."""

    stopped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self._what = ""
        self._began = 0.0
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(6)
        row = QHBoxLayout()
        self.words = WrapLabel(self, "")
        row.addWidget(self.words, 1)
        self.stop = push_button(self, "Stop", name="Stop the run", icon="stop")
        self.stop.clicked.connect(self._stop)
        row.addWidget(self.stop)
        column.addLayout(row)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName("Progress of the run")
        column.addWidget(self.bar)
        self.hide()

    def begin(self, what: str) -> None:
        """Show that something begins."""
        self._what, self._began = what, time.monotonic()
        self.words.setText(f"{what}: loading …")
        self.bar.setRange(0, 0)
        self.stop.setEnabled(True)
        self.show()

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is, and how long the rest takes."""
        done, total = progress.files_done, progress.files_total
        if not self.stop.isEnabled() or self.isHidden() or total <= 0:
            return
        self.bar.setRange(0, total)
        self.bar.setValue(min(done, total))
        took = time.monotonic() - self._began
        known = 0 < done < total and took > _LEAST_FOR_A_GUESS_S
        left = f", {duration(took / done * (total - done))} left" if known else ""
        if done >= total and progress.phase == "evaluate":
            self.words.setText(f"{self._what}: looking why questions failed …")
        else:
            self.words.setText(f"{self._what}: {done:,} of {count(total, 'question')}{left}")

    def end(self) -> None:
        """Show that nothing is being worked on."""
        self.hide()

    @Slot()
    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.words.setText(f"{self._what}: stopping after this question …")
        self.stopped.emit()


class EvaluationView(QWidget):
    """Knows no engine: what is wanted is said, what comes back is shown.

    The pages but the first are made when they are wanted, so that the window stands on the screen as soon as without.
    """

    closed = Signal()
    file_given = Signal(object)
    """The path of a file of questions; as an object, since Qt's own strings lose what is no Unicode in it."""
    work_stopped = Signal()
    form_wanted = Signal(object)
    """A set that is to be run, a document."""
    draft_form_wanted = Signal()
    drafts_wanted = Signal(object, int, object, int)
    run_wanted = Signal(object, object, object)
    comparing_run_wanted = Signal(object, str, object, str)
    decided = Signal(object, str, str, str, str)
    question_wanted = Signal(str, object)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._made: dict[str, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 18, 28, 16)
        column.setSpacing(10)
        column.addLayout(self._make_head())
        self.work = WorkStrip(self)
        self.work.stopped.connect(self.work_stopped)
        column.addWidget(self.work)
        self.error = WrapLabel(self, "", tone="weak")
        self.error.hide()
        column.addWidget(self.error)
        self.stack = QStackedWidget(self)
        self.overview = EvaluationOverview(self.stack)
        self.overview.file_wanted.connect(self.choose_file)
        self.overview.draft_wanted.connect(self.draft_form_wanted)
        self.overview.run_wanted.connect(self.form_wanted)
        self.stack.addWidget(self.overview)
        column.addWidget(self.stack, 1)
        self._show_head()

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.addWidget(PlainLabel(self, "Evaluation", tone="title"))
        head.addStretch(1)
        self.all = push_button(self, "Sets and runs", name="Back to the sets and runs (Esc)", icon="before")
        self.all.clicked.connect(self.show_overview)
        head.addWidget(self.all)
        self.back = push_button(self, "Back", name="Back to the answers (Esc)", icon="back")
        self.back.clicked.connect(self.closed)
        head.addWidget(self.back)
        return head

    @property
    def run_form(self) -> RunForm:
        """What is asked before a set is run."""
        made = self._made.get("run_form")
        if not isinstance(made, RunForm):
            made = self._keep("run_form", RunForm(self.stack))
            made.accepted.connect(self.run_wanted)
            made.comparison_accepted.connect(self.comparing_run_wanted)
            made.cancelled.connect(self.show_overview)
        return made

    @property
    def draft_form(self) -> DraftForm:
        """What is asked before questions are drafted."""
        made = self._made.get("draft_form")
        if not isinstance(made, DraftForm):
            made = self._keep("draft_form", DraftForm(self.stack))
            made.accepted.connect(self.drafts_wanted)
            made.cancelled.connect(self.show_overview)
        return made

    @property
    def review(self) -> DraftReview:
        """Drafts to decide on."""
        made = self._made.get("review")
        if not isinstance(made, DraftReview):
            made = self._keep("review", DraftReview(self.stack, self._theme))
            made.decided.connect(self.decided)
        return made

    @property
    def run(self) -> RunView:
        """One run."""
        made = self._made.get("run")
        if not isinstance(made, RunView):
            made = self._keep("run", RunView(self.stack, self._theme))
            made.question_wanted.connect(self.question_wanted)
        return made

    @property
    def comparison(self) -> ComparisonView:
        """Two runs compared."""
        made = self._made.get("comparison")
        if not isinstance(made, ComparisonView):
            made = self._keep("comparison", ComparisonView(self.stack, self._theme, PlotLibrary(self)))
            made.question_wanted.connect(self.question_wanted)
        return made

    def _keep(self, name: str, page: P) -> P:
        self._made[name] = page
        self.stack.addWidget(page)
        return page

    @Slot()
    def show_overview(self) -> None:
        """Show the sets and the runs."""
        self._show(self.overview)
        self.all.clearFocus()
        self.overview.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_run_form(
        self,
        found: Mapping[str, object],
        *,
        collections: Sequence[str],
        scope: Sequence[str],
        models: Sequence[Mapping[str, object]],
        runs: Sequence[Mapping[str, object]],
    ) -> None:
        """Ask how a set is to be run; the arguments are those of `RunForm.ask`."""
        self._show(self.run_form)
        self.run_form.ask(found, collections=collections, scope=scope, models=models, runs=runs)

    def show_draft_form(self, *, collections: Sequence[str], scope: Sequence[str]) -> None:
        """Ask how questions are to be drafted."""
        self._show(self.draft_form)
        self.draft_form.ask(collections=collections, scope=scope)

    def show_review(self, found: Mapping[str, object]) -> None:
        """Show the drafts of a set."""
        self._show(self.review)
        self.review.show_set(found)

    def show_loading(self, what: str) -> None:
        """Show that a "run", or a "comparison", is on its way."""
        page = self.run if what == "run" else self.comparison
        self._show(page)
        page.show_loading()

    def show_run(self, run: Mapping[str, object]) -> None:
        """Show a run."""
        self._show(self.run)
        self.run.show_run(run)

    def show_comparison(self, comparison: Mapping[str, object]) -> None:
        """Show how two runs differ."""
        self._show(self.comparison)
        self.comparison.show_comparison(comparison)

    def show_error(self, error: ErrorReport | None) -> None:
        """Say what went wrong, or nothing any more."""
        self.error.setText(f"{error.message} {error.hint} ({error.code})" if error is not None else "")
        self.error.setVisible(error is not None)

    def begin_work(self, what: str) -> None:
        """Show that a run or a drafting has begun; no other one can be begun meanwhile."""
        self.work.begin(what)
        self.overview.show_busy(busy=True)

    def end_work(self) -> None:
        """Show that it has ended."""
        self.work.end()
        self.overview.show_busy(busy=False)

    def step_back(self) -> bool:
        """Go back from what was opened; tells whether anything was."""
        if self.stack.currentWidget() is self.overview:
            return False
        self.show_overview()
        return True

    def _show(self, page: QWidget) -> None:
        self.show_error(None)
        self.stack.setCurrentWidget(page)
        self._show_head()

    def _show_head(self) -> None:
        self.all.setVisible(self.stack.currentWidget() is not self.overview)

    @Slot()
    def choose_file(self) -> None:
        """Let the user choose a file of questions with the system's dialog."""
        dialog = QFileDialog(self, "Choose a file of questions")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["Question sets (*.jsonl)", "All files (*)"])
        dialog.fileSelected.connect(self._give_file)
        dialog.open()

    @Slot(str)
    def _give_file(self, path: str) -> None:
        self.file_given.emit(path)

"""Joins the page Evaluation and the engine: sets and runs are listed, run, compared; drafts made and decided on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from studiolo import messages
from studiolo.errors import ErrorReport
from studiolo_desktop.engine_client import EngineClient, Exchange
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.measure_words import standing_words
from studiolo_desktop.words import file_name, number_of, rows_of, text_of


class EvaluationSession(QObject):
    """Part of the session; one run, or one drafting, is in hand at a time.

    Args:
        window: The window.
        client: The engine.
    """

    ended = Signal(str)
    """A run has ended, in numbers alone."""

    def __init__(self, window: MainWindow, client: EngineClient) -> None:
        super().__init__(window)
        self._window = window
        self._client = client
        self._models: list[dict[str, object]] = []
        self._runs: list[dict[str, object]] = []
        self._working = ""
        """The id of the request that is worked on; empty for none."""
        self._waiting: list[messages.Evaluate] = []
        """Runs that follow the one in hand."""
        self._compared: list[str] = []
        """The runs that are compared at the end; one alone is opened."""
        page = window.evaluation
        page.file_given.connect(self._add)
        page.work_stopped.connect(self._stop)
        page.form_wanted.connect(self._ask_run)
        page.draft_form_wanted.connect(self.ask_drafts)
        page.drafts_wanted.connect(self._draft)
        page.run_wanted.connect(self._run)
        page.comparing_run_wanted.connect(self._run_and_compare)
        page.decided.connect(self._decide)
        page.question_wanted.connect(self._ask)
        page.overview.review_wanted.connect(self._review)
        page.overview.forget_wanted.connect(self._forget)
        page.overview.checked_again.connect(self.refresh)
        page.overview.opened.connect(self._open)
        page.overview.deleted.connect(self._delete)
        page.overview.compare_wanted.connect(self._compare)
        window.library.page_wanted.connect(self._on_page)
        client.progress.connect(self._on_progress)

    def _request(self, request: messages.Request, done: object) -> Exchange:
        """Send a request whose failure is shown on the page."""
        return self._client.send(request, done, self._on_failed)

    @Slot(object, object)
    def _on_failed(self, request: object, error: ErrorReport) -> None:
        if error.code != "engine.crashed":  # that is said once, by the client
            self._window.evaluation.show_error(error)

    @Slot(str)
    def _on_page(self, key: str) -> None:
        if key == "evaluation":
            self._window.show_page(self._window.evaluation)
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Ask what there is."""
        new = self._client.new_id
        self._request(messages.QuestionSets(id=new()), self._on_sets)
        self._request(messages.Evaluations(id=new()), self._on_runs)
        self._request(messages.Models(id=new()), self._on_models)

    @Slot(object, object)
    def _on_sets(self, request: object, value: Mapping[str, object]) -> None:
        self._window.evaluation.overview.show_sets(rows_of(value, "sets"))

    @Slot(object, object)
    def _on_runs(self, request: object, value: Mapping[str, object]) -> None:
        self._runs = rows_of(value, "runs")
        self._window.evaluation.overview.show_runs(self._runs)

    @Slot(object, object)
    def _on_models(self, request: object, value: Mapping[str, object]) -> None:
        self._models = rows_of(value, "models")

    @Slot(object)
    def _add(self, path: str) -> None:
        self._window.show_page(self._window.evaluation)
        self._window.evaluation.show_overview()
        self._request(messages.AddQuestionSet(id=self._client.new_id(), path=path), self._on_changed)

    @Slot(object)
    def _forget(self, path: str) -> None:
        self._request(messages.ForgetQuestionSet(id=self._client.new_id(), path=path), self._on_changed)

    @Slot(str)
    def _delete(self, run: str) -> None:
        self._request(messages.DeleteEvaluation(id=self._client.new_id(), run=run), self._on_changed)

    @Slot(object, object)
    def _on_changed(self, request: object, value: object) -> None:
        self._window.evaluation.show_error(None)
        self.refresh()

    @Slot(object)
    def _review(self, path: str) -> None:
        self._request(messages.QuestionSet(id=self._client.new_id(), path=path), self._on_review)

    @Slot(object, object)
    def _on_review(self, request: object, value: Mapping[str, object]) -> None:
        self._window.evaluation.show_review(value)

    @Slot(object, str, str, str, str)
    def _decide(self, path: str, entry: str, decision: str, question: str, answer: str) -> None:
        kept = decision == "keep"
        request = messages.DecideQuestion(
            id=self._client.new_id(),
            path=path,
            entry=entry,
            decision=decision,
            question=question if kept else None,
            answer=(answer or None) if kept else None,
        )
        self._client.send(request, self._on_decided, self._on_not_decided)

    @Slot(object, object)
    def _on_decided(self, request: object, value: Mapping[str, object]) -> None:
        self._window.evaluation.review.show_set(value)
        self.refresh()

    @Slot(object, object)
    def _on_not_decided(self, request: object, error: ErrorReport) -> None:
        self._window.evaluation.review.show_error(error)

    @Slot(object)
    def _ask_run(self, found: Mapping[str, object]) -> None:
        window = self._window
        window.evaluation.show_run_form(
            found, collections=window.collections, scope=window.ask.scope, models=self._models, runs=self._runs
        )

    @Slot()
    def ask_drafts(self) -> None:
        """Ask how questions are to be drafted."""
        window = self._window
        window.show_page(window.evaluation)
        window.evaluation.show_draft_form(collections=window.collections, scope=window.ask.scope)

    @Slot(object, object, object)
    def _run(self, path: str, terms: Sequence[str], collections: Sequence[str]) -> None:
        if self._working:
            return
        self._compared = []
        self._waiting = [self._evaluate(path, term, collections) for term in terms]
        self._begin_next()

    @Slot(object, str, object, str)
    def _run_and_compare(self, path: str, term: str, collections: Sequence[str], other: str) -> None:
        if self._working:
            return
        self._compared = [other]
        self._waiting = [self._evaluate(path, term, collections)]
        self._begin_next()

    def _evaluate(self, path: str, term: str, collections: Sequence[str]) -> messages.Evaluate:
        return messages.Evaluate(
            id=self._client.new_id(), path=path, configuration=term, collections=tuple(collections)
        )

    def _begin_next(self) -> None:
        request = self._waiting.pop(0)
        number = (
            f" ({len(self._compared) + 1} of {len(self._compared) + 1 + len(self._waiting)})" if self._waiting else ""
        )
        self._window.evaluation.show_overview()
        self._window.evaluation.begin_work(f"Running {file_name(request.path)}{number}")
        self._work(request, self._on_run)

    def _work(self, request: messages.Request, done: object) -> None:
        self._working = request.id
        exchange = self._client.send(request, done, self._on_work_failed)
        exchange.cancelled.connect(self._on_work_stopped)

    @Slot()
    def _stop(self) -> None:
        """Ask the work in hand to end: a run ends before its next question, and is kept."""
        self._waiting = []
        if self._working:
            # Asked and no more: to diagnose what was run may take its time, and is no reason to start the engine anew.
            self._client.send(messages.Cancel(id=self._client.new_id(), target=self._working))

    @Slot(object)
    def _on_progress(self, progress: messages.Progress) -> None:
        if self._working and progress.request == self._working:
            self._window.evaluation.work.show_progress(progress)

    @Slot(object, object)
    def _on_run(self, request: messages.Evaluate, record: Mapping[str, object]) -> None:
        self._compared.append(text_of(record, "run"))
        if self._waiting:
            self._begin_next()
            self.refresh()
            return
        self._end_work()
        self.ended.emit(f"A run of questions has ended: {standing_words(record)}.")
        window = self._window
        if window.pages.currentWidget() is not window.evaluation:
            told = f"The run of {file_name(request.path)} has ended: {standing_words(record)}."
            window.messages.show_report(ErrorReport("", told, "It is kept under Evaluation."), "ok")
        elif window.evaluation.stack.currentWidget() is window.evaluation.overview:
            if len(self._compared) > 1:
                self._compare(*self._compared[:2])
            else:
                self._open(self._compared[0])

    @Slot(object, object)
    def _on_work_failed(self, request: messages.Request, error: ErrorReport) -> None:
        self._end_work()
        self._on_failed(request, error)

    @Slot(object, object)
    def _on_work_stopped(self, request: messages.Request, value: Mapping[str, object]) -> None:
        self._end_work()
        if isinstance(request, messages.DraftQuestions) and number_of(value, "questions"):
            self._add(request.path)

    def _end_work(self) -> None:
        self._working, self._waiting = "", []
        self._window.evaluation.end_work()
        self.refresh()

    @Slot(object, int, object, int)
    def _draft(self, path: str, count: int, collections: Sequence[str], seed: int) -> None:
        if self._working:
            return
        request = messages.DraftQuestions(
            id=self._client.new_id(), path=path, count=count, collections=tuple(collections), seed=seed
        )
        self._window.evaluation.show_overview()
        self._window.evaluation.begin_work(f"Drafting {file_name(path)}")
        self._work(request, self._on_drafted)

    @Slot(object, object)
    def _on_drafted(self, request: messages.DraftQuestions, value: Mapping[str, object]) -> None:
        self._end_work()
        if not number_of(value, "questions"):
            told = "No question could be drafted from these documents."
            hint = "They hold no sentence that can be asked for by itself, in English or German."
            self._window.evaluation.show_error(ErrorReport("question.none_drafted", told, hint))
            return
        add = messages.AddQuestionSet(id=self._client.new_id(), path=request.path)
        self._request(add, self._on_drafts_added)

    @Slot(object, object)
    def _on_drafts_added(self, request: object, value: Mapping[str, object]) -> None:
        page = self._window.evaluation
        if page.stack.currentWidget() is page.overview:
            page.show_review(value)
        self.refresh()

    @Slot(str)
    def _open(self, run: str) -> None:
        self._window.evaluation.show_loading("run")
        self._request(messages.Evaluation(id=self._client.new_id(), run=run), self._on_opened)

    @Slot(object, object)
    def _on_opened(self, request: object, value: Mapping[str, object]) -> None:
        self._window.evaluation.show_run(value)

    @Slot(str, str)
    def _compare(self, before: str, after: str) -> None:
        self._window.evaluation.show_loading("comparison")
        request = messages.CompareEvaluations(id=self._client.new_id(), before=before, after=after)
        self._request(request, self._on_compared)

    @Slot(object, object)
    def _on_compared(self, request: object, value: Mapping[str, object]) -> None:
        self._window.evaluation.show_comparison(value)

    @Slot(str, object)
    def _ask(self, question: str, collections: Sequence[str]) -> None:
        """Ask a question of a set as the user would, in a talk of its own."""
        window = self._window
        window.close_source()
        window.show_page(window.ask)
        window.ask.begin_anew()
        window.ask.choose_scope(collections)
        window.ask.ask(question)

"""Runs question sets and drafts questions: minutes of work, owned by T-measure, so that no question waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from studiolo import messages
from studiolo.desk import Cancelled, Job, Json
from studiolo.errors import AssistantError
from studiolo.messages import Progress, Request
from studiolo.workspace import ChatHolder, Workspace, as_path

if TYPE_CHECKING:
    from studiolo.drafting.drafter import Draft

_MOST_PASSAGES = 200
_MOST_DRAFTS = 1000
_LOOK_S = 0.1
_TELL_EVERY_S = 0.1


class MeasuringDesk:
    """One run, or one drafting, at a time; models and handles are given back at its end.

    Args:
        workspace: What is opened.
        answering: Set while a question of the user's is answered: the next one of a set waits for its end.
    """

    def __init__(self, workspace: Workspace, *, answering: threading.Event | None = None) -> None:
        self._workspace = workspace
        self._answering = answering or threading.Event()

    def handle(self, request: Request, job: Job) -> Json:
        """Run a question set, or draft one.

        Raises:
            Cancelled: With the record of the run so far, which is kept; or with the file of drafts so far.
            AssistantError: `question.bad_file`, `question.bad_k`, `evaluation.bad_side`, `output.exists`,
                `output.unwritable`, `path.bad`.
            IndexerError, ModelError: As for a question.
            OSError: If the run cannot be kept.
        """
        if isinstance(request, messages.Evaluate):
            return self._evaluate(request, job)
        if isinstance(request, messages.DraftQuestions):
            return self._draft(request, job)
        raise TypeError(f"not for this desk: {request.type}")

    def close(self) -> None:
        """Give nothing back: nothing is held between two requests."""

    def _evaluate(self, request: messages.Evaluate, job: Job) -> Json:
        # Imported when it is wanted: the start of the engine should not wait for what few use.
        from studiolo.evaluation.configurations import Configuration, read_configuration
        from studiolo.evaluation.evaluation_desk import EvaluationDesk, Scope
        from studiolo.evaluation.kept_runs import KeptRuns
        from studiolo.evaluation.question_sets import read_questions

        if request.k < 1 or (request.limit is not None and request.limit < 1):
            raise AssistantError("question.bad_k", str(request.k))
        path = as_path(request.path)
        questions = read_questions(path)[: request.limit]
        default = Configuration(k=min(request.k, _MOST_PASSAGES))
        configuration = read_configuration(request.configuration, default)
        tell = self._progress(request.id, "evaluate", job)
        tell(0, len(questions))
        # With settings of its own: an adapter that is attached for a run is none that answers a question.
        desk = EvaluationDesk(self._workspace.apart(), Scope(request.collections))
        try:
            run = desk.run(questions, configuration, on_progress=tell, cancel=job.cancel)
            folders = desk.folders
        finally:
            desk.close()
        if not run.rows:
            raise Cancelled
        record = KeptRuns(self._workspace.paths.evaluation).add(run, set_path=path, folders=folders)
        if run.not_run:
            raise Cancelled(record)
        return record

    def _draft(self, request: messages.DraftQuestions, job: Job) -> Json:
        from studiolo.drafting.draft_files import draft_row, refuse_to_overwrite, write_drafts
        from studiolo.drafting.drafting_run import drafts_of

        path = as_path(request.path)
        refuse_to_overwrite(path)
        if not 1 <= request.count <= _MOST_DRAFTS:
            raise AssistantError("question.bad_k", str(request.count))
        written = 0
        tell = self._progress(request.id, "draft", job)
        chats = ChatHolder(self._workspace)

        def rows(drafts: Iterator[Draft]) -> Iterator[Json]:
            nonlocal written
            for written, draft in enumerate(drafts, start=1):
                tell(written, request.count)
                yield draft_row(written, draft)

        drafts = drafts_of(
            self._workspace,
            chats if request.use_model else None,
            count=request.count,
            scope=request.collections,
            seed=request.seed,
            cancel=job.cancel,
        )
        tell(0, request.count)
        try:
            first = list(islice(drafts, 1))  # nothing is written where nothing can be drafted
            if first:
                write_drafts(path, rows(chain(first, drafts)))
        except Cancelled:
            raise Cancelled({"path": request.path, "questions": written}) from None
        finally:
            chats.close()
        return {"path": request.path, "questions": written}

    def _progress(self, request_id: str, phase: str, job: Job) -> Callable[[int, int], None]:
        """Give what says how far a request is, and then lets a question of the user's go first."""
        told_at = 0.0

        def tell(done: int, total: int) -> None:
            nonlocal told_at
            now = time.monotonic()
            if done in (0, total) or now - told_at >= _TELL_EVERY_S:
                told_at = now
                job.emit(Progress(request=request_id, phase=phase, files_done=done, files_total=total))
            while self._answering.is_set() and not job.cancel.wait(_LOOK_S):
                pass

        return tell

"""Owns the threads, each with a bounded queue: T-index, T-answer, T-view, T-estimate, T-find, T-measure."""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from studiolo import __version__, messages
from studiolo.adapter_desk import REQUESTS as _FOR_ADAPTERS
from studiolo.adapter_desk import AdapterDesk
from studiolo.answer_desk import AnswerDesk
from studiolo.conversation_desk import REQUESTS as _FOR_CONVERSATIONS
from studiolo.conversation_desk import ConversationDesk
from studiolo.desk import Cancelled, Desk, Emit, Job, Json
from studiolo.errors import AssistantError, report
from studiolo.estimate_desk import EstimateDesk
from studiolo.find_desk import FindDesk
from studiolo.index_desk import IndexDesk
from studiolo.index_gate import IndexGate
from studiolo.ledger_desk import LedgerDesk
from studiolo.measuring_desk import MeasuringDesk
from studiolo.messages import Failed, Notice, Ready, Request, Result
from studiolo.question_desk import REQUESTS as _FOR_QUESTION_SETS
from studiolo.question_desk import QuestionDesk
from studiolo.run_desk import REQUESTS as _FOR_RUNS
from studiolo.run_desk import RunDesk
from studiolo.settings import SPEEDS
from studiolo.upkeep_desk import LONG, SHORT, UpkeepDesk
from studiolo.view_desk import ViewDesk
from studiolo.workspace import Workspace
from studiolo_models.hardware import lower_thread_priority, on_battery

log = logging.getLogger(__name__)

_QUEUE_SIZE = 1000
_REST_AFTER_S = 20.0
_RECONCILE_EVERY_S = 30 * 60.0
_CLOSE_WAIT_S = 10.0
_FEW_CORES = 4

_FOR_ANSWER = (messages.Search, messages.Ask)
_FOR_INDEX = (
    messages.AddFolder, messages.RemoveFolder, messages.Exclude, messages.Sync, messages.Retry, messages.Watch,
)  # fmt: skip
_FOR_ESTIMATE = (messages.Estimate, messages.PreviewExclude)
_FOR_MEASURING = (messages.Evaluate, messages.DraftQuestions)

Step = Callable[[], None]


@dataclass(slots=True)
class _Line:
    """One thread with its queue of steps; `stop` ends it after the step in hand."""

    name: str
    steps: queue.Queue[Step | None] = field(default_factory=lambda: queue.Queue(_QUEUE_SIZE))
    thread: threading.Thread | None = None


class Engine:
    """The core without a window: takes requests from any thread, says everything through `emit` (from any thread).

    Args:
        workspace: The data folder.
        emit: Receives every event; must be quick and thread-safe.

    Raises (on construction):
        StoreLocked: If another engine or command writes this data folder.
    """

    def __init__(self, workspace: Workspace, *, emit: Emit) -> None:
        self._emit = emit
        self._jobs: dict[str, Job] = {}
        self._jobs_lock = threading.Lock()
        self._closing = threading.Event()
        self._lines = {name: _Line(name) for name in ("index", "answer", "view", "estimate", "find", "measure")}
        # Indexing yields to an answer where there are few cores; elsewhere both have room.
        yields = (os.cpu_count() or 1) <= _FEW_CORES
        answering = threading.Event()
        self._index = IndexDesk(
            workspace,
            emit=emit,
            post=lambda step: self._put("index", step),
            gate=IndexGate(
                busy=answering if yields else threading.Event(),
                on_battery=on_battery,
                speed=lambda: (workspace.settings.indexing_speed, workspace.settings.indexing_speed_on_battery),
            ),
            is_wanted=lambda: not self._lines["index"].steps.empty(),
        )
        self._answer = AnswerDesk(workspace, keep_history=True, answering=answering)
        self._view = ViewDesk(workspace, activity=self._index.standing)
        self._estimate = EstimateDesk(workspace, slowdown=self._index.gate.slowdown)
        self._ledger = LedgerDesk(workspace)
        self._find = FindDesk(workspace)
        self._conversations = ConversationDesk(workspace.paths)
        self._measure = MeasuringDesk(workspace, answering=answering)
        self._upkeep = UpkeepDesk(workspace)
        self._workspace = workspace
        self._places: tuple[tuple[tuple[type[Request], ...], str, Desk], ...] = (
            (_FOR_ESTIMATE, "estimate", self._estimate),
            ((messages.ExportFiles,), "estimate", self._ledger),
            # Removing writes the file anew, which a click on a source should not wait for.
            ((messages.DeleteConversation,), "estimate", self._conversations),
            (_FOR_CONVERSATIONS, "view", self._conversations),
            (SHORT, "view", self._upkeep),
            (LONG, "estimate", self._upkeep),
            ((messages.FindAll,), "find", self._find),
            (_FOR_ANSWER, "answer", self._answer),
            (_FOR_INDEX, "index", self._index),
            (_FOR_MEASURING, "measure", self._measure),
            (_FOR_QUESTION_SETS, "view", QuestionDesk(workspace.paths)),
            (_FOR_RUNS, "estimate", RunDesk(workspace.paths)),
            (_FOR_ADAPTERS, "view", AdapterDesk(workspace)),
        )
        """Which thread and desk a request is for: the first place that names its kind; all others are the view's."""

    def start(self) -> None:
        """Start the threads; `ready` is said once a question can be taken."""
        self._put("answer", self._warm_up)
        self._put("index", self._give_way)
        self._put("measure", lower_thread_priority)
        for line in self._lines.values():
            # Daemons: a process whose main thread has failed ends, and is not held up by threads that wait for work.
            line.thread = threading.Thread(target=self._work, args=(line,), name=f"T-{line.name}", daemon=True)
            line.thread.start()

    def submit(self, request: Request) -> None:
        """Take a request; it ends with exactly one `result`, `failed` or `cancelled`."""
        if isinstance(request, messages.Cancel):
            self._end(request, lambda: {"cancelled": self._cancel(request.target)})
        elif isinstance(request, messages.PauseIndexing):
            self._end(request, lambda: self._pause(paused=request.paused))
        elif isinstance(request, messages.IndexingSpeed):
            self._end(request, lambda: self._set_speed(request.speed))
        else:
            line, desk = next(
                ((line, desk) for kinds, line, desk in self._places if isinstance(request, kinds)),
                ("view", self._view),
            )
            self._enqueue(line, desk, request, Job(emit=self._emit))

    def close(self) -> None:
        """Stop what runs, end the threads and give everything back; safe to call twice."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._index.stop.set()
        with self._jobs_lock:
            for job in self._jobs.values():
                job.cancel.set()
        for line in self._lines.values():
            _put_end(line.steps)
        deadline = time.monotonic() + _CLOSE_WAIT_S
        for line in self._lines.values():
            if line.thread is not None:
                line.thread.join(max(0.1, deadline - time.monotonic()))

    def _warm_up(self) -> None:
        try:
            self._answer.warm_up(Job(emit=self._emit))
        finally:
            self._emit(Ready(protocol=messages.PROTOCOL, version=__version__))
        self._answer.preload_chat()

    @staticmethod
    def _give_way() -> None:
        """Let indexing, and its children, work when no question and no other program wants the processor."""
        from studiolo_indexer.vector_tables import start_threads

        start_threads()  # LanceDB's serve questions too
        lower_thread_priority()

    def _enqueue(self, line: str, desk: Desk, request: Request, job: Job) -> None:
        with self._jobs_lock:
            self._jobs[request.id] = job
        self._put(line, lambda: self._end(request, lambda: self._begin(desk, request, job)))

    def _begin(self, desk: Desk, request: Request, job: Job) -> Json:
        if job.cancel.is_set():
            raise Cancelled
        if desk is self._index:
            # The index has one stop event for all its jobs; it belongs to the job in hand.
            self._index.stop.clear()
            if self._closing.is_set():
                raise Cancelled
        try:
            return desk.handle(request, job)
        finally:
            # A stop ends its job, not what the watcher finds afterwards.
            if desk is self._index and not (self._closing.is_set() or self._index.gate.paused):
                self._index.stop.clear()

    def _put(self, line: str, step: Step) -> None:
        if not self._closing.is_set():
            self._lines[line].steps.put(step)

    def _end(self, request: Request, step: Callable[[], Json]) -> None:
        """Run a request to its end and say how it ended."""
        try:
            self._emit(Result(request=request.id, value=step()))
        except Cancelled as cancelled:
            self._emit(messages.Cancelled(request=request.id, value=cancelled.value))
        except Exception as error:  # noqa: BLE001 - the thread boundary: the request fails, the thread survives
            self._emit(Failed(request=request.id, error=report(error).as_dict()))
        finally:
            with self._jobs_lock:
                self._jobs.pop(request.id, None)

    def _cancel(self, target: str) -> bool:
        with self._jobs_lock:
            job = self._jobs.get(target)
        if job is None:
            raise AssistantError("request.unknown_target")
        job.cancel.set()
        if self._index.job is job:
            self._index.stop.set()
        return True

    def _pause(self, *, paused: bool) -> Json:
        self._index.gate.paused = paused
        if paused:
            self._index.stop.set()
        else:
            self._index.stop.clear()
            self._put("index", self._index.catch_up)
        return {"paused": paused}

    def _set_speed(self, speed: str) -> Json:
        if speed not in SPEEDS:
            raise AssistantError("settings.bad_speed", speed)
        self._workspace.change_settings(indexing_speed=speed)
        return {"speed": speed}

    def _work(self, line: _Line) -> None:
        desks: dict[str, Desk] = {
            "index": self._index,
            "answer": self._answer,
            "view": self._view,
            "estimate": self._estimate,
            "find": self._find,
            "measure": self._measure,
        }
        rested = True
        reconciled_at = time.monotonic()
        while True:
            try:
                step = line.steps.get(timeout=_REST_AFTER_S)
            except queue.Empty:
                if line.name == "index":
                    if not rested and not self._index.gate.on_battery():
                        self._guarded(self._index.rest)
                        rested = True
                    if time.monotonic() - reconciled_at > _RECONCILE_EVERY_S:
                        reconciled_at = time.monotonic()
                        self._guarded(self._index.catch_up)
                continue
            if step is None:
                break
            self._guarded(step)
            rested = False
            if line.name == "index" and line.steps.empty():
                self._guarded(self._index.complete)
        self._guarded(desks[line.name].close)

    def _guarded(self, step: Step) -> None:
        """Run a step that no request waits for; what goes wrong is a notice, and the thread survives."""
        try:
            step()
        except Exception as error:  # noqa: BLE001 - the thread boundary
            self._emit(Notice(error=report(error).as_dict()))


def _put_end(steps: queue.Queue[Step | None]) -> None:
    """Drop what waits and let the thread end after the step in hand."""
    try:
        while True:
            steps.get_nowait()
    except queue.Empty:
        steps.put(None)

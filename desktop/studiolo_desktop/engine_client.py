"""The engine as a child process: starts it, speaks JSON lines with it, starts it again when it dies.

Everything happens on the UI thread, in short steps: lines are decoded for a few milliseconds at a time, and nothing
ever waits for the child.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot

from studiolo import messages
from studiolo.errors import EXIT_ENVIRONMENT, AssistantError, ErrorReport, report
from studiolo.messages import EngineEvent, ProtocolError, Request
from studiolo_desktop.crash_counter import CrashCounter
from studiolo_desktop.line_splitter import LineSplitter
from studiolo_desktop.words import error_of

log = logging.getLogger(__name__)

State = Literal["stopped", "starting", "ready", "restarting", "failed", "closing"]

_TURN_S = 0.008
_RESTART_MS = 150
_STDERR_TAIL = 4000
# More than this waiting to be read means an engine gone wild; it is ended like one that crashed.
_MAX_WAITING_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the client waits, in milliseconds, before its next step."""

    acknowledge_ms: int = 2000
    """From a cancel until the engine says that it has heard it; then the engine is killed."""
    end_ms: int = 8000
    """From a cancel until the request has really ended; then the engine is killed."""
    shutdown_ms: int = 3000
    """From a shutdown until the engine is told to terminate."""
    terminate_ms: int = 2000
    """From that until it is killed."""


class Exchange(QObject):
    """One request and what comes back for it; ends with exactly one of `done`, `failed` and `cancelled`.

    Each ending carries the request, so that one slot can serve many requests. Owned by the client, and gone after its
    end.
    """

    evidence = Signal(object)
    token = Signal(str)
    done = Signal(object, object)
    failed = Signal(object, object)
    cancelled = Signal(object, object)

    def __init__(self, request: Request, parent: QObject) -> None:
        super().__init__(parent)
        self.request = request


@dataclass(slots=True)
class _Stopping:
    """A request that the user has stopped, until the engine confirms it."""

    cancel_id: str
    acknowledge_by: float
    end_by: float
    acknowledged: bool = False


class EngineClient(QObject):
    """Owns the engine process.

    Args:
        command: Program and arguments of the engine.
        patience: How long to wait for what.
        parent: The owner.
    """

    state_changed = Signal(str)
    greeted = Signal(object)
    """The result of `hello`, after each start."""
    progress = Signal(object)
    file_event = Signal(object)
    notice = Signal(object)
    """An ErrorReport that belongs to no request."""
    crashed = Signal(object)
    """An ErrorReport: the engine has died; what follows is a `state_changed` to restarting or failed."""
    closed = Signal()

    def __init__(
        self, command: Sequence[str], *, patience: Patience | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._patience = patience or Patience()
        self.state: State = "stopped"
        self.last_error: ErrorReport | None = None
        self.stderr_tail = ""
        self._exchanges: dict[str, Exchange] = {}
        self._doomed: deque[Exchange] = deque()
        self._stopping: dict[str, _Stopping] = {}
        self._unsent: list[Request] = []
        self._lines: deque[bytes | None] = deque()
        self._waiting_bytes = 0
        self._ended: tuple[int, bool] | None = None
        self._next_id = 0
        self._told_to_terminate = False
        self._crashes = CrashCounter()
        self._splitter = LineSplitter(max_line_bytes=messages.MAX_LINE_BYTES)
        self._process = self._make_process()
        self._turn = self._timer(0, self._work_off)
        self._again = self._timer(_RESTART_MS, self._launch)
        self._doom = self._timer(0, self._fail_doomed)
        self._watchdog = self._timer(50, self._watch_stopping)
        self._patience_over = self._timer(0, self._lose_patience)

    def start(self) -> None:
        """Start the engine, for the first time or because the user asks for another try."""
        if self.state in ("stopped", "failed"):
            self._crashes.forget()
            self._launch()

    def new_id(self) -> str:
        """Give an id for a request."""
        self._next_id += 1
        return f"w{self._next_id}"

    def send(self, request: Request, done: object = None, failed: object = None) -> Exchange:
        """Send a request; nothing is delivered before control returns to Qt.

        Args:
            request: What is asked.
            done: A slot for the result, as of `Exchange.done`.
            failed: A slot for what went wrong, as of `Exchange.failed`.
        """
        exchange = Exchange(request, self)
        if done is not None:
            exchange.done.connect(done)
        if failed is not None:
            exchange.failed.connect(failed)
        if self.state in ("stopped", "failed", "closing"):
            self._doomed.append(exchange)
            self._doom.start()
            return exchange
        self._exchanges[request.id] = exchange
        if self._process.state() == QProcess.ProcessState.Running and self._ended is None:
            self._process.write(messages.encode(request))
        else:
            self._unsent.append(request)
        return exchange

    def stop(self, request_id: str) -> None:
        """Stop a request; if the engine does not confirm in time, it is killed and started again."""
        if request_id not in self._exchanges or request_id in self._stopping:
            return
        waiting = next((r for r in self._unsent if r.id == request_id), None)
        if waiting is not None:
            self._unsent.remove(waiting)
            self._end_cancelled(request_id, {})
            return
        cancel = messages.Cancel(id=self.new_id(), target=request_id)
        now = time.monotonic()
        patience = self._patience
        self._stopping[request_id] = _Stopping(
            cancel.id, now + patience.acknowledge_ms / 1000, now + patience.end_ms / 1000
        )
        self.send(cancel)
        self._watchdog.start()

    def shutdown(self) -> None:
        """End the engine: ask it, then terminate it, then kill it; `closed` is said when it has ended."""
        if self.state == "closing":
            return
        running = self._process.state() != QProcess.ProcessState.NotRunning
        self._again.stop()
        if running:
            self._process.write(messages.encode(messages.Shutdown(id=self.new_id())))
            self._process.closeWriteChannel()
        self._set_state("closing")
        if running:
            self._patience_over.start(self._patience.shutdown_ms)
        else:
            self._doom.start()
            self.closed.emit()

    def pid(self) -> int:
        """Give the process id of the engine, 0 if none runs."""
        return int(self._process.processId())

    def _make_process(self) -> QProcess:
        process = QProcess(self)
        process.setProgram(self._command[0])
        process.setArguments(self._command[1:])
        process.started.connect(self._on_started)
        process.readyReadStandardOutput.connect(self._on_output)
        process.readyReadStandardError.connect(self._on_stderr)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_process_error)
        return process

    def _timer(self, interval_ms: int, slot: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer

    def _set_state(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    @Slot()
    def _launch(self) -> None:
        self._set_state("restarting" if self.state == "restarting" else "starting")
        self._splitter = LineSplitter(max_line_bytes=messages.MAX_LINE_BYTES)
        self._lines.clear()
        self._waiting_bytes = 0
        self._ended = None
        self.last_error = None  # what an engine before it said is no reason for what this one does
        self.stderr_tail = ""
        self._process.start()

    @Slot()
    def _on_started(self) -> None:
        waiting, self._unsent = self._unsent, []
        hello = self.send(messages.Hello(id=self.new_id()))
        hello.done.connect(self._on_hello)
        hello.failed.connect(self._on_start_failed)
        # Keeps the index current from now on; after a crash this is what brings it up to date.
        watch = self.send(messages.Watch(id=self.new_id()))
        watch.failed.connect(self._on_start_failed)
        for request in waiting:
            self._process.write(messages.encode(request))

    @Slot(object, object)
    def _on_hello(self, request: object, value: object) -> None:
        self.greeted.emit(value)

    @Slot(object, object)
    def _on_start_failed(self, request: object, error: ErrorReport) -> None:
        if error.code != "engine.crashed":
            self.notice.emit(error)

    @Slot()
    def _on_output(self) -> None:
        for line in self._splitter.feed(bytes(self._process.readAllStandardOutput().data())):
            self._lines.append(line)
            self._waiting_bytes += len(line or b"")
        if self._waiting_bytes > _MAX_WAITING_BYTES:
            log.error("the engine writes faster than can be read; it is ended")
            self._lines.clear()
            self._waiting_bytes = 0
            self._process.kill()
        elif self._lines and not self._turn.isActive():
            self._work_off()

    @Slot()
    def _on_stderr(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        self.stderr_tail = (self.stderr_tail + text)[-_STDERR_TAIL:]

    @Slot()
    def _work_off(self) -> None:
        """Handle lines for a few milliseconds; the rest waits for the next turn, so that the window stays awake."""
        until = time.monotonic() + _TURN_S
        while self._lines:
            line = self._lines.popleft()
            self._waiting_bytes -= len(line or b"")
            self._take(line)
            if time.monotonic() > until:
                break
        if self._lines:
            self._turn.start()
        elif self._ended is not None:
            code, crashed = self._ended
            self._ended = None
            self._after_end(code, crashed=crashed)

    def _take(self, line: bytes | None) -> None:
        try:
            if line is None:
                raise ProtocolError("a line without end")
            event = messages.decode_event(line)
        except ProtocolError as error:
            log.error("bad line from the engine: %s", error)
            self._say(report(error))
            return
        self._deliver(event)

    def _deliver(self, event: EngineEvent) -> None:
        if isinstance(event, messages.Ready):
            self._on_ready(event)
        elif isinstance(event, messages.Progress):
            self.progress.emit(event)
        elif isinstance(event, messages.FileEvent):
            self.file_event.emit(event)
        elif isinstance(event, messages.Notice):
            self._say(error_of(event.error))
        else:
            self._deliver_to_exchange(event)

    def _deliver_to_exchange(self, event: EngineEvent) -> None:
        exchange = self._exchanges.get(getattr(event, "request", ""))
        if exchange is None:
            return  # it ended already, or belongs to a request of which nobody waits for the answer
        if isinstance(event, messages.Token):
            exchange.token.emit(event.text)
        elif isinstance(event, messages.Evidence):
            exchange.evidence.emit(event.passages)
        elif isinstance(event, messages.Cancelled):
            self._end_cancelled(event.request, event.value)
        elif isinstance(event, messages.Result):
            self._end(exchange).done.emit(exchange.request, event.value)
        elif isinstance(event, messages.Failed):
            self._end(exchange).failed.emit(exchange.request, error_of(event.error))

    def _on_ready(self, event: messages.Ready) -> None:
        if event.protocol != messages.PROTOCOL:
            self._say(report(ProtocolError(f"engine speaks protocol {event.protocol}")))
        if self.state != "closing":
            self._set_state("ready")

    def _say(self, error: ErrorReport) -> None:
        self.last_error = error
        self.notice.emit(error)

    def _end(self, exchange: Exchange) -> Exchange:
        self._exchanges.pop(exchange.request.id, None)
        self._stopping.pop(exchange.request.id, None)
        for stopping in self._stopping.values():
            if stopping.cancel_id == exchange.request.id:
                stopping.acknowledged = True
        exchange.deleteLater()
        return exchange

    def _end_cancelled(self, request_id: str, value: object) -> None:
        exchange = self._exchanges[request_id]
        self._end(exchange).cancelled.emit(exchange.request, value)

    @Slot()
    def _watch_stopping(self) -> None:
        now = time.monotonic()
        late = any(now > (s.end_by if s.acknowledged else s.acknowledge_by) for s in self._stopping.values())
        if late and self.state != "closing":
            log.warning("the engine did not confirm a stop; it is killed and started again")
            self._process.kill()
        elif self._stopping:
            self._watchdog.start()

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_output()
        self._ended = (code, status == QProcess.ExitStatus.CrashExit)
        self._turn.start()

    @Slot(QProcess.ProcessError)
    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        # Everything else is followed by `finished`; a program that cannot be started is not.
        if error == QProcess.ProcessError.FailedToStart:
            self.stderr_tail = self._process.errorString()
            log.error("the engine cannot be started: %s", self.stderr_tail)
            self._give_up(report(AssistantError("engine.crashed")))

    def _after_end(self, code: int, *, crashed: bool) -> None:
        if self.state == "closing":
            self._patience_over.stop()
            self._fail_all()
            self.closed.emit()
            return
        killed_by_us = bool(self._stopping)
        log.warning("the engine ended (%s, code %s):\n%s", "crash" if crashed else "exit", code, self.stderr_tail)
        never_ready = self.state != "ready"
        said = self.last_error
        spared = self._innocent() if killed_by_us else []
        self._unsent = spared
        self._fail_all(spared=frozenset(request.id for request in spared))
        if never_ready and code == EXIT_ENVIRONMENT and not crashed and said is not None:
            self._give_up(said)  # it said why it cannot run here; starting it again would change nothing
            return
        error = report(AssistantError("engine.crashed"))
        if not killed_by_us and self._crashes.record(time.monotonic()):
            self._give_up(said if never_ready and said is not None else error)
            return
        self._set_state("restarting")
        if not killed_by_us:
            self.crashed.emit(error)
        self._again.start()

    def _give_up(self, error: ErrorReport) -> None:
        self.last_error = error
        self._set_state("failed")
        self._fail_all()

    def _innocent(self) -> list[Request]:
        """Give the requests that only waited behind one that would not stop: the next engine is asked for them."""
        guilty = {*self._stopping, *(stopping.cancel_id for stopping in self._stopping.values())}
        waiting = (exchange.request for exchange in self._exchanges.values())
        # `hello` and `watch` are sent at every start.
        return [r for r in waiting if r.id not in guilty and not isinstance(r, messages.Hello | messages.Watch)]

    def _fail_all(self, *, spared: frozenset[str] = frozenset()) -> None:
        """End every request that is still waiting but those spared; one that the user stopped ends as stopped."""
        error = report(AssistantError("engine.crashed"))
        stopped = set(self._stopping)
        self._unsent = [request for request in self._unsent if request.id in spared]
        for request_id, exchange in list(self._exchanges.items()):
            if request_id in spared:
                continue
            self._end(exchange)
            if request_id in stopped:
                exchange.cancelled.emit(exchange.request, {})
            else:
                exchange.failed.emit(exchange.request, error)

    @Slot()
    def _fail_doomed(self) -> None:
        error = report(AssistantError("engine.crashed"))
        while self._doomed:
            exchange = self._doomed.popleft()
            exchange.deleteLater()
            exchange.failed.emit(exchange.request, self.last_error or error)

    @Slot()
    def _lose_patience(self) -> None:
        """The engine did not end when asked: terminate it, and then kill it."""
        if self._process.state() == QProcess.ProcessState.NotRunning:
            return
        if self._told_to_terminate:
            self._process.kill()
            return
        self._told_to_terminate = True
        self._process.terminate()
        self._patience_over.start(self._patience.terminate_ms)

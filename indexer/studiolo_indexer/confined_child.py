"""A child process that meets untrusted bytes: asked by a line and bytes, bounded in time, memory and output."""

from __future__ import annotations

import json
import logging
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psutil

from studiolo_indexer.errors import STOPPED, FileFailure

log = logging.getLogger(__name__)

_LOOK_S = 0.1
_LOOKS_BEFORE_SLEEP = 20
_KILL_WAIT_S = 2.0


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one file may cost; `together_bytes` is the child's memory and the file, which its parent holds (R16)."""

    seconds: float = 60.0
    seconds_per_mb: float = 4.0
    memory_bytes: int = 1_200 * 2**20
    together_bytes: int = 1_300 * 2**20
    output_bytes: int = 256 * 2**20
    recycle_after: int = 500


class _Watch:
    """Looks at a child while it works, and kills it when it takes too long or too much memory, or is to stop.

    One thread for the child's whole life: a thread for each file would cost more than reading a small one.
    """

    def __init__(self, process: subprocess.Popen[bytes], *, stop: threading.Event | None) -> None:
        self._process = process
        self._memory_bytes = 0
        self._stop = stop
        self._changed = threading.Condition()
        self._deadline: float | None = None
        self._seconds = 0.0
        self._asleep = False
        self._ended = False
        self.verdict: FileFailure | None = None
        self._thread = threading.Thread(target=self._run, name="extract-watch", daemon=True)
        self._thread.start()

    def begin(self, seconds: float, *, memory_bytes: int) -> None:
        """Begin to watch one file, which may take so long, and its child so much."""
        self._seconds, self._memory_bytes = seconds, memory_bytes
        self._deadline = time.monotonic() + seconds
        if self._asleep:
            with self._changed:
                self._changed.notify()

    def rest(self) -> None:
        """The file is done."""
        self._deadline = None

    def end(self) -> None:
        """Watch no more."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        idle = 0
        while not self._ended and self.verdict is None:
            with self._changed:
                # While files come one after the other it only looks now and then; after a while without, it sleeps.
                self._asleep = idle > _LOOKS_BEFORE_SLEEP
                if not self._ended and not (self._asleep and self._deadline is not None):
                    self._changed.wait(None if self._asleep else _LOOK_S)
                self._asleep = False
            deadline = self._deadline
            idle = idle + 1 if deadline is None else 0
            if deadline is not None:
                self._judge(deadline)

    def _judge(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            self.verdict = FileFailure("file.timeout", f"It took longer than {self._seconds:.0f} seconds to read.")
        elif _resident_bytes(self._process.pid) > self._memory_bytes:
            self.verdict = FileFailure("file.memory", "It needs more memory than a document may.")
        elif self._stop is not None and self._stop.is_set():
            self.verdict = FileFailure(STOPPED, "Reading it was stopped.")
        if self.verdict is not None:
            self._process.kill()


class ConfinedChild:
    """One child, started with the first request; owned by one thread.

    Args:
        command: The command that starts it.
        limits: Bounds for each file.
        stop: Ends a file in the middle, with the failure `file.stopped`.
    """

    def __init__(self, *, command: Sequence[str], limits: ChildLimits, stop: threading.Event | None = None) -> None:
        self._command = list(command)
        self._limits = limits
        self._stop = stop
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: _Watch | None = None
        self._served = 0

    def exchange(self, request: dict[str, Any], data: bytes) -> dict[str, Any]:  # Any: JSON documents
        """Send a request with the bytes of a file; gives the reply, of which only the failure has been checked.

        Raises:
            FileFailure: If the child says so, or costs more than it may, or crashes.
            OSError: If the child cannot be started.
        """
        process = self._running()
        limits = self._limits
        watch = self._watch or _Watch(process, stop=self._stop)
        self._watch = watch
        watch.begin(
            limits.seconds + limits.seconds_per_mb * len(data) / 2**20,
            memory_bytes=min(limits.memory_bytes, limits.together_bytes - len(data)),
        )
        header = json.dumps({**request, "size_bytes": len(data)}).encode() + b"\n"
        try:
            untrusted_line = _converse(process, header, data, limits.output_bytes)
        finally:
            watch.rest()
        self._served += 1
        if not untrusted_line.endswith(b"\n"):
            too_long = len(untrusted_line) > limits.output_bytes
            process.kill()
            self.close()
            if watch.verdict is not None:
                raise watch.verdict
            if too_long:
                raise FileFailure("file.output_too_large", "It holds more text than a document may.")
            raise FileFailure("file.parser_crashed", "Reading it made the reader crash.")
        try:
            untrusted_text = untrusted_line.decode()
            del untrusted_line  # of a long document each copy is as large as itself (R16)
            untrusted_reply = json.loads(untrusted_text)
        except (ValueError, RecursionError):
            untrusted_reply = None
        if not isinstance(untrusted_reply, dict):
            self.close()
            raise FileFailure("file.parser_crashed", "Reading it made the reader fail.")
        _raise_failure(untrusted_reply.get("failure"))
        return untrusted_reply

    def pid(self) -> int:
        """Give the process id of the child; 0 if none runs."""
        return self._process.pid if self._process is not None else 0

    def close(self) -> None:
        """End the child: close its input, then terminate, then kill; safe to call twice."""
        process, self._process = self._process, None
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.end()
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    log.debug("the child's pipe was closed already")
        for step in (None, process.terminate, process.kill):
            if step is not None:
                step()
            try:
                process.wait(_KILL_WAIT_S)
            except subprocess.TimeoutExpired:
                continue
            return

    def start(self) -> None:
        """Start the child if none runs, and do not wait for it: it takes a fifth of a second until it reads.

        Raises:
            OSError: If it cannot be started.
        """
        self._running()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and (
            self._process.poll() is not None or self._served >= self._limits.recycle_after
        ):
            self.close()
        if self._process is None:
            self._served = 0
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._process


def _converse(process: subprocess.Popen[bytes], header: bytes, data: bytes, most_bytes: int) -> bytes:
    """Send a request and read its one line; gives what came before the child ended, or more than `most_bytes`."""
    if process.stdin is None or process.stdout is None:
        raise OSError("the extractor has no pipes")
    try:
        process.stdin.write(header)
        process.stdin.write(data)
        process.stdin.flush()
        return process.stdout.readline(most_bytes + 1)
    except (BrokenPipeError, ConnectionResetError):
        return b""


def _resident_bytes(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _raise_failure(untrusted_failure: object) -> None:
    if untrusted_failure is None:
        return
    if isinstance(untrusted_failure, dict):
        code, reason = untrusted_failure.get("code"), untrusted_failure.get("reason")
        if isinstance(code, str) and isinstance(reason, str) and code.startswith("file.") and len(code) < 60:
            raise FileFailure(code, reason[:300])
    raise FileFailure("file.parser_crashed", "Reading it made the reader fail.")

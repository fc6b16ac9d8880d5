"""Asks the worker process (`studiolo_models.worker`) for one thing: a time limit, bounded answers, no child left."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar

from studiolo_models import errors
from studiolo_models.errors import ModelError, ModelStoreUnwritable, WorkerFailed

log = logging.getLogger(__name__)

Card = TypeVar("Card")

_MOST_REPLY_BYTES = 1 << 20
_TAIL_BYTES = 4096
_DETAIL_CHARS = 300
_JOIN_S = 5.0
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_WORKER_ERRORS: tuple[type[ModelError], ...] = (
    errors.ModelDamaged,
    errors.ModelFileGone,
    errors.ModelStoreUnwritable,
    errors.ModelUnsupported,
    errors.TrainingExtraMissing,
    errors.WorkerFailed,
)


def compile_folder(
    operation: str,
    source: Path,
    target: Path,
    *,
    read_card: Callable[[Path], Card],
    worker_command: Sequence[str],
    timeout_s: float,
) -> Card:
    """Have the worker compile a model's folder, and read its card; `target` appears whole or not at all.

    Raises:
        ModelStoreUnwritable: If `target` is there already, or cannot be written.
        ModelError: As for `ask_worker`.
    """
    if os.path.lexists(target):
        raise ModelStoreUnwritable(f"{target.name} is there already")
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        request = {"op": operation, "source": str(source), "target": str(partial)}
        ask_worker(worker_command, request, timeout_s=timeout_s)
        card = read_card(partial)
        try:
            partial.rename(target)
        except OSError as error:
            raise ModelStoreUnwritable(f"{target.name}: {error.strerror}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return card


def ask_worker(command: Sequence[str], request: Mapping[str, str], *, timeout_s: float) -> dict[str, Any]:
    """Start the worker, send one request, and give its reply; the worker has ended when this returns.

    Raises:
        ModelError: What the worker reports, by its code.
        WorkerFailed: If it cannot be started, ends without a reply, floods, or does not end within `timeout_s`.
    """
    try:
        child = subprocess.Popen(
            [*command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            creationflags=_NO_WINDOW,
        )
    except OSError as error:
        raise WorkerFailed(f"it cannot be started: {error.strerror}") from error
    with child:
        assert child.stdin and child.stdout and child.stderr  # noqa: S101 - they are pipes
        replies, messages = _Drain(child.stdout), _Drain(child.stderr)
        try:
            with contextlib.suppress(OSError):  # it has ended already: its exit code says so
                child.stdin.write(json.dumps(dict(request)).encode() + b"\n")
                child.stdin.close()
            child.wait(timeout_s)
        except subprocess.TimeoutExpired as error:
            raise WorkerFailed("it took too long") from error
        finally:
            child.kill()
            replies.join(_JOIN_S)
            messages.join(_JOIN_S)
    return _reply(replies, messages, child.returncode)


class _Drain(threading.Thread):
    """Reads a pipe to its end, so that the child never waits; keeps the end of what it read."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True, name="worker-pipe")
        self._pipe = pipe
        self.tail = b""
        self.n_bytes = 0
        self.start()

    def run(self) -> None:
        """Read until the child closes it."""
        with contextlib.suppress(OSError, ValueError):  # closed under us after a kill
            while block := self._pipe.read1(1 << 16):  # type: ignore[attr-defined]  # pipes are buffered readers
                self.n_bytes += len(block)
                self.tail = (self.tail + block)[-_MOST_REPLY_BYTES:]


def _reply(replies: _Drain, messages: _Drain, returncode: int) -> dict[str, Any]:  # Any: JSON
    """Judge what came back."""
    try:
        if replies.n_bytes > _MOST_REPLY_BYTES:
            raise ValueError("too much")
        untrusted = json.loads(replies.tail.splitlines()[-1])
        if not isinstance(untrusted, dict):
            raise TypeError("no object")
    except (ValueError, IndexError, TypeError, RecursionError) as error:
        tail = messages.tail[-_TAIL_BYTES:].decode("utf-8", "replace")
        log.warning("the worker ended with %s: %s", returncode, tail)
        raise WorkerFailed(f"exit code {returncode}") from error
    if "error" in untrusted:
        code, detail = str(untrusted["error"])[:80], str(untrusted.get("detail", ""))[:_DETAIL_CHARS]
        kinds = {kind.code: kind for kind in _WORKER_ERRORS}
        raise kinds[code](detail) if code in kinds else WorkerFailed(detail or code)
    return untrusted

"""The engine as a child process: JSON lines in on stdin, out on stdout (`python -m studiolo.service --home HOME`)."""

from __future__ import annotations

# First of all: nothing may reach the network, whatever is imported below.
from studiolo import offline

offline.prepare_environment()

import argparse
import logging
import logging.handlers
import os
import sys
import threading
from typing import BinaryIO

from studiolo.errors import EXIT_ENVIRONMENT, AssistantError, report
from studiolo.messages import (
    MAX_LINE_BYTES,
    EngineEvent,
    Notice,
    ProtocolError,
    Request,
    Result,
    Shutdown,
    decode_request,
    encode,
)
from studiolo.paths import AppPaths, app_paths, make_private

log = logging.getLogger(__name__)

LOCK_WAIT_S = 6.0
"""A window that is opened right after another was closed finds its engine still at its end, which may take 5 s."""
_LOG_BYTES = 2_000_000


_SWITCH_S = 0.0005


def keep_stdout() -> BinaryIO:
    """Keep file descriptor 1 for the protocol and point it at stderr, so that no library writes into it."""
    kept = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return kept


def log_to(paths: AppPaths) -> None:
    """Write the log into the data folder; it never holds text of documents, questions or answers."""
    handler = logging.handlers.RotatingFileHandler(
        paths.logs / "engine.log",
        maxBytes=_LOG_BYTES,
        backupCount=2,
        encoding="utf-8",
        errors="backslashreplace",
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


class LineWriter:
    """Writes events as lines, from any thread; once the reader has gone it writes no more."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self.reader_gone = threading.Event()

    def __call__(self, event: EngineEvent) -> None:
        """Write one event whole."""
        line = memoryview(encode(event))
        with self._lock:
            while line and not self.reader_gone.is_set():
                try:
                    line = line[self._stream.write(line) or 0 :]
                except OSError:
                    self.reader_gone.set()


def serve(paths: AppPaths, requests: BinaryIO, say: LineWriter) -> int:
    """Serve requests until `shutdown` or the end of the input; gives the exit code."""
    try:
        # Imported here, so that a window hears of an error in what the engine needs.
        from studiolo.engine import Engine
        from studiolo.workspace import Workspace

        engine = Engine(Workspace(paths, lock_wait_s=LOCK_WAIT_S), emit=say)
    except Exception as error:  # noqa: BLE001 - the process boundary: said, logged, and the process ends
        say(Notice(error=report(error).as_dict()))
        return EXIT_ENVIRONMENT
    engine.start()
    farewell: Request | None = None
    try:
        while farewell is None and (line := requests.readline(MAX_LINE_BYTES)):
            try:
                request = decode_request(line)
            except ProtocolError as error:
                say(Notice(error=report(error).as_dict()))
                continue
            if isinstance(request, Shutdown):
                farewell = request
            else:
                engine.submit(request)
    finally:
        engine.close()
    if farewell is not None:
        say(Result(request=farewell.id, value={}))
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run the engine of one data folder."""
    out = keep_stdout()
    parser = argparse.ArgumentParser(prog="studiolo engine")
    parser.add_argument("--home", default=None, help="the data folder (default: STUDIOLO_HOME, else the platform's)")
    options = parser.parse_args(arguments)
    make_private()
    # A question asks for Python's lock a dozen times, and indexing would give it back after 5 ms each time.
    sys.setswitchinterval(_SWITCH_S)
    state = offline.install_guards()
    say = LineWriter(out)
    try:
        paths = app_paths(options.home)
        paths.create()
        log_to(paths)
    except (OSError, AssistantError) as error:
        say(Notice(error=report(error).as_dict()))
        return EXIT_ENVIRONMENT
    log.info("engine starts; offline guards: %s", state.detail)
    code = serve(paths, sys.stdin.buffer, say)
    log.info("engine ends with %s", code)
    logging.shutdown()
    # Native libraries keep threads of their own; all that matters is closed, so nothing is waited for.
    os._exit(code)


if __name__ == "__main__":
    sys.exit(main())

"""Runs a command of `studiolo` in this process, as the entry point does but for its end; or the real one."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from studiolo import cli, console
from studiolo.service import keep_stdout

STUDIOLO = str(Path(sys.executable).with_name("studiolo"))


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # Any: a JSON document
        """The one JSON document on standard output; fails where there is anything else."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The error on standard output, which is worded in full."""
        error: dict[str, str] = self.document["error"]
        assert set(error) == {"code", "message", "hint"}
        assert all(error.values()), error
        assert error["message"] in self.err
        assert error["hint"] in self.err
        return error


@dataclass(frozen=True)
class CommandLine:
    """Runs commands on one data folder."""

    home: Path
    scratch: Path
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *words: str | Path, home: Path | str | None = None) -> Ran:
        """Run a command and give how it ended."""
        arguments = [*map(str, words), "--home", str(home or self.home)]
        with self._own_process() as (out, err):
            code = 0
            try:
                cli.app(arguments, prog_name="studiolo")
            except SystemExit as left:
                code = int(left.code or 0)
        return Ran(code, out.read_text(encoding="utf-8"), err.getvalue())

    def json(self, *words: str | Path, home: Path | str | None = None) -> Ran:
        """Run a command with --json."""
        return self(*words, "--json", home=home)

    def slice_of(self, place: dict[str, Any]) -> str:  # Any: a JSON document
        """Give the words at a place, as `text` prints them."""
        text: str = self.json("text", place["path"]).document["text"]
        return text[place["start"] : place["end"]]

    @contextlib.contextmanager
    def _own_process(self) -> Iterator[tuple[Path, io.StringIO]]:
        """Give a command its own standard output, and take back what it does to its process."""
        out, err = self.scratch / "stdout", io.StringIO()
        kept: list[BinaryIO] = []
        real = os.dup(1)
        file = os.open(out, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, 1)
        terminated, mask = signal.getsignal(signal.SIGTERM), os.umask(0o022)
        # As in a process of its own, whatever a test before it did to this one.
        interrupted = signal.signal(signal.SIGINT, signal.default_int_handler)

        def keep() -> BinaryIO:
            kept.append(keep_stdout())
            return kept[-1]

        with self.monkeypatch.context() as changed, contextlib.redirect_stderr(err):
            changed.setattr(console, "leave", sys.exit)
            changed.setattr(console, "keep_stdout", keep)
            try:
                yield out, err
            finally:
                os.dup2(real, 1)
                for stream in kept:
                    stream.close()
                os.close(real)
                os.close(file)
                os.umask(mask)
                signal.signal(signal.SIGTERM, terminated)
                signal.signal(signal.SIGINT, interrupted)


def run_child(words: Sequence[str | Path], *, home: Path, prefix: Sequence[str] = (), stdin: bytes = b"") -> Ran:
    """Run the installed command as a child process."""
    command = [*prefix, STUDIOLO, *map(str, words), "--home", str(home)]
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=100)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

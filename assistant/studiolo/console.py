"""How a command speaks: one JSON document or readable text on stdout, everything else on stderr, and exit codes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from studiolo.desk import Json
from studiolo.errors import EXIT_PROBLEM, AssistantError, ErrorReport, report
from studiolo.paths import app_paths, make_private
from studiolo.service import keep_stdout

if TYPE_CHECKING:
    from studiolo.workspace import Workspace

EXIT_INTERRUPTED = 130


class Console:
    """The two outputs of one command.

    Args:
        out: The real standard output; file descriptor 1 itself points at stderr.
        as_json: Whether the result is one JSON document.
    """

    def __init__(self, out: BinaryIO, *, as_json: bool) -> None:
        self._out = out
        self._as_json = as_json

    def result(self, document: object, lines: Iterable[str]) -> None:
        """Print the result: the document as JSON, or its lines for people."""
        if self._as_json:
            self.line(document)
            return
        self._write("".join(f"{_printable(line)}\n" for line in lines))

    def line(self, document: object) -> None:
        """Print one JSON document on a line, whatever was chosen."""
        self._write(json.dumps(document, ensure_ascii=True) + "\n")

    def note(self, text: str) -> None:
        """Say something that is no result."""
        sys.stderr.write(_printable(text) + "\n")

    def questions(self) -> Iterator[str]:
        """Give what is typed, or piped in, line by line, until it ends; a person is shown where to type."""
        while True:
            if sys.stdin.isatty():
                sys.stderr.write("> ")
                sys.stderr.flush()
            line = sys.stdin.readline()
            if not line:
                return
            if words := line.strip():
                yield words

    def failed(self, words: ErrorReport) -> None:
        """Say an error for people on stderr, and as the one JSON document where that was asked for."""
        self.note(f"{words.message}\n{words.hint} ({words.code})")
        if self._as_json:
            # What cannot be written may be this very output; then the words above must do.
            with contextlib.suppress(OSError):
                self.line({"error": words.as_dict()})

    def _write(self, text: str) -> None:
        view = memoryview(text.encode("utf-8", "backslashreplace"))
        while view:
            view = view[self._out.write(view) or 0 :]


def run(home: str | None, as_json: bool, command: Callable[[Workspace, Console], int]) -> int:
    """Open the data folder, run a command, word what goes wrong; gives the exit code."""
    out = keep_stdout()
    console = Console(out, as_json=as_json)
    make_private()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        # Imported here: it brings the store with it (2 s), which `--help` and `--version` do not need.
        from studiolo.workspace import Workspace

        return command(Workspace(app_paths(home)), console)
    except KeyboardInterrupt:
        console.note("Stopped; what was indexed is kept.")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        return EXIT_PROBLEM
    except Exception as error:  # noqa: BLE001 - the process boundary: every error is worded, none is a traceback
        words = report(error)
        console.failed(words)
        return words.exit_code


def leave(code: int) -> None:
    """End the process now: native libraries keep threads of their own, and nothing of ours is still open."""
    sys.stderr.flush()
    os._exit(code)


def read_rows(path: Path, field: str) -> list[tuple[object, str]]:
    """Read a JSONL file of {"id", field}, a row a line; whole, so that nothing is written for a file with a mistake.

    Raises:
        AssistantError: `question.bad_file` if it cannot be read, or a line lacks what it must have.
    """
    return [(row["id"], row[field]) for row in rows_of(path, read_lines(path), field)]


def rows_of(path: Path, lines: Iterable[str], field: str) -> Iterator[Json]:
    """Give the rows of a JSONL file's lines, each with an id and words in `field`; empty lines are passed over.

    Raises:
        AssistantError: `question.bad_file` if a line lacks what it must have.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row: Any = json.loads(line)  # Any: untrusted JSON, checked here
        except (ValueError, RecursionError) as error:
            raise AssistantError("question.bad_file", f"{path}, line {number}: no JSON") from error
        if not isinstance(row, dict) or not isinstance(row.get(field), str) or "id" not in row:
            raise AssistantError("question.bad_file", f"{path}, line {number}: no id or no {field}")
        yield row


def read_lines(path: Path) -> list[str]:
    """Read the lines of a file of questions that the user named.

    Raises:
        AssistantError: `question.bad_file` if it cannot be read.
    """
    # Not splitlines: a string of JSON may hold U+2028, which ends no line here.
    text = read_questions_text(path).replace("\r\n", "\n").replace("\r", "\n")
    return text.split("\n")


def read_questions_text(path: Path) -> str:
    """Read a file of questions that the user named, as it stands.

    Raises:
        AssistantError: `question.bad_file` if it cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise AssistantError("question.bad_file", f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise AssistantError("question.bad_file", f"{path}: it is no UTF-8") from error


def write_rows(path: Path, rows: Iterable[Json]) -> int:
    """Write results as JSONL, a line as soon as it is there; gives how many.

    Raises:
        AssistantError: `output.unwritable` if the file cannot be made.
    """
    count = 0
    with open_output(path) as stream:
        for row in rows:
            stream.write(json.dumps(row, ensure_ascii=True) + "\n")
            stream.flush()
            count += 1
    return count


def open_output(path: Path, *, newline: str | None = None, append: bool = False) -> TextIO:
    """Open a file that the user named for results, anew or to write on behind what it holds.

    Raises:
        AssistantError: `output.unwritable` if it cannot be made there.
    """
    try:
        return path.open("a" if append else "w", encoding="utf-8", errors="backslashreplace", newline=newline)
    except OSError as error:
        raise AssistantError("output.unwritable", f"{path}: {error.strerror}") from error


def place(row: Json) -> str:
    """Name a passage's place for people: its file, and page or part."""
    name = Path(row["path"]).name
    if row.get("page"):
        return f"{name}, p. {row['page']}"
    return f"{name}, {row['part']}" if row.get("part") else name


def _printable(text: str) -> str:
    """Make text safe for a terminal: no control characters but line ends and tabs (a file's name may hold any)."""
    shown = "".join(c if c in "\n\t" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return shown.encode("utf-8", "replace").decode("utf-8")


def _interrupt(signal_number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt

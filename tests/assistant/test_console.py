"""One JSON document or readable text on standard output, everything else on standard error, and an exit code."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from studiolo import console
from studiolo.console import Console, open_output, place, read_rows, run, write_rows
from studiolo.errors import AssistantError
from studiolo.workspace import Workspace
from studiolo_indexer.errors import FileFailure, StoreFull

SURROGATE = "caf\udce9.txt"


class OnePieceAtATime(io.BytesIO):
    """A pipe that takes ten bytes at a time."""

    def write(self, data: object) -> int:
        return super().write(bytes(memoryview(data)[:10]))  # type: ignore[arg-type]  # bytes-like, as BytesIO takes


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.BytesIO]:
    """What a command writes to; what it does to its process is taken back."""
    stream = OnePieceAtATime()
    monkeypatch.setattr(console, "keep_stdout", lambda: stream)
    monkeypatch.setattr(console, "make_private", lambda: None)
    handler = signal.getsignal(signal.SIGTERM)
    yield stream
    signal.signal(signal.SIGTERM, handler)


def fail_with(error: BaseException) -> Callable[[Workspace, Console], int]:
    def command(workspace: Workspace, out: Console) -> int:
        raise error

    return command


def test_a_result_is_one_document_or_lines_for_people() -> None:
    for as_json, expected in ((True, b'{"a": 1}\n'), (False, b"one\ntwo\n")):
        stream = OnePieceAtATime()
        Console(stream, as_json=as_json).result({"a": 1}, ["one", "two"])
        assert stream.getvalue() == expected


def test_a_long_document_is_written_whole_to_a_slow_pipe() -> None:
    stream = OnePieceAtATime()
    Console(stream, as_json=True).result({"text": "x" * 5000}, [])
    assert json.loads(stream.getvalue())["text"] == "x" * 5000


def test_any_name_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """S10: lone surrogates and control characters; JSON keeps them as escapes, a terminal never sees them."""
    stream = io.BytesIO()
    Console(stream, as_json=True).line({"path": SURROGATE, "other": "\x1b[31m"})
    assert json.loads(stream.getvalue()) == {"path": SURROGATE, "other": "\x1b[31m"}
    stream = io.BytesIO()
    speaker = Console(stream, as_json=False)
    speaker.result({}, [SURROGATE, "\x1b]0;title\x07\r\u202eevil"])
    speaker.note(f"{SURROGATE} \x1b[2J")
    shown = stream.getvalue().decode() + capsys.readouterr().err
    assert not set("\x1b\x07\r\u202e") & set(shown)
    assert "caf" in shown


@pytest.mark.parametrize(
    ("error", "exit_code", "code"),
    [
        (AssistantError("question.empty"), 2, "question.empty"),
        (FileFailure("file.damaged", "It is damaged."), 1, "file.damaged"),
        (StoreFull("No space left on device"), 3, "store.full"),
        (OSError(28, "No space left on device"), 3, "store.full"),
        (PermissionError(13, "Permission denied", "/data"), 3, "store.unwritable"),
    ],
)
def test_an_error_is_one_document_words_and_an_exit_code(
    out: io.BytesIO, tmp_path: Path, capsys: pytest.CaptureFixture[str], error: Exception, exit_code: int, code: str
) -> None:
    assert run(str(tmp_path / "home"), True, fail_with(error)) == exit_code
    document = json.loads(out.getvalue())
    assert document["error"]["code"] == code
    assert document["error"]["hint"] in capsys.readouterr().err


def test_without_json_an_error_leaves_standard_output_empty(out: io.BytesIO, tmp_path: Path) -> None:
    assert run(str(tmp_path / "home"), False, fail_with(AssistantError("question.empty"))) == 2
    assert out.getvalue() == b""


def test_an_interrupt_ends_with_130_and_no_error(out: io.BytesIO, tmp_path: Path) -> None:
    assert run(str(tmp_path / "home"), True, fail_with(KeyboardInterrupt())) == 130
    assert out.getvalue() == b""


TERMINATED = """
import signal, sys
from studiolo.console import run
sys.exit(run(sys.argv[1], True, lambda workspace, out: signal.raise_signal(signal.SIGTERM) or 0))
"""


def test_a_request_to_terminate_is_an_interrupt(tmp_path: Path) -> None:
    """In a process of its own: the signal would end the test runner where anything has taken the handler away."""
    command = [sys.executable, "-c", TERMINATED, str(tmp_path / "home")]
    done = subprocess.run(command, check=False, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout) == (130, b"")


def test_a_reader_that_went_away_is_no_error_of_ours(
    out: io.BytesIO, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(tmp_path / "home"), True, fail_with(BrokenPipeError())) == 1
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_results_that_go_to_a_full_disk_end_with_words_and_no_traceback(
    out: io.BytesIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command(workspace: Workspace, speaker: Console) -> int:
        speaker.result({"a": 1}, [])
        return 0

    full: BinaryIO
    with open("/dev/full", "wb", buffering=0) as full:
        monkeypatch.setattr(console, "keep_stdout", lambda: full)
        assert run(str(tmp_path / "home"), True, command) == 3
    assert "store.full" in capsys.readouterr().err


def test_a_home_of_nobody_is_named(out: io.BytesIO) -> None:
    assert run("~nobody-of-this-name/data", True, lambda workspace, speaker: 0) == 2
    assert json.loads(out.getvalue())["error"]["code"] == "path.bad"


def test_rows_keep_their_ids_and_ignore_what_they_do_not_know(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id":"a","question":"One?","more":[1]}\n\n  \n{"id":null,"question":"Two?"}\n', encoding="utf-8")
    assert read_rows(path, "question") == [("a", "One?"), (None, "Two?")]


def test_rows_are_read_as_question_sets_are(tmp_path: Path) -> None:
    """A mark of the byte order goes before the first, and a line separator within a question ends no line."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes('\ufeff{"id":"a","question":"One\u2028or two?"}\r\n'.encode())
    assert read_rows(path, "question") == [("a", "One\u2028or two?")]


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\xff\xfe\x00")
    for place_of in (path, tmp_path, tmp_path / "nowhere"):
        with pytest.raises(AssistantError) as caught:
            read_rows(place_of, "question")
        assert caught.value.code == "question.bad_file"
        assert "Errno" not in str(caught.value)


def test_each_result_is_in_the_file_before_the_next_is_made(tmp_path: Path) -> None:
    """A run of an hour that is killed keeps what it had."""
    path = tmp_path / "out.jsonl"
    lines_before: list[int] = []

    def rows() -> Iterator[dict[str, object]]:
        for n in range(3):
            lines_before.append(path.read_text().count("\n"))
            yield {"n": n, "path": SURROGATE}

    assert write_rows(path, rows()) == 3
    assert lines_before == [0, 1, 2]
    assert json.loads(path.read_text().splitlines()[2]) == {"n": 2, "path": SURROGATE}


def test_what_is_written_on_behind_a_file_is_kept_with_it(tmp_path: Path) -> None:
    for append in (False, True):
        with open_output(tmp_path / "rows", append=append) as stream:
            stream.write("row\n")
    assert (tmp_path / "rows").read_text(encoding="utf-8") == "row\nrow\n"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "out.csv"):
        with pytest.raises(AssistantError) as caught:
            open_output(path)
        assert caught.value.code == "output.unwritable"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"path": "/docs/leave.pdf", "page": 3, "part": "Leave"}, "leave.pdf, p. 3"),
        ({"path": "/docs/leave.md", "page": None, "part": "Leave"}, "leave.md, Leave"),
        ({"path": "/docs/leave.txt", "page": None, "part": ""}, "leave.txt"),
    ],
)
def test_a_place_is_named_by_file_and_page_or_part(row: dict[str, object], words: str) -> None:
    assert place(row) == words


@pytest.mark.parametrize(("at_a_terminal", "shown"), [(True, "> > > > "), (False, "")])
def test_a_person_is_shown_where_to_type_a_pipe_is_not(
    at_a_terminal: bool, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = io.StringIO("Who pays?\n \n And when?")
    monkeypatch.setattr(typed, "isatty", lambda: at_a_terminal, raising=False)
    monkeypatch.setattr(sys, "stdin", typed)
    assert list(Console(io.BytesIO(), as_json=False).questions()) == ["Who pays?", "And when?"]
    assert capsys.readouterr() == ("", shown)

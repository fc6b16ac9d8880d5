"""Whatever a worker does, the caller gets a reply or a named error, and no process stays."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest

from studiolo_models.errors import ModelDamaged, ModelError, TrainingExtraMissing, WorkerFailed
from studiolo_models.worker_client import ask_worker

TIME_LIMIT_S = 60.0
ENDED = pytest.mark.logs("the worker ended with")


def ask(code: str, *, timeout_s: float = TIME_LIMIT_S, **request: str) -> dict[str, object]:
    return ask_worker([sys.executable, "-I", "-c", f"import sys, json, os\n{code}"], request, timeout_s=timeout_s)


def test_the_request_goes_in_and_the_reply_comes_out() -> None:
    assert ask("print(json.dumps({'got': json.loads(sys.stdin.readline())}))", op="x", text="é\n😀") == {
        "got": {"op": "x", "text": "é\n😀"}
    }


def test_the_last_line_is_the_reply() -> None:
    assert ask("print('a library talks'); print('{\"fine\": 1}')") == {"fine": 1}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("model.damaged", ModelDamaged),
        ("model.training_extra_missing", TrainingExtraMissing),
        ("something.else", WorkerFailed),
        ("model.wrong_base_for_lora", WorkerFailed),
    ],
)
def test_an_error_of_the_worker_is_raised_by_its_code(code: str, kind: type[ModelError]) -> None:
    with pytest.raises(kind, match="why it is so") as caught:
        ask(f"print(json.dumps({{'error': {code!r}, 'detail': 'why it is so' + 'x' * 5000}}))")
    assert type(caught.value) is kind
    assert len(str(caught.value)) < 400


@ENDED
@pytest.mark.parametrize(
    "code",
    [
        "pass",
        "raise SystemExit(3)",
        "os.kill(os.getpid(), 9)",
        "print('no json')",
        "print('[1]')",
        "print('{\"cut\": ')",
        "sys.stdout.buffer.write(b'\\xff\\xfe')",
        "print('[' * 100000)",
    ],
)
def test_a_worker_without_a_reply_has_failed(code: str) -> None:
    with pytest.raises(WorkerFailed, match="exit code"):
        ask(code)


@ENDED
def test_a_flood_is_bounded_and_fails() -> None:
    with pytest.raises(WorkerFailed):
        ask("sys.stdout.write('x' * 50_000_000 + '\\n{}')")


def test_a_flood_of_messages_does_no_harm() -> None:
    assert ask("sys.stderr.write('x' * 50_000_000); print('{}')") == {}


def test_a_worker_that_does_not_end_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = f"open({str(note)!r}, 'w').write(str(os.getpid()))\nwhile True: pass"
    with pytest.raises(WorkerFailed, match="too long"):
        ask(code, timeout_s=3.0)
    assert not psutil.pid_exists(int(note.read_text()))


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(WorkerFailed, match="cannot be started"):
        ask_worker(["/no/such/program"], {"op": "x"}, timeout_s=TIME_LIMIT_S)

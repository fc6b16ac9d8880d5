"""The program: its command line, its log, what happens to an error that nobody expected, and its end."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted_window import Json, scripted_command

from studiolo.paths import AppPaths, app_paths
from studiolo_desktop import app
from studiolo_desktop.main_window import MainWindow

UTTERED = "zebrafish-4711"
# Runs the program as its script does, but with an engine that follows a script; ends as `act` says.
RUN = """
import json, sys
from PySide6.QtCore import QTimer
from studiolo_desktop import app, building
from studiolo_desktop.engine_client import Exchange, Patience
command, home, folders = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3:]
build = building.build
app.engine_command = lambda paths: command
def build_and_act(application, command, paths):
    parts = build(application, command, paths, patience=Patience(shutdown_ms=2000))
    act(parts)
    return parts
def say(**words):
    sys.stdout.write(json.dumps(words) + "\\n")
building.build = build_and_act
{act}
sys.exit(app.main(["--home", home, *folders]))
"""
ASK_AND_CRASH = """
def act(parts):
    bar = parts.window.ask.bar
    def ask(hello):
        bar.set_question("{secret}")
        bar.input.submitted.emit()
    parts.client.greeted.connect(ask)
    parts.client.crashed.connect(lambda error: parts.window.close())
"""
BREAK = """
def act(parts):
    def fail():
        raise ZeroDivisionError("{secret}")
    def look():
        reports = parts.window.messages.reports()
        say(visible=parts.window.isVisible(), codes=[r.code for r in reports], words=[r.message for r in reports])
        parts.window.close()
    def greeted(hello):
        QTimer.singleShot(0, fail)
        QTimer.singleShot(50, look)
    parts.client.greeted.connect(greeted)
"""
COPY = """
def act(parts):
    def copy(request, value):
        parts.window.ask.current.copy()
        QTimer.singleShot(0, parts.window.close)
    def ask(hello):
        parts.window.ask.bar.set_question("{secret}")
        parts.window.ask.bar.input.submitted.emit()
        parts.client.findChildren(Exchange)[-1].done.connect(copy)
    parts.client.greeted.connect(ask)
"""
FAIL = """
def act(parts):
    def look(state):
        if state == "failed":
            say(code=parts.client.last_error.code)
            parts.window.close()
    parts.client.state_changed.connect(look)
"""
OFFERED = """
def act(parts):
    def look(hello):
        say(offered=parts.window.sheet.isVisible(), codes=[r.code for r in parts.window.messages.reports()])
        parts.window.close()
    parts.client.greeted.connect(look)
"""
SECOND = """
def act(parts):
    from PySide6.QtCore import QProcess
    second = QProcess(parts.window)
    def ended(code, status):
        say(code=code, offered=parts.window.sheet.isVisible(), visible=parts.window.isVisible())
        parts.window.close()
    def greeted(hello):
        program = "import sys; from studiolo_desktop import app; sys.exit(app.main(sys.argv[1:]))"
        second.start(sys.executable, ["-c", program, "--home", home, home])
    second.finished.connect(ended)
    parts.client.greeted.connect(greeted)
"""


def run(tmp_path: Path, act: str, *folders: str, home: Path | None = None, **script: object) -> tuple[Json, str]:
    """Run the program until it ends by itself; gives what it said, and its log."""
    home = home or tmp_path / "home"
    command = json.dumps(scripted_command(tmp_path, **script))
    code = RUN.replace("{act}", act.replace("{secret}", UTTERED))
    done = subprocess.run(
        [sys.executable, "-c", code, command, str(home), *folders], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
    log = home / "logs" / "window.log"
    return said, log.read_text(encoding="utf-8") if log.exists() else ""


@pytest.fixture
def own_logging() -> Iterator[None]:
    """Give the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in [h for h in root.handlers if h not in handlers]:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_the_command_line_takes_folders_and_a_home() -> None:
    options = app.parse(["--home", "/data", "a", "b"])
    assert (options.home, options.folders, options.version) == ("/data", ["a", "b"], False)


def test_the_engine_is_started_apart_from_the_users_own_python(tmp_path: Path) -> None:
    command = app.engine_command(AppPaths(tmp_path))
    assert command == [sys.executable, "-I", "-m", "studiolo.service", "--home", str(tmp_path)]


@pytest.mark.usefixtures("own_logging")
def test_the_log_lies_in_the_data_folder_for_the_user_alone(tmp_path: Path) -> None:
    paths = app_paths(tmp_path / "home")
    assert app.log_to(paths) is None
    logging.getLogger("studiolo_desktop").info("a line")
    assert "a line" in (paths.logs / "window.log").read_text(encoding="utf-8")
    if os.name == "posix":
        assert paths.logs.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("own_logging")
def test_a_data_folder_that_cannot_be_made_is_reported_and_not_raised(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    report = app.log_to(app_paths(tmp_path / "home"))
    assert report is not None
    assert report.code == "store.unwritable"


@pytest.mark.logs("bug ")
def test_an_error_nobody_expected_is_shown_without_its_words_and_the_window_stays(window: MainWindow) -> None:
    error = ZeroDivisionError(UTTERED)
    app.ErrorHook(window)(ZeroDivisionError, error, None)
    (report,) = window.messages.reports()
    assert report.code == "bug.unexpected"
    assert "ZeroDivisionError" in report.message
    assert UTTERED not in report.message
    assert window.isVisible()


def test_an_interrupt_closes_the_window(window: MainWindow) -> None:
    app.ErrorHook(window)(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not window.isVisible()


def test_the_log_tells_of_a_crash_and_never_what_was_asked_and_is_private(tmp_path: Path) -> None:
    _, log = run(tmp_path, ASK_AND_CRASH, crash_on="ask", stderr="a native library gave up")
    assert "the engine ended" in log
    assert "a native library gave up" in log
    assert UTTERED not in log
    if os.name == "posix":
        assert (tmp_path / "home" / "logs" / "window.log").stat().st_mode & 0o077 == 0


def test_an_error_in_the_running_window_is_shown_and_logged_and_the_window_stays(tmp_path: Path) -> None:
    said, log = run(tmp_path, BREAK)
    assert said["visible"] is True
    assert said["codes"] == ["bug.unexpected"]
    assert "ZeroDivisionError" in log
    assert UTTERED not in log + str(said)


def test_an_answer_in_the_clipboard_does_not_crash_the_end_of_the_program(tmp_path: Path) -> None:
    said, _ = run(tmp_path, COPY)  # it ends with 0; Qt would free a clipboard's Python object after Python's end
    assert said == {}


def test_a_window_whose_engine_cannot_run_still_ends_the_program(tmp_path: Path) -> None:
    locked = {"code": "store.locked", "message": "Another Studiolo is using this.", "hint": "Close it."}
    said, _ = run(tmp_path, FAIL, notice_on={"start": [locked]}, exit_code=3)
    assert said == {"code": "store.locked"}


def test_folders_on_the_command_line_are_offered_and_others_explained(tmp_path: Path) -> None:
    said, _ = run(tmp_path, OFFERED, str(tmp_path), str(tmp_path / "gone"))
    assert said == {"offered": True, "codes": ["folder.missing"]}


def test_a_second_start_hands_its_folder_to_the_first_and_ends(tmp_path: Path) -> None:
    said, _ = run(tmp_path, SECOND)
    assert said == {"code": 0, "offered": True, "visible": True}


def test_how_the_window_stood_is_kept_in_the_data_folder_for_the_user_alone(tmp_path: Path) -> None:
    run(tmp_path, OFFERED)
    state = tmp_path / "home" / "window.json"
    assert json.loads(state.read_bytes())["page"] == "ask"
    if os.name == "posix":
        assert state.stat().st_mode & 0o777 == 0o600
        assert not (tmp_path / "home" / "window.socket").exists()


def test_the_window_opens_although_its_data_folder_cannot_be_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file where the folder should be")
    said, _ = run(tmp_path, OFFERED, home=home)
    assert said["codes"] == ["store.unwritable"]

"""One window for each data folder: the second start hands over, and a socket that nobody listens on is no obstacle."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot
from scripted_window import LIMIT_MS

from studiolo.paths import AppPaths
from studiolo_desktop.single_instance import SingleInstance, address_of, folders_in

SECOND = """
import os, sys
from studiolo import offline
offline.prepare_environment()
state = offline.install_guards()
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from studiolo.paths import AppPaths
from studiolo_desktop.single_instance import SingleInstance
app = QCoreApplication([])
instance = SingleInstance(AppPaths(Path(sys.argv[1])))
taken = instance.hand_over(sys.argv[2:])
print("taken" if taken else "listening" if instance.is_listening() else "alone", flush=True)
if sys.argv[2:] == ["--stay"]:
    sys.stdin.read()
    os._exit(9)
"""
POSIX = pytest.mark.skipif(os.name != "posix", reason="a named pipe on Windows is no file")


@pytest.fixture
def paths(tmp_path: Path) -> AppPaths:
    """Give a data folder."""
    paths = AppPaths(tmp_path / "home")
    paths.create()
    return paths


def second(paths: AppPaths, *folders: str) -> subprocess.Popen[str]:
    """Start the program once more, under the offline guards, as far as its socket."""
    return subprocess.Popen(
        [sys.executable, "-c", SECOND, str(paths.home), *folders],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        cwd=paths.home,
    )


def test_the_first_start_listens_and_the_second_hands_over_its_folders(paths: AppPaths, qtbot: QtBot) -> None:
    first = SingleInstance(paths)
    assert not first.hand_over(["unused"])
    assert first.is_listening()
    with qtbot.waitSignal(first.called, timeout=LIMIT_MS) as called:
        child = second(paths, "papers", "/absolute/büro")
    assert called.args == [[str(paths.home / "papers"), "/absolute/büro"]]
    out, _ = child.communicate(timeout=30)
    assert out.strip() == "taken"
    first.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_a_folder_whose_name_is_no_text_arrives_letter_for_letter(paths: AppPaths, qtbot: QtBot) -> None:
    first = SingleInstance(paths)
    first.hand_over([])
    with qtbot.waitSignal(first.called, timeout=LIMIT_MS) as called:
        child = second(paths, os.fsdecode(b"/odd-\xff"))
    assert called.args == [["/odd-\udcff"]]
    child.communicate(timeout=30)
    first.close()


@POSIX
def test_the_socket_of_a_killed_window_is_no_obstacle(paths: AppPaths, qtbot: QtBot) -> None:
    child = second(paths, "--stay")
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "listening"
    child.kill()
    child.wait(timeout=30)
    assert Path(address_of(paths)).exists()
    heir = SingleInstance(paths)
    assert not heir.hand_over([])
    assert heir.is_listening()
    with qtbot.waitSignal(heir.called, timeout=LIMIT_MS):
        third = second(paths)
    assert third.communicate(timeout=30)[0].strip() == "taken"
    heir.close()
    child.communicate(timeout=30)


@POSIX
def test_a_file_in_the_sockets_place_is_no_obstacle_either(paths: AppPaths) -> None:
    Path(address_of(paths)).write_text("not a socket")
    instance = SingleInstance(paths)
    assert not instance.hand_over([])
    assert instance.is_listening()
    instance.close()


@POSIX
def test_the_socket_is_a_unix_socket_for_the_user_alone(paths: AppPaths) -> None:
    instance = SingleInstance(paths)
    instance.hand_over([])
    path = Path(address_of(paths))
    assert path.parent == paths.home.resolve()
    assert path.is_socket()
    assert path.stat().st_mode & 0o077 == 0
    instance.close()
    assert not path.exists()


def test_a_window_that_does_not_answer_counts_as_gone(paths: AppPaths) -> None:
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("Python has no such sockets here")
    deaf = socket.socket(socket.AF_UNIX)
    deaf.bind(address_of(paths))
    deaf.listen()
    instance = SingleInstance(paths, patience_ms=100)
    assert not instance.hand_over([])
    assert instance.is_listening()
    instance.close()
    deaf.close()


def test_a_window_that_is_closing_is_not_found(paths: AppPaths) -> None:
    first = SingleInstance(paths)
    first.hand_over([])
    first.close()
    assert not first.is_listening()
    child = second(paths)
    assert child.communicate(timeout=30)[0].strip() == "listening"


def test_a_data_folder_that_cannot_be_written_opens_a_window_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    instance = SingleInstance(AppPaths(tmp_path / "file" / "home"), patience_ms=100)
    assert not instance.hand_over([])
    assert not instance.is_listening()


def test_another_data_folder_has_another_window(paths: AppPaths, tmp_path: Path) -> None:
    first = SingleInstance(paths)
    first.hand_over([])
    other = AppPaths(tmp_path / "other")
    other.create()
    assert second(other).communicate(timeout=30)[0].strip() == "listening"
    first.close()


def test_a_path_that_is_too_long_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    long, longer = AppPaths(tmp_path / ("a" * 120)), AppPaths(tmp_path / ("b" * 120))
    assert len(os.fsencode(address_of(long))) <= 104
    assert address_of(long) != address_of(longer)


@pytest.mark.parametrize(
    "words", [b"\n", b"{\n", b"[]\n", b"null\n", b'{"folders": "x"}\n', b"[" * 50_000 + b"\n", b"\xff\n"]
)
def test_what_is_no_message_is_left_unanswered(paths: AppPaths, qtbot: QtBot, words: bytes) -> None:
    assert folders_in(words) is None
    first = SingleInstance(paths)
    first.hand_over([])
    caller = QLocalSocket()
    caller.connectToServer(first.address)
    with qtbot.assertNotEmitted(first.called), qtbot.waitSignal(caller.disconnected, timeout=LIMIT_MS):
        caller.write(words)
    assert bytes(caller.readAll().data()) == b""
    first.close()


def test_a_flood_is_cut_off(paths: AppPaths, qtbot: QtBot) -> None:
    first = SingleInstance(paths)
    first.hand_over([])
    caller = QLocalSocket()
    caller.connectToServer(first.address)
    with qtbot.assertNotEmitted(first.called), qtbot.waitSignal(caller.disconnected, timeout=LIMIT_MS):
        caller.write(b"x" * 2_000_000)
    first.close()


def test_what_is_no_folder_is_left_out() -> None:
    assert folders_in(json.dumps({"folders": ["/a", "", 3, None, "/b\0c"]}).encode()) == ["/a"]

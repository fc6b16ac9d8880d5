"""Originals are handed to the desktop by their bytes, and to Qt where there is no desktop to ask."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from desktop_services import MANAGER, PORTAL
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from studiolo_desktop.opening import Opener, file_url

SCRIPT = Path(__file__).resolve().parent.parent / "support" / "desktop_services.py"
ODD = "a#b?c%20 &;$(id) Ä.pdf"


def address(path: Path) -> str:
    """Give the address of a file as it is handed over."""
    return bytes(file_url(str(path)).toEncoded().data()).decode()


class Bus:
    """A session's bus of its own, with the services that a test wants."""

    def __init__(self, folder: Path) -> None:
        self._daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address=1", f"--address=unix:dir={folder}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._daemon.stdout is not None
        self._environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": self._daemon.stdout.readline().strip()}
        self._services: subprocess.Popen[str] | None = None

    def offer(self, *names: str) -> None:
        self._services = subprocess.Popen(
            [sys.executable, SCRIPT, "serve", *names],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self._environment,
        )
        assert self._services.stdout is not None
        assert "ready" in self._services.stdout.readline()

    def ask(self, path: Path) -> list[dict[str, object]]:
        """Open and show a path; gives what services were asked, then what was done without them."""
        done = subprocess.run(
            [sys.executable, SCRIPT, "ask", path], env=self._environment, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        said = ""
        if self._services is not None:
            said, _ = self._services.communicate("end\n", timeout=30)
        return [json.loads(line) for line in (said + done.stdout).splitlines()]

    def close(self) -> None:
        for process in (self._services, self._daemon):
            if process is not None:
                process.kill()
                process.communicate()


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    if sys.platform != "linux" or shutil.which("dbus-daemon") is None:
        pytest.skip("needs a D-Bus of its own: dbus-daemon is not installed")
    made = Bus(tmp_path)
    yield made
    made.close()


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / ODD
    path.write_text("x")
    return path


def test_the_desktop_is_given_the_file_itself_and_the_file_manager_its_address(bus: Bus, original: Path) -> None:
    bus.offer(MANAGER, PORTAL)
    told = bus.ask(original)
    assert {"opened": str(original)} in told
    assert {"shown": [address(original)]} in told
    assert len(told) == 2


def test_without_these_services_it_is_opened_and_its_folder_shown_all_the_same(bus: Bus, original: Path) -> None:
    told = bus.ask(original)
    assert {"here": address(original)} in told
    assert {"here": f"file://{original.parent}"} in told


def test_a_link_is_not_handed_to_the_desktop(bus: Bus, original: Path) -> None:
    """It was a file when the engine looked; it is opened in no way then."""
    link = original.with_name("link.pdf")
    link.symlink_to(original)
    bus.offer(MANAGER, PORTAL)
    told = bus.ask(link)
    assert {"failed": "original.elsewhere", "path": str(link)} in told
    assert not [line for line in told if "opened" in line or "here" in line]


class Programs(QObject):
    """Stands for the programs that Qt would start."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.urls.append(bytes(url.toEncoded().data()).decode())


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Programs]:
    """No D-Bus, as on other systems; nothing is really opened."""
    monkeypatch.setattr("studiolo_desktop.opening.sys.platform", "other")
    made = Programs()
    QDesktopServices.setUrlHandler("file", made, "take")  # type: ignore[arg-type]  # what it takes is a text
    yield made
    QDesktopServices.unsetUrlHandler("file")


def test_elsewhere_qt_opens_the_file_and_shows_its_folder(qtbot: QtBot, programs: Programs, original: Path) -> None:
    opener = Opener()
    opener.open(str(original))
    opener.show(str(original))
    assert programs.urls == [address(original), f"file://{original.parent}"]


@pytest.mark.skipif(os.name == "nt", reason="the system has no way to refuse a link there")
def test_elsewhere_a_link_is_not_opened_either(qtbot: QtBot, programs: Programs, original: Path) -> None:
    link = original.with_name("link.pdf")
    link.symlink_to(original)
    opener = Opener()
    for path in (link, link.with_name("gone.pdf")):
        with qtbot.waitSignal(opener.failed, timeout=1000) as failed:
            opener.open(str(path))
        assert failed.args == ["original.elsewhere", str(path)]
    assert programs.urls == []


@pytest.mark.parametrize(("ask", "code"), [("open", "original.not_opened"), ("show", "original.not_shown")])
def test_what_could_not_be_started_is_told(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, original: Path, ask: str, code: str
) -> None:
    monkeypatch.setattr("studiolo_desktop.opening.sys.platform", "other")
    monkeypatch.setattr("studiolo_desktop.opening.QDesktopServices.openUrl", lambda url: False)
    opener = Opener()
    with qtbot.waitSignal(opener.failed, timeout=1000) as failed:
        getattr(opener, ask)(str(original))
    assert failed.args == [code, str(original)]


@pytest.mark.skipif(os.name != "posix", reason="names are Unicode here")
def test_an_address_keeps_every_byte_of_a_name() -> None:
    url = file_url("/docs/caf\udce9 #?%.pdf")
    assert bytes(url.toEncoded().data()) == b"file:///docs/caf%E9%20%23%3F%25.pdf"
    assert file_url(f"/docs/{ODD}").toLocalFile() == f"/docs/{ODD}"

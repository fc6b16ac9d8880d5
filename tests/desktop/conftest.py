"""The window over a scripted engine, and an engine client alone; both are ended with the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted_window import LIMIT_MS, QUICK, MakeClient, OpenScene, Scene, scripted_command

from studiolo_desktop.engine_client import EngineClient, Patience
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.theme import LIGHT, Theme


def end(client: EngineClient, qtbot: QtBot) -> None:
    """End an engine as the window does, and wait for it."""
    client.shutdown()
    qtbot.waitUntil(lambda: client.pid() == 0, timeout=LIMIT_MS)


@pytest.fixture
def open_scene(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[OpenScene]:
    """Give a function that opens the window over an engine with a script and waits until its library is shown."""
    scenes: list[Scene] = []

    def open_one(*, settle: bool = True, patience: Patience = QUICK, **script: object) -> Scene:
        folder = tmp_path / f"scene-{len(scenes)}"
        folder.mkdir()
        scene = Scene.build(qtbot, qapp, folder, patience=patience, **script)
        scenes.append(scene)
        scene.show()
        if settle:
            scene.settle()
        return scene

    yield open_one
    for scene in scenes:
        end(scene.client, qtbot)
        scene.window.hide()
        scene.window.deleteLater()


@pytest.fixture
def make_client(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeClient]:
    """Give a function that makes a client, not started, of an engine with a script."""
    clients: list[EngineClient] = []

    def make(*, patience: Patience = QUICK, command: list[str] | None = None, **script: object) -> EngineClient:
        client = EngineClient(command or scripted_command(tmp_path, **script), patience=patience)
        clients.append(client)
        return client

    yield make
    for client in clients:
        end(client, qtbot)
        client.deleteLater()


@pytest.fixture(autouse=True)
def no_widget_is_left() -> Iterator[None]:
    """Delete what a test has given up, so that the next one styles and finds its own widgets alone."""
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(scope="session")
def one_theme(qapp: QApplication) -> Theme:
    """Give one theme to all tests: to style the program takes time."""
    return Theme(qapp)


@pytest.fixture
def theme(one_theme: Theme) -> Theme:
    """Give the theme in its light scheme."""
    if one_theme.tokens != LIGHT:
        one_theme.use(LIGHT)
    return one_theme


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> Iterator[MainWindow]:
    """Give the window without an engine, shown."""
    window = MainWindow(theme)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=LIMIT_MS)
    yield window
    window.hide()
    window.deleteLater()

"""Window, engine client and session as one; the engine starts behind a window that stands already."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted_window import OpenScene, scripted_command

from studiolo.paths import AppPaths
from studiolo_desktop.building import build


def test_the_engine_starts_only_when_the_window_stands_and_only_once(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.window.hide()
    scene.window.show()
    scene.answered()
    assert len(scene.requests("hello")) == 1


def test_nothing_runs_before_the_window_is_shown(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    parts = build(qapp, scripted_command(tmp_path), AppPaths(tmp_path / "data"))
    qapp.processEvents()
    assert (parts.client.state, parts.client.pid()) == ("stopped", 0)
    assert not (tmp_path / "data").exists()
    parts.window.deleteLater()


def test_everything_belongs_to_the_window(open_scene: OpenScene) -> None:
    parts = open_scene().parts
    assert [
        part.parent()
        for part in (parts.client, parts.session, parts.theme, parts.commander, parts.memory, parts.notices)
    ] == [parts.window] * 6


def test_closing_the_window_ends_the_engine_and_then_the_window(open_scene: OpenScene) -> None:
    scene = open_scene()
    with scene.qtbot.waitSignal(scene.client.closed):
        scene.window.close()
        assert not scene.window.isVisible()  # at once, whatever the engine does
    assert scene.client.pid() == 0
    assert scene.requests("shutdown")

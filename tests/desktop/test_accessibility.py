"""Without eyes and without a mouse: in every view what takes the keyboard has a name, and Tab comes to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from scripted_window import OpenScene, Scene
from window_views import controls, name_of, stops, views

MOST_STOPS = 200


def reached(scene: Scene) -> set[QWidget]:
    """Press Tab until it has gone round, and give what had the keyboard."""
    passed: set[QWidget] = set()
    new, since_new = 0, 0
    while since_new < 40 and len(passed) < MOST_STOPS:  # an answer's links are one widget and several stops
        scene.key(Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is not None:
            passed.add(focused)
        since_new = 0 if len(passed) > new else since_new + 1
        new = len(passed)
    return passed


@pytest.mark.logs("the engine ended (exit")
def test_in_every_view_each_control_has_a_name_and_is_reached_with_tab(open_scene: OpenScene, tmp_path: Path) -> None:
    nameless, unreached = {}, {}
    for view, scene in views(open_scene, tmp_path):
        scene.window.activateWindow()
        scene.wait(scene.window.isActiveWindow)
        wanted = stops(scene.window)
        if silent := [name_of(w) for w in wanted if not w.accessibleName()]:
            nameless[view] = silent
        passed = reached(scene)
        if missed := [name_of(w) for w in wanted if w not in passed and w.isVisible()]:
            unreached[view] = missed
    assert nameless == {}
    assert unreached == {}


@pytest.mark.logs("the engine ended (exit")
def test_a_screen_reader_is_told_the_names(open_scene: OpenScene, tmp_path: Path) -> None:
    """What Qt gives to a screen reader, not only what we have set."""
    silent = {}
    for view, scene in views(open_scene, tmp_path):
        nameless = []
        for widget in controls(scene.window):
            told = QAccessible.queryAccessibleInterface(widget)
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not told.text(QAccessible.Text.Name):
                nameless.append(name_of(widget))
        if nameless:
            silent[view] = nameless
    assert silent == {}


def test_nothing_behind_a_sheet_is_reached_and_shift_tab_goes_round_as_well(
    open_scene: OpenScene, tmp_path: Path
) -> None:
    scene = open_scene()
    scene.window.offer_folders([str(tmp_path)])
    inside = reached(scene)
    assert {part.accessibleName() for part in inside} == {"Collection for the new folders", "Cancel", "Add folder"}
    scene.window.sheet.name.setFocus()
    scene.key(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert scene.button("Add folder", scene.window.sheet).hasFocus()


def test_nothing_behind_an_open_palette_is_reached(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.parts.commander.open_palette()
    assert reached(scene) == {scene.window.finder.field}

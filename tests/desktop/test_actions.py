"""One table: shortcuts, palette and the page of shortcuts cannot disagree."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from scripted_window import OpenScene

from studiolo_desktop.actions import ACTIONS, Actions, keys_of, shown_keys
from studiolo_desktop.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def test_no_two_actions_share_a_key_or_a_name() -> None:
    assert max(Counter(keys for action in ACTIONS for keys in action.keys).values()) == 1
    assert max(Counter(action.key for action in ACTIONS).values()) == 1
    assert max(Counter(action.title for action in ACTIONS).values()) == 1


@pytest.mark.parametrize("keys", [keys for action in ACTIONS for keys in action.keys])
def test_every_key_sequence_is_one_that_qt_knows(keys: str) -> None:
    assert not QKeySequence(keys).isEmpty()
    assert "?" not in shown_keys(keys).replace("Ctrl+?", "")


def test_the_window_has_a_shortcut_for_every_key_of_the_table_and_no_other(open_scene: OpenScene) -> None:
    window = open_scene().window
    made = Counter(s.key().toString() for s in window.findChildren(QShortcut))
    assert made == Counter(QKeySequence(keys).toString() for action in ACTIONS for keys in action.keys)


def test_every_action_of_the_table_does_something_in_the_whole_window(open_scene: OpenScene) -> None:
    assert open_scene().window.commands.bound() == {action.key for action in ACTIONS}


@pytest.mark.parametrize("place", ["question", "search"])
@pytest.mark.parametrize(
    "keys", [k for a in ACTIONS for k in a.keys if a.key not in ("escape", "quit", "add_folder", "copy")]
)
def test_each_shortcut_runs_its_action_also_from_within_a_text_field(
    open_scene: OpenScene, place: str, keys: str
) -> None:
    scene = open_scene()
    window = scene.window
    (window.ask.bar.input if place == "question" else window.library.search).setFocus()
    ran: list[str] = []
    window.commands.ran.connect(ran.append)
    QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(keys))
    assert ran == [next(a.key for a in ACTIONS if keys in a.keys)]


def test_an_action_that_nobody_has_bound_does_nothing_and_one_unknown_is_a_mistake(window: MainWindow) -> None:
    actions = Actions(window)
    actions.run("pause")
    with pytest.raises(KeyError):
        actions.bind("no such action", window.close)
    with pytest.raises(KeyError):
        keys_of("no such action")


def test_the_key_that_is_shown_is_the_first() -> None:
    assert keys_of("shortcuts") == "F1"
    assert keys_of("models") == ""

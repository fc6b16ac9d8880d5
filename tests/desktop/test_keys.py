"""Esc and Ctrl+Enter, as the places that are edited in the window ask for them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from studiolo_desktop.widgets.keys import is_save, takes_escape

PLAIN, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize(
    ("key", "modifiers", "saves"),
    [
        (Qt.Key.Key_Return, CONTROL, True),
        (Qt.Key.Key_Enter, CONTROL | Qt.KeyboardModifier.KeypadModifier, True),
        (Qt.Key.Key_Return, PLAIN, False),
        (Qt.Key.Key_S, CONTROL, False),
    ],
)
def test_control_and_enter_save(key: Qt.Key, modifiers: Qt.KeyboardModifier, saves: bool) -> None:
    assert is_save(QKeyEvent(QEvent.Type.KeyPress, key, modifiers)) is saves


@pytest.mark.parametrize("kind", [QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress])
@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_A])
def test_escape_alone_is_taken_before_it_is_a_shortcut(kind: QEvent.Type, key: Qt.Key) -> None:
    event = QKeyEvent(kind, key, PLAIN)
    event.ignore()
    wanted = (kind, key) == (QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape)
    assert takes_escape(event) is wanted
    assert event.isAccepted() is wanted

"""Keys that mean the same wherever something is edited or confirmed in place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent


def takes_escape(event: QEvent) -> bool:
    """Tell Qt that Esc is wanted here, before it becomes a shortcut of the window."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() != Qt.Key.Key_Escape:
        return False
    event.accept()
    return True


def is_save(event: QKeyEvent) -> bool:
    """Tell whether it is Ctrl+Enter, which saves where Enter alone begins a line."""
    by_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return by_control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)

"""Keeps Tab in the order of reading, although Qt puts every widget that is made later at the end of its window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_before(anchor: QWidget, widgets: Sequence[QWidget]) -> None:
    """Let Tab reach widgets in their order, right before `anchor`; all must be in one window and take the keyboard."""
    # Qt orders only what takes the keyboard.
    before = anchor.previousInFocusChain()
    while before is not None and before is not anchor and _is_passed_over(before, widgets):
        before = before.previousInFocusChain()
    for widget in (*widgets, anchor):
        if before is not None:
            QWidget.setTabOrder(before, widget)
        before = widget


def _is_passed_over(widget: QWidget, widgets: Sequence[QWidget]) -> bool:
    return widget.focusPolicy() == Qt.FocusPolicy.NoFocus or widget in widgets

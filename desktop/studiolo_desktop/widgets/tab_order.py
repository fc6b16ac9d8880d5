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


def tab_after(anchor: QWidget, rooms: Sequence[QWidget]) -> None:
    """Let Tab go on from `anchor` to what takes the keyboard in each room, in the order in which it was made there."""
    before = anchor
    for room in rooms:
        for part in (room, *room.findChildren(QWidget)):
            inside = part.window() is anchor.window()  # the list of a closed combo box is a window of its own
            if inside and part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.focusProxy() is None:
                QWidget.setTabOrder(before, part)
                before = part


def step_inside(room: QWidget, *, forward: bool) -> bool:
    """Move the keyboard to the next part of a room that takes it, round and round; tells whether there is one.

    For what lies over the window and must be answered: Tab does not leave it.
    """
    parts = [
        part
        for part in _chain(room)
        if room.isAncestorOf(part)
        and part.isVisible()
        and part.isEnabled()
        and part.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    if not parts:
        return False
    focused = room.window().focusWidget()
    at = parts.index(focused) if focused in parts else -1 if forward else 0
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    parts[(at + (1 if forward else -1)) % len(parts)].setFocus(reason)
    return True


def _chain(start: QWidget) -> list[QWidget]:
    chain, widget = [start], start.nextInFocusChain()
    while widget is not None and widget is not start:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    return chain


def _is_passed_over(widget: QWidget, widgets: Sequence[QWidget]) -> bool:
    return widget.focusPolicy() == Qt.FocusPolicy.NoFocus or widget in widgets

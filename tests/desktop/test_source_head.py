"""The head of a source: the file's name as plain text, and what is to be known about it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desktop_parts import MARKUP, Room, button, click, words
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from studiolo_desktop.originals import Originals
from studiolo_desktop.widgets.source_head import SourceHead


@pytest.fixture
def head(qtbot: QtBot) -> Iterator[SourceHead]:
    room = Room(qtbot, width=340, height=80)
    Originals(room)
    yield room.hold(SourceHead(room), stretch=0)


def test_a_file_is_named_letter_by_letter(head: SourceHead) -> None:
    head.show_file(f"/docs/{MARKUP.replace('/', '-')}.pdf")
    assert "<b>bold" in head.name.text()


def test_only_what_is_so_is_said(head: SourceHead) -> None:
    assert words(head) == []
    head.show_file("/docs/a.pdf")
    head.where.setText("Page 1 of 3")
    head.show_notes(stale=True, recognised="OCR 93 %")
    assert words(head) == ["a.pdf", "Page 1 of 3", "changed since it was indexed", "OCR 93 %"]
    head.show_notes(stale=False, recognised="")
    assert words(head) == ["a.pdf", "Page 1 of 3"]


def test_it_is_closed_with_its_button(head: SourceHead) -> None:
    closed: list[bool] = []
    head.closed.connect(lambda: closed.append(True))
    click(button(head, "Close the source (Esc)"))
    assert closed == [True]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a menu without a screen
def test_the_original_is_offered_once_there_is_one(head: SourceHead) -> None:
    click(button(head, "What can be done with the original"))
    assert head.findChild(QMenu) is None
    head.show_file("/docs/a.pdf")
    click(button(head, "What can be done with the original"))
    assert isinstance(head.findChild(QMenu), QMenu)

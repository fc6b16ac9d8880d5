"""Differences as a picture: in the colours of the theme, with words in its place, and none where none can be drawn."""

from __future__ import annotations

import math

import pytest
from desktop_parts import Room
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo_desktop.interval_plot import Difference, IntervalPlot
from studiolo_desktop.plot_library import PlotLibrary
from studiolo_desktop.theme import DARK, LIGHT, Tokens

LIMIT_MS = 15_000
ROWS = [
    Difference("Right page among the first 5 passages", 0.16, 0.04, 0.28, "better"),
    Difference("Answerable questions that are refused (fewer is better)", 0.2, 0.1, 0.3, "worse"),
    Difference("Words shared", 0.04, -0.02, 0.1, "unclear"),
    Difference("Never drawn", math.nan, math.nan, math.nan, "unclear"),
]


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=700, height=300)


def shown(room: Room, qtbot: QtBot, name: str = "pyqtgraph") -> IntervalPlot:
    library = PlotLibrary(room, name=name)
    plot = room.hold(IntervalPlot(room, room.theme, library), stretch=0)
    with qtbot.waitSignal(library.ready, timeout=LIMIT_MS):
        plot.show_differences(ROWS, name="Two of three are clear.")
    QApplication.processEvents()
    return plot


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_it_is_painted_in_the_colours_of_the_theme(room: Room, qtbot: QtBot, tokens: Tokens) -> None:
    plot = shown(room, qtbot)
    room.theme.use(tokens)
    QApplication.processEvents()
    found = colours(plot.grab().toImage())
    assert {tokens.card, tokens.ok, tokens.bad} <= found
    assert QColor(tokens.card).name() == plot.grab().toImage().pixelColor(plot.width() - 8, 8).name()


def test_a_screen_reader_is_told_the_words(room: Room, qtbot: QtBot) -> None:
    plot = shown(room, qtbot)
    assert plot.accessibleName() == "Two of three are clear."
    assert plot.is_drawn
    assert plot.note.text() == "In points of a hundred, with 95 % intervals."


def test_a_line_for_each_difference_that_has_bounds(room: Room, qtbot: QtBot) -> None:
    plot = shown(room, qtbot)
    before = plot.height()
    plot.show_differences(ROWS[:1], name="One.")
    QApplication.processEvents()
    assert plot.sizeHint().height() < before
    plot.show_differences(ROWS[3:], name="None.")
    assert plot.isHidden()


def test_in_another_width_the_words_have_their_share(room: Room, qtbot: QtBot) -> None:
    plot = shown(room, qtbot)
    for width in (360, 900):
        room.resize(width, 300)
        QApplication.processEvents()
        assert plot.width() <= width
        assert plot.is_drawn


def test_where_nothing_can_be_drawn_the_words_below_are_pointed_at(room: Room, qtbot: QtBot) -> None:
    plot = shown(room, qtbot, name="no_such_library_here")
    assert not plot.is_drawn
    assert "the table below says the same" in plot.note.text()

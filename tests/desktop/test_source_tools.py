"""The tools of a source: they say what they will do, and only those that can do something are there."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, cut_labels, unnamed, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from window_views import cut

from studiolo_desktop.widgets.source_tools import SourceTools


class Tools:
    """The tools in the narrowest room that there is, with what they say."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=340, height=120)
        self.tools = self.room.hold(SourceTools(self.room), stretch=0)
        self.said: list[tuple[str, object]] = []
        tools = self.tools
        for name in ("citation_wanted", "page_turned", "page_wanted", "zoomed", "rail_wanted"):
            getattr(tools, name).connect(lambda value, name=name: self.said.append((name, value)))
        tools.fit_wanted.connect(lambda: self.said.append(("fit_wanted", None)))
        tools.find_wanted.connect(lambda: self.said.append(("find_wanted", None)))
        tools.show_citation(2, 6)
        tools.show_pages(4, 1234)
        tools.show_zoom(1.0, is_wide=True)

    def press(self, *names: str) -> None:
        for name in names:
            click(button(self.room, name))


@pytest.fixture
def tools(qtbot: QtBot) -> Tools:
    return Tools(qtbot)


def test_each_tool_says_what_is_wanted(tools: Tools) -> None:
    tools.press("Citation before", "Next citation", "Page before", "Next page", "Smaller", "Larger")
    tools.press("Fit the whole page", "Show small pages", "Find in the source")
    assert tools.said == [
        ("citation_wanted", -1), ("citation_wanted", 1), ("page_turned", -1), ("page_turned", 1), ("zoomed", -1),
        ("zoomed", 1), ("fit_wanted", None), ("rail_wanted", True), ("find_wanted", None),
    ]  # fmt: skip


def test_the_number_of_a_page_is_typed_and_gone_to(tools: Tools) -> None:
    field = tools.tools.page
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "x12")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert tools.said == [("page_wanted", 12)]
    assert field.text() == "4"  # until that page is shown
    tools.tools.show_pages(12, 1234)
    assert field.text() == "12"
    assert field.accessibleDescription() == "Page 12 of 1234"


def test_what_is_being_typed_is_not_taken_away_and_what_was_left_is(tools: Tools) -> None:
    field = tools.tools.page
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "7")
    tools.tools.show_pages(5, 1234)
    assert field.text() == "7"
    tools.tools.find_button.setFocus()
    assert field.text() == "5"


def test_at_the_ends_there_is_no_page_to_turn_to(tools: Tools) -> None:
    tools.tools.show_pages(1, 2)
    assert (tools.tools.page_before.isEnabled(), tools.tools.page_after.isEnabled()) == (False, True)
    tools.tools.show_pages(2, 2)
    assert (tools.tools.page_before.isEnabled(), tools.tools.page_after.isEnabled()) == (True, False)


def test_a_source_without_pages_has_no_tools_for_pages(tools: Tools) -> None:
    tools.tools.show_pages(0, 0)
    assert not tools.tools.page.isVisible()
    assert not tools.tools.rail.isVisible()
    assert tools.tools.find_button.isVisible()
    assert words(tools.room) == ["source 2 of 6"]


def test_one_source_alone_has_no_next(tools: Tools) -> None:
    tools.tools.show_citation(1, 1)
    assert not tools.tools.after.isVisible()


def test_the_way_to_fit_that_is_offered_is_the_other_one(tools: Tools) -> None:
    assert tools.tools.fit.text() == "Fit page"
    tools.tools.show_zoom(1.25, is_wide=False)
    assert (tools.tools.fit.text(), tools.tools.fit.accessibleName()) == ("Fit width", "Fit the page to the width")
    assert "125 %" in words(tools.room)


def test_in_the_narrowest_room_nothing_is_cut_and_all_has_a_name(tools: Tools) -> None:
    tools.tools.show_citation(12, 12)
    tools.tools.show_zoom(4.0, is_wide=False)
    assert cut_labels(tools.room) == []
    assert cut(tools.room) == []
    assert unnamed(tools.room) == []

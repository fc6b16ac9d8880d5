"""The page of styles lists them, gives each collection a choice, and opens the fields of one."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, cut_labels, unnamed, words
from pytestqt.qtbot import QtBot
from scripted_upkeep import STYLES, Json

from studiolo.errors import ErrorReport
from studiolo_desktop.styles_view import StylesView

LISTED: Json = {"styles": STYLES, "default": "standard", "collections": {"hr": "memo"}}


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=508, height=700)


@pytest.fixture
def view(room: Room) -> StylesView:
    made = room.hold(StylesView(room))
    made.show_collections(["documents", "hr"])
    made.show_styles(LISTED)
    return made


def test_styles_and_collections_are_listed(view: StylesView, room: Room) -> None:
    assert [card.name for card in view.cards] == ["standard", "memo"]
    assert words(room).count("the default") == 1
    assert {name: choice.currentText() for name, choice in view.choices.items()} == {
        "documents": "The default (standard)", "hr": "memo",
    }  # fmt: skip
    assert unnamed(room) == []
    assert cut_labels(room) == []


def test_a_collection_gets_a_style_or_the_default_again(view: StylesView, qtbot: QtBot) -> None:
    wanted: list[tuple[str, object]] = []
    view.use_wanted.connect(lambda name, collection: wanted.append((name, collection)))
    view.choices["documents"].setCurrentIndex(2)
    view.choices["hr"].setCurrentIndex(0)
    click(button(view, "Make memo the default"))
    assert wanted == [("memo", "documents"), ("", "hr"), ("memo", None)]


def test_collections_that_come_later_get_their_choice(view: StylesView) -> None:
    view.show_collections(["documents", "hr", "notes"])
    assert list(view.choices) == ["documents", "hr", "notes"]


def test_the_fields_are_open_for_a_new_style_a_copy_and_a_change(view: StylesView, room: Room) -> None:
    click(button(view, "Make a style of your own"))
    assert view.editor.isVisible()
    assert view.editor.fields["name"].text() == ""
    click(button(view, "A new style from memo"))
    assert (view.editor.fields["name"].text(), view.editor.fields["max_words"].text()) == ("", "120")
    assert view.editor.title.text() == "A new style"
    click(button(view, "Change memo"))
    assert (view.editor.fields["name"].text(), view.editor.fields["title"].text()) == ("memo", "Memo")


def test_what_is_being_written_outlives_a_new_list_until_it_is_saved(view: StylesView) -> None:
    view.new_style()
    view.editor.fields["name"].setText("notice")
    view.show_styles(LISTED)
    assert view.editor.isVisible()
    assert view.editor.fields["name"].text() == "notice"
    view.show_reason(ErrorReport("style.bad", "This is no style.", ""))
    assert view.editor.reason.isVisible()
    view.show_saved()
    assert not view.editor.isVisible()


@pytest.mark.parametrize("untrusted", [{}, {"styles": [3, {}], "collections": 3}, {"default": 3, "styles": "x"}])
def test_an_answer_of_any_shape_is_borne(view: StylesView, room: Room, untrusted: Json) -> None:
    view.show_styles(untrusted)
    assert unnamed(room) == []

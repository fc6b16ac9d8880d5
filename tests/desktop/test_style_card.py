"""A style's card: what it asks for in words, what a model is told, and what can be done with it."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, button, click, cut_labels, unnamed, words
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot
from scripted_upkeep import STYLE, STYLES, Json

from studiolo_desktop.widgets.style_card import StyleCard, asks_for


class Made:
    """A card in a room, and what is wanted of it."""

    def __init__(self, qtbot: QtBot, style: Json, *, is_default: bool = False) -> None:
        self.room = Room(qtbot, width=440)
        self.card = self.room.hold(StyleCard(self.room, style, is_default=is_default), stretch=0)
        self.wanted: list[tuple[str, str]] = []
        self.card.default_wanted.connect(lambda name: self.wanted.append(("default", name)))
        self.card.edit_wanted.connect(lambda name: self.wanted.append(("edit", name)))
        self.card.copy_wanted.connect(lambda name: self.wanted.append(("copy", name)))
        self.card.remove_wanted.connect(lambda name: self.wanted.append(("remove", name)))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Sentences."),
        ({"max_sentences": 1}, "Sentences. At most 1 sentence."),
        ({"form": "table", "max_sentences": 8, "required": ["Item", "Price"]},
         "A table. At most 8 rows. Columns: Item, Price."),
        ({"form": "bullets", "max_words": 120, "required": ["Decision"], "line_pattern": "# *"},
         "A list. At most 120 words. Must be there: Decision. Each line looks like # *."),
        ({"form": "letter", "max_sentences": 6, "max_words": 90, "instructions": "Kind."},
         "A letter. At most 6 sentences. At most 90 words. From “Dear Sir or Madam,” to “Yours faithfully,”. “Kind.”"),
    ],
)  # fmt: skip
def test_what_a_style_asks_for_is_said_in_words(fields: Json, words: str) -> None:
    assert asks_for({**STYLE, **fields}) == words


def test_a_built_in_style_can_be_used_and_copied_and_nothing_else(qtbot: QtBot) -> None:
    made = Made(qtbot, STYLES[0])
    assert "One to three sentences (standard)" in words(made.room)
    there = {b.accessibleName() for b in made.card.findChildren(QAbstractButton) if b.isVisible()}
    assert there == {"Make standard the default", "A new style from standard", "What a model is told: standard"}
    click(button(made.card, "Make standard the default"))
    click(button(made.card, "A new style from standard"))
    assert made.wanted == [("default", "standard"), ("copy", "standard")]


def test_a_style_of_ones_own_is_changed_and_deleted_after_asking(qtbot: QtBot) -> None:
    made = Made(qtbot, STYLES[1], is_default=True)
    assert "the default" in words(made.room)
    click(button(made.card, "Change memo"))
    click(button(made.card, "Delete memo"))
    assert made.wanted == [("edit", "memo")]
    click(made.card.strip.yes)
    assert made.wanted[-1] == ("remove", "memo")


def test_what_a_model_is_told_is_shown_on_demand(qtbot: QtBot) -> None:
    made = Made(qtbot, STYLES[0])
    assert STYLE["prompt"] not in words(made.room)
    click(button(made.card, "What a model is told: standard"))
    assert STYLE["prompt"] in words(made.room)
    click(button(made.card, "Hide what a model is told: standard"))
    assert STYLE["prompt"] not in words(made.room)


@pytest.mark.parametrize("style", [{}, {"name": 3, "required": 3}, {"name": MARKUP, "title": MARKUP, "form": MARKUP}])
def test_a_style_of_any_shape_is_listed_as_text(qtbot: QtBot, style: Json) -> None:
    made = Made(qtbot, style)
    assert cut_labels(made.room) == []
    assert unnamed(made.room) == []

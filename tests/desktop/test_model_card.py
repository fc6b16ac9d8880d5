"""A model's card: what is known of the file, and what can be done with it."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, button, click, cut_labels, unnamed, words
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot
from scripted_upkeep import MODELS, Json

from studiolo.errors import ErrorReport
from studiolo_desktop.widgets.model_card import ModelCard

RERANKER: Json = {**MODELS[2], "name": "judge", "role": "reranker", "builtin": False}


class Made:
    """A card in a room, and what is wanted of it."""

    def __init__(self, qtbot: QtBot, model: Json) -> None:
        self.room = Room(qtbot, width=440)
        self.card = self.room.hold(ModelCard(self.room, model), stretch=0)
        self.wanted: list[tuple[str, str]] = []
        self.card.use_wanted.connect(lambda name: self.wanted.append(("use", name)))
        self.card.unused_wanted.connect(lambda: self.wanted.append(("none", "")))
        self.card.verify_wanted.connect(lambda name: self.wanted.append(("verify", name)))
        self.card.remove_wanted.connect(lambda name: self.wanted.append(("remove", name)))

    def offered(self) -> set[str]:
        there = [b.accessibleName() for b in self.card.findChildren(QAbstractButton) if b.isVisible()]
        names = ("Use", "Remove", "Do without", "Check the file of")
        return {name for name in names if f"{name} {self.card.name}" in there}


def test_a_card_names_size_licence_quantization_place_and_the_whole_hash(qtbot: QtBot) -> None:
    said = "\n".join(words(Made(qtbot, MODELS[0]).room))
    for part in ("smollm2-135m-instruct", "98 MB", "Q4_1", "8,192", "Apache-2.0", "Lies in /m", "1" * 64, "in use"):
        assert part in said


@pytest.mark.parametrize(
    ("model", "offered"),
    [
        (MODELS[0], {"Check the file of"}),
        (MODELS[1], {"Use", "Remove", "Check the file of"}),
        (MODELS[2], {"Check the file of"}),
        (RERANKER, {"Do without", "Remove", "Check the file of"}),
        ({**MODELS[1], "role": "adapter"}, {"Remove", "Check the file of"}),
    ],
    ids=["in use, built in", "another chat model", "the embedder", "the reranker in use", "an adapter"],
)
def test_only_what_can_be_done_is_offered(qtbot: QtBot, model: Json, offered: set[str]) -> None:
    assert Made(qtbot, model).offered() == offered


def test_a_chat_model_is_used_with_one_click(qtbot: QtBot) -> None:
    made = Made(qtbot, MODELS[1])
    click(button(made.card, "Use other"))
    assert made.wanted == [("use", "other")]


def test_another_embedder_is_used_after_it_was_said_what_that_means(qtbot: QtBot) -> None:
    made = Made(qtbot, {**MODELS[2], "in_use": False})
    click(button(made.card, "Use all-minilm-l6-v2"))
    assert made.wanted == []
    assert any("Every document is embedded anew" in w for w in words(made.room))
    click(made.card.strip.yes)
    assert made.wanted == [("use", "all-minilm-l6-v2")]


def test_a_reranker_is_done_without(qtbot: QtBot) -> None:
    made = Made(qtbot, RERANKER)
    click(button(made.card, "Do without judge"))
    assert made.wanted == [("none", "")]


def test_a_model_is_removed_after_asking(qtbot: QtBot) -> None:
    made = Made(qtbot, MODELS[1])
    click(button(made.card, "Remove other"))
    click(made.card.strip.no)
    assert made.wanted == []
    click(button(made.card, "Remove other"))
    click(made.card.strip.yes)
    assert made.wanted == [("remove", "other")]


def test_a_checked_file_says_how_that_ended(qtbot: QtBot) -> None:
    made = Made(qtbot, MODELS[1])
    click(button(made.card, "Check the file of other"))
    assert (made.wanted, made.card.note.text()) == ([("verify", "other")], "Reading the file …")
    made.card.show_verified()
    assert made.card.note.text().endswith("its SHA-256 is the same.")
    made.card.show_error(ErrorReport("model.changed", "It was changed.", "Add it again."))
    assert "It was changed. Add it again. (model.changed)" in words(made.room)


@pytest.mark.parametrize("model", [{}, {"name": 3, "role": None, "size_bytes": "x", "details": 3, "memory": []},
                                   {"name": MARKUP, "role": MARKUP, "path": "/x/" + "long" * 60}])  # fmt: skip
def test_a_model_of_any_shape_is_listed_as_text(qtbot: QtBot, model: Json) -> None:
    made = Made(qtbot, model)
    assert cut_labels(made.room) == []
    assert unnamed(made.room) == []

"""A file that may be a model: looked at, told about, taken in or left."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, click, cut_labels, unnamed, words
from pytestqt.qtbot import QtBot
from scripted_upkeep import FOUND

from studiolo.errors import ErrorReport
from studiolo_desktop.widgets.model_offer import ModelOffer

PATH = "/home/me/tiny.gguf"


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=460)


@pytest.fixture
def offer(room: Room) -> ModelOffer:
    made = room.hold(ModelOffer(room), stretch=0)
    made.begin(PATH)
    return made


def test_what_was_found_is_told_with_what_will_be_done(offer: ModelOffer, room: Room) -> None:
    assert "Looking at tiny.gguf …" in words(room)
    assert not offer.add.isVisible()
    offer.show_found(PATH, FOUND)
    said = "\n".join(words(room))
    for part in ("tiny.gguf: Writes answers", "Tiny Test", "500 MB", "Q8_0", "mit", "Fits this computer", "90.0 GB"):
        assert part in said
    assert unnamed(room) == []
    assert cut_labels(room) == []


@pytest.mark.parametrize("use", [True, False])
def test_it_is_added_under_its_name_and_used_if_wanted(offer: ModelOffer, qtbot: QtBot, use: bool) -> None:
    offer.show_found(PATH, FOUND)
    offer.name.setText(" mine ")
    with qtbot.waitSignal(offer.add_wanted, timeout=1000) as wanted:
        click(offer.use if use else offer.add)
    assert wanted.args == [PATH, "mine", use]
    assert offer.title.text() == "Adding tiny.gguf …"
    assert not offer.cancel.isVisible()


def test_a_name_is_needed_and_one_that_is_taken_is_said_to_be(offer: ModelOffer, room: Room) -> None:
    offer.show_found(PATH, {**FOUND, "taken": True})
    assert any(w.startswith("A model of this name is there already") for w in words(room))
    offer.name.clear()
    assert not offer.add.isEnabled()
    assert not offer.use.isEnabled()


def test_too_little_room_is_said_before_anything_is_written(offer: ModelOffer, room: Room) -> None:
    offer.show_found(PATH, {**FOUND, "free_bytes": 1_000_000})
    assert "There is too little room for it in the data folder: 1 MB are free." in words(room)


def test_an_embedder_and_an_adapter_are_not_used_at_once(offer: ModelOffer, room: Room) -> None:
    offer.show_found(PATH, {**FOUND, "role": "embedder"})
    assert not offer.use.isVisible()
    assert any("compiled" in w for w in words(room))
    offer.show_found(PATH, {**FOUND, "role": "adapter", "memory": None})
    assert not offer.use.isVisible()
    assert not offer.fit.isVisible()


def test_a_file_that_is_no_model_ends_with_the_reason(offer: ModelOffer, room: Room, qtbot: QtBot) -> None:
    offer.show_error(PATH, ErrorReport("model.damaged", f"{MARKUP} is damaged.", "Get it again."))
    assert "tiny.gguf was not added." in words(room)
    assert f"{MARKUP} is damaged. Get it again. (model.damaged)" in words(room)
    assert not offer.add.isVisible()
    with qtbot.waitSignal(offer.ended, timeout=1000):
        click(offer.cancel)
    assert not offer.isVisible()


def test_what_nobody_waits_for_any_more_comes_too_late(offer: ModelOffer) -> None:
    offer.close_offer()
    offer.show_found(PATH, FOUND)
    offer.show_error(PATH, ErrorReport("model.damaged", "Damaged.", ""))
    assert not offer.isVisible()

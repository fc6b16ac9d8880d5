"""The page of models lists files by what they do, and takes new ones one after the other."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, cut_labels, unnamed, words
from pytestqt.qtbot import QtBot
from scripted_upkeep import FOUND, MODELS, Json

from studiolo.errors import ErrorReport
from studiolo_desktop.models_view import ModelsView

LISTED: Json = {"models": MODELS, "available_bytes": 6_000_000_000, "total_bytes": 16_000_000_000}


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=508, height=600)


@pytest.fixture
def view(room: Room) -> ModelsView:
    made = room.hold(ModelsView(room))
    made.show_models(LISTED)
    return made


def test_models_stand_below_what_they_do_and_a_role_without_one_says_what_is_done(view: ModelsView, room: Room) -> None:
    said = words(room)
    assert said.index("WRITES ANSWERS") < said.index("other") < said.index("FINDS PASSAGES")
    assert any(w.startswith("None: passages keep the order") for w in said)
    assert any("6.0 GB of 16.0 GB of memory are free." in w for w in said)
    assert unnamed(room) == []
    assert cut_labels(room) == []


def test_no_chat_model_is_said_with_what_is_done_instead(view: ModelsView, room: Room) -> None:
    view.show_models({**LISTED, "models": MODELS[2:]})
    assert any("quoted sentences alone" in w for w in words(room))
    assert [card.name for card in view.cards] == ["all-minilm-l6-v2"]


def test_roles_of_a_newer_engine_are_listed_too(view: ModelsView, room: Room) -> None:
    view.show_models({**LISTED, "models": [*MODELS, {"name": "judge", "role": "nli"}]})
    assert "NLI" in words(room)


def test_what_is_wanted_of_a_card_is_wanted_of_the_page(view: ModelsView, room: Room, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.use_wanted, timeout=1000) as wanted:
        click(button(room, "Use other"))
    assert wanted.args == ["other"]
    with qtbot.waitSignal(view.verify_wanted, timeout=1000) as wanted:
        click(button(room, "Check the file of other"))
    assert wanted.args == ["other"]
    view.show_reason("other", ErrorReport("model.changed", "It was changed.", ""))
    assert any("It was changed." in w for w in words(room))
    view.show_reason("gone", ErrorReport("model.missing", "It has gone.", ""))
    assert "It has gone." in view.status.text()


def test_files_are_looked_at_one_after_the_other(view: ModelsView) -> None:
    checked: list[str] = []
    view.check_wanted.connect(checked.append)
    view.offer_files(["/a.gguf", "/b.gguf"])
    view.offer_files(["/a.gguf", "/b.gguf"])
    assert checked == ["/a.gguf"]
    view.offer.show_found("/a.gguf", FOUND)
    click(view.offer.cancel)
    assert checked == ["/a.gguf", "/b.gguf"]
    view.show_added()
    assert not view.offer.isVisible()

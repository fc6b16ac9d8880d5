"""The small pages: the models with the one in use, and the checks with what to look at."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, button, click, cut_labels, unnamed, words
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo.errors import ErrorReport
from studiolo_desktop.rooms_pages import ChecksPage, ModelsPage

MODELS: list[dict[str, object]] = [
    {"name": "small", "role": "chat", "size_bytes": 144_811_904, "licence": "Apache-2.0", "sha256": "ab" * 32,
     "in_use": True},
    {"name": "other & <b>", "role": "chat", "size_bytes": 4_000_000_000},
    {"name": "finder", "role": "embedder"},
]  # fmt: skip


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=508, height=500)


@pytest.fixture
def models(room: Room) -> ModelsPage:
    return room.hold(ModelsPage(room))


@pytest.fixture
def checks(room: Room) -> ChecksPage:
    return room.hold(ChecksPage(room))


def test_a_model_says_its_role_size_licence_and_hash(models: ModelsPage, room: Room) -> None:
    models.show_models(MODELS)
    assert "small: Writes answers" in words(room)
    assert "145 MB · Apache-2.0 · abababababab" in words(room)
    assert "finder: Finds passages" in words(room)
    assert words(room).count("in use") == 1


def test_another_chat_model_is_used_with_one_click(models: ModelsPage, room: Room, qtbot: QtBot) -> None:
    models.show_models(MODELS)
    with qtbot.waitSignal(models.use_wanted, timeout=1000) as wanted:
        click(button(room, "Use other & <b>"))
    assert wanted.args == ["other & <b>"]


@pytest.mark.parametrize("name", ["small", "finder"])
def test_what_is_in_use_or_writes_no_answers_cannot_be_chosen(models: ModelsPage, room: Room, name: str) -> None:
    models.show_models(MODELS)
    with pytest.raises(AssertionError, match="0 buttons"):
        button(room, f"Use {name}")


def test_a_new_list_takes_the_place_of_the_old_one(models: ModelsPage, room: Room) -> None:
    models.show_models(MODELS)
    models.show_models(MODELS[2:])
    QApplication.processEvents()
    assert [w for w in words(room) if ": " in w] == ["finder: Finds passages"]


@pytest.mark.parametrize("model", [{}, {"name": 3, "role": None, "size_bytes": "x"}, {"name": MARKUP, "role": MARKUP}])
def test_a_model_of_any_shape_is_listed_as_text(models: ModelsPage, room: Room, model: dict[str, object]) -> None:
    models.show_models([model])
    assert any(": " in w or w.startswith(":") for w in words(room))
    assert MARKUP not in str(model) or f"{MARKUP}: {MARKUP}" in words(room)


def test_checks_say_what_is_fine_and_what_to_look_at(checks: ChecksPage, room: Room) -> None:
    checks.show_findings(
        [
            {"check": "network", "ok": True, "detail": "sockets are refused"},
            {"check": "models", "ok": False, "detail": "No chat model.", "hint": "make setup"},
        ]
    )
    shown = words(room)
    assert shown.index("network") < shown.index("fine") < shown.index("models") < shown.index("to look at")
    assert "No chat model. make setup" in shown


def test_a_check_that_does_not_say_that_it_is_fine_is_to_be_looked_at(checks: ChecksPage, room: Room) -> None:
    checks.show_findings([{"check": "x"}, {"check": "y", "ok": "yes"}])
    assert words(room).count("to look at") == 2


def test_the_place_of_the_data_is_named_as_text(checks: ChecksPage, room: Room) -> None:
    checks.show_place("/home/<b>me</b>/data\u202e")
    assert any("/home/<b>me</b>/data\ufffd" in w for w in words(room))


def test_the_installation_is_checked_again_on_demand(checks: ChecksPage, room: Room, qtbot: QtBot) -> None:
    with qtbot.waitSignal(checks.check_wanted, timeout=1000):
        click(button(room, "Check the installation again"))


def test_back_closes_the_page(models: ModelsPage, room: Room, qtbot: QtBot) -> None:
    with qtbot.waitSignal(models.closed, timeout=1000):
        click(button(room, "Back to the answers (Esc)"))


def test_an_error_is_shown_with_its_hint_and_code(models: ModelsPage, room: Room) -> None:
    models.show_error(ErrorReport("model.missing", "No model is there.", "Add one."))
    assert "No model is there. Add one. (model.missing)" in words(room)


def test_long_words_are_not_cut_in_a_narrow_window(checks: ChecksPage, room: Room) -> None:
    checks.show_place("/home/" + "a_very_long_name_without_any_space_" * 5)
    checks.show_findings([{"check": "models", "detail": "/x/" + "another_long_name_" * 12, "hint": "A hint. " * 20}])
    QApplication.processEvents()
    assert cut_labels(room) == []


def test_everything_has_a_name_for_a_screen_reader(models: ModelsPage, room: Room) -> None:
    models.show_models(MODELS)
    assert unnamed(room) == []

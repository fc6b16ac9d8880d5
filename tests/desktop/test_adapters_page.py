"""Adapters: what fits is attached with a click, what does not says why, and slider and number say the same strength."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, cut_labels, unnamed, words
from evaluation_documents import ADAPTERS
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo.errors import ErrorReport
from studiolo_desktop.adapters_page import AdaptersPage, ScaleRow

ATTACHED = ADAPTERS | {"attached": "letters", "scale": 0.5}


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=508, height=500)


@pytest.fixture
def page(room: Room) -> AdaptersPage:
    return room.hold(AdaptersPage(room))


def scale_of(page: AdaptersPage) -> ScaleRow:
    assert page.scale is not None
    return page.scale


def test_without_an_adapter_it_says_what_one_is(page: AdaptersPage) -> None:
    assert "Looking for adapters …" in words(page)
    page.show_adapters(ADAPTERS | {"adapters": []})
    assert any("An adapter is a small file that teaches a model a manner of answering" in w for w in words(page))


def test_each_says_its_base_size_and_hash_and_the_model_in_use_stands_above(page: AdaptersPage) -> None:
    page.show_adapters(ADAPTERS)
    said = words(page)
    assert "Answers are written by smollm2-135m (121212121212)." in said[1]
    assert "made for SmolLM2 · rank 8 · 12 MB · mit · abababababab" in said


def test_one_that_fits_is_attached_as_it_was_trained_and_another_says_why_not(page: AdaptersPage, qtbot: QtBot) -> None:
    page.show_adapters(ADAPTERS)
    with qtbot.waitSignal(page.attach_wanted) as wanted:
        click(button(page, "Attach letters"))
    assert wanted.args == ["letters", 1.0]
    assert "It does not belong to the model in use: it was made for 'Llama'." in words(page)
    with pytest.raises(AssertionError, match="0 buttons"):
        button(page, "Attach other & <b>")


def test_the_attached_one_is_detached(page: AdaptersPage, qtbot: QtBot) -> None:
    page.show_adapters(ATTACHED)
    assert "Attached: the next answer is written with it." in words(page)
    with qtbot.waitSignal(page.attach_wanted) as wanted:
        click(button(page, "Detach letters"))
    assert wanted.args[0] == ""


def test_slider_and_number_say_the_same_and_the_last_word_counts(page: AdaptersPage, qtbot: QtBot) -> None:
    page.show_adapters(ATTACHED)
    scale = scale_of(page)
    assert (scale.slider.value(), scale.number.value()) == (10, 0.5)
    heard: list[list[object]] = []
    page.attach_wanted.connect(lambda *args: heard.append(list(args)))
    with qtbot.waitSignal(page.attach_wanted, timeout=5000):
        scale.slider.setValue(30)
        scale.number.setValue(1.25)
    assert heard == [["letters", 1.25]]
    assert scale.slider.value() == 25


def test_the_strength_is_set_with_the_keyboard_and_not_by_a_wheel_that_scrolls(
    page: AdaptersPage, qtbot: QtBot
) -> None:
    page.show_adapters(ATTACHED)
    scale = scale_of(page)
    with qtbot.waitSignal(page.attach_wanted, timeout=5000) as wanted:
        QTest.keyClick(scale.slider, Qt.Key.Key_Right)
    assert wanted.args == ["letters", 0.55]
    for part in (scale.slider, scale.number):
        turned = QWheelEvent(
            QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(part, turned)
    assert scale.number.value() == 0.55


def test_while_it_is_scaled_the_row_stays_and_the_keyboard_with_it(page: AdaptersPage) -> None:
    page.show_adapters(ATTACHED)
    scale = scale_of(page)
    page.show_adapters(ATTACHED | {"scale": 1.5})
    assert scale_of(page) is scale
    assert scale.number.value() == 1.5
    page.show_adapters(ADAPTERS)
    assert page.scale is None


def test_a_refusal_is_said_in_words_and_the_strength_is_what_it_was(page: AdaptersPage) -> None:
    page.show_adapters(ATTACHED)
    page.show_error(ErrorReport("model.wrong_base_for_lora", "It belongs to another model.", "Choose that."))
    assert "It belongs to another model. Choose that. (model.wrong_base_for_lora)" in words(page)
    assert scale_of(page).number.value() == 0.5
    page.show_adapters(ATTACHED)
    assert not page.error.isVisible()


def test_one_that_is_attached_and_gone_can_be_detached(page: AdaptersPage, qtbot: QtBot) -> None:
    page.show_adapters(ADAPTERS | {"attached": "lost"})
    assert any("its file is not on this computer any more" in w for w in words(page))
    with qtbot.waitSignal(page.attach_wanted) as wanted:
        click(button(page, "Detach lost"))
    assert wanted.args[0] == ""


def test_one_that_no_longer_fits_is_detached_and_not_scaled(page: AdaptersPage) -> None:
    page.show_adapters(ADAPTERS | {"attached": "other & <b>"})
    assert page.scale is None
    QApplication.processEvents()
    assert button(page, "Detach other & <b>").isVisibleTo(page)


@pytest.mark.parametrize("width", [364, 508, 900])
def test_nothing_is_cut_and_everything_has_a_name(page: AdaptersPage, room: Room, width: int) -> None:
    page.show_adapters(ATTACHED)
    room.resize(width, 500)
    assert cut_labels(room) == []
    assert unnamed(room) == []


@pytest.mark.parametrize("untrusted", [{}, {"adapters": [{}], "base": 3, "attached": 7, "scale": "much"}])
def test_what_is_not_as_it_must_be_breaks_nothing(page: AdaptersPage, untrusted: dict[str, object]) -> None:
    page.show_adapters(untrusted)
    assert any("There is no chat model" in w for w in words(page))

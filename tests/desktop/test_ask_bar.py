"""The question is written and sent with the keyboard alone, and no word of it is lost."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, colours, contrast, looks, unnamed, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from studiolo_desktop.theme import DARK, LIGHT
from studiolo_desktop.widgets.ask_bar import AskBar

SHIFT = Qt.KeyboardModifier.ShiftModifier
ASK, STOP = "Ask the question", "Stop the answer"


class Bar:
    """A bar with the keyboard in it, and what it asks."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=500, height=300)
        self.bar = AskBar(self.room)
        self.next = QLineEdit(self.room)
        self.room.hold(self.bar, stretch=0)
        self.room.hold(self.next, stretch=0)
        self.asked: list[str] = []
        self.bar.asked.connect(self.asked.append)
        self.input = self.bar.input
        self.input.setFocus()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.input, key, modifier)


@pytest.fixture
def bar(qtbot: QtBot) -> Bar:
    return Bar(qtbot)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_asks_and_empties_the_field(bar: Bar, key: Qt.Key) -> None:
    QTest.keyClicks(bar.input, "  How many days? ")
    bar.press(key)
    assert bar.asked == ["How many days?"]
    assert bar.input.toPlainText() == ""


def test_shift_and_enter_begin_a_new_line(bar: Bar) -> None:
    QTest.keyClicks(bar.input, "a")
    bar.press(Qt.Key.Key_Return, SHIFT)
    QTest.keyClicks(bar.input, "b")
    assert bar.asked == []
    bar.press(Qt.Key.Key_Return)
    assert bar.asked[0].split() == ["a", "b"]
    assert len(bar.asked[0].splitlines()) == 2


def test_tab_leaves_the_field_for_the_button_and_back(bar: Bar) -> None:
    QTest.keyClicks(bar.input, "a")
    bar.press(Qt.Key.Key_Tab)
    assert bar.bar.ask_button.hasFocus()
    QTest.keyClick(bar.bar.ask_button, Qt.Key.Key_Space)
    assert bar.asked == ["a"]
    bar.next.setFocus()
    QTest.keyClick(bar.next, Qt.Key.Key_Backtab)
    assert bar.input.hasFocus()


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_is_not_asked(bar: Bar, text: str) -> None:
    bar.bar.set_question(text)
    bar.press(Qt.Key.Key_Return)
    assert bar.asked == []
    assert not button(bar.room, ASK).isEnabled()


def test_the_button_asks(bar: Bar) -> None:
    bar.bar.set_question("Why?")
    click(button(bar.room, ASK))
    assert bar.asked == ["Why?"]


def test_while_an_answer_is_made_there_is_stop_in_the_place_of_ask(bar: Bar, qtbot: QtBot) -> None:
    bar.bar.set_answering(answering=True)
    assert not button(bar.room, ASK).isVisible()
    with qtbot.waitSignal(bar.bar.stopped, timeout=1000):
        click(button(bar.room, STOP))
    bar.bar.set_answering(answering=False)
    assert button(bar.room, ASK).isVisible()
    assert not button(bar.room, STOP).isVisible()


def test_a_question_while_an_answer_is_made_stays_in_the_field_with_a_word_why(bar: Bar) -> None:
    bar.bar.set_answering(answering=True)
    QTest.keyClicks(bar.input, "next")
    bar.press(Qt.Key.Key_Return)
    assert bar.asked == []
    assert bar.input.toPlainText() == "next"
    assert any("One question at a time" in w for w in words(bar.room))
    bar.bar.set_answering(answering=False)
    assert not any("One question at a time" in w for w in words(bar.room))


def test_the_keyboard_comes_back_to_the_field_when_stop_goes(bar: Bar) -> None:
    bar.bar.set_answering(answering=True)
    bar.bar.stop_button.setFocus()
    bar.bar.set_answering(answering=False)
    assert bar.input.hasFocus()


def test_a_question_that_is_too_long_is_kept_and_the_word_about_it_goes_with_the_next_letter(bar: Bar) -> None:
    bar.bar.set_question("x" * 4001)
    bar.press(Qt.Key.Key_Return)
    assert bar.asked == []
    assert len(bar.input.toPlainText()) == 4001
    assert any("4,001 of at most 4,000" in w for w in words(bar.room))
    bar.press(Qt.Key.Key_Delete)
    assert not any("at most" in w for w in words(bar.room))


@pytest.mark.parametrize("lines", [1, 2, 3, 5])
def test_the_field_grows_so_that_no_line_is_hidden(bar: Bar, lines: int) -> None:
    bar.bar.set_question("\n".join(["gypsum"] * lines))
    QApplication.processEvents()
    assert bar.input.verticalScrollBar().maximum() == 0
    assert bar.input.viewport().height() >= lines * bar.input.fontMetrics().lineSpacing()


def test_the_field_is_as_high_as_its_font_from_the_beginning(bar: Bar) -> None:
    assert bar.input.height() >= bar.input.fontMetrics().lineSpacing() + 4


def test_a_long_question_scrolls_from_the_sixth_line_on(bar: Bar) -> None:
    bar.bar.set_question("\n" * 40)
    QApplication.processEvents()
    assert bar.input.verticalScrollBar().maximum() > 0
    assert bar.input.height() < 6.5 * bar.input.fontMetrics().lineSpacing()


def test_the_field_shrinks_again_when_the_question_was_asked(bar: Bar) -> None:
    before = bar.input.height()
    bar.bar.set_question("a\nb\nc")
    bar.press(Qt.Key.Key_Return)
    assert bar.input.height() == before


def test_markup_stays_text(bar: Bar) -> None:
    bar.bar.set_question("<b>x</b>")
    assert bar.input.toPlainText() == "<b>x</b>"


def test_the_focus_of_the_field_is_shown_around_the_bar(bar: Bar) -> None:
    middle = bar.bar.height() // 2
    assert looks(bar.bar).pixelColor(0, middle).name() == LIGHT.accent
    bar.next.setFocus()
    assert looks(bar.bar).pixelColor(0, middle).name() == LIGHT.edge


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_words_in_the_empty_field_can_be_read(bar: Bar, dark: bool) -> None:
    tokens = DARK if dark else LIGHT
    bar.room.theme.use(tokens)
    bar.next.setFocus()  # the text cursor would be read as well
    assert max(contrast(ink, tokens.card) for ink in colours(looks(bar.input))) >= 4.5


def test_everything_has_a_name_for_a_screen_reader(bar: Bar) -> None:
    bar.next.setAccessibleName("next")
    assert unnamed(bar.room) == []
    assert bar.input.accessibleName() == "Your question"


def test_what_may_hold_a_filter_is_said_once_it_rests_and_what_cannot_at_once(bar: Bar, qtbot: QtBot) -> None:
    said: list[str] = []
    bar.bar.typed.connect(said.append)
    QTest.keyClicks(bar.input, "ab")
    assert said == ["a", "ab"]
    QTest.keyClicks(bar.input, " type:pdf")
    qtbot.waitUntil(lambda: said[-1] == "ab type:pdf", timeout=5000)
    assert sum(":" in text for text in said) == 1
    bar.input.clear()
    assert said[-1] == ""


def test_limits_are_said_below_the_field_and_what_is_wrong_in_another_tone(bar: Bar) -> None:
    bar.bar.show_limits("Limited to: PDF")
    assert "Limited to: PDF" in words(bar.bar)
    bar.bar.show_limits("2025-13 is no date.", is_wrong=True)
    assert bar.bar.limits.property("tone") == "weak"
    bar.bar.show_limits("")
    assert not bar.bar.limits.isVisible()


def test_an_edited_question_leaves_and_gives_back_what_was_being_written(bar: Bar, qtbot: QtBot) -> None:
    QTest.keyClicks(bar.input, "A draft")
    bar.bar.begin_edit("How mny?")
    bar.bar.begin_edit("How many?")  # another one, before the first was asked
    assert (bar.input.toPlainText(), bar.bar.is_editing) == ("How many?", True)
    bar.press(Qt.Key.Key_Return)
    assert bar.asked == ["How many?"]
    assert (bar.input.toPlainText(), bar.bar.is_editing) == ("A draft", False)
    bar.bar.begin_edit("How many?")
    with qtbot.waitSignal(bar.bar.edit_left, timeout=5000):
        click(bar.bar.cancel_button)
    assert bar.input.toPlainText() == "A draft"

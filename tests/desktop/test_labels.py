"""Labels show what they are given, letter by letter, and all of it or a sign that something is left out."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, colours, looks
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QPalette, QTextDocument
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studiolo_desktop.theme import DARK, LIGHT
from studiolo_desktop.widgets.labels import Bubble, ElidedLabel, PlainLabel, WrapLabel, push_button

LONG_NAME = "a_very_long_name_without_any_space_" * 8 + "end.pdf"


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=300, height=400)


def last_column(label: QWidget) -> set[str]:
    """Name the colours at the right edge; letters that are cut off reach it."""
    image = looks(label)
    return {image.pixelColor(image.width() - 1, y).name() for y in range(image.height())}


def height_of(text: str, label: QWidget, width: int) -> int:
    flags = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
    return QFontMetrics(label.font()).boundingRect(0, 0, width, 10_000, flags, text).height()


@pytest.mark.parametrize("kind", [PlainLabel, ElidedLabel, WrapLabel, Bubble])
def test_markup_is_no_markup_in_any_label(room: Room, kind: type[PlainLabel]) -> None:
    label = room.hold(kind(room, MARKUP))
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == MARKUP


def test_a_bold_tag_changes_not_a_pixel_of_the_letters_after_it(room: Room) -> None:
    tagged = room.hold(PlainLabel(room, "<b>bold</b>"), stretch=0)
    assert tagged.sizeHint().width() > PlainLabel(room, "bold").sizeHint().width() * 2


def test_a_tone_is_a_colour_of_the_theme(room: Room) -> None:
    label = room.hold(PlainLabel(room, "words", tone="bad"))
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == LIGHT.bad
    label.set_tone("ok")
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == LIGHT.ok
    room.theme.use(DARK)
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == DARK.ok


def painted_like(label: ElidedLabel, text: str) -> bool:
    """Tell whether a label paints what a label of this text would."""
    mine = looks(label)
    label.setText(text)
    return mine == looks(label)


def test_a_long_name_is_cut_in_the_middle_so_that_its_end_can_be_read(room: Room) -> None:
    label = room.hold(ElidedLabel(room, LONG_NAME))
    cut = label.fontMetrics().elidedText(LONG_NAME, Qt.TextElideMode.ElideMiddle, label.width())
    assert cut.endswith(".pdf")
    assert painted_like(label, cut)


def test_a_long_sentence_is_cut_at_its_end(room: Room) -> None:
    sentence = "How many days of unused leave can I carry over, and until when do I have to take them?"
    label = room.hold(ElidedLabel(room, sentence, sentence=True))
    cut = label.fontMetrics().elidedText(sentence, Qt.TextElideMode.ElideRight, label.width())
    assert cut.endswith("…")
    assert painted_like(label, cut)


def test_a_cut_name_is_whole_in_its_tool_tip_and_for_a_screen_reader(room: Room) -> None:
    label = room.hold(ElidedLabel(room, LONG_NAME))
    tip = QTextDocument()
    tip.setHtml(label.toolTip())
    assert tip.toPlainText() == LONG_NAME
    assert label.accessibleName() == LONG_NAME


def test_a_long_name_asks_for_no_more_room_than_a_short_one(room: Room) -> None:
    assert ElidedLabel(room, LONG_NAME).minimumSizeHint().width() == ElidedLabel(room, "a").minimumSizeHint().width()


def test_an_elided_label_is_one_harmless_line_whatever_it_is_given(room: Room) -> None:
    label = room.hold(ElidedLabel(room))
    height = label.height()

    @given(text=st.text(st.characters(codec=None), max_size=40))
    @settings(max_examples=60, deadline=None)
    def check(text: str) -> None:
        label.setText(text)
        assert not set(label.text()) & set("\n\r\t\0\u202e\u2028\u2029")
        assert "<img" not in label.toolTip()
        label.grab()

    check()
    assert label.height() == height


def test_an_ampersand_in_a_name_is_an_ampersand(room: Room) -> None:
    elided = room.hold(ElidedLabel(room, "R&D"), stretch=0)
    assert not painted_like(elided, "RD")


@pytest.mark.parametrize("text", ["short", "word " * 40, LONG_NAME, "https://example.org/" + "q" * 200, "a\nb\nc"])
@pytest.mark.parametrize("width", [300, 120])
def test_a_wrapping_label_has_room_for_all_its_words(room: Room, text: str, width: int) -> None:
    label = room.hold(WrapLabel(room, text), stretch=0)
    room.resize(width, 900)
    QApplication.processEvents()
    assert label.width() <= width
    assert label.height() >= height_of(text, label, label.width())
    assert last_column(label) == {LIGHT.bg}


def test_a_wrapping_label_follows_its_text(room: Room) -> None:
    label = room.hold(WrapLabel(room, "word " * 60), stretch=0)
    tall = label.height()
    label.setText("short")
    QApplication.processEvents()
    assert label.height() < tall / 3
    label.setText("word " * 60)
    QApplication.processEvents()
    assert label.height() == tall


@pytest.mark.parametrize("text", ["Why?", "word " * 60, "https://example.org/" + "q" * 300, "a\n\nb", "字" * 200])
def test_a_bubble_holds_the_whole_question(room: Room, text: str) -> None:
    """Also when it is measured before it was ever shown: the theme's font is larger than the one before it."""
    bubble = Bubble(room, text)
    bubble.fit(250)
    room.hold(bubble, stretch=0)
    assert bubble.width() <= 250
    assert bubble.height() >= height_of(text, bubble, bubble.width() - 28)
    assert LIGHT.text not in last_column(bubble)
    assert LIGHT.accent_soft in colours(looks(bubble))


def test_a_short_question_has_a_small_bubble(room: Room) -> None:
    bubble = room.hold(Bubble(room, "Why?"), stretch=0)
    bubble.fit(250)
    assert bubble.width() < 100


def test_a_screen_reader_hears_whose_words_a_bubble_holds(room: Room) -> None:
    assert Bubble(room, "Why\nnot?").accessibleName() == "Your question: Why not?"


def test_a_button_shows_its_words_and_has_no_secret_key(room: Room) -> None:
    made = room.hold(push_button(room, "R&D <b>x</b>\u202e", tip="<i>tip</i>"))
    assert made.text() == "R&&D <b>x</b>\ufffd"
    assert made.shortcut().isEmpty()
    assert made.accessibleName() == "R&D <b>x</b>\ufffd"
    assert "&lt;i&gt;" in made.toolTip()


def test_a_button_may_be_called_otherwise_than_it_reads(room: Room) -> None:
    assert push_button(room, "‹", name="Citation before").accessibleName() == "Citation before"

"""A source as a card: a person and a screen reader know which, where, and whether it is still true."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, click, colours, looks, passage, unnamed, words
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from studiolo_desktop.originals import Originals
from studiolo_desktop.theme import DARK, LIGHT
from studiolo_desktop.widgets.evidence_card import EvidenceCard


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=240, height=200)


def show(room: Room, **fields: object) -> EvidenceCard:
    return room.hold(EvidenceCard(room, room.theme, passage(2, **fields)), stretch=0)


def test_a_card_says_its_number_and_where_it_stands(room: Room) -> None:
    card = show(room)
    assert words(room)[:2] == ["2", "leave-2.pdf, p. 4"]
    assert card.accessibleName() == "Source 2: leave-2.pdf, p. 4"


def test_a_passage_without_pages_names_its_part(room: Room) -> None:
    assert show(room, page=None, part="7.3 Leave").accessibleName() == "Source 2: leave-2.pdf, 7.3 Leave"


def test_the_whole_path_is_in_the_tool_tip_as_text(room: Room) -> None:
    tip = QTextDocument()
    tip.setHtml(show(room, path="/docs/<b>hr</b>/a.pdf").toolTip())
    assert tip.toPlainText() == "/docs/<b>hr</b>/a.pdf"


def test_the_quoted_words_are_marked_and_read_out(room: Room) -> None:
    card = show(room)
    assert LIGHT.mark in colours(looks(card))
    assert card.accessibleDescription().startswith("4.2 Carry-over.")


@pytest.mark.parametrize("where", ["number", "words", "edge"])
def test_a_click_anywhere_on_the_card_chooses_it(room: Room, qtbot: QtBot, where: str) -> None:
    card = show(room)
    points = {"number": QPoint(20, 18), "words": QPoint(100, 60), "edge": QPoint(2, card.height() // 2)}
    child = card.childAt(points[where])
    with qtbot.waitSignal(card.chosen, timeout=1000) as chosen:
        click(child if child is not None and not child.testAttribute(TRANSPARENT) else card, points[where])
    assert chosen.args == [2]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a menu without a screen
@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
def test_its_file_can_be_opened_and_shown_from_its_menu(room: Room, reason: QContextMenuEvent.Reason) -> None:
    originals = Originals(room)
    wanted: list[tuple[object, bool]] = []
    originals.wanted.connect(lambda path, show: wanted.append((path, show)))
    card = show(room, path="/docs/caf\udce9.pdf")
    QApplication.sendEvent(card, QContextMenuEvent(reason, QPoint(20, 18), card.mapToGlobal(QPoint(20, 18))))
    menu = card.findChild(QMenu)
    assert isinstance(menu, QMenu)
    for action in menu.actions()[:2]:
        action.trigger()
    assert wanted == [("/docs/caf\udce9.pdf", False), ("/docs/caf\udce9.pdf", True)]
    assert not card.isChecked()


TRANSPARENT = Qt.WidgetAttribute.WA_TransparentForMouseEvents


def test_a_second_click_does_not_take_the_choice_back(room: Room) -> None:
    card = show(room)
    click(card)
    click(card)
    assert card.isChecked()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_chosen_card_looks_chosen(room: Room, dark: bool) -> None:
    tokens = DARK if dark else LIGHT
    card = show(room)
    room.theme.use(tokens)
    card.clearFocus()
    edge = card.height() // 2
    assert looks(card).pixelColor(0, edge).name() == tokens.line
    card.setChecked(True)
    assert looks(card).pixelColor(0, edge).name() == tokens.accent


def test_a_changed_file_is_said_in_words(room: Room) -> None:
    card = show(room)
    assert "changed" not in words(room)
    card.update_citation({"stale": True})
    assert "changed" in words(room)
    assert card.accessibleName().endswith("; the file has changed since")


def test_the_words_that_the_answer_quotes_take_the_place_of_those_that_were_found(room: Room) -> None:
    card = show(room)
    card.update_citation({"quote": "until 31 March", "start": 68})
    assert card.passage["quote"] == "until 31 March"
    assert card.passage["path"] == "/docs/hr/leave-2.pdf"


@pytest.mark.parametrize("fields", [{}, {"number": "1", "path": 3, "text": None, "quote": []}])
def test_a_passage_of_another_shape_is_borne(room: Room, fields: dict[str, object]) -> None:
    card = room.hold(EvidenceCard(room, room.theme, fields), stretch=0)
    assert card.number == 0
    assert card.accessibleName() == "Source 0: "


def test_hostile_names_and_words_are_text(room: Room) -> None:
    card = show(room, path=f"/x/{MARKUP.replace('/', '')}\u202efdp.exe", text=MARKUP + "\n\u202e", quote="bold")
    assert "\u202e" not in card.accessibleName() + card.accessibleDescription()
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in card.findChildren(QLabel))


def test_a_long_name_leaves_room_for_the_word_that_the_file_has_changed(room: Room) -> None:
    card = show(room, path="/x/" + "a_very_long_name_" * 10 + ".pdf")
    card.update_citation({"stale": True})
    room.grab()
    label = next(found for found in card.findChildren(QLabel) if found.text() == "changed")
    assert label.width() >= label.sizeHint().width()
    assert label.geometry().right() < card.width()
    assert card.width() == 240


def test_cards_of_a_row_are_alike_in_height(room: Room) -> None:
    one, other = show(room, text="short", quote=""), show(room, text="word " * 200, quote="")
    assert one.sizeHint().height() == other.sizeHint().height()
    assert unnamed(room) == []


def test_a_passage_that_was_recognised_from_a_picture_says_how_sure_it_is(room: Room) -> None:
    """R26."""
    card = show(room, ocr_confidence=0.984)
    assert "OCR 98 %" in words(room)
    assert "OCR 98 %" in card.accessibleName()


def test_a_card_says_how_it_was_found_and_when_its_file_was_read(room: Room) -> None:
    card = show(room, found_by=["vector", "text"], indexed_at="2026-11-27T12:00:00+00:00")
    assert words(room)[-2:] == ["meaning, words", "2026-11-27"]
    assert card.accessibleDescription().endswith("; found by meaning, words; read 2026-11-27")


def test_a_card_of_an_older_answer_leaves_out_what_it_does_not_know(room: Room) -> None:
    card = show(room)
    assert words(room)[-1] == "leave-2.pdf, p. 4"
    assert "found by" not in card.accessibleDescription()


@pytest.mark.parametrize("matches", [[[0, 3], [16, 22]], None, 7, ["x"]])
def test_the_words_that_were_asked_for_are_bold_and_nothing_else_is_survived(room: Room, matches: object) -> None:
    card = show(room, matches=matches)
    assert len(card._snippet.matches) == (2 if isinstance(matches, list) and len(matches) == 2 else 0)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_card_is_chosen_with_enter_as_with_space(room: Room, qtbot: QtBot, key: Qt.Key) -> None:
    card = show(room)
    with qtbot.waitSignal(card.chosen, timeout=1000) as chosen:
        QTest.keyClick(card, key)
    assert (chosen.args, card.isChecked()) == ([2], True)

"""The source itself: the page that was cited, the words on it, and nothing that belongs to another file."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QBuffer, QByteArray, Qt
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot
from scripted_window import LIMIT_MS, Json, shown_text

from studiolo.errors import ErrorReport
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.source_view import Place, SourceView

PASSAGE: Json = {
    "number": 1, "path": "/docs/policy.pdf", "page": 4, "part": "Page 4", "start": 5, "end": 14,
    "quote": "ten days", "text": "Up to ten days.", "sha256": "a" * 64,
}  # fmt: skip
OTHER = PASSAGE | {"path": "/docs/other.pdf", "page": 1}
NOTE = PASSAGE | {"path": "/docs/note.md", "page": None, "part": "Leave"}


class Asked:
    """What the viewer has asked for."""

    def __init__(self, view: SourceView) -> None:
        self.places: list[Place] = []
        self.widths: list[int] = []
        view.wanted.connect(self._take)

    def _take(self, place: Place, width: int) -> None:
        self.places.append(place)
        self.widths.append(width)


@pytest.fixture
def view(window: MainWindow) -> Iterator[SourceView]:
    """Give the open right room of a window; nobody answers what it asks for."""
    window.open_source()
    yield window.source


def page(number: int = 4, **fields: object) -> Json:
    """Make the engine's answer for a page."""
    image = QImage(400, 1200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    buffer = QBuffer()
    assert QImageWriter(buffer, QByteArray(b"png")).write(image)
    png = base64.b64encode(buffer.data().data()).decode()
    return {"kind": "page", "page": number, "pages": 12, "png": png, "boxes": [[40, 900, 200, 20]]} | fields


def press(view: SourceView, name: str) -> None:
    next(b for b in view.findChildren(QPushButton) if b.accessibleName() == name).click()


def show(view: SourceView, passage: Json = PASSAGE, **fields: object) -> None:
    """Open a passage and answer with its page."""
    view.open(passage, number=1, of=3)
    assert view.place is not None
    view.show_view(view.place, page(view.place.page or 1, **fields))


def test_opening_a_passage_asks_for_its_page_and_its_very_words(view: SourceView) -> None:
    asked = Asked(view)
    view.open(PASSAGE, number=2, of=3)
    assert asked.places == [Place(path="/docs/policy.pdf", page=4, start=5, end=14, quote="ten days", sha256="a" * 64)]
    assert 0 < asked.widths[0] <= 1600
    assert "policy.pdf" in shown_text(view)
    assert "source 2 of 3" in shown_text(view)
    assert "Opening" in shown_text(view)


def test_the_page_is_shown_with_the_words_marked_and_in_sight(view: SourceView, qtbot: QtBot) -> None:
    show(view)
    assert "Page 4 of 12" in shown_text(view)
    assert len(view.canvas.boxes) == 1
    box = view.canvas.first_box()
    assert box is not None
    bar = view.room.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() > 0, timeout=LIMIT_MS)
    assert bar.value() < box.y() < bar.value() + view.room.viewport().height()


def test_an_answer_for_a_place_that_is_no_longer_wanted_is_left_out(view: SourceView) -> None:
    view.open(PASSAGE, number=1, of=2)
    late = view.place
    assert late is not None
    view.open(OTHER, number=2, of=2)
    view.show_view(late, page(4))
    view.show_error(late, ErrorReport("file.damaged", "It is damaged.", ""))
    assert not view.canvas.has_page()
    assert "It is damaged." not in shown_text(view)


def test_another_file_is_never_named_over_the_page_of_the_file_before(view: SourceView) -> None:
    show(view)
    view.open(OTHER, number=2, of=2)
    assert "other.pdf" in shown_text(view)
    assert not view.canvas.isVisible()
    assert "Opening the source" in shown_text(view)


def test_another_page_of_the_same_file_does_not_flicker(view: SourceView) -> None:
    show(view)
    view.open(PASSAGE | {"page": 7}, number=2, of=2)
    assert view.canvas.isVisible()


def test_an_error_shows_its_words_and_code_and_can_be_tried_again(view: SourceView) -> None:
    view.open(PASSAGE, number=1, of=1)
    assert view.place is not None
    view.show_error(view.place, ErrorReport("file.vanished", "It is no longer there.", "It was moved."))
    text = shown_text(view)
    assert all(words in text for words in ("This file cannot be shown", "It is no longer there.", "It was moved."))
    assert "file.vanished" in text
    asked = Asked(view)
    press(view, "Try again")
    assert asked.places == [view.place]


def test_an_error_does_not_stay_while_the_next_file_is_being_opened(view: SourceView) -> None:
    show(view)
    view.open(OTHER, number=1, of=1)
    assert view.place is not None
    view.show_error(view.place, ErrorReport("file.vanished", "It is no longer there.", "It was moved."))
    view.open(PASSAGE, number=1, of=1)
    assert "It is no longer there." not in shown_text(view)


@pytest.mark.parametrize("png", ["", "no base64!", base64.b64encode(b"no picture").decode(), None, 7])
def test_a_picture_that_cannot_be_painted_is_an_error_with_a_code(view: SourceView, png: object) -> None:
    show(view, png=png)
    assert "view.bad_picture" in shown_text(view)


@pytest.mark.parametrize("value", [{}, {"kind": "page", "pages": "many", "boxes": 7}, {"kind": 3, "text": ["a"]}])
def test_an_answer_of_any_shape_is_survived(view: SourceView, value: Json) -> None:
    view.open(PASSAGE, number=1, of=1)
    assert view.place is not None
    view.show_view(view.place, value)
    assert view.isVisible()


def test_text_without_pages_is_shown_with_the_exact_words_marked(view: SourceView) -> None:
    view.open(NOTE, number=1, of=1)
    assert view.place is not None
    text = "😀😀 <b>Up</b> to ten days."
    view.show_view(view.place, {"kind": "text", "text": text, "start": 16, "end": 24})
    assert view.text.marked_text() == "ten days"
    assert text in shown_text(view)
    assert "Leave" in shown_text(view)
    assert not view.tools.page_after.isVisible()


def test_a_source_that_has_changed_says_so_and_a_fresh_one_does_not(view: SourceView) -> None:
    show(view, stale=True)
    assert "changed since it was indexed" in shown_text(view)
    show(view)
    assert "changed since it was indexed" not in shown_text(view)


def test_other_pages_are_asked_for_without_the_words_and_the_way_back_with_them(view: SourceView) -> None:
    show(view)
    asked = Asked(view)
    press(view, "Next page")
    assert (asked.places[-1].page, asked.places[-1].quote, asked.places[-1].end) == (5, "", 0)
    view.show_view(asked.places[-1], page(5, boxes=[]))
    press(view, "Page before")
    assert asked.places[-1] == view.cited


def test_there_is_no_page_before_the_first_and_none_after_the_last(view: SourceView) -> None:
    show(view, PASSAGE | {"page": 1})
    assert (view.tools.page_before.isEnabled(), view.tools.page_after.isEnabled()) == (False, True)
    show(view, PASSAGE | {"page": 12})
    assert (view.tools.page_before.isEnabled(), view.tools.page_after.isEnabled()) == (True, False)
    asked = Asked(view)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert asked.places == []


def test_page_keys_turn_the_page(view: SourceView) -> None:
    show(view)
    asked = Asked(view)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert asked.places[-1].page == 5
    view.show_view(asked.places[-1], page(5))
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert asked.places[-1] == view.cited


def test_a_larger_page_is_shown_at_once_and_asked_for_sharper(view: SourceView, qtbot: QtBot) -> None:
    show(view)
    asked, width = Asked(view), view.canvas.width()
    press(view, "Larger")
    assert view.canvas.width() > width
    assert "125 %" in shown_text(view)
    qtbot.waitUntil(lambda: len(asked.places) == 1, timeout=LIMIT_MS)
    assert asked.places == [view.cited]
    press(view, "Fit the page to the width")
    assert view.canvas.width() == width


def test_zooming_has_an_end_in_both_directions(view: SourceView) -> None:
    show(view)
    for _ in range(30):
        press(view, "Larger")
    assert "400 %" in shown_text(view)
    for _ in range(60):
        press(view, "Smaller")
    assert "50 %" in shown_text(view)
    assert view.canvas.width() >= 160


def test_a_resized_room_fits_the_page_and_asks_once_when_it_rests(
    view: SourceView, window: MainWindow, qtbot: QtBot
) -> None:
    show(view)
    asked = Asked(view)
    for width in range(1360, 1700, 20):
        window.resize(width, 860)
    assert view.canvas.width() <= view.width()
    qtbot.waitUntil(lambda: bool(asked.places), timeout=LIMIT_MS)
    assert len(asked.places) == 1


def test_a_change_of_the_shown_file_asks_for_it_again_and_a_change_of_another_does_not(
    view: SourceView, qtbot: QtBot
) -> None:
    show(view)
    asked = Asked(view)
    view.refresh("/docs/other.pdf")
    assert not view.room._rest.isActive()
    view.refresh("/docs/policy.pdf")
    qtbot.waitUntil(lambda: bool(asked.places), timeout=LIMIT_MS)
    assert asked.places == [view.place]


def test_one_source_alone_has_no_next(view: SourceView) -> None:
    view.open(PASSAGE, number=1, of=1)
    assert not view.tools.after.isVisible()
    assert not view.tools.counter.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a menu without a screen
def test_the_original_can_be_opened_and_shown_from_the_head(view: SourceView, window: MainWindow) -> None:
    wanted: list[tuple[object, bool]] = []
    window.originals.wanted.connect(lambda path, show: wanted.append((path, show)))
    view.open(PASSAGE, number=1, of=1)
    press(view, "What can be done with the original")
    menu = view.findChild(QMenu)
    assert isinstance(menu, QMenu)
    for action in menu.actions()[:2]:
        action.trigger()
    assert wanted == [("/docs/policy.pdf", False), ("/docs/policy.pdf", True)]


def test_the_page_before_is_read_on_from_its_end_and_the_next_from_its_beginning(
    view: SourceView, qtbot: QtBot
) -> None:
    show(view, boxes=[])
    bar = view.room.verticalScrollBar()
    QApplication.processEvents()  # nobody turns a page before it has been seen
    view.room.turned.emit(-1)
    assert view.place is not None
    view.show_view(view.place, page(3, boxes=[]))
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0, timeout=LIMIT_MS)
    view.room.turned.emit(1)
    view.show_view(view.place, page(4, boxes=[]))
    qtbot.waitUntil(lambda: bar.value() == 0, timeout=LIMIT_MS)

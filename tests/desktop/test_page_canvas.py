"""The picture of a page: only a PNG of a bearable size is painted, with the marks over the right words."""

from __future__ import annotations

import struct
import zlib

import pytest
from desktop_parts import Room, click, colours, looks, picture, written
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QImageReader, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from studiolo_desktop.theme import DARK, LIGHT, PAGE_FOUND, PAGE_INK, PAGE_MARK, PAGE_SELECTED
from studiolo_desktop.widgets import page_canvas
from studiolo_desktop.widgets.page_canvas import MAX_PIXELS, MAX_SIDE, PageCanvas
from studiolo_desktop.widgets.page_text import PageText

PAGE = picture(400, 600)
JUNK = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.lists(st.integers(), max_size=5)
)


class Page:
    """A canvas in a room that is wider and higher than it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=500, height=700)
        self.canvas = PageCanvas(self.room, self.room.theme)
        self.room.hold(self.canvas, stretch=0)

    def show(self, png: bytes, *boxes: object, width: int = 200) -> bool:
        return self.canvas.show_page(png, boxes, width=width)

    def colour(self, x: int, y: int) -> str:
        return looks(self.canvas).pixelColor(x, y).name()


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    return Page(qtbot)


def claimed(width: int, height: int) -> bytes:
    """Write the beginning of a PNG that claims a size, and nothing of its pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_page_is_painted_at_the_width_that_is_asked_for(page: Page) -> None:
    assert page.show(written(PAGE))
    assert page.canvas.has_page()
    assert (page.canvas.width(), page.canvas.height()) == (200, 300)
    assert page.colour(100, 150) == "#ffffff"
    page.canvas.set_width(300)
    assert (page.canvas.width(), page.canvas.height()) == (300, 450)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("width", [200, 400, 300])
def test_the_mark_lies_over_the_words_and_nowhere_else(page: Page, width: int, scheme: object) -> None:
    """A page is paper in both schemes; the box is in pixels of the picture, whatever the width."""
    page.room.theme.use(DARK if scheme is DARK else LIGHT)
    assert page.show(written(PAGE), [100, 200, 120, 40], width=width)
    image, scale = looks(page.canvas), width / 400
    inside = QRect(round(100 * scale) + 1, round(200 * scale) + 1, round(120 * scale) - 2, round(40 * scale) - 2)
    around = inside.adjusted(-5, -5, 5, 5)
    for x in range(1, image.width() - 1, 3):
        for y in range(1, image.height() - 1, 3):
            colour = image.pixelColor(x, y).name()
            if inside.contains(x, y):
                assert colour == PAGE_MARK
            elif not around.contains(x, y):
                assert colour == "#ffffff"


def test_letters_under_the_mark_stay_black(page: Page) -> None:
    image = PAGE.copy()
    painter = QPainter(image)
    painter.fillRect(QRect(120, 210, 40, 20), QColor("black"))
    painter.end()
    page.show(written(image), [100, 200, 120, 40], width=400)
    assert page.colour(140, 220) == "#000000"
    assert page.colour(110, 220) == PAGE_MARK


def test_the_first_mark_is_given_in_pixels_of_the_screen(page: Page) -> None:
    page.show(written(PAGE), [100, 200, 120, 40], [0, 0, 1, 1], width=200)
    box = page.canvas.first_box()
    assert box is not None
    assert (box.x(), box.y(), box.width(), box.height()) == (50, 100, 60, 20)


def test_a_page_without_marks_has_no_first_one(page: Page) -> None:
    page.show(written(PAGE))
    assert page.canvas.first_box() is None
    assert page.canvas.accessibleName() == "Page"


def test_a_screen_reader_hears_how_many_lines_are_marked(page: Page) -> None:
    page.show(written(PAGE), [1, 1, 9, 9], [1, 20, 9, 9])
    assert page.canvas.accessibleName() == "Page with 2 highlighted lines"


@pytest.mark.parametrize("kind", ["JPG", "BMP", "PPM", "XPM", "XBM"])
def test_a_picture_of_another_kind_is_refused(page: Page, kind: str) -> None:
    assert not page.show(written(picture(), kind))
    assert not page.canvas.has_page()


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"\0" * 40],
    ids=["nothing", "the signature alone", "pdf", "svg", "gif"],
)
def test_what_is_no_picture_is_refused(page: Page, data: bytes) -> None:
    assert not page.show(data)


def test_damaged_bytes_are_refused_or_painted_and_never_break_the_window(page: Page) -> None:
    whole = written(picture(20, 20))

    @given(at=st.integers(0, len(whole) - 1), byte=st.integers(0, 255), end=st.integers(0, len(whole)))
    @settings(max_examples=80, deadline=None)
    def check(at: int, byte: int, end: int) -> None:
        damaged = bytearray(whole)
        damaged[at] = byte
        if page.show(bytes(damaged[:end]), width=20):
            page.canvas.grab()

    page.canvas.setUpdatesEnabled(False)
    check()
    assert page.show(whole)


@pytest.mark.parametrize(
    ("width", "height"), [(MAX_SIDE + 1, 1), (1, MAX_SIDE + 1), (MAX_SIDE, MAX_SIDE), (2**31 - 1, 2**31 - 1), (0, 5)]
)
def test_a_huge_picture_is_refused_by_its_size_before_its_pixels_are_read(
    page: Page, monkeypatch: pytest.MonkeyPatch, width: int, height: int
) -> None:
    reads = []

    class CountingReader(QImageReader):
        def read(self) -> QImage:
            reads.append(self.size())
            return super().read()

    monkeypatch.setattr(page_canvas, "QImageReader", CountingReader)
    assert not page.show(claimed(width, height))
    assert reads == []
    assert page.show(written(PAGE))
    assert reads == [PAGE.size()]


def test_a_whole_picture_of_too_many_pixels_is_refused(page: Page) -> None:
    large = QImage(5000, 5000, QImage.Format.Format_Mono)
    large.fill(1)
    assert not page.show(written(large))


def test_a_large_page_that_is_real_is_painted(page: Page) -> None:
    assert MAX_PIXELS >= 1600 * 8000
    assert page.show(written(picture(1600, 3000)))


def test_a_page_that_cannot_be_read_leaves_the_one_that_is_shown(page: Page) -> None:
    page.show(written(PAGE), [1, 1, 9, 9])
    assert not page.show(b"broken", [2, 2, 2, 2])
    assert page.canvas.has_page()
    assert len(page.canvas.boxes) == 1


def test_only_boxes_of_four_numbers_are_painted(page: Page) -> None:
    png = written(picture(20, 20))

    @given(boxes=st.lists(JUNK | st.lists(JUNK, min_size=4, max_size=4), max_size=6))
    @settings(max_examples=80, deadline=None)
    def check(boxes: list[object]) -> None:
        assert page.show(png, *boxes, width=40)
        assert len(page.canvas.boxes) <= len(boxes)
        page.canvas.grab()

    check()
    assert page.show(png, [1, 2, 3], [float("nan"), 1, 1, 1], [1e9, 1, 1, 1], ["1", 1, 1, 1], "abcd", (1, 2, 3, 4))
    assert [(b.x(), b.y(), b.width(), b.height()) for b in page.canvas.boxes] == [(1, 2, 3, 4)]


def test_an_empty_canvas_paints_nothing_and_takes_no_width(page: Page) -> None:
    page.canvas.set_width(300)
    assert not page.canvas.has_page()
    assert isinstance(looks(page.canvas), QImage)
    assert page.canvas.width() != 300 or page.canvas.first_box() is None


# ---- words -------------------------------------------------------------------------------------------------------


WORDS = {
    "text": "one two\nthree four", "width": 800, "height": 1200,
    "words": [[0, 3, 100, 100, 100, 40], [4, 7, 240, 100, 100, 40], [8, 13, 100, 200, 100, 40],
              [14, 18, 240, 200, 100, 40]],
}  # fmt: skip


@pytest.fixture
def said(page: Page) -> Page:
    """A page of 400 by 600 pixels whose words are known, in a measure of twice as much."""
    page.show(written(PAGE), width=400)
    page.canvas.show_words(PageText.read(WORDS))
    return page


def drag(canvas: PageCanvas, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    move = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(end), canvas.mapToGlobal(QPointF(end)), Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(canvas, move)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)


@pytest.mark.parametrize(("start", "end"), [((60, 60), (60, 110)), ((60, 110), (60, 60))])
def test_words_are_selected_with_the_mouse_in_both_directions_and_copied(
    said: Page, start: tuple[int, int], end: tuple[int, int]
) -> None:
    drag(said.canvas, QPoint(*start), QPoint(*end))
    assert said.canvas.selected_text() == "one two\nthree"
    QTest.keyClick(said.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "one two\nthree"
    assert said.colour(52, 62) == PAGE_SELECTED
    assert said.colour(200, 300) == "#ffffff"


def test_a_selection_may_begin_and_end_beside_the_words(said: Page) -> None:
    drag(said.canvas, QPoint(5, 60), QPoint(390, 590))
    assert said.canvas.selected_text() == WORDS["text"]


def test_a_click_ends_a_selection_and_shift_and_click_goes_on_with_it(said: Page) -> None:
    drag(said.canvas, QPoint(60, 60), QPoint(140, 60))
    click(said.canvas, QPoint(140, 110))
    assert said.canvas.selected_text() == ""
    QTest.mouseDClick(said.canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    assert said.canvas.selected_text() == "one"
    QTest.mousePress(said.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, QPoint(60, 110))
    assert said.canvas.selected_text() == "one two\nthree"


def test_the_whole_page_is_selected_with_a_key_and_word_by_word_with_others(said: Page) -> None:
    QTest.keyClick(said.canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert said.canvas.selected_text() == WORDS["text"]
    said.canvas.show_words(PageText.read(WORDS))
    for key, text in ((Qt.Key.Key_Right, "one"), (Qt.Key.Key_Right, "one two"), (Qt.Key.Key_Left, "one")):
        QTest.keyClick(said.canvas, key, Qt.KeyboardModifier.ShiftModifier)
        assert said.canvas.selected_text() == text


def test_a_page_whose_words_are_not_known_selects_nothing_and_leaves_the_clipboard(page: Page) -> None:
    QApplication.clipboard().setText("before")
    page.show(written(PAGE), width=400)
    drag(page.canvas, QPoint(5, 5), QPoint(300, 300))
    page.canvas.select_all()
    page.canvas.copy()
    assert (page.canvas.selected_text(), QApplication.clipboard().text()) == ("", "before")


def test_the_pointer_tells_where_words_are(said: Page) -> None:
    for place, shape in ((QPoint(60, 60), Qt.CursorShape.IBeamCursor), (QPoint(5, 5), Qt.CursorShape.ArrowCursor)):
        QTest.mouseMove(said.canvas, place)
        assert said.canvas.cursor().shape() == shape


def test_what_was_found_is_marked_and_the_place_in_hand_is_framed(said: Page) -> None:
    said.canvas.show_found([(0, 3), (8, 13)], 1)
    assert said.colour(52, 62) == PAGE_FOUND
    box = said.canvas.current_box()
    assert box is not None
    assert (box.x(), box.y(), box.width(), box.height()) == (50, 100, 50, 20)
    assert PAGE_INK in colours(looks(said.canvas))
    said.canvas.show_found((), -1)
    assert said.canvas.current_box() is None
    assert said.colour(52, 62) == "#ffffff"


def test_words_keep_their_places_when_the_page_is_shown_larger(said: Page) -> None:
    said.canvas.show_found([(0, 3)], 0)
    said.canvas.set_width(200)
    assert said.colour(26, 31) == PAGE_FOUND


def test_a_screen_reader_is_told_what_the_page_says(said: Page) -> None:
    assert said.canvas.accessibleDescription() == WORDS["text"]
    said.canvas.show_words(None)
    assert said.canvas.accessibleDescription() == ""


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a menu without a screen
def test_the_menu_offers_to_copy_only_what_is_selected(said: Page) -> None:
    for select, enabled in ((False, [False, True]), (True, [True, True])):
        if select:
            said.canvas.select_all()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), QPoint(5, 5))
        QApplication.sendEvent(said.canvas, event)
        menu = said.canvas.findChildren(QMenu)[-1]
        assert [action.isEnabled() for action in menu.actions()] == enabled
        menu.close()

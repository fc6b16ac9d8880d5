"""The text of a source: exactly the quoted words are marked, and a whole book does not hold the window up."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, colours, looks
from effort import assert_grows_linearly
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo_desktop.theme import DARK, LIGHT
from studiolo_desktop.widgets.source_text import WINDOW_CHARS, SourceText

TEXT = st.text(st.characters(codec=None) | st.sampled_from("😀\n\r\0\ud83d\u2028\u2029\ufdd0é\u0301"), max_size=60)


class Source:
    """The text in a room."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=400, height=300)
        self.text = self.room.hold(SourceText(self.room, self.room.theme))

    def marked(self, text: str, start: int, end: int) -> str:
        self.text.show_text(text, start, end)
        return self.text.marked_text()


@pytest.fixture
def source(qtbot: QtBot) -> Source:
    return Source(qtbot)


def as_shown(text: str) -> str:
    """Write a text as it is painted: odd ones become a sign, and every end of a line is one."""
    changed = "".join("\ufffd" if "\ud800" <= c <= "\udfff" or c == "\0" else c for c in text)
    return "".join("\n" if c in "\r\u2029\ufdd0\ufdd1" else c for c in changed)


def test_exactly_the_code_points_that_were_asked_for_are_marked(source: Source) -> None:
    @given(before=TEXT, quote=TEXT, after=TEXT)
    @settings(max_examples=120, deadline=None)
    def check(before: str, quote: str, after: str) -> None:
        marked = source.marked(before + quote + after, len(before), len(before) + len(quote))
        assert marked == as_shown(quote)

    check()


def test_emoji_before_the_quoted_words_do_not_move_the_mark(source: Source) -> None:
    text = "😀👩\u200d👧🏽 " * 50 + "the words" + " 😀" * 20
    assert source.marked(text, text.index("the"), text.index("the") + 9) == "the words"


def test_the_quoted_words_can_be_seen_and_are_marked_in_both_schemes(source: Source) -> None:
    text = "line\n" * 500 + "the words\n" + "line\n" * 500
    source.text.show_text(text, 2500, 2509)
    QApplication.processEvents()
    assert LIGHT.mark in colours(looks(source.text))
    source.room.theme.use(DARK)
    assert {DARK.mark, DARK.card, DARK.text} <= colours(looks(source.text))
    assert LIGHT.mark not in colours(looks(source.text))


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 3), (5, 2), (-9, -3), (99, 120), (-5, 2), (3, 999)])
def test_a_span_out_of_the_text_is_cut_to_it(source: Source, start: int, end: int) -> None:
    low = max(0, min(start, 5))
    assert source.marked("abcde", start, end) == "abcde"[low : max(low, min(end, 5))]


def test_a_place_without_words_marks_nothing(source: Source) -> None:
    source.marked("abcde", 1, 3)
    source.text.show_text("other text", 0, 0)
    assert source.text.extraSelections() == []
    assert LIGHT.mark not in colours(looks(source.text))


def test_of_a_long_text_a_part_around_the_words_is_shown_and_the_rest_is_counted(source: Source) -> None:
    text = "word " * 40_000
    assert source.marked(text, 100_000, 100_004) == "word"
    shown = source.text.toPlainText()
    assert shown.startswith(f"[… {100_000 - WINDOW_CHARS:,} characters before]\n")
    assert shown.endswith(f"\n[{100_000 - WINDOW_CHARS - 4:,} characters after …]")


def test_a_short_text_is_whole_and_nothing_is_said_about_it(source: Source) -> None:
    source.text.show_text("abc", 0, 1)
    assert source.text.toPlainText() == "abc"


def test_of_a_long_text_on_one_line_qt_lays_out_no_more_than_of_a_shorter_one(source: Source) -> None:
    def work(size: int) -> None:
        source.text.show_text("a word, " * size, size * 4, size * 4 + 6)
        source.text.grab()
        assert len(source.text.toPlainText()) < 2 * WINDOW_CHARS + 100

    assert_grows_linearly(work, size=200_000)


def test_markup_is_text(source: Source) -> None:
    source.text.show_text(MARKUP, 0, 3)
    assert source.text.toPlainText() == MARKUP
    assert source.text.marked_text() == "<b>"


def test_the_text_can_be_read_and_copied_and_not_changed(source: Source) -> None:
    source.text.show_text("abc", 0, 1)
    source.text.insertFromMimeData(QApplication.clipboard().mimeData())
    assert source.text.isReadOnly()
    source.text.selectAll()
    source.text.copy()
    assert QApplication.clipboard().text() == "abc"
    assert source.text.accessibleName() == "Text of the source"


# ---- what a search has found -------------------------------------------------------------------------------------


def test_found_words_are_marked_and_the_one_in_hand_stands_out(source: Source) -> None:
    text = "😀 some words, some more words"
    source.text.show_text(text, 0, 0)
    source.text.show_found([(7, 12), (24, 29)], 1)
    assert source.text.current_text() == "words"
    assert {LIGHT.accent_soft, LIGHT.accent} <= colours(looks(source.text))
    source.text.show_found([], -1)
    assert source.text.current_text() == ""
    assert source.text.extraSelections() == []


def test_found_words_and_the_quoted_ones_are_marked_together(source: Source) -> None:
    source.marked("some quoted words", 5, 11)
    source.text.show_found([(0, 4)], 0)
    assert (source.text.marked_text(), source.text.current_text()) == ("quoted", "some")


def test_a_place_beyond_what_is_shown_is_brought_there_and_the_quoted_words_are_not_lost(source: Source) -> None:
    text = "word " * 40_000 + "the end"
    source.marked(text, 0, 4)
    source.text.show_found([(0, 4), (200_000, 200_007)], 1)
    assert source.text.current_text() == "the end"
    assert source.text.toPlainText().endswith("the end")
    source.text.show_found([(0, 4), (200_000, 200_007)], 0)
    assert (source.text.current_text(), source.text.marked_text()) == ("word", "word")


def test_found_spans_out_of_the_text_are_cut_to_it(source: Source) -> None:
    text = "some words of a text that is short"

    @given(at=st.integers(-5, 70), size=st.integers(-5, 70), current=st.integers(-2, 3))
    @settings(max_examples=40, deadline=None)
    def check(at: int, size: int, current: int) -> None:
        source.text.show_text(text, 0, 4)
        source.text.show_found([(at, at + size)], current)
        assert source.text.current_text() in text

    check()


def test_of_thousands_of_places_those_in_sight_are_marked_wherever_one_scrolls(source: Source) -> None:
    line = "😀 some words, and more words\n"
    text = line * 1200
    found = [(at * len(line) + 7, at * len(line) + 12) for at in range(1200)]
    source.text.show_text(text, 0, 0)
    source.text.show_found(found, 600)
    bar = source.text.verticalScrollBar()
    for value in (0, bar.maximum() // 3, bar.maximum()):
        bar.setValue(value)
        QApplication.processEvents()
        marked = [s.cursor.selectedText() for s in source.text.extraSelections()]
        assert set(marked) == {"words"}
        assert 10 < len(marked) < 60
        assert LIGHT.accent_soft in colours(looks(source.text))


def test_thousands_of_places_do_not_hold_the_window_up(source: Source) -> None:
    def work(size: int) -> None:
        source.text.show_text("ab 😀 " * size, 0, 0)
        source.text.show_found([(at * 5, at * 5 + 2) for at in range(size)], 0)

    assert_grows_linearly(work, size=2_000)

"""A few lines of a passage, cut around the quoted words, which are marked to the letter."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, colours, looks
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from studiolo_desktop.theme import DARK, LIGHT, Tokens
from studiolo_desktop.widgets.snippet import Snippet, matches_in, snippet_of
from studiolo_desktop.words import one_line

TEXT = st.text(st.characters(codec=None) | st.sampled_from(" \n😀\u202e"), max_size=200)


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=240, height=120)


def show(room: Room, text: str, quote: str, *, lines: int = 4) -> Snippet:
    snippet = room.hold(Snippet(room, room.theme, lines=lines), stretch=0)
    snippet.show_passage(text, quote)
    return snippet


def marked_columns(image: QImage, mark: str) -> list[int]:
    return [
        x for x in range(image.width()) if any(image.pixelColor(x, y).name() == mark for y in range(image.height()))
    ]


@given(before=TEXT, quote=TEXT, after=TEXT)
def test_the_span_holds_exactly_the_quoted_words(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    shown, start, end = snippet_of(text, quote)
    assert shown[start:end] == (one_line(quote) if quote else "")
    assert shown == one_line(shown, limit=5000)


@given(before=st.lists(st.sampled_from(["leave", "of", "may", "extraordinarily"]), max_size=40))
def test_a_passage_is_cut_between_words_and_keeps_some_before_the_quoted_ones(before: list[str]) -> None:
    text = " ".join([*before, "QUOTED", "after"])
    shown, start, _ = snippet_of(text, "QUOTED")
    lead = shown[:start]
    if not lead.startswith("… "):
        assert text.startswith(lead)
    else:
        assert text[: text.index("QUOTED")].endswith(" " + lead[2:])
        assert len(lead) > 40


def test_words_that_are_not_there_mark_nothing() -> None:
    assert snippet_of("some text", "other words") == ("some text", 0, 0)
    assert snippet_of("some text", "") == ("some text", 0, 0)


def test_a_long_run_without_a_space_before_the_quoted_words_is_cut_too() -> None:
    shown, start, end = snippet_of("x" * 500 + "QUOTED", "QUOTED")
    assert shown[start:end] == "QUOTED"
    assert start < 60


def test_a_very_long_passage_is_not_painted_whole() -> None:
    shown, start, end = snippet_of("word " * 50_000 + "QUOTED" + " more" * 50_000, "QUOTED")
    assert shown[start:end] == "QUOTED"
    assert len(shown) < 1000


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_quoted_words_are_marked_in_both_schemes(room: Room, tokens: Tokens) -> None:
    snippet = show(room, "Ten days may be carried over.", "may be")
    room.theme.use(tokens)
    assert {tokens.mark, tokens.text} <= colours(looks(snippet))


def test_without_quoted_words_nothing_is_marked(room: Room) -> None:
    assert LIGHT.mark not in colours(looks(show(room, "Ten days.", "")))


def test_the_mark_is_in_the_right_place_also_after_an_emoji(room: Room) -> None:
    """Qt counts an emoji as two."""
    snippet = show(room, "aaaa bbbb", "bbbb")
    plain = marked_columns(looks(snippet), LIGHT.mark)
    snippet.show_passage("aaaa bbbb 😀😀😀😀", "bbbb")
    assert marked_columns(looks(snippet), LIGHT.mark) == plain
    snippet.show_passage("😀😀 bbbb cccc", "bbbb")
    emoji = snippet_columns(snippet, "😀😀 ")
    after = marked_columns(looks(snippet), LIGHT.mark)
    assert abs(after[0] - emoji) <= 1
    assert abs(len(after) - len(plain)) <= 2


def snippet_columns(snippet: Snippet, text: str) -> int:
    """Measure how wide a beginning is: mark it and look."""
    shown, quote = snippet.accessibleName(), text
    snippet.show_passage(shown, quote)
    end = marked_columns(looks(snippet), LIGHT.mark)[-1] + 1
    snippet.show_passage(shown, "bbbb")
    return end


def test_what_is_longer_ends_with_a_sign(room: Room) -> None:
    snippet = show(room, "word " * 200, "", lines=2)
    last = looks(snippet).copy(200, snippet.height() // 2, 40, snippet.height() // 2)
    assert LIGHT.text in colours(last) or len(colours(last)) > 1
    assert snippet.height() == snippet.sizeHint().height()


def test_a_long_run_goes_on_in_the_next_line(room: Room) -> None:
    snippet = show(room, "https://example.org/" + "q" * 100, "")
    image = looks(snippet)
    second = image.copy(0, image.height() // 4, image.width(), image.height() // 4)
    assert len(colours(second)) > 1


def test_markup_is_painted_as_text(room: Room) -> None:
    snippet = show(room, MARKUP, "")
    assert snippet.accessibleName() == MARKUP
    tagged = looks(snippet)
    snippet.show_passage("bold", "")
    assert tagged != looks(snippet)


@pytest.mark.parametrize("text", ["", "\0\ud800", "שלום עולם " * 30, "字" * 300, "a" * 100_000])
@pytest.mark.parametrize("width", [240, 20])
def test_any_text_is_painted_at_any_width(room: Room, text: str, width: int) -> None:
    snippet = show(room, text, text[:5])
    room.resize(width, 100)
    assert not looks(snippet).isNull()


@given(before=TEXT, quote=st.text("abc ", max_size=500), after=TEXT, at=st.integers(0, 900), size=st.integers(1, 9))
def test_a_match_is_the_same_words_in_the_snippet_or_left_out(
    before: str, quote: str, after: str, at: int, size: int
) -> None:
    text = before + quote + after
    shown, _, _ = snippet_of(text, quote)
    for start, end in matches_in(text, quote, [[at, at + size]]):
        assert shown[start:end] == one_line(text[at : at + size])


def test_matches_around_and_in_the_quoted_words_are_shown() -> None:
    text = "word " * 40 + "leave of ten days, and leave"
    quote = "leave of ten days"
    shown, _, _ = snippet_of(text, quote)
    spans = [[at, at + 5] for at in (0, text.index("leave"), text.rindex("leave"))]
    assert [shown[start:end] for start, end in matches_in(text, quote, spans)] == ["leave", "leave"]


@pytest.mark.parametrize("matches", [[7], ["ab"], [[1]], [[3, 1]], [[-4, 2]], [[0, 999]], [[None, 2]], [[True, 2]]])
def test_what_is_no_span_makes_nothing_bold(matches: list[object]) -> None:
    assert matches_in("some text", "", matches) == []


def test_the_words_that_were_asked_for_stand_out(room: Room) -> None:
    plain = looks(show(room, "some words of a text", ""))
    bold = room.hold(Snippet(room, room.theme), stretch=0)
    bold.show_passage("some words of a text", "", [[5, 10]])
    assert bold.matches == [(5, 10)]
    assert looks(bold) != plain

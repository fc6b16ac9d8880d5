"""Recognised pieces become a text in reading order, whose words know their boxes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.parsers.pictures.ocr_layout import OcrPiece, Point, WordPiece, page_of

FLOWING = "and so the sentence goes on over"
WIDTH, HEIGHT = 1000, 1400


def piece(text: str, left: float, top: float, *, angle: float = 0.0, confidence: float = 0.9) -> OcrPiece:
    """Make a line 30 pixels high whose letters are 12 wide, turned around the upper left corner of the page."""
    right = left + 12 * len(text)

    def turned(x: float, y: float) -> Point:
        return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)

    words = []
    at = 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        words.append(WordPiece(start, at, (left + 12 * start, top, left + 12 * at, top + 30)))
    corners = turned(left, top), turned(right, top), turned(right, top + 30), turned(left, top + 30)
    return OcrPiece(text, confidence, corners, tuple(words))


def text_of(*pieces: OcrPiece) -> str:
    page = page_of(pieces, width=WIDTH, height=HEIGHT)
    assert [page.text[w.start : w.end] for w in page.words] == page.text.split()
    return page.text


def test_lines_of_a_paragraph_are_joined_and_headings_stand_alone() -> None:
    assert (
        text_of(
            piece("A Heading", 100, 50),
            piece("The first line of a paragraph that fills it", 100, 150),
            piece("goes on over the next line until it has its", 100, 190),
            piece("end here.", 100, 230),
        )
        == "A Heading\n\nThe first line of a paragraph that fills it goes on over the next line until it has its end "
        "here."
    )


@pytest.mark.parametrize("angle", [0.0, 0.035, -0.035])
def test_the_cells_of_a_row_stay_together_though_the_page_lies_askew(angle: float) -> None:
    cells = [("Blood pressure", "142/88", "high"), ("Heart rate", "78", "normal"), ("Weight", "80 kg", "normal")]
    pieces = [
        piece(cell, 60 + 320 * column, 100 + 50 * row, angle=angle)
        for column in (2, 0, 1)
        for row, cell in enumerate(row[column] for row in cells)
    ]
    assert text_of(*pieces).split("\n") == [" ".join(row) for row in cells]


def test_columns_of_running_text_are_read_one_after_the_other() -> None:
    left = [piece(f"{FLOWING} {n}", 40, 100 + 40 * n) for n in range(6)]
    right = [piece(f"{FLOWING} x{n}", 540, 100 + 40 * n) for n in range(6)]
    text = text_of(*[p for pair in zip(left, right, strict=True) for p in pair])
    assert text.index("5") < text.index("x0")


def test_a_word_that_a_line_end_broke_is_one_word_with_one_place() -> None:
    upper = piece("This line is as long as it gets, in the depart-", 50, 50)
    page = page_of([upper, piece("ment of long plans, as it is", 50, 90)], width=WIDTH, height=HEIGHT)
    assert "the department of long" in page.text
    halves = [page.text[w.start : w.end] for w in page.words if "depart" in page.text[w.start : w.end] or w.y == 90]
    assert halves[:2] == ["depart", "ment"]


def test_the_confidence_is_that_of_the_letters() -> None:
    page = page_of([piece("aaaaaaaaa", 0, 0, confidence=1.0), piece("b", 0, 50, confidence=0.5)], width=9, height=9)
    assert page.confidence == pytest.approx(0.95)
    assert page_of([], width=9, height=9).text == ""


@given(
    st.lists(
        st.builds(
            lambda text, x, y, angle: piece(text, x, y, angle=angle),
            st.text(st.sampled_from("ab 1.-字\ufffe"), min_size=1, max_size=20).filter(lambda t: t.strip() == t),
            st.floats(0, 900),
            st.floats(0, 1300),
            st.floats(-3, 3),
        ),
        max_size=12,
    )
)
def test_every_word_lies_in_the_text(pieces: list[OcrPiece]) -> None:
    page = page_of(pieces, width=WIDTH, height=HEIGHT)
    assert 0 <= page.confidence <= 1
    assert all(0 <= w.start < w.end <= len(page.text) for w in page.words)
    assert all(a.end <= b.start for a, b in zip(page.words, page.words[1:], strict=False))
    said = "".join(c for p in pieces for c in p.text if c.isalnum())
    assert sorted(c for c in page.text if c.isalnum()) == sorted(said)

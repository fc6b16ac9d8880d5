"""What a reader of a document cannot see: colours as good as white, and the warnings that name such text."""

from __future__ import annotations

import pytest

from studiolo_indexer.parsers.unseen import Unseen, hidden_lines, shade


@pytest.mark.parametrize("colour", ["FFFFFF", "#ffffff", "#FFF", "FFFFFFFF", "white", " EBEBFF "])
def test_white_and_nearly_white_are_white(colour: str) -> None:
    assert shade(colour) == "white"


@pytest.mark.parametrize("colour", ["000000", "#FFFF00", "EAFFFF", "FF0000FF", "#ddd", "red", "nonsense"])
def test_any_other_colour_is_dark_also_one_that_is_not_known(colour: str) -> None:
    assert shade(colour) == "dark"


@pytest.mark.parametrize("colour", ["", "auto", "none", "transparent"])
def test_no_colour_is_no_shade(colour: str) -> None:
    assert shade(colour) == ""


def test_each_passage_counts_once_under_its_place_and_reason() -> None:
    unseen = Unseen()
    for passage in (1, 1, 2):
        unseen.add("white", passage)
    unseen.add("tiny", 2)
    unseen.add("white", 1, place="slide 2: ")
    assert list(unseen.warnings()) == [
        "text is white on white (2 passages)",
        "text has no size (1 passage)",
        "slide 2: text is white on white (1 passage)",
    ]


def test_a_document_full_of_such_text_has_a_bounded_number_of_warnings() -> None:
    unseen = Unseen()
    for place in range(1000):
        unseen.add("white", place, place=f"slide {place:04}: ")
    found = list(unseen.warnings())
    assert len(found) == 51
    assert found[-1] == "more text that cannot be seen (950 places)"


def test_hidden_rows_and_columns_are_counted() -> None:
    assert list(hidden_lines("sheet 'A': ", rows=2, columns=1)) == [
        "sheet 'A': 2 rows with text are hidden",
        "sheet 'A': 1 column with text is hidden",
    ]
    assert list(hidden_lines("", rows=0, columns=0)) == []

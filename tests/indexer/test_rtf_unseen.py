"""RTF: which colours letters and their grounds have, and which of the letters no reader sees."""

from __future__ import annotations

import pytest

from studiolo_indexer.parsers.office.rtf_unseen import Ink, RtfUnseen

TABLE = (("red", 255), ("green", 255), ("blue", 255), ";", ("red", 0), ("green", 0), ("blue", 0), ";")
WHITE = ["text is white on white (1 passage)"]


def named(*words: str, in_table: bool = False, has_page_colour: bool = False) -> list[str]:
    """Obey words like `cf1`; `x` is text. Colour 1 is white and 2 black."""
    unseen = RtfUnseen(has_page_colour=has_page_colour)
    ink = Ink()
    unseen.end_colours(";")
    for entry in TABLE:
        if isinstance(entry, str):
            unseen.end_colours(entry)
        else:
            ink = unseen.obey(ink, *entry)
    for word in words:
        if word == "x":
            unseen.look(ink, word, in_table=in_table)
        else:
            name = word.rstrip("0123456789")
            ink = unseen.obey(ink, name, int(word[len(name) :]) if word != name else None)
    return list(unseen.warnings())


@pytest.mark.parametrize(
    ("words", "warnings"),
    [
        ("cf1 x", WHITE),
        ("cf0 x", []),
        ("cf2 x", []),
        ("cf99 x", []),
        ("cf1 plain x", []),
        ("cf1 cb1 x", WHITE),
        ("cf1 cb2 x", []),
        ("cf1 chcbpat2 x", []),
        ("cf1 highlight2 highlight0 x", WHITE),
        ("cbpat2 cf1 x", []),
        ("cbpat2 pard cf1 x", WHITE),
        ("cf1 shading5000 x", []),
        ("cf1 chshdng0 x", WHITE),
        ("cf1 x x par x", ["text is white on white (2 passages)"]),
    ],
)
def test_white_counts_where_nothing_dark_lies_behind_it(words: str, warnings: list[str]) -> None:
    assert named(*words.split()) == warnings
    assert named(*words.split(), has_page_colour=True) == []


@pytest.mark.parametrize(
    ("words", "warnings"),
    [
        ("trowd cf1 x cell row", WHITE),
        ("trowd clcbpat2 cf1 x cell row", []),
        ("cf1 x cell trowd clcbpat2 row", []),
        ("trowd clshdng100 cf1 x cell row", []),
        ("trowd clcbpat2 x cell row trowd cf1 x cell row", WHITE),
        ("trowd cf1 x", WHITE),
    ],
)
def test_a_cell_is_dark_where_its_row_says_so_before_it_or_behind(words: str, warnings: list[str]) -> None:
    assert named(*words.split(), in_table=True) == warnings

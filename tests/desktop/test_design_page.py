"""docs/design.md says what the program does: its tables are read and compared, and its contrasts computed."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from desktop_parts import contrast

from studiolo_desktop import rooms, theme
from studiolo_desktop.library_view import WIDTH
from studiolo_desktop.style_sheet import SHEET
from studiolo_desktop.theme import DARK, LIGHT, Tokens

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "design.md").read_text(encoding="utf-8")
SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
ENOUGH = 4.5
"""WCAG 2.2, 1.4.3, for words of this size."""
ENOUGH_FOR_BORDERS = 3.0
"""WCAG 2.2, 1.4.11, for what shows where a control is."""


def table(heading: str, columns: int) -> list[list[str]]:
    """Give the rows of the table with so many columns below a heading."""
    section = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section is not None, heading
    rows = [line.strip("|").split("|") for line in section[1].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows if len(row) == columns and "---" not in row[0]][1:]


def pairs() -> list[tuple[str, str]]:
    """Give the words and grounds that the page names."""
    return [
        (words.strip("`"), ground)
        for words, grounds in table("Colours", 2)
        for ground in re.findall(r"`(\w+)`", grounds)
    ]


def test_the_table_of_colours_is_that_of_the_theme() -> None:
    rows = table("Colours", 4)
    assert {name.strip("`"): light for name, light, _, _ in rows} == asdict(LIGHT)
    assert {name.strip("`"): dark for name, _, dark, _ in rows} == asdict(DARK)
    assert theme.PAGE_MARK in next(use for name, _, _, use in rows if name == "`mark`")


@SCHEMES
@pytest.mark.parametrize(("words", "ground"), pairs(), ids=str)
def test_words_stand_out_from_every_ground_that_the_page_names(tokens: Tokens, words: str, ground: str) -> None:
    assert contrast(getattr(tokens, words), getattr(tokens, ground)) >= ENOUGH


@SCHEMES
@pytest.mark.parametrize("ground", ["bg", "panel", "card"])
@pytest.mark.parametrize("border", ["edge", "accent"])
def test_the_border_of_what_is_typed_into_and_the_ring_of_the_focus_are_seen(
    tokens: Tokens, border: str, ground: str
) -> None:
    assert contrast(getattr(tokens, border), getattr(tokens, ground)) >= ENOUGH_FOR_BORDERS


def test_every_rule_that_sets_words_on_a_ground_is_a_pair_of_the_page() -> None:
    known = set(pairs())
    unknown = []
    for selector, body in re.findall(r"([^{}]+)\{([^}]*)\}", SHEET):
        colour, ground = re.search(r"(?<![-\w])color: @(\w+)", body), re.search(r"background: @(\w+)", body)
        if colour and ground and "disabled" not in selector and (colour[1], ground[1]) not in known:
            unknown.append((selector.strip(), colour[1], ground[1]))
    assert unknown == []


def test_the_table_of_type_is_that_of_the_program() -> None:
    sizes = {what: int(pixels) for what, pixels in table("Type", 2)}
    assert sizes["body"] == theme.BODY_PX
    assert sizes["answer"] == theme.ANSWER_PX
    assert sizes["secondary, cards, chips"] == theme.SMALL_PX
    assert sizes["title of a section"] == theme.SECTION_PX
    assert set(map(int, re.findall(r"font-size: (\d+)px", SHEET))) == set(sizes.values())


def test_the_states_that_the_page_promises_have_rules() -> None:
    for rule in (
        "QPushButton:hover", "QPushButton:pressed", "QPushButton:focus", "QPushButton:disabled",
        'QPushButton[kind="chip"]:checked', "QLineEdit:focus", "QLineEdit:disabled", 'QLineEdit[invalid="true"]',
        "QComboBox:focus", "QComboBox QAbstractItemView", "QCheckBox::indicator:checked", "QScrollBar::handle:hover",
        "QMenu::item:selected", "QToolTip", "QHeaderView::section", "QProgressBar::chunk", "QDialog",
    ):  # fmt: skip
        assert rule in SHEET, rule


def test_the_widths_that_the_page_names_are_those_of_the_rooms() -> None:
    space = PAGE[PAGE.index("## Space") : PAGE.index("## Type")]
    low, high = rooms.LEFT_RANGE
    assert f"The left room is {WIDTH} wide, {low} to {high} by its edge" in space
    assert f"Below {rooms.WIDE:,} the source lies over the middle" in space
    automatic = rooms.rooms(1360, left=WIDTH, right=0, source_open=True)
    assert automatic.right == round(1360 * 0.318)
    assert rooms.rooms(rooms.WIDE, left=420, right=2000, source_open=True).middle >= 420

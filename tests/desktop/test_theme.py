"""Every word can be read, in light and dark, and the window follows the system."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from desktop_parts import Room, contrast
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from studiolo_desktop.theme import DARK, LIGHT, Theme, Tokens, palette, scheme_of, set_property, stylesheet

SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
ENOUGH = 4.5
"""WCAG 2.2, 1.4.3, for text of this size."""

# Which words stand on which ground; `on_accent` on `accent` is a primary button, `accent` on `accent_soft` a citation.
GROUNDS = {
    "text": ("bg", "panel", "card", "accent_soft", "mark"),
    "muted": ("bg", "panel", "card", "accent_soft"),
    "accent": ("bg", "panel", "card", "accent_soft"),
    "on_accent": ("accent",),
    "ok": ("bg", "panel", "card"),
    "weak": ("bg", "panel", "card"),
    "bad": ("bg", "panel", "card"),
}
PAIRS = [(text, ground) for text, grounds in GROUNDS.items() for ground in grounds]


@SCHEMES
@pytest.mark.parametrize(("text", "ground"), PAIRS, ids=str)
def test_words_stand_out_from_their_ground(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= ENOUGH


@SCHEMES
def test_every_rule_with_a_colour_and_a_ground_can_be_read(tokens: Tokens) -> None:
    """What is switched off is exempt, there as here."""
    faint = []
    for selector, body in re.findall(r"([^{}]+)\{([^}]*)\}", stylesheet(tokens)):
        colour, ground = re.search(r"(?<![-\w])color: (#\w+)", body), re.search(r"background: (#\w+)", body)
        if colour and ground and ":disabled" not in selector and contrast(colour[1], ground[1]) < ENOUGH:
            faint.append(selector.strip())
    assert faint == []


@SCHEMES
def test_the_style_sheet_names_no_colour_that_the_scheme_does_not_have(tokens: Tokens) -> None:
    assert "@" not in stylesheet(tokens)
    colours = set(re.findall(r"#[0-9a-f]{6}\b", stylesheet(tokens)))
    assert colours <= {getattr(tokens, f.name) for f in fields(tokens)}


@SCHEMES
def test_what_is_switched_off_is_muted_in_the_palette(tokens: Tokens) -> None:
    made = palette(tokens)
    disabled = made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    assert disabled.name() == tokens.muted
    assert made.color(QPalette.ColorRole.Link).name() == tokens.accent


def test_the_window_follows_the_scheme_of_the_system(qapp: QApplication) -> None:
    theme = Theme(qapp, qapp)
    changes: list[str] = []
    theme.changed.connect(lambda: changes.append(theme.tokens.bg))
    hints = qapp.styleHints()
    try:
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.bg
        assert DARK.accent in qapp.styleSheet()
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.bg
    finally:
        theme.deleteLater()
    assert changes == [DARK.bg, LIGHT.bg]


def test_a_scheme_that_was_chosen_stays_whatever_the_system_does_until_it_is_given_back(qapp: QApplication) -> None:
    theme = Theme(qapp, qapp)
    hints = qapp.styleHints()
    try:
        theme.choose("dark")
        assert (theme.chosen, scheme_of(theme.tokens)) == ("dark", "dark")
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
        assert theme.tokens is DARK
        theme.choose("light")
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
        assert theme.tokens is LIGHT
        theme.choose("system")
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
        assert theme.tokens is DARK
    finally:
        theme.choose("system")
        theme.use(LIGHT)
        theme.deleteLater()


def test_a_system_without_a_scheme_gets_the_light_one(qapp: QApplication) -> None:
    theme = Theme(qapp, qapp)
    theme.use(DARK)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Unknown)
    assert theme.tokens is LIGHT
    theme.deleteLater()


def test_a_property_changes_how_a_widget_looks_at_once(qtbot: QtBot) -> None:
    room = Room(qtbot)
    label = room.hold(QLabel("words"))
    set_property(label, "tone", "bad")
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == LIGHT.bad
    set_property(label, "tone", "")
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == LIGHT.text

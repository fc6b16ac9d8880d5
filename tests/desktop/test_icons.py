"""Our icons: in the colour of the words beside them, sharp at every scale, and never without words."""

from __future__ import annotations

import re

import pytest
from desktop_parts import Room, colours
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from studiolo_desktop.actions import ACTIONS
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.theme import DARK, ICONS, LIGHT
from studiolo_desktop.widgets.icons import ICON_PX, IconLabel, icon_names, icon_pixmap, program_icon, set_icon
from studiolo_desktop.widgets.labels import push_button

pytestmark = pytest.mark.usefixtures("qapp")  # a pixmap needs a program
SCALES = (1.0, 1.25, 1.5, 2.0, 2.5)


@pytest.mark.parametrize("name", icon_names())
def test_every_icon_is_drawn_in_strokes_of_one_colour_that_can_be_exchanged(name: str) -> None:
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9a-f]+", drawing)) == {"#000000"}
    image = icon_pixmap(name, colour=QColor("#ff0000"), ratio=2).toImage()
    inked = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    assert any(pixel.alpha() > 200 and pixel.red() > 200 for pixel in inked)
    assert all(pixel.green() == 0 for pixel in inked if pixel.alpha() > 200)


@pytest.mark.parametrize("ratio", SCALES)
def test_an_icon_has_a_pixel_of_its_own_for_each_of_the_screen(ratio: float) -> None:
    pixmap = icon_pixmap("search", colour=QColor("black"), ratio=ratio)
    assert pixmap.size() == QSize(round(ICON_PX * ratio), round(ICON_PX * ratio))
    assert pixmap.devicePixelRatio() == ratio


def ink(button: QPushButton) -> str:
    """Give the colour that a button's icon has where it covers most."""
    image = button.icon().pixmap(QSize(ICON_PX, ICON_PX)).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=lambda pixel: pixel.alpha()).name()


def like(one: str, other: str) -> bool:
    """Tell whether two colours are alike; a pixel that is not covered whole is a shade off."""
    a, b = QColor(one), QColor(other)
    return max(abs(a.red() - b.red()), abs(a.green() - b.green()), abs(a.blue() - b.blue())) <= 4


def test_an_icon_has_the_colour_of_the_words_and_goes_with_the_scheme(qtbot: QtBot) -> None:
    room = Room(qtbot)
    button = room.hold(push_button(room, "Stop", icon="stop"))
    main = room.hold(push_button(room, "New", kind="primary", icon="new"))
    assert like(ink(button), LIGHT.text)
    assert like(ink(main), LIGHT.on_accent)
    room.theme.use(DARK)
    assert like(ink(button), DARK.text)
    assert like(ink(main), DARK.on_accent)
    room.theme.use(LIGHT)


def test_what_is_switched_off_has_a_pale_icon(qtbot: QtBot) -> None:
    room = Room(qtbot)
    button = room.hold(push_button(room, "Stop", icon="stop"))
    button.setEnabled(False)
    assert like(ink(button), LIGHT.muted)


def test_a_button_may_change_its_icon(qtbot: QtBot) -> None:
    room = Room(qtbot)
    button = room.hold(push_button(room, "Pause", icon="pause"))
    before = button.icon().pixmap(ICON_PX).toImage()
    set_icon(button, "play")
    assert button.icon().pixmap(ICON_PX).toImage() != before
    set_icon(button, "pause")
    assert button.icon().pixmap(ICON_PX).toImage() == before


def test_a_label_of_an_icon_is_painted_in_its_tone(qtbot: QtBot) -> None:
    room = Room(qtbot)
    label = room.hold(IconLabel(room, "stop", tone="warn", side=32))
    assert LIGHT.weak in colours(label.grab().toImage())


def test_no_icon_of_the_window_stands_without_words(window: MainWindow) -> None:
    silent = [b for b in window.findChildren(QPushButton) if not b.icon().isNull() and not b.text().strip()]
    assert silent == []
    alone = [label for label in window.findChildren(IconLabel) if not _speaks(label.parentWidget())]
    assert alone == []


def _speaks(widget: QWidget | None) -> bool:
    while widget is not None:
        if widget.accessibleName():
            return True
        widget = widget.parentWidget()
    return False


def test_every_action_names_an_icon_that_there_is() -> None:
    assert {action.icon for action in ACTIONS} <= set(icon_names())


def test_the_program_has_an_icon() -> None:
    assert not program_icon().pixmap(64).isNull()

"""The style sheet: it can be read by Qt, its pictures are there in both schemes, and no kind of widget is left out."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from studiolo_desktop.style_sheet import PICTURES, SHEET
from studiolo_desktop.theme import DARK, ICONS, LIGHT, Theme, Tokens, scheme_of, stylesheet

INK = {"check": "on_accent", "dash": "on_accent", "tick": "text"}
KINDS = (
    "QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QLineEdit", "QPlainTextEdit", "QTextEdit", "QSpinBox",
    "QComboBox", "QSlider", "QTableView", "QTreeView", "QListView", "QHeaderView", "QProgressBar", "QMenu", "QTabBar",
    "QScrollBar", "QToolTip", "QGroupBox", "QSplitter", "QDialog",
)  # fmt: skip


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_there_in_the_colour_of_its_scheme(tokens: Tokens, name: str) -> None:
    drawing = (ICONS / f"{name}-{scheme_of(tokens)}.svg").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-f]{6}", drawing) == [getattr(tokens, INK.get(name, "muted"))]


def test_every_picture_that_a_rule_names_is_in_the_list_and_the_other_way_round() -> None:
    assert set(re.findall(r"\$(\w+)", SHEET)) == set(PICTURES)


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_widget_is_left_as_the_system_draws_it(kind: str) -> None:
    assert re.search(rf"\b{kind}\b", SHEET)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_qt_understands_all_of_it(qtbot: QtBot, qapp: QApplication, tokens: Tokens) -> None:
    """A mistake in a style sheet is a warning of Qt, which fails the test."""
    theme = Theme(qapp, qapp)
    theme.use(tokens)
    label = QLabel("words")
    qtbot.addWidget(label)
    label.show()
    assert "$" not in stylesheet(tokens)
    theme.use(LIGHT)
    theme.deleteLater()

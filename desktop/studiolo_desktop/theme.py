"""Colours, type and the one style sheet, in light and dark; follows the system's scheme."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QDir, QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from studiolo_desktop.style_sheet import PICTURES, SHEET

Scheme = Literal["system", "light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("system", "light", "dark")
ICONS = Path(__file__).with_name("icons")

PAGE_MARK = "#ffe08a"
"""Highlighted words on the picture of a page, which is paper in both schemes."""
PAGE_FOUND = "#ffcfa6"
PAGE_SELECTED = "#b4dcd7"
PAGE_INK = "#1f5f5b"
"""Words that a search has found there, those that are selected, and the frame around the place in hand."""

BODY_PX = 14
ANSWER_PX = 15
SMALL_PX = 12
SECTION_PX = 11


@dataclass(frozen=True, slots=True)
class Tokens:
    """One scheme: every colour that the window uses, by its meaning; docs/design.md says what each is for."""

    bg: str
    panel: str
    card: str
    hover: str
    pressed: str
    line: str
    edge: str
    text: str
    muted: str
    accent: str
    accent_soft: str
    accent_strong: str
    on_accent: str
    mark: str
    ok: str
    weak: str
    bad: str


LIGHT = Tokens(
    bg="#f6f5f2", panel="#fbfaf8", card="#ffffff", hover="#f3f1ec", pressed="#ece9e2", line="#e4e1da", edge="#8c877d",
    text="#23221f", muted="#6b675f", accent="#1f5f5b", accent_soft="#e1eeec", accent_strong="#164a47",
    on_accent="#ffffff", mark="#ffe9a3", ok="#2a7748", weak="#8f5b00", bad="#b3392c",
)  # fmt: skip
DARK = Tokens(
    bg="#1b1c1d", panel="#202223", card="#27292b", hover="#2c2f31", pressed="#323537", line="#37393b", edge="#7d7f80",
    text="#e8e6e1", muted="#aaa7a0", accent="#7cc4bd", accent_soft="#24403d", accent_strong="#9ad6d0",
    on_accent="#10211f", mark="#6a5715", ok="#7cc795", weak="#e0ab4a", bad="#ee8a7e",
)  # fmt: skip


def stylesheet(tokens: Tokens) -> str:
    """Write the style sheet of a scheme."""
    sheet = SHEET
    # Longest name first: @accent_soft before @accent.
    for name in sorted((f.name for f in fields(tokens)), key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", getattr(tokens, name))
    for name in sorted(PICTURES, key=len, reverse=True):
        sheet = sheet.replace(f"${name}", f"studioloicons:{name}-{scheme_of(tokens)}.svg")
    return sheet


def scheme_of(tokens: Tokens) -> Scheme:
    """Tell whether a scheme is a light or a dark one."""
    return "dark" if QColor(tokens.bg).lightness() < 128 else "light"


def palette(tokens: Tokens) -> QPalette:
    """Write the palette of a scheme, for what the style sheet does not reach."""
    made = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, tokens.bg),
        (role.WindowText, tokens.text),
        (role.Base, tokens.card),
        (role.AlternateBase, tokens.panel),
        (role.Text, tokens.text),
        (role.Button, tokens.card),
        (role.ButtonText, tokens.text),
        (role.ToolTipBase, tokens.card),
        (role.ToolTipText, tokens.text),
        (role.PlaceholderText, tokens.muted),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.on_accent),
        (role.Link, tokens.accent),
        (role.LinkVisited, tokens.accent),
    ):
        made.setColor(where, QColor(colour))
    for where in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, where, QColor(tokens.muted))
    return made


class Theme(QObject):
    """Holds the scheme in use and says when it changes; painted widgets take their colours from `tokens`."""

    changed = Signal()

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self.tokens = LIGHT
        self.chosen: Scheme = "system"
        """What the user wishes: what the system has, or one of the two whatever it has."""
        # A style sheet names pictures below a prefix: the folder itself may hold letters that its syntax cannot.
        QDir.setSearchPaths("studioloicons", [str(ICONS)])
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._follow(app.styleHints().colorScheme())

    @Slot(Qt.ColorScheme)
    def _follow(self, scheme: Qt.ColorScheme) -> None:
        if self.chosen == "system":
            self.use(DARK if scheme == Qt.ColorScheme.Dark else LIGHT)

    def choose(self, scheme: Scheme) -> None:
        """Show the window in the system's scheme, following it, or in a light or dark one for good."""
        self.chosen = scheme
        hints = self._app.styleHints()
        # Told to Qt as well, so that what the system draws (title bar, file dialog) goes with it.
        if scheme == "system":
            hints.unsetColorScheme()
            self._follow(hints.colorScheme())
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if scheme == "dark" else Qt.ColorScheme.Light)
            self.use(DARK if scheme == "dark" else LIGHT)

    def use(self, tokens: Tokens) -> None:
        """Show the window in a scheme."""
        self.tokens = tokens
        self._app.setPalette(palette(tokens))
        self._app.setStyleSheet(stylesheet(tokens))
        self.changed.emit()


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and style the widget anew."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)

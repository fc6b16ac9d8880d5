"""Colours, type and the one style sheet, in light and dark; follows the system's scheme."""

from __future__ import annotations

from dataclasses import dataclass, fields

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

PAGE_MARK = "#ffe08a"
"""Highlighted words on the picture of a page, which is paper in both schemes."""

BODY_PX = 14
ANSWER_PX = 15
SMALL_PX = 12
SECTION_PX = 11


@dataclass(frozen=True, slots=True)
class Tokens:
    """One scheme: every colour that the window uses, by its meaning."""

    bg: str
    panel: str
    card: str
    line: str
    text: str
    muted: str
    accent: str
    accent_soft: str
    on_accent: str
    mark: str
    ok: str
    weak: str
    bad: str


LIGHT = Tokens(
    bg="#f6f5f2", panel="#fbfaf8", card="#ffffff", line="#e4e1da", text="#23221f", muted="#6b675f", accent="#1f5f5b",
    accent_soft="#e1eeec", on_accent="#ffffff", mark="#ffe9a3", ok="#2a7748", weak="#8f5b00", bad="#b3392c",
)  # fmt: skip
DARK = Tokens(
    bg="#1b1c1d", panel="#202223", card="#27292b", line="#37393b", text="#e8e6e1", muted="#aaa7a0", accent="#7cc4bd",
    accent_soft="#24403d", on_accent="#10211f", mark="#6a5715", ok="#7cc795", weak="#e0ab4a", bad="#ee8a7e",
)  # fmt: skip

_SHEET = """
QWidget { color: @text; font-size: 14px; }
QWidget#window, QWidget#middle, QWidget#talk, QScrollArea#talkScroll, QStackedWidget#pages { background: @bg; }
QWidget#left, QWidget#right, QWidget#footer { background: @panel; }
QWidget#left { border-right: 1px solid @line; }
QWidget#right { border-left: 1px solid @line; }
QWidget#footer { border-top: 1px solid @line; }
QWidget#scope, QWidget#sourceHead { border-bottom: 1px solid @line; }
QWidget#sourceTools, QWidget#cover { border-top: 1px solid @line; }
QScrollArea, QScrollArea > QWidget > QWidget#plain { background: transparent; border: none; }
QToolTip { background: @card; color: @text; border: 1px solid @line; padding: 4px 6px; }

QLabel { background: transparent; }
QLabel[tone="muted"] { color: @muted; font-size: 12px; }
QLabel[tone="section"] { color: @muted; font-size: 11px; font-weight: 600; letter-spacing: 0.5px; }
QLabel[tone="title"] { font-size: 20px; font-weight: 600; }
QLabel[tone="strong"] { font-weight: 600; }
QLabel[tone="ok"] { color: @ok; font-weight: 600; font-size: 12px; }
QLabel[tone="warn"] { color: @weak; }
QLabel[tone="weak"] { color: @weak; font-size: 12px; }
QLabel[tone="bad"] { color: @bad; font-weight: 600; font-size: 12px; }
QLabel[tone="bubble"] { background: @accent_soft; border-radius: 13px; padding: 9px 14px; }
QLabel[tone="number"] { background: @accent; color: @on_accent; border-radius: 5px; padding: 0 5px;
  font-size: 11px; font-weight: 600; }
QLabel[tone="key"] { color: @muted; border: 1px solid @line; border-radius: 4px; padding: 0 5px; font-size: 11px; }

QPushButton { background: @card; border: 1px solid @line; border-radius: 8px; padding: 6px 12px; }
QPushButton:hover { border-color: @muted; }
QPushButton:focus { border: 2px solid @accent; padding: 5px 11px; }
QPushButton:disabled { color: @muted; }
QPushButton[kind="primary"] { background: @accent; color: @on_accent; border: 1px solid @accent; font-weight: 500; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; }
QPushButton[kind="primary"]:disabled { background: @line; color: @muted; border-color: @line; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; border-radius: 6px;
  padding: 3px 6px; color: @muted; font-size: 12px; }
QPushButton[kind="quiet"]:hover { color: @text; background: @accent_soft; }
QPushButton[kind="quiet"]:focus { border: 1px solid @accent; padding: 3px 6px; }
QPushButton[kind="chip"] { border-radius: 12px; padding: 2px 11px; min-height: 20px; font-size: 12px; }
QPushButton[kind="chip"]:focus { border: 2px solid @accent; padding: 1px 10px; }
QPushButton[kind="chip"]:checked { border-color: @accent; color: @accent; background: @accent_soft; }
QPushButton[kind="row"] { background: transparent; border: 1px solid transparent; border-radius: 7px; text-align: left;
  padding: 0; }
QPushButton[kind="row"]:hover { border-color: @line; }
QPushButton[kind="row"]:checked { background: @accent_soft; }
QPushButton[kind="row"]:focus { border: 1px solid @accent; }
QPushButton[kind="card"] { background: @card; border: 1px solid @line; border-radius: 10px; padding: 0;
  text-align: left; }
QPushButton[kind="card"]:hover { border-color: @muted; }
QPushButton[kind="card"]:checked, QPushButton[kind="card"]:focus { border: 2px solid @accent; padding: 0; }

QLineEdit, QPlainTextEdit { placeholder-text-color: @muted; }
QLineEdit { background: @card; border: 1px solid @line; border-radius: 8px; padding: 5px 8px;
  selection-background-color: @accent; selection-color: @on_accent; }
QLineEdit:focus { border: 1px solid @accent; }
QFrame#askBar { background: @card; border: 1px solid @line; border-radius: 14px; }
QFrame#askBar[focused="true"] { border: 1px solid @accent; }
QPlainTextEdit#askInput { background: transparent; border: none; }
QPlainTextEdit, QTextBrowser { selection-background-color: @accent; selection-color: @on_accent; }
QTextBrowser#answer { background: transparent; border: none; font-size: 15px; }
QPlainTextEdit#correction { background: @card; border: 1px solid @line; border-radius: 8px; padding: 6px; }
QPlainTextEdit#correction:focus { border: 1px solid @accent; }
QPushButton[kind="quiet"]:checked { color: @accent; background: @accent_soft; }
QPlainTextEdit#sourceText { background: @card; border: 1px solid @line; border-radius: 6px; padding: 10px; }
QFrame#sheet, QFrame#message { background: @card; border: 1px solid @line; border-radius: 10px; }
QFrame#message[level="bad"] { border-left: 4px solid @bad; }
QFrame#message[level="weak"] { border-left: 4px solid @weak; }
QFrame#message[level="ok"] { border-left: 4px solid @ok; }
QFrame#overlay { background: @accent_soft; border: 2px dashed @accent; border-radius: 14px; }
QFrame[invite="true"] { border: 2px dashed @line; border-radius: 14px; }

QTableView { background: @card; border: 1px solid @line; border-radius: 8px; gridline-color: @line;
  selection-background-color: @accent_soft; selection-color: @text; alternate-background-color: @panel; outline: 0; }
QTableView:focus { border: 1px solid @accent; }
QTableView::item { padding: 0 6px; border: none; }
QTableView::item:selected { background: @accent_soft; color: @text; }
QHeaderView::section { background: @panel; color: @muted; border: none; border-bottom: 1px solid @line;
  padding: 5px 8px; font-size: 12px; }
QComboBox { background: @card; border: 1px solid @line; border-radius: 8px; padding: 4px 10px; }
QComboBox:focus { border: 1px solid @accent; }
QComboBox QAbstractItemView { background: @card; border: 1px solid @line; selection-background-color: @accent_soft;
  selection-color: @text; }
QProgressBar { background: @line; border: none; border-radius: 2px; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QMenu { background: @card; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 5px 18px; border-radius: 5px; }
QMenu::item:selected { background: @accent_soft; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @line; border-radius: 4px; min-height: 28px; min-width: 28px; margin: 1px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""


def stylesheet(tokens: Tokens) -> str:
    """Write the style sheet of a scheme."""
    sheet = _SHEET
    # Longest name first: @accent_soft before @accent.
    for name in sorted((f.name for f in fields(tokens)), key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", getattr(tokens, name))
    return sheet


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
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._follow(app.styleHints().colorScheme())

    @Slot(Qt.ColorScheme)
    def _follow(self, scheme: Qt.ColorScheme) -> None:
        self.use(DARK if scheme == Qt.ColorScheme.Dark else LIGHT)

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

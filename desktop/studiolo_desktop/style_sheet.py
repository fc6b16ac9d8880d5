"""The one style sheet, with `@name` where a colour of the scheme stands and `$name` where a picture of it does."""

from __future__ import annotations

GROUNDS = """
QWidget { color: @text; font-size: 14px; }
QWidget#window, QWidget#middle, QWidget#talk, QScrollArea#talkScroll, QStackedWidget#pages, QDialog {
  background: @bg; }
QWidget#left, QWidget#right, QWidget#footer { background: @panel; }
QWidget#left { border-right: 1px solid @line; }
QWidget#right { border-left: 1px solid @line; }
QWidget#footer { border-top: 1px solid @line; }
QWidget#scope, QWidget#sourceHead, QWidget#findBar, QWidget#paletteHead { border-bottom: 1px solid @line; }
QWidget#sourceTools, QWidget#cover { border-top: 1px solid @line; }
QScrollArea, QScrollArea > QWidget > QWidget#plain { background: transparent; border: none; }
QToolTip { background: @card; color: @text; border: 1px solid @edge; padding: 4px 6px; }
QFrame#sheet, QFrame#message, QFrame#setting { background: @card; border: 1px solid @line; border-radius: 10px; }
QFrame#setting[changed="true"] { border-left: 4px solid @accent; }
QFrame#strip { background: @panel; border: 1px solid @line; border-radius: 8px; }
QFrame#palette { background: @card; border: 1px solid @edge; border-radius: 14px; }
QFrame#message[level="bad"] { border-left: 4px solid @bad; }
QFrame#message[level="weak"] { border-left: 4px solid @weak; }
QFrame#message[level="ok"] { border-left: 4px solid @ok; }
QFrame#overlay { background: @accent_soft; border: 2px dashed @accent; border-radius: 14px; }
QFrame[invite="true"] { border: 2px dashed @edge; border-radius: 14px; }
QGroupBox { border: 1px solid @line; border-radius: 10px; margin-top: 18px; padding: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 8px; color: @muted; }
QSplitter::handle { background: @line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QWidget#roomEdge { background: transparent; }
QWidget#roomEdge:hover, QWidget#roomEdge[held="true"] { background: @accent; }
"""

WORDS = """
QLabel { background: transparent; }
QLabel[tone="muted"], IconLabel[tone="muted"] { color: @muted; font-size: 12px; }
QLabel[tone="section"] { color: @muted; font-size: 11px; font-weight: 600; letter-spacing: 0.5px; }
QLabel[tone="title"] { font-size: 20px; font-weight: 600; }
QLabel[tone="strong"] { font-weight: 600; }
QLabel[tone="ok"] { color: @ok; font-weight: 600; font-size: 12px; }
QLabel[tone="warn"], IconLabel[tone="warn"] { color: @weak; }
QLabel[tone="weak"] { color: @weak; font-size: 12px; }
QLabel[tone="bad"] { color: @bad; font-weight: 600; font-size: 12px; }
QLabel[tone="bubble"] { background: @accent_soft; border-radius: 13px; padding: 9px 14px; }
QLabel[tone="number"] { background: @accent; color: @on_accent; border-radius: 5px; padding: 0 5px;
  font-size: 11px; font-weight: 600; }
QLabel[tone="key"] { background: @panel; color: @muted; border: 1px solid @line; border-radius: 4px; padding: 1px 6px;
  font-size: 12px; }
QLabel:disabled { color: @muted; }
"""

BUTTONS = """
QPushButton { background: @card; border: 1px solid @line; border-radius: 8px; padding: 6px 12px; }
QPushButton:hover { background: @hover; border-color: @muted; }
QPushButton:pressed { background: @pressed; }
QPushButton:focus { border: 2px solid @accent; padding: 5px 11px; }
QPushButton:disabled { background: @panel; color: @muted; border-color: @line; }
QPushButton[kind="primary"] { background: @accent; color: @on_accent; border: 1px solid @accent; font-weight: 500; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed { background: @accent_strong;
  border-color: @accent_strong; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; }
QPushButton[kind="primary"]:disabled { background: @line; color: @muted; border-color: @line; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; border-radius: 6px;
  padding: 3px 6px; color: @muted; font-size: 12px; }
QPushButton[kind="quiet"]:hover { color: @text; background: @accent_soft; }
QPushButton[kind="quiet"]:pressed { background: @pressed; }
QPushButton[kind="quiet"]:focus { border: 1px solid @accent; padding: 3px 6px; }
QPushButton[kind="quiet"]:disabled { color: @edge; background: transparent; }
QPushButton[kind="fold"] { background: transparent; border: none; padding: 0; color: @muted; font-size: 12px; }
QPushButton[kind="fold"]:hover { color: @text; }
QPushButton[kind="fold"]:focus { color: @accent; text-decoration: underline; }
QPushButton[kind="chip"] { border-radius: 12px; padding: 2px 11px; min-height: 20px; font-size: 12px; }
QPushButton[kind="chip"]:focus { border: 2px solid @accent; padding: 1px 10px; }
QPushButton[kind="chip"]:checked { border-color: @accent; color: @accent; background: @accent_soft; }
QPushButton[kind="chip"][add="true"] { background: transparent; border: 1px dashed @edge; color: @muted; }
QPushButton[kind="chip"][add="true"]:hover { color: @text; background: @hover; }
QPushButton[kind="chip"][add="true"]:checked { border: 1px solid @accent; color: @accent; background: @accent_soft; }
QPushButton[kind="chip"][add="true"]:focus { border: 2px solid @accent; }
QPushButton[kind="row"] { background: transparent; border: 1px solid transparent; border-radius: 7px; text-align: left;
  padding: 0; }
QPushButton[kind="row"]:hover { background: @hover; border-color: @line; }
QPushButton[kind="row"]:pressed { background: @pressed; }
QPushButton[kind="row"]:checked { background: @accent_soft; }
QPushButton[kind="row"]:focus { border: 1px solid @accent; }
QPushButton[kind="card"] { background: @card; border: 1px solid @line; border-radius: 10px; padding: 0;
  text-align: left; }
QPushButton[kind="card"]:hover { border-color: @muted; }
QPushButton[kind="card"]:checked, QPushButton[kind="card"]:focus { border: 2px solid @accent; padding: 0; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 3px; }
QToolButton:hover { background: @hover; }
QToolButton:pressed, QToolButton:checked { background: @accent_soft; }
QToolButton:focus { border: 1px solid @accent; }
QToolButton:disabled { color: @edge; }
QCheckBox, QRadioButton { background: transparent; spacing: 8px; padding: 2px; border: 1px solid transparent;
  border-radius: 5px; }
QCheckBox:focus, QRadioButton:focus { border: 1px solid @accent; }
QCheckBox:disabled, QRadioButton:disabled { color: @muted; }
QCheckBox::indicator, QRadioButton::indicator, QTreeView::indicator, QListView::indicator, QTableView::indicator {
  width: 14px; height: 14px; background: @card; border: 1px solid @edge; border-radius: 4px; }
QRadioButton::indicator { border-radius: 7px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: @accent; }
QCheckBox::indicator:checked, QTreeView::indicator:checked, QListView::indicator:checked,
QTableView::indicator:checked { background: @accent; border-color: @accent; image: url($check); }
QCheckBox::indicator:indeterminate, QTreeView::indicator:indeterminate { background: @accent; border-color: @accent;
  image: url($dash); }
QRadioButton::indicator:checked { background: @card; border: 5px solid @accent; width: 6px; height: 6px;
  border-radius: 8px; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: @line; border-color: @line; }
"""

FIELDS = """
QLineEdit, QPlainTextEdit, QTextEdit { placeholder-text-color: @muted; selection-background-color: @accent;
  selection-color: @on_accent; }
QLineEdit, QSpinBox, QDoubleSpinBox, QDateEdit { background: @card; border: 1px solid @edge; border-radius: 8px;
  padding: 5px 8px; selection-background-color: @accent; selection-color: @on_accent; }
QLineEdit { lineedit-clear-button-icon: url($clear); }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus { border: 2px solid @accent;
  padding: 4px 7px; }
QLineEdit:disabled, QSpinBox:disabled, QDateEdit:disabled { background: @panel; color: @muted; border-color: @line; }
QLineEdit[invalid="true"] { border: 2px solid @bad; padding: 4px 7px; }
QLineEdit#pageField { border-radius: 5px; padding: 1px 4px; font-size: 12px; }
QLineEdit#pageField:focus { padding: 0 3px; }
QLineEdit#paletteField { background: transparent; border: none; padding: 4px 0; font-size: 16px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button,
QDateEdit::up-button, QDateEdit::down-button { background: transparent; border: none; width: 18px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow, QDateEdit::up-arrow { image: url($chevron_up); width: 10px;
  height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QDateEdit::down-arrow { image: url($chevron); width: 10px;
  height: 10px; }
QFrame#askBar { background: @card; border: 1px solid @edge; border-radius: 14px; }
QFrame#askBar[focused="true"] { border: 2px solid @accent; }
QPlainTextEdit#askInput { background: transparent; border: none; }
QPlainTextEdit, QTextEdit { background: @card; border: 1px solid @edge; border-radius: 8px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid @accent; }
QTextBrowser { background: transparent; border: none; }
QTextBrowser#answer { background: transparent; border: none; border-left: 2px solid transparent; font-size: 15px; }
QTextBrowser#answer:focus { border: none; border-left: 2px solid @accent; }
QPlainTextEdit#sourceText { background: @card; border: 1px solid @line; border-radius: 6px; padding: 10px; }
QPlainTextEdit#sourceText:focus { border: 1px solid @accent; }
QPlainTextEdit#patterns, QPlainTextEdit#preview { background: @bg; border: 1px solid @edge; border-radius: 8px;
  padding: 4px 6px; }
QPlainTextEdit#patterns:focus, QPlainTextEdit#preview:focus { border: 1px solid @accent; }
QPlainTextEdit#correction { padding: 6px; }
QPushButton[kind="quiet"]:checked { color: @accent; background: @accent_soft; }
QFrame#details { background: @card; border: 1px solid @line; border-radius: 8px; }
QComboBox { background: @card; border: 1px solid @edge; border-radius: 8px; padding: 4px 10px; combobox-popup: 0; }
QComboBox:hover { background: @hover; }
QComboBox:focus, QComboBox:on { border: 2px solid @accent; padding: 3px 9px; }
QComboBox:disabled { background: @panel; color: @muted; border-color: @line; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url($chevron); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @card; border: 1px solid @edge; border-radius: 8px; padding: 4px;
  outline: 0; selection-background-color: @accent_soft; selection-color: @text; }
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 8px; border-radius: 5px; }
QComboBox QAbstractItemView::item:selected { background: @accent_soft; color: @text; }
QSlider { background: transparent; border: 1px solid transparent; border-radius: 6px; min-height: 22px; }
QSlider:focus { border: 1px solid @accent; }
QSlider::groove:horizontal { background: @line; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: @accent; border-radius: 2px; }
QSlider::handle:horizontal { background: @card; border: 2px solid @accent; width: 12px; margin: -6px 0;
  border-radius: 8px; }
"""

LISTS = """
QTableView, QTreeView, QListView { background: @card; border: 1px solid @line; border-radius: 8px;
  gridline-color: @line; selection-background-color: @accent_soft; selection-color: @text;
  alternate-background-color: @panel; outline: 0; }
QTableView:focus, QTreeView:focus, QListView:focus { border: 1px solid @accent; }
QTableView::item { padding: 0 6px; border: none; }
QTreeView::item, QListView::item { min-height: 26px; padding: 0 6px; border: none; border-radius: 5px; }
QTableView::item:hover, QTreeView::item:hover, QListView::item:hover { background: @hover; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: @accent_soft;
  color: @text; }
QListView#paletteList { background: transparent; border: none; padding: 4px; }
QListView#pageRail { background: transparent; border: none; border-right: 1px solid @line; border-radius: 0;
  font-size: 12px; }
QListView#pageRail:focus { border-right: 1px solid @accent; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url($chevron_right); }
QTreeView::branch:has-children:open { image: url($chevron); }
QHeaderView { background: @panel; border: none; }
QHeaderView::section { background: @panel; color: @muted; border: none; border-bottom: 1px solid @line;
  padding: 5px 8px; font-size: 12px; }
QHeaderView::section:hover { background: @hover; color: @text; }
QHeaderView::down-arrow { image: url($chevron); width: 10px; height: 10px; }
QHeaderView::up-arrow { image: url($chevron_up); width: 10px; height: 10px; }
QTableCornerButton::section { background: @panel; border: none; }
QProgressBar { background: @line; border: none; border-radius: 2px; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QMenu { background: @card; border: 1px solid @edge; border-radius: 8px; padding: 4px; }
QMenu::item { padding: 6px 18px; border-radius: 5px; background: transparent; }
QMenu::item:selected { background: @accent_soft; color: @text; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QMenu::indicator { width: 14px; height: 14px; margin-left: 6px; }
QMenu::indicator:checked { image: url($tick); }
QTabWidget::pane { border: none; border-top: 1px solid @line; }
QTabBar::tab { background: transparent; color: @muted; padding: 6px 12px; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabBar::tab:focus { color: @accent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @edge; border-radius: 3px; min-height: 28px; min-width: 28px; margin: 2px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
"""

SHEET = GROUNDS + WORDS + BUTTONS + FIELDS + LISTS
PICTURES = ("check", "clear", "dash", "tick", "chevron", "chevron_up", "chevron_right")
"""Pictures that only a style sheet draws; each lies in the folder of icons once for each scheme."""

"""Two runs beside each other: what differs and how sure that is, as a picture and in words, and by question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from studiolo.quantities import count
from studiolo_desktop.empty_state import section_label
from studiolo_desktop.interval_plot import Difference, IntervalPlot
from studiolo_desktop.measure_words import (
    HEADLINES,
    change_words,
    configuration_words,
    number_in,
    title,
    value_words,
    verdict_words,
)
from studiolo_desktop.plot_library import PlotLibrary
from studiolo_desktop.run_view import QuestionList, collections_of, heading
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.figure_table import FigureTable
from studiolo_desktop.widgets.labels import WrapLabel, push_button
from studiolo_desktop.widgets.scroll_column import ScrollColumn
from studiolo_desktop.words import document_of, file_name, moment, number_of, rows_of, text_of

_COLUMNS = ("Figure", "Before", "After", "Difference, 95 % interval", "Judged")
_AT_FIRST = 4
_NARROW = 640
_HIDDEN_WHEN_NARROW = (1, 2)


class ComparisonView(ScrollColumn):
    """Shows a comparison, an untrusted document."""

    question_wanted = Signal(str, object)
    """A question that is to be asked, and the collections."""

    def __init__(self, parent: QWidget, theme: Theme, library: PlotLibrary) -> None:
        super().__init__(parent, "Two runs compared")
        self._theme = theme
        self._library = library
        self._comparison: Mapping[str, object] = {}
        self._all = False
        self.plot: IntervalPlot | None = None
        self.table: FigureTable | None = None

    def show_comparison(self, comparison: Mapping[str, object]) -> None:
        """Show another comparison."""
        self._comparison = comparison
        self._all = False
        self.plot = self.table = None
        self.fill(self._parts())

    def show_loading(self) -> None:
        """Show that two runs are being compared."""
        self._forget()
        self.add(WrapLabel(self.inside, "Comparing the runs …", tone="muted"))

    def _forget(self) -> None:
        self.clear()
        self.plot = self.table = None

    def _parts(self) -> Iterator[QWidget]:
        found = self._comparison
        differences = document_of(found, "differences")
        yield WrapLabel(self.inside, _summary(differences), tone="title")
        for word, run in zip(("Before", "After"), rows_of(found, "runs"), strict=False):
            when = moment(text_of(run, "made_at"))
            words = f"{word}: {file_name(text_of(run, 'set'))}, {when}. {configuration_words(run)}"
            yield WrapLabel(self.inside, words, tone="muted")
        shared, left_out = count(number_of(found, "shared"), "question"), number_of(found, "left_out")
        left = f"; {left_out:,} left out: only in one run, or changed between them" if left_out else ""
        yield WrapLabel(self.inside, f"{shared} in both{left}.", tone="muted")
        keys = [key for key in (differences if self._all else HEADLINES) if key in differences]
        yield from self._picture_parts(differences, keys)
        yield from self._table_parts(differences, keys)
        if len(keys) < len(differences):
            every = push_button(self.inside, f"Show all {len(differences)} figures", kind="quiet")
            every.clicked.connect(self._show_all)
            yield every
        yield from self._question_parts(differences)

    def _picture_parts(self, differences: Mapping[str, object], keys: list[str]) -> Iterator[QWidget]:
        rows = [_difference(key, document_of(differences, key)) for key in keys if not key.endswith("_ms")]
        if rows:
            yield section_label(self.inside, "Differences")
            self.plot = IntervalPlot(self.inside, self._theme, self._library)
            yield self.plot
            said = "Picture of the differences, which the table below says in words."
            self.plot.show_differences(rows, name=f"{said} {_summary(differences)}")

    def _table_parts(self, differences: Mapping[str, object], keys: list[str]) -> Iterator[QWidget]:
        self.table = FigureTable(self.inside, "Differences with their 95 % intervals", _COLUMNS)
        self.table.show_rows([_row(key, document_of(differences, key)) for key in keys])
        self._share_width()
        yield self.table
        words = (
            "Better and worse are said where the interval leaves out 0; unclear may still be a difference: then the "
            "set is too small to show it. Times are given and not judged: they vary with what else the computer does."
        )
        yield WrapLabel(self.inside, words, tone="muted")

    def _question_parts(self, differences: Mapping[str, object]) -> Iterator[QWidget]:
        """Name the questions that changed, for the main figures: the others change with them."""
        for key in HEADLINES:
            found = document_of(differences, key)
            for name, word in (("improved", "better"), ("regressed", "worse")):
                changed = rows_of(found, name)
                if changed:
                    yield heading(self.inside, f"{title(key)}: {count(len(changed), 'question')} {word}")
                    rows = [_changed(key, row) for row in changed]
                    listed = QuestionList(self.inside, self._theme, rows, first=_AT_FIRST)
                    listed.chosen.connect(self._ask)
                    listed.filled.connect(self.order_tabs)
                    yield listed

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out of the table what a narrow window has no room for; the difference stays."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        if self.table is not None:
            for column in _HIDDEN_WHEN_NARROW:
                self.table.setColumnHidden(column, self.width() < _NARROW)

    @Slot()
    def _show_all(self) -> None:
        self._all = True
        self.plot = self.table = None
        self.fill(self._parts())

    @Slot(str)
    def _ask(self, question: str) -> None:
        runs = rows_of(self._comparison, "runs")
        self.question_wanted.emit(question, collections_of(runs[-1]) if runs else [])


def _summary(differences: Mapping[str, object]) -> str:
    """Say in a sentence what is better and what is worse."""
    verdicts = [text_of(document_of(differences, key), "verdict") for key in differences if ":" not in key]
    better, worse, unclear = (verdicts.count(v) for v in ("better", "worse", "unclear"))
    if not better and not worse:
        return "No figure is surely better or worse." if unclear else "Nothing differs."
    return f"{count(better, 'figure')} better, {count(worse, 'figure')} worse, {count(unclear, 'figure')} unclear."


def _difference(key: str, found: Mapping[str, object]) -> Difference:
    value, low, high = _bounds(found)
    return Difference(title(key), value, low, high, text_of(found, "verdict"))


def _row(key: str, found: Mapping[str, object]) -> tuple[str, ...]:
    value, low, high = _bounds(found)
    return (
        title(key),
        value_words(key, number_in(found, "before")),
        value_words(key, number_in(found, "after")),
        change_words(key, value, low, high),
        verdict_words(text_of(found, "verdict")),
    )


def _bounds(found: Mapping[str, object]) -> tuple[float, float, float]:
    interval = document_of(found, "difference")
    value, low, high = (number_in(interval, name) for name in ("value", "low", "high"))
    return value, low, high


def _changed(key: str, row: Mapping[str, object]) -> tuple[str, str]:
    before, after = (value_words(key, number_in(row, name)) for name in ("before", "after"))
    return text_of(row, "question"), f"{before} → {after}"

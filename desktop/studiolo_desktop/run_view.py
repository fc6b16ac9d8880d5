"""One run: how many questions are right, each figure with its interval, and why the others failed, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studiolo.quantities import count
from studiolo_desktop.empty_state import section_label
from studiolo_desktop.measure_words import (
    CAUSES,
    HEADLINES,
    bounds_words,
    cause_words,
    configuration_words,
    number_in,
    standing_words,
    title,
    value_words,
)
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.figure_table import FigureTable
from studiolo_desktop.widgets.labels import WrapLabel, push_button
from studiolo_desktop.widgets.row_button import RowButton
from studiolo_desktop.widgets.scroll_column import ScrollColumn
from studiolo_desktop.widgets.turns import Turns
from studiolo_desktop.words import document_of, file_name, moment, number_of, one_line, rows_of, text_of

_AT_ONCE = 10
_LONGEST = 300
_COLUMNS = ("Figure", "Value", "95 % interval", "Questions")


def heading(parent: QWidget, text: str) -> WrapLabel:
    """Make the title of a part that may be longer than a line."""
    label = WrapLabel(parent, text, tone="strong")
    label.setContentsMargins(8, 12, 8, 0)
    return label


class QuestionList(QWidget):
    """Questions by name, some at a time; a click on one says it.

    Args:
        parent: The owner.
        theme: Colours.
        rows: The questions, each with what became of it.
        first: How many are shown before more are asked for: a row takes a millisecond.
    """

    chosen = Signal(str)
    filled = Signal()
    """The rows that were asked for are there."""

    def __init__(
        self, parent: QWidget, theme: Theme, rows: Sequence[tuple[str, str]], *, first: int = _AT_ONCE
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = list(rows)
        self._shown = 0
        self._turns = Turns(self)
        self._turns.done.connect(self.filled)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 4)
        self._column.setSpacing(0)
        self.more = push_button(self, "", kind="quiet")
        self.more.clicked.connect(self._show_more)
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._show(first)

    @Slot()
    def _show_more(self) -> None:
        self._show(_AT_ONCE)

    @property
    def is_filling(self) -> bool:
        """Tell whether rows are still to come."""
        return self._turns.busy

    def _show(self, number: int) -> None:
        rows = self._rows[self._shown : self._shown + number]
        self._shown += len(rows)
        left = len(self._rows) - self._shown
        more = "more question" if self._shown else "question"
        self.more.setText(f"Show {count(min(left, _AT_ONCE), more)} of {left:,}")
        self.more.setAccessibleName(self.more.text())
        self.more.setVisible(left > 0)
        self._turns.run(self._made(rows))

    def _made(self, rows: Sequence[tuple[str, str]]) -> Iterator[None]:
        for question, detail in rows:
            button = RowButton(self, self._theme, question, one_line(question), sentence=True)
            button.setCheckable(False)
            button.setAccessibleName(f"Ask: {one_line(question)}")
            button.setAccessibleDescription(one_line(detail))
            button.chosen.connect(self.chosen)
            self._column.insertWidget(self._column.count() - 1, button)
            if detail:
                words = WrapLabel(self, one_line(detail, limit=_LONGEST), tone="muted")
                words.setContentsMargins(9, 0, 8, 6)
                self._column.insertWidget(self._column.count() - 1, words)
            yield


class RunView(ScrollColumn):
    """Shows a run, an untrusted document."""

    question_wanted = Signal(str, object)
    """A question that is to be asked, and the collections."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent, "One run of a question set")
        self._theme = theme
        self._run: Mapping[str, object] = {}
        self._all = False
        self.figures: FigureTable | None = None

    def show_run(self, run: Mapping[str, object]) -> None:
        """Show another run."""
        self._run = run
        self._all = False
        self.fill(self._parts())

    def show_loading(self) -> None:
        """Show that a run is being opened."""
        self.clear()
        self.add(WrapLabel(self.inside, "Opening the run …", tone="muted"))

    def _parts(self) -> Iterator[QWidget]:
        run = self._run
        yield WrapLabel(self.inside, f"{standing_words(run)}.", tone="title")
        when = moment(text_of(run, "made_at"))
        questions = count(number_of(run, "questions"), "question")
        yield WrapLabel(self.inside, f"{file_name(text_of(run, 'set'))}, {questions}, {when}", tone="muted")
        yield WrapLabel(self.inside, configuration_words(run), tone="muted")
        warnings = run.get("warnings")
        for warning in warnings[:10] if isinstance(warnings, list) else ():
            yield WrapLabel(self.inside, f"Note: {one_line(str(warning))}.", tone="weak")
        yield from self._figure_parts()
        yield from self._cause_parts()

    def _figure_parts(self) -> Iterator[QWidget]:
        measures = document_of(self._run, "measures")
        keys = [key for key in (measures if self._all else HEADLINES) if key in measures]
        yield section_label(self.inside, "Figures")
        self.figures = FigureTable(self.inside, "Figures with their 95 % intervals", _COLUMNS)
        self.figures.show_rows([_figure(key, document_of(measures, key)) for key in keys])
        yield self.figures
        if not self._all and len(keys) < len(measures):
            every = push_button(self.inside, f"Show all {len(measures)} figures", kind="quiet")
            every.clicked.connect(self._show_all)
            yield every

    def _cause_parts(self) -> Iterator[QWidget]:
        rows = rows_of(self._run, "rows")
        for cause in CAUSES:
            failed = [row for row in rows if text_of(row, "cause") == cause]
            if failed:
                name, advice = cause_words(cause)
                yield heading(self.inside, f"{name}: {len(failed):,}")
                if advice:
                    yield WrapLabel(self.inside, advice, tone="muted")
                first = 0 if cause == "right" else _AT_ONCE
                listed = QuestionList(self.inside, self._theme, [_question(row) for row in failed], first=first)
                listed.chosen.connect(self._ask)
                listed.filled.connect(self.order_tabs)
                yield listed

    @Slot()
    def _show_all(self) -> None:
        self._all = True
        self.fill(self._parts())

    @Slot(str)
    def _ask(self, question: str) -> None:
        self.question_wanted.emit(question, collections_of(self._run))


def collections_of(run: Mapping[str, object]) -> list[str]:
    """Give the collections that a run searched."""
    names = document_of(run, "about").get("collections")
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _figure(key: str, found: Mapping[str, object]) -> tuple[str, str, str, str]:
    value, low, high = (number_in(found, name) for name in ("value", "low", "high"))
    return title(key), value_words(key, value), bounds_words(key, low, high), f"{number_of(found, 'n'):,}"


def _question(row: Mapping[str, object]) -> tuple[str, str]:
    """Give a question with what became of it."""
    if text_of(row, "cause") == "right":
        return text_of(row, "question"), ""
    expected = row.get("expected")
    wanted = " / ".join(str(e) for e in expected) if isinstance(expected, list) else ""
    told = (
        _sentence(text_of(row, "reason")),
        f"Expected: {wanted}" if wanted else "",
        f"Answer: {answer}" if (answer := text_of(row, "answer")) else "",
    )
    return text_of(row, "question"), " · ".join(t for t in told if t)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]

"""One question and its answer: bubble, source cards, streaming text, coverage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studiolo.errors import ErrorReport
from studiolo.quantities import count
from studiolo_desktop.answer_changes import what_changed
from studiolo_desktop.answer_copy import copy_answer, understood_as
from studiolo_desktop.answer_origin import origin_words
from studiolo_desktop.engine_client import Exchange
from studiolo_desktop.limits import Wish, limits_of
from studiolo_desktop.theme import Theme
from studiolo_desktop.widgets.answer_feedback import AnswerFeedback
from studiolo_desktop.widgets.answer_text import AnswerText, citation_numbers
from studiolo_desktop.widgets.changed_banner import ChangedBanner
from studiolo_desktop.widgets.differences import Differences
from studiolo_desktop.widgets.evidence_card import EvidenceCard
from studiolo_desktop.widgets.labels import ElidedLabel, PlainLabel, WrapLabel, push_button
from studiolo_desktop.widgets.message_bar import Message
from studiolo_desktop.widgets.question_head import QuestionHead
from studiolo_desktop.widgets.tab_order import tab_before
from studiolo_desktop.words import document_of, number_of, rows_of, text_of, tooltip

Phase = Literal["searching", "reading", "streaming", "done", "refused", "stopped", "failed"]

_FIRST_CARDS = 3
_CARD_WIDTH = 186
_PAINT_MS = 30
_WIDEST_ANSWER = 720
_COMPOSED = {
    "quotes": "These are sentences of your documents, word for word; no language model took part.",
    "quotes_instead": "The model's own wording rested on no passage, so your documents speak for themselves here.",
}


class TurnView(QWidget):
    """Shows one question from asking to its end; says which source is chosen.

    Args:
        parent: The owner.
        theme: Colours.
        wish: What is asked, and how.
    """

    source_chosen = Signal(object)
    """The passage (a document) to show in the viewer."""
    ended = Signal()
    judged = Signal(str, str)
    """What the user says of the answer: a rating, and a correction."""
    again_wanted = Signal(bool)
    """The question is to be answered again; whether in other words, and not because something has changed."""
    edit_wanted = Signal()
    version_wanted = Signal(int)
    """Another answer to this question is to be seen: -1 for the one before, 1 for the next."""

    def __init__(self, parent: QWidget, theme: Theme, wish: Wish) -> None:
        super().__init__(parent)
        self._theme = theme
        self.wish = wish
        self.question = wish.question
        self.asked = wish.question
        """What the next question may follow; of an answer from the history, whose talk is not here, what was sought."""
        self.request_id = ""
        self.entry = 0
        """The id under which the answer is kept; 0 if it is not."""
        self.phase: Phase = "searching"
        self.cards: list[EvidenceCard] = []
        self.differences: list[Differences] = []
        self.selected = 0
        self._waiting: list[str] = []
        self._result: Mapping[str, object] = {}
        self._before: Mapping[str, object] = {}
        self._all_cards = False
        self._painter = QTimer(self)
        self._painter.setSingleShot(True)
        self._painter.setInterval(_PAINT_MS)
        self._painter.timeout.connect(self._paint_tokens)
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(12)
        self.head = QuestionHead(self, self.question)
        self.head.show_scope(self.wish.collections, self.wish.limits)
        self.head.edit_wanted.connect(self.edit_wanted)
        self.head.version_wanted.connect(self.version_wanted)
        column.addWidget(self.head)
        self.status = PlainLabel(self, "Searching your documents …", tone="muted")
        column.addWidget(self.status)
        self._grid = QGridLayout()
        self._grid.setSpacing(10)
        column.addLayout(self._grid)
        self._more = push_button(self, "", kind="quiet")
        self._more.clicked.connect(self._show_all_cards)
        self._more.hide()
        more_row = QHBoxLayout()
        more_row.addWidget(self._more)
        more_row.addStretch(1)
        column.addLayout(more_row)
        self.changed = ChangedBanner(self)
        self.changed.acted.connect(self._ask_again)
        column.addWidget(self.changed)
        self.refusal = WrapLabel(self, "", tone="title")
        self.refusal.hide()
        column.addWidget(self.refusal)
        self.answer = AnswerText(self, self._theme)
        self.answer.cited.connect(self.choose)
        self.answer.hide()
        column.addWidget(self.answer)
        self._differing = QVBoxLayout()
        self._differing.setSpacing(10)
        column.addLayout(self._differing)
        self.note = WrapLabel(self, "", tone="muted")
        self.note.hide()
        column.addWidget(self.note)
        self._message = Message(self, closable=False)
        self._message.hide()
        column.addWidget(self._message)
        column.addWidget(self._make_cover())
        self.feedback = AnswerFeedback(self)
        self.feedback.given.connect(self.judged)
        self.feedback.hide()
        column.addWidget(self.feedback)

    def _make_cover(self) -> QWidget:
        self.cover = QWidget(self)
        self.cover.setObjectName("cover")
        row = QHBoxLayout(self.cover)
        row.setContentsMargins(0, 8, 0, 0)
        said = QVBoxLayout()
        said.setSpacing(2)
        self.coverage = WrapLabel(self.cover, "", tone="muted")
        said.addWidget(self.coverage)
        self.origin = ElidedLabel(self.cover, "", tone="muted", sentence=True)
        said.addWidget(self.origin)
        row.addLayout(said, 1)
        self._copy = push_button(self.cover, "Copy with sources", kind="quiet", icon="copy")
        self._copy.clicked.connect(self.copy)
        row.addWidget(self._copy)
        self.again = push_button(self.cover, "Answer again", kind="quiet", icon="retry")
        self.again.clicked.connect(self._answer_again)
        row.addWidget(self.again)
        self.cover.hide()
        return self.cover

    def follow(self, exchange: Exchange) -> None:
        """Show what comes back for the question."""
        self.request_id = exchange.request.id
        exchange.evidence.connect(self.show_evidence)
        exchange.token.connect(self.take_token)
        exchange.done.connect(self._on_done)
        exchange.failed.connect(self._on_failed)
        exchange.cancelled.connect(self._on_cancelled)

    def keyboard_parts(self) -> list[QWidget]:
        """Give what takes the keyboard from the start, in the order of reading; cards come in between."""
        parts = [self.changed.button, self.answer, self._copy, self.again, *self.feedback.keyboard_parts()]
        return [*self.head.keyboard_parts(), self._more, *parts]

    def all_parts(self) -> list[QWidget]:
        """Give what takes the keyboard now, cards included, in the order of reading."""
        parts = self.keyboard_parts()
        at = parts.index(self._more)
        return [*parts[:at], *self.cards, *parts[at:]]

    def first_part(self) -> QWidget:
        """Give the first part that takes the keyboard."""
        return self.head.keyboard_parts()[0]

    @property
    def result(self) -> Mapping[str, object]:
        """The answer as it was given; empty while there is none."""
        return self._result

    @property
    def running(self) -> bool:
        """Tell whether the answer is still being made."""
        return self.phase in ("searching", "reading", "streaming")

    @Slot(object)
    def show_evidence(self, passages: Sequence[Mapping[str, object]]) -> None:
        """Show the source cards, before the first token."""
        if not self.running:
            return
        for card in self.cards:
            card.deleteLater()
        self.cards = [EvidenceCard(self, self._theme, passage) for passage in passages]
        for card in self.cards:
            card.chosen.connect(self.choose)
        tab_before(self._more, self.cards)
        self.answer.know_citations(citation_numbers(passages))
        self._arrange_cards()
        self.phase = "reading"
        self.status.setText("Reading the passages …" if passages else "No passage was found.")

    @Slot(str)
    def take_token(self, text: str) -> None:
        """Take the next piece of the answer; it is painted with others within a frame or two."""
        if not self.running:
            return
        if self.phase != "streaming":
            self.phase = "streaming"
            self.status.setText("Answering …")
            self.answer.start()
            self.answer.show()
        self._waiting.append(text)
        if not self._painter.isActive():
            self._painter.start()

    @Slot()
    def _paint_tokens(self) -> None:
        text = "".join(self._waiting)
        self._waiting.clear()
        self.answer.stream(text)

    @Slot(object, object)
    def _on_done(self, request: object, value: Mapping[str, object]) -> None:
        self.show_result(value)

    def show_result(self, value: Mapping[str, object]) -> None:
        """Show a whole answer: the end of a stream, or one from the history."""
        if not self.running:
            return
        self._painter.stop()
        self._waiting.clear()
        if not self.cards:
            self.show_evidence(rows_of(value, "passages") or rows_of(value, "citations"))
        self._result = value
        for citation in rows_of(value, "citations"):
            for card in self.cards:
                if card.number == number_of(citation, "number"):
                    card.update_citation(citation)
        refused = value.get("refused") is True
        sentences = rows_of(value, "sentences")
        if sentences:
            self.answer.show_sentences(sentences, rows_of(value, "layout"))
        elif not refused:
            self.answer.show_plain(text_of(value, "answer"))
        self.answer.setVisible(not refused)
        if refused:
            self._show_refusal()
        self._show_note(_COMPOSED.get(text_of(value, "composed_by"), "") if not refused else "")
        self._show_differences(rows_of(value, "conflicts") if not refused else [])
        self._show_coverage(document_of(value, "coverage"))
        self.origin.setText(origin_words(value))
        self.origin.setToolTip(tooltip(origin_words(value, whole=True)))
        self.head.show_scope(self.wish.collections, limits_of(document_of(value, "filters")))
        self.entry = number_of(value, "id")
        self.feedback.show_for(text_of(value, "answer"), document_of(value, "feedback"))
        self.feedback.setVisible(self.entry > 0)
        self.changed.show_outdated([c for c in rows_of(value, "citations") if c.get("stale") is True])
        self._finish("refused" if refused else "done")

    def compare_with(self, before: Mapping[str, object]) -> None:
        """Say at the end of the answer what is different from another one, in whose place it is made."""
        self._before = before

    def sources(self) -> list[dict[str, object]]:
        """Give the versions of files that the answer rests on: "path" and "sha256" of each."""
        known = [(text_of(c.passage, "path"), text_of(c.passage, "sha256")) for c in self.cards]
        return [{"path": path, "sha256": sha256} for path, sha256 in dict.fromkeys(known) if path and sha256]

    def take_states(
        self, untrusted: Sequence[Mapping[str, object]], looked_at: Collection[tuple[object, object]]
    ) -> None:
        """Show which of the sources that were looked at are no longer what was read; the others of these are.

        Args:
            untrusted: Documents with "path", "sha256", "state" and, where a file was moved, its path "now".
            looked_at: Path and SHA-256 of each.
        """
        if self.running:
            return
        states = {(text_of(row, "path"), text_of(row, "sha256")): row for row in untrusted}
        for card in self.cards:
            version = text_of(card.passage, "path"), text_of(card.passage, "sha256")
            if version in looked_at:
                row = states.get(version, {})
                state, now = text_of(row, "state"), text_of(row, "now")
                is_moved = state == "moved" and bool(now)
                card.update_citation({"path": now} if is_moved else {"state": state})
                card.update_citation({"stale": bool(state) and not is_moved})
        cited = {number_of(c, "number") for c in rows_of(self._result, "citations")}
        self.changed.show_outdated(
            [c.passage for c in self.cards if c.passage.get("stale") is True and c.number in cited]
        )

    def _show_differences(self, conflicts: Sequence[Mapping[str, object]]) -> None:
        for conflict in conflicts:
            shown = Differences(self, conflict)
            shown.setMaximumWidth(_WIDEST_ANSWER)
            shown.chosen.connect(self._choose_side)
            self._differing.addWidget(shown)
            shown.show()
            tab_before(self._copy, shown.links)
            self.differences.append(shown)

    def _show_refusal(self) -> None:
        self.refusal.setText("Your documents do not answer this.")
        self.refusal.show()
        near = "The nearest passages are above." if self.cards else "No passage comes near it."
        self._show_note(f"{near} Try other words, or add the folder that holds the answer.")

    def _show_note(self, text: str) -> None:
        changes = what_changed(self._before, self._result) if self._before and self._result else ""
        if text := " ".join(part for part in (understood_as(self._result), text, changes) if part):
            self.note.setText(text)
            self.note.show()

    def _show_coverage(self, coverage: Mapping[str, object]) -> None:
        if not coverage:
            return
        parts = [f"{count(number_of(coverage, 'files_in_scope'), 'file')} in scope"]
        for name, word in (("searched", "searched"), ("failed", "unreadable"), ("pending", "still to read")):
            if number := number_of(coverage, name):
                parts.append(f"{number:,} {word}")
        self.coverage.setText(", ".join(parts))

    @Slot(object, object)
    def _on_failed(self, request: object, error: ErrorReport) -> None:
        if self.running:
            self._paint_rest()
            self._message.show_report(error)
            self._message.show()
            self._finish("failed")

    @Slot(object, object)
    def _on_cancelled(self, request: object, value: object) -> None:
        self.show_stopped()

    def show_stopped(self) -> None:
        """Show at once that the answer was stopped; what had come stays."""
        if self.running:
            self._paint_rest()
            self._show_note("Stopped. What stands here is unfinished and was not checked against its sources.")
            self._finish("stopped")

    def _paint_rest(self) -> None:
        self._painter.stop()
        self._paint_tokens()
        self.answer.finish_stream()

    def _finish(self, phase: Phase) -> None:
        self.phase = phase
        self.status.hide()
        self.head.edit.show()
        self.cover.setVisible(True)
        self._copy.setVisible(phase == "done")
        self._arrange_cards()
        self.ended.emit()

    @Slot(int)
    def choose(self, number: int) -> None:
        """Choose a source: its card, its `[n]`, and the place in the viewer are the same thing."""
        self.mark_chosen(number)
        for card in self.cards:
            if card.number == number:
                self.source_chosen.emit(card.passage)

    @Slot(object)
    def _choose_side(self, side: Mapping[str, object]) -> None:
        """Show what one of the differing documents says; its card is chosen with it."""
        number = number_of(side, "number")
        if any(card.number == number for card in self.cards):
            self.mark_chosen(number)
            self.source_chosen.emit(side)

    def mark_chosen(self, number: int) -> None:
        """Show a source as chosen; 0 for none."""
        self.selected = number
        for card in self.cards:
            card.setChecked(card.number == number)
        self.answer.select(number)
        self._arrange_cards()

    @Slot()
    def _show_all_cards(self) -> None:
        self._all_cards = True
        self._arrange_cards()

    def _visible_cards(self) -> list[EvidenceCard]:
        cited = {number_of(c, "number") for c in rows_of(self._result, "citations")}
        return [
            card
            for index, card in enumerate(self.cards)
            if self._all_cards or index < _FIRST_CARDS or card.number in cited or card.number == self.selected
        ]

    def _arrange_cards(self) -> None:
        columns = max(1, min(_FIRST_CARDS, self.width() // _CARD_WIDTH))
        visible = self._visible_cards()
        for card in self.cards:
            self._grid.removeWidget(card)
            card.setVisible(card in visible)
        for index, card in enumerate(visible):
            self._grid.addWidget(card, index // columns, index % columns)
        for column in range(_FIRST_CARDS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        hidden = len(self.cards) - len(visible)
        self._more.setText(f"Show {count(hidden, 'more passage')}")
        self._more.setAccessibleName(self._more.text())
        self._more.setVisible(hidden > 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit bubble, cards and text to the width."""
        super().resizeEvent(event)
        self.cover.setMaximumWidth(max(_WIDEST_ANSWER, self._grid.geometry().width()))
        if event.size().width() == event.oldSize().width():
            return  # a turn that comes or grows moves all others, a dozen times
        self.head.bubble.fit(round(self.width() * 0.78))
        self.answer.setMaximumWidth(_WIDEST_ANSWER)
        self.feedback.setMaximumWidth(_WIDEST_ANSWER)
        self.changed.setMaximumWidth(_WIDEST_ANSWER)
        self._arrange_cards()

    @Slot()
    def copy(self) -> None:
        """Copy question, answer and numbered sources, as plain and as rich text."""
        now = {card.number: {name: card.passage.get(name) for name in ("path", "stale")} for card in self.cards}
        citations = [{**c, **now.get(number_of(c, "number"), {})} for c in rows_of(self._result, "citations")]
        copy_answer(self.question, {**self._result, "citations": citations})
        self._copy.setText("Copied")

    @Slot()
    def _answer_again(self) -> None:
        self.again_wanted.emit(True)

    @Slot()
    def _ask_again(self) -> None:
        self.again_wanted.emit(False)

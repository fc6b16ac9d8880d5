"""One question from asking to its end: sources first, then words, then what the words rest on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QScrollArea
from pytestqt.qtbot import QtBot
from scripted_window import LIMIT_MS, Json, click_citation, shown_text

from studiolo import messages
from studiolo.errors import ErrorReport
from studiolo_desktop.answer_copy import with_sources
from studiolo_desktop.engine_client import Exchange
from studiolo_desktop.limits import Limit, Wish
from studiolo_desktop.theme import Theme
from studiolo_desktop.turn_view import TurnView

QUESTION = "How much <b>leave</b> & when?"


def passage(number: int, **fields: object) -> Json:
    return {
        "number": number, "path": f"/docs/policy-{number}.pdf", "page": number, "start": 0, "end": 9,
        "quote": f"Words {number}.", "text": f"Before. Words {number}. After.", "sha256": "a" * 64,
    } | fields  # fmt: skip


PASSAGES = [passage(n) for n in (1, 2, 3)]
RESULT: Json = {
    "answer": "Ten days. Everybody likes it.",
    "sentences": [
        {"text": "Ten days.", "citations": [1, 3], "verdict": "supported"},
        {"text": "It was five.", "citations": [2], "verdict": "weak"},
        {"text": "Everybody likes it.", "citations": [], "verdict": "unsupported"},
    ],
    "citations": [passage(1, indexed_at="2026-11-03"), passage(3, stale=True)],
    "passages": PASSAGES,
    "refused": False,
    "coverage": {"files_in_scope": 1214, "searched": 1209, "failed": 5, "pending": 0},
}


@pytest.fixture
def turn(qtbot: QtBot, theme: Theme) -> Iterator[TurnView]:
    """Give a turn that follows an exchange, in a room of its own."""
    host = QScrollArea()
    host.resize(640, 700)
    host.setWidgetResizable(True)
    turn = TurnView(host, theme, Wish(QUESTION))
    host.setWidget(turn)
    turn.follow(Exchange(messages.Ask(id="w7", question=QUESTION), turn))
    host.show()
    qtbot.waitUntil(turn.isVisible, timeout=LIMIT_MS)
    yield turn
    host.deleteLater()


def exchange_of(turn: TurnView) -> Exchange:
    found = turn.findChild(Exchange)
    assert isinstance(found, Exchange)
    return found


def finish(turn: TurnView, **fields: object) -> None:
    """Send evidence and a result."""
    exchange = exchange_of(turn)
    exchange.evidence.emit(tuple(PASSAGES))
    exchange.done.emit(exchange.request, RESULT | fields)


def test_the_question_is_shown_as_it_was_typed_and_never_as_markup(turn: TurnView) -> None:
    assert QUESTION in shown_text(turn)
    assert turn.head.bubble.textFormat() == Qt.TextFormat.PlainText
    assert "Searching" in shown_text(turn)


def test_sources_stand_there_before_the_first_word(turn: TurnView) -> None:
    exchange_of(turn).evidence.emit(tuple(PASSAGES))
    assert [card.number for card in turn.cards if card.isVisible()] == [1, 2, 3]
    assert not turn.answer.isVisible()
    assert turn.phase == "reading"


def test_words_are_painted_as_they_come(turn: TurnView, qtbot: QtBot) -> None:
    exchange = exchange_of(turn)
    exchange.evidence.emit(tuple(PASSAGES))
    for text in ("Ten ", "days ", "["):
        exchange.token.emit(text)
    qtbot.waitUntil(lambda: turn.answer.toPlainText() == "Ten days", timeout=LIMIT_MS)
    exchange.token.emit("1].")
    qtbot.waitUntil(lambda: turn.answer.toPlainText().split() == ["Ten", "days", "1", "."], timeout=LIMIT_MS)
    assert turn.phase == "streaming"


def test_a_card_and_its_number_in_the_text_choose_the_same_source(turn: TurnView, qtbot: QtBot) -> None:
    finish(turn)
    with qtbot.waitSignal(turn.source_chosen, timeout=LIMIT_MS) as chosen:
        turn.cards[0].click()
    assert chosen.args[0]["path"] == "/docs/policy-1.pdf"
    with qtbot.waitSignal(turn.source_chosen, timeout=LIMIT_MS) as chosen:
        click_citation(turn.answer, 3)
    assert chosen.args[0]["path"] == "/docs/policy-3.pdf"
    assert [card.number for card in turn.cards if card.isChecked()] == [3]
    assert turn.selected == 3


def test_weak_and_unsupported_sentences_are_marked_and_said_in_words(turn: TurnView) -> None:
    finish(turn)
    said = turn.answer.accessibleDescription()
    assert "Sentence 2" in said
    assert "Sentence 3" in said
    assert "Sentence 1" not in said
    assert "(no source)" in turn.answer.toPlainText().replace("\u00a0", " ")


def test_the_end_says_what_was_searched_and_marks_sources_that_have_changed(turn: TurnView) -> None:
    finish(turn)
    assert turn.coverage.text() == "1,214 files in scope, 1,209 searched, 5 unreadable"
    assert "changed since" in turn.cards[2].accessibleName()
    assert "changed since" not in turn.cards[0].accessibleName()
    assert (turn.phase, turn.running) == ("done", False)


def test_what_a_follow_up_was_understood_as_is_said_and_copied(turn: TurnView) -> None:
    sought = {"searched_for": "Who pays for guests?", "filters": {"words": "And for guests?"}}
    turn.show_result(RESULT | sought)
    assert turn.note.text().startswith("Understood as: Who pays for guests?")
    assert "Understood as: Who pays for guests?" in with_sources("And for guests?", RESULT | sought)
    alone = {"searched_for": "Who pays?", "filters": {"words": "Who pays?"}}
    assert "Understood as" not in with_sources("Who pays?", RESULT | alone)


def test_a_refusal_says_so_and_keeps_the_nearest_passages(turn: TurnView) -> None:
    finish(turn, refused=True, sentences=[], answer="", citations=[])
    text = shown_text(turn)
    assert "Your documents do not answer this." in text
    assert "The nearest passages are above." in text
    assert not turn.answer.isVisible()
    assert "Copy" not in text


def test_a_refusal_without_any_passage_does_not_speak_of_some(turn: TurnView) -> None:
    exchange = exchange_of(turn)
    exchange.evidence.emit(())
    exchange.done.emit(exchange.request, {"refused": True})
    assert "No passage comes near it." in shown_text(turn)


@pytest.mark.parametrize(
    ("composed_by", "words"), [("quotes", "word for word"), ("quotes_instead", "rested on no passage"), ("model", "")]
)
def test_it_is_said_when_no_model_wrote_the_answer(turn: TurnView, composed_by: str, words: str) -> None:
    finish(turn, composed_by=composed_by)
    assert turn.note.isVisible() == bool(words)
    assert words in turn.note.text()


def test_a_stopped_answer_keeps_its_words_says_so_and_takes_no_more(turn: TurnView) -> None:
    exchange = exchange_of(turn)
    exchange.evidence.emit(tuple(PASSAGES))
    exchange.token.emit("Ten days [")
    turn.show_stopped()
    exchange.token.emit(" and more")
    exchange.done.emit(exchange.request, RESULT)
    assert turn.phase == "stopped"
    assert turn.answer.toPlainText() == "Ten days ["
    assert "Stopped" in shown_text(turn)
    assert turn.coverage.text() == ""  # nothing was checked, so there is nothing to say of what was searched
    assert turn.again.isVisible()


def test_a_failed_question_shows_sentence_hint_and_code_and_what_had_come(turn: TurnView) -> None:
    exchange = exchange_of(turn)
    exchange.evidence.emit(tuple(PASSAGES))
    exchange.token.emit("Ten days")
    exchange.failed.emit(exchange.request, ErrorReport("model.load_failed", "The model could not load.", "Close some."))
    text = shown_text(turn)
    assert all(words in text for words in ("model.load_failed", "The model could not load.", "Close some.", "Ten days"))
    assert turn.phase == "failed"


def test_cited_cards_are_shown_first_and_the_others_are_one_click_away(turn: TurnView) -> None:
    exchange = exchange_of(turn)
    many = [passage(n) for n in range(1, 8)]
    exchange.evidence.emit(tuple(many))
    exchange.done.emit(exchange.request, RESULT | {"passages": many, "citations": [passage(6)]})
    assert [card.number for card in turn.cards if card.isVisible()] == [1, 2, 3, 6]
    more = next(b for b in turn.findChildren(QPushButton) if b.text() == "Show 3 more passages")
    more.click()
    assert all(card.isVisible() for card in turn.cards)
    assert not more.isVisible()


def states(*numbers: int, state: str = "changed", now: str | None = None) -> list[Json]:
    return [{"path": passage(n)["path"], "sha256": "a" * 64, "state": state, "now": now} for n in numbers]


ALL = {(row["path"], row["sha256"]) for row in PASSAGES}


def test_only_the_cards_of_a_changed_file_are_marked(turn: TurnView) -> None:
    finish(turn, citations=[passage(1)])
    turn.take_states(states(2), ALL)
    assert ["changed since" in card.accessibleName() for card in turn.cards] == [False, True, False]
    assert not turn.changed.isVisible()  # the answer does not rest on it


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (states(1), "policy-1.pdf has changed since this was answered."),
        (states(1, state="gone"), "policy-1.pdf is gone since this was answered."),
        (states(1, 3), "2 files that are cited here have changed or gone since: policy-1.pdf, policy-3.pdf."),
    ],
)
def test_a_banner_says_which_cited_file_has_changed_and_asks_again(
    turn: TurnView, qtbot: QtBot, rows: list[Json], words: str
) -> None:
    finish(turn, citations=[passage(1), passage(3)])
    assert not turn.changed.isVisible()
    turn.take_states(rows, ALL)
    assert turn.changed.isVisible()
    assert words in shown_text(turn.changed)
    with qtbot.waitSignal(turn.again_wanted, timeout=LIMIT_MS) as wanted:
        turn.changed.button.click()
    assert wanted.args == [False]
    turn.take_states([], ALL)  # it was put back as it was
    assert not turn.changed.isVisible()


def test_what_was_not_looked_at_stays_what_it_was(turn: TurnView) -> None:
    finish(turn)
    assert "policy-3.pdf has changed" in shown_text(turn.changed)
    turn.take_states([], {("/docs/policy-1.pdf", "a" * 64)})
    assert turn.changed.isVisible()


def test_a_moved_file_is_no_warning_and_is_opened_where_it_lies_now(turn: TurnView, qtbot: QtBot) -> None:
    """R13: a rename keeps citations valid."""
    finish(turn, citations=[passage(1)])
    turn.take_states(states(1, state="moved", now="/docs/new.pdf"), ALL)
    assert not turn.changed.isVisible()
    with qtbot.waitSignal(turn.source_chosen, timeout=LIMIT_MS) as chosen:
        turn.cards[0].click()
    assert chosen.args[0]["path"] == "/docs/new.pdf"


def test_what_limited_an_answer_stands_under_its_question(qtbot: QtBot, theme: Theme) -> None:
    host = QScrollArea()
    qtbot.addWidget(host)
    turn = TurnView(host, theme, Wish("How much?", ("hr",), (Limit("type", "pdf"),)))
    assert turn.head.scope.text() == "Asked in: hr. Limited to: PDF"
    turn.show_result(
        RESULT
        | {"filters": {"understood": [{"filter": "type", "value": "pdf"}, {"filter": "under", "value": "contracts"}]}}
    )
    assert turn.head.scope.text() == "Asked in: hr. Limited to: PDF; in contracts"


def test_an_answer_in_the_place_of_another_says_what_is_different(turn: TurnView) -> None:
    turn.compare_with({"answer": "Nine days.", "citations": [passage(1, sha256="b" * 64), passage(3)]})
    finish(turn)
    assert "Changed since the answer before: policy-1.pdf." in turn.note.text()


def conflict(*numbers: int) -> Json:
    sides = [passage(n, value=f"{n} days", date=f"202{n}", date_from="name", current=False) for n in numbers]
    return {"about": "leave", "sides": sides}


def test_documents_that_differ_stand_under_the_answer_and_lead_to_their_places(turn: TurnView, qtbot: QtBot) -> None:
    finish(turn, conflicts=[conflict(3, 2)])
    assert "Your documents differ: leave" in shown_text(turn)
    qtbot.waitUntil(lambda: turn.differences[0].y() > turn.answer.y(), timeout=LIMIT_MS)
    with qtbot.waitSignal(turn.source_chosen, timeout=LIMIT_MS) as chosen:
        turn.differences[0].links[1].click()
    assert chosen.args[0]["path"] == "/docs/policy-2.pdf"
    assert (turn.selected, [card.number for card in turn.cards if card.isChecked()]) == (2, [2])


def test_a_copied_answer_says_where_the_documents_differ() -> None:
    copied = with_sources("q", {"answer": "a", "conflicts": [conflict(3, 2)]}).splitlines()
    assert copied[copied.index("Your documents differ: leave") + 1 :] == [
        "- /docs/policy-3.pdf, p. 3 (2023, by its name): “Words 3.”",
        "- /docs/policy-2.pdf, p. 2 (2022, by its name): “Words 2.”",
    ]


def test_a_side_without_a_card_leads_nowhere(turn: TurnView, qtbot: QtBot) -> None:
    """The window finds a source by its card."""
    finish(turn, conflicts=[conflict(3, 9)])
    with qtbot.assertNotEmitted(turn.source_chosen):
        turn.differences[0].links[1].click()


def test_a_refusal_shows_no_difference(turn: TurnView) -> None:
    finish(turn, refused=True, sentences=[], answer="", citations=[], conflicts=[conflict(1, 2)])
    assert turn.differences == []


def test_an_invented_number_leads_nowhere(turn: TurnView) -> None:
    exchange = exchange_of(turn)
    exchange.evidence.emit(tuple(PASSAGES))
    exchange.done.emit(exchange.request, RESULT | {"sentences": [], "answer": "So it is [9]."})
    assert "[9]" in turn.answer.toPlainText()
    with pytest.raises(AssertionError, match="no citation 9"):
        click_citation(turn.answer, 9)


def test_a_copied_answer_carries_question_words_and_every_source(turn: TurnView, qtbot: QtBot) -> None:
    finish(turn)
    next(b for b in turn.findChildren(QPushButton) if b.text() == "Copy with sources").click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == QUESTION
    assert "Ten days. Everybody likes it." in lines
    assert "[1] /docs/policy-1.pdf, p. 1" in lines
    assert "    “Words 1.”" in lines
    assert f"    sha256 {'a' * 64}, indexed 2026-11-03" in lines
    assert "[3] /docs/policy-3.pdf, p. 3 (changed since)" in lines


def test_a_file_name_cannot_forge_a_line_of_the_copy() -> None:
    forged = passage(1, path="/docs/a\n[2] /docs/other.pdf", quote="x\n[3] y")
    copied = with_sources("q", {"answer": "a", "citations": [forged]})
    assert [line for line in copied.splitlines() if line.startswith("[")] == ["[1] /docs/a [2] /docs/other.pdf, p. 1"]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"sentences": "no list", "answer": 7, "citations": {"a": 1}, "coverage": []},
        {"sentences": [{"text": None, "citations": "1", "verdict": 3}, 5], "citations": [{"number": "1"}, None]},
        {
            "refused": "yes",
            "passages": [{"number": 10**30, "page": "four", "text": 3}],
            "coverage": {"searched": "all"},
        },
        {"citations": [{"number": 1, "start": -5, "quote": "\ud800\u202e<img src=x>", "path": "\0"}]},
    ],
)
def test_a_result_of_any_shape_ends_the_question(turn: TurnView, value: Json) -> None:
    exchange = exchange_of(turn)
    exchange.done.emit(exchange.request, value)
    assert turn.phase == "done"
    with_sources(QUESTION, value)

"""A copied answer says the same as plain and as rich text, and no word of it is markup."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication, QTextDocument
from pytestqt.qtbot import QtBot
from scripted_window import Json

from studiolo_desktop.answer_copy import copy_answer, with_sources

ANSWER: Json = {
    "answer": "Ten days [1].\n- A second line",
    "filters": {"words": "How much?", "understood": [{"filter": "type", "value": "pdf"}]},
    "searched_for": "How much?",
    "citations": [
        {"number": 1, "path": "/docs/<b>a</b>.pdf", "page": 3, "quote": "ten <i>days</i> & more", "sha256": "a" * 64,
         "indexed_at": "2026-11-03", "stale": True}
    ],
}  # fmt: skip


def copied() -> tuple[str, str]:
    data = QGuiApplication.clipboard().mimeData()
    return data.text(), data.html()


def test_the_plain_text_is_what_with_sources_writes(qtbot: QtBot) -> None:
    copy_answer("How <u>much</u>?", ANSWER)
    text, _ = copied()
    assert text == with_sources("How <u>much</u>?", ANSWER).rstrip("\n")
    assert text.splitlines() == [
        "How <u>much</u>?",
        "Limited to: PDF",
        "",
        "Ten days [1].",
        "- A second line",
        "",
        "[1] /docs/<b>a</b>.pdf, p. 3 (changed since)",
        "    “ten <i>days</i> & more”",
        f"    sha256 {'a' * 64}, indexed 2026-11-03",
    ]


def test_the_rich_text_says_the_same_with_the_question_and_the_sources_in_bold(qtbot: QtBot) -> None:
    copy_answer("How <u>much</u>?", ANSWER)
    text, html = copied()
    read = QTextDocument()
    read.setHtml(html)
    assert read.toPlainText() == text
    assert "<u>" not in html
    assert "&lt;b&gt;a&lt;/b&gt;.pdf" in html
    weights = {block: read.findBlockByNumber(block).begin().fragment().charFormat().fontWeight() for block in (0, 3, 6)}
    assert weights == {0: 600, 3: 400, 6: 600}


@pytest.mark.parametrize("odd", ["a\u2029b", "a\rb", "a\ud800b", "a\0b"])
def test_odd_letters_make_no_line_and_no_error(qtbot: QtBot, odd: str) -> None:
    copy_answer(odd, {"answer": "x", "citations": [{"number": 1, "path": odd, "quote": odd}]})
    text, _ = copied()
    assert text.splitlines()[-3].startswith("[1] ")


def test_the_clipboard_holds_nothing_that_python_made(qtbot: QtBot) -> None:
    """An object of ours would be freed after Python has ended, which crashes the program."""
    copy_answer("q", ANSWER)
    assert type(QGuiApplication.clipboard().mimeData()).__module__.startswith("PySide6")

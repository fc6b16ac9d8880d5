"""An answer for another program: question, text, and each source with page, words, hash and date (R19)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from studiolo_desktop.answer_origin import origin_words
from studiolo_desktop.limits import all_in_words, limits_of
from studiolo_desktop.widgets.differences import dated
from studiolo_desktop.words import document_of, number_of, one_line, place, rows_of, text_of

Look = Literal["question", "plain", "source", "quote", "known"]

_LONGEST_QUOTE = 1000


def understood_as(answer: Mapping[str, object]) -> str:
    """Say what was looked for, where that is not the question as it stands; else nothing."""
    sought = text_of(answer, "searched_for")
    own = text_of(document_of(answer, "filters"), "words")
    return f"Understood as: {one_line(sought)}" if sought and sought != own else ""


def with_sources(question: str, answer: Mapping[str, object]) -> str:
    """Write an answer with its numbered sources as plain text."""
    return "\n".join(text for _, text in _lines(question, answer)).rstrip() + "\n"


def copy_answer(question: str, answer: Mapping[str, object]) -> None:
    """Put an answer with its sources into the clipboard, as plain text and as rich text that says the same.

    Qt's own editor makes both. An object of data that was made here would be freed by the clipboard after Python has
    ended, and the program would crash then. It is written with a cursor and formats: no word of it is read as markup.
    """
    editor = QTextEdit()
    cursor = QTextCursor(editor.document())
    lines = list(_lines(question, answer))
    while lines and not lines[-1][1]:
        lines.pop()
    for at, (look, text) in enumerate(lines):
        if at:
            cursor.insertBlock()
        cursor.insertText(_one_block(text), _format(look))
    editor.selectAll()
    editor.copy()


def _lines(question: str, answer: Mapping[str, object]) -> Iterator[tuple[Look, str]]:
    yield "question", question
    for said in (all_in_words(limits_of(document_of(answer, "filters"))), understood_as(answer)):
        if said:
            yield "known", said
    yield "plain", ""
    for line in text_of(answer, "answer").split("\n"):
        yield "plain", line
    yield "plain", ""
    for citation in rows_of(answer, "citations"):
        stale = " (changed since)" if citation.get("stale") is True else ""
        yield "source", f"[{number_of(citation, 'number')}] {_where(citation)}{stale}"
        yield "quote", f"    “{one_line(text_of(citation, 'quote'), limit=_LONGEST_QUOTE)}”"
        known = (f"sha256 {text_of(citation, 'sha256')}", f"indexed {text_of(citation, 'indexed_at')}")
        yield "known", "    " + one_line(", ".join(k for k in known if not k.endswith(" ")))
    if origin := origin_words(answer, whole=True):
        yield "plain", ""
        yield "known", origin
    for conflict in rows_of(answer, "conflicts"):
        yield "plain", ""
        yield "source", f"Your documents differ: {one_line(text_of(conflict, 'about'))}"
        for side in rows_of(conflict, "sides"):
            yield (
                "quote",
                f"- {_where(side)} ({dated(side)}): “{one_line(text_of(side, 'quote'), limit=_LONGEST_QUOTE)}”",
            )


def _where(row: Mapping[str, object]) -> str:
    return ", ".join(part for part in (one_line(text_of(row, "path")), place(row)) if part)


def _one_block(text: str) -> str:
    """Give a text that stays one block, and that Qt takes: what is no Unicode becomes a replacement sign."""
    plain = text.replace("\u2029", " ").replace("\r", " ").replace("\n", "\u2028")
    return plain.encode("utf-8", "replace").decode("utf-8")


def _format(look: Look) -> QTextCharFormat:
    style = QTextCharFormat()
    if look in ("question", "source"):
        style.setFontWeight(QFont.Weight.DemiBold)
    elif look == "quote":
        style.setFontItalic(True)
    elif look == "known":
        style.setProperty(QTextCharFormat.Property.FontSizeAdjustment, -1)
    return style

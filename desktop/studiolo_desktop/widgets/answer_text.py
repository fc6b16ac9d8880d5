"""The text of an answer: streams in, carries `[n]` as links, and marks sentences that their sources do not carry.

It is written with a cursor and formats, never as HTML, so that no word of a model or a document is read as markup.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QByteArray, QEvent, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QColor, QImage, QResizeEvent, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from studiolo_desktop.theme import ANSWER_PX, SMALL_PX, Theme
from studiolo_desktop.words import harmless, number_of, text_of

_SCHEME = "cite"
_MARK = re.compile(r"\[(\d{1,3}(?:\s{0,2},\s{0,2}\d{1,3}){0,9})\]")
_UNFINISHED = re.compile(r" *(?:\[[\d,\s]{0,80})?\Z")
_EXPLAINED = {
    "weak": "The sources carry this sentence only in part. Look at them before you rely on it.",
    "unsupported": "No source carries this sentence.",
}


class AnswerText(QTextBrowser):
    """Shows an answer at its full height; says the number of a citation that is followed."""

    cited = Signal(int)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._known: frozenset[int] = frozenset()
        self._selected = 0
        self._held = ""
        self._sentences: list[Mapping[str, object]] | None = None
        self._layout: list[Mapping[str, object]] = []
        self.setObjectName("answer")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setAcceptDrops(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Answer")
        font = self.font()
        font.setPixelSize(ANSWER_PX)
        self.document().setDefaultFont(font)
        self.anchorClicked.connect(self._follow)
        self.document().documentLayout().documentSizeChanged.connect(self._take_height)
        theme.changed.connect(self._paint_anew)

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802 - Qt's name
        """Load nothing, whatever is named (S8).

        Qt opens a file itself after a None, and an image also after an image that is empty.
        """
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return QByteArray()
        nothing = QImage(1, 1, QImage.Format.Format_ARGB32)
        nothing.fill(Qt.GlobalColor.transparent)
        return nothing

    def know_citations(self, numbers: Collection[int]) -> None:
        """Learn which numbers have a source; only those become links."""
        self._known = frozenset(number for number in numbers if number > 0)

    def start(self) -> None:
        """Empty the text for a new answer."""
        self.clear()
        self._sentences, self._held, self._selected = None, "", 0
        block = QTextBlockFormat()
        block.setLineHeight(155, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        self.textCursor().setBlockFormat(block)

    def stream(self, piece: str) -> None:
        """Write the next piece; a citation that is not whole yet waits for the rest, and so do the spaces before it."""
        text = self._held + piece
        unfinished = _UNFINISHED.search(text)
        self._held = text[unfinished.start() :] if unfinished else ""
        self._write(text[: unfinished.start()] if unfinished else text)

    def finish_stream(self) -> None:
        """Write what still waited."""
        held, self._held = self._held, ""
        self._write(held)

    def show_plain(self, text: str) -> None:
        """Show a text in which only `[n]` means something."""
        self.start()
        self._write(text)

    def show_sentences(
        self, sentences: Sequence[Mapping[str, object]], layout: Sequence[Mapping[str, object]] = ()
    ) -> None:
        """Show the judged sentences: supported ones unmarked, weak ones dotted, unsupported ones underlined.

        With a layout (a list, a table, a letter) they stand where its pieces put them, else in a row.
        """
        selected = self._selected
        self.start()
        self._sentences, self._layout, self._selected = list(sentences), list(layout), selected
        for piece in self._layout:
            self._write_piece(piece, sentences)
        for index, sentence in enumerate(() if layout else sentences):
            if index:
                self._insert(" ", QTextCharFormat())
            self._write_sentence(sentence)
        self.setAccessibleDescription(describe(sentences))

    def select(self, number: int) -> None:
        """Show every `[number]` as chosen."""
        self._selected = number
        cursor = QTextCursor(self.document())
        block = self.document().begin()
        while block.isValid():
            at = block.begin()
            while not at.atEnd():
                fragment = at.fragment()
                at += 1
                if fragment.isValid() and fragment.charFormat().isAnchor():
                    cursor.setPosition(fragment.position())
                    move = QTextCursor.MoveMode.KeepAnchor
                    cursor.setPosition(fragment.position() + fragment.length(), move)
                    cursor.mergeCharFormat(self._anchor_format(_number_of_link(fragment.charFormat().anchorHref())))
            block = block.next()

    def _write(self, text: str) -> None:
        at = 0
        for match in _MARK.finditer(text):
            self._insert(text[at : match.start()].rstrip(" ") + " ", QTextCharFormat())
            self._write_citations([int(n) for n in match.group(1).split(",")], match.group(0))
            at = match.end()
        self._insert(text[at:], QTextCharFormat())

    def _write_citations(self, numbers: Sequence[int], as_written: str) -> None:
        known = [n for n in numbers if n in self._known]
        if not known:
            self._insert(as_written, QTextCharFormat())  # an invented number is shown, but leads nowhere (R18)
        for index, number in enumerate(known):
            if index:
                self._insert("\u2009", QTextCharFormat())
            self._insert(f"\u00a0{number}\u00a0", self._anchor_format(number))

    def _write_piece(self, piece: Mapping[str, object], sentences: Sequence[Mapping[str, object]]) -> None:
        """Write a piece of a layout: a sentence with its verdict, or words that claim nothing, letter by letter."""
        index = piece.get("sentence")
        if isinstance(index, int) and 0 <= index < len(sentences):
            self._write_sentence({**piece, "verdict": text_of(sentences[index], "verdict")})
        elif text := text_of(piece, "text"):
            self._insert(text, QTextCharFormat())
        else:
            self._write_sentence(piece)

    def _write_sentence(self, sentence: Mapping[str, object]) -> None:
        text = text_of(sentence, "text").strip()
        verdict = text_of(sentence, "verdict")
        cited = sentence.get("citations")
        numbers = [n for n in cited if isinstance(n, int)] if isinstance(cited, list | tuple) else []
        stop = text[-1:] if numbers and text[-1:] in ".!?" else ""
        self._insert(text[: len(text) - len(stop)], self._verdict_format(verdict))
        if verdict == "unsupported":
            self._insert("\u00a0(no source)", self._note_format())
        if numbers:
            self._insert("\u00a0", QTextCharFormat())
            self._write_citations(numbers, "")
        self._insert(stop, QTextCharFormat())

    def _insert(self, text: str, style: QTextCharFormat) -> None:
        if text:
            cursor = QTextCursor(self.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(harmless(text), style)

    def _verdict_format(self, verdict: str) -> QTextCharFormat:
        style = QTextCharFormat()
        if verdict in _EXPLAINED:
            weak = verdict == "weak"
            line = QTextCharFormat.UnderlineStyle
            style.setUnderlineStyle(line.DotLine if weak else line.SingleUnderline)
            style.setUnderlineColor(QColor(self._theme.tokens.weak if weak else self._theme.tokens.bad))
            style.setToolTip(_EXPLAINED[verdict])
        return style

    def _note_format(self) -> QTextCharFormat:
        style = QTextCharFormat()
        style.setForeground(QColor(self._theme.tokens.bad))
        style.setProperty(QTextCharFormat.Property.FontPixelSize, SMALL_PX)
        style.setToolTip(_EXPLAINED["unsupported"])
        return style

    def _anchor_format(self, number: int) -> QTextCharFormat:
        tokens = self._theme.tokens
        chosen = number == self._selected
        style = QTextCharFormat()
        style.setAnchor(True)
        style.setAnchorHref(f"{_SCHEME}:{number}")
        style.setForeground(QColor(tokens.on_accent if chosen else tokens.accent))
        style.setBackground(QColor(tokens.accent if chosen else tokens.accent_soft))
        style.setFontWeight(600)
        style.setFontUnderline(False)
        style.setProperty(QTextCharFormat.Property.FontPixelSize, SMALL_PX)
        style.setToolTip(f"Show source {number}")
        return style

    @Slot(QUrl)
    def _follow(self, link: QUrl) -> None:
        number = _number_of_link(link.toString())
        if number in self._known:
            self.cited.emit(number)

    @Slot()
    def _paint_anew(self) -> None:
        if self._sentences is not None:
            self.show_sentences(self._sentences, self._layout)
        self.select(self._selected)

    @Slot()
    def _take_height(self) -> None:
        self.setFixedHeight(max(1, round(self.document().size().height()) + 2))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Take the height of the text at the new width."""
        super().resizeEvent(event)
        self._take_height()

    def event(self, event: QEvent) -> bool:
        """Leave the wheel to the talk, which scrolls as a whole."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return False
        return super().event(event)


def describe(sentences: Sequence[Mapping[str, object]]) -> str:
    """Say in words what the marks say, for a screen reader."""
    said = [
        f"Sentence {index}: {_EXPLAINED[verdict]}"
        for index, sentence in enumerate(sentences, start=1)
        if (verdict := text_of(sentence, "verdict")) in _EXPLAINED
    ]
    return " ".join(said) or "Every sentence is carried by its sources."


def citation_numbers(passages: Sequence[Mapping[str, object]]) -> list[int]:
    """Give the numbers of passages, in their order."""
    return [number_of(passage, "number") for passage in passages]


def _number_of_link(link: str) -> int:
    scheme, _, number = link.partition(":")
    return int(number) if scheme == _SCHEME and number.isascii() and number.isdigit() and len(number) < 4 else 0

"""A printed conversation can be read back, loads nothing, and leaves the window awake."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from exported_talks import ATTACKS, attacked
from pypdfium2 import PdfImage
from PySide6.QtCore import QObject
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from studiolo.conversation_export import as_html, as_markdown, harmless
from studiolo_desktop.pdf_export import PdfExport

LIMIT_MS = 15_000


def text_of(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_a_page_is_printed_with_its_words_and_its_title(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "talk.pdf"
    owner = QObject()
    made = PdfExport(str(path), "<title>Leave</title><h1>Äpfel &lt;b&gt;</h1><p>[1] /docs/leave.pdf</p>", owner)
    with qtbot.waitSignal(made.done, timeout=LIMIT_MS) as done:
        made.start()
        assert not path.exists()
    assert done.args == [str(path)]
    text = text_of(path)
    assert "Äpfel <b>" in text
    assert "[1] /docs/leave.pdf" in text
    with pypdfium2.PdfDocument(path) as document:
        assert document.get_metadata_value("Title") == "Leave"


def test_every_page_of_a_long_conversation_is_printed(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    owner = QObject()
    made = PdfExport(str(path), "".join(f"<p>Paragraph {n}.</p>" for n in range(300)), owner)
    with qtbot.waitSignal(made.done, timeout=LIMIT_MS):
        made.start()
    text = text_of(path)
    assert all(f"Paragraph {n}." in text for n in (0, 1, 150, 298, 299))
    with pypdfium2.PdfDocument(path) as document:
        assert len(document) > 4


def test_nothing_that_a_page_names_is_loaded(qtbot: QtBot, tmp_path: Path) -> None:
    """S8: the page of the engine names nothing; should it, then in vain."""
    secret = tmp_path / "secret.css"
    secret.write_text("p { color: red } /* CANARY */")
    link = f'<link rel="stylesheet" href="{secret.as_uri()}">'
    page = f'<html><head>{link}</head><body><img src="{secret.as_uri()}"><p>Words.</p></body></html>'
    path = tmp_path / "talk.pdf"
    owner = QObject()
    made = PdfExport(str(path), page, owner)
    with qtbot.waitSignal(made.done, timeout=LIMIT_MS):
        made.start()
    assert "Words." in text_of(path)
    with pypdfium2.PdfDocument(path) as document:
        assert [o.get_px_size() for o in document[0].get_objects() if isinstance(o, PdfImage)] in ([], [(1, 1)])


@pytest.mark.parametrize("place", ["missing/talk.pdf", "."])
def test_a_file_that_cannot_be_written_is_said_with_its_path(qtbot: QtBot, tmp_path: Path, place: str) -> None:
    path = tmp_path / place
    owner = QObject()
    made = PdfExport(str(path), "<p>Words.</p>", owner)
    with qtbot.waitSignal(made.failed, timeout=LIMIT_MS) as failed:
        made.start()
    assert failed.args[0] == str(path)
    assert failed.args[1]
    assert list(tmp_path.iterdir()) == []


def marks(document: QTextDocument) -> list[str]:
    """List what is a link, a picture or an emphasis in a document."""
    found = []
    block = document.begin()
    while block.isValid():
        at = block.begin()
        while not at.atEnd():
            style = at.fragment().charFormat()
            if style.isAnchor() or style.isImageFormat() or style.fontItalic() or style.fontStrikeOut():
                found.append(at.fragment().text())
            at += 1
        block = block.next()
    return found


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_in_an_export_is_text_for_what_prints_and_for_what_reads_the_markdown_of_github(attack: str) -> None:
    """Its dialect makes links of bare addresses as well."""
    wanted = " ".join(harmless(attack).split())
    printed, read = QTextDocument(), QTextDocument()
    printed.setHtml(as_html(*attacked(attack)))
    read.setMarkdown(as_markdown(*attacked(attack)), QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    for document in (printed, read):
        assert marks(document) == []
        assert " ".join(document.toPlainText().split()).count(wanted) >= 9

"""The main job through the real window, the real engine child and the real starter models; nothing here is a fake."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pypdfium2
import pytest
from desktop_parts import button, click, words
from gguf_files import starter_gguf
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from whole_window import EXAMPLES, SOON_MS, ask, close_window, drop, indexed, open_window

from studiolo_desktop.building import Parts
from studiolo_desktop.widgets.conversation_row import RemovalStrip

pytestmark = pytest.mark.real_models


@pytest.fixture
def parts(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Parts]:
    """The program as `studiolo-desktop` builds it, shown, with its engine ready."""
    made = open_window(qapp, tmp_path, qtbot)
    yield made
    close_window(made, qtbot)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with a paged and an unpaged document."""
    folder = tmp_path / "my documents"
    folder.mkdir()
    shutil.copy(EXAMPLES / "hr" / "leave-policy-2026.pdf", folder)
    shutil.copy(EXAMPLES / "hr" / "travel-policy.md", folder)
    return folder


def test_drop_ask_click_see_the_highlight_edit_and_ask_again(parts: Parts, documents: Path, qtbot: QtBot) -> None:
    drop(parts, documents, qtbot)
    qtbot.waitUntil(lambda: indexed(parts) == 2, timeout=SOON_MS)

    turn = ask(parts, "How many days of unused leave may be carried over?", qtbot)
    assert turn.phase == "done"
    assert "ten days" in turn.answer.toPlainText()

    card = turn.cards[0]
    assert str(card.passage["path"]).endswith("leave-policy-2026.pdf")
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    source = parts.window.source
    qtbot.waitUntil(lambda: bool(source.canvas.boxes), timeout=SOON_MS)
    assert source.isVisible()
    assert (source.page, source.pages) == (card.passage["page"], 4)

    travel = documents / "travel-policy.md"
    second = ask(parts, "How much may a hotel cost a night?", qtbot)
    chosen = next(c for c in second.cards if str(c.passage["path"]).endswith("travel-policy.md"))
    QTest.mouseClick(chosen, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: source.text.marked_text() == chosen.passage["quote"], timeout=SOON_MS)

    before = travel.read_text(encoding="utf-8")
    after = before.replace("140 euros", "165 euros")
    assert after != before
    travel.write_text(after, encoding="utf-8")
    qtbot.waitUntil(lambda: chosen.passage.get("stale") is True, timeout=SOON_MS)
    third = ask(parts, "How much may a hotel cost a night?", qtbot)
    assert "165 euros" in third.answer.toPlainText()
    assert "140 euros" not in third.answer.toPlainText()


def _says(parts: Parts, message: str) -> bool:
    return message in words(parts.window.messages)


def test_a_conversation_outlives_a_restart_and_is_gone_on_with_exported_and_removed(
    parts: Parts, documents: Path, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    """R19: with the numbered sources of each answer, in each kind of export."""
    drop(parts, documents, qtbot)
    qtbot.waitUntil(lambda: indexed(parts) == 2, timeout=SOON_MS)
    first = ask(parts, "How many days of unused leave may be carried over?", qtbot)
    cited = first.cards[0].passage
    ask(parts, "By when must they be taken?", qtbot)
    rows = parts.window.library.conversations.rows
    qtbot.waitUntil(lambda: [r.title for r in rows.values()] == [first.question], timeout=SOON_MS)
    given = [turn.answer.toPlainText() for turn in parts.window.ask.turns]
    close_window(parts, qtbot)

    again = open_window(qapp, tmp_path, qtbot)
    listed = again.window.library.conversations
    qtbot.waitUntil(lambda: len(listed.rows) == 1, timeout=SOON_MS)
    (number,) = listed.rows
    QTest.mouseClick(listed.rows[number], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(again.window.ask.turns) == 2, timeout=SOON_MS)
    assert [turn.answer.toPlainText() for turn in again.window.ask.turns] == given
    ask(again, "And how much may a hotel cost a night?", qtbot)

    for form, ending in (("markdown", "md"), ("html", "html"), ("json", "json"), ("pdf", "pdf")):
        path = tmp_path / f"talk.{ending}"
        again.session.conversations.export(number, form, str(path))
        qtbot.waitUntil(partial(_says, again, f"The conversation was written to {path}."), timeout=SOON_MS)
        text = read_export(path)
        assert "leave-policy-2026.pdf" in text
        assert str(cited["sha256"])[:40] in text
        assert text.count("hotel") >= 1

    QTest.keyClick(listed.rows[number], Qt.Key.Key_Delete)
    strip = listed.findChild(RemovalStrip)
    assert isinstance(strip, RemovalStrip)
    QTest.mouseClick(strip.delete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not listed.rows, timeout=SOON_MS)
    assert again.window.ask.turns == []
    close_window(again, qtbot)
    left = b"".join(f.read_bytes() for f in (tmp_path / "home").glob("history.sqlite*"))
    assert b"unused leave" not in left


def read_export(path: Path) -> str:
    """Give the words of an exported file; what is escaped in Markdown and HTML is given plainly."""
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as document:
            return " ".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "")
    text = path.read_text(encoding="utf-8")
    return text.replace("\\", "") if path.suffix == ".md" else text


@pytest.mark.logs("the engine ended (crash")
def test_a_killed_engine_is_said_restarted_and_has_lost_nothing(parts: Parts, documents: Path, qtbot: QtBot) -> None:
    """kill -9 while it indexes, and while it answers."""
    drop(parts, documents, qtbot)
    with qtbot.waitSignal(parts.client.crashed, timeout=SOON_MS):
        os.kill(parts.client.pid(), 9)
    assert parts.window.isVisible()
    assert parts.window.messages.isVisible()
    qtbot.waitUntil(lambda: parts.client.state == "ready", timeout=SOON_MS)
    if parts.window.sheet.isVisible():  # the folder had not arrived yet: it is offered again, and not lost
        QTest.keyClick(parts.window.sheet.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: indexed(parts) == 2, timeout=SOON_MS)

    bar = parts.window.ask.bar
    QTest.keyClicks(bar.input, "How many days of unused leave may be carried over?")
    QTest.keyClick(bar.input, Qt.Key.Key_Return)
    turn = parts.window.ask.current
    assert turn is not None
    qtbot.waitUntil(lambda: turn.phase in ("reading", "streaming"), timeout=SOON_MS)
    with qtbot.waitSignal(parts.client.crashed, timeout=SOON_MS):
        os.kill(parts.client.pid(), 9)
    qtbot.waitUntil(lambda: parts.client.state == "ready", timeout=SOON_MS)
    assert turn.phase == "failed"
    again = ask(parts, "How many days of unused leave may be carried over?", qtbot)
    assert "ten days" in again.answer.toPlainText()
    assert indexed(parts) == 2


def test_the_account_of_the_files_from_a_reason_to_a_table_and_what_is_left_out(
    parts: Parts, documents: Path, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (("broken.pdf", "%PDF-1.7 no"), ("run.sh", "echo hello\n"), ("drafts/note.md", "# A draft\n")):
        (documents / name).parent.mkdir(exist_ok=True)
        (documents / name).write_text(text, encoding="utf-8")
    drop(parts, documents, qtbot)
    qtbot.waitUntil(lambda: indexed(parts) == 4, timeout=SOON_MS)
    window, ledger = parts.window, parts.window.ledger
    opened: list[str] = []
    monkeypatch.setattr(parts.session.library.opener, "open", opened.append)  # nothing is really opened

    qtbot.waitUntil(window.library.problems.isVisible, timeout=SOON_MS)
    QTest.mouseClick(window.library.problems, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ledger.model.row(0) is not None, timeout=SOON_MS)
    ledger.table.selectRow(0)
    assert ledger.details.name.text() == "broken.pdf"
    assert "save it anew" in ledger.details.advice.text()

    for wanted in ("RUN.sh", "leave"):
        ledger.open("", words=wanted)
        qtbot.waitUntil(lambda: ledger.model.rowCount() == 1 and ledger.model.row(0) is not None, timeout=SOON_MS)
        ledger.table.selectRow(0)
        QTest.mouseClick(ledger.details.open, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: bool(window.messages.reports()), timeout=SOON_MS)
    qtbot.waitUntil(lambda: opened == [str(documents / "leave-policy-2026.pdf")], timeout=SOON_MS)
    assert [error.code for error in window.messages.reports()] == ["original.no_document"]

    ledger.open("")
    ledger._export(str(tmp_path / "files.csv"))
    qtbot.waitUntil((tmp_path / "files.csv").exists, timeout=SOON_MS)
    with (tmp_path / "files.csv").open(encoding="utf-8", newline="") as stream:
        told = {Path(row["path"]).name: row["state"] for row in csv.DictReader(stream)}
    assert told == {
        "broken.pdf": "failed", "leave-policy-2026.pdf": "indexed", "note.md": "indexed", "run.sh": "indexed",
        "travel-policy.md": "indexed",
    }  # fmt: skip

    sheet = window.exclude
    window.ask_exclusion(str(documents), [])
    QTest.keyClicks(sheet.editor, "drafts/")
    qtbot.waitUntil(lambda: sheet.files.toPlainText() == "− drafts/note.md", timeout=SOON_MS)
    QTest.keyClick(sheet.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: indexed(parts) == 3, timeout=SOON_MS)


def test_a_model_file_is_dropped_checked_used_and_removed(parts: Parts, qtbot: QtBot, tmp_path: Path) -> None:
    """S2: a file that is none ends with the reason; a sound one writes the next answer."""
    models = parts.window.models
    broken, sound = tmp_path / "broken.gguf", tmp_path / "another.gguf"
    broken.write_bytes(starter_gguf().read_bytes()[:5000])
    shutil.copy(starter_gguf(), sound)
    for file in (broken, sound):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        middle, none = QPointF(300, 300), Qt.KeyboardModifier.NoModifier
        parts.window.dropEvent(QDropEvent(middle, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none))
    qtbot.waitUntil(lambda: "was not added" in models.offer.title.text(), timeout=SOON_MS)
    assert "model.damaged" in models.offer.fit.text()
    click(models.offer.cancel)
    qtbot.waitUntil(models.offer.use.isVisible, timeout=SOON_MS)
    assert "Q4_1" in models.offer.what.text()
    assert models.offer.fit.text().startswith("Fits this computer")
    click(models.offer.use)
    qtbot.waitUntil(lambda: models.card_of("another") is not None, timeout=SOON_MS)
    qtbot.waitUntil(lambda: "another" in words(parts.window.footer), timeout=SOON_MS)
    click(button(models, "Check the file of another"))
    card = models.card_of("another")
    assert card is not None
    qtbot.waitUntil(lambda: "is the same" in card.note.text(), timeout=SOON_MS)
    click(button(models, "Remove another"))
    click(card.strip.yes)
    qtbot.waitUntil(lambda: models.card_of("another") is None, timeout=SOON_MS)
    assert sound.exists()
    assert not (tmp_path / "home" / "models" / "another").exists()


def test_settings_styles_and_what_is_stored_over_the_real_engine(
    parts: Parts, documents: Path, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    drop(parts, documents, qtbot)
    qtbot.waitUntil(lambda: indexed(parts) == 2, timeout=SOON_MS)
    window = parts.window
    window.commands.run("settings")
    qtbot.waitUntil(lambda: len(window.settings.rows) == 13, timeout=SOON_MS)
    row = window.settings.rows["passages"]
    assert isinstance(row.control, QLineEdit)
    for typed in ("0", "2"):
        row.control.setText(typed)
        QTest.keyClick(row.control, Qt.Key.Key_Return)
    qtbot.waitUntil(row.reset.isVisible, timeout=SOON_MS)

    window.commands.run("styles")
    qtbot.waitUntil(lambda: "documents" in window.styles.choices, timeout=SOON_MS)
    choice = window.styles.choices["documents"]
    choice.setCurrentIndex(choice.findData("table"))
    window.show_ask()
    turn = ask(parts, "How many days of unused leave may be carried over?", qtbot)
    assert len(turn.cards) <= 2
    assert turn.phase == "done"

    window.commands.run("privacy")
    qtbot.waitUntil(lambda: "history" in window.privacy.strips, timeout=SOON_MS)
    click(window.privacy.again)
    qtbot.waitUntil(lambda: "Documents are read in a sandbox" in words(window.privacy), timeout=SOON_MS)
    window.privacy.strips["history"].ask("history", "Delete?", yes="Delete")
    click(window.privacy.strips["history"].yes)
    qtbot.waitUntil(lambda: not window.library.conversations.rows, timeout=SOON_MS)
    close_window(parts, qtbot)
    left = b"".join(f.read_bytes() for f in (tmp_path / "home").glob("history.sqlite*"))
    assert b"unused leave" not in left

    again = open_window(qapp, tmp_path, qtbot)
    again.window.commands.run("privacy")
    qtbot.waitUntil(lambda: again.window.privacy.status.text().startswith("Run "), timeout=SOON_MS)
    again.window.commands.run("settings")
    qtbot.waitUntil(
        lambda: again.window.settings.status.text().endswith("One differs from the default."), timeout=SOON_MS
    )
    close_window(again, qtbot)

"""S7 to S11: what documents, their names and a model say is shown as text, wherever it is shown; nothing is loaded or
followed.

All attacks go through one window at once, in every place where words from outside stand; and one by one through the
exports.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from exported_talks import ATTACKS, PATHS, attacked
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QTextBlock, QTextCharFormat, QTextDocument
from PySide6.QtGui import Qt as Rich
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QPlainTextEdit,
    QTextBrowser,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from scripted_window import Json, OpenScene, Scene, shown_text

from studiolo import messages
from studiolo.conversation_export import as_html
from studiolo_desktop.answer_copy import copy_answer
from studiolo_desktop.limits import Limit
from studiolo_desktop.pdf_export import PdfExport
from studiolo_desktop.turn_view import TurnView
from studiolo_desktop.widgets.evidence_card import EvidenceCard
from studiolo_desktop.words import file_name, one_line

ALL = (*ATTACKS, *PATHS)
SCHEMES = (
    "file", "http", "https", "smb", "ftp", "data", "ms-office", "ms-word", "javascript", "cite", "mailto", "qrc",
    "shell",
)  # fmt: skip
LIMIT_MS = 20_000


class Programs(QObject):
    """Stands for every program that an address could be given to."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(url.toString())


@pytest.fixture
def programs() -> Iterator[Programs]:
    """Catch every address that is opened."""
    made = Programs()
    for scheme in SCHEMES:
        QDesktopServices.setUrlHandler(scheme, made, "take")  # type: ignore[arg-type]  # what it takes is a text
    yield made
    for scheme in SCHEMES:
        QDesktopServices.unsetUrlHandler(scheme)


def passages() -> list[Json]:
    """Passages whose paths, parts, quotes and texts are attacks."""
    return [
        {"number": n, "path": f"/docs/{attack}", "collection": attack, "part": attack, "page": None, "start": 0,
         "end": len(attack), "quote": attack, "text": f"{attack} {attack}", "sha256": attack, "indexed_at": attack}
        for n, attack in enumerate(ALL, start=1)
    ]  # fmt: skip


def answer() -> Json:
    """An answer whose every word is an attack."""
    sides = [{**row, "value": row["quote"], "date": row["quote"], "date_from": "name"} for row in passages()[:12]]
    return {
        "sentences": [{"text": attack, "citations": [n], "verdict": "weak"} for n, attack in enumerate(ALL, start=1)],
        "citations": passages(), "refused": False, "composed_by": "model", "model": ALL[1], "coverage": {},
        "conflicts": [{"about": attack, "sides": sides[:2]} for attack in ALL[:3]], "searched_for": ALL[0] + "?",
        "feedback": {"rating": "down", "correction": "\n".join(ALL)}, "passages": passages(),
    }  # fmt: skip


@pytest.fixture
def scene(open_scene: OpenScene, programs: Programs) -> Scene:
    """A window over an engine that says nothing but attacks, with an answer."""
    made = open_scene(
        passages=passages(), answer=answer(), tokens=[f"{attack} [" for attack in ALL],
        conversations=[{"id": n, "title": attack, "questions": ["x"]} for n, attack in enumerate(ALL, start=1)],
        collections=[{"name": attack, "files": [1, 0, 1, 0], "path": f"/docs/{attack}"} for attack in ALL],
        file_names=list(ALL), files_total=len(ALL), view={"kind": "text", "text": "\n".join(ALL), "start": 0, "end": 9},
        outdated={f"/docs/{attack}": {"state": "gone", "now": None} for attack in ALL},
    )  # fmt: skip
    made.window.resize(1300, 900)
    return made


# ---- what is looked at -------------------------------------------------------------------------------------------


def styled(document: QTextDocument) -> Iterator[tuple[str, QTextCharFormat]]:
    """Give the pieces of a document with their formats."""
    block: QTextBlock = document.begin()
    while block.isValid():
        at = block.begin()
        while not at.atEnd():
            if at.fragment().isValid():
                yield at.fragment().text(), at.fragment().charFormat()
            at += 1
        block = block.next()


def markup_in(text: str) -> list[str]:
    """Read a text as Qt reads a label or a tool tip; gives what it would do besides showing letters."""
    if not Rich.mightBeRichText(text):
        return []
    document = QTextDocument()
    document.setHtml(text)
    odd = [piece for piece, style in styled(document) if style.isAnchor() or style.isImageFormat()]
    letters = f"<span>{html.escape(document.toPlainText())}</span>"
    return odd or ([] if squeezed(text) == squeezed(letters) else [text])


def rich_labels(window: QWidget) -> list[str]:
    """List the labels that Qt would read as markup."""
    return [
        label.text()
        for label in window.findChildren(QLabel)
        if label.textFormat() != Qt.TextFormat.PlainText and Rich.mightBeRichText(label.text())
    ]


def bad_tips(window: QWidget) -> list[str]:
    """List the tool tips that are more than letters, of widgets and of the rows of lists."""
    tips = [widget.toolTip() for widget in window.findChildren(QWidget)]
    for view in window.findChildren(QAbstractItemView):
        model = view.model()
        tips += [str(tip) for tip in cells(model, Qt.ItemDataRole.ToolTipRole) if tip] if model is not None else []
    return [tip for tip in tips if markup_in(tip)]


def cells(model: QAbstractItemModel, role: Qt.ItemDataRole) -> Iterator[object]:
    nowhere = QModelIndex()
    for row in range(min(model.rowCount(nowhere), 200)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(nowhere)):
            yield model.data(model.index(row, column, nowhere), role)


def bad_documents(window: QWidget) -> list[str]:
    """List what stands in texts and is a picture, or a link that is not ours."""
    documents = [editor.document() for editor in window.findChildren(QTextEdit)]
    documents += [editor.document() for editor in window.findChildren(QPlainTextEdit)]
    return [
        f"{piece} {style.anchorHref()}"
        for document in documents
        for piece, style in styled(document)
        if style.isImageFormat() or (style.isAnchor() and not style.anchorHref().removeprefix("cite:").isdecimal())
    ]


def assert_harmless(window: QWidget) -> None:
    QApplication.processEvents()
    assert rich_labels(window) == []
    assert bad_tips(window) == []
    assert bad_documents(window) == []


def squeezed(text: str) -> str:
    """Give a text without what a label may break or a cursor may join."""
    return "".join(c for c in text.replace("\u200b", "") if not c.isspace())


def test_the_helpers_see_markup_where_there_is_some(qtbot: QtBot) -> None:
    room = QWidget()
    qtbot.addWidget(room)
    label, browser = QLabel("<b>x</b>", room), QTextBrowser(room)
    label.setToolTip("<a href='file:///x'>x</a>")
    browser.setHtml("<a href='http://127.0.0.1'>x</a>")
    assert rich_labels(room) == ["<b>x</b>"]
    assert bad_tips(room) == ["<a href='file:///x'>x</a>"]
    assert len(bad_documents(room)) == 1


# ---- the window --------------------------------------------------------------------------------------------------


def test_there_are_many_attacks() -> None:
    assert len(set(ALL)) >= 60


def test_cards_answer_differences_and_banner_show_letters(scene: Scene, programs: Programs) -> None:
    turn = scene.answered(ALL[0])
    turn._show_all_cards()
    assert_harmless(scene.window)
    assert [card._source.text() for card in turn.cards] == [_where(attack) for attack in ALL]
    shown = squeezed(turn.answer.toPlainText())
    for attack in ALL:
        assert squeezed(one_line(attack.strip(), limit=10**6)).rstrip(".!?") in squeezed(one_line(shown, limit=10**7))
    assert "are cited here have changed or gone" not in shown_text(turn)
    scene.client.file_event.emit(
        messages.FileEvent(event="indexed", path=f"/docs/{ALL[0]}", collection="documents", time="2026")
    )
    scene.wait(turn.changed.isVisible)
    assert_harmless(scene.window)
    assert programs.opened == []


def _where(attack: str) -> str:
    part = one_line(attack, limit=60)
    return one_line(", ".join(p for p in (file_name(f"/docs/{attack}"), part) if p))


def test_words_that_stream_in_are_letters_whatever_they_say(scene: Scene) -> None:
    turn = scene.ask(ALL[0])
    scene.wait(lambda: not turn.running)
    streamed = TurnView(scene.window, scene.parts.theme, turn.wish)
    streamed.show_evidence(passages())
    for attack in ALL:
        streamed.take_token(attack + " ")
    streamed.show_stopped()
    links = [style.anchorHref() for _, style in styled(streamed.answer.document()) if style.isAnchor()]
    assert set(links) <= {f"cite:{n}" for n in range(1, len(ALL) + 1)}
    assert bad_documents(streamed) == []
    assert "<script>alert(1)</script>" in streamed.answer.toPlainText()


def test_no_link_of_an_answer_leads_out_of_it(scene: Scene, programs: Programs) -> None:
    turn = scene.answered()
    chosen: list[object] = []
    turn.source_chosen.connect(chosen.append)
    for attack in (*ALL, "cite:0", "cite:-1", "cite:1/../2", "cite://1", "CITE:1x", "cite:" + "9" * 50):
        turn.answer.anchorClicked.emit(QUrl(attack))
        assert turn.answer.source().isEmpty()
    assert programs.opened == []
    assert len(chosen) == ALL.count("cite:1")


def test_nothing_that_a_text_names_is_loaded(scene: Scene, tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("CANARY")
    scene.answered()
    kinds = [kind.value for kind in QTextDocument.ResourceType]
    for browser in scene.window.findChildren(QTextBrowser):
        for address in (secret.as_uri(), str(secret), "http://127.0.0.1:9/x", *ALL):
            for kind in kinds:
                for loaded in (
                    browser.loadResource(kind, QUrl(address)),
                    browser.document().resource(kind, QUrl(address)),
                ):
                    assert "CANARY" not in str(loaded)


def test_the_viewer_shows_the_name_the_place_and_the_text_as_letters(scene: Scene) -> None:
    turn = scene.answered()
    for card in turn.cards[:: max(1, len(turn.cards) // 12)]:
        turn.choose(card.number)
        scene.wait(scene.window.source.text.isVisible)
        assert scene.window.source.head.name.text() == file_name(str(card.passage["path"]))
        assert_harmless(scene.window.source)
    assert "<script>alert(1)</script>" in scene.window.source.text.toPlainText()


def test_the_ledger_shows_paths_and_reasons_as_letters(scene: Scene) -> None:
    scene.window.library.problems_wanted.emit()
    model = scene.window.ledger.model
    scene.wait(lambda: model.rowCount() == len(ALL) and model.row(0) is not None)
    shown = [str(cell) for cell in cells(model, Qt.ItemDataRole.DisplayRole)]
    for attack in ALL:
        assert file_name(attack) in shown
    for row in range(0, len(ALL), 6):
        scene.window.ledger.table.selectRow(row)
        assert_harmless(scene.window)


def test_conversations_collections_and_the_palette_show_titles_as_letters(scene: Scene) -> None:
    listed = scene.window.library.conversations
    scene.wait(lambda: listed.rows)
    assert_harmless(scene.window)
    scene.parts.commander.open_palette()
    finder = scene.window.finder
    scene.wait(lambda: any(entry.kind == "past" for entry in finder._entries))
    assert_harmless(scene.window)
    finder.close_palette()
    row = next(iter(listed.rows.values()))
    row.setFocus()
    scene.key(Qt.Key.Key_Delete)
    assert_harmless(scene.window)


def test_chips_limits_and_fields_show_names_as_letters(scene: Scene) -> None:
    bar = scene.window.ask.scope_bar
    scene.wait(lambda: len(bar.chips) == len(set(ALL)))
    bar.set_limits([Limit("under", attack) for attack in ALL])
    scene.window.ask.narrow()
    assert_harmless(scene.window)
    bar.choose_scope(ALL[:5])
    scene.answered()
    assert_harmless(scene.window)


def test_search_results_and_messages_show_letters(scene: Scene) -> None:
    scene.window.library.search_wanted.emit(ALL[0])
    scene.wait(lambda: len(scene.window.search.cards) == len(ALL))
    assert all(isinstance(card, EvidenceCard) for card in scene.window.search.cards)
    for attack in ALL:
        scene.window.offer_folders([f"/nowhere/{attack}"])
    assert_harmless(scene.window)


# ---- what leaves the window --------------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", ALL, ids=range(len(ALL)))
def test_a_copied_answer_is_letters_as_plain_and_as_rich_text(qtbot: QtBot, attack: str) -> None:
    source = {"number": 1, "path": attack, "quote": attack, "part": attack, "sha256": attack, "indexed_at": attack}
    copy_answer(attack, {"answer": attack, "citations": [source]})
    data = QApplication.clipboard().mimeData()
    document = QTextDocument()
    document.setHtml(data.html())
    assert [p for p, style in styled(document) if style.isAnchor() or style.isImageFormat()] == []
    assert squeezed(document.toPlainText()) == squeezed(data.text())
    assert [line[:4] for line in data.text().splitlines() if line.startswith("[1] ")].count("[1] ") >= 1


def test_a_printed_conversation_holds_no_link_and_no_picture(qtbot: QtBot, tmp_path: Path) -> None:
    talk, turns = attacked("x")
    for attack in ALL:
        turns += attacked(attack)[1]
    path = tmp_path / "talk.pdf"
    owner = QObject()
    made = PdfExport(str(path), as_html(talk, turns), owner)
    with qtbot.waitSignal(made.done, timeout=LIMIT_MS):
        made.start()
    data = path.read_bytes()
    assert b"/URI" not in data
    assert b"/JavaScript" not in data
    assert b"/Launch" not in data
    with pypdfium2.PdfDocument(path) as document:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert "<script>alert(1)</script>" in text
    assert "file:///etc/passwd" in text

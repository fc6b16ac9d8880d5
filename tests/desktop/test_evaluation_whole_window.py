"""Evaluation through the real window, the real engine child and the real starter models; nothing here is a fake."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from desktop_parts import button, click, settle, words
from evaluated import write_set
from gguf_files import small_adapter, starter_adapter
from library import LEAVE
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from studiolo.paths import AppPaths
from studiolo_desktop.building import Parts, build
from studiolo_models.registry import Registry

pytestmark = pytest.mark.real_models

SOON_MS = 60_000
ASKED = {"question": "How many days of unused leave may be carried over?", "sources": [{"path": "leave.md"}]}
UNSAID = {"question": "Who owns the parking lot?", "sources": [{"path": "parking.md"}]}


@pytest.fixture
def parts(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Parts]:
    """The program over a data folder with two adapters, shown, with one folder indexed."""
    paths = AppPaths(tmp_path / "home")
    paths.create()
    registry = Registry(folder=paths.models)
    for name, data in (("letters", starter_adapter()), ("other", small_adapter())):
        (tmp_path / f"{name}.gguf").write_bytes(data)
        registry.add_gguf(tmp_path / f"{name}.gguf", name=name)
    command = [sys.executable, "-m", "studiolo.service", "--home", str(paths.home)]
    made = build(qapp, command, paths)
    made.window.show()
    qtbot.waitUntil(lambda: made.client.state == "ready", timeout=SOON_MS)
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "leave.md").write_text(LEAVE, encoding="utf-8")
    made.session.add_folders([str(folder)], "documents")
    qtbot.waitUntil(lambda: "1 of 1 file" in made.window.ask.empty.body.text(), timeout=SOON_MS)
    yield made
    with qtbot.waitSignal(made.client.closed, timeout=SOON_MS):
        made.window.close()
    made.window.deleteLater()


def test_a_set_is_run_with_and_without_a_model_compared_and_a_failure_asked(
    parts: Parts, qtbot: QtBot, tmp_path: Path
) -> None:
    window = parts.window
    page = window.evaluation
    path = write_set(tmp_path / "set.jsonl", ASKED, UNSAID)
    page.file_given.emit(str(path))
    qtbot.waitUntil(lambda: any("2 questions" in w for w in words(page)), timeout=SOON_MS)
    click(button(page, "Run set.jsonl"))
    form = page.run_form
    form.configuration.setCurrentIndex(form.configuration.findText("Search alone, without answers: seconds"))
    form.other.setCurrentIndex(form.other.findText("Quotes alone, without a model"))
    click(button(form, "Run"))
    qtbot.waitUntil(lambda: "2 questions in both." in words(page), timeout=SOON_MS)
    qtbot.waitUntil(lambda: page.comparison.plot is not None and page.comparison.plot.is_drawn, timeout=SOON_MS)
    page.show_overview()
    qtbot.waitUntil(lambda: len(page.overview._ticks) == 2, timeout=SOON_MS)
    newest = next(b for b in page.findChildren(QPushButton) if b.text() == "Open" and b.isVisible())
    click(newest)
    qtbot.waitUntil(lambda: "1 of 2 questions right." in words(page), timeout=SOON_MS)
    settle(qtbot, page.run)
    assert "Not in the documents: 1" in words(page)
    assert any("parking.md is no file of the folders in scope" in w for w in words(page))
    click(button(page.run, "Ask: Who owns the parking lot?"))
    qtbot.waitUntil(lambda: window.ask.current is not None and not window.ask.current.running, timeout=SOON_MS)
    assert window.pages.currentWidget() is window.ask


def test_questions_are_drafted_from_the_documents_and_kept(parts: Parts, qtbot: QtBot, tmp_path: Path) -> None:
    page = parts.window.evaluation
    path = tmp_path / "drafts.jsonl"
    parts.window.commands.run("draft_questions")
    page.draft_form.draft_into(str(path))
    qtbot.waitUntil(lambda: any("to decide on" in w for w in words(page.review)), timeout=SOON_MS)
    assert page.review.passage.marked_text() in LEAVE
    page.review.question.setPlainText("How much leave may be carried over?")
    click(page.review.keep)
    qtbot.waitUntil(lambda: '"confirmed"' in path.read_text(encoding="utf-8"), timeout=SOON_MS)
    assert "How much leave may be carried over?" in path.read_text(encoding="utf-8")


def test_an_adapter_is_attached_and_the_next_answer_says_so(parts: Parts, qtbot: QtBot) -> None:
    window = parts.window
    window.commands.run("adapters")
    qtbot.waitUntil(lambda: any("rank" in w for w in words(window.adapters)), timeout=SOON_MS)
    assert any(w.startswith("It does not belong to the model in use: ") for w in words(window.adapters))
    click(button(window.adapters, "Attach letters"))
    qtbot.waitUntil(lambda: window.adapters.scale is not None, timeout=SOON_MS)
    scale = window.adapters.scale
    assert scale is not None
    scale.number.setValue(0.25)
    qtbot.waitUntil(lambda: "letters" in window.footer.model.text(), timeout=SOON_MS)
    qtbot.waitUntil(lambda: window.adapters._shown.get("scale") == 0.25, timeout=SOON_MS)
    window.show_ask()
    window.ask.ask(str(ASKED["question"]))
    qtbot.waitUntil(lambda: window.ask.turns[-1].phase in ("done", "refused"), timeout=SOON_MS)
    result = window.ask.turns[-1].result
    assert (result["adapter"], result["adapter_scale"]) == ("letters", 0.25)
    assert " × 0.25" in window.ask.turns[-1].origin.text()

"""Files and folders over an engine that follows a script: the ledger, originals, what is left out of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from scripted_window import OpenScene, Scene

from studiolo import messages
from studiolo_desktop.ledger_filters import LedgerWish

CTRL = Qt.KeyboardModifier.ControlModifier


def error(code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message, "hint": "A hint."}


class Hand:
    """Stands for the system's programs: what the window hands to them."""

    def __init__(self, scene: Scene) -> None:
        self.done: list[tuple[str, str]] = []
        opener = scene.session.library.opener
        opener.open = lambda path: self.done.append(("open", path))  # type: ignore[method-assign]  # nothing is opened
        opener.show = lambda path: self.done.append(("show", path))  # type: ignore[method-assign]  # as above


def choose(scene: Scene, text: str) -> None:
    """Choose an entry of the menu that has opened."""
    scene.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(a for a in menu.actions() if a.text() == text)
    scene.click(menu, menu.actionGeometry(action).center())


def open_ledger(scene: Scene) -> None:
    scene.click(scene.row("5 files need a look"))
    scene.wait(lambda: scene.window.ledger.model.row(0) is not None)


def test_the_ledger_asks_for_what_is_filtered_and_ordered(open_scene: OpenScene) -> None:
    scene = open_scene()
    open_ledger(scene)
    filters = scene.window.ledger.filters
    filters.words.setText("lease")
    filters.reasons.setCurrentIndex(1)
    filters.order_by("size")
    scene.wait(lambda: len(scene.requests("files")) >= 2)
    last = scene.requests("files")[-1]
    wanted = {name: last[name] for name in ("state", "collection", "words", "code", "order", "descending")}
    assert wanted == {
        "state": "failed", "collection": None, "words": "lease", "code": "file.password", "order": "size",
        "descending": True,
    }  # fmt: skip
    assert scene.window.ledger.wish == LedgerWish("failed", None, "lease", "file.password", "size", True)


def test_the_chosen_file_says_what_to_do_and_is_tried_again(open_scene: OpenScene) -> None:
    scene = open_scene()
    open_ledger(scene)
    scene.window.ledger.table.selectRow(1)
    scene.wait_for_text("Save a copy without the password", scene.window.ledger)
    scene.press("Try the chosen files again, or all that failed")
    assert scene.wait_for_requests("retry")[0]["paths"] == ["/docs/hr/<b>1.pdf"]


@pytest.mark.parametrize(("button", "how"), [("Open original", "open"), ("Show in folder", "show")])
def test_an_original_is_opened_only_after_the_engine_has_looked(open_scene: OpenScene, button: str, how: str) -> None:
    scene = open_scene()
    hand = Hand(scene)
    open_ledger(scene)
    scene.window.ledger.table.selectRow(0)
    scene.press(button)
    assert hand.done == []
    scene.wait(lambda: hand.done)
    assert hand.done == [(how, "/docs/hr/<b>0.pdf")]
    (asked,) = scene.requests("original")
    assert (asked["path"], asked["show"]) == ("/docs/hr/<b>0.pdf", how == "show")


def test_what_is_refused_is_said_and_not_opened(open_scene: OpenScene) -> None:
    refusal = error("original.is_program", "It is named like a document, and is a program: <b>a.pdf.")
    scene = open_scene(fail={"original": refusal})
    hand = Hand(scene)
    open_ledger(scene)
    scene.window.ledger.table.selectRow(0)
    scene.press("Open original")
    scene.wait_for_text("It is named like a document, and is a program: <b>a.pdf.")
    assert hand.done == []


def test_an_answer_for_another_path_opens_nothing(open_scene: OpenScene) -> None:
    scene = open_scene()
    hand = Hand(scene)
    request = messages.Original(id="o", path="/docs/a.pdf")
    for answer in ({"path": "/docs/other.exe"}, {}, {"path": 3}):
        scene.session.library._on_original(request, answer)
    assert hand.done == []


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a menu, on a screen that is none
def test_the_original_of_a_source_is_opened_from_its_card_and_from_the_viewer(open_scene: OpenScene) -> None:
    scene = open_scene()
    hand = Hand(scene)
    card = scene.answered().cards[1]
    scene.click(card)
    scene.wait(scene.window.source.canvas.isVisible)
    scene.press("What can be done with the original")
    choose(scene, "Show in folder")
    scene.wait(lambda: hand.done == [("show", "/docs/hr/handbook.docx")])


def test_a_program_that_does_not_start_is_said(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.session.library.opener.failed.emit("original.not_opened", "/docs/<b>a.pdf")
    scene.wait_for_text("No program could be started for /docs/<b>a.pdf.")


def test_a_row_is_seen_beside_the_list(open_scene: OpenScene) -> None:
    scene = open_scene()
    open_ledger(scene)
    scene.window.ledger.table.selectRow(0)
    QTest.keyClick(scene.window.ledger.table, Qt.Key.Key_Return)
    (view,) = scene.wait_for_requests("view")
    assert view["path"] == "/docs/hr/<b>0.pdf"
    scene.wait(scene.window.source.isVisible)
    assert scene.window.ledger.isVisible()


def test_a_table_of_what_is_listed_is_written_by_the_engine(open_scene: OpenScene, tmp_path: Path) -> None:
    scene = open_scene()
    open_ledger(scene)
    scene.window.ledger._export(str(tmp_path / "files.csv"))
    scene.wait_for_text("A table of 5 files was written.")
    (asked,) = scene.requests("export_files")
    assert (asked["path"], asked["state"], asked["order"]) == (str(tmp_path / "files.csv"), "failed", "name")
    assert scene.window.ledger.export.isEnabled()


def test_a_table_that_could_not_be_written_says_why(open_scene: OpenScene, tmp_path: Path) -> None:
    scene = open_scene(fail={"export_files": error("output.full", "The disk is full; nothing was written.")})
    open_ledger(scene)
    scene.window.ledger._export(str(tmp_path / "files.csv"))
    scene.wait_for_text("The disk is full; nothing was written.")
    assert scene.window.ledger.export.text() == "Export …"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_what_is_left_out_is_previewed_while_it_is_typed_and_saved_without_the_mouse(open_scene: OpenScene) -> None:
    scene = open_scene(
        collections=[{"name": "documents", "files": [3, 0, 0, 0], "path": "/docs/hr", "patterns": ["a/"]}]
    )
    folder = scene.row("hr")
    folder.setFocus()
    scene.key(Qt.Key.Key_Space)
    choose(scene, "Leave files out …")
    scene.window.activateWindow()  # a screen that is none does not give it back after a menu
    sheet = scene.window.exclude
    scene.wait(sheet.save.isEnabled)
    scene.key(Qt.Key.Key_End, CTRL)
    scene.key(Qt.Key.Key_Return)
    scene.type("*.log")
    scene.wait_for_text("2 files would be left out", sheet)
    scene.key(Qt.Key.Key_Return, CTRL)
    (saved,) = scene.wait_for_requests("exclude")
    assert (saved["path"], saved["patterns"]) == ("/docs/hr", ["a/", "*.log"])
    assert [r["patterns"] for r in scene.requests("preview_exclude")] == [["a/"], ["a/", "*.log"]]
    scene.wait(lambda: len(scene.requests("status")) > 1)


def test_a_preview_that_nobody_waits_for_is_stopped(open_scene: OpenScene) -> None:
    scene = open_scene(silent_on=["preview_exclude"])
    scene.window.ask_exclusion("/docs/hr", ["a/"])
    (first,) = scene.wait_for_requests("preview_exclude")
    scene.window.exclude.editor.setPlainText("b/")
    second = scene.wait_for_requests("preview_exclude", 2)[1]
    scene.key(Qt.Key.Key_Escape)
    assert [r["target"] for r in scene.wait_for_requests("cancel", 2)] == [first["id"], second["id"]]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_problems_of_one_folder_are_listed_from_its_row(open_scene: OpenScene) -> None:
    scene = open_scene(collections=[{"name": "documents", "files": [3, 0, 2, 0], "path": "/docs/My Papers"}])
    scene.click(scene.row("My Papers, 2 problems"))
    choose(scene, "Show 2 files that need a look")
    (asked,) = scene.wait_for_requests("files")
    assert (asked["state"], asked["words"]) == ("failed", '"/docs/My Papers"')


def test_a_file_event_renews_the_list_that_is_looked_at(open_scene: OpenScene, tmp_path: Path) -> None:
    scene = open_scene()
    open_ledger(scene)
    scene.window.ledger._renewing.setInterval(10)
    scene.session.add_folders([str(tmp_path)], "documents")  # the scripted engine says that a file was read then
    scene.wait_for_requests("files", 2)
    assert scene.window.ledger.model.rowCount() == 5

"""Every view of the window, one after the other, over scripted engines; and what stands in it and can be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evaluation_documents import ADAPTERS, COMPARISON, RECORDS, RUN, SETS
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QScrollArea,
    QTextEdit,
    QWidget,
)
from scripted_window import Json, OpenScene, Scene

from studiolo_desktop.limits import Limit
from studiolo_desktop.turn_view import TurnView
from studiolo_desktop.widgets.choice import Choice
from studiolo_desktop.widgets.overlays import CollectionSheet, ConfirmSheet

PAST = [{"id": 7, "title": "An old question about the lease?"}]
TWO = [{"name": name, "files": [1204, 3, 9, 0]} for name in ("documents", "human-resources-and-benefits")]
BUSY = {
    "phase": "index", "collection": "documents", "files_done": 640, "files_total": 1204, "seconds_left": 95.0,
    "chunks_per_second": 120.0, "current": "a.pdf",
}  # fmt: skip
SIDE: Json = {
    "number": 1, "path": "/docs/hr/leave-policy-2026.pdf", "page": 4, "start": 0, "end": 9, "value": "ten days",
    "quote": "Unused leave up to ten days may be carried over.", "date": "2026", "date_from": "name", "current": True,
}  # fmt: skip
OTHER_SIDE: Json = SIDE | {
    "number": 3, "path": "/docs/hr/leave-policy-2024.pdf", "value": "five days", "current": False, "date": "2024",
    "quote": "Unused leave up to five days may be carried over.",
}  # fmt: skip
ANSWER: Json = {
    "sentences": [
        {"text": "You can carry over up to ten days of unused leave.", "citations": [1], "support": 0.95,
         "verdict": "supported"},
        {"text": "Everybody likes it.", "citations": [], "support": 0.0, "verdict": "unsupported"},
    ],
    "refused": False, "composed_by": "model", "citations": [], "passages": [],
    "searched_for": "How many days of unused leave may be carried over?",
    "conflicts": [{"about": "unused leave carried over", "sides": [SIDE, OTHER_SIDE]}],
    "coverage": {"files_in_scope": 1204, "searched": 1195, "failed": 9, "skipped": 0, "pending": 0},
}  # fmt: skip
CONTROLS = (
    QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QProgressBar,
    QTextEdit,
)  # fmt: skip


def views(open_scene: OpenScene, folder: Path) -> Iterator[tuple[str, Scene]]:
    """Show each view, and give its name with its scene while it is shown."""
    yield from _first_run(open_scene)
    yield from _talk(open_scene)
    yield from _pages(open_scene, folder)
    yield from _troubled(open_scene)


def _first_run(open_scene: OpenScene) -> Iterator[tuple[str, Scene]]:
    scene = open_scene(collections=[])
    yield "first run", scene
    scene.window.finder.open([])
    yield "empty palette", scene
    scene.window.finder.close_palette()
    scene.window.hide()


def _talk(open_scene: OpenScene) -> Iterator[tuple[str, Scene]]:
    scene = open_scene(conversations=PAST, collections=TWO, indexing=True, progress=[BUSY], answer=ANSWER)
    scene.row("An old question")
    yield "indexing", scene
    scene.ask()
    turn = scene.answered("By when must they be taken, and what happens to the days that are left after that?")
    scene.row("How many days can I carry over?")  # it comes into the list a moment after the answer
    yield "answer with differences", scene
    window = scene.window
    window.ask.scope_bar.set_limits([Limit("type", "pdf"), Limit("under", "/docs/a rather long name of a folder")])
    window.ask.narrow()
    yield "narrow panel", scene
    window.ask.step_back()
    window.ask.edit(turn)
    turn.take_states([{**source, "state": "changed"} for source in turn.sources()], _versions(turn))
    yield "banner and edited question", scene
    window.ask.step_back()
    turn.choose(1)
    scene.wait(scene.window.source.canvas.isVisible)
    yield "source of a page", scene
    scene.window.hide()
    refused = open_scene(answer={**ANSWER, "sentences": [], "refused": True, "conflicts": []}, collections=TWO)
    refused.answered()
    yield "refusal", refused
    refused.window.hide()
    text = open_scene(view={"kind": "text", "text": "Some words of the source.\n" * 99, "start": 5, "end": 10})
    text.answered().choose(2)
    text.wait(text.window.source.text.isVisible)
    yield "source of a text", text
    text.window.hide()


def _versions(turn: TurnView) -> set[tuple[object, object]]:
    return {(source["path"], source["sha256"]) for source in turn.sources()}


def _pages(open_scene: OpenScene, folder: Path) -> Iterator[tuple[str, Scene]]:
    scene = open_scene(conversations=PAST, collections=TWO)
    window = scene.window
    window.library.problems_wanted.emit()
    scene.wait(lambda: window.ledger.model.rowCount() > 0)
    window.ledger.table.selectRow(1)
    yield "ledger", scene
    window.library.search_wanted.emit("leave")
    scene.wait(lambda: len(window.search.cards) == 3)
    yield "search", scene
    yield from _measured(open_scene)
    window.activateWindow()
    window.library.page_wanted.emit("models")
    scene.wait_for_text("licence: MIT")
    yield "models", scene
    window.models.offer_files([str(folder / "tiny.gguf")])
    scene.wait_for_text("Tiny Test")
    window.models.cards[1].strip.ask("remove", "Remove other?", yes="Remove")
    yield "models, with a file to be added", scene
    window.models.offer.close_offer()
    window.library.page_wanted.emit("styles")
    scene.wait_for_text("Decision, Deadline")
    yield "styles", scene
    window.styles.new_style()
    yield "style being made", scene
    window.library.page_wanted.emit("settings")
    scene.wait(lambda: window.settings.rows)
    yield "settings", scene
    window.settings.change_wanted.emit("passages", 99)
    window.settings.change_wanted.emit("ocr", False)
    scene.wait_for_text("This cannot be set")
    scene.wait_for_text("It counts when Studiolo is started again.")
    yield "settings that were changed and refused", scene
    window.library.page_wanted.emit("privacy")
    scene.wait_for_text("Conversations", window.privacy)
    window.privacy.again.click()
    scene.wait_for_text("The volume is not encrypted.")
    yield "privacy", scene
    window.show_shortcuts()
    yield "shortcuts", scene
    window.offer_folders([str(folder), str(folder / "gone")])
    scene.wait_for_text("1,204 files")
    yield "sheet for a folder", scene
    window.sheet.reject()
    window.library.remove_wanted.emit("/docs/hr")
    yield "sheet to confirm", scene
    window.confirm.reject()
    window.show_ask()
    scene.parts.commander.open_palette()
    scene.wait(lambda: any(row.kind == "past" for row in window.finder.model.rows))
    yield "palette", scene
    window.hide()


def _measured(open_scene: OpenScene) -> Iterator[tuple[str, Scene]]:
    documents: Json = {"question_sets": SETS, "evaluations": RECORDS, "evaluation": RUN, "comparison": COMPARISON}
    scene = open_scene(collections=TWO, adapters={**ADAPTERS, "attached": "letters"}, **documents)
    page = scene.window.evaluation
    scene.window.library.page_wanted.emit("evaluation")
    scene.wait_for_text("24 of 30 questions right")
    page.begin_work("Running leave questions.jsonl")
    yield "evaluation", scene
    page.end_work()
    page.show_run(RUN)
    scene.wait(lambda: not page.run.is_filling)
    yield "a run", scene
    page.show_comparison(COMPARISON)
    scene.wait(lambda: page.comparison.plot is not None and page.comparison.plot.is_drawn)
    scene.wait(lambda: not page.comparison.is_filling)
    yield "two runs compared", scene
    page.show_review(SETS[0])
    yield "drafts to decide on", scene
    page.show_run_form(SETS[0], collections=["documents", "hr"], scope=["documents"], models=[], runs=RECORDS)
    yield "before a run", scene
    page.show_draft_form(collections=["documents", "hr"], scope=["documents"])
    yield "before a drafting", scene
    scene.window.library.page_wanted.emit("adapters")
    scene.wait_for_text("made for SmolLM2")
    yield "adapters", scene
    scene.window.hide()
    empty = open_scene(collections=TWO)
    empty.window.library.page_wanted.emit("evaluation")
    empty.wait_for_text("No run yet.")
    yield "no evaluation yet", empty
    empty.window.hide()


def _troubled(open_scene: OpenScene) -> Iterator[tuple[str, Scene]]:
    gone = [{"name": "archive", "files": [0, 0, 0, 0], "offline_since": "2026-01-02T03:04:05+00:00"}]
    scene = open_scene(collections=gone, files_total=0, passages=[])
    yield "offline drive", scene
    scene.window.library.problems_wanted.emit()
    scene.wait_for_text("Every file could be read.")
    yield "empty ledger", scene
    scene.window.library.search_wanted.emit("leave")
    scene.wait_for_text("Nothing was found.")
    yield "search without a result", scene
    scene.window.hide()
    failed = open_scene(settle=False, exit_code=3)
    failed.wait(lambda: failed.client.state == "failed")
    yield "engine failed", failed
    failed.window.hide()


def controls(window: QWidget) -> list[QWidget]:
    """Give every control and label that can be seen; parts that Qt makes inside of others are left out."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and isinstance(widget, CONTROLS)
        and not isinstance(widget, QHeaderView)
        and not isinstance(widget.parentWidget(), QLineEdit | QAbstractItemView | QAbstractSpinBox | QComboBox)
        and not widget.objectName().startswith("qt_")
        and not (isinstance(widget, QLabel) and not widget.text())
    ]


def where(widget: QWidget, window: QWidget) -> QRect:
    """Give the place of a widget in its window."""
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def viewport_of(widget: QWidget) -> QWidget | None:
    """Give the part of a scroll area that a widget lies in, if any."""
    around = widget.parentWidget()
    while around is not None:
        area = around.parentWidget()
        if isinstance(area, QScrollArea) and area.viewport() is around:
            return around
        around = area
    return None


def room_of(widget: QWidget, window: QWidget) -> QWidget:
    """Give the part of the window (a direct child of it) that a widget lies in."""
    room = widget
    while (around := room.parentWidget()) is not None and around is not window:
        room = around
    return room


def name_of(widget: QWidget) -> str:
    """Say which widget this is."""
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{type(widget).__name__} “{(text or widget.accessibleName())[:40]}”"


def cut(window: QWidget) -> list[str]:
    """List what has less room than it needs, or stands outside of what can be seen."""
    for _ in range(3):  # what came in the first round is laid out in the next
        QApplication.processEvents()
    found = []
    for widget in controls(window):
        room = room_of(widget, window)
        needed = widget.minimumSizeHint()
        # These end with an ellipsis, and say all of it in their tool tip.
        elided = isinstance(widget, Choice) or (isinstance(widget, QLabel) and needed.width() == 20)
        height = needed.height()
        if isinstance(widget, QLabel) and widget.wordWrap():
            height = widget.heightForWidth(widget.width())
        if isinstance(widget, QAbstractScrollArea | QProgressBar):
            height = 0  # it scrolls, or is a line
        narrow = not elided and not isinstance(widget, QAbstractScrollArea) and widget.width() < needed.width()
        if (narrow and not _is_row(widget)) or widget.height() < height:
            found.append(f"{name_of(widget)} has {widget.width()}x{widget.height()} of {needed.width()}x{height}")
        there, view = where(widget, window), viewport_of(widget)
        seen = where(view, window) if view is not None else where(room, window)
        outside = there.left() < seen.left() or there.right() > seen.right()
        if view is None:
            outside = outside or there.top() < seen.top() or there.bottom() > seen.bottom()
        if outside or not window.rect().contains(where(room, window)):
            found.append(f"{name_of(widget)} stands outside: {there} of {seen}")
    return found


def _is_row(widget: QWidget) -> bool:
    return widget.property("kind") in ("row", "card")  # they have labels of their own, which are looked at


def overlapping(window: QWidget) -> list[str]:
    """List the controls of one room that lie over each other."""
    placed = []
    for widget in controls(window):
        view = viewport_of(widget)
        there = where(widget, window)
        there = there.intersected(where(view, window)) if view is not None else there
        if not there.isEmpty():
            placed.append((widget, room_of(widget, window), there))
    return [
        f"{name_of(one)} {first} and {name_of(other)} {second}"
        for at, (one, room, first) in enumerate(placed)
        for other, other_room, second in placed[at + 1 :]
        if room is other_room and first.intersects(second)
        if not one.isAncestorOf(other) and not other.isAncestorOf(one)
    ]


def stops(window: QWidget) -> list[QWidget]:
    """Give what must be reached with Tab: it can be seen, is switched on, and takes the keyboard."""
    finder = window.findChild(QWidget, "paletteField")
    if finder is not None and finder.isVisible():
        return [finder]  # nothing behind an open palette
    sheets = [s for kind in (CollectionSheet, ConfirmSheet) for s in window.findChildren(kind) if s.isVisible()]
    return [
        widget
        for widget in (sheets[-1] if sheets else window).findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
    ]

"""What is photographed: each scene brings the real window into a state and takes its picture.

A scene is a function of a `Stage`; `SCENES` gives their order, since later ones use what earlier ones
have indexed and asked.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QPushButton, QWidget

from studiolo import messages
from studiolo_desktop.building import Parts
from studiolo_desktop.turn_view import TurnView
from studiolo_desktop.words import document_of, number_of, rows_of, text_of

ROOT = Path(__file__).resolve().parent.parent
SIZE = (1360, 860)
SMALL = (900, 600)
WAIT_S = 240.0
TURN_MS = 10
REST_MS = 400
"""What Qt fades in and out takes less."""
PLACE = Path(tempfile.gettempdir()) / "studiolo-pictures"
"""The same at each run, so that a picture changes only with the program; names nothing of this computer."""
_STEADY: dict[str, object] = {
    "available_bytes": 9_800_000_000,
    "total_bytes": 16_000_000_000,
    "free_bytes": 210_000_000_000,
    "checked_at": "2026-11-27T10:30:00+00:00",
}
FIRST = "How many days of unused leave may be carried over?"
THEN = "By when must they be taken?"
SCANNED = "What does a lunch in the canteen cost?"
REFUSED = "What is the boiling point of mercury?"
IN_TEXT = "How much may a hotel cost a night?"
_QUOTES = "Quotes alone, without a model"
_SEARCH = "Search alone, without answers: seconds"
SEARCHED = "notice period"
FOUND_NOWHERE = "notice period name:no-such-file"
NAMES = (
    "first-run", "sheet-collection", "indexing", "scan", "answer", "differences", "follow-up", "source-text", "refusal",
    "source-found", "narrow", "search", "search-none", "ledger", "ledger-empty", "evaluation", "evaluation-run",
    "evaluation-compared", "adapters", "models", "styles", "settings", "privacy", "sheet-confirm", "palette",
    "palette-found", "shortcuts", "small", "small-source", "offline-drive", "engine-failed",
)  # fmt: skip
"""Every picture; each is taken in light, in dark and at twice the scale."""


def rest(time_ms: int) -> None:
    """Let the program run for a while, without taking the processor from the engine."""
    loop = QEventLoop()
    QTimer.singleShot(time_ms, loop.quit)
    loop.exec()


@dataclass(slots=True)
class Stage:
    """The running program, a hand that waits and a camera."""

    parts: Parts
    folder: Path
    save: Callable[[QPixmap, str], None]

    @property
    def documents(self) -> Path:
        """The folder of the example collections, a copy."""
        return self.folder / "documents"

    def wait(self, holds: Callable[[], object]) -> None:
        """Let the program run until something is so.

        Raises:
            SystemExit: If it does not come to that.
        """
        until = time.monotonic() + WAIT_S
        while not holds():
            rest(TURN_MS)
            if time.monotonic() > until:
                raise SystemExit(f"not reached: {holds}")

    def grab(self, name: str) -> None:
        """Take a picture of the whole window, once it has come to rest."""
        rest(REST_MS)
        self.save(self.parts.window.grab(), name)

    def ask(self, question: str) -> TurnView:
        """Ask, wait for the end of the answer, and give its turn.

        Raises:
            SystemExit: If nothing was asked.
        """
        ask = self.parts.window.ask
        ask.ask(question)
        turn = ask.current
        if turn is None:
            raise SystemExit(f"not asked: {question}")
        self.wait(lambda: not turn.running)
        return turn

    def open_source(self, turn: TurnView, wanted: Callable[[Mapping[str, object]], bool]) -> None:
        """Choose the first source of an answer that is wanted, and wait until it is shown."""
        source = self.parts.window.source
        card = next((c for c in turn.cards if wanted(c.passage)), turn.cards[0])
        turn.choose(card.number)
        self.wait(
            lambda: (
                (source.canvas.isVisible() and bool(source.canvas.boxes))
                or (source.text.isVisible() and bool(source.text.marked_text()))
            )
        )

    def fetch(self, request: messages.Request) -> dict[str, object]:
        """Ask the engine for something, and give its answer without what is this computer's alone."""
        answers: list[object] = []
        exchange = self.parts.client.send(replace(request, id=self.parts.client.new_id()))
        exchange.done.connect(lambda _, value: answers.append(_nameless(value)))
        self.wait(lambda: answers)
        return document_of({"answer": answers[0]}, "answer")

    def status(self) -> Mapping[str, object]:
        """Give what the engine last said of the collections."""
        return self.parts.session.status or {}

    def files(self, state: str) -> int:
        """Count the files in a state."""
        return sum(number_of(document_of(c, "files"), state) for c in rows_of(self.status(), "collections"))


def first_run(stage: Stage) -> None:
    """The first start, and the sheet for a first folder."""
    window = stage.parts.window
    window.resize(*SIZE)
    window.show()
    stage.wait(lambda: stage.parts.client.state == "ready" and stage.parts.session.status is not None)
    stage.grab("first-run")
    window.offer_folders([str(stage.documents / "hr")])
    stage.wait(lambda: "file" in window.sheet.estimate.text())
    stage.grab("sheet-collection")
    window.sheet.reject()


def indexing(stage: Stage) -> None:
    """The examples while they are read, and until they are."""
    window = stage.parts.window
    folders = sorted(stage.documents.iterdir())
    for folder in folders:
        stage.parts.session.add_folders([str(folder)], folder.name)
    stage.wait(lambda: window.footer.bar.isVisible() and window.footer.bar.value() > 0)
    stage.grab("indexing")
    there = sum(1 for folder in folders for _ in folder.iterdir())
    stage.wait(lambda: stage.files("indexed") == there and stage.status().get("indexing") is not True)
    window.ask.choose_scope(["hr"])


def answers(stage: Stage) -> None:
    """Answers: from a scan, from a page, where documents differ, in a conversation, from a text, and none."""
    window = stage.parts.window
    stage.open_source(stage.ask(SCANNED), lambda p: "scan" in str(p["path"]))
    stage.grab("scan")
    window.ask.begin_anew()
    window.close_source()
    turn = stage.ask(FIRST)
    stage.grab("differences")
    stage.open_source(turn, lambda p: str(p["path"]).endswith(".pdf"))
    stage.grab("answer")
    window.commands.run("find_in_source")
    window.source.find_bar.begin("leave")
    stage.wait(lambda: " of " in window.source.find_bar.count.text())
    window.commands.run("source_pages")
    stage.grab("source-found")
    window.commands.run("source_pages")
    window.close_source()
    window.commands.run("narrow")
    stage.grab("narrow")
    window.commands.run("escape")
    stage.ask(THEN)
    stage.grab("follow-up")
    window.ask.begin_anew()
    stage.open_source(stage.ask(IN_TEXT), lambda p: not str(p["path"]).endswith(".pdf"))
    stage.grab("source-text")
    window.close_source()
    window.ask.begin_anew()
    stage.ask(REFUSED)
    stage.grab("refusal")


def pages(stage: Stage) -> None:
    """Search, models, styles, settings, privacy, shortcuts."""
    window = stage.parts.window
    for words, name in ((SEARCHED, "search"), (FOUND_NOWHERE, "search-none")):
        window.library.search.setText(words)
        window.library.search_wanted.emit(words)
        stage.wait(lambda: "Searching" not in window.search.status.text())
        stage.grab(name)
    window.library.search.clear()
    window.library.page_wanted.emit("models")
    stage.wait(lambda: window.models.cards)
    window.models.show_models(stage.fetch(messages.Models(id="models")))
    stage.grab("models")
    window.library.page_wanted.emit("styles")
    stage.wait(lambda: window.styles.cards)
    stage.grab("styles")
    window.library.page_wanted.emit("settings")
    stage.wait(lambda: window.settings.rows)
    stage.grab("settings")
    window.library.page_wanted.emit("privacy")
    stage.wait(lambda: window.privacy.strips)
    window.privacy.show_checks(stage.fetch(messages.Doctor(id="doctor")))
    window.privacy.show_storage(stage.fetch(messages.Storage(id="storage")))
    stage.grab("privacy")
    window.show_shortcuts()
    stage.grab("shortcuts")


def measured(stage: Stage) -> None:
    """A question set, a run of it, two runs compared, and adapters."""
    window = stage.parts.window
    page = window.evaluation
    window.ask.choose_scope([folder.name for folder in sorted(stage.documents.iterdir())])
    window.library.page_wanted.emit("evaluation")
    questions = stage.folder / "examples.jsonl"
    shutil.copy(ROOT / "examples" / "questions.jsonl", questions)
    page.file_given.emit(str(questions))
    stage.wait(lambda: _button(page, "Run examples.jsonl"))
    _button(page, "Run examples.jsonl")[0].click()
    stage.wait(page.run_form.isVisible)
    form = page.run_form
    form.configuration.setCurrentIndex(form.configuration.findText(_QUOTES))
    form.other.setCurrentIndex(form.other.findText(_SEARCH))
    _button(form, "Run")[0].click()
    stage.wait(lambda: page.comparison.plot is not None and page.comparison.plot.is_drawn)
    stage.wait(lambda: not page.comparison.is_filling)
    stage.grab("evaluation-compared")
    page.show_overview()
    stage.wait(lambda: len(_button(page, "Open")) >= 2)
    stage.grab("evaluation")
    _button(page, "Open")[-1].click()
    stage.wait(lambda: page.run.isVisible() and not page.run.is_filling)
    stage.grab("evaluation-run")
    window.library.page_wanted.emit("adapters")
    stage.grab("adapters")
    window.show_ask()


def _button(room: QWidget, name: str) -> list[QPushButton]:
    """Give the buttons in sight whose words or name are these."""
    buttons = room.findChildren(QPushButton)
    return [b for b in buttons if b.isVisible() and name in (b.text(), b.accessibleName())]


def _nameless(value: object, name: str = "") -> object:
    """Leave out of an answer what is this computer's alone: its system's build, its places, its memory, the time."""
    if isinstance(value, dict):
        return {key: _nameless(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_nameless(inner) for inner in value]
    if isinstance(value, str) and name not in _STEADY:
        return re.sub(r"\b(Linux|Windows|macOS)-\S+", r"\1", value.replace(sys.prefix, "/opt/studiolo"))
    return _STEADY.get(name, value)


def overlays(stage: Stage) -> None:
    """What lies over the window for a moment."""
    window = stage.parts.window
    window.show_ask()
    window.library.remove_wanted.emit(str(stage.documents / "hr"))
    stage.grab("sheet-confirm")
    window.confirm.reject()
    stage.parts.commander.open_palette()
    stage.wait(lambda: any(row.kind == "past" for row in window.finder.model.rows))
    stage.grab("palette")
    window.finder.field.setText("leave days")
    stage.grab("palette-found")
    window.finder.close_palette()


def small(stage: Stage) -> None:
    """The smallest window that every page is made for, without and with the source over the middle."""
    window = stage.parts.window
    window.ask.begin_anew()
    turn = stage.ask(FIRST)
    window.resize(*SMALL)
    stage.grab("small")
    stage.open_source(turn, lambda p: str(p["path"]).endswith(".pdf"))
    stage.grab("small-source")
    window.close_source()
    window.resize(*SIZE)


def troubles(stage: Stage) -> None:
    """Files that cannot be read, and a drive that has gone."""
    window = stage.parts.window
    drive = stage.folder / "usb-drive"
    drive.mkdir()
    (drive / "minutes.txt").write_text("The board met on 3 March and approved the budget of 120,000 euros.\n")
    (drive / "contract.pdf").write_bytes(b"%PDF-1.7\nthis was cut off while it was copied")
    (drive / "plan.docx").write_bytes(b"PK\x03\x04 no archive any more")
    (drive / "backup.bin").write_bytes(bytes(range(256)) * 8)
    stage.parts.session.add_folders([str(drive)], "archive")
    stage.wait(lambda: stage.files("failed") >= 2 and stage.files("pending") == 0)
    window.library.problems_wanted.emit()
    stage.wait(lambda: window.ledger.model.rowCount() >= 2)
    window.ledger.table.selectRow(0)
    stage.grab("ledger")
    window.ledger.open("pending")
    stage.wait(window.ledger.none.isVisible)
    stage.grab("ledger-empty")
    window.show_ask()
    window.ask.begin_anew()
    drive.rename(stage.folder / "unplugged")
    exchange = stage.parts.client.send(messages.Sync(id=stage.parts.client.new_id()))
    exchange.done.connect(lambda *_: stage.parts.session.refresh_status())
    window.library.collection_chosen.emit("archive")
    stage.wait(lambda: _has_gone(stage))
    stage.grab("offline-drive")


def _has_gone(stage: Stage) -> bool:
    folders = [f for c in rows_of(stage.status(), "collections") for f in rows_of(c, "folders")]
    return any(text_of(folder, "offline_since") for folder in folders)


SCENES = (first_run, indexing, answers, pages, measured, overlays, small, troubles)


def engine_failed(stage: Stage) -> None:
    """An engine that cannot start."""
    window = stage.parts.window
    window.resize(*SIZE)
    window.show()
    stage.wait(lambda: stage.parts.client.state == "failed")
    stage.grab("engine-failed")


def play(
    build: Callable[[list[str], Path], Parts],
    command: Callable[[Path], list[str]],
    save: Callable[[QPixmap, str], None],
) -> None:
    """Play all scenes: with the real engine on a new data folder, and with one that cannot start.

    Args:
        build: Makes its parts for an engine's command and a data folder.
        command: Gives the real engine's command for a data folder.
        save: Takes a picture and its name.
    """
    folder = PLACE
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        for collection in (f for f in (ROOT / "examples").iterdir() if f.is_dir() and not f.name.startswith("_")):
            shutil.copytree(collection, folder / "documents" / collection.name)
        home = folder / "home"
        stage = Stage(build(command(home), home), folder, save)
        for scene in SCENES:
            scene(stage)
        _close(stage)
        broken = folder / "broken"
        stage = Stage(build([sys.executable, "-c", "raise SystemExit(3)"], broken), folder, save)
        engine_failed(stage)
        _close(stage)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _close(stage: Stage) -> None:
    stage.parts.window.close()
    stage.wait(lambda: stage.parts.client.pid() == 0)

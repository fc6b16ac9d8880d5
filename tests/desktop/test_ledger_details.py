"""What is known of one file of the ledger."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, click, cut_labels, unnamed, words
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from studiolo_desktop.ledger_details import LedgerDetails, facts

FAILED: dict[str, object] = {
    "path": "/docs/hr/lease\udcff.pdf",
    "state": "failed",
    "code": "file.password",
    "reason": "It is locked with a password.",
    "size_bytes": 1_200_000,
    "collection": "hr",
}
READ: dict[str, object] = {
    "path": "/docs/minutes.pdf",
    "state": "indexed",
    "size_bytes": 18_000_000,
    "pages": 42,
    "ocr_pages": 3,
    "chunks": 130,
    "parser": "pdfium",
    "seconds": 4.21,
    "media_type": "application/pdf",
    "indexed_at": "2026-11-27T12:00:00.000+00:00",
    "warnings": ["Two fonts have no map to letters.", "Invisible text was left out."],
}


class Pane:
    """The pane, and what it wants."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=560, height=200)
        self.view = self.room.hold(LedgerDetails(self.room))
        self.wanted: list[tuple[str, object]] = []
        self.view.open_wanted.connect(lambda path: self.wanted.append(("open", path)))
        self.view.show_wanted.connect(lambda path: self.wanted.append(("show", path)))


@pytest.fixture
def pane(qtbot: QtBot) -> Pane:
    return Pane(qtbot)


def test_a_file_that_could_not_be_read_says_why_and_what_to_do(pane: Pane) -> None:
    pane.view.show_row(FAILED)
    told = words(pane.room)
    assert "It is locked with a password. (file.password)" in told
    assert "Save a copy without the password into the folder, or leave the file out." in told
    assert "Not readable  ·  1 MB  ·  collection hr" in told
    assert cut_labels(pane.room) == []


def test_a_file_that_was_read_says_what_is_in_it_how_it_was_read_and_what_was_lost(pane: Pane) -> None:
    pane.view.show_row(READ)
    told = facts(READ)
    for word in ("18 MB", "application/pdf", "42 pages", "3 recognised", "130 passages", "read by pdfium in 4.2 s"):
        assert word in told
    assert "indexed 2026-11-2" in told
    assert "Two fonts have no map to letters.\nInvisible text was left out." in words(pane.room)


def test_its_original_is_wanted_by_its_exact_path(pane: Pane) -> None:
    pane.view.show_row(FAILED)
    for button in (pane.view.open, pane.view.show_folder, pane.view.copy):
        click(button)
    assert pane.wanted == [("open", FAILED["path"]), ("show", FAILED["path"])]
    assert QGuiApplication.clipboard().text() == "/docs/hr/lease\\udcff.pdf"


def test_without_a_row_it_is_not_there(pane: Pane) -> None:
    pane.view.show_row(READ)
    pane.view.show_row(None)
    assert not pane.view.isVisible()


def test_nothing_of_the_file_before_is_left(pane: Pane) -> None:
    pane.view.show_row(FAILED)
    pane.view.show_row(READ)
    assert not [w for w in words(pane.room) if "password" in w]


def test_many_notes_are_counted(pane: Pane) -> None:
    pane.view.show_row({**READ, "warnings": [f"Note {n}" for n in range(1, 14)]})
    assert pane.view.warnings.text().splitlines()[-2:] == ["Note 10", "3 more notes"]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"path": 3, "warnings": "no list", "seconds": True, "pages": "x", "indexed_at": "no time"},
        {"path": MARKUP, "reason": f"{MARKUP}\u202e", "warnings": [MARKUP, 3], "parser": MARKUP, "code": "new.code"},
    ],
)
def test_a_row_of_another_shape_and_hostile_words_are_text(pane: Pane, row: dict[str, object]) -> None:
    pane.view.show_row(row)
    assert not [w for w in words(pane.room) if "\u202e" in w]
    assert unnamed(pane.room) == []

"""The left room: what there is, and what needs a look."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, click, unnamed, words
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo_desktop.library_view import LibraryView, files_in_words
from studiolo_desktop.widgets.row_button import RowButton


def collection(name: str, *folders: object, **files: int) -> dict[str, object]:
    counts = {"on_disk": 5, "indexed": 5, "failed": 0, "pending": 0, **files}
    return {"name": name, "files": counts, "folders": list(folders)}


def folder(path: str, since: str | None = None) -> dict[str, object]:
    return {"path": path, "offline_since": since}


class Library:
    """The left room of a window, and what it wants."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=252, height=700)
        self.view = self.room.hold(LibraryView(self.room, self.room.theme))
        self.wanted: list[object] = []
        for signal in (
            self.view.collection_chosen, self.view.search_wanted, self.view.page_wanted,
            self.view.remove_wanted,
        ):  # fmt: skip
            signal.connect(self.wanted.append)

    def show(self, *collections: dict[str, object]) -> None:
        self.view.show_status({"collections": list(collections)})
        QApplication.processEvents()

    def row(self, said: str) -> RowButton:
        rows = [r for r in self.room.findChildren(RowButton) if r.isVisible() and r.accessibleName().startswith(said)]
        assert len(rows) == 1, [r.accessibleName() for r in self.room.findChildren(RowButton)]
        return rows[0]

    def said(self) -> list[str]:
        return [r.accessibleName() for r in self.room.findChildren(RowButton) if r.isVisible()]


@pytest.fixture
def library(qtbot: QtBot) -> Library:
    return Library(qtbot)


def test_each_collection_says_how_much_of_it_can_be_searched(library: Library) -> None:
    library.show(collection("hr", indexed=1204), collection("docs", indexed=3, on_disk=9, pending=6))
    assert library.row("hr").accessibleName() == "hr, 1,204, up to date"
    assert library.row("docs").accessibleName() == "docs, 3 of 9, being indexed"


def test_an_empty_library_says_so(library: Library) -> None:
    library.show()
    assert "None yet" in words(library.room)
    library.show(collection("hr"))
    assert "None yet" not in words(library.room)


def test_files_that_need_a_look_are_one_click_away(library: Library, qtbot: QtBot) -> None:
    library.show(collection("hr", failed=4), collection("law", failed=5))
    with qtbot.waitSignal(library.view.problems_wanted, timeout=1000):
        click(library.row("9 files need a look"))
    library.show(collection("hr", failed=1))
    assert "1 file needs a look" in library.said()
    library.show(collection("hr"))
    assert not [said for said in library.said() if "look" in said]


def test_the_reasons_stay_one_click_away_below_the_longest_list(library: Library) -> None:
    library.show(*(collection(f"c{n}", folder(f"/docs/{n}"), failed=1) for n in range(40)))
    row = library.row("40 files need a look")
    assert library.room.rect().contains(row.rect().translated(row.mapTo(library.room, QPoint(0, 0))))
    assert row.visibleRegion().boundingRect() == row.rect()


def test_a_new_status_leaves_the_keyboard_where_it_is(library: Library) -> None:
    library.show(collection("hr"), collection("law"))
    library.row("law").setFocus()
    library.show(collection("hr"), collection("law", indexed=6))
    assert library.row("law").hasFocus()


def test_a_collection_is_chosen_with_the_space_bar(library: Library) -> None:
    library.show(collection("hr"))
    QTest.keyClick(library.row("hr"), Qt.Key.Key_Space)
    assert library.wanted == ["hr"]


def test_names_and_questions_with_markup_are_text(library: Library) -> None:
    library.show(collection(MARKUP, folder(f"/docs/{MARKUP}\u202e")))
    library.view.conversations.show_listed({"rows": [{"id": 1, "title": MARKUP + "\n\u202e"}]})
    QApplication.processEvents()
    assert MARKUP in words(library.room)
    assert MARKUP + " \ufffd" in words(library.room)
    assert all("<img" not in row.toolTip() for row in library.room.findChildren(RowButton))


def test_long_names_do_not_push_anything_out_of_the_room(library: Library) -> None:
    name = "a_very_long_name_" * 8
    library.show(collection(name, folder(f"/docs/{name}", "2026-01-02"), folder("/x")))
    QApplication.processEvents()
    rights = [r.mapTo(library.room, r.rect().topRight()).x() for r in library.room.findChildren(RowButton)]
    assert max(rights) < 252


def test_enter_searches_and_an_empty_field_does_not(library: Library) -> None:
    library.view.focus_search()
    QTest.keyClick(library.view.search, Qt.Key.Key_Return)
    QTest.keyClicks(library.view.search, "  leave & <b> ")
    QTest.keyClick(library.view.search, Qt.Key.Key_Return)
    assert library.wanted == ["leave & <b>"]


def test_the_search_field_is_ready_to_be_written_over(library: Library) -> None:
    library.view.search.setText("old words")
    library.view.focus_search()
    assert library.view.search.hasFocus()
    assert library.view.search.selectedText() == "old words"


@pytest.mark.parametrize(
    ("said", "page"), [("Models", "models"), ("Styles", "styles"), ("Settings", "settings"), ("Privacy", "privacy")]
)
def test_the_other_rooms_are_opened_from_here(library: Library, said: str, page: str) -> None:
    click(library.row(said))
    assert library.wanted == [page]


def test_a_new_question_and_a_folder_are_wanted_by_their_buttons(library: Library, qtbot: QtBot) -> None:
    with qtbot.waitSignal(library.view.folder_wanted, timeout=1000):
        click(library.row("Add folder …"))


@pytest.mark.parametrize("status", [{}, {"collections": None}, {"collections": [{}, 3, {"name": 4, "files": []}]}])
def test_a_status_of_another_shape_is_borne(library: Library, status: dict[str, object]) -> None:
    library.view.show_status(status)
    assert not library.view.problems.isVisible()


def test_everything_has_a_name_for_a_screen_reader(library: Library) -> None:
    library.show(collection("hr", folder("/docs/a"), failed=1))
    assert unnamed(library.room) == []


def test_files_are_counted_over_all_collections() -> None:
    status = {"collections": [collection("a", on_disk=1000, indexed=204), collection("b", on_disk=880, indexed=0)]}
    assert files_in_words(status) == "204 of 1,880 files can be searched"
    assert files_in_words({}) == "0 of 0 files can be searched"

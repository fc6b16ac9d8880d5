"""Collections and their folders: what state each is in, and what can be done with it."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, button, click, unnamed
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from studiolo_desktop.collection_tree import CollectionTree, look
from studiolo_desktop.widgets.row_button import RowButton

ODD_PATH = "/docs/caf\udce9"


def collection(name: str, *folders: object, **files: int) -> dict[str, object]:
    counts = {"on_disk": 5, "indexed": 5, "failed": 0, "pending": 0, **files}
    return {"name": name, "files": counts, "folders": list(folders)}


def folder(path: str, since: str | None = None, **fields: object) -> dict[str, object]:
    return {"path": path, "offline_since": since, **fields}


class Tree:
    """The tree in a room, and what it wants."""

    def __init__(self, qtbot: QtBot) -> None:
        self.room = Room(qtbot, width=232, height=600)
        self.view = self.room.hold(CollectionTree(self.room, self.room.theme), stretch=0)
        self.wanted: list[object] = []
        self.view.collection_chosen.connect(self.wanted.append)
        self.view.remove_wanted.connect(self.wanted.append)
        self.view.files_wanted.connect(lambda *wish: self.wanted.append(wish))
        self.view.exclude_wanted.connect(lambda *wish: self.wanted.append(wish))

    def show(self, *collections: dict[str, object]) -> None:
        self.view.show_collections(list(collections))
        QApplication.processEvents()

    def said(self) -> list[str]:
        return [row.accessibleName() for row in self.view.rows() if row.isVisible()]

    def row(self, said: str) -> RowButton:
        rows = [row for row in self.view.rows() if row.isVisible() and row.accessibleName().startswith(said)]
        assert len(rows) == 1, self.said()
        return rows[0]

    def menu(self, row: RowButton, way: str = "mouse") -> QMenu:
        if way == "mouse":
            click(row)
        elif way == "space bar":
            QTest.keyClick(row, Qt.Key.Key_Space)
        else:
            row.customContextMenuRequested.emit(row.rect().center())
        menu = self.view.findChild(QMenu)
        assert isinstance(menu, QMenu)
        return menu

    def choose(self, row: RowButton, text: str, way: str = "menu key") -> None:
        menu = self.menu(row, way)
        next(action for action in menu.actions() if action.text() == text).trigger()
        menu.close()
        menu.setParent(None)


@pytest.fixture
def tree(qtbot: QtBot) -> Tree:
    return Tree(qtbot)


def test_folders_stand_below_their_collection_in_their_order(tree: Tree) -> None:
    tree.show(collection("hr", folder("/docs/b"), folder("/docs/a")), collection("law", folder("/docs/cases")))
    assert tree.said() == [
        "hr, 5, up to date", "b, up to date", "a, up to date", "law, 5, up to date", "cases, up to date",
    ]  # fmt: skip


def test_a_folder_says_how_many_problems_it_has_or_how_much_of_it_is_read(tree: Tree) -> None:
    files = ({"failed": 3, "indexed": 2}, {"pending": 7, "indexed": 2, "on_disk": 9}, {"failed": 1})
    tree.show(collection("hr", *(folder(f"/docs/{n}", files=f) for n, f in enumerate(files))))
    assert tree.said()[1:] == ["0, 3 problems", "1, 2 of 9, being indexed", "2, 1 problem"]


def test_a_collection_without_any_folder_in_reach_is_offline(tree: Tree) -> None:
    tree.show(collection("usb", folder("/media/a", "2026-01-02T10:00:00"), folder("/media/b", "2026-01-02")))
    assert tree.said() == ["usb, offline", "a, offline since 2026-01-02", "b, offline since 2026-01-02"]


def test_a_collection_with_one_folder_in_reach_is_not_offline_and_the_other_says_since_when(tree: Tree) -> None:
    tree.show(collection("hr", folder("/media/a", "2026-01-02T10:00:00"), folder("/docs/b")))
    assert tree.said() == ["hr, 5, up to date", "a, offline since 2026-01-02", "b, up to date"]


def test_progress_is_shown_in_the_rows_of_its_collection_and_folder_and_goes_with_its_end(tree: Tree) -> None:
    shown = collection("hr", folder("/docs/a"), folder("/docs/b"))
    tree.show(shown)
    tree.view.show_progress("hr", "/docs/a", 32, 50)
    assert tree.said() == ["hr, 64 %, being indexed", "a, 64 %, being indexed", "b, up to date"]
    tree.show(shown)
    assert tree.row("a").word() == "64 %"
    tree.view.show_progress("hr", "/docs/b", 1, 50)
    tree.show(shown)
    assert tree.said() == ["hr, 2 %, being indexed", "a, up to date", "b, 2 %, being indexed"]
    tree.view.end_progress()
    tree.show(shown)
    assert tree.said() == ["hr, 5, up to date", "a, up to date", "b, up to date"]


def test_progress_never_says_100_percent_and_bears_names_that_are_not_listed(tree: Tree) -> None:
    tree.show(collection("hr", folder("/docs/a")))
    tree.view.show_progress("hr", "", 50, 50)
    assert tree.row("hr").word() == "99 %"
    tree.view.show_progress("unknown", "/nowhere", 1, 2)
    tree.view.show_progress("hr", "/docs/a", 0, 0)
    assert tree.row("hr").word() == "99 %"


@pytest.mark.parametrize("way", ["mark", "keys"])
def test_folders_are_folded_away_and_stay_so(tree: Tree, way: str) -> None:
    shown = [collection("hr", folder("/docs/a")), collection("law", folder("/docs/b"))]
    tree.show(*shown)
    if way == "mark":
        click(button(tree.row("hr"), "Fold the folders away"))
    else:
        QTest.keyClick(tree.row("hr"), Qt.Key.Key_Left)
    assert tree.said() == ["hr, 5, up to date", "law, 5, up to date", "b, up to date"]
    tree.show(*shown, collection("new", folder("/docs/c")))
    assert "a, up to date" not in tree.said()
    QTest.keyClick(tree.row("hr"), Qt.Key.Key_Right)
    assert "a, up to date" in tree.said()
    assert tree.wanted == []


def test_a_new_status_leaves_the_keyboard_where_it_is(tree: Tree) -> None:
    tree.show(collection("hr", folder("/docs/a")), collection("law"))
    tree.row("a").setFocus()
    tree.show(collection("hr", folder("/docs/a", files={"failed": 1})), collection("law", indexed=6))
    assert tree.row("a").hasFocus()


def test_rows_come_and_go_and_it_is_said_once(tree: Tree, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tree.view.rows_changed, timeout=1000):
        tree.show(collection("hr", folder("/docs/a"), folder("/docs/b")))
    with qtbot.waitSignal(tree.view.rows_changed, timeout=1000):
        tree.show(collection("hr", folder("/docs/b")))
    assert tree.said() == ["hr, 5, up to date", "b, up to date"]
    with qtbot.assertNotEmitted(tree.view.rows_changed):
        tree.show(collection("hr", folder("/docs/b"), indexed=4))


def test_a_collection_is_chosen_with_a_click_or_the_space_bar(tree: Tree) -> None:
    tree.show(collection("hr", folder("/docs/a")))
    click(tree.row("hr"))
    QTest.keyClick(tree.row("hr"), Qt.Key.Key_Space)
    assert tree.wanted == ["hr", "hr"]
    tree.view.choose(["hr"])
    assert tree.row("hr").isChecked()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a menu without a screen
@pytest.mark.parametrize("path", ["/docs/handbook", ODD_PATH])
@pytest.mark.parametrize("way", ["mouse", "space bar", "menu key"])
def test_a_folder_is_removed_by_its_exact_path(tree: Tree, path: str, way: str) -> None:
    """Also one that is no UTF-8: with a letter less, another folder or none would be removed."""
    tree.show(collection("hr", folder(path)))
    tree.choose(tree.row(path.rpartition("/")[2][:3]), "Stop watching and forget this folder …", way)
    assert tree.wanted == [path]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_folder_s_patterns_are_edited_from_its_menu(tree: Tree) -> None:
    tree.show(collection("hr", folder(ODD_PATH, patterns=["drafts/", 3, "*.log"])))
    tree.choose(tree.row("caf"), "Leave files out …")
    tree.show(collection("hr", folder(ODD_PATH, patterns="no list")))
    tree.choose(tree.row("caf"), "Leave files out …")
    assert tree.wanted == [(ODD_PATH, ["drafts/", "*.log"]), (ODD_PATH, [])]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_folder_is_asked_alone_from_its_menu(tree: Tree) -> None:
    asked: list[tuple[object, str]] = []
    tree.view.ask_wanted.connect(lambda path, name: asked.append((path, name)))
    tree.show(collection("hr", folder(ODD_PATH)))
    tree.choose(tree.row("caf"), "Ask this folder alone")
    assert asked == [(ODD_PATH, "hr")]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_files_of_a_folder_or_a_collection_are_listed_from_its_menu(tree: Tree) -> None:
    tree.show(collection("hr", folder(ODD_PATH, files={"failed": 2}), failed=3), collection("law"))
    tree.choose(tree.row("caf"), "Show 2 files that need a look")
    tree.choose(tree.row("caf"), "Show its files")
    tree.choose(tree.row("hr"), "Show 3 files that need a look")
    tree.choose(tree.row("law"), "Show its files")
    assert tree.wanted == [
        (None, ODD_PATH, "failed"), (None, ODD_PATH, ""), ("hr", None, "failed"), ("law", None, ""),
    ]  # fmt: skip
    assert [a.text() for a in tree.menu(tree.row("law"), "menu key").actions()] == ["Show its files"]


@pytest.mark.parametrize("rows", [[{}], [{"name": 4, "files": [], "folders": [{}, 3, {"path": 5}]}]])
def test_a_status_of_another_shape_is_borne(tree: Tree, rows: list[dict[str, object]]) -> None:
    tree.show(*rows)
    assert len(tree.said()) >= 1


def test_names_with_markup_are_text_and_everything_has_a_name(tree: Tree) -> None:
    tree.show(collection(MARKUP, folder(f"/docs/{MARKUP}\u202e")))
    assert all("<img" not in row.toolTip() and "\u202e" not in row.accessibleName() for row in tree.view.rows())
    assert unnamed(tree.room) == []


def test_one_file_needs_and_two_need_a_look() -> None:
    assert (look(1), look(2)) == ("1 file that needs a look", "2 files that need a look")

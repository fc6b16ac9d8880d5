"""A style is made or changed in fields, and goes to the engine as it stands there."""

from __future__ import annotations

import pytest
from desktop_parts import Room, click, unnamed, words
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scripted_upkeep import STYLES

from studiolo.errors import ErrorReport
from studiolo_desktop.widgets.style_editor import StyleEditor


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=460, height=700)


@pytest.fixture
def editor(room: Room) -> StyleEditor:
    made = room.hold(StyleEditor(room), stretch=0)
    room.activateWindow()
    return made


def test_a_new_style_is_written_and_saved(editor: StyleEditor, room: Room, qtbot: QtBot) -> None:
    editor.edit({}, name="", replaces=False)
    assert editor.fields["name"].hasFocus()
    assert unnamed(room) == []
    QTest.keyClicks(editor.fields["name"], "memo")
    editor.fields["max_words"].setText("120")
    editor.form.setCurrentIndex(editor.form.findData("bullets"))
    editor.required.setPlainText("Decision\n\n Deadline ")
    editor.instructions.setPlainText("Be brief.")
    with qtbot.waitSignal(editor.saved, timeout=1000) as saved:
        QTest.keyClick(editor.instructions, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    name, style, replaces = saved.args
    assert (name, replaces) == ("memo", False)
    assert (style["form"], style["max_words"], style["max_sentences"]) == ("bullets", 120, 0)
    assert (style["required"], style["instructions"]) == (["Decision", "Deadline"], "Be brief.")


def test_a_style_that_is_changed_keeps_its_name_and_what_is_not_touched(editor: StyleEditor, qtbot: QtBot) -> None:
    editor.edit(STYLES[1], name="memo", replaces=True)
    assert editor.fields["name"].isReadOnly()
    with qtbot.waitSignal(editor.saved, timeout=1000) as saved:
        click(editor.save)
    name, style, replaces = saved.args
    assert (name, replaces) == ("memo", True)
    assert style == {key: STYLES[1][key] for key in style}
    assert {"title", "form", "max_sentences", "max_words", "required", "line_pattern", "salutation", "closing",
            "instructions"} == set(style)  # fmt: skip


def test_what_is_no_number_is_left_to_the_engine_which_says_why(editor: StyleEditor, room: Room) -> None:
    editor.edit({}, name="", replaces=False)
    editor.fields["max_words"].setText("many")
    assert editor.style_record()["max_words"] == "many"
    editor.show_reason(ErrorReport("style.bad", "This is no style: max_words must be a number.", "A hint."))
    assert "This is no style: max_words must be a number." in words(room)
    editor.show_reason(ErrorReport("style.exists", "There is a style memo already.", "Choose another name."))
    assert "There is a style memo already. Choose another name." in words(room)


def test_esc_changes_nothing(editor: StyleEditor, qtbot: QtBot) -> None:
    editor.edit(STYLES[1], name="memo", replaces=True)
    with qtbot.assertNotEmitted(editor.saved):
        QTest.keyClick(editor.fields["title"], Qt.Key.Key_Escape)
    assert not editor.isVisible()

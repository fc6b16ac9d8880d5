"""The pages of models, styles, settings and privacy over an engine: what is wanted is asked, what comes is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit
from scripted_window import OpenScene, Scene, local, shown_text


def page(open_scene: OpenScene, name: str, **script: object) -> Scene:
    scene = open_scene(**script)
    scene.press(name, scene.window.library)
    return scene


# ---- models --------------------------------------------------------------------------------------------------------


def test_a_dropped_model_file_is_checked_told_about_added_and_used(open_scene: OpenScene, tmp_path: Path) -> None:
    scene = open_scene()
    file = tmp_path / "tiny.GGUF"
    file.touch()
    scene.drop(local(file))
    offer = scene.window.models.offer
    scene.wait_for_text("Tiny Test", offer)
    assert scene.window.pages.currentWidget() is scene.window.models
    assert scene.requests("check_model")[0]["path"] == str(file)
    hellos = len(scene.requests("hello"))
    scene.press("Add the model and use it")
    scene.wait_for_text("tiny was added, and is in use.")
    assert scene.requests("add_model")[0] | {"id": ""} == {
        "type": "add_model", "id": "", "path": str(file), "name": "tiny", "use": True,
    }  # fmt: skip
    scene.wait(lambda: scene.window.models.card_of("tiny") is not None)
    assert not offer.isVisible()
    scene.wait_for_requests("hello", hellos + 1)


def test_a_dropped_file_that_is_no_model_ends_with_the_reason(open_scene: OpenScene, tmp_path: Path) -> None:
    scene = open_scene()
    file = tmp_path / "broken.gguf"
    file.touch()
    scene.drop(local(file))
    scene.wait_for_text("broken.gguf was not added.")
    assert "The model file is damaged." in scene.text()
    assert scene.requests("add_model") == []


def test_a_models_file_is_checked_and_what_was_added_is_removed(open_scene: OpenScene) -> None:
    scene = page(open_scene, "Models")
    scene.wait(lambda: len(scene.window.models.cards) == 3)
    scene.press("Check the file of smollm2-135m-instruct")
    scene.wait_for_text("The file is the one that was added: its SHA-256 is the same.")
    scene.press("Check the file of other")
    scene.wait_for_text("The model is not the file that was added.")
    scene.press("Remove other")
    card = scene.window.models.card_of("other")
    assert card is not None
    scene.click(card.strip.yes)
    scene.wait(lambda: scene.window.models.card_of("other") is None)
    assert scene.requests("remove_model")[0]["name"] == "other"


def test_a_model_that_cannot_be_removed_says_why_on_its_card(open_scene: OpenScene) -> None:
    error = {"code": "model.store_unwritable", "message": "The store cannot be written.", "hint": "Close it."}
    scene = page(open_scene, "Models", fail={"remove_model": error})
    scene.wait(lambda: scene.window.models.cards)
    scene.window.models.remove_wanted.emit("other")
    scene.wait_for_text("The store cannot be written. Close it. (model.store_unwritable)", scene.window.models)


# ---- styles --------------------------------------------------------------------------------------------------------


def test_a_style_is_made_used_and_deleted(open_scene: OpenScene) -> None:
    scene = page(open_scene, "Styles")
    styles = scene.window.styles
    scene.wait(lambda: len(styles.cards) == 2)
    assert styles.choices["documents"].currentText() == "memo"
    scene.press("Make a style of your own")
    scene.press("Save the style (Ctrl+Enter)")
    scene.wait_for_text("This is no style: it has no name.")
    styles.editor.fields["name"].setText("notice")
    styles.editor.fields["max_sentences"].setText("2")
    scene.press("Save the style (Ctrl+Enter)")
    scene.wait(lambda: len(styles.cards) == 3)
    assert not styles.editor.isVisible()
    assert scene.requests("add_style")[-1]["style"]["max_sentences"] == 2
    choice = styles.choices["documents"]
    choice.setCurrentIndex(choice.findData("notice"))
    sent = scene.wait_for_requests("use_style")[0]
    assert (sent["name"], sent["collection"]) == ("notice", "documents")
    scene.press("Delete memo")
    card = next(card for card in styles.cards if card.name == "memo")
    scene.click(card.strip.yes)
    scene.wait(lambda: [card.name for card in styles.cards] == ["standard", "notice"])


# ---- settings ------------------------------------------------------------------------------------------------------


def test_a_setting_is_found_refused_with_the_reason_changed_and_taken_back(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.key(Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settings = scene.window.settings
    scene.wait(lambda: settings.rows)
    assert settings.words.hasFocus()
    scene.type("passages")
    row = settings.rows["passages"]
    field = row.control
    assert isinstance(field, QLineEdit)
    field.setText("99")
    QTest.keyClick(field, Qt.Key.Key_Return)
    scene.wait_for_text("This cannot be set: it must be a whole number from 1 to 20.")
    assert scene.window.messages.reports() == []  # it is said in its place alone
    field.setText("9")
    QTest.keyClick(field, Qt.Key.Key_Return)
    scene.wait(row.reset.isVisible)
    assert not row.reason.isVisible()
    scene.click(row.reset)
    scene.wait(lambda: field.text() == "6")
    assert [request["value"] for request in scene.requests("change_setting")] == [99, 9, None]


def test_a_change_that_waits_for_the_next_start_says_so(open_scene: OpenScene) -> None:
    scene = page(open_scene, "Settings")
    scene.wait(lambda: scene.window.settings.rows)
    box = scene.window.settings.rows["ocr"].control
    assert isinstance(box, QCheckBox)
    box.click()
    scene.wait_for_text("It counts when Studiolo is started again.")


# ---- privacy -------------------------------------------------------------------------------------------------------


def test_the_self_test_runs_and_is_remembered_with_its_time(open_scene: OpenScene) -> None:
    scene = page(open_scene, "Privacy")
    scene.wait_for_text("The self-test has not run yet.")
    scene.press("Run the self-test again")
    scene.wait_for_text("The volume is not encrypted.")
    assert "To look at: 1." in scene.window.privacy.status.text()
    scene.press("Models", scene.window.library)
    scene.press("Privacy", scene.window.library)
    scene.wait_for_requests("checks", 2)
    assert len(scene.requests("doctor")) == 1
    assert "Turn on encryption." in shown_text(scene.window.privacy)


def test_conversations_are_deleted_everywhere(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.answered()
    scene.press("Privacy", scene.window.library)
    scene.wait(lambda: scene.window.privacy.strips)
    scene.press("Conversations: Delete all conversations …")
    listed = len(scene.requests("conversations"))
    scene.click(scene.window.privacy.strips["history"].yes)
    scene.wait_for_text("Conversations: removed from the disk. 70 KB are free again.")
    assert scene.requests("purge")[0]["place"] == "history"
    assert scene.window.ask.turns == []
    scene.wait_for_requests("conversations", listed + 1)
    assert scene.window.pages.currentWidget() is scene.window.privacy


def test_the_data_folder_is_shown_by_the_file_manager(open_scene: OpenScene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = page(open_scene, "Privacy")
    shown: list[str] = []
    monkeypatch.setattr(scene.session.upkeep.opener, "show", shown.append)
    scene.wait_for_text("Everything lies in")
    scene.press("Open the data folder")
    assert shown == ["/home/me/.local/share/studiolo/index"]


def test_the_palette_reaches_every_page_and_runs_the_self_test(open_scene: OpenScene) -> None:
    scene = open_scene()
    commands, window = scene.window.commands, scene.window
    for key, shown in (("styles", window.styles), ("settings", window.settings), ("privacy", window.privacy)):
        commands.run(key)
        assert window.pages.currentWidget() is shown
    commands.run("self_test")
    scene.wait_for_requests("doctor")

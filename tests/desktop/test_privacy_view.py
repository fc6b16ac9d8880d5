"""The page of privacy: the self-test with its time, what is stored where, and what can be removed for good."""

from __future__ import annotations

import pytest
from desktop_parts import MARKUP, Room, button, click, cut_labels, unnamed, words
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from scripted_upkeep import FINDINGS, Json

from studiolo.errors import ErrorReport
from studiolo_desktop.privacy_view import PrivacyView
from studiolo_desktop.words import moment

RUN: Json = {"checked_at": "2026-11-27T10:30:00+00:00", "findings": FINDINGS}
NEVER: Json = {"checked_at": None, "findings": []}


def place(key: str, size_bytes: int, *, purge: bool = False) -> Json:
    path = f"/home/me/data/{key}"
    return {"place": key, "path": path, "size_bytes": size_bytes, "in_data_folder": True, "can_be_purged": purge}


STORED: Json = {
    "home": "/home/me/data", "size_bytes": 5_070_000, "free_bytes": 10**11,
    "places": [place("texts", 5_000_000), place("history", 70_000, purge=True), place("logs", 0, purge=True)],
}  # fmt: skip


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=508, height=600)


@pytest.fixture
def view(room: Room) -> PrivacyView:
    made = room.hold(PrivacyView(room))
    made.show_checks(RUN)
    made.show_storage(STORED)
    return made


def test_the_self_test_says_when_it_ran_and_what_to_look_at(view: PrivacyView, room: Room) -> None:
    said = words(room)
    assert f"Run {moment('2026-11-27T10:30:00+00:00')}. To look at: 1." in said
    assert said.index("Network") < said.index("fine") < said.index("Disk") < said.index("to look at")
    assert said.index("The volume is not encrypted.") < said.index("Turn on encryption.")
    assert said.index("OFFLINE SELF-TEST") < said.index("Disk") < said.index("INSTALLATION") < said.index("Hardware")
    assert unnamed(room) == []
    assert cut_labels(room) == []


def test_a_self_test_that_never_ran_and_one_without_a_fault_are_said(view: PrivacyView) -> None:
    view.show_checks({**RUN, "findings": [f for f in FINDINGS if f["ok"]]})
    assert view.status.text().endswith("Everything is as it should be.")
    view.show_checks(NEVER)
    assert view.status.text() == "The self-test has not run yet."


def test_a_check_that_is_well_and_has_a_hint_is_to_be_known(view: PrivacyView, room: Room) -> None:
    view.show_checks({**RUN, "findings": [{"check": "x", "ok": True, "hint": "y"}, {"check": "z", "ok": "yes"}]})
    assert words(room).count("to know") == 1
    assert words(room).count("to look at") == 1


def test_it_runs_again_once_at_a_time(view: PrivacyView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.check_wanted, timeout=1000):
        click(view.again)
    assert "runs" in view.status.text()
    with qtbot.assertNotEmitted(view.check_wanted):
        click(view.again)
    view.show_failed(None, ErrorReport("bug.unexpected", "It went wrong.", "Tell."))
    assert "It went wrong. Tell. (bug.unexpected)" in view.status.text()
    with qtbot.waitSignal(view.check_wanted, timeout=1000):
        click(view.again)


def test_what_is_stored_is_said_with_size_purpose_and_place(view: PrivacyView, room: Room) -> None:
    said = words(room)
    assert "Everything lies in /home/me/data: 5 MB. 100.0 GB of the disk are free." in "\n".join(said)
    for part in ("Conversations", "70 KB", "/home/me/data/history", "Texts and account of the files"):
        assert part in said


def test_the_data_folder_is_opened(view: PrivacyView, room: Room, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.folder_wanted, timeout=1000) as wanted:
        click(button(room, "Open the data folder"))
    assert wanted.args == ["/home/me/data"]


def test_conversations_are_removed_after_asking_and_what_became_free_is_said(
    view: PrivacyView, room: Room, qtbot: QtBot
) -> None:
    name = "Conversations: Delete all conversations …"
    with qtbot.assertNotEmitted(view.purge_wanted):
        click(button(room, name))
        click(view.strips["history"].no)
    click(button(room, name))
    assert any("There is no way back." in w for w in words(room))
    with qtbot.waitSignal(view.purge_wanted, timeout=1000) as wanted:
        click(view.strips["history"].yes)
    assert wanted.args == ["history"]
    view.show_purged({"place": "history", "freed_bytes": 70_000})
    view.show_storage({**STORED, "places": [place("history", 0, purge=True)]})
    assert "Conversations: removed from the disk. 70 KB are free again." in words(room)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # the rows before
    assert not button(room, name).isEnabled()


def test_a_self_test_that_ends_meanwhile_takes_no_question_away(view: PrivacyView, room: Room) -> None:
    click(button(room, "Conversations: Delete all conversations …"))
    view.show_checks(RUN)
    assert view.strips["history"].isVisible()
    assert view.strips["history"].no.hasFocus()


def test_only_what_the_engine_can_purge_is_offered(view: PrivacyView, room: Room) -> None:
    names = [b.accessibleName() for b in room.findChildren(QPushButton) if b.isVisible()]
    assert not any(name.startswith("Texts") for name in names)
    assert set(view.strips) == {"history", "logs"}


@pytest.mark.parametrize("untrusted", [{}, {"places": [3, {}]}, {"places": [{"place": MARKUP, "can_be_purged": True}]}])
def test_an_answer_of_any_shape_is_borne(view: PrivacyView, room: Room, untrusted: Json) -> None:
    view.show_storage({"home": MARKUP, **untrusted})
    view.show_checks({"findings": [{}, 3], "checked_at": 3})
    assert unnamed(room) == []

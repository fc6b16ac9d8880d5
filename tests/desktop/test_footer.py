"""The footer says what is true: offline or not, which model, and how far indexing is."""

from __future__ import annotations

import pytest
from desktop_parts import Room, button, click, unnamed
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studiolo.messages import Progress
from studiolo_desktop.footer import Footer

GOOD = {"check": "network", "ok": True, "detail": "sockets are refused"}
BAD = {"check": "seccomp", "ok": False, "detail": "the kernel refuses the filter"}


def hello(*findings: object, verified: object = True, **more: object) -> dict[str, object]:
    return {"offline": {"verified": verified, "findings": list(findings)}, **more}


def progress(**fields: object) -> Progress:
    made = {"phase": "reading", "collection": "hr", "files_done": 1204, "files_total": 1880, "seconds_left": 170.0}
    return Progress(**{**made, **fields})  # type: ignore[arg-type]  # the tests give the fields' own types


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot, width=1000, height=60)


@pytest.fixture
def footer(room: Room) -> Footer:
    return room.hold(Footer(room))


def test_offline_is_claimed_only_after_every_guard_was_tried(footer: Footer) -> None:
    footer.show_hello(hello(GOOD))
    assert footer.offline.text() == "Offline, verified"
    assert footer.offline.property("tone") == "ok"
    assert "sockets are refused" in footer.offline.toolTip()


@pytest.mark.parametrize(
    "untrusted",
    [
        hello(GOOD, BAD),
        hello(GOOD, verified=False),
        hello(GOOD, {"check": "seccomp"}),
        hello(GOOD, verified="yes"),
        {"offline": None},
        {},
    ],
)
def test_anything_else_is_not_verified(footer: Footer, untrusted: dict[str, object]) -> None:
    footer.show_hello(untrusted)
    assert footer.offline.text().startswith("Not verified offline: ")
    assert footer.offline.property("tone") == "bad"


def test_the_guard_that_failed_is_named(footer: Footer) -> None:
    footer.show_hello(hello(GOOD, BAD))
    assert footer.offline.text() == "Not verified offline: seccomp"
    assert "the kernel refuses the filter" in footer.offline.toolTip()


def test_the_model_in_use_and_its_adapter_are_named(footer: Footer) -> None:
    footer.show_hello(hello(GOOD, models={"chat": "SmolLM2 <b>135M</b>"}, adapter="house style v3"))
    assert footer.model.text() == "SmolLM2 <b>135M</b> · house style v3"
    footer.show_hello(hello(GOOD))
    assert footer.model.text() == "no chat model"


def test_progress_says_how_many_and_how_long(footer: Footer) -> None:
    footer.show_progress(progress())
    assert footer.progress.text() == "hr: 1,204 of 1,880 files · about 3 min left"
    assert (footer.bar.value(), footer.bar.maximum()) == (1204, 1880)
    assert footer.bar.isVisible()
    assert footer.pause.isVisible()


def test_no_time_is_promised_that_is_not_known(footer: Footer) -> None:
    footer.show_progress(progress(seconds_left=None))
    assert footer.progress.text() == "hr: 1,204 of 1,880 files"


def test_looking_for_changes_shows_no_bar(footer: Footer) -> None:
    footer.show_progress(progress(files_total=0))
    assert footer.progress.text() == "hr: looking for changes …"
    assert not footer.bar.isVisible()


def test_more_files_done_than_there_are_fill_the_bar(footer: Footer) -> None:
    footer.show_progress(progress(files_done=9999))
    assert footer.bar.value() == footer.bar.maximum()


def test_idle_is_silent(footer: Footer) -> None:
    footer.show_progress(progress())
    footer.show_idle()
    assert footer.progress.text() == ""
    assert not footer.bar.isVisible()
    assert not footer.pause.isVisible()


def test_pause_and_resume_are_wanted_in_turn_and_the_state_is_shown(footer: Footer, room: Room) -> None:
    wanted: list[bool] = []
    footer.pause_wanted.connect(wanted.append)
    footer.show_progress(progress())
    click(button(room, "Pause indexing"))
    footer.show_paused(paused=True)
    assert footer.progress.text() == "Indexing is paused"
    click(button(room, "Resume indexing"))
    assert wanted == [True, False]


def test_while_paused_no_late_progress_claims_that_indexing_runs(footer: Footer) -> None:
    footer.show_paused(paused=True)
    footer.show_progress(progress())
    footer.show_idle()
    assert footer.progress.text() == "Indexing is paused"
    assert footer.pause.text() == "Resume"


def test_an_engine_that_starts_takes_the_claim_back(footer: Footer) -> None:
    footer.show_hello(hello(GOOD))
    footer.show_engine("Starting again …")
    assert footer.offline.text() == "Starting again …"
    assert footer.offline.property("tone") == "muted"
    assert footer.offline.toolTip() == ""


def test_in_a_narrow_window_the_warning_is_whole_and_pause_in_reach(footer: Footer, room: Room) -> None:
    room.resize(760, 60)
    footer.show_hello(hello(BAD, {"check": "a guard with a long name, which is said"}, models={"chat": "model " * 20}))
    footer.show_progress(progress(collection="a collection with a long name"))
    QApplication.processEvents()
    assert footer.offline.width() >= footer.offline.sizeHint().width()
    assert footer.pause.geometry().right() <= footer.width()
    assert footer.model.geometry().right() < footer.progress.geometry().left()


def test_everything_has_a_name_for_a_screen_reader(footer: Footer, room: Room) -> None:
    footer.show_progress(progress())
    assert unnamed(room) == []


def test_a_page_that_is_being_recognised_is_named_with_its_document(footer: Footer) -> None:
    footer.show_progress(
        progress(phase="recognise", current="scan.pdf", files_done=2, files_total=12, seconds_left=None)
    )
    assert footer.progress.text() == "Recognising scan.pdf: page 3 of 12"


def test_rate_and_remaining_time_are_said_once_they_are_known(footer: Footer) -> None:
    footer.show_progress(progress(chunks_per_second=117.6))
    assert footer.progress.text() == "hr: 1,204 of 1,880 files · about 3 min left · 118 passages/s"
    footer.show_progress(progress(seconds_left=None))
    assert footer.progress.text() == "hr: 1,204 of 1,880 files"


def test_indexing_can_be_slowed_down_and_sped_up_while_it_runs(footer: Footer) -> None:
    wanted: list[str] = []
    footer.speed_wanted.connect(wanted.append)
    assert not footer.speed.isVisible()
    footer.show_progress(progress())
    click(footer.speed)
    footer.show_speed(speed="gentle", on_battery=False)
    assert (footer.speed.text(), footer.speed.accessibleName()) == ("Full speed", "Index at full speed")
    click(footer.speed)
    assert wanted == ["gentle", "full"]
    footer.show_paused(paused=True)
    assert not footer.speed.isVisible()


def test_on_battery_it_says_so_and_offers_no_other_speed(footer: Footer) -> None:
    footer.show_progress(progress())
    footer.show_speed(speed="full", on_battery=True)
    assert not footer.speed.isVisible()
    footer.show_progress(progress(seconds_left=None))
    assert footer.progress.text().endswith("gently, on battery")
    footer.show_speed(speed="full", on_battery=False)
    assert footer.speed.isVisible()

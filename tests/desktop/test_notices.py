"""A long job's end is said quietly, only while nobody looks, and never with a word of a document."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from scripted_window import LIMIT_MS

from studiolo.messages import Progress
from studiolo_desktop.notices import Notices, bring_forward, indexed_in_words

STATUS = {"collections": [{"name": "secret", "files": {"indexed": 1204, "failed": 6}}]}
WORK = Progress(phase="index", collection="secret", files_done=1, files_total=9, current="/docs/secret.pdf")
IDLE = Progress(phase="idle", collection="secret")


class Held:
    """A window that somebody looks at, or does not."""

    def __init__(self, qtbot: QtBot, *, long_s: float = 0.0, active: bool = False) -> None:
        self.window = QWidget()
        self.window.setWindowTitle("Studiolo")
        qtbot.addWidget(self.window)
        self.other = QWidget()
        qtbot.addWidget(self.other)
        self.notices = Notices(self.window, lambda: STATUS, long_s=long_s, rest_ms=20)
        self.window.show()
        self.other.show()
        front = self.window if active else self.other
        front.activateWindow()
        qtbot.waitUntil(front.isActiveWindow, timeout=LIMIT_MS)

    def work(self) -> None:
        self.notices.take_progress(WORK)
        self.notices.take_progress(IDLE)


def test_the_end_of_a_long_job_is_marked_and_said_in_numbers_alone(qtbot: QtBot) -> None:
    held = Held(qtbot)
    held.work()
    qtbot.waitUntil(lambda: bool(held.notices.said), timeout=LIMIT_MS)
    words = "Your documents are read: 1,204 files can be searched. 6 files could not be read."
    assert held.notices.said == [words]
    assert "secret" not in words
    assert held.window.windowTitle() == "● Studiolo"
    held.window.activateWindow()
    qtbot.waitUntil(lambda: held.window.windowTitle() == "Studiolo", timeout=LIMIT_MS)
    assert held.notices.said == []


@pytest.mark.parametrize(("long_s", "active"), [(60.0, False), (0.0, True)])
def test_nothing_is_said_of_a_short_job_nor_to_somebody_who_looks(qtbot: QtBot, long_s: float, active: bool) -> None:
    held = Held(qtbot, long_s=long_s, active=active)
    held.work()
    qtbot.waitUntil(lambda: not held.notices.is_waiting(), timeout=LIMIT_MS)
    assert held.notices.said == []
    assert held.window.windowTitle() == "Studiolo"


def test_passes_that_follow_each_other_are_one_job(qtbot: QtBot) -> None:
    held = Held(qtbot)
    for _ in range(3):
        held.work()
    qtbot.waitUntil(lambda: not held.notices.is_waiting(), timeout=LIMIT_MS)
    assert len(held.notices.said) == 1


def test_an_examination_of_all_documents_is_no_indexing(qtbot: QtBot) -> None:
    held = Held(qtbot)
    held.notices.take_progress(Progress(phase="find_all", files_done=1, files_total=2, request="w1"))
    held.notices.take_progress(IDLE)
    assert not held.notices.is_waiting()


def test_without_a_status_it_still_says_that_it_has_ended() -> None:
    assert indexed_in_words(None) == "Your documents are read: 0 files can be searched."


@pytest.mark.qt_log_ignore("plugin does not support", extend=True)  # to raise a window, on a screen that is none
def test_a_minimised_window_comes_forward(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.showMinimized()
    bring_forward(window)
    assert window.isVisible()
    assert not window.isMinimized()

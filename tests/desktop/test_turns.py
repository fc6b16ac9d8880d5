"""A long job is done in turns: the window is awake between them, and a new job takes the place of the old one."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from studiolo_desktop.widgets.turns import Turns


@pytest.fixture
def turns(qapp: QObject) -> Turns:
    return Turns(qapp)


def counted(taken: list[int], number: int, step_s: float = 0.0) -> Iterator[None]:
    for n in range(number):
        until = time.perf_counter() + step_s
        while time.perf_counter() < until:
            pass
        taken.append(n)
        yield


def test_a_short_job_is_done_at_once_and_its_end_is_said_later(turns: Turns, qtbot: QtBot) -> None:
    taken: list[int] = []
    with qtbot.waitSignal(turns.done):
        turns.run(counted(taken, 3))
        assert taken == [0, 1, 2]
    assert not turns.busy


def test_a_long_job_gives_the_loop_back_between_its_steps(turns: Turns, qtbot: QtBot) -> None:
    taken: list[int] = []
    with qtbot.waitSignal(turns.done):
        turns.run(counted(taken, 20, step_s=0.005))
        assert 0 < len(taken) < 20
    assert taken == list(range(20))


def test_another_job_takes_its_place_and_a_stop_ends_it(turns: Turns, qtbot: QtBot) -> None:
    old: list[int] = []
    new: list[int] = []
    turns.run(counted(old, 20, step_s=0.005))
    with qtbot.waitSignal(turns.done):
        turns.run(counted(new, 2))
    assert len(old) < 20
    assert new == [0, 1]
    turns.run(counted(old, 20, step_s=0.005))
    turns.stop()
    before = len(old)
    with qtbot.assertNotEmitted(turns.done, wait=50):
        pass
    assert (len(old), turns.busy) == (before, False)


def test_a_step_may_begin_another_job(turns: Turns, qtbot: QtBot) -> None:
    taken: list[int] = []

    def steps() -> Iterator[None]:
        turns.run(counted(taken, 2))
        yield

    with qtbot.waitSignal(turns.done):
        turns.run(steps())
    assert taken == [0, 1]

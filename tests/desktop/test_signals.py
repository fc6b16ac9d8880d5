"""Qt's bindings themselves: PySide6 6.12.0 on Python 3.11 loses a reference at every emit, and aborts after hours."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal, Slot

EMITS = 2000
SLACK = 200
"""What else may change in between."""


class Speaker(QObject):
    """Says things of each kind that the window's signals carry."""

    nothing = Signal()
    flag = Signal(bool)
    thing = Signal(object)
    word = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.nothing.connect(self.hear_nothing)
        self.flag.connect(self.hear_flag)
        self.thing.connect(self.hear_thing)

    @Slot()
    def hear_nothing(self) -> None:
        self.heard.append("nothing")

    @Slot(bool)
    def hear_flag(self, value: bool) -> None:
        self.heard.append(value)

    @Slot(object)
    def hear_thing(self, value: object) -> None:
        self.heard.append(value)


def test_two_thousand_signals_keep_the_references_to_true() -> None:
    speaker = Speaker()
    before = sys.getrefcount(True)
    for _ in range(EMITS):
        speaker.nothing.emit()
    assert len(speaker.heard) == EMITS
    assert sys.getrefcount(True) > before - SLACK


def test_signals_with_values_keep_the_references_to_true_and_none() -> None:
    speaker = Speaker()
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(EMITS):
        speaker.flag.emit(True)
        speaker.thing.emit(None)
    speaker.heard.clear()
    assert sys.getrefcount(True) > before[0] - SLACK
    assert sys.getrefcount(None) > before[1] - SLACK


def test_a_signal_that_nobody_hears_keeps_the_references_to_true() -> None:
    speaker = Speaker()
    before = sys.getrefcount(True)
    for _ in range(EMITS):
        speaker.word.emit("x")
    assert sys.getrefcount(True) > before - SLACK


def test_an_object_travels_as_it_is_while_a_string_of_qt_loses_what_is_no_unicode() -> None:
    """Why paths travel as objects: a name that is not UTF-8 holds a lone surrogate, which Qt's strings drop."""
    speaker = Speaker()
    heard: list[str] = []
    speaker.word.connect(heard.append)
    path = "/docs/caf\udce9"
    speaker.word.emit(path)
    speaker.thing.emit(path)
    assert heard != [path]
    assert speaker.heard == [path]

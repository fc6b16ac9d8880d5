"""What draws is loaded when it is wanted, and a window without it goes on."""

from __future__ import annotations

import sys
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from studiolo_desktop.plot_library import PlotLibrary

LIMIT_MS = 15_000


def test_it_is_loaded_when_it_is_wanted_and_said_each_time(qtbot: QtBot, qapp: QObject) -> None:
    library = PlotLibrary(qapp)
    for _ in range(2):
        with qtbot.waitSignal(library.ready, timeout=LIMIT_MS) as ready:
            library.want()
        assert ready.args == [True]
    assert "pyqtgraph" in sys.modules
    assert not [t for t in threading.enumerate() if t.name == "T-plots"]


def test_where_it_is_missing_that_is_said(qtbot: QtBot, qapp: QObject) -> None:
    library = PlotLibrary(qapp, name="no_such_library_here")
    with qtbot.waitSignal(library.ready, timeout=LIMIT_MS) as ready:
        library.want()
    assert ready.args == [False]

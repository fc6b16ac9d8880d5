"""Builds the window with its engine client and joins them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

from studiolo.paths import AppPaths
from studiolo_desktop.commander import Commander
from studiolo_desktop.engine_client import EngineClient, Patience
from studiolo_desktop.examples import find_examples
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.notices import Notices
from studiolo_desktop.session import Session
from studiolo_desktop.theme import Theme
from studiolo_desktop.window_memory import WindowMemory
from studiolo_desktop.window_state import FILE_NAME


@dataclass(frozen=True, slots=True)
class Parts:
    """What makes up the running program; the window owns the rest."""

    window: MainWindow
    client: EngineClient
    session: Session
    theme: Theme
    commander: Commander
    memory: WindowMemory
    notices: Notices


def build(app: QApplication, command: Sequence[str], paths: AppPaths, *, patience: Patience | None = None) -> Parts:
    """Build everything; the engine starts when the window is shown."""
    theme = Theme(app, parent=None)
    window = MainWindow(theme)
    theme.setParent(window)
    client = EngineClient(command, patience=patience, parent=window)
    session = Session(window, client, logs=paths.logs, examples=find_examples())
    commander = Commander(window, client, theme)
    memory = WindowMemory(window, client, theme, paths.home / FILE_NAME)
    notices = Notices(window, lambda: session.status)
    client.progress.connect(notices.take_progress)
    session.evaluation.ended.connect(notices.say)
    return Parts(window, client, session, theme, commander, memory, notices)

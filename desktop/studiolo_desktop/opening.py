"""Hands an original to the system: to the program that opens such files, or to the file manager.

What is started from this process would inherit its guards: a program without a network, and on Linux none that needs
other rights than ours (snaps do). On Linux the desktop is therefore asked over D-Bus first, and starts it by itself.
"""

from __future__ import annotations

import os
import sys
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes

from PySide6.QtCore import QObject, QProcess, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher

_WAIT_MS = 5000
_MANAGER = ("org.freedesktop.FileManager1", "/org/freedesktop/FileManager1", "org.freedesktop.FileManager1")
_PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.OpenURI")


class Opener(QObject):
    """Opens and shows files that the engine has just allowed; nothing here waits for a program."""

    failed = Signal(str, object)
    """The code of what went wrong, and the path."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[QDBusPendingCallWatcher, tuple[str, str]] = {}

    def open(self, path: str) -> None:
        """Open a document with the program that the user has chosen for its kind."""
        if os.name == "nt":
            self._open_here(path)
            return
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:  # a link since the engine has looked, or gone
            self.failed.emit("original.elsewhere", path)
            return
        try:
            if not (sys.platform == "linux" and self._open_through_desktop(descriptor, path)):
                self._open_here(path)
        finally:
            os.close(descriptor)

    def show(self, path: str) -> None:
        """Show a file in its folder, marked where the file manager can do that."""
        if sys.platform == "darwin":
            if not QProcess.startDetached("/usr/bin/open", ["-R", path])[0]:
                self._show_folder(path)
        elif not (sys.platform == "linux" and self._show_through_desktop(path)):
            self._show_folder(path)

    def _open_through_desktop(self, descriptor: int, path: str) -> bool:
        from PySide6.QtDBus import QDBusUnixFileDescriptor

        # The file itself is handed over, not its name: it is the one that is no link.
        return self._call(_PORTAL, "OpenFile", ["", QDBusUnixFileDescriptor(descriptor), {}], path)

    def _show_through_desktop(self, path: str) -> bool:
        return self._call(_MANAGER, "ShowItems", [[bytes(file_url(path).toEncoded().data()).decode("ascii")], ""], path)

    def _call(self, whom: tuple[str, str, str], method: str, arguments: list[object], path: str) -> bool:
        """Ask a service of the desktop; tells whether there is anybody to ask. An error is followed by our own way."""
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return False
        message: QDBusMessage = QDBusMessage.createMethodCall(*whom, method)
        message.setArguments(arguments)
        watcher = QDBusPendingCallWatcher(bus.asyncCall(message, _WAIT_MS), self)
        self._waiting[watcher] = (method, path)
        watcher.finished.connect(self._on_answer)
        return True

    @Slot()
    def _on_answer(self) -> None:
        for watcher in [w for w in self._waiting if w.isFinished()]:
            method, path = self._waiting.pop(watcher)
            if watcher.isError():
                (self._open_here if method == "OpenFile" else self._show_folder)(path)
            watcher.deleteLater()

    def _open_here(self, path: str) -> None:
        if not QDesktopServices.openUrl(file_url(path)):
            self.failed.emit("original.not_opened", path)

    def _show_folder(self, path: str) -> None:
        if not QDesktopServices.openUrl(file_url(str(PurePath(path).parent))):
            self.failed.emit("original.not_shown", path)


def file_url(path: str) -> QUrl:
    """Give the address of a local file, byte by byte: its name may hold `#`, `%`, and bytes that are no UTF-8."""
    if os.name == "nt":
        return QUrl.fromLocalFile(path)
    return QUrl.fromEncoded(b"file://" + quote_from_bytes(os.fsencode(path)).encode("ascii"))

"""One window for each data folder: a second start hands its folders to the first, and ends.

They talk over a local socket (AF_UNIX; a named pipe on Windows), the one kind that the offline guards leave. It lies in
the data folder, which is the user's alone. One line of JSON goes there, one word comes back.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDir, QLockFile, QObject, QTimer, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from studiolo.paths import AppPaths

log = logging.getLogger(__name__)

_TAKEN = b"taken\n"
_MAX_BYTES = 256 * 1024
_MOST_FOLDERS = 1000
_LONGEST_ADDRESS = 100
"""Bytes of a socket's path; the system's own limit is 108 (Linux) or 104 (macOS)."""
_PATIENCE_MS = 2000
_LOCK_STALE_MS = 10_000


def address_of(paths: AppPaths) -> str:
    """Give the place of the socket: in the data folder, or where its path is too long for one, a name of its own."""
    home = os.path.realpath(paths.home)
    path = str(Path(home) / "window.socket")
    if sys.platform != "win32" and len(os.fsencode(path)) <= _LONGEST_ADDRESS:
        return path
    name = f"studiolo-{hashlib.sha256(os.fsencode(home)).hexdigest()[:24]}"
    if sys.platform == "win32":
        return name
    return str(Path(os.environ.get("XDG_RUNTIME_DIR") or QDir.tempPath()) / f"{name}.socket")


class SingleInstance(QObject):
    """Either finds the window of this data folder, or becomes it.

    Args:
        paths: The data folder.
        parent: The owner.
        patience_ms: How long the other window may take to answer; then it counts as gone.
    """

    called = Signal(object)
    """Another start handed over its folders (a list of paths, perhaps empty): the window is wanted."""

    def __init__(self, paths: AppPaths, parent: QObject | None = None, *, patience_ms: int = _PATIENCE_MS) -> None:
        super().__init__(parent)
        self.address = address_of(paths)
        self._patience_ms = patience_ms
        self._lock = QLockFile(str(paths.home / "window.lock"))
        self._lock.setStaleLockTime(_LOCK_STALE_MS)
        self._server: QLocalServer | None = None
        self._heard: dict[QLocalSocket, bytes] = {}

    def hand_over(self, folders: Sequence[str]) -> bool:
        """Hand folders to the window that is there, or listen for the next start; tells whether there was one.

        A socket that nobody listens on is what a killed window left: it is replaced. Where no socket can be made, the
        window opens all the same. The lock makes two starts at the same moment come one after the other.
        """
        locked = self._lock.tryLock(self._patience_ms)
        taken = self._call([os.path.abspath(folder) for folder in folders])  # noqa: PTH100 - a lone surrogate stays
        if not taken:
            self._listen()
        if locked:
            self._lock.unlock()
        return taken

    def _call(self, folders: Sequence[str]) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self.address)
        if not socket.waitForConnected(self._patience_ms):
            return False
        socket.write(json.dumps({"folders": list(folders)}).encode() + b"\n")
        heard = b""
        while not heard.endswith(_TAKEN) and socket.waitForReadyRead(self._patience_ms):
            heard = (heard + bytes(socket.readAll().data()))[-len(_TAKEN) :]
        socket.disconnectFromServer()
        if not heard.endswith(_TAKEN):
            log.info("the window of this data folder does not answer")
        return heard.endswith(_TAKEN)

    def _listen(self) -> None:
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self.address)
        if not server.listen(self.address):
            log.info("no second start can find this window: %s", server.errorString())
            return
        server.newConnection.connect(self._on_connection)
        self._server = server

    def is_listening(self) -> bool:
        """Tell whether a second start finds this window."""
        return self._server is not None and self._server.isListening()

    @Slot()
    def close(self) -> None:
        """Be found no longer: the window is closing, and the next start is to open its own."""
        if self._server is not None:
            self._server.close()
            self._server = None

    @Slot()
    def _on_connection(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            self._heard[socket] = b""
            socket.readyRead.connect(self._on_words)
            socket.disconnected.connect(self._on_gone)
            QTimer.singleShot(self._patience_ms, socket, socket.disconnectFromServer)
            self._listen_to(socket)

    @Slot()
    def _on_words(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._listen_to(socket)

    def _listen_to(self, socket: QLocalSocket) -> None:
        if socket not in self._heard:
            return
        heard = self._heard[socket] + bytes(socket.readAll().data())
        self._heard[socket] = heard
        if len(heard) > _MAX_BYTES:
            del self._heard[socket]
            socket.abort()
        elif heard.endswith(b"\n"):
            del self._heard[socket]
            folders = folders_in(heard)
            if folders is not None:
                socket.write(_TAKEN)
                socket.flush()  # the other start waits: not until the window has been brought forward
            socket.disconnectFromServer()
            if folders is not None:
                self.called.emit(folders)

    @Slot()
    def _on_gone(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._heard.pop(socket, None)
            socket.deleteLater()


def folders_in(untrusted: bytes) -> list[str] | None:
    """Read what another start says; None if it is no such message."""
    try:
        message = json.loads(untrusted)
    except (ValueError, RecursionError):
        return None
    folders = message.get("folders") if isinstance(message, dict) else None
    if not isinstance(folders, list) or len(folders) > _MOST_FOLDERS:
        return None
    return [f for f in folders if isinstance(f, str) and f and "\0" not in f]

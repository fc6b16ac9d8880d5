"""A file manager and a desktop portal on the session's bus: prints what they are asked, a JSON line each.

    python desktop_services.py serve [NAME…]   offers these services until its input ends
    python desktop_services.py ask PATH        opens and shows a path as the window does; prints what fails

Both are started by tests/desktop/test_opening.py with a bus of their own.
"""

from __future__ import annotations

import json
import os
import sys

from PySide6.QtCore import ClassInfo, QObject, QSocketNotifier, QTimer, QUrl, Slot
from PySide6.QtDBus import QDBusConnection, QDBusUnixFileDescriptor
from PySide6.QtGui import QDesktopServices, QGuiApplication

from studiolo_desktop.opening import Opener

MANAGER, PORTAL = "org.freedesktop.FileManager1", "org.freedesktop.portal.Desktop"
_WAIT_MS = 1500


def say(**words: object) -> None:
    print(json.dumps(words), flush=True)


@ClassInfo({"D-Bus Interface": "org.freedesktop.FileManager1"})  # type: ignore[call-arg]  # its stub takes no words
class Manager(QObject):  # type: ignore[operator]  # as above
    @Slot("QStringList", str)
    def ShowItems(self, urls: list[str], startup: str) -> None:  # noqa: N802 - the service's name
        say(shown=urls)


@ClassInfo({"D-Bus Interface": "org.freedesktop.portal.OpenURI"})  # type: ignore[call-arg]  # its stub takes no words
class Portal(QObject):  # type: ignore[operator]  # as above
    @Slot(str, QDBusUnixFileDescriptor, "QVariantMap", result=str)
    def OpenFile(self, parent: str, file: QDBusUnixFileDescriptor, options: object) -> str:  # noqa: N802 - as above
        say(opened=os.readlink(f"/proc/self/fd/{file.fileDescriptor()}"))
        return "/request"


class Here(QObject):
    """Stands for the programs that Qt itself would start."""

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        say(here=bytes(url.toEncoded().data()).decode())


def serve(app: QGuiApplication, names: list[str]) -> None:
    bus = QDBusConnection.sessionBus()
    parts = {
        MANAGER: (Manager(app), "/org/freedesktop/FileManager1"),
        PORTAL: (Portal(app), "/org/freedesktop/portal/desktop"),
    }
    for name in names:
        part, place = parts[name]
        bus.registerObject(place, part, QDBusConnection.RegisterOption.ExportAllSlots)
        bus.registerService(name)
    end = QSocketNotifier(0, QSocketNotifier.Type.Read, app)
    end.activated.connect(app.quit)
    say(ready=names)
    app.exec()


def ask(app: QGuiApplication, path: str) -> None:
    here = Here(app)
    QDesktopServices.setUrlHandler("file", here, "take")  # type: ignore[arg-type]  # what it takes is a text
    opener = Opener(app)
    opener.failed.connect(lambda code, failed: say(failed=code, path=failed))
    opener.open(path)
    opener.show(path)
    QTimer.singleShot(_WAIT_MS, app.quit)
    app.exec()


if __name__ == "__main__":
    application = QGuiApplication([])
    if sys.argv[1] == "serve":
        serve(application, sys.argv[2:])
    else:
        ask(application, sys.argv[2])

"""Old Office files in formats of today, by the LibreOffice that is installed: the parent of `convert_worker`.

Only where Landlock can close the file system to it: LibreOffice is large, and what it meets is untrusted.
"""

from __future__ import annotations

import base64
import binascii
import shutil
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from studiolo_indexer import media_types
from studiolo_indexer.confined_child import ChildLimits, ConfinedChild
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.sandbox import landlock_version

# Its start alone takes seconds; what it keeps of one file after another is given back with a fresh child.
CONVERT_LIMITS = ChildLimits(seconds=120.0, recycle_after=100)
LIBRARIES = ("libmergedlo.so", "libsofficeapp.so")  # one of them begins LibreOffice inside a process
_PLACES = ("/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program")
_MEDIA_TYPES = {"docx": media_types.DOC, "pptx": media_types.PPT}


class Converter:
    """One LibreOffice, started with the first old file; owned by one thread.

    Args:
        command: The command that starts `convert_worker`; the two folders are added to it.
        program: The folder of LibreOffice's program.
        temp: Where its own folder is made, which goes when it ends.
        stop: Ends a file in the middle, with the failure `file.stopped`.
    """

    def __init__(
        self,
        *,
        command: Sequence[str],
        program: Path,
        temp: Path,
        limits: ChildLimits = CONVERT_LIMITS,
        stop: threading.Event | None = None,
    ) -> None:
        self._command = [*command, str(program)]
        self._temp = temp
        self._limits = limits
        self._stop = stop
        self._child: ConfinedChild | None = None
        self._folder: Path | None = None

    def convert(self, data: bytes, *, name: str) -> tuple[bytes, str, str]:
        """Give a DOC as DOCX or a PPT as PPTX: its bytes, the suffix, and the media type of the old file.

        Raises:
            FileFailure: If LibreOffice cannot read it, or takes more than it may.
            OSError: If the child cannot be started.
        """
        if self._child is None:
            self._folder = Path(tempfile.mkdtemp(prefix="libreoffice-", dir=self._temp))
            command = [*self._command, str(self._folder)]
            self._child = ConfinedChild(command=command, limits=self._limits, stop=self._stop)
        try:
            untrusted = self._child.exchange({"name": name}, data)
        except FileFailure:
            self.close()  # what it left of that file goes with its folder
            raise
        suffix, converted = untrusted.get("suffix"), untrusted.get("converted")
        if not isinstance(suffix, str) or suffix not in _MEDIA_TYPES or not isinstance(converted, str):
            raise FileFailure("file.parser_crashed", "LibreOffice gave nothing that can be trusted.")
        try:
            return base64.b64decode(converted, validate=True), suffix, _MEDIA_TYPES[suffix]
        except binascii.Error as error:
            raise FileFailure("file.parser_crashed", "LibreOffice gave nothing that can be trusted.") from error

    def close(self) -> None:
        """End LibreOffice and remove its folder; safe to call twice."""
        if self._child is not None:
            self._child.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._child = self._folder = None


def find_libreoffice() -> Path | None:
    """Give the folder of LibreOffice's program, or None where there is none that could be confined."""
    if landlock_version() == 0:
        return None
    named = shutil.which("soffice") or shutil.which("libreoffice")
    folders = [Path(place) for place in _PLACES] + ([Path(named).resolve().parent] if named else [])
    return next((f for f in folders if any((f / library).is_file() for library in LIBRARIES)), None)

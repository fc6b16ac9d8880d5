"""The process in which LibreOffice converts old Office files; it can read and write in one folder of its own alone.

`python -m studiolo_indexer.convert_worker PROGRAM FOLDER` speaks as `extract_worker` does: a line with "name" and
"size_bytes" and the file's bytes in, one line `{"suffix", "converted"}` (base64) or `{"failure"}` out.

LibreOffice runs inside this process by its C interface, "LibreOfficeKit": so it opens no socket of its own, needs no
second program to be started, and reads one file after another. Source: include/LibreOfficeKit/LibreOfficeKit.h of
LibreOffice.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from studiolo_indexer.converting import LIBRARIES
from studiolo_indexer.errors import NEEDS_LIBREOFFICE, FileFailure
from studiolo_indexer.media_types import DOC, PPT, media_type_for, sniff
from studiolo_indexer.sandbox import confine

# What Debian's, Fedora's and its makers' packages put outside its folder. Nothing of a user's lies there.
_PARTS_ELSEWHERE = (
    "/etc/libreoffice",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
    "/var/cache/fontconfig",
    "/etc/passwd",
    "/etc/nsswitch.conf",
)
_TARGETS = {DOC: ("doc", "docx"), PPT: ("ppt", "pptx")}

# The places of the functions in the tables of LibreOfficeKitClass and LibreOfficeKitDocumentClass, in pointers.
_LOAD = 2
_DESTROY_DOCUMENT, _SAVE_AS = 1, 2


def main() -> int:
    """Serve requests until the input ends."""
    program, folder = Path(sys.argv[1]), Path(sys.argv[2])
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # LibreOffice prints what it likes
    state = confine(readable=[str(program.parent), *_PARTS_ELSEWHERE], writable=str(folder))
    office: Office | None = None
    reply: dict[str, object]
    while header := sys.stdin.buffer.readline(1 << 16):
        request = json.loads(header)
        data = sys.stdin.buffer.read(request["size_bytes"])
        try:
            if not state.closed:
                raise FileFailure(NEEDS_LIBREOFFICE, f"LibreOffice cannot be confined here: {state.detail}.")
            office = office or Office(program, folder)
            suffix, converted = convert(office, folder, data, request["name"])
            reply = {"suffix": suffix, "converted": base64.b64encode(converted).decode("ascii")}
        except FileFailure as failure:
            reply = {"failure": {"code": failure.code, "reason": failure.reason}}
        out.write(json.dumps(reply).encode("ascii") + b"\n")
    os._exit(0)  # what LibreOffice does at its end is not worth waiting for, and may crash


class Office:
    """LibreOffice inside this process.

    Args:
        program: The folder of its program.
        folder: Where its settings and temporary files go.

    Raises:
        FileFailure: file.needs_libreoffice if it does not begin.
    """

    def __init__(self, program: Path, folder: Path) -> None:
        os.environ.update({"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"})
        library = next(program / name for name in LIBRARIES if (program / name).is_file())
        try:
            begin = ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL).libreofficekit_hook_2
        except (OSError, AttributeError) as error:
            raise FileFailure(NEEDS_LIBREOFFICE, "The LibreOffice that is installed cannot be used.") from error
        begin.restype = ctypes.c_void_p
        begin.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
        self._office = begin(str(program).encode(), (folder / "profile").as_uri().encode())
        if not self._office:
            raise FileFailure(NEEDS_LIBREOFFICE, "The LibreOffice that is installed does not begin.")

    def save_as(self, source: Path, target: Path) -> bool:
        """Write a file in the format of the target's suffix; False if it cannot be read."""
        load = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)(_function(self._office, _LOAD))
        document = load(self._office, source.as_uri().encode())
        if not document:
            return False
        save = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, *[ctypes.c_char_p] * 3)(_function(document, _SAVE_AS))
        done = save(document, target.as_uri().encode(), target.suffix[1:].encode(), None)
        ctypes.CFUNCTYPE(None, ctypes.c_void_p)(_function(document, _DESTROY_DOCUMENT))(document)
        return bool(done)


def convert(office: Office, folder: Path, data: bytes, name: str) -> tuple[str, bytes]:
    """Give the suffix of the new format and the converted bytes.

    Raises:
        FileFailure: file.damaged if LibreOffice cannot read it; file.unsupported if it is no DOC or PPT.
    """
    kind = sniff(data, media_type_for(name))
    if kind not in _TARGETS:
        raise FileFailure("file.unsupported", "Only DOC and PPT are converted.")
    old, new = _TARGETS[kind]
    place = Path(tempfile.mkdtemp(dir=folder))
    try:
        source, target = place / f"document.{old}", place / f"document.{new}"
        source.write_bytes(data)
        if not office.save_as(source, target) or not target.is_file():
            raise FileFailure("file.damaged", "LibreOffice cannot read it.")
        return new, target.read_bytes()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _function(thing: int, number: int) -> int:
    """Give the address of a function of an object, whose first word points to its table of functions."""
    table = ctypes.cast(thing, ctypes.POINTER(ctypes.c_void_p))[0]
    address = ctypes.cast(table or 0, ctypes.POINTER(ctypes.c_void_p))[number]
    if not address:
        raise FileFailure(NEEDS_LIBREOFFICE, "The LibreOffice that is installed is too old.")
    return int(address)


if __name__ == "__main__":
    sys.exit(main())

"""Which originals may be handed to another program, and where they lie at this moment (S11).

The ledger says what was indexed; what lies at that path now is looked at again with each request: a file may have
become a link, its folder a link, a document a program. What then happens between this answer and the program that
opens the file is out of our hands, as it is for every file manager.
"""

from __future__ import annotations

import os
import stat

from studiolo_indexer import media_types as m
from studiolo_indexer.admission import is_inside, is_online_only
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.errors import (
    FileFailure,
    FileUnknown,
    FolderOffline,
    OriginalElsewhere,
    OriginalIsProgram,
    OriginalNoDocument,
)
from studiolo_indexer.ledger_rows import display
from studiolo_indexer.reading import read_head

_HEAD_BYTES = 4096
# What says of itself that it holds macros; an older Office file may too, and Office asks before it runs any.
_WITH_MACROS = frozenset("docm dotm pptm ppsm potm xlsm xltm".split())
OPENED_SUFFIXES: frozenset[str] = frozenset(
    suffix for suffix in m.SUPPORTED_SUFFIXES - _WITH_MACROS if m.media_type_for(f"a.{suffix}") != m.SOURCE
)
"""A list of what is opened, not of what is not: whatever a system may one day run is not on it."""

# ELF, Mach-O (32 and 64 bit, both byte orders, and for several processors), a Windows shortcut.
_PROGRAMS = (
    b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe",
    b"L\x00\x00\x00\x01\x14\x02\x00",
)  # fmt: skip
_SHORTCUTS = (b"[desktop entry]", b"[internetshortcut]")


def find_original(catalogue: Catalogue, path: bytes, *, to_open: bool) -> None:
    """Check that a path of the ledger is still that file under its root, and, to open it, that it is a document.

    Raises:
        FileUnknown: If it is not in the ledger.
        FolderOffline: If its watched folder cannot be reached.
        FileFailure: `file.vanished` or `file.unreadable`.
        OriginalElsewhere: If it, or a folder above it, is a link now.
        OriginalNoDocument, OriginalIsProgram: If it is not to be opened, by its name or by its beginning.
    """
    record = catalogue.find_file(path)
    if record is None:
        raise FileUnknown(display(path))
    root = next(f.path for f in catalogue.folders() if f.folder_id == record.folder_id)
    _require_in_place(path, root)
    if to_open:
        _require_document(path)


def is_document_name(path: bytes) -> bool:
    """Tell whether a name ends as documents do; on Windows nothing may stand behind a colon (another stream)."""
    name = display(os.path.basename(path))
    ends_well = m.media_type_for(name) is not None and name.rpartition(".")[2].lower() in OPENED_SUFFIXES
    return ends_well and (os.name != "nt" or ":" not in name)


def is_program(head: bytes) -> bool:
    """Tell from its first bytes whether a file is a program, a script or a shortcut, whatever its name says."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    lines = (line.strip().lower() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith((b"#", b";"))), b"")
    # "MZ" alone may begin a letter.
    windows = head.startswith(b"MZ") and b"\0" in head[:64]
    return windows or head.startswith(_PROGRAMS) or text.startswith(b"#!") or first.startswith(_SHORTCUTS)


def _require_in_place(path: bytes, root: bytes) -> None:
    if not is_inside(path, root):
        raise OriginalElsewhere(display(path))
    try:
        real = os.path.realpath(path, strict=True)
    except OSError as error:
        if not os.path.isdir(root):
            raise FolderOffline(display(root)) from error
        raise FileFailure("file.vanished", display(path)) from error
    if os.path.normcase(real) != os.path.normcase(path):
        raise OriginalElsewhere(display(path))


def _require_document(path: bytes) -> None:
    if not is_document_name(path):
        raise OriginalNoDocument(display(path))
    status = os.lstat(path)
    if not stat.S_ISREG(status.st_mode):
        raise OriginalNoDocument(display(path))
    # To look into a file that lies in the cloud alone would fetch it.
    if not is_online_only(status) and is_program(read_head(path, n_bytes=_HEAD_BYTES)):
        raise OriginalIsProgram(display(path))

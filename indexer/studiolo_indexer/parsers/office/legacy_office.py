"""DOC and PPT, the binary formats of old: LibreOffice converts them, where it is installed (`convert_worker`).

The process that meets untrusted bytes here may write no file, so it only says so; its parent then asks the converter.
"""

from __future__ import annotations

from typing import NoReturn

from studiolo_indexer.containers import OleFile
from studiolo_indexer.errors import NEEDS_LIBREOFFICE, FileFailure

_FLAGS_AT = 10
_IS_ENCRYPTED = 0x0100


def parse_legacy(data: bytes, name: str) -> NoReturn:
    """Say of a DOC or PPT file that it has to be converted, or why it cannot be read at all.

    Raises:
        FileFailure: file.needs_libreoffice; file.password if it is encrypted; file.damaged if it is no such file.
    """
    container = OleFile(data)
    if not container.names:
        raise FileFailure("file.damaged", "It is no readable Office file.")
    if {"encryptedpackage", "encryptedsummary"} & container.names or _is_encrypted(container):
        raise FileFailure("file.password", "It is protected with a password.")
    raise FileFailure(
        NEEDS_LIBREOFFICE,
        "The old formats DOC and PPT are read with the help of LibreOffice: install it and try again (on Linux), or "
        "save the file as DOCX or PPTX.",
    )


def render_legacy(data: bytes, *, page: int, width: int, quote: str) -> NoReturn:
    """Say the same where a slide is to be drawn.

    Raises:
        FileFailure: As `parse_legacy`, always.
    """
    parse_legacy(data, "")


def read_legacy(data: bytes, *, page: int) -> NoReturn:
    """Say the same where the words of a slide are asked for.

    Raises:
        FileFailure: As `parse_legacy`, always.
    """
    parse_legacy(data, "")


def _is_encrypted(container: OleFile) -> bool:
    """Look up the flag at the beginning of a Word document; [MS-DOC] 2.5.2."""
    flags = container.read("worddocument", _FLAGS_AT + 2)[_FLAGS_AT:]
    return bool(int.from_bytes(flags, "little") & _IS_ENCRYPTED)

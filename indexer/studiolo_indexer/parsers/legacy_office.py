"""DOC and PPT, the binary formats of old: not read, and said so.

LibreOffice could convert them, but not here: the process that meets untrusted bytes may write no file and start no
program, and its parent never opens a document. So a person converts them once.
"""

from __future__ import annotations

from studiolo_indexer.containers import OleFile
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.records import Document

_FLAGS_AT = 10
_IS_ENCRYPTED = 0x0100


def parse_legacy(data: bytes, name: str) -> Document:
    """Refuse a DOC or PPT file with the reason.

    Raises:
        FileFailure: file.needs_libreoffice; file.password if it is encrypted; file.damaged if it is no such file.
    """
    container = OleFile(data)
    if not container.names:
        raise FileFailure("file.damaged", "It is no readable Office file.")
    if {"encryptedpackage", "encryptedsummary"} & container.names or _is_encrypted(container):
        raise FileFailure("file.password", "It is protected with a password.")
    raise FileFailure(
        "file.needs_libreoffice",
        "The old formats DOC and PPT are not read: install LibreOffice, and save the file there as DOCX or PPTX.",
    )


def _is_encrypted(container: OleFile) -> bool:
    """Look up the flag at the beginning of a Word document; [MS-DOC] 2.5.2."""
    flags = container.read("worddocument", _FLAGS_AT + 2)[_FLAGS_AT:]
    return bool(int.from_bytes(flags, "little") & _IS_ENCRYPTED)

"""Plain text: the text is the file's own, decoded."""

from __future__ import annotations

from dataclasses import replace

from studiolo_indexer.media_types import PLAIN
from studiolo_indexer.parsers.building import section_document
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.records import Document


def parse_plain(data: bytes, name: str) -> Document:
    """Read plain text; one section.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    text, _ = decode(data)
    return plain_document(text)


def plain_document(text: str, *warnings: str) -> Document:
    """Make a document of text as it stands: what other parsers fall back to."""
    document = section_document(text, (), media_type=PLAIN, parser="text")
    return replace(document, warnings=warnings)

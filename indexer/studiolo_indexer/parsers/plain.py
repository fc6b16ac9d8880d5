"""Plain text: the text is the file's own, decoded."""

from __future__ import annotations

import re
from dataclasses import replace

from studiolo_indexer.media_types import PLAIN
from studiolo_indexer.parsers.building import section_document
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.records import Document

# A line that stands alone above the text, and is no sentence.
_TITLE = re.compile(r"\s*+([^\n]{3,200}(?<![.,;:!?\s]))[ \t]*\n[ \t]*\n\s*\S")


def parse_plain(data: bytes, name: str) -> Document:
    """Read plain text; one section.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    text, _ = decode(data)
    found = _TITLE.match(text)
    return replace(plain_document(text), title=" ".join(found[1].split()) if found else "")


def plain_document(text: str, *warnings: str) -> Document:
    """Make a document of text as it stands: what other parsers fall back to."""
    document = section_document(text, (), media_type=PLAIN, parser="text")
    return replace(document, warnings=warnings)

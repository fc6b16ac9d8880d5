"""Chunks that a search found, made up."""

from __future__ import annotations

from collections.abc import Sequence

from studiolo_indexer.chunk_rows import CurrentChunk
from studiolo_indexer.fusion import Candidate, Ranked


def candidate(name: str, *, cosine: float = 0.0, match: float = 0.0, text: str = "") -> Candidate:
    """Make a candidate in a document of one letter."""
    number = ord(name)
    row = CurrentChunk(
        number, number, name, 0, 0, len(text), None, (), "", "section", "", text, f"/{name}".encode(), "documents",
        "", "",
    )  # fmt: skip
    return Candidate(row, cosine, match, cosine > 0, match > 0)


def names(ranked: Sequence[Ranked]) -> list[str]:
    """Give the documents of a ranking."""
    return [r.found.row.doc_id for r in ranked]

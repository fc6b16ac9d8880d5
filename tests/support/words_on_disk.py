"""Looks for words in a data folder as someone would who reads its bytes, and its full-text indexes by their own means.

Bytes alone do not show what a full-text index holds: it keeps the letters of a word in an order of its own.
"""

from __future__ import annotations

import json
from pathlib import Path

import tantivy

_OWN = ("meta.json", ".managed.json", ".tantivy-writer.lock", ".tantivy-meta.lock")


def is_on_disk(word: str, folder: Path) -> bool:
    """Tell whether a word stands anywhere below a folder: in a file's bytes, or in an index."""
    wanted = word.casefold()
    for path in folder.rglob("*"):
        if path.is_file() and wanted.encode() in path.read_bytes().lower():
            return True
    return any(_in_index(wanted, meta.parent) for meta in folder.rglob("meta.json"))


def _in_index(word: str, place: Path) -> bool:
    segments = {s["segment_id"].replace("-", "") for s in json.loads((place / "meta.json").read_bytes())["segments"]}
    left = [p.name for p in place.iterdir() if p.name not in _OWN and p.name.split(".")[0] not in segments]
    assert left == [], "files of segments that are no longer part of the index"
    searcher = tantivy.Index.open(str(place)).searcher()
    first = "".join(c if c.isalnum() else " " for c in word).split()[0]
    return bool(searcher.terms_with_prefix("words", first))

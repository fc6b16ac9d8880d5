"""YAML, TOML, INI: the file's own characters; the keys that open a section are its headings; linear.

Nothing is evaluated: no anchors, no tags, no includes. So a template or a damaged file is read as well as any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from studiolo_indexer.media_types import SETTINGS
from studiolo_indexer.parsers.building import section_document
from studiolo_indexer.parsers.decoding import decode
from studiolo_indexer.records import Document, Heading

_SECTION = re.compile(r"[ \t]*\[{1,2}[ \t]*([A-Za-z_\"'][\w.\"' /:@+-]{0,120}?)[ \t]*\]{1,2}[ \t]*(?:[#;][^\n]*)?$")
_KEY = re.compile(r"( *)(?:- +)?([A-Za-z_\"'/][^:#\n]{0,80}):[ \t]*(?:[&!][\w/.!-]+[ \t]*)?(?:#[^\n]*)?$")
_BLOCK_TEXT = re.compile(r" *+[^#\n]{0,200}[:-][ \t]+[|>][+-]?\d?[ \t]*(?:#[^\n]*)?$")
_MOST_DEPTH = 3


def parse_settings(data: bytes, name: str) -> Document:
    """Read YAML, TOML or INI.

    Raises:
        FileFailure: file.damaged if it is no text.
    """
    text, _ = decode(data)
    is_yaml = name.lower().endswith((".yaml", ".yml"))
    headings = list(_yaml_headings(text) if is_yaml else _section_headings(text))
    made = section_document(text, headings, media_type=SETTINGS, parser="settings")
    return replace(made, title="")  # its first key is no name of the whole


def _section_headings(text: str) -> Iterator[Heading]:
    """Find the [sections]; dots in a name make levels."""
    for at, line in _lines(text):
        section = _SECTION.match(line) if "[" in line else None
        if section:
            level = min(section[1].count(".") + 1, _MOST_DEPTH)
            yield Heading(level, at + section.start(1), at + section.end(1))


def _yaml_headings(text: str) -> Iterator[Heading]:
    """Find the keys that open a block, down to the third level; texts of several lines are no keys."""
    open_at: list[int] = []  # the indentation of the keys above
    inside: int | None = None  # the indentation of the key whose text goes on
    held: tuple[int, int, int] | None = None  # a key, until the next line shows that it opens a block
    for at, line in _lines(text):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = len(line) - len(line.lstrip(" "))
        if inside is not None and indent > inside:
            continue
        inside = None
        if held is not None and (indent > held[0] or (indent == held[0] and line[indent : indent + 1] == "-")):
            open_at = [i for i in open_at if i < held[0]]
            open_at.append(held[0])
            if len(open_at) <= _MOST_DEPTH:
                yield Heading(len(open_at), held[1], held[2])
        held = None
        key = _KEY.match(line) if line.rstrip()[-1] == ":" or "#" in line or "&" in line or "!" in line else None
        if key:
            held = (len(line[: key.start(2)]), at + key.start(2), at + key.end(2))
        elif _BLOCK_TEXT.match(line):
            inside = indent


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1

"""Finds where words stand in a text, as a person who reads it would look for them; pure, linear in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from studiolo_indexer.word_splitting import folded

MOST_CHARS = 200
_SAME = {
    **dict.fromkeys(map(ord, "'’‘ʼ"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013"), "-"),
    **dict.fromkeys(map(ord, "“”„«»"), '"'),
    0xAD: "",
}


class TextSearch:
    """Looks for words that stand one after the other.

    Case and accents do not matter, nor how much white space stands between the words, nor the shape of an apostrophe,
    a quote or a hyphen. The first and the last may be parts of words.

    Args:
        words: What is looked for; what is longer than `MOST_CHARS` is cut.
    """

    def __init__(self, words: str) -> None:
        pieces = [_plain(piece) for piece in words[:MOST_CHARS].split()]
        self._wanted = [piece for piece in pieces if piece]
        self._pattern = re.compile(r"\s+".join(map(re.escape, self._wanted)))

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self._wanted)

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Give the half-open spans of a text, in code points, that say it; they do not overlap."""
        if not self._wanted:
            return
        plain = _plain(text)
        if max(self._wanted, key=len) not in plain:
            return
        origins = range(len(text) + 1) if text.isascii() else _origins(text)
        for found in self._pattern.finditer(plain):
            yield origins[found.start()], origins[found.end() - 1] + 1


def _plain(text: str) -> str:
    """Fold a text letter by letter, so that each letter of the result comes from one of the text."""
    return text.lower() if text.isascii() else "".join(map(_letter, text))


def _origins(text: str) -> list[int]:
    """Give for each letter of `_plain` the place of the one that it comes from."""
    return [at for at, char in enumerate(text) for _ in _letter(char)]


def _letter(char: str) -> str:
    if char.isascii():
        return char.lower()
    same = _SAME.get(ord(char))
    if same is not None:
        return same
    return "" if unicodedata.combining(char) else folded(char)

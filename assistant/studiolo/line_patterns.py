"""Matches a line with a pattern of wildcards, in a time that no pattern can make long; pure.

`*` stands for any characters, also none; `?` for one; `#` for one digit; `\\` takes the next character as it is.
Everything else stands for itself, and capitals do not matter. Unlike a regular expression this never looks back: the
first place where a piece between two stars fits is the right one, so that the work is at most the length of the line
times the length of the pattern.
"""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_LINE = 2000


@dataclass(frozen=True, slots=True)
class _Sign:
    """One character of a pattern; `kind` is "is", "any" or "digit"."""

    kind: str
    character: str = ""

    def fits(self, character: str) -> bool:
        if self.kind == "digit":
            return character.isdigit()
        return self.kind == "any" or character == self.character


def matches_line(pattern: str, line: str) -> bool:
    """Tell whether a whole line looks like the pattern; of a very long line only the beginning is compared."""
    text = line.strip()[:LONGEST_LINE].casefold()
    first, *others = _pieces(pattern.strip().casefold())
    if not _fits_at(first, text, 0):
        return False
    if not others:
        return len(first) == len(text)
    at = len(first)
    for piece in others[:-1]:
        found = _find(piece, text, at)
        if found < 0:
            return False
        at = found + len(piece)
    last = len(text) - len(others[-1])
    return last >= at and _fits_at(others[-1], text, last)


def _pieces(pattern: str) -> list[list[_Sign]]:
    """Take a pattern apart at its stars."""
    pieces: list[list[_Sign]] = [[]]
    characters = iter(pattern)
    for character in characters:
        if character == "*":
            pieces.append([])
        elif character == "\\":
            pieces[-1].append(_Sign("is", next(characters, "\\")))
        else:
            kind = {"?": "any", "#": "digit"}.get(character, "is")
            pieces[-1].append(_Sign(kind, character))
    return pieces


def _find(piece: list[_Sign], text: str, start: int) -> int:
    return next((at for at in range(start, len(text) - len(piece) + 1) if _fits_at(piece, text, at)), -1)


def _fits_at(piece: list[_Sign], text: str, at: int) -> bool:
    return len(piece) <= len(text) - at and all(sign.fits(text[at + n]) for n, sign in enumerate(piece))

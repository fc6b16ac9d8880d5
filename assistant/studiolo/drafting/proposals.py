"""What a template proposes: a question about a statement, and which of its words answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["figure", "date", "definition", "name", "procedure", "reason", "content"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question, and the slice of the statement's `flat` that answers it; a higher `worth` is a better question."""

    kind: Kind
    question: str
    start: int
    end: int
    worth: float


def asked(words: str) -> str:
    """Make a question of words: one blank between them, a capital, and a question mark."""
    line = re.sub(r"\s+([,.;:])", r"\1", " ".join(words.split())).rstrip(" .,;:")
    return f"{line[:1].upper()}{line[1:]}?"


def trimmed(flat: str, start: int, end: int) -> tuple[int, int]:
    """Take blanks and the marks at its end off a slice."""
    while end > start and flat[end - 1] in " .,;:":
        end -= 1
    while start < end and flat[start] in " ,;:":
        start += 1
    return start, end

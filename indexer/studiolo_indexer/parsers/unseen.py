"""What a reader of a document cannot see (S7): colours as good as white, and the warnings that name such text; pure.

Such text may be there to instruct a language model. Wherever it is not certain what lies behind a text, it counts as
seen: a person who is warned of a white title on a dark slide soon reads no warnings at all.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Literal

Shade = Literal["", "white", "dark"]
Reason = Literal["white", "tiny", "hidden", "outside", "format"]

_NEARLY_WHITE = 235
_NONE = frozenset(("", "auto", "none", "nil", "transparent"))
# Six digits, also behind those of an opacity; or three, as in HTML.
_LONG = re.compile(r"#?(?:[0-9a-f]{2})?([0-9a-f]{6})")
_SHORT = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])")
_NAMED = 50
_SAYS: dict[Reason, str] = {
    "white": "is white on white",
    "tiny": "has no size",
    "hidden": "is set to be hidden",
    "outside": "lies outside of the slide",
    "format": "is hidden by its number format",
}


def shade(colour: str) -> Shade:
    """Tell what a colour is to a reader: as good as white, any other (also one that is not known), or none."""
    name = colour.strip().lower()
    if name in _NONE:
        return ""
    if name == "white":
        return "white"
    short = _SHORT.fullmatch(name)
    found = _LONG.fullmatch("".join(2 * digit for digit in short.groups()) if short else name)
    return "white" if found and min(bytes.fromhex(found[1])) >= _NEARLY_WHITE else "dark"


def hidden_lines(place: str, *, rows: int, columns: int) -> Iterator[str]:
    """Say how many rows and columns with text a sheet does not show."""
    for count, thing in ((rows, "row"), (columns, "column")):
        if count:
            yield (
                f"{place}{count} {thing} with text is hidden"
                if count == 1
                else (f"{place}{count} {thing}s with text are hidden")
            )


class Unseen:
    """Counts the passages that cannot be seen, by where they are and why."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, Reason], int] = {}
        self._last: dict[tuple[str, Reason], Hashable] = {}

    def add(self, reason: Reason, passage: Hashable, *, place: str = "") -> None:
        """Count a passage; the same one again, directly after itself, does not count. `place` begins the warning."""
        key = (place, reason)
        if key not in self._counts or self._last[key] != passage:
            self._counts[key] = self._counts.get(key, 0) + 1
            self._last[key] = passage

    def warnings(self, thing: str = "passage") -> Iterator[str]:
        """Say what cannot be seen, in the order in which it was found; `thing` is what was counted."""
        for (place, reason), count in list(self._counts.items())[:_NAMED]:
            yield f"{place}text {_SAYS[reason]} ({count} {thing}{'' if count == 1 else 's'})"
        if len(self._counts) > _NAMED:
            yield f"more text that cannot be seen ({len(self._counts) - _NAMED} places)"

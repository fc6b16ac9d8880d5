"""The answers that a question was given in one place of the talk: one is shown, the others are a click away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from studiolo_desktop.turn_view import TurnView
from studiolo_desktop.words import number_of

Kept = Mapping[str, object]


class Versions:
    """What stands in one place, oldest first; an answer of the history is made a turn once it is looked at.

    Args:
        turn: The newest.
        before: Answers that were given in this place before it, as they were kept.
    """

    def __init__(self, turn: TurnView, before: Sequence[Kept] = ()) -> None:
        self._items: list[TurnView | Kept] = [*before, turn]

    def __len__(self) -> int:
        return len(self._items)

    def turns(self) -> list[TurnView]:
        """Give those that are turns."""
        return [item for item in self._items if isinstance(item, TurnView)]

    def add(self, turn: TurnView) -> None:
        """Take a newer one."""
        self._items.append(turn)

    def beside(self, turn: TurnView, by: int, make: Callable[[Kept], TurnView]) -> TurnView | None:
        """Give the one that stands `by` places after a turn; None where there is none."""
        at = self._items.index(turn) + by
        if not 0 <= at < len(self._items):
            return None
        item = self._items[at]
        if not isinstance(item, TurnView):
            item = self._items[at] = make(item)
        return item

    def kept(self) -> list[Kept]:
        """Give the answers that have come to their end, as they were given."""
        results = [item.result if isinstance(item, TurnView) else item for item in self._items]
        return [result for result in results if result]

    def entry(self) -> int:
        """Give the number of the first answer that the engine has kept; 0 for none."""
        entries = (i.entry if isinstance(i, TurnView) else number_of(i, "id") for i in self._items)
        return next((entry for entry in entries if entry), 0)

    def show_places(self) -> None:
        """Say on each which one it is; while one is being made, none can be left."""
        making = any(turn.running for turn in self.turns())
        for at, item in enumerate(self._items, start=1):
            if isinstance(item, TurnView):
                item.head.show_place(*((1, 1) if making else (at, len(self._items))))


def grouped_by_place(answers: Sequence[Kept]) -> list[list[Kept]]:
    """Put the answers of a conversation together that were given in one place, in the order of the places."""
    places: dict[int, list[Kept]] = {}
    for at, answer in enumerate(answers):
        # One without a number stands alone.
        places.setdefault(number_of(answer, "instead_of") or number_of(answer, "id") or -at - 1, []).append(answer)
    return list(places.values())

"""Chooses in which order passages are looked at: fair over documents and pages, the same for the same seed; pure."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

D = TypeVar("D")
P = TypeVar("P")


def in_turn(documents: Sequence[D], *, seed: int) -> list[D]:
    """Give the documents in the order in which they take their turns."""
    return random.Random(f"{seed}").sample(list(documents), len(documents))  # noqa: S311 - a draw, no secret


def spread_over_pages(chunks: Sequence[tuple[P, int | None]], *, seed: int) -> list[P]:
    """Order a document's chunks so that each page gives one before any gives a second.

    Args:
        chunks: (chunk, page) in the document's order. Where there are no pages, ten neighbours count as one.
        seed: Decides the order within these bounds.
    """
    draw = random.Random(f"{seed}")  # noqa: S311 - a draw, no secret
    pages: dict[int, list[P]] = {}
    for at, (chunk, page) in enumerate(chunks):
        pages.setdefault(at // 10 if page is None else page, []).append(chunk)
    stacks = [draw.sample(stack, len(stack)) for stack in pages.values()]
    draw.shuffle(stacks)
    deepest = max(map(len, stacks), default=0)
    return [stack[level] for level in range(deepest) for stack in stacks if level < len(stack)]


def by_turns(queues: Mapping[D, Iterator[P]], *, at_most: int) -> Iterator[P]:
    """Take one from each queue in turn until `at_most` are taken or all are empty."""
    waiting = dict(queues)
    taken = 0
    while waiting and taken < at_most:
        for key in list(waiting):
            item = next(waiting[key], None)
            if item is None:
                del waiting[key]
                continue
            yield item
            taken += 1
            if taken == at_most:
                return

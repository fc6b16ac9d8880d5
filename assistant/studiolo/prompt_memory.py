"""What stood in the last prompt, so that the next one of the same talk begins like it; pure but for remembering it.

A model keeps what it has read as long as the next prompt begins with the same tokens. Two questions over the same
passages differ in their order and in the sentences around which they are cut; kept as they were, only the new question
is read. benchmarks/second_question.py measures it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studiolo.evidence import Evidence
from studiolo.prompts import Form
from studiolo_indexer.records import Passage

_MOST_TEXTS = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """The sources of a prompt: the passages that they were cut from, and their texts, in the prompt's order.

    In the focused form there may be more texts than passages: sentences that later questions needed stand at the end.
    """

    form: Form
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]

    def is_of(self, evidence: Sequence[Evidence]) -> bool:
        """Tell whether these are the very passages, in any order; one whose document has changed is another."""
        mine = {(p.chunk_id, p.sha256) for p in self.passages}
        return len(evidence) == len(mine) and {(e.passage.chunk_id, e.passage.sha256) for e in evidence} == mine


class PromptMemory:
    """Remembers the sources of the last prompt; owned by the thread that answers."""

    def __init__(self) -> None:
        self._kept: Kept | None = None

    def forget(self) -> None:
        """Begin a new talk."""
        self._kept = None

    def keep(self, form: Form, evidence: Sequence[Evidence], texts: Sequence[str]) -> None:
        """Remember what stands in a prompt."""
        self._kept = Kept(form, tuple(e.passage for e in evidence), tuple(texts))

    def in_order(self, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """Number passages as the last prompt did, where the first ones are the same; else give them as they are.

        Only for prompts whose numbers a model writes itself: `[1]` must be the first source of the prompt, and the
        first card of the window.
        """
        kept = self._kept
        if kept is None or kept.form != "cited" or not kept.is_of(evidence[: len(kept.passages)]):
            return tuple(evidence)
        places = {passage.chunk_id: at for at, passage in enumerate(kept.passages)}
        first = sorted(evidence[: len(places)], key=lambda e: places[e.passage.chunk_id])
        return tuple(replace(e, number=n) for n, e in enumerate([*first, *evidence[len(places) :]], start=1))

    def focused(self, evidence: Sequence[Evidence]) -> list[str] | None:
        """Give the texts of the last prompt for a question over the same passages, with the sentences that it lacks.

        Args:
            evidence: All passages that the prompt shall rest on.

        Returns:
            None where the passages are others, or too many sentences have come together.
        """
        kept = self._kept
        if kept is None or kept.form != "focused" or not kept.is_of(evidence):
            return None
        texts = list(kept.texts)
        for item in evidence:
            if not any(item.quote() in text for text in texts):
                texts.append(item.quote())
        return texts if len(texts) <= _MOST_TEXTS else None

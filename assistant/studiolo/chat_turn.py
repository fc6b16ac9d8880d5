"""Asks a loaded model, once or a second time, and adds up what that cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event

from studiolo_models.protocols import ChatMessage, ChatModel, GenerationOptions, GenerationStats


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """One question to a model, which may be asked twice."""

    model: ChatModel
    options: GenerationOptions
    cancel: Event

    def say(
        self, messages: Sequence[ChatMessage], on_token: Callable[[str], None]
    ) -> tuple[str, GenerationStats | None]:
        """Let the model answer, piece by piece."""
        generation = self.model.generate(messages, options=self.options, cancel=self.cancel)
        pieces = []
        for piece in generation:
            pieces.append(piece)
            on_token(piece)
        return "".join(pieces).strip(), generation.stats

    def has_room(self, messages: Sequence[ChatMessage]) -> bool:
        """Tell whether a prompt and its answer fit the context."""
        return self.model.count_prompt(messages) + self.options.max_tokens <= self.model.context_tokens


def together(first: GenerationStats | None, second: GenerationStats | None) -> GenerationStats | None:
    """Add up what two tries cost; the first word came with the first."""
    if first is None or second is None:
        return first or second
    return replace(
        second,
        prompt_tokens=first.prompt_tokens + second.prompt_tokens,
        reused_tokens=first.reused_tokens + second.reused_tokens,
        answer_tokens=first.answer_tokens + second.answer_tokens,
        first_token_s=first.first_token_s,
        total_s=first.total_s + second.total_s,
    )

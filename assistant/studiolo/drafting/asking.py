"""Lets a chat model word a question about one sentence; what it says is only a proposal, to be checked."""

from __future__ import annotations

import re
import threading

from studiolo.drafting.proposals import Kind
from studiolo.prompts import form_for
from studiolo_models.protocols import ChatMessage, ChatModel, GenerationOptions

_MAX_TOKENS = 40
_SYSTEM = (
    "You write one short question about a sentence. The question asks for the given answer and does not contain it."
)
_EXAMPLES = (
    ("Unused leave of up to ten days may be carried over into the next year.", "ten days",
     "How much unused leave may be carried over into the next year?"),
    ("The deposit is returned on 31 March 2024 if the flat is undamaged.", "31 March 2024",
     "When is the deposit returned if the flat is undamaged?"),
    ("A sinking fund is money that owners set aside for repairs.", "money that owners set aside for repairs",
     "What is a sinking fund?"),
)  # fmt: skip
# How a question begins that asks for an answer of its kind.
_PREPOSITION = (
    r"(?:(?:within|by|for|after|at|to|in|until|since|on|from|over|innerhalb von|nach|bis|seit|ab|von|durch) )?"
)
_OPENINGS: dict[Kind, str] = {
    "figure": rf"{_PREPOSITION}(?:how (?:many|much|long|often|high|large)"
    rf"|what|which|wie (?:viel\w*|lange|oft|hoch|groß))\b",
    "date": rf"{_PREPOSITION}(?:when|what (?:date|day|year|month)|which (?:date|day|year|month)|wann)\b",
    "definition": r"(?:what|was)\b",
    "name": rf"{_PREPOSITION}(?:who|whom|whose|where|what|which|wer|wem|wen|wo)\b",
    "procedure": r"(?:how|what (?!is|are|was|were)|wie|was)\b",
    "reason": r"(?:why|what (?:caused|led|drove|explains)|warum|weshalb)\b",
    "content": r"(?:what (?!is the (?:difference|purpose))|which|how|was|welche)",
}


def can_ask(model_bytes: int) -> bool:
    """Tell by the size of a model's file whether it can word questions.

    SmolLM2-135M was tried on 60 sentences of benefit plans and quarterly reports: 29 of its questions passed the
    checks, and at most five of those asked for the answer ("What is a claim?" for a deadline). The templates do
    better alone.
    """
    return form_for(model_bytes) == "cited"


class ModelAsker:
    """Asks a chat model; owned by the thread that owns the model.

    Args:
        chat: The loaded model.
        cancel: Ends a question in the middle.
    """

    def __init__(self, chat: ChatModel, cancel: threading.Event) -> None:
        self._chat = chat
        self._cancel = cancel

    def question(self, sentence: str, answer: str, kind: Kind) -> str:
        """Give the model's question for an answer that stands in a sentence; empty if it asks for another kind."""
        options = GenerationOptions(max_tokens=_MAX_TOKENS, repeat_penalty=1.0, stop=("\n",))
        generation = self._chat.generate(_prompt(sentence, answer), options=options, cancel=self._cancel)
        said = "".join(generation).strip().removeprefix("Question:").strip(' "“”*')
        end = said.find("?")
        asked = " ".join(said[: end + 1].split())
        return asked if re.match(_OPENINGS[kind], asked, re.IGNORECASE) else ""


def _prompt(sentence: str, answer: str) -> list[ChatMessage]:
    """Build a prompt whose beginning is always the same, so that it is read once."""
    turns = [ChatMessage("system", _SYSTEM)]
    for known, its_answer, question in _EXAMPLES:
        turns += [ChatMessage("user", _turn(known, its_answer)), ChatMessage("assistant", question)]
    return [*turns, ChatMessage("user", _turn(sentence, answer))]


def _turn(sentence: str, answer: str) -> str:
    return f"Sentence: {sentence}\nAnswer: {answer}\nQuestion:"

"""Renders a GGUF's chat template, untrusted jinja2, in a sandbox (S1), and keeps contents apart from the template.

Contents enter as placeholders and are put back after rendering, so that a template can neither read nor change them,
and so that only the template's own text is ever tokenised with special tokens: a document that holds `<|im_end|>`
cannot end a turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from studiolo_models.errors import ModelDamaged
from studiolo_models.protocols import ChatMessage

_MARK = "\ue000"
_MAX_TEMPLATE = 100_000
_MAX_RENDERED = 200_000
_PLAIN = (
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)


@dataclass(frozen=True, slots=True)
class PromptPiece:
    """A piece of a rendered prompt; `trusted` pieces come from the template and may hold special tokens."""

    text: str
    trusted: bool


class ChatTemplate:
    """A compiled chat template.

    Args:
        source: The template from the GGUF file; empty for a model without one, which then gets a plain form.
        bos_token, eos_token: The model's own marks, as templates expect them.

    Raises (on construction):
        ModelDamaged: If the template is no jinja2, or too long.
    """

    def __init__(self, source: str, *, bos_token: str = "", eos_token: str = "") -> None:
        if len(source) > _MAX_TEMPLATE:
            raise ModelDamaged("its chat template is too long")
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals = {"raise_exception": _refuse, "bos_token": bos_token, "eos_token": eos_token}
        try:
            self._template = environment.from_string(source or _PLAIN)
        except (jinja2.TemplateError, RecursionError) as error:
            raise ModelDamaged(f"its chat template cannot be read: {type(error).__name__}") from error

    def render(self, messages: Sequence[ChatMessage]) -> list[PromptPiece]:
        """Render a prompt that ends where the assistant begins.

        A template that refuses a system message gets it in front of the first user message instead.

        Raises:
            ModelDamaged: If the template breaks out of the sandbox, fails, or floods.
        """
        try:
            return self._render(messages)
        except ModelDamaged:
            merged = _without_system(messages)
            if merged is None:
                raise
            return self._render(merged)

    def _render(self, messages: Sequence[ChatMessage]) -> list[PromptPiece]:
        marked = [{"role": m.role, "content": f"{_MARK}{index}{_MARK}"} for index, m in enumerate(messages)]
        pieces = []
        length = 0
        try:
            for part in self._template.generate(messages=marked, add_generation_prompt=True):
                length += len(part)
                if length > _MAX_RENDERED:
                    raise ModelDamaged("its chat template floods the prompt")
                pieces.append(part)
        except ModelDamaged:
            raise
        except Exception as error:
            raise ModelDamaged(f"its chat template fails: {type(error).__name__}") from error
        return _split("".join(pieces), messages)


def _split(rendered: str, messages: Sequence[ChatMessage]) -> list[PromptPiece]:
    """Cut at the placeholders: every odd piece is the number of a message."""
    parts = rendered.split(_MARK)
    if len(parts) % 2 == 0:
        raise ModelDamaged("its chat template breaks its contents")
    pieces = []
    for index, part in enumerate(parts):
        if index % 2 == 0:
            pieces.append(PromptPiece(part, trusted=True))
        elif part.isdecimal() and int(part) < len(messages):
            pieces.append(PromptPiece(messages[int(part)].content, trusted=False))
        else:
            raise ModelDamaged("its chat template changes its contents")
    return [p for p in pieces if p.text]


def _without_system(messages: Sequence[ChatMessage]) -> list[ChatMessage] | None:
    if len(messages) < 2 or messages[0].role != "system" or messages[1].role != "user":
        return None
    return [ChatMessage("user", f"{messages[0].content}\n\n{messages[1].content}"), *messages[2:]]


def _refuse(message: str = "") -> None:
    raise jinja2.TemplateError("refused by the template")

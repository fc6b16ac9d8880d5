"""Turns messages into a prompt by a GGUF's chat template, untrusted jinja2 that runs only in `template_worker` (S1).

Contents never enter the template: it is rendered with placeholders, once for each sequence of roles, and the contents
are put into the result. So a template can neither read nor change them, a turn costs no process, and only the
template's own text is ever tokenised with special tokens: a document that holds `<|im_end|>` cannot end a turn.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from studiolo_models.errors import ModelDamaged, ModelUnsupported
from studiolo_models.protocols import ChatMessage
from studiolo_models.template_worker import MARK, MAX_RENDERED, Order

WORKER = (sys.executable, "-I", "-m", "studiolo_models.template_worker")
_MAX_TEMPLATE = 100_000
_MAX_MESSAGES = 1_000
_DEADLINE_S = 10.0
_ASKED_FIRST = ("system", "user")
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)


@dataclass(frozen=True, slots=True)
class PromptPiece:
    """A piece of a rendered prompt; `trusted` pieces come from the template and may hold special tokens."""

    text: str
    trusted: bool


class _Refused(ModelDamaged):
    """The template ended, but not with a prompt; it may do so without a system message."""


class ChatTemplate:
    """A model's chat template, tried once with a system and a user message.

    Args:
        source: The template from the GGUF file; empty for a model without one, which then gets a plain form:
            "role: content" and an empty line for each message, after `bos_token`.
        bos_token, eos_token: The model's own marks, as templates expect them.
        command: What starts `template_worker`.

    Raises (on construction):
        ModelDamaged: If the template cannot be read, fails, floods, or does not end.
    """

    def __init__(
        self, source: str, *, bos_token: str = "", eos_token: str = "", command: Sequence[str] = WORKER
    ) -> None:
        if len(source) > _MAX_TEMPLATE:
            raise ModelDamaged("its chat template is too long")
        self._source = source
        self._bos_token = bos_token
        self._eos_token = eos_token
        self._command = tuple(command)
        self._skeletons: dict[tuple[str, ...], tuple[str | int, ...]] = {}
        self._merges_system = False
        if source:
            self._try_out()

    def render(self, messages: Sequence[ChatMessage]) -> list[PromptPiece]:
        """Render a prompt that ends where the assistant begins.

        A template that refuses a system message gets it in front of the first user message instead.

        Raises:
            ModelDamaged: If the template fails, floods, or does not end.
            ModelUnsupported: If there are no messages, or too many.
        """
        if not 1 <= len(messages) <= _MAX_MESSAGES:
            raise ModelUnsupported(f"a prompt of {len(messages)} messages")
        if self._merges_system:
            messages = _merged(messages)
        skeleton = self._skeleton(tuple(m.role for m in messages))
        pieces = [
            PromptPiece(part, trusted=True)
            if isinstance(part, str)
            else PromptPiece(messages[part].content, trusted=False)
            for part in skeleton
        ]
        return [piece for piece in pieces if piece.text]

    def _try_out(self) -> None:
        try:
            self._skeleton(_ASKED_FIRST)
        except _Refused:
            self._skeleton(("user",))
            self._merges_system = True

    def _skeleton(self, roles: tuple[str, ...]) -> tuple[str | int, ...]:
        if not self._source:
            return _plain(self._bos_token, roles)
        if roles not in self._skeletons:
            order = Order(self._source, self._bos_token, self._eos_token, roles)
            self._skeletons[roles] = _split(self._run(order), len(roles))
        return self._skeletons[roles]

    def _run(self, order: Order) -> str:
        """Render in the worker; whatever it does, this ends."""
        try:
            done = subprocess.run(
                self._command,
                input=order.to_json(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_DEADLINE_S,
                check=False,
                creationflags=_NO_WINDOW,
            )
        except subprocess.TimeoutExpired as error:
            raise ModelDamaged("its chat template does not end") from error
        try:
            untrusted = json.loads(done.stdout)
        except ValueError as error:
            raise ModelDamaged("its chat template takes too much time or memory") from error
        rendered = untrusted.get("rendered") if isinstance(untrusted, dict) else None
        if not isinstance(rendered, str) or len(rendered) > MAX_RENDERED:
            kind = str(untrusted.get("error", ""))[:40] if isinstance(untrusted, dict) else ""
            raise _Refused(f"its chat template fails: {kind}")
        return rendered


def _split(rendered: str, n_messages: int) -> tuple[str | int, ...]:
    """Cut at the placeholders: every odd piece is the number of a message, and each stands there once.

    Raises:
        ModelDamaged: If the template broke, repeated or left out a placeholder.
    """
    parts = rendered.split(MARK)
    if len(parts) % 2 == 0:
        raise ModelDamaged("its chat template breaks its contents")
    numbers = parts[1::2]
    if len(set(numbers)) < len(numbers) or any(number not in map(str, range(n_messages)) for number in numbers):
        raise ModelDamaged("its chat template changes its contents")
    if len(numbers) < n_messages:
        raise _Refused("its chat template leaves out a message")
    return tuple(int(part) if index % 2 else part for index, part in enumerate(parts))


def _plain(bos_token: str, roles: Sequence[str]) -> tuple[str | int, ...]:
    parts: list[str | int] = [bos_token]
    for index, role in enumerate(roles):
        parts += [f"{role}: ", index, "\n\n"]
    return (*parts, "assistant:")


def _merged(messages: Sequence[ChatMessage]) -> Sequence[ChatMessage]:
    if len(messages) < 2 or messages[0].role != "system" or messages[1].role != "user":
        return messages
    return [ChatMessage("user", f"{messages[0].content}\n\n{messages[1].content}"), *messages[2:]]

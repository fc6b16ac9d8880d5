"""The process that renders chat templates: `python -m studiolo_models.template_worker`, one JSON document in, one out.

A template is a program from a stranger. jinja2's sandbox keeps it away from Python, but not from an endless loop or a
string of ten gigabytes (`range` is bounded, nested loops, powers and products are not), so it runs only here, where
memory and time are limited, and never in the process that holds the documents.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Sequence

MARK = "\ue000"
"""Stands around the number of a message where its content goes; a private-use character, which no template writes."""

MAX_RENDERED = 200_000
_MEMORY_BYTES = 512 * 1024 * 1024
_PROCESSOR_S = 2
_TEMPLATE_FAULTS = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Order:
    """What to render: the template, the model's own marks, and the role of each message."""

    source: str
    bos_token: str
    eos_token: str
    roles: Sequence[str]

    def to_json(self) -> bytes:
        """Write the order as the worker reads it."""
        return json.dumps(asdict(self)).encode("ascii")


def render(order: Order) -> str:
    """Render a prompt that ends where the assistant begins; contents are marks with the number of their message.

    Raises:
        jinja2.TemplateError: If it is no template, or leaves the sandbox, or refuses these roles.
        Exception: Whatever else a template can provoke: a division by zero, a missing key.
    """
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = lambda form: datetime.now().astimezone().strftime(form)
    messages = [{"role": role, "content": f"{MARK}{index}{MARK}"} for index, role in enumerate(order.roles)]
    pieces = []
    length = 0
    # What transformers passes to every template, so that `tools is not none` is asked as its writers meant it;
    # thinking aloud would be streamed as the answer.
    for piece in environment.from_string(order.source).generate(
        messages=messages,
        tools=None,
        documents=None,
        add_generation_prompt=True,
        enable_thinking=False,
        bos_token=order.bos_token,
        eos_token=order.eos_token,
    ):
        length += len(piece)
        if length > MAX_RENDERED:
            raise jinja2.TemplateError("flood")
        pieces.append(piece)
    return "".join(pieces)


def _refuse(message: str = "") -> None:
    raise jinja2.TemplateError("refused by the template")


def _limit() -> None:
    """Bound memory and processor time where the system can; elsewhere the parent's time limit must do."""
    if sys.platform == "win32":
        return
    import resource

    if sys.platform != "darwin":  # macOS refuses to bound the address space
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_S, _PROCESSOR_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Render one order from standard input; any failure is told by its kind alone."""
    _limit()
    try:
        answer = {"rendered": render(Order(**json.load(sys.stdin.buffer)))}
    except _TEMPLATE_FAULTS as error:
        answer = {"error": type(error).__name__}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())

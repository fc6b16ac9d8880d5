"""What every desk of the engine shares: a job's way to speak and to be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from studiolo.messages import EngineEvent, Request

Json = dict[str, Any]  # Any: a JSON document, whose shape is the contract
Emit = Callable[[EngineEvent], None]
MOST_ROWS = 2**53
"""A number that SQLite can hold, and JSON too."""


def _say_nothing(event: EngineEvent) -> None:
    """Take an event that nobody wants to see."""


@dataclass(frozen=True, slots=True)
class Job:
    """One request in hand: where its events go, and the event that stops it."""

    emit: Emit = _say_nothing
    cancel: threading.Event = field(default_factory=threading.Event)


class Cancelled(Exception):
    """The user stopped it: an event, never an error. `value` holds what there was."""

    def __init__(self, value: Json | None = None) -> None:
        super().__init__()
        self.value = value or {}


class Desk(Protocol):
    """Handles the requests of one kind, one at a time, on the thread that owns it."""

    def handle(self, request: Request, job: Job) -> Json:
        """Do what is asked and give the result.

        Raises:
            Cancelled: If `job.cancel` was set.
            AssistantError, IndexerError, ModelError, FileFailure: With a code that errors.py words.
        """

    def close(self) -> None:
        """Give back what the desk holds."""


def bounded(number: int) -> int:
    """Keep a number of a request within what SQLite can hold."""
    return max(0, min(number, MOST_ROWS))

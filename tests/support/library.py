"""A small library of documents, indexed with the real starter models; and an engine that is listened to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from studiolo import messages
from studiolo.desk import Job, Json
from studiolo.index_desk import IndexDesk
from studiolo.messages import EngineEvent
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace

LEAVE = (
    "# Leave\n\nUnused leave of up to ten days may be carried over and must be taken by 31 March. "
    "Leave accrues at 2.5 days per month of service.\n\n"
    "# Working from home\n\nA home-office desk is approved by the head of the department.\n"
)
CONTRACT = "# Contract\n\nThe contract may be ended with a notice period of six weeks to the end of a quarter.\n"

E = TypeVar("E", bound=EngineEvent)


def write_library(root: Path) -> Path:
    """Write the documents: `hr` and `contracts`."""
    for name, text in (("hr/leave.md", LEAVE), ("contracts/albers.md", CONTRACT), ("hr/broken.pdf", "%PDF-1.7 no")):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def index_library(home: Path, root: Path) -> Workspace:
    """Index the documents in two collections: `documents` (hr) and `contracts`."""
    workspace = Workspace(AppPaths(home))
    desk = IndexDesk(workspace, emit=lambda event: None, post=lambda step: step())
    for name, collection in (("hr", "documents"), ("contracts", "contracts")):
        desk.handle(messages.AddFolder(id="a", path=str(root / name), collection=collection), Job())
    desk.handle(messages.Sync(id="s"), Job())
    desk.close()
    return workspace


class Listener:
    """Keeps what an engine says, and waits for what it should say."""

    def __init__(self) -> None:
        self.events: list[EngineEvent] = []
        self._changed = threading.Condition()

    def __call__(self, event: EngineEvent) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait(self, found: Callable[[EngineEvent], bool], *, timeout_s: float = 60.0) -> EngineEvent:
        """Wait for an event; the ones that came already count."""
        with self._changed:
            assert self._changed.wait_for(lambda: any(found(e) for e in self.events), timeout_s), self.events[-5:]
            return next(e for e in self.events if found(e))

    def end_of(self, request: str) -> EngineEvent:
        """Wait for the end of a request."""
        ends = (messages.Result, messages.Failed, messages.Cancelled)
        return self.wait(lambda e: isinstance(e, ends) and e.request == request)

    def result_of(self, request: str) -> Json:
        """Wait for the result of a request."""
        end = self.end_of(request)
        assert isinstance(end, messages.Result), end
        return end.value

    def all_of(self, kind: type[E]) -> list[E]:
        """Give the events of one kind so far."""
        return [e for e in list(self.events) if isinstance(e, kind)]

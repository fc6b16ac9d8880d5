"""When indexing works, and how hard: it waits for answers, and takes it easy on battery or when the user says so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from studiolo.wrapped_embedder import WrappedEmbedder
from studiolo_indexer.errors import Stopped
from studiolo_indexer.records import Vectors
from studiolo_models.protocols import EmbeddingModel

_LOOK_S = 0.1
# At the gentle speed two parts of rest follow each part of work, so that a third of the processor is taken.
_REST_FOR_WORK = 2.0
_LONGEST_REST_S = 3.0
_POWER_EVERY_S = 10.0


class IndexGate:
    """Lets indexing wait while a question is answered (few cores), and rest between its steps at the gentle speed.

    Args:
        busy: Set while a question is answered.
        on_battery: Tells whether the computer runs on its battery.
        speed: Tells the speed that the user has chosen, "full" or "gentle", and the one on battery.
    """

    def __init__(
        self,
        *,
        busy: threading.Event,
        on_battery: Callable[[], bool] = lambda: False,
        speed: Callable[[], tuple[str, str]] = lambda: ("full", "full"),
    ) -> None:
        self._busy = busy
        self._on_battery = on_battery
        self._speed = speed
        self._power_at = -_POWER_EVERY_S
        self._power = False
        self.paused = False

    def wait(self, stop: threading.Event, *, worked_s: float = 0.0) -> None:
        """Wait until indexing may go on, or `stop` is set.

        Args:
            stop: Ends the waiting.
            worked_s: Seconds that the step took which lies behind; at the gentle speed a rest follows it.
        """
        if worked_s > 0 and self.is_gentle():
            stop.wait(min(worked_s * _REST_FOR_WORK, _LONGEST_REST_S))
        while self._busy.is_set() and not stop.wait(_LOOK_S):
            pass

    def is_gentle(self) -> bool:
        """Tell whether indexing takes but a part of the processor now."""
        chosen, on_battery = self._speed()
        return chosen == "gentle" or (on_battery == "gentle" and self.on_battery())

    def slowdown(self) -> float:
        """Tell how many times longer indexing takes now than at full speed."""
        return 1.0 + _REST_FOR_WORK if self.is_gentle() else 1.0

    def on_battery(self) -> bool:
        """Tell whether the computer runs on its battery; the system is asked now and then."""
        now = time.monotonic()
        if now - self._power_at >= _POWER_EVERY_S:
            self._power_at, self._power = now, self._on_battery()
        return self._power


class GatedEmbedder(WrappedEmbedder):
    """The embedder as indexing sees it: with a look at the gate before each batch of a few texts."""

    def __init__(self, embedder: EmbeddingModel, gate: IndexGate, stop: threading.Event) -> None:
        super().__init__(embedder)
        self._embedder = embedder
        self._gate = gate
        self._stop = stop

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed; raises Stopped between two batches when the job is stopped."""
        since = time.monotonic()

        def before_batch() -> None:
            nonlocal since
            self._gate.wait(self._stop, worked_s=time.monotonic() - since)
            if self._stop.is_set():
                raise Stopped
            since = time.monotonic()

        return self._embedder.embed_documents(texts, before_batch=before_batch)

"""Runs the same step in many threads at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

_LONGEST_S = 60


def at_once(n_threads: int, step: Callable[[Callable[[], object]], object]) -> list[object]:
    """Give what each thread's step gave or raised, in the order in which they ended.

    Args:
        n_threads: How many threads.
        step: Gets a function that returns once all threads have called it; what must collide comes after it.
    """
    together = threading.Barrier(n_threads)
    outcomes: list[object] = []

    def run() -> None:
        try:
            outcomes.append(step(together.wait))
        except Exception as error:  # noqa: BLE001 - the outcome that the test looks at
            outcomes.append(error)

    threads = [threading.Thread(target=run) for _ in range(n_threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_LONGEST_S)
    return outcomes

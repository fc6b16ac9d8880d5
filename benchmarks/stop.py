"""How soon an answer that streams ends when it is stopped, through the real engine as a child process.

    .venv/bin/python benchmarks/stop.py [--runs 20]

Each run asks over the examples, waits for a few tokens, and cancels; the time counts from the cancel until the end of
the request itself has arrived, as the window sees it. Bar: 200 ms.
"""

from __future__ import annotations

import argparse
import json
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "Tell everything that the travel policy says about hotels, meals, trains, flights and mileage."
ENDS = ("result", "failed", "cancelled")
Json = dict[str, Any]  # Any: a JSON document


class Engine:
    """The engine of a data folder, spoken to in JSON lines."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-I", "-m", "studiolo.service", "--home", str(home)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._lines: queue.Queue[Json] = queue.Queue()
        assert self._process.stdout is not None
        threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True).start()

    def _read(self, stream: IO[bytes]) -> None:
        for line in stream:
            self._lines.put(json.loads(line))

    def send(self, **request: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()

    def until(self, kinds: tuple[str, ...], request: str) -> Json:
        while True:
            event = self._lines.get(timeout=120)
            if event["type"] in kinds and event.get("request", request) == request:
                return event

    def close(self) -> None:
        self.send(type="shutdown", id="bye")
        self._process.wait(30)


def stop_once(engine: Engine, run: int) -> float | None:
    """Ask, wait for three tokens, stop; gives seconds, or None where the answer was shorter than that."""
    request = f"ask{run}"
    engine.send(type="ask", id=request, question=f"{QUESTION} ({run})", collections=["documents"])
    for _ in range(3):
        if engine.until(("token", *ENDS), request)["type"] != "token":
            return None
    began = time.perf_counter()
    engine.send(type="cancel", id=f"stop{run}", target=request)
    end = engine.until(ENDS, request)
    return time.perf_counter() - began if end["type"] == "cancelled" else None


def main() -> None:
    """Print the median and the worst."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as scratch:
        engine = Engine(Path(scratch) / "home")
        engine.send(type="add_folder", id="add", path=str(ROOT / "examples" / "hr"))
        engine.until(ENDS, "add")
        engine.send(type="sync", id="sync")
        engine.until(ENDS, "sync")
        times = [t for t in (stop_once(engine, run) for run in range(runs)) if t is not None]
        engine.close()
    print(
        f"stopped {len(times)} of {runs} answers while they streamed: median {1000 * statistics.median(times):.0f} ms, "
        f"worst {1000 * max(times):.0f} ms (bar: 200 ms)"
    )


if __name__ == "__main__":
    main()

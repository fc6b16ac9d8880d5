"""How much memory the engine takes beside its models: at rest, and while it indexes, hostile files among others.

    .venv/bin/python benchmarks/memory.py [--data FOLDER] [--home FOLDER] [--megabytes 200] [--pages 500]

Measured is `studiolo engine`, a child that is asked over its protocol, with all of its own children, 20 times a second:
resident memory (pages that processes share count in each of them), unique, and proportional (each such page counts
once; how much of these two falls to us depends on what else runs). Where the system tells the first alone, that stands
for all. Bars, models aside: 400 MB at rest, 1.5 GB while indexing; of resident memory, which is the largest.

*Models aside*: a process of its own imports what the engine does, loads one model as the engine does, then uses it.
What it grew by since its imports is the model's share, and is taken off: for an engine that has used its models the
share after use. What libraries take by being imported stays with the engine. Hostile files would be embedded for an
hour: they go through an engine that is given made-up vectors of the same length at once and loads no model, so that
nothing is taken off. `northwind-hr` needs `--data`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).resolve().parent.parent
STUDIOLO = Path(sys.executable).with_name("studiolo")
MEGABYTE = 1 << 20
IDLE_BAR_MB, INDEXING_BAR_MB = 400, 1500
LOOK_S = 0.05
SETTLE_S = 3.0
LINES = 45
PICTURE_MB = 8
HEADER = "number,date,invoice,branch,amount,paid\n"
ROW = "{},2026-{:02}-{:02},invoice {},Northwind branch {},{}.{:02},paid after {} days\n"
Json = dict[str, Any]  # Any: a JSON document

# The engine without models: made-up vectors at once, of the same length as the starter embedder's.
MODELLESS = """
import sys
from studiolo import service
import numpy as np
import studiolo.workspace as workspace
from studiolo.answer_desk import AnswerDesk

class Quick:
    name, identity, dimension, max_tokens = "quick", "0f" * 16, 384, 256

    def embed_documents(self, texts, *, before_batch=None):
        if before_batch:
            before_batch()
        made = [np.random.default_rng(abs(hash(text))).standard_normal(384, dtype=np.float32) for text in texts]
        return np.stack([v / np.linalg.norm(v) for v in made]) if made else np.zeros((0, 384), dtype=np.float32)

    def embed_query(self, text):
        return self.embed_documents([text])[0]

    def count_tokens(self, texts):
        return [len(text.split()) for text in texts]

workspace.load_embedder = lambda *arguments, **options: Quick()
AnswerDesk.preload_chat = lambda self: None
sys.exit(service.main(["--home", sys.argv[1]]))
"""
# One model alone: prints the memory after the imports, after loading, and after use.
ONE_MODEL = """
from studiolo import offline
offline.prepare_environment()
import json, sys, threading
import psutil, llama_cpp, openvino, lancedb, tantivy
import studiolo.engine, studiolo_models.llama_chat
from studiolo.paths import AppPaths
from studiolo.workspace import ChatHolder, Workspace
from studiolo_models.protocols import ChatMessage, GenerationOptions

def say():
    info = psutil.Process().memory_full_info()
    print(json.dumps([info.rss, info.uss, getattr(info, "pss", info.uss)]), flush=True)

text = "The branch of this district reports that every item was delivered in time and paid for at once. "
workspace = Workspace(AppPaths(__import__("pathlib").Path(sys.argv[1])))
say()
if sys.argv[2] == "embedder":
    embedder = workspace.embedder()
    embedder.embed_query("warm up")
    say()
    for number in range(16):
        embedder.embed_documents([f"{number} {at} {text * 8}"[: 40 + 12 * at] for at in range(64)])
else:
    chat = ChatHolder(workspace).load(None, None)
    say()
    options = GenerationOptions(max_tokens=64)
    list(chat.generate([ChatMessage("user", text * 60)], options=options, cancel=threading.Event()))
say()
"""


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes, of one process or of several together."""

    resident: int = 0
    unique: int = 0
    proportional: int = 0

    def __add__(self, other: Memory) -> Memory:
        """Add each kind."""
        return Memory(
            self.resident + other.resident, self.unique + other.unique, self.proportional + other.proportional
        )

    def __sub__(self, other: Memory) -> Memory:
        """Take each kind off."""
        return Memory(
            self.resident - other.resident, self.unique - other.unique, self.proportional - other.proportional
        )

    def most(self, other: Memory) -> Memory:
        """Give the larger of each kind."""
        return Memory(
            max(self.resident, other.resident),
            max(self.unique, other.unique),
            max(self.proportional, other.proportional),
        )


def memory_of(process: psutil.Process) -> Memory:
    """Give the memory of a process; nothing for one that has ended."""
    try:
        info = process.memory_full_info()
    except psutil.Error:
        return Memory()
    return Memory(info.rss, info.uss, getattr(info, "pss", info.uss))


class EngineChild:
    """An engine as a child of ours: asked over its protocol, and looked at all the time.

    `peak` holds the most of all its processes together since `forget`, kind by kind, `by_process` what each had most.
    """

    def __init__(self, command: list[str | Path]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._events: list[Json] = []
        self._changed = threading.Condition()
        self._asked = 0
        self.peak = Memory()
        self.by_process: dict[str, int] = {}
        for work in (self._listen, self._look):
            threading.Thread(target=work, daemon=True).start()

    def wait_for(self, is_wanted: Callable[[Json], bool], *, limit_s: float = 1800.0) -> Json:
        """Wait for an event.

        Raises:
            TimeoutError: If none comes, or the engine has ended.
        """
        found: list[Json] = []

        def has_come() -> bool:
            found.extend(event for event in self._events if is_wanted(event))
            return bool(found) or self._process.poll() is not None

        with self._changed:
            self._changed.wait_for(has_come, limit_s)
        if not found:
            raise TimeoutError("the engine does not answer")
        return found[0]

    def ask(self, kind: str, **fields: Any) -> Any:  # Any: JSON
        """Send a request and wait for its end; gives the result's value."""
        self._asked += 1
        request = {"type": kind, "id": str(self._asked), **fields}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        end = self.wait_for(
            lambda event: event.get("request") == request["id"] and event["type"] in ("result", "failed")
        )
        assert end["type"] == "result", end
        return end["value"]

    def now(self) -> Memory:
        """Give what it takes now, with its children."""
        return sum((memory_of(process) for process in self._family()), Memory())

    def forget(self) -> None:
        """Begin to measure anew."""
        self.peak, self.by_process = Memory(), {}

    def close(self) -> None:
        """End it."""
        self.ask("shutdown")
        self._process.wait(60)

    def _family(self) -> list[psutil.Process]:
        try:
            engine = psutil.Process(self._process.pid)
            return [engine, *engine.children(recursive=True)]
        except psutil.Error:
            return []

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            event = json.loads(line)
            if event["type"] in ("ready", "result", "failed", "notice"):
                with self._changed:
                    self._events.append(event)
                    self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    def _look(self) -> None:
        while self._process.poll() is None:
            total = Memory()
            for process in self._family():
                memory = memory_of(process)
                total += memory
                name = "engine" if process.pid == self._process.pid else "its children"
                self.by_process[name] = max(self.by_process.get(name, 0), memory.resident)
            self.peak = self.peak.most(total)
            time.sleep(LOOK_S)  # no event tells of memory: it is looked at


def share_of(model: str, home: Path) -> tuple[Memory, Memory]:
    """Give what a model takes loaded, and once it was used, in a process of its own."""
    command = [sys.executable, "-I", "-c", ONE_MODEL, str(home), model]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    before, loaded, used = (Memory(*json.loads(line)) for line in done.stdout.splitlines())
    return loaded - before, used - before


def row(what: str, memory: Memory, note: str = "") -> None:
    """Print a line of the table."""
    kinds = (memory.resident, memory.unique, memory.proportional)
    print(f"{what:52}" + "".join(f"{kind / MEGABYTE:9.0f}" for kind in kinds) + f"  {note}", flush=True)


def judge(what: str, memory: Memory, bar_mb: int, note: str = "") -> bool:
    """Print a line that has a bar; tells whether it is reached."""
    good = memory.resident <= bar_mb * MEGABYTE
    row(what, memory, f"bar {bar_mb} MB: {'reached' if good else 'MISSED'}{note}")
    return good


def with_models(home: Path, data: Path | None) -> bool:
    """Measure the engine as it is, and take its models off; tells whether the bars are reached."""
    for command in (["add", str(ROOT / "examples" / "hr")], ["sync"]):
        subprocess.run([STUDIOLO, *command, "--home", home], check=False, capture_output=True)
    embedder, embedder_used = share_of("embedder", home)
    chat, chat_used = share_of("chat", home)
    row("embedder, loaded", embedder)
    row("embedder, after 1,024 texts", embedder_used)
    row("chat model, loaded", chat)
    row("chat model, after an answer", chat_used)
    engine = EngineChild([STUDIOLO, "engine", "--home", home])
    engine.wait_for(lambda event: event["type"] == "ready")
    engine.ask("watch")
    time.sleep(SETTLE_S)  # the chat model is loaded after `ready`
    idle = engine.now()
    row("engine at rest after its start", idle)
    good = judge("  less embedder and chat model, loaded", idle - embedder - chat, IDLE_BAR_MB)
    engine.ask("ask", question="How many days of unused leave may be carried over into the next year?")
    time.sleep(SETTLE_S)  # what the answer has taken for a moment is given back
    answered = engine.now()
    row("engine at rest after an answer", answered)
    good &= judge("  less both models, used", answered - embedder_used - chat_used, IDLE_BAR_MB)
    if data is None:
        print("northwind-hr is left out: needs --data FOLDER")
    else:
        engine.forget()
        engine.ask("add_folder", path=str(data / "northwind-hr" / "files"))
        engine.ask("sync")
        peak, parts = engine.peak, engine.by_process
        row("engine while it indexes northwind-hr", peak)
        good &= judge("  less both models, used", peak - embedder_used - chat_used, INDEXING_BAR_MB, _parts(parts))
    engine.close()
    return good


def hostile_files(folder: Path, megabytes: int, pages: int) -> list[Path]:
    """Write a long table, a long PDF, and large pages of few words; each into a folder of its own, no passage twice."""
    table, paged, pictured = (folder / name for name in ("table", "long PDF", "pages with large pictures"))
    for place in (table, paged, pictured):
        place.mkdir()
    with (table / "table.csv").open("w") as stream:
        size, number = stream.write(HEADER), 0
        while size < megabytes * MEGABYTE:
            number += 1
            size += stream.write(ROW.format(number, *(number * step % 28 + 1 for step in (1, 3, 7, 11, 13, 17, 19))))
    canvas = Canvas(str(paged / "long.pdf"))
    for page in range(pages):
        for at in range(LINES):
            line = f"Page {page + 1}, line {at}: the district {page * LINES + at} reports a gain."
            canvas.drawString(60, 790 - 16 * at, line)
        canvas.showPage()
    canvas.save()
    picture = "QUJD" * (PICTURE_MB * MEGABYTE // 4)
    for number in range(max(1, 2 * megabytes // PICTURE_MB)):
        words = f"<p>Note {number} has a picture.</p><img src='data:image/png;base64,{picture}'>"
        (pictured / f"{number}.html").write_text(words)
    return [table, paged, pictured]


def without_models(scratch: Path, folders: list[Path]) -> bool:
    """Index each hostile folder by an engine without models; tells whether the bar is reached."""
    good = True
    for folder in folders:
        engine = EngineChild([sys.executable, "-I", "-c", MODELLESS, scratch / f"home of {folder.name}"])
        engine.wait_for(lambda event: event["type"] == "ready")
        row("engine without models, at rest", engine.now())
        engine.forget()
        engine.ask("add_folder", path=str(folder))
        report = engine.ask("sync")
        states = Counter(record.get("code") or record["state"] for record in engine.ask("files")["rows"])
        outcome = ", ".join(f"{count} {state}" for state, count in states.items())
        size = sum(file.stat().st_size for file in folder.iterdir()) / MEGABYTE
        note = f"{_parts(engine.by_process)}; {outcome}, {report['chunks_embedded']:,} chunks"
        good &= judge(f"  while it indexes: {folder.name}, {size:.0f} MB", engine.peak, INDEXING_BAR_MB, note)
        engine.close()
    return good


def _parts(parts: dict[str, int]) -> str:
    return "; at most " + ", ".join(f"{name} {most / MEGABYTE:.0f}" for name, most in parts.items())


def main() -> int:
    """Print the table; gives 1 where a bar is not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    parser.add_argument("--home", type=Path, help="a data folder that is kept")
    parser.add_argument("--megabytes", type=int, default=200, help="size of the hostile table")
    parser.add_argument("--pages", type=int, default=500, help="pages of the hostile PDF")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        docs = scratch / "docs"
        docs.mkdir()
        print(f"{'MB':52}{'resident':>9}{'unique':>9}{'proport.':>9}")
        good = with_models(options.home or scratch / "home", options.data)
        good &= without_models(scratch, hostile_files(docs, options.megabytes, options.pages))
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())

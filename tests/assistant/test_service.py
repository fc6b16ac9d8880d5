"""The engine as a child: JSON lines and nothing else, an end for every way to end it, and an index that survives it."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import psutil
import pytest
from command_line import STUDIOLO
from library import Listener, write_library

from studiolo import messages
from studiolo.desk import Job, Json
from studiolo.index_desk import IndexDesk
from studiolo.messages import EngineEvent, Request, decode_event, encode
from studiolo.paths import AppPaths
from studiolo.service import LineWriter, serve
from studiolo.workspace import Workspace
from studiolo_indexer.store import Differences, Store
from studiolo_models.fakes import FakeEmbedder
from studiolo_models.protocols import EmbeddingModel

pytestmark = pytest.mark.real_models

WAIT_S = 60
N_FILES = 70
CANARY = "Zebrafinken sing at half past five"
KEEPS_STDOUT = """
import ctypes, os, subprocess, sys
from studiolo.service import keep_stdout
out = keep_stdout()
os.write(1, b"NOISE of a library\\n")
print("NOISE of Python", flush=True)
subprocess.run([sys.executable, "-I", "-c", "print('NOISE of a child')"])
out.write(b"the protocol\\n")
"""


class Engine:
    """A real engine process, and everything that it says."""

    def __init__(self, home: Path) -> None:
        self.heard = Listener()
        self.raw: list[bytes] = []
        self.process = subprocess.Popen(
            [STUDIOLO, "engine", "--home", str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.raw.append(line)
            self.heard(decode_event(line))

    def send(self, *requests: Request | bytes) -> None:
        assert self.process.stdin is not None
        for request in requests:
            self.process.stdin.write(request if isinstance(request, bytes) else encode(request))
        self.process.stdin.flush()

    def files_told(self) -> set[str]:
        return {e.path for e in self.heard.all_of(messages.FileEvent) if e.event == "indexed"}

    def end(self) -> int:
        """Close its input and wait for its end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        code = self.process.wait(WAIT_S)
        self._reader.join(WAIT_S)
        return code

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(WAIT_S)
        self._reader.join(WAIT_S)

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


# ---- the protocol ------------------------------------------------------------------------------------------------


def test_a_session_from_hello_to_the_end_of_its_input(tmp_path: Path, empty_home: Path) -> None:
    """S17 too: the log tells what happened and no word of a document, a question or an answer."""
    root, paths = write_library(tmp_path / "docs"), AppPaths(empty_home)
    (root / "hr" / "birds.txt").write_text(f"{CANARY} in the yard.")
    paths.create()
    (paths.temp / "left").write_text("x")
    with Engine(paths.home) as engine:
        engine.send(messages.Hello(id="h"), b"no json\n", b"[]\n", b'{"type":"fly","id":"x"}\n', b"\xff\xfe\n", b"\n")
        hello = engine.heard.result_of("h")
        assert hello["offline"]["verified"], hello
        assert list(paths.temp.iterdir()) == []
        engine.send(messages.AddFolder(id="a", path=str(root / "hr")), messages.Sync(id="s"))
        assert engine.heard.result_of("s")["files"]["indexed"] == 2
        engine.send(messages.Ask(id="q", question=f"When do {CANARY}?", use_model=False))
        assert "half past five" in engine.heard.result_of("q")["answer"]
        engine.heard.wait(lambda e: isinstance(e, messages.Ready))
        children = psutil.Process(engine.process.pid).children(recursive=True)
        assert children
        assert engine.end() == 0
        notices = engine.heard.all_of(messages.Notice)
        assert [n.error["code"] for n in notices] == ["protocol.error"] * 5
        assert b"".join(engine.raw).count(b"\n") == len(engine.heard.events)
        assert not psutil.wait_procs(children, timeout=WAIT_S)[1]
    log = (paths.logs / "engine.log").read_text()
    assert "engine starts" in log
    assert "engine ends with 0" in log
    assert not [word for word in (*CANARY.split(), "birds", "leave.md") if word in log]
    assert (paths.logs / "engine.log").stat().st_mode & 0o077 == 0


def test_what_a_library_or_a_child_prints_is_no_part_of_the_protocol() -> None:
    done = subprocess.run([sys.executable, "-I", "-c", KEEPS_STDOUT], capture_output=True, timeout=WAIT_S)
    assert done.stdout == b"the protocol\n"
    assert done.stderr.count(b"NOISE") == 3


def test_a_data_folder_that_cannot_be_made_ends_with_a_notice_and_3(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    command = [sys.executable, "-I", "-m", "studiolo.service", "--home", str(tmp_path / "file")]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=WAIT_S)
    (event,) = [decode_event(line) for line in done.stdout.splitlines()]
    assert isinstance(event, messages.Notice)
    assert (done.returncode, event.error["code"]) == (3, "store.unwritable")


# ---- kill it at any moment ---------------------------------------------------------------------------------------


def rows(home: Path, embedder: EmbeddingModel) -> list[tuple[str, int, str]]:
    """Give what is in the store and counts: (file, ordinal, words), sorted."""
    catalogue = Workspace(AppPaths(home)).catalogue()
    store = Store(home / "index", dimension=embedder.dimension, embedder=embedder.identity)
    counted = catalogue.chunks.all("documents")
    assert store.compare("documents", counted) == Differences([], [], [])
    found = catalogue.chunks.current(store.vectors.chunks("documents")).values()
    store.close()
    catalogue.close()
    return sorted((Path(os.fsdecode(c.path)).name, c.ordinal, c.text) for c in found)


def sync(home: Path, embedder: EmbeddingModel, *folders: Path) -> Json:
    """Index to the end, in this process."""
    workspace = Workspace(AppPaths(home))
    workspace._embedder = embedder
    desk = IndexDesk(workspace, emit=lambda event: None, post=lambda step: step())
    for folder in folders:
        desk.handle(messages.AddFolder(id="a", path=str(folder)), Job())
    report = desk.handle(messages.Sync(id="s"), Job())
    desk.close()
    return report


def test_an_engine_that_is_killed_while_it_indexes_loses_nothing_and_does_nothing_twice(
    tmp_path: Path, library: Workspace, empty_home: Path
) -> None:
    """R1, promise 7: SIGKILL in the first batch, SIGKILL once a batch is told of, then a run to the end."""
    root, home = tmp_path / "docs", empty_home
    root.mkdir()
    for n in range(N_FILES):
        (root / f"{n}.txt").write_text(f"This is text number {n}.")

    def in_the_first_batch(event: EngineEvent) -> bool:
        return isinstance(event, messages.Progress) and event.phase == "index" and event.files_done > 0

    def after_a_batch(event: EngineEvent) -> bool:
        return isinstance(event, messages.FileEvent)

    told: set[str] = set()
    for moment in (in_the_first_batch, after_a_batch):
        with Engine(home) as engine:
            engine.send(messages.AddFolder(id="a", path=str(root)), messages.Sync(id="s"))
            engine.heard.wait(moment)
            engine.kill()
            told |= engine.files_told()
    assert told
    report = sync(home, library.embedder())
    assert report["files"] == {"on_disk": N_FILES, "indexed": N_FILES, "skipped": 0, "failed": 0, "pending": 0}
    # What was told as indexed was in the store, and is not embedded again.
    assert report["chunks_embedded"] <= N_FILES - len(told)
    sync(tmp_path / "other", FakeEmbedder(), root)
    assert rows(home, library.embedder()) == rows(tmp_path / "other", FakeEmbedder())


# ---- in this process: every way to end ---------------------------------------------------------------------------


@pytest.fixture
def served(
    home: Path, loaded_once: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[[bytes], tuple[int, list[EngineEvent]]]:
    """Serve some input; the chat model is not loaded beforehand."""
    monkeypatch.setattr("studiolo.answer_desk.AnswerDesk.preload_chat", lambda self: None)

    def run(data: bytes) -> tuple[int, list[EngineEvent]]:
        out = io.BytesIO()
        code = serve(AppPaths(home), io.BytesIO(data), LineWriter(out))
        return code, [decode_event(line) for line in out.getvalue().splitlines()]

    return run


def codes(events: list[EngineEvent]) -> list[str]:
    return [e.error["code"] for e in events if isinstance(e, messages.Notice | messages.Failed)]


def test_a_shutdown_is_answered_last_of_all(served: Callable[[bytes], tuple[int, list[EngineEvent]]]) -> None:
    code, events = served(encode(messages.Status(id="1")) + encode(messages.Shutdown(id="bye")) + b"never read\n")
    assert code == 0
    assert events[-1] == messages.Result(request="bye", value={})
    assert codes(events) == []


def test_no_input_at_all_is_an_end(served: Callable[[bytes], tuple[int, list[EngineEvent]]]) -> None:
    assert served(b"")[0] == 0


def test_a_last_line_without_its_end_is_read(served: Callable[[bytes], tuple[int, list[EngineEvent]]]) -> None:
    events = served(encode(messages.Shutdown(id="bye")).rstrip())[1]
    assert events[-1] == messages.Result(request="bye", value={})


@pytest.mark.parametrize(
    "line",
    [b"{", b"null", b"{}", b'{"type":"hello"}', b'{"type":"files","id":"1","offset":"x"}', b"[" * 100_000, b"\0"],
)
def test_a_bad_line_is_a_notice_and_the_next_one_is_served(
    served: Callable[[bytes], tuple[int, list[EngineEvent]]], line: bytes
) -> None:
    code, events = served(line + b"\n" + encode(messages.Shutdown(id="bye")))
    assert (code, codes(events)) == (0, ["protocol.error"])
    assert isinstance(events[-1], messages.Result)


def test_a_line_without_end_is_bounded(
    served: Callable[[bytes], tuple[int, list[EngineEvent]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("service", "messages"):
        monkeypatch.setattr(f"studiolo.{module}.MAX_LINE_BYTES", 1000)
    code, events = served(b"x" * 2500 + b"\n" + encode(messages.Shutdown(id="bye")))
    assert (code, codes(events)) == (0, ["protocol.error"] * 3)
    assert isinstance(events[-1], messages.Result)


def test_a_second_engine_is_refused_with_a_notice_and_3(
    served: Callable[[bytes], tuple[int, list[EngineEvent]]], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studiolo.service.LOCK_WAIT_S", 0.1)
    lock = Workspace(AppPaths(home)).writer_lock()
    code, events = served(encode(messages.Hello(id="1")))
    lock.release()
    assert (code, codes(events)) == (3, ["store.locked"])
    assert served(b"")[0] == 0


def test_an_engine_waits_for_one_that_is_about_to_end(
    served: Callable[[bytes], tuple[int, list[EngineEvent]]], home: Path
) -> None:
    lock = Workspace(AppPaths(home)).writer_lock()
    end = threading.Timer(0.5, lock.release)
    end.start()
    code, events = served(encode(messages.Shutdown(id="bye")))
    end.join()
    assert (code, codes(events)) == (0, [])
    assert isinstance(events[-1], messages.Result)


def test_damaged_settings_are_a_notice_and_3(
    served: Callable[[bytes], tuple[int, list[EngineEvent]]], home: Path
) -> None:
    (home / "settings.toml").write_text("threads = many")
    code, events = served(encode(messages.Hello(id="1")))
    assert (code, codes(events)) == (3, ["settings.damaged"])


# ---- the writer --------------------------------------------------------------------------------------------------


class SlowPipe(io.BytesIO):
    """Takes seven bytes at a time."""

    def write(self, data: object) -> int:
        return super().write(bytes(memoryview(data)[:7]))  # type: ignore[arg-type]  # bytes-like, as BytesIO takes


def test_lines_of_many_threads_stay_whole() -> None:
    pipe = SlowPipe()
    say = LineWriter(pipe)

    def speak(n: int) -> None:
        for _ in range(50):
            say(messages.Token(request=str(n), text="word " * n))

    threads = [threading.Thread(target=speak, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    lines = [json.loads(line) for line in pipe.getvalue().splitlines()]
    assert len(lines) == 300
    assert all(line["text"] == "word " * int(line["request"]) for line in lines)


@pytest.fixture
def pipe() -> Iterator[tuple[int, io.FileIO]]:
    reader, writer = os.pipe()
    stream = io.FileIO(writer, "wb")
    yield reader, stream
    stream.close()


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="pipes break otherwise on Windows")
def test_a_window_that_has_gone_is_noticed_and_written_to_no_more(pipe: tuple[int, io.FileIO]) -> None:
    reader, stream = pipe
    say = LineWriter(stream)
    say(messages.Ready())
    assert not say.reader_gone.is_set()
    os.close(reader)
    say(messages.Ready())
    assert say.reader_gone.is_set()
    say(messages.Ready())

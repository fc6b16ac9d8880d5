"""Edits a folder at random while the engine is killed at random, then compares the index with one built from scratch.

    .venv/bin/python benchmarks/torture.py [--kills N] [--seed N]          (make torture: 200 kills)

The real engine watches a folder over its protocol. Files are made, edited, renamed, swapped, copied, deleted; folders
are renamed. SIGKILL comes 0 to 2 s after it is ready, often in the middle of a write. After every 50 kills one pass
brings the index up to date, and its documents, chunks and vectors are compared with those of a new index of the same
folder. Bar: 0 lost, 0 twice, 0 stale.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_indexer.store import Store

STUDIOLO = Path(sys.executable).with_name("studiolo")
WORDS = (
    "rent lease mill river notice period invoice payment board report quarter revenue cost region leave days".split()
)
MOST_WAIT_S = 2.0
COLLECTION = "documents"
AGREEMENT = 0.999  # the vectors of one text differ a little with the batch in which it was embedded
Key = tuple[str, int, int, int, str]  # path, ordinal, start, end, text


class Tree:
    """A folder of documents, and what people do with it."""

    def __init__(self, root: Path, chooser: random.Random) -> None:
        self.root = root
        self._random = chooser
        self._made = 0
        self.root.mkdir()
        for _ in range(40):
            self.create()

    def edit(self) -> None:
        """Do one thing."""
        actions: list[Callable[[], None]] = [
            self.create,
            self.change,
            self.change,
            self.rename,
            self.rename_folder,
            self.delete,
            self.swap,
            self.copy,
            self.touch,
        ]
        self._random.choice(actions)()

    def create(self) -> None:
        self._made += 1
        folder = self.root / self._random.choice(["", "a", "b/c", f"d{self._random.randint(0, 3)}"])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"file {self._made}.{self._random.choice(['md', 'txt', 'html'])}").write_text(self._text())

    def change(self) -> None:
        for path in self._some(1):
            lines = path.read_text().split("\n\n")
            lines[self._random.randrange(len(lines))] = self._paragraph()
            path.write_text("\n\n".join(lines))

    def rename(self) -> None:
        for path in self._some(1):
            self._made += 1
            path.rename(path.with_name(f"renamed {self._made}{path.suffix}"))

    def rename_folder(self) -> None:
        folders = sorted(p for p in self.root.rglob("*") if p.is_dir())
        if folders:
            self._made += 1
            folder = self._random.choice(folders)
            folder.rename(folder.with_name(f"folder{self._made}"))

    def delete(self) -> None:
        for path in self._some(1):
            path.unlink()

    def swap(self) -> None:
        pair = self._some(2)
        if len(pair) == 2:
            aside = self.root / "aside.tmp"
            pair[0].rename(aside)
            pair[1].rename(pair[0])
            aside.rename(pair[1])

    def copy(self) -> None:
        for path in self._some(1):
            self._made += 1
            shutil.copy(path, path.with_name(f"copy {self._made}{path.suffix}"))

    def touch(self) -> None:
        for path in self._some(3):
            path.touch()

    def _some(self, count: int) -> list[Path]:
        files = sorted(p for p in self.root.rglob("*") if p.is_file())
        return self._random.sample(files, min(count, len(files)))

    def _text(self) -> str:
        return "\n\n".join(self._paragraph() for _ in range(self._random.randint(1, 12)))

    def _paragraph(self) -> str:
        return " ".join(self._random.choice(WORDS) for _ in range(self._random.randint(5, 90))) + "."


def run_engine(home: Path, tree: Tree, chooser: random.Random) -> bool:
    """Start the engine, edit while it works, kill it; tells whether it was at work when it was killed."""
    engine = subprocess.Popen(
        [STUDIOLO, "engine", "--home", home], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert engine.stdin is not None
    assert engine.stdout is not None
    for request in ({"type": "hello", "id": "h"}, {"type": "watch", "id": "w"}):
        engine.stdin.write(json.dumps(request).encode() + b"\n")
    engine.stdin.flush()
    while (line := engine.stdout.readline()) and json.loads(line).get("type") != "ready":
        pass
    assert line, "the engine did not start"
    until = time.monotonic() + chooser.uniform(0.0, MOST_WAIT_S)
    while time.monotonic() < until:
        tree.edit()
        time.sleep(chooser.uniform(0.0, 0.15))
    engine.kill()
    rest = engine.stdout.read()
    engine.wait()
    return b'"progress"' in rest or b'"file_event"' in rest


def sync(home: Path) -> None:
    """Bring an index up to date by one pass."""
    done = subprocess.run([STUDIOLO, "sync", "--home", home, "--json"], check=False, capture_output=True)
    assert done.returncode in (0, 1), done.stderr


def contents(home: Path, root: Path) -> tuple[dict[Key, Any], Counter[Key], dict[str, tuple[str, str]]]:
    """Give the chunks with their vectors, how often each is there, and the ledger: state and hash of each path."""
    workspace = Workspace(AppPaths(home))
    catalogue, embedder = workspace.catalogue(), workspace.embedder()
    store = Store(workspace.paths.index, dimension=embedder.dimension, embedder=embedder.identity)
    names = {record.doc_id: os.path.relpath(os.fsdecode(record.path), root) for record in catalogue.files()}
    ledger = {names[record.doc_id]: (str(record.state), record.sha256 or "") for record in catalogue.files()}
    stored = Counter(store.vectors.chunks(COLLECTION))
    chunks = catalogue.chunks.current(stored)
    made = store.vectors.vectors(COLLECTION, list(stored))
    vectors: dict[Key, Any] = {}
    counts: Counter[Key] = Counter()
    for number, times in stored.items():
        chunk = chunks.get(number)
        name = f"of nobody: {number}" if chunk is None else names[chunk.doc_id]
        key = (name, 0, 0, 0, "") if chunk is None else (name, chunk.ordinal, chunk.start, chunk.end, chunk.text)
        vectors[key] = made[number]
        counts[key] += times
    apart = store.compare(COLLECTION, catalogue.chunks.all(COLLECTION))
    for missing in (*apart.without_vector, *apart.without_words):
        vectors[(f"chunk {missing} is not in both halves", 0, 0, 0, "")] = np.zeros(1)
    store.close()
    catalogue.close()
    return vectors, counts, ledger


def compare(home: Path, fresh: Path, root: Path) -> bool:
    """Print how two indexes of the same folder differ."""
    ours, counts, ledger = contents(home, root)
    theirs, _, right = contents(fresh, root)
    lost, stale = theirs.keys() - ours.keys(), ours.keys() - theirs.keys()
    twice = sum(count - 1 for count in counts.values())
    apart = [key for key in ours.keys() & theirs.keys() if not _agree(ours[key], theirs[key])]
    wrong = [path for path in ledger.keys() | right.keys() if ledger.get(path) != right.get(path)]
    print(
        f"{len(right)} files, {len(theirs)} chunks: {len(lost)} lost, {twice} twice, {len(stale)} stale, "
        f"{len(apart)} with another vector, {len(wrong)} files with another state"
    )
    for what, keys in (("lost", lost), ("stale", stale)):
        for key in sorted(keys)[:5]:
            print(f"  {what}: {key[:4]}")
    for path in sorted(wrong)[:5]:
        print(f"  {path}: {ledger.get(path)}, not {right.get(path)}")
    return not (lost or stale or twice or apart or wrong)


def _agree(a: Any, b: Any) -> bool:  # Any: vectors
    return bool(a @ b / max(1e-9, float(np.linalg.norm(a) * np.linalg.norm(b))) >= AGREEMENT)


def main() -> int:
    """Torture; gives 1 if anything was lost, doubled or stale."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    chooser = random.Random(options.seed)  # noqa: S311 - a script of edits, no secret
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory() as scratch:
        home, fresh = Path(scratch, "home"), Path(scratch, "fresh")
        tree = Tree(Path(scratch, "documents"), chooser)
        for place in (home, fresh):
            subprocess.run([STUDIOLO, "add", tree.root, "--home", place], check=True, capture_output=True)
        at_work, good = 0, True
        for kill in range(1, options.kills + 1):
            at_work += run_engine(home, tree, chooser)
            if kill % 50 == 0 or kill == options.kills:
                sync(home)
                sync(fresh)
                print(f"after {kill} kills, {at_work} of them at work: ", end="", flush=True)
                good &= compare(home, fresh, tree.root)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())

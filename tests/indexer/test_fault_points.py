"""Promises 3 and 7: a kill, or a full disk, between any two writes loses nothing and doubles nothing (R1)."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from world import World

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.chunk_rows import ChunkRows
from studiolo_indexer.errors import FolderUnknown, StoreFull
from studiolo_indexer.full_text import TextIndexes
from studiolo_indexer.store import Differences
from studiolo_indexer.vector_tables import VectorTables

NONE = Differences([], [], [])
WRITES: dict[str, type] = {
    "add": VectorTables, "remove": VectorTables, "merge": VectorTables,
    "add ": TextIndexes, "remove ": TextIndexes, "rewrite": TextIndexes, "settle": TextIndexes,
    "add  ": ChunkRows, "remove  ": ChunkRows, "new_numbers": ChunkRows,
    "set_indexed": Catalogue, "set_path": Catalogue, "set_pending": Catalogue, "add_pending": Catalogue,
    "remove_files": Catalogue, "set_store_dirty": Catalogue, "next_generation": Catalogue, "scrub": Catalogue,
}  # fmt: skip


class Killed(BaseException):
    """Stands for a SIGKILL at this place."""


def full() -> BaseException:
    return StoreFull("No space left on device")


def faulty(kind: type, name: str, fault: Callable[[], BaseException], *, after: bool) -> Callable[..., Any]:
    """Make a write that ends the program before it, or after it."""
    real = getattr(kind, name)

    def write(*arguments: Any, **options: Any) -> Any:  # Any: whatever that write takes and gives
        if after:
            real(*arguments, **options)
        raise fault()

    return write


def change_everything(world: World) -> None:
    """Edit, delete, rename, copy and add; then forget a second folder, and use an idle moment."""
    world.write("edited.txt", "The edited file says falcon now.")
    (world.root / "deleted.txt").unlink()
    (world.root / "renamed.txt").rename(world.root / "elsewhere.txt")
    world.write("copy.txt", "The kept file says heron.")
    world.write("added.txt", "The added file says osprey.")
    world.sync()
    world.indexer.remove_folder(world.root.parent / "second")
    world.indexer.compact()


def passages(world: World) -> set[tuple[str, str]]:
    """Give every chunk that counts: (file, text)."""
    catalogue = Catalogue.reader(world.catalogue_path)
    chunks = catalogue.chunks
    found = {(Path(os.fsdecode(c.path)).name, c.text) for c in chunks.current(chunks.all("documents")).values()}
    catalogue.close()
    return found


@pytest.mark.parametrize("fault", [Killed, full], ids=["killed", "full"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", WRITES)
def test_whatever_ends_between_two_writes_is_put_right(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, after: bool, fault: Callable[[], BaseException]
) -> None:
    second = world.root.parent / "second"
    second.mkdir()
    (second / "secret.txt").write_text("The second folder says CANARY.")
    for file, bird in (("edited", "eagle"), ("deleted", "dodo"), ("renamed", "raven"), ("kept", "heron")):
        world.write(f"{file}.txt", f"The {file} file says {bird}.")
    world.indexer.add_folder(second, collection="documents")
    world.sync()
    kind, method = WRITES[name], name.strip()
    with monkeypatch.context() as faults:
        faults.setattr(kind, method, faulty(kind, method, fault, after=after))
        try:
            change_everything(world)
            pytest.fail(f"{kind.__name__}.{method} writes nothing here")
        except (Killed, StoreFull):
            # What can be seen at this moment is each file's old version or its new one, and nothing twice.
            seen = [text for file, text in passages(world) if file == "edited.txt"]
            assert seen in (["The edited file says eagle."], ["The edited file says falcon now."])
    world.restart()
    world.sync()
    with suppress(FolderUnknown):  # it was removed before the fault
        world.indexer.remove_folder(second)
    assert passages(world) == {
        ("edited.txt", "The edited file says falcon now."),
        ("elsewhere.txt", "The renamed file says raven."),
        ("kept.txt", "The kept file says heron."),
        ("copy.txt", "The kept file says heron."),
        ("added.txt", "The added file says osprey."),
    }
    assert world.differences() == NONE
    assert {record.state for record in world.ledger().values()} == {"indexed"}
    assert [p.text for p in world.search("CANARY", mode="text")] == []


class IndexMachine(RuleBasedStateMachine):
    """Any order of edits, passes, kills and restarts: after a pass, what counts is what the files say."""

    names = st.sampled_from([f"{n}.txt" for n in range(6)])
    texts = st.sampled_from(
        [f"This file says {bird} and nothing else." for bird in ("eagle", "dodo", "raven", "heron")]
    )

    @initialize(place=st.just(None))
    def start(self, place: None) -> None:
        self.base = Path(os.environ["PYTEST_MACHINE_FOLDER"]) / str(id(self))
        (self.base / "docs").mkdir(parents=True)
        self.world = World(self.base / "docs", self.base / "data")
        self.world.indexer.add_folder(self.world.root, collection="documents")
        self.files: dict[str, str] = {}
        self.is_current = True

    def touched(self) -> None:
        self.is_current = False

    @rule(name=names, text=texts)
    def write(self, name: str, text: str) -> None:
        self.world.write(name, text)
        self.files[name] = text
        self.touched()

    @rule(name=names)
    def delete(self, name: str) -> None:
        if self.files.pop(name, None) is not None:
            (self.world.root / name).unlink()
            self.touched()

    @rule(old=names, new=names)
    def rename(self, old: str, new: str) -> None:
        if old in self.files and old != new:
            (self.world.root / old).rename(self.world.root / new)
            self.files[new] = self.files.pop(old)
            self.touched()

    @rule(one=names, other=names)
    def swap(self, one: str, other: str) -> None:
        if one in self.files and other in self.files and one != other:
            root = self.world.root
            (root / one).rename(root / "aside")
            (root / other).rename(root / one)
            (root / "aside").rename(root / other)
            self.files[one], self.files[other] = self.files[other], self.files[one]
            self.touched()

    @rule()
    def sync(self) -> None:
        self.world.sync()
        self.is_current = True

    @rule(name=st.sampled_from(sorted(WRITES)), after=st.booleans())
    def be_killed(self, name: str, after: bool) -> None:
        kind, method = WRITES[name], name.strip()
        with pytest.MonkeyPatch.context() as faults:
            faults.setattr(kind, method, faulty(kind, method, Killed, after=after))
            try:
                self.world.sync()
                self.world.indexer.compact()
                self.is_current = True
            except Killed:
                self.touched()
        self.world.restart()

    @rule()
    def restart(self) -> None:
        self.world.restart()

    @rule()
    def rest(self) -> None:
        self.world.indexer.compact()

    @precondition(lambda self: self.is_current)
    @invariant()
    def what_counts_is_what_the_files_say(self) -> None:
        assert passages(self.world) == set(self.files.items())
        assert self.world.differences() == NONE

    @invariant()
    def nothing_counts_twice(self) -> None:
        catalogue = Catalogue.reader(self.world.catalogue_path)
        counted = catalogue.chunks.current(catalogue.chunks.all("documents")).values()
        places = [(c.doc_id, c.ordinal) for c in counted]
        catalogue.close()
        assert len(places) == len(set(places))

    def teardown(self) -> None:
        self.world.restart()


def test_any_order_of_edits_passes_and_kills_ends_in_the_right_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_MACHINE_FOLDER", str(tmp_path))
    machine: Any = IndexMachine.TestCase  # Any: hypothesis makes it
    machine.settings = settings(
        max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    result = machine("runTest").run()
    assert result.testsRun == 1
    assert [text for _, text in (*result.errors, *result.failures)] == []

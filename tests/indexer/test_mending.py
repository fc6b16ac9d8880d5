"""The store is made to hold what the catalogue has; `test_fault_points.py` cuts every write short and looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from world import World

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.mending import Mender
from studiolo_indexer.store import Differences


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "docs").mkdir()
    made = World(root=tmp_path / "docs", data=tmp_path / "data")
    made.indexer.add_folder(made.root, collection="documents")
    made.write("leave.md", "Unused leave may be carried over.")
    made.write("pay.md", "Salaries are paid on the 25th.")
    made.sync()
    made.restart()
    yield made
    made.restart()


def mend(world: World, *, dirty: bool) -> None:
    with closing(Catalogue(world.catalogue_path)) as catalogue, closing(world.store()) as store:
        catalogue.set_store_dirty(dirty=dirty)
        Mender(catalogue, store, world.embedder.identity).mend()
        assert not catalogue.store_is_dirty()


def test_what_the_store_has_too_much_goes_and_lost_words_are_made_again(world: World) -> None:
    with closing(world.store()) as store, closing(Catalogue.reader(world.catalogue_path)) as catalogue:
        chunks = list(catalogue.chunks.all("documents"))
        store.vectors.add("documents", [10**9], [1], world.embedder.embed_documents(["stray"]))
        store.texts.remove("documents", chunks[:1])
    assert world.differences() != Differences([], [], [])
    mend(world, dirty=True)
    assert world.differences() == Differences([], [], [])
    assert world.found("carried over") == {"leave.md"}


def test_without_a_mark_nothing_is_compared(world: World) -> None:
    with closing(world.store()) as store:
        store.vectors.add("documents", [10**9], [1], world.embedder.embed_documents(["stray"]))
    before = world.differences()
    mend(world, dirty=False)
    assert world.differences() == before

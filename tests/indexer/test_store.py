"""The two halves that find chunks, written together, compared with the catalogue, purged together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from words_on_disk import is_on_disk

from studiolo_indexer.store import Differences, Store
from studiolo_models.fakes import FakeEmbedder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path, dimension=64, embedder="e1")
    yield store
    store.close()


def put(store: Store, texts: dict[int, str], document: int = 1) -> None:
    words = list(texts.values())
    store.add("c", list(texts), [document] * len(texts), words, FakeEmbedder().embed_documents(words))


def test_what_one_half_lacks_or_has_too_much_is_told(store: Store) -> None:
    put(store, {1: "One.", 2: "Two.", 3: "Three."})
    store.vectors.remove("c", [1])
    store.texts.remove("c", [2])
    assert store.compare("c", {1, 2, 4}) == Differences(extra=[3], without_vector=[1, 4], without_words=[2, 4])


def test_a_purge_leaves_no_word_on_the_disk(store: Store, tmp_path: Path) -> None:
    """S16: old versions and merged segments included."""
    put(store, {1: "CANARYA sings.", 2: "CANARYB sings."})
    store.remove("c", [1])
    store.purge("c", [(2, 1, "CANARYB sings.")])
    assert not is_on_disk("canarya", tmp_path)
    assert is_on_disk("canaryb", tmp_path)
    assert store.compare("c", {2}) == Differences([], [], [])


def test_what_belongs_to_no_collection_or_to_a_former_layout_goes(store: Store, tmp_path: Path) -> None:
    put(store, {1: "Kept."})
    store.close()
    other = Store(tmp_path, dimension=64, embedder="e2")
    other.vectors.add("c", [1], [1], FakeEmbedder().embed_documents(["Kept."]))
    other.add("gone", [2], [2], ["Gone."], FakeEmbedder().embed_documents(["Gone."]))
    other.close()
    (tmp_path / "chunks.lance" / "c1.lance").mkdir(parents=True)
    store = Store(tmp_path, dimension=64, embedder="e1")
    store.drop_others(["c"])
    assert len(list((tmp_path / "vectors.lance").iterdir())) == len(list((tmp_path / "words.tantivy").iterdir())) == 1
    assert not (tmp_path / "chunks.lance").exists()
    assert store.compare("c", {1}) == Differences([], [], [])
    store.close()


def test_a_collection_without_anything_is_empty(store: Store) -> None:
    vector = FakeEmbedder().embed_query("x")
    assert store.vectors.near("none", vector, limit=3, others=[1]) == ({}, {})
    assert (store.texts.best("none", "x", limit=3), store.texts.scores("none", "x", [1])) == ([], {})
    assert (store.vectors.count("none"), store.vectors.vectors("none", [1]), store.texts.chunks("none")) == (
        0,
        {},
        set(),
    )
    store.remove("none", [1])
    store.merge("none", idle=True)
    store.drop("none")
    assert store.compare("none", set()) == Differences([], [], [])

"""Rows in LanceDB: hex ids alone in filters, half-precision vectors, nothing left after a purge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studiolo_indexer.records import Chunk
from studiolo_indexer.store import Store, table_name, text_hash
from studiolo_models.fakes import FakeEmbedder

ID = "ab" * 16
OTHER = "cd" * 16


def chunk(text: str, ordinal: int = 0, context: str = "") -> Chunk:
    return Chunk(ordinal, 0, len(text), text, context, "", "section", None)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", dimension=64, embedder="e1")


def put(store: Store, doc_id: str, generation: int, *texts: str) -> None:
    chunks = [chunk(t, n) for n, t in enumerate(texts)]
    store.add("c", [(doc_id, generation, c) for c in chunks], FakeEmbedder().embed_documents(texts))


def test_a_row_comes_back_with_its_slice_and_context(store: Store) -> None:
    made = chunk("Ten days.", context="Leave > Carry-over")
    store.add("c", [(ID, 1, made)], FakeEmbedder().embed_documents(["Ten days."]))
    found = store.by_vector("c", FakeEmbedder().embed_query("Ten days."), limit=5, only=None)[0]
    assert (found.text, found.context) == ("Ten days.", "Leave > Carry-over")
    assert found.cosine == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("query", ["INV-2024-0117", "§ 14", "FI-2291"])
def test_an_exact_id_is_found_by_its_text(store: Store, query: str) -> None:
    """R24: an exact id, a docket number, a § sign."""
    put(store, ID, 1, "Something about other things.", f"The number is {query} as agreed.", "More of other things.")
    found = store.by_text("c", query, FakeEmbedder().embed_query(query), limit=3, only=None)
    assert query in found[0].text


def test_chinese_text_is_split_into_words(store: Store) -> None:
    put(store, ID, 1, "年假最多可以结转十天。", "办公室在公共假期关闭。")
    found = store.by_text("c", "年假", FakeEmbedder().embed_query("年假"), limit=3, only=None)
    assert [f.text for f in found][:1] == ["年假最多可以结转十天。"]


def test_a_vector_is_found_again_by_the_hash_of_its_text(store: Store) -> None:
    put(store, ID, 1, "Ten days.")
    known = store.vectors_by_hash("c", [text_hash("Ten days."), text_hash("Other.")])
    assert list(known) == [text_hash("Ten days.")]
    assert float(np.dot(known[text_hash("Ten days.")], FakeEmbedder().embed_query("Ten days."))) > 0.99


def test_what_a_crash_left_is_swept_and_nothing_else(store: Store) -> None:
    put(store, ID, 1, "Old.")
    put(store, ID, 2, "New.")
    put(store, OTHER, 3, "Nobody counts this.")
    assert store.keep_generations("c", {ID: 2}) == 2
    assert store.keys("c") == [(ID, 2)]


def test_only_hex_ids_reach_a_filter(store: Store) -> None:
    """S13."""
    put(store, ID, 1, "Text.")
    for evil in ("x' OR 1=1 --", "", "AB", "ab\n"):
        with pytest.raises(ValueError, match="hex"):
            store.remove_documents("c", [evil])
        with pytest.raises(ValueError, match="hex"):
            store.by_vector("c", FakeEmbedder().embed_query("x"), limit=1, only=[evil])
    assert store.count("c") == 1


def test_table_names_hold_no_letter_of_the_user_s() -> None:
    names = {table_name(c, e) for c in ("a", "a'; DROP", "../../etc", "\udce9") for e in ("e1", "e2")}
    assert len(names) == 8
    assert all(name.isalnum() for name in names)


def test_a_purge_leaves_no_word_on_the_disk(store: Store, tmp_path: Path) -> None:
    """S16: old LanceDB versions included."""
    put(store, ID, 1, "CANARYA sings.")
    put(store, OTHER, 1, "CANARYB sings.")
    store.remove_documents("c", [ID])
    store.compact("c", purge=True)
    data = b"".join(f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())
    assert b"CANARYA" not in data
    assert b"CANARYB" in data


def test_a_collection_without_a_table_is_empty(store: Store) -> None:
    vector = FakeEmbedder().embed_query("x")
    assert store.by_vector("none", vector, limit=3, only=None) == []
    assert store.by_text("none", "x", vector, limit=3, only=None) == []
    assert (store.count("none"), store.keys("none"), store.vectors_by_hash("none", ["ab"])) == (0, [], {})

"""Vectors by chunk: exact below the size where an index pays, nearly so above, current in every handle."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from studiolo_indexer import vector_tables
from studiolo_indexer.records import Vectors
from studiolo_indexer.vector_tables import VectorTables, table_name

DIMENSION = 64


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[VectorTables]:
    made = VectorTables(tmp_path, dimension=DIMENSION, embedder="e1")
    yield made
    made.close()


def vectors(count: int, seed: int = 0, dimension: int = DIMENSION) -> Vectors:
    drawn = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    made: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return made


def clustered(count: int, seed: int = 0) -> Vectors:
    """Vectors that lie in clusters, as those of texts do."""
    made: Vectors = vectors(40, dimension=384)[np.arange(count) % 40] + 0.9 * vectors(count, seed + 1, dimension=384)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


def put(tables: VectorTables, first: int, made: Vectors, per_document: int = 10) -> None:
    chunks = range(first, first + len(made))
    tables.add("c", chunks, [chunk // per_document for chunk in chunks], made)


def found(tables: VectorTables, vector: Vectors, *, limit: int, only: Sequence[int] | None = None) -> dict[int, float]:
    making = Future[Vectors]()
    making.set_result(vector)
    return tables.near("c", making, limit=limit, only=only)[0]


def segments(tables: VectorTables) -> dict[str, int]:
    table = tables._loop.run_until_complete(tables._table("c"))
    return {i.columns[0]: i.num_segments for i in tables._loop.run_until_complete(table.list_indices())}


def test_named_chunks_are_compared_and_those_without_a_vector_left_out(tables: VectorTables) -> None:
    assert tables.cosines("c", vectors(1)[0], [1]) == {}
    made = vectors(50)
    put(tables, 0, made)
    cosines = tables.cosines("c", made[7], [3, 7, 999])
    assert set(cosines) == {3, 7}
    assert cosines[7] == pytest.approx(1.0, abs=1e-3)
    assert cosines[3] == pytest.approx(float(made[3] @ made[7]), abs=2e-3)


def test_the_nearest_come_best_first_with_their_cosines_and_others_are_compared(tables: VectorTables) -> None:
    made = vectors(50)
    put(tables, 0, made)
    nearest, others = tables.near("c", made[7], limit=5, others=[3, 999])
    exact = made @ made[7]
    assert list(nearest) == list(np.argsort(-exact)[:5])
    assert others == {3: pytest.approx(float(exact[3]), abs=1e-3)}
    assert nearest[7] == pytest.approx(1.0, abs=1e-3)


def test_the_others_may_be_named_while_the_nearest_are_looked_for(tables: VectorTables) -> None:
    made = vectors(50)
    put(tables, 0, made)
    finding = Future[dict[int, float]]()
    naming = threading.Timer(0.05, finding.set_result, ({3: 1.5, 999: 1.0},))
    naming.start()
    _, others = tables.near("c", made[7], limit=5, others=finding)
    assert others == {3: pytest.approx(float(made[3] @ made[7]), abs=1e-3)}


def test_only_some_documents_are_searched(tables: VectorTables) -> None:
    made = vectors(50)
    put(tables, 0, made)
    assert set(found(tables, made[7], limit=50, only=[3])) == set(range(30, 40))
    assert found(tables, made[7], limit=50, only=[]) == {}


@pytest.mark.parametrize("share", [1, 2, 40])
def test_many_documents_are_searched_as_exactly_as_few(
    tables: VectorTables, monkeypatch: pytest.MonkeyPatch, share: int
) -> None:
    """Many are not named in a filter, which would be slow; where too few of the nearest are among them, they are."""
    monkeypatch.setattr(vector_tables, "_FEW_DOCUMENTS", 3)
    made = vectors(400)
    put(tables, 0, made, per_document=2)
    only = list(range(0, 200, share))
    allowed = [at for at in np.argsort(-(made @ made[7])) if at // 2 in set(only)]
    assert list(found(tables, made[7], limit=8, only=only)) == allowed[:8]


def test_a_vector_comes_back_by_its_chunk(tables: VectorTables) -> None:
    made = vectors(20)
    put(tables, 0, made)
    back = tables.vectors("c", [4, 19, 20])
    assert sorted(back) == [4, 19]
    assert float(back[4] @ made[4]) > 0.999


def test_another_handle_sees_each_write_and_each_removal_at_once(tables: VectorTables, tmp_path: Path) -> None:
    reader = VectorTables(tmp_path, dimension=DIMENSION, embedder="e1")
    made = vectors(4)
    assert found(reader, made[0], limit=4) == {}
    put(tables, 0, made[:2])
    assert set(found(reader, made[0], limit=4)) == {0, 1}
    put(tables, 2, made[2:])
    tables.remove("c", [0])
    assert set(found(reader, made[0], limit=4)) == {1, 2, 3}
    tables.merge("c", idle=False, purge=True)
    assert set(found(reader, made[0], limit=4)) == {1, 2, 3}
    reader.close()


def test_an_index_finds_nearly_all_and_what_was_written_since(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_tables, "_INDEX_FROM", 1000)
    tables = VectorTables(tmp_path, dimension=384, embedder="e1")
    made = clustered(3000)
    put(tables, 0, made[:2000])
    tables.merge("c", idle=False)
    put(tables, 2000, made[2000:])
    tables.remove("c", [0])
    asked = clustered(20, seed=7)
    hits = 0
    for vector in asked:
        exact = [at for at in np.argsort(-(made @ vector)) if at != 0][:10]
        hit = found(tables, vector, limit=60)
        assert 0 not in hit
        assert all(hit[at] == pytest.approx(float(made[at] @ vector), abs=2e-3) for at in set(exact) & set(hit))
        hits += len(set(exact) & set(list(hit)[:10]))
    assert hits >= 0.95 * 10 * len(asked)
    assert next(iter(found(tables, made[2500], limit=3))) == 2500
    tables.close()


def test_what_is_held_in_memory_changes_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first search reads from the disk, those after it from memory, also what was written and removed since."""
    monkeypatch.setattr(vector_tables, "_INDEX_FROM", 1000)
    writer, reader = (VectorTables(tmp_path, dimension=384, embedder="e1") for _ in range(2))
    made = clustered(4000)
    put(writer, 0, made[:2000])
    writer.merge("c", idle=False)
    for written in (2000, 2010, 4000):  # a few more are looked up, many more loaded
        put(writer, writer.count("c"), made[writer.count("c") : written])
        last = written - 1
        for vector, only in itertools.product((made[5], made[last]), (None, [0, 1, last // 10])):
            fresh = VectorTables(tmp_path, dimension=384, embedder="e1")
            expected = fresh.near("c", vector, limit=60, only=only, others=[3, last, 9999])
            answer = reader.near("c", vector, limit=60, only=only, others=[3, last, 9999])
            assert list(answer[0].values()) == sorted(answer[0].values(), reverse=True)
            for half, expected_half in zip(answer, expected, strict=True):
                assert half == pytest.approx(expected_half, abs=1e-4)  # LanceDB rounds the query to half precision
            fresh.close()
    assert reader._held["c"] is not None
    writer.remove("c", [3])
    assert 3 not in found(reader, made[3], limit=60)
    monkeypatch.setattr(vector_tables, "_MOST_HELD_BYTES", 1000)
    assert 3 not in found(reader, made[3], limit=60)
    assert "c" not in reader._held
    for tables in (writer, reader):
        tables.close()


def test_updates_of_the_index_do_not_pile_up(tables: VectorTables, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each update adds a segment, and each search reads all of them."""
    monkeypatch.setattr(vector_tables, "_INDEX_FROM", 300)
    monkeypatch.setattr(vector_tables, "_MOST_SEGMENTS", 2)
    made = vectors(900)
    for at in range(0, 900, 100):
        put(tables, at, made[at : at + 100])
        tables.merge("c", idle=False)
    assert set(segments(tables)) == {"chunk", "vector"}
    assert segments(tables)["vector"] <= 3
    assert found(tables, made[850], limit=1) == {850: pytest.approx(1.0, abs=1e-2)}


def test_an_idle_moment_leaves_a_small_index_in_one_piece(
    tables: VectorTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_tables, "_INDEX_FROM", 300)
    made = vectors(900)
    for at in range(0, 900, 300):
        put(tables, at, made[at : at + 300])
        tables.merge("c", idle=at == 600)
    assert segments(tables)["vector"] == 1


def test_merging_waits_until_it_pays(tables: VectorTables, monkeypatch: pytest.MonkeyPatch) -> None:
    """It rewrites the table: after each save it would cost a large index seconds."""
    monkeypatch.setattr(vector_tables, "_IDLE_ROWS", 8)
    made = vectors(700)
    put(tables, 0, made[:640])
    tables.merge("c", idle=False)
    put(tables, 640, made[640:650])
    assert not tables.is_due("c", idle=True)
    put(tables, 650, made[650:660])
    assert tables.is_due("c", idle=True)
    assert not tables.is_due("c", idle=False)
    for at in range(vector_tables._IDLE_COMMITS + 1):
        put(tables, 660 + at, made[660 + at : 661 + at])
    tables.merge("c", idle=False)
    assert not tables.is_due("c", idle=True)


def test_a_thousand_commits_leave_few_fragments(tables: VectorTables) -> None:
    """R25: 1,000 updates of single files."""
    made = vectors(200)
    for at in range(200):
        put(tables, at, made[at : at + 1])
        if tables.is_due("c", idle=True):
            tables.merge("c", idle=False)
    table = tables._loop.run_until_complete(tables._table("c"))
    assert tables._loop.run_until_complete(table.stats())["fragment_stats"]["num_fragments"] < 100
    assert sorted(tables.chunks("c")) == list(range(200))


def test_a_purge_leaves_no_vector_of_what_was_removed(tables: VectorTables, tmp_path: Path) -> None:
    """S16: merging alone leaves removed vectors in a fragment of which few rows went."""
    made = vectors(1000)
    put(tables, 0, made)
    tables.merge("c", idle=False)
    tables.remove("c", list(range(30)))
    tables.merge("c", idle=False, purge=True)
    data = b"".join(f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())
    assert not any(made[at].astype(np.float16).tobytes() in data for at in range(30))
    assert made[500].astype(np.float16).tobytes() in data
    assert sorted(tables.chunks("c")) == list(range(30, 1000))


def test_a_search_below_few_documents_finds_all_of_them_in_a_large_index(
    tables: VectorTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The partitions that are nearest may hold none of them."""
    monkeypatch.setattr(vector_tables, "_INDEX_FROM", 1000)
    made = vectors(100_000)
    put(tables, 0, made)
    tables.merge("c", idle=True)
    far = int(np.argmin(made @ made[0]))
    assert set(found(tables, made[0], limit=60, only=[far // 10])) == set(range(far // 10 * 10, far // 10 * 10 + 10))


def test_only_integers_reach_a_filter(tables: VectorTables) -> None:
    """S13."""
    put(tables, 0, vectors(2))
    for evil in ("x' OR 1=1 --", "1) OR (1=1", ""):
        with pytest.raises(ValueError, match="invalid literal"):
            vector_tables._numbers([evil])  # type: ignore[list-item]  # what must not pass
    assert tables.count("c") == 2


def test_table_names_hold_no_letter_of_the_user_s() -> None:
    names = {table_name(c, e) for c in ("a", "a'; DROP", "../../etc", "\udce9") for e in ("e1", "e2")}
    assert len(names) == 8
    assert all(name.isalnum() for name in names)


def test_a_table_without_a_version_is_made_anew(tables: VectorTables, tmp_path: Path) -> None:
    """What a full disk leaves when not even the first version of a table fits."""
    (tmp_path / f"{table_name('c', 'e1')}.lance" / "_versions").mkdir(parents=True)
    assert tables.count("c") == 0
    put(tables, 0, vectors(2))
    assert tables.count("c") == 2

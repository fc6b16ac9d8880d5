"""Searching: any query, several collections, places, and two handles at once."""

from __future__ import annotations

import os
import random
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import World

from studiolo_indexer.errors import StoreDamaged
from studiolo_indexer.query_filters import read_filters
from studiolo_indexer.search import Searcher


def test_passages_are_in_total_order_and_at_most_k(world: World) -> None:
    for n in range(12):
        world.write(f"{n}.txt", f"Leave text number {n}.")
    world.sync()
    found = world.search("leave text", k=5)
    assert len(found) == 5
    assert found == sorted(found, key=lambda p: (-p.score, p.path, p.start))
    assert all(p.sha256 and p.indexed_at for p in found)


def test_under_a_folder_only_its_files_are_found(world: World) -> None:
    world.write("a/x.txt", "Leave in A.")
    world.write("ab/y.txt", "Leave in AB.")
    world.sync()
    assert {Path(p.path_text).name for p in world.search("leave", under=world.root / "a")} == {"x.txt"}
    assert world.search("leave", under=world.root / "none") == []


def test_filters_narrow_a_search_and_never_reach_another_collection(world: World) -> None:
    for name in ("a/x.txt", "a/y.md", "b/z.md"):
        world.write(name, f"Leave in {name}.")
    other = world.root.parent / "other"
    other.mkdir()
    (other / "w.md").write_text("Leave in W.")
    world.indexer.add_folder(other, collection="walled")
    world.sync()
    filters = read_filters("type:md").filters
    for mode in ("hybrid", "vector", "text"):
        found = world.search("leave", filters=filters, mode=mode)
        assert {Path(p.path_text).name for p in found} == {"y.md", "z.md"}
    below = world.search("leave", filters=filters, under=world.root / "a")
    assert [Path(p.path_text).name for p in below] == ["y.md"]
    both = world.search("leave", filters=filters, collections=("documents", "walled"))
    assert {Path(p.path_text).name for p in both} == {"w.md", "y.md", "z.md"}
    assert world.search("leave", filters=read_filters("under:nowhere").filters) == []


def test_filters_without_words_list_the_newest_documents(world: World) -> None:
    for number, name in enumerate(("old.md", "new.md", "newer.md", "newest.txt"), start=1):
        path = world.write(name, f"# {name}\n\nText.")
        os.utime(path, (number * 10**8, number * 10**8))
    world.sync()
    searcher = Searcher(data_folder=world.data, embedder=world.embedder)
    found = searcher.search(" ", filters=read_filters("type:md").filters, k=2)
    every = searcher.search("text", filters=read_filters("type:md").filters)
    without = searcher.search("text")
    searcher.close()
    assert [Path(p.path_text).name for p in found.passages] == ["newer.md", "new.md"]
    assert {(p.start, p.score, p.found_by) for p in found.passages} == {(0, 0.0, ())}
    assert (found.documents, every.documents, without.documents) == (3, 3, None)


@pytest.mark.parametrize(
    "query", ["", "   ", "\0", "'\"; DROP TABLE", "a AND (b OR", "*", "\\", "NOT", "\udce9", "§", "🙂"]
)
@pytest.mark.parametrize("mode", ["hybrid", "vector", "text"])
def test_operators_quotes_and_nothing_are_harmless(world: World, query: str, mode: str) -> None:
    world.write("a.txt", "Leave text.")
    world.sync()
    assert len(world.search(query, mode=mode)) <= 1


def test_fuzzed_queries_raise_nothing(world: World) -> None:
    """R24 (10,000 in benchmarks/fuzzed_queries.py; here 300)."""
    world.write("a.txt", "Leave text.")
    world.sync()
    searcher = Searcher(data_folder=world.data, embedder=world.embedder)
    signs = "abc \"'()[]{}*?:;^~+-!&|\\/<>=%$#@,.\n\t\0§年🙂\u0301"
    generator = random.Random(7)
    results = [searcher.search("".join(generator.choices(signs, k=generator.randint(0, 60)))) for _ in range(300)]
    searcher.close()
    assert all(len(r.passages) <= 1 for r in results)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=80))
def test_any_text_is_a_query(world: World, query: str) -> None:
    assert len(world.search(query)) <= 10


def test_an_open_searcher_sees_a_change_at_once(world: World) -> None:
    path = world.write("a.txt", "First words.")
    world.sync()
    searcher = Searcher(data_folder=world.data, embedder=world.embedder)
    assert len(searcher.search("first words").passages) == 1
    path.unlink()
    world.sync()
    assert searcher.search("first words").passages == ()
    world.write("b.txt", "Second words.")
    world.sync()
    assert [p.text for p in searcher.search("second words").passages] == ["Second words."]
    searcher.close()


def test_reads_stay_right_while_the_index_is_compacted_and_written(world: World) -> None:
    """R25, second half: readers beside the writer never see an error or a missing passage."""
    world.write("fixed.txt", "The anchor stays.")
    world.sync()
    done = threading.Event()
    seen: list[int] = []

    def read() -> None:
        searcher = Searcher(data_folder=world.data, embedder=world.embedder)
        while not done.is_set():
            seen.append(sum("anchor" in p.text for p in searcher.search("anchor stays").passages))
        searcher.close()

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(8):
        world.write("moving.txt", f"Version {n} of this text.")
        world.sync()
        world.indexer.compact()
    done.set()
    reader.join()
    assert seen
    assert set(seen) == {1}


def test_handles_are_closed_only_after_both_halves_came_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words are looked for in a thread of their own, also where the vectors cannot be read."""
    world.write("a.txt", "Leave text.")
    world.sync()
    searcher = Searcher(data_folder=world.data, embedder=world.embedder)
    store, failed, steps = searcher._store, threading.Event(), list[str]()
    near, best, forget = store.vectors.near, store.texts.best, store.forget_handles

    def near_once(*args: Any, **options: Any) -> Any:
        if not failed.is_set():
            failed.set()
            raise StoreDamaged("cleaned away")
        return near(*args, **options)

    def best_late(*args: Any, **options: Any) -> Any:
        failed.wait(5)
        threading.Event().wait(0.05)
        steps.append("words")
        return best(*args, **options)

    def forget_noted() -> None:
        steps.append("closed")
        forget()

    monkeypatch.setattr(store.vectors, "near", near_once)
    monkeypatch.setattr(store.texts, "best", best_late)
    monkeypatch.setattr(store, "forget_handles", forget_noted)
    assert len(searcher.search("leave").passages) == 1
    assert steps == ["words", "closed", "words"]
    searcher.close()


def test_a_searcher_of_a_folder_without_an_index_finds_nothing(tmp_path: Path, world: World) -> None:
    searcher = Searcher(data_folder=tmp_path / "fresh", embedder=world.embedder)
    assert searcher.search("anything").passages == ()
    searcher.close()


def test_a_path_with_a_lone_byte_can_be_named_as_under(world: World) -> None:
    under = Path(os.fsdecode(os.fsencode(world.root) + b"/caf\xe9"))
    assert world.search("leave", under=under) == []


def test_a_document_is_found_by_its_name_and_by_its_new_name_after_a_rename(world: World) -> None:
    for name in ("lease.txt", "travel.txt", "garden.txt"):
        world.write(name, f"It is agreed on 3 May, and signed by both. Copy {len(name)}.")
    world.sync()
    assert Path(world.search("What is agreed in the lease?")[0].path_text).name == "lease.txt"
    embedded = world.sync().chunks_embedded
    os.rename(world.root / "lease.txt", world.root / "tenancy.txt")
    assert embedded + world.sync().chunks_embedded == 0
    assert Path(world.search("What is agreed in the tenancy?")[0].path_text).name == "tenancy.txt"


def test_who_asks_for_the_latest_report_gets_it(world: World) -> None:
    for quarter in ("2022 Q4", "2023 Q1", "2023 Q2"):
        world.write(f"{quarter} report.txt", f"The gross margin was reported for {quarter[-1]} months of work.")
    world.sync()
    assert Path(world.search("gross margin in the latest report")[0].path_text).name == "2023 Q2 report.txt"


def test_the_same_text_in_many_files_leaves_room_for_others(world: World) -> None:
    for n in range(6):
        world.write(f"copy {n}.txt", "Leave of ten days may be carried over.")
    world.write("other.txt", "Leave must be asked for in time.")
    world.sync()
    found = [Path(p.path_text).name for p in world.search("leave carried over", k=2)]
    assert found == ["copy 0.txt", "other.txt"]

"""The list of question sets: paths alone, the newest first, and a damaged list costs the list and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studiolo.evaluation.kept_sets import KeptSets


@pytest.fixture
def sets(tmp_path: Path) -> KeptSets:
    return KeptSets(tmp_path / "evaluation")


def test_the_newest_comes_first_and_none_stands_twice(sets: KeptSets) -> None:
    assert sets.paths() == []
    for name in ("/a.jsonl", "/b.jsonl", "/a.jsonl"):
        sets.add(Path(name))
    assert sets.paths() == ["/a.jsonl", "/b.jsonl"]
    sets.forget(Path("/a.jsonl"))
    assert sets.paths() == ["/b.jsonl"]


def test_a_name_that_is_no_unicode_is_remembered(sets: KeptSets) -> None:
    path = Path(os.fsdecode(b"/caf\xe9.jsonl"))
    sets.add(path)
    assert sets.paths() == [os.fspath(path)]


@pytest.mark.parametrize("written", ["no JSON", "{}", '[1, null, ""]', "[" * 100_000])
def test_a_damaged_list_counts_as_empty_and_is_written_anew(tmp_path: Path, written: str) -> None:
    folder = tmp_path / "evaluation"
    folder.mkdir()
    (folder / "sets.json").write_text(written)
    sets = KeptSets(folder)
    assert sets.paths() == []
    sets.add(Path("/a.jsonl"))
    assert sets.paths() == ["/a.jsonl"]


def test_the_list_is_the_users_alone(sets: KeptSets, tmp_path: Path) -> None:
    sets.add(Path("/a.jsonl"))
    folder = tmp_path / "evaluation"
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "sets.json").stat().st_mode & 0o077 == 0

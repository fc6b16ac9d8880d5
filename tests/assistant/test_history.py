"""Past answers keep their sources, and are forgotten with their folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studiolo.history import History
from studiolo_indexer.errors import StoreDamaged


def answer(path: str) -> dict[str, Any]:  # Any: a JSON document
    source = {"number": 1, "path": path, "page": 4, "quote": "ten days", "sha256": "ab"}
    return {"question": "How many?", "answer": "Ten [1].", "citations": [source], "passages": [source]}


def test_an_answer_comes_back_with_its_numbered_sources(tmp_path: Path) -> None:
    """R19: history keeps the numbered sources with path, page, hash, date."""
    history = History(tmp_path / "history.sqlite")
    entry_id = history.add("How many?", ("hr",), answer("/docs/leave.pdf"))
    entry = history.entry(entry_id)
    assert entry is not None
    assert entry["citations"] == answer("/docs/leave.pdf")["citations"]
    assert entry["asked_at"]
    assert [row["question"] for row in history.newest(10)] == ["How many?"]
    history.close()


def test_answers_that_cite_a_removed_folder_are_gone_from_the_disk(tmp_path: Path) -> None:
    """Promise 8: what is forgotten is gone from the disk."""
    history = History(tmp_path / "history.sqlite")
    history.add("Gone?", ("hr",), answer("/docs/hr/leave.pdf") | {"answer": "CANARY-8841"})
    kept = history.add("Kept?", ("hr",), answer("/docs/hr-other/leave.pdf"))
    assert history.forget_under("/docs/hr/") == 1
    history.close()
    assert not any(b"CANARY-8841" in f.read_bytes() for f in tmp_path.iterdir())
    assert History(tmp_path / "history.sqlite").entry(kept) is not None


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    broken = tmp_path / "history.sqlite"
    broken.write_bytes(b"not a database, but long enough to look like one" * 20)
    with pytest.raises(StoreDamaged):
        History(broken)
    assert broken.read_bytes().startswith(b"not a database")

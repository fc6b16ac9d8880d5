"""A disk that is full stops the indexing, marks no file, and costs nothing once there is space again."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import small_disk
from small_disk import run_with_own_mounts

FILL = Path(small_disk.__file__).with_name("fill_disk.py")
N_FILES = 40
# From one that does not hold the catalogue to one that just does not hold the rows.
SIZES_KB = (4, 60, 110, 140, 160, 184)


def test_a_full_disk_marks_no_file_and_everything_is_indexed_once_there_is_space(tmp_path: Path) -> None:
    """Three starts on a full disk: none may be counted against the file that was in hand."""
    root, disks = tmp_path / "docs", tmp_path / "disks"
    root.mkdir()
    disks.mkdir()
    for n in range(N_FILES):
        (root / f"{n}.txt").write_text(f"This text is about subject{n} and about nothing else. " * 6)
    command = [sys.executable, str(FILL), str(disks), str(root), *map(str, SIZES_KB)]
    results = json.loads(run_with_own_mounts(command))
    assert {code for result in results for code in result["outcomes"]} <= {"store.full", "ok"}
    assert [r["outcomes"] for r in results[:4]] == [["store.full"] * 3] * 4
    assert [r["failed"] for r in results] == [0] * len(SIZES_KB)
    assert [(r["after"], r["rows"]) for r in results] == [("ok", N_FILES)] * len(SIZES_KB)
    assert all(r["found"] == [["7.txt"], ["31.txt"]] and r["by_text"] == ["7.txt"] for r in results)

"""One stat a file, no content, links never followed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studiolo_indexer.admission import Admission
from studiolo_indexer.scanning import RootGone, look_at, scan


def names(root: Path) -> dict[str, str | None]:
    entries = scan(Admission.of(os.fsencode(root)))
    return {os.path.relpath(os.fsdecode(e.path), root): e.problem.code if e.problem else None for e in entries}


def test_every_file_is_walked_and_an_excluded_folder_is_one_entry(tmp_path: Path) -> None:
    """Promise 1: an excluded folder is one row, and not walked."""
    for name in ("a.txt", "deep/er/b.txt", ".git/config", "node_modules/x/y.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert names(tmp_path) == {
        "a.txt": None,
        "deep/er/b.txt": None,
        ".git": "folder.hidden",
        "node_modules": "folder.excluded",
    }


def test_no_file_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """R2: 0 reads of file content."""
    (tmp_path / "a.txt").write_text("x")
    admission = Admission.of(os.fsencode(tmp_path))
    monkeypatch.setattr(os, "open", lambda *a: pytest.fail("a file was opened"))
    assert len(list(scan(admission))) == 1


def test_a_root_that_is_gone_is_told_and_not_taken_for_empty(tmp_path: Path) -> None:
    """R7."""
    with pytest.raises(RootGone):
        list(scan(Admission(os.fsencode(tmp_path / "gone"), None)))


def test_links_and_loops_are_entries_with_their_reason(tmp_path: Path) -> None:
    """S12."""
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    assert names(tmp_path) == {"loop": "file.link", "dangling": "file.link"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_may_not_be_listed_is_an_entry(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    assert names(tmp_path) == {"closed": "folder.unreadable"}


def test_one_path_is_looked_at_as_the_scan_would(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "folder").mkdir()
    admission = Admission.of(os.fsencode(tmp_path))
    file = look_at(os.fsencode(tmp_path / "a.txt"), admission)
    assert file is not None
    assert [e.path for e in scan(admission)] == [file.path]
    assert look_at(os.fsencode(tmp_path / "folder"), admission) is None
    assert look_at(os.fsencode(tmp_path / "nowhere"), admission) is None

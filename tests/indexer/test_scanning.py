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


def stamps_of(root: Path) -> dict[bytes, tuple[int, int, int]]:
    entries = scan(Admission.of(os.fsencode(root)))
    return {e.path: (e.stamp.size_bytes, e.stamp.mtime_ns, e.stamp.inode) for e in entries if e.problem is None}


def test_files_with_a_settled_stamp_are_passed_over_and_all_others_are_seen(tmp_path: Path) -> None:
    for name in ("same.txt", "edited.txt", "gone.txt", "swapped.txt"):
        (tmp_path / name).write_text(name)
    settled = stamps_of(tmp_path)
    (tmp_path / "edited.txt").write_text("Something longer than before.")
    (tmp_path / "gone.txt").unlink()
    (tmp_path / "swapped.txt").unlink()
    (tmp_path / "swapped.txt").symlink_to(tmp_path / "same.txt")
    (tmp_path / "new.txt").write_text("new")
    seen = [Path(os.fsdecode(e.path)).name for e in scan(Admission.of(os.fsencode(tmp_path)), settled=settled)]
    assert sorted(seen) == ["edited.txt", "new.txt", "swapped.txt"]
    assert sorted(Path(os.fsdecode(path)).name for path in settled) == ["edited.txt", "gone.txt", "swapped.txt"]


def test_patterns_that_are_new_reach_files_with_a_settled_stamp(tmp_path: Path) -> None:
    """R28: a file that did not change may be left out from now on."""
    (tmp_path / "a.txt").write_text("a")
    settled = stamps_of(tmp_path)
    (tmp_path / ".studioloignore").write_text("a.txt")
    entries = {Path(os.fsdecode(e.path)).name: e for e in scan(Admission.of(os.fsencode(tmp_path)), settled=settled)}
    problem = entries["a.txt"].problem
    assert problem is not None
    assert problem.code == "ignored.pattern"

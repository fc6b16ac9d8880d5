"""What is admitted, and which folders are refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from world import World

from studiolo_indexer.admission import Admission, checked_patterns, is_inside
from studiolo_indexer.errors import (
    CollectionUnknown,
    FileUnknown,
    FolderMissing,
    FolderNotADirectory,
    FolderOverlaps,
    FolderRefused,
    FolderUnknown,
    PatternsBad,
)


def test_bad_folders_are_refused_with_their_reason(world: World, tmp_path: Path) -> None:
    """S20, and the bad input of `studiolo add`."""
    file = world.write("a.txt", "x")
    (world.root / "inner").mkdir()
    (Path.home() / ".ssh").mkdir(parents=True, exist_ok=True)
    for path, error in [
        (tmp_path / "nowhere", FolderMissing),
        (file, FolderNotADirectory),
        (world.root / "inner", FolderOverlaps),
        (tmp_path, FolderRefused),
        (world.data, FolderRefused),
        (Path.home() / ".ssh", FolderRefused),
        (Path.home(), FolderRefused),
        (Path("/etc"), FolderRefused),
        (Path("/"), FolderRefused),
    ]:
        with pytest.raises(error):
            world.indexer.add_folder(path, collection="documents")
    with pytest.raises(FolderUnknown):
        world.indexer.remove_folder(tmp_path / "nowhere")
    with pytest.raises(CollectionUnknown):
        world.indexer.sync("nowhere")
    with pytest.raises(FileUnknown):
        world.indexer.retry([world.root / "unknown.txt"])


def test_adding_a_folder_twice_is_the_same_as_once(world: World) -> None:
    first = world.indexer.add_folder(world.root, collection="documents")
    assert world.indexer.add_folder(world.root, collection="documents") == first
    with pytest.raises(FolderOverlaps):
        world.indexer.add_folder(world.root, collection="other")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.txt", None),
        ("A.PDF", None),
        ("~$report.docx", "file.hidden"),
        (".env.txt", "file.hidden"),
        ("photo.heic", "file.unsupported"),
        ("noending", "file.unsupported"),
        ("drafts/a.txt", "ignored.pattern"),
    ],
)
def test_a_file_is_admitted_or_skipped_with_its_reason(tmp_path: Path, name: str, code: str | None) -> None:
    (tmp_path / ".studioloignore").write_text("drafts/\n")
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("x")
    found = Admission.of(os.fsencode(tmp_path)).file(os.fsencode(path), path.lstat())
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("name", "walked"), [("docs", True), (".git", False), ("node_modules", False), ("__pycache__", False)]
)
def test_a_folder_is_walked_or_not(tmp_path: Path, name: str, walked: bool) -> None:
    found = Admission.of(os.fsencode(tmp_path)).folder(os.fsencode(tmp_path / name))
    assert (found is None) is walked


def test_patterns_that_are_too_large_or_no_text_are_not_obeyed(tmp_path: Path) -> None:
    """S15: nothing in a watched folder is configuration, but patterns up to 256 KB."""
    (tmp_path / ".studioloignore").write_bytes(b"*\n" * 200_000)
    large = Admission.of(os.fsencode(tmp_path))
    assert large.ignore is None
    assert large.ignore_problem is not None
    (tmp_path / ".studioloignore").write_bytes(b"\xff\xfe*\n")
    assert Admission.of(os.fsencode(tmp_path)).ignore is None


def test_a_place_inside_an_excluded_folder_is_not_admitted(tmp_path: Path) -> None:
    admission = Admission.of(os.fsencode(tmp_path))
    assert admission.admits_place(os.fsencode(tmp_path / "a" / "b.txt"))
    assert not admission.admits_place(os.fsencode(tmp_path / "node_modules" / "b" / "c.txt"))


def test_a_file_of_patterns_that_is_not_obeyed_says_so_in_the_ledger(tmp_path: Path) -> None:
    ignore = tmp_path / ".studioloignore"
    ignore.write_bytes(b"\xff\xfe*\n")
    found = Admission.of(os.fsencode(tmp_path)).file(os.fsencode(ignore), ignore.lstat())
    assert found is not None
    assert found.code == "ignore.unreadable"
    ignore.write_text("drafts/")
    found = Admission.of(os.fsencode(tmp_path)).file(os.fsencode(ignore), ignore.lstat())
    assert found is not None
    assert found.code == "file.hidden"


def test_the_user_s_own_patterns_come_after_those_of_the_file(tmp_path: Path) -> None:
    """R28: what the file leaves out can be brought back, as a later line of gitignore does."""
    (tmp_path / ".studioloignore").write_text("*.log\n")
    for name in ("a.log", "b.txt", "c.md"):
        (tmp_path / name).write_text("x")

    def admitted(patterns: str) -> set[str]:
        admission = Admission.of(os.fsencode(tmp_path), patterns)
        return {n.name for n in tmp_path.glob("[abc].*") if admission.file(os.fsencode(n), n.lstat()) is None}

    assert admitted("") == {"b.txt", "c.md"}
    assert admitted("*.md") == {"b.txt"}
    assert admitted("!a.log") == {"a.log", "b.txt", "c.md"}
    (tmp_path / ".studioloignore").write_bytes(b"\xff\xfe")
    assert admitted("*.md") == {"a.log", "b.txt"}


@pytest.mark.parametrize("bad", [["!"], ["x" * 300_000], ["caf\udce9"]])
def test_what_is_no_pattern_is_refused(bad: list[str]) -> None:
    with pytest.raises(PatternsBad):
        checked_patterns(bad)


def test_patterns_are_kept_a_line_each() -> None:
    assert checked_patterns(["*.log", "drafts/\n\n/old", " "]) == "*.log\ndrafts/\n/old"
    assert checked_patterns([]) == ""


def test_a_folder_whose_name_only_begins_alike_holds_nothing_of_another() -> None:
    folder = os.fsencode(os.path.join(os.sep, "docs"))
    assert is_inside(os.path.join(folder, b"a.txt"), folder)
    assert not is_inside(folder + b"-old" + os.fsencode(os.sep) + b"a.txt", folder)
    assert not is_inside(folder, folder)
    assert is_inside(folder, os.fsencode(os.sep))

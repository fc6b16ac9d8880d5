"""The data folder is private, and files in it are replaced in one step."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from studiolo.paths import AppPaths, app_paths, write_atomically


def test_the_argument_wins_over_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIOLO_HOME", str(tmp_path / "variable"))
    assert app_paths(tmp_path / "argument").home == tmp_path / "argument"
    assert app_paths().home == tmp_path / "variable"


def test_the_data_folder_is_for_the_user_alone(tmp_path: Path) -> None:
    """Promise 8: 0700."""
    paths = AppPaths(tmp_path / "home")
    paths.create()
    folders = [paths.home, *[p for p in paths.home.rglob("*") if p.is_dir()]]
    assert len(folders) > 3
    assert {stat.S_IMODE(f.stat().st_mode) for f in folders} == {0o700}


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "settings.toml"
    target.mkdir()
    with pytest.raises(OSError, match="irectory"):
        write_atomically(target, b"new")
    assert list(tmp_path.iterdir()) == [target]


def test_an_atomic_write_replaces_the_content(tmp_path: Path) -> None:
    target = tmp_path / "settings.toml"
    write_atomically(target, b"old")
    write_atomically(target, b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600

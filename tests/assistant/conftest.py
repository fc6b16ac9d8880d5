"""A library that is indexed once for all tests that only read it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import CommandLine
from library import index_library, write_library

from studiolo.workspace import Workspace


@pytest.fixture(scope="session")
def library_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_library(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, library_root: Path) -> Iterator[Workspace]:
    """The indexed library, with the real starter models."""
    yield index_library(tmp_path_factory.mktemp("home"), library_root)


@pytest.fixture
def home(library: Workspace, tmp_path: Path) -> Path:
    """A copy of the library's data folder, to be written to; it shares the cache of compiled kernels (90 MB)."""
    copy = shutil.copytree(library.paths.home, tmp_path / "home", ignore=shutil.ignore_patterns("cache"))
    (copy / "cache").symlink_to(library.paths.cache)
    return copy


@pytest.fixture
def empty_home(library: Workspace, tmp_path: Path) -> Path:
    """A new data folder whose children need not compile the embedder's kernels."""
    made = tmp_path / "empty-home"
    made.mkdir(mode=0o700)
    (made / "cache").symlink_to(library.paths.cache)
    return made


@pytest.fixture
def loaded_once(library: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the embedder once for all tests: it takes a second, and none of them is about loading."""
    embedder = library.embedder()
    monkeypatch.setattr("studiolo.workspace.load_embedder", lambda *arguments, **options: embedder)


@pytest.fixture
def studiolo(library: Workspace, loaded_once: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, on the library's data folder."""
    return CommandLine(library.paths.home, tmp_path, monkeypatch)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_library(tmp_path / "docs")


@pytest.fixture
def own(studiolo: CommandLine, tmp_path: Path) -> CommandLine:
    """The command line on a new data folder."""
    return CommandLine(tmp_path / "own", tmp_path, studiolo.monkeypatch)

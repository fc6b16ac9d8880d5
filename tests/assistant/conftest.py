"""A library that is indexed once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from library import index_library, write_library

from studiolo.workspace import Workspace


@pytest.fixture(scope="session")
def library_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_library(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, library_root: Path) -> Iterator[Workspace]:
    """The indexed library, with the real starter models."""
    yield index_library(tmp_path_factory.mktemp("home"), library_root)

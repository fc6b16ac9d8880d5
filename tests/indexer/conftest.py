"""What the tests of the indexer share: a watched folder with its index, and a real extractor."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from world import World

from studiolo_indexer.extraction import Extractor

WORKER = [sys.executable, "-I", "-m", "studiolo_indexer.extract_worker"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "docs", tmp_path / "data")
    made.root.mkdir()
    made.indexer.add_folder(made.root, collection="documents")
    yield made
    made.restart()


@pytest.fixture
def extractor() -> Iterator[Extractor]:
    made = Extractor(command=WORKER)
    yield made
    made.close()

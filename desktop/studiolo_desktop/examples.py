"""Finds the example documents that come with the program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "STUDIOLO_EXAMPLES"


def find_examples() -> Path | None:
    """Find the folder of the example set: named by STUDIOLO_EXAMPLES, installed, or in a source checkout."""
    named = os.environ.get(VARIABLE)
    places = (
        Path(named) if named else None,
        Path(sys.prefix) / "share" / "studiolo" / "examples",
        Path(__file__).resolve().parents[2] / "examples",
    )
    return next((p for p in places if p is not None and p.is_dir() and example_folders(p)), None)


def example_folders(examples: Path) -> list[Path]:
    """List the collections of the example set: one folder each."""
    try:
        return sorted(p for p in examples.iterdir() if p.is_dir() and not p.name.startswith((".", "_")))
    except OSError:
        return []

"""The pictures of the documentation are those that the command takes, each in light, in dark and at 200 %."""

from __future__ import annotations

from pathlib import Path

import take_screenshots
from PySide6.QtGui import QImageReader

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
MOST_BYTES = 12_000_000


def test_every_picture_is_there_and_no_other() -> None:
    assert {path.name for path in PICTURES.iterdir()} == take_screenshots.all_names()


def test_a_picture_at_twice_the_scale_has_twice_the_pixels() -> None:
    sizes = {path.name: QImageReader(str(path)).size() for path in PICTURES.glob("first-run-*.png")}
    assert sizes["first-run-light-200.png"] == sizes["first-run-light.png"] * 2
    assert sizes["first-run-dark.png"] == sizes["first-run-light.png"]


def test_the_pictures_do_not_burden_the_repository() -> None:
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < MOST_BYTES

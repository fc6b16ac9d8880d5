"""The pictures of the documentation are those that the command takes, each in light, in dark and at 200 %."""

from __future__ import annotations

from pathlib import Path

import take_screenshots
from PySide6.QtGui import QColor, QImage, QImageReader, qRgb

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
MOST_BYTES = 75_000  # of one, on average


def test_every_picture_is_there_and_no_other() -> None:
    assert {path.name for path in PICTURES.iterdir()} == take_screenshots.all_names()


def test_a_picture_at_twice_the_scale_has_twice_the_pixels() -> None:
    sizes = {path.name: QImageReader(str(path)).size() for path in PICTURES.glob("first-run-*.png")}
    assert sizes["first-run-light-200.png"] == sizes["first-run-light.png"] * 2
    assert sizes["first-run-dark.png"] == sizes["first-run-light.png"]


def test_a_picture_of_few_colours_stays_as_it_is_and_one_of_many_nearly_so() -> None:
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor("#1f5f5b"))
    image.setPixel(3, 4, qRgb(1, 2, 3))
    assert take_screenshots.fewer_colours(image).convertToFormat(QImage.Format.Format_RGB32) == image
    for x in range(64):
        for y in range(64):
            image.setPixel(x, y, qRgb(4 * x, 4 * y, 0))
    made = take_screenshots.fewer_colours(image)
    assert made.colorCount() <= 256
    assert made.size() == image.size()


def test_the_pictures_do_not_burden_the_repository() -> None:
    sizes = [path.stat().st_size for path in PICTURES.iterdir()]
    assert sum(sizes) / len(sizes) < MOST_BYTES

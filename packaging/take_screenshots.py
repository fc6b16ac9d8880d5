"""Takes pictures of the window in every state, in light, in dark and at 200 %, into docs/screenshots/.

    .venv/bin/python packaging/take_screenshots.py [--into FOLDER]

The window, the engine and the models are the real ones; the data folder is a temporary one. Needs no display. What is
photographed stands in screenshot_scenes.py.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from array import array
from collections import Counter
from pathlib import Path

import screenshot_scenes
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication

from studiolo.paths import AppPaths
from studiolo_desktop.app import engine_command
from studiolo_desktop.building import Parts, build

ROOT = Path(__file__).resolve().parent.parent
INTO = ROOT / "docs" / "screenshots"
SCHEMES = (("light", 1), ("dark", 1), ("light", 2))


def picture_name(name: str, scheme: str, scale: int) -> str:
    """Give the file name of a picture."""
    return f"{name}-{scheme}{'' if scale == 1 else f'-{scale}00'}.png"


def all_names() -> set[str]:
    """Name every picture that is taken."""
    return {picture_name(name, *scheme) for name in screenshot_scenes.NAMES for scheme in SCHEMES}


def fewer_colours(image: QImage) -> QImage:
    """Give a picture with its 256 most frequent colours alone: a third of the bytes, and the repository keeps them all.

    They cover 97 % of the pixels and more; what is left are shades between a letter and its ground.
    """
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    counted = Counter(array("I", bytes(plain.constBits())))
    return plain.convertToFormat(QImage.Format.Format_Indexed8, [colour for colour, _ in counted.most_common(256)])


def take(into: Path, scheme: str, scale: int) -> None:
    """Run the window once, and grab it in each state; called in a process of its own, which Qt's scale needs."""
    app = QApplication(["studiolo-desktop"])

    def make(command: list[str], home: Path) -> Parts:
        paths = AppPaths(home)
        paths.create()
        parts = build(app, command, paths)
        parts.theme.choose("dark" if scheme == "dark" else "light")  # there is no system here that would say which
        return parts

    def save(picture: QPixmap, name: str) -> None:
        path = into / picture_name(name, scheme, scale)
        if not fewer_colours(picture.toImage()).save(str(path), quality=0):  # 0: as small as it gets
            raise SystemExit(f"{name} cannot be written")

    screenshot_scenes.play(make, lambda home: engine_command(AppPaths(home)), save)


def main() -> int:
    """Take all pictures; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=INTO)
    parser.add_argument("--one", nargs=2, metavar=("SCHEME", "SCALE"), help="this scheme and scale, in this process")
    options = parser.parse_args()
    into = options.into.resolve()
    into.mkdir(parents=True, exist_ok=True)
    if options.one:
        take(into, options.one[0], int(options.one[1]))
        return 0
    for scheme, scale in SCHEMES:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
        command = [sys.executable, __file__, "--into", str(into), "--one", scheme, str(scale)]
        if subprocess.run(command, check=False, env=environment).returncode != 0:
            return 1
    print(f"pictures are in {into}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

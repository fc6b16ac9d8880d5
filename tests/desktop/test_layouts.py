"""Every view holds at every size: nothing is cut, nothing lies over something else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from scripted_window import OpenScene
from window_views import cut, overlapping, views

from studiolo_desktop.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[2]
SCALED = """
import json, os, sys
from PySide6.QtWidgets import QApplication
from studiolo_desktop.main_window import MainWindow
from studiolo_desktop.theme import Theme
from evaluation_documents import ADAPTERS, COMPARISON, RECORDS, RUN, SETS
from window_views import cut, overlapping
app = QApplication([])
theme = Theme(app)
window = MainWindow(theme)
window.resize(900, 600)
window.show_collections(["documents", "hr"])
window.show()
found = []
window.evaluation.overview.show_sets(SETS)
window.evaluation.overview.show_runs(RECORDS)
window.adapters.show_adapters({**ADAPTERS, "attached": "letters"})
for page in (window.ask, window.ledger, window.search, window.evaluation, window.adapters, window.models, window.styles,
             window.settings, window.privacy, window.shortcuts):
    window.show_page(page)
    found += cut(window) + overlapping(window)
window.show_page(window.evaluation)
for show in (
    lambda: window.evaluation.show_run(RUN),
    lambda: window.evaluation.show_comparison(COMPARISON),
    lambda: window.evaluation.show_review(SETS[0]),
):
    show()
    while window.evaluation.run.is_filling or window.evaluation.comparison.is_filling:
        app.processEvents()
    found += cut(window) + overlapping(window)
window.open_source()
found += cut(window) + overlapping(window)
picture = window.grab()
print(json.dumps([found, picture.width(), picture.devicePixelRatio()]), flush=True)
os._exit(0)
"""


@pytest.mark.logs("the engine ended (exit")
@pytest.mark.parametrize(("width", "height"), [(900, 600), (1360, 860), (3840, 2160)])
def test_no_control_of_any_view_is_cut_or_lies_over_another(
    open_scene: OpenScene, tmp_path: Path, width: int, height: int
) -> None:
    wrong, seen = {}, 0
    for name, scene in views(open_scene, tmp_path):
        scene.window.resize(width, height)
        seen += 1
        if found := [*cut(scene.window), *overlapping(scene.window)]:
            wrong[name] = found
    assert wrong == {}
    assert seen >= 18


@pytest.mark.parametrize("scale", ["1.25", "1.5", "1.75", "2", "2.5"])
def test_every_page_holds_at_every_scale_of_the_screen(scale: str) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "tests" / "support"), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", SCALED], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    found, width, ratio = json.loads(done.stdout)
    assert found == []
    assert (width, ratio) == (round(900 * float(scale)), float(scale))


def test_questions_and_cards_are_not_wider_than_can_be_read(open_scene: OpenScene) -> None:
    scene = open_scene()
    scene.window.resize(3840, 2160)
    turn = scene.answered()
    assert turn.width() <= 900
    assert abs(turn.mapTo(scene.window.ask, turn.rect().center()).x() - scene.window.ask.rect().center().x()) <= 2
    assert scene.window.ask.bar.width() <= 900


def test_the_helpers_find_what_is_cut_and_what_lies_over_something(window: MainWindow) -> None:
    label = QLabel("some words that need room", window.privacy)
    window.show_page(window.privacy)
    label.setGeometry(30, 20, 20, 5)
    label.show()
    assert any("some words" in line for line in cut(window))
    assert any("some words" in line for line in overlapping(window))

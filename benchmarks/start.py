"""How soon the window stands on the screen and the engine can take a question, and which imports that is made of.

    .venv/bin/python benchmarks/start.py [--runs 7]

Each run starts `studiolo-desktop` as a process of its own over a data folder that holds an index of the examples; times
count from the start of the process. Bars: window 0.5 s, engine ready 3 s, both on a warm disk.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STUDIOLO = Path(sys.executable).with_name("studiolo")
# The program as it is, with two listeners: one for the window, one for the engine.
PROGRAM = """
import sys, time
from studiolo_desktop import app
import studiolo_desktop.building as building
made = building.build

def listened_to(*arguments, **options):
    parts = made(*arguments, **options)
    def say(what):
        print(what, time.time(), flush=True)
    parts.window.first_shown.connect(lambda: say("window"))
    def on_state(state):
        if state == "ready":
            say("ready")
            parts.window.close()
    parts.client.state_changed.connect(on_state)
    return parts

building.build = listened_to
sys.exit(app.main(["--home", sys.argv[1]]))
"""
WINDOW_MODULES = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets", "studiolo_desktop.building")
ENGINE_MODULES = ("numpy", "pyarrow", "lancedb", "openvino", "tokenizers", "studiolo.workspace", "studiolo.engine")


def start(home: Path) -> dict[str, float]:
    """Give the seconds from process start to each of the two."""
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM, str(home)], check=True, capture_output=True, text=True, timeout=120
    )
    rows = (line.split() for line in done.stdout.splitlines())
    return {name: float(at) - began for name, at in rows}


def import_times(statement: str, modules: tuple[str, ...]) -> dict[str, float]:
    """Give the seconds that importing each module took, what it imports itself included."""
    done = subprocess.run(
        [sys.executable, "-I", "-X", "importtime", "-c", statement], check=True, capture_output=True, text=True
    )
    found = re.findall(r"import time:\s+\d+ \|\s+(\d+) \| +(\S+)", done.stderr)
    return {name: int(us) / 1e6 for us, name in found if name in modules}


def main() -> None:
    """Print both, with what they are made of."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        for command in (["add", str(ROOT / "examples" / "hr")], ["sync"]):
            done = subprocess.run([STUDIOLO, *command, "--home", home], check=False, capture_output=True, text=True)
            assert done.returncode in (0, 1), done.stderr  # 1: the scanned page of the examples cannot be read
        times = [start(home) for _ in range(runs + 1)][1:]
    for name, bar in (("window", 0.5), ("ready", 3.0)):
        values = [t[name] for t in times]
        print(
            f"{name:7} {statistics.median(values):6.2f} s  ({min(values):.2f} to {max(values):.2f}, {runs} runs; "
            f"bar: {bar} s)"
        )
    offline = "from studiolo import offline; offline.prepare_environment(); "
    for title, statement, modules in (
        ("window", "import studiolo_desktop.building", WINDOW_MODULES),
        ("engine", offline + "import studiolo.engine", ENGINE_MODULES),
    ):
        parts = import_times(statement, modules)
        print(f"imports of the {title}: " + ", ".join(f"{name} {s:.2f} s" for name, s in parts.items()))


if __name__ == "__main__":
    main()

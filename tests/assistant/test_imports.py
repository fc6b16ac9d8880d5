"""What a start loads decides how long it takes: the window loads nothing heavy, a search no torch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "lancedb", "llama_cpp", "numpy", "pyqtgraph", "torch", "openvino", "pyarrow", "tokenizers", "typer",
    "PySide6.QtWidgets",
)  # fmt: skip
# Runs an entry point as its script does, and says afterwards what was loaded.
RUN = """
import importlib, json, os, sys
module, names, sys.argv = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]
end, os._exit, code = os._exit, sys.exit, 0
try:
    code = importlib.import_module(module).main() or 0
except SystemExit as error:
    code = error.code or 0
loaded = [name for name in names if sys.modules.get(name) is not None]
sys.stderr.write("\\n" + json.dumps({"code": code, "loaded": loaded}))
sys.stdout.flush()
sys.stderr.flush()
end(0)
"""


def loaded(module: str, names: tuple[str, ...], *arguments: str) -> tuple[list[str], str]:
    """Run a command in a process of its own; gives which of the modules it loaded, and what it printed."""
    command = [sys.executable, "-I", "-c", RUN, module, json.dumps(names), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    answer = json.loads(done.stderr.splitlines()[-1])
    assert answer["code"] == 0, done.stderr
    return answer["loaded"], done.stdout


def test_the_window_starts_without_anything_heavy() -> None:
    found, printed = loaded("studiolo_desktop.app", HEAVY, "studiolo-desktop", "--version")
    assert printed.startswith("studiolo-desktop ")
    assert found == []


def test_the_command_line_says_its_version_without_anything_heavy() -> None:
    found, printed = loaded("studiolo.cli", HEAVY, "studiolo", "--version")
    assert printed.startswith("studiolo ")
    assert set(found) <= {"typer"}


@pytest.mark.real_models
def test_a_search_answers_without_torch(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "leave.md").write_text("# Leave\n\nFive days of annual leave may be carried over.\n", encoding="utf-8")
    home = ("--home", str(tmp_path / "home"))
    loaded("studiolo.cli", (), "studiolo", "add", str(folder), *home)
    loaded("studiolo.cli", (), "studiolo", "sync", *home)
    torch = ("torch", "transformers", "sentence_transformers", "huggingface_hub", "PySide6")
    found, printed = loaded("studiolo.cli", torch, "studiolo", "search", "unused vacation", "--json", *home)
    assert "carried over" in json.loads(printed)["passages"][0]["text"]
    assert found == []

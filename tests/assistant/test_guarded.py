"""A guarded module runs as it would alone, but offline."""

from __future__ import annotations

import subprocess
import sys


def test_a_guarded_module_runs_with_its_arguments_and_without_a_network() -> None:
    command = [sys.executable, "-I", "-m", "studiolo.guarded", "json.tool", "--compact"]
    done = subprocess.run(command, input='{"a": 1}', capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == '{"a":1}'


def test_a_guarded_module_meets_a_refusal() -> None:
    command = [sys.executable, "-I", "-m", "studiolo.guarded", "http.server", "0", "--bind", "127.0.0.1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "offline" in done.stderr.lower()

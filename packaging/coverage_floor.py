"""Checks that the floor of the test coverage (`fail_under` in pyproject.toml) was never lowered, by git's history."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def highest(diff: str) -> float:
    """Give the highest floor that a diff of pyproject.toml ever added; 0 if there was none."""
    return max((float(value) for value in re.findall(r"^\+fail_under = ([\d.]+)", diff, re.MULTILINE)), default=0.0)


def main() -> int:
    """Compare the floor with every earlier one; gives the exit code."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    floor = float(tomllib.loads(text)["tool"]["coverage"]["report"]["fail_under"])
    command = ["git", "log", "--patch", "--unified=0", "--format=", "-Gfail_under", "--", "pyproject.toml"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        print("the coverage floor cannot be compared: this is no git checkout")
        return 0
    earlier = highest(done.stdout)
    print(f"coverage floor {floor:g} %" + (f", but it was {earlier:g} % before" if earlier > floor else ""))
    return int(earlier > floor)


if __name__ == "__main__":
    sys.exit(main())

"""Runs the benchmarks that benchmarks/README.md names, one after the other: `run_benchmarks.py [--data FOLDER]`.

A benchmark is a script of its own. One that uses data sets takes `--data FOLDER`, and without it says itself what it
leaves out.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"


def listed(readme: str) -> list[str]:
    """Give the scripts that the page names in backticks (`start.py`), each once, in its order."""
    return list(dict.fromkeys(re.findall(r"`(?:benchmarks/)?([a-z]\w*\.py)\b", readme)))


def main() -> int:
    """Run all of them; gives 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="the folder of the data sets")
    data = parser.parse_args().data
    names = [n for n in listed((BENCHMARKS / "README.md").read_text(encoding="utf-8")) if (BENCHMARKS / n).exists()]
    if not data:
        print("No DATA folder is given: what needs data sets is left out (make bench DATA=folder).")
    failed = []
    for name in names:
        print(f"\n=== {name}", flush=True)
        started = time.monotonic()
        script = BENCHMARKS / name
        arguments = ["--data", str(data.resolve())] if data and "--data" in script.read_text(encoding="utf-8") else []
        done = subprocess.run([sys.executable, str(script), *arguments], check=False, cwd=ROOT)
        print(f"=== {name}: {time.monotonic() - started:.0f} s", flush=True)
        failed += [name] if done.returncode else []
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())

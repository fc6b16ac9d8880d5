"""Runs a module of ours with the offline guards: `python -m studiolo.guarded MODULE [ARGUMENTS]`."""

from __future__ import annotations

from studiolo import offline

offline.prepare_environment()

import runpy  # noqa: E402 - the guards come first
import sys  # noqa: E402


def main() -> None:
    """Install the guards, then become the module."""
    offline.install_guards()
    module = sys.argv[1]
    sys.argv = sys.argv[1:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

"""Disks of a few kilobytes: file systems in memory, mounted for one child process and what it starts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest


def run_with_own_mounts(command: Sequence[str], *, timeout_s: float = 100) -> str:
    """Run a command that may call `mount_disk`; gives its standard output.

    Skips the test where the machine allows no mount.
    """
    done = subprocess.run([*_namespace(), *command], capture_output=True, text=True, timeout=timeout_s)
    assert done.returncode == 0, done.stderr
    return done.stdout


def mount_disk(folder: Path, kilobytes: int) -> Path:
    """Put an empty disk of this size at a new folder."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=700", "tmpfs", str(folder)], check=True)
    return folder


def resize_disk(folder: Path, kilobytes: int) -> None:
    """Make a disk larger; what lies on it stays."""
    subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", str(folder)], check=True)


def _namespace() -> list[str]:
    unshare = shutil.which("unshare") if sys.platform == "linux" else None
    for options in (["--mount"], ["--mount", "--map-root-user"]):
        trial = [str(unshare), *options, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        if unshare and subprocess.run(trial, capture_output=True, timeout=20).returncode == 0:
            return [unshare, *options]
    pytest.skip("this machine allows no file system of its own (unshare --mount), so no disk can be filled")

"""What this machine has: cores, memory, instruction sets; imports nothing heavy."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import psutil

_FLAGS = ("avx2", "avx_vnni", "avx512f", "avx512_bf16", "amx_bf16", "amx_int8", "neon", "asimd", "i8mm", "bf16")


def usable_cores() -> int:
    """Physical cores that this process may use, at least 1: more threads than that slow llama.cpp down."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(psutil.cpu_count(logical=False) or allowed, allowed))


def memory_bytes() -> int:
    """Memory of the machine in bytes."""
    return int(psutil.virtual_memory().total)


def instruction_sets() -> list[str]:
    """The instruction sets that matter for models, where the system names them."""
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return []
    for line in info.read_text(errors="replace").splitlines():
        if line.startswith(("flags", "Features")):
            there = set(line.split())
            return [flag for flag in _FLAGS if flag in there]
    return []


def describe() -> str:
    """One line for people."""
    sets = ", ".join(instruction_sets()) or platform.machine()
    return f"{usable_cores()} cores, {memory_bytes() / 2**30:.0f} GiB of memory, {sets}"

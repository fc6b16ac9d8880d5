"""What this machine has, and what fits: cores, memory, instruction sets; imports nothing heavy."""

from __future__ import annotations

import logging
import math
import os
import platform
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import psutil

log = logging.getLogger(__name__)

_GIVES_WAY = 10  # of 19; it gets a tenth of a processor that a question wants too
_FLAGS = (
    "avx2",
    "avx_vnni",
    "avx512f",
    "avx512_vnni",
    "avx512_bf16",
    "amx_bf16",
    "amx_int8",
    "neon",
    "asimd",
    "i8mm",
    "bf16",
)
_CGROUP = Path("/sys/fs/cgroup")
# A cgroup without a limit says "max" (version 2) or a number near 2**63 (version 1).
_NO_LIMIT = 1 << 60
WORKING_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a model fits into memory, and why not: `needed_bytes` against what `available_bytes` there is."""

    needed_bytes: int
    available_bytes: int

    @property
    def fits(self) -> bool:
        """Whether it can be loaded without driving other programs out of memory."""
        return self.needed_bytes <= self.available_bytes


def usable_cores(*, cgroup: Path = _CGROUP) -> int:
    """Physical cores that this process may use, at least 1: more threads than that slow llama.cpp down.

    Bounded by the processor affinity and by the quota of a container.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    physical = min(psutil.cpu_count(logical=False) or allowed, allowed)
    quota = _quota(cgroup)
    return max(1, physical if quota is None else min(physical, math.ceil(quota)))


def lower_thread_priority() -> None:
    """Let the calling thread, and those that it starts from now on, give way to all others, of other programs too.

    Where the system has no priorities for single threads (it has on Linux), nothing changes.
    """
    if sys.platform == "linux":
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _GIVES_WAY)
        except OSError as error:
            log.info("a thread keeps its priority: %s", error.strerror)


def on_battery() -> bool:
    """Whether the computer runs on its battery; False where it has none, or the system does not say."""
    sensors = getattr(psutil, "sensors_battery", None)  # missing on some systems
    try:
        battery = None if sensors is None else sensors()
    except (OSError, ValueError, RuntimeError) as error:  # a system without power supplies, or with odd ones
        log.debug("the battery cannot be asked: %s", type(error).__name__)
        return False
    return battery is not None and battery.power_plugged is False


def memory_bytes(*, cgroup: Path = _CGROUP) -> int:
    """Memory of the machine, or of the container where that is less, in bytes."""
    limit = _memory_limit(cgroup)
    total = int(psutil.virtual_memory().total)
    return total if limit is None else min(total, limit)


def available_bytes(*, cgroup: Path = _CGROUP) -> int:
    """Memory that can be taken now without swapping, in bytes."""
    available = int(psutil.virtual_memory().available)
    limit = _memory_limit(cgroup)
    return available if limit is None else min(available, limit)


def instruction_sets() -> list[str]:
    """The instruction sets that matter for models, where the system names them."""
    flags = _processor_flags()
    return [flag for flag in _FLAGS if flag in flags]


def has_gpu_offload() -> bool:
    """Whether llama.cpp was built with a GPU and finds one; imports llama.cpp."""
    import llama_cpp

    return bool(llama_cpp.llama_supports_gpu_offload())


def fits(*, model_bytes: int, context_tokens: int, bytes_per_token: int = 0, available: int | None = None) -> Fit:
    """Tell whether a GGUF model and its context fit into the memory that is there now.

    Args:
        model_bytes: Size of the file; its weights are read in place.
        context_tokens: Size of the context in tokens.
        bytes_per_token: KV cache of one token (`kv_bytes_per_token`).
        available: Memory that may be taken in bytes, or None for what is there now.
    """
    needed = model_bytes + context_tokens * bytes_per_token + WORKING_BYTES
    return Fit(needed, available_bytes() if available is None else available)


def kv_bytes_per_token(*, layers: int, embedding: int, heads: int, kv_heads: int) -> int:
    """Bytes that one token takes in a KV cache of 16-bit numbers: a key and a value in each layer.

    Raises:
        ValueError: If a number is not positive.
    """
    if min(layers, embedding, heads, kv_heads) < 1:
        raise ValueError("a model has at least one of each")
    return 2 * 2 * layers * (embedding * kv_heads // heads)


def describe() -> str:
    """One line for people."""
    sets = ", ".join(instruction_sets()) or platform.machine()
    return f"{usable_cores()} cores, {memory_bytes() / 2**30:.0f} GiB of memory, {sets}"


def _processor_flags() -> frozenset[str]:
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return frozenset()
    for line in info.read_text(errors="replace").splitlines():
        if line.startswith(("flags", "Features")):
            return frozenset(line.partition(":")[2].split())
    return frozenset()


def _quota(cgroup: Path) -> float | None:
    """Cores that a container may use on average (cgroup version 2, then 1), or None without a quota."""
    both = _words(cgroup / "cpu.max")
    if len(both) != 2:
        both = _words(cgroup / "cpu/cpu.cfs_quota_us") + _words(cgroup / "cpu/cpu.cfs_period_us")
    if len(both) != 2 or not all(word.isdecimal() for word in both):
        return None  # "max", or -1 in version 1
    quota, period = int(both[0]), int(both[1])
    return quota / period if quota and period else None


def _memory_limit(cgroup: Path) -> int | None:
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        words = _words(cgroup / name)
        if len(words) == 1 and words[0].isdecimal() and 0 < int(words[0]) < _NO_LIMIT:
            return int(words[0])
    return None


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return []

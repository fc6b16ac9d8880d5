"""Confines the process that reads untrusted documents: memory, files, and on Linux the file system (Landlock).

What it may still do: read its own program and the system's libraries, and speak through the pipes that it was started
with. It cannot open a document of the user's, write or remove a file (but in a folder of its own, where it was given
one), or start a program. The network is refused by the guards that its parent set before it (studiolo.offline).

Source: the kernel's documentation of Landlock (userspace-api/landlock) and linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_SIGKILL = 9
_ADDRESS_SPACE_BYTES = 6 * 2**30
_OPEN_FILES = 64
_OPEN_FILES_OF_A_WRITER = 1024
_FILE_BYTES_OF_A_WRITER = 512 * 2**20

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
_RULE_PATH_BENEATH = 1
_ASK_VERSION = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_FIRST_RIGHTS = (1 << 13) - 1  # of version 1: the four above, and removing and making what a folder may hold
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15  # versions 2, 3 and 5
_SYSTEM = (
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/sys/devices/system",
)
_DEVICES = ("/dev/urandom", "/dev/null", "/proc/self", "/proc/cpuinfo", "/proc/meminfo")


@dataclass(frozen=True, slots=True)
class SandboxState:
    """Whether the file system is closed to this process, and a word on it."""

    closed: bool
    detail: str


def confine(*, readable: Iterable[str] = (), writable: str | None = None) -> SandboxState:
    """Confine this process for good; what a system lacks is left out and said.

    Args:
        readable: Files and folders that it may read, besides its program and the system's libraries.
        writable: A folder in which it may do as it likes.
    """
    limit_resources(writes=writable is not None)
    if sys.platform != "linux":
        return SandboxState(False, f"{sys.platform} has no Landlock: memory, time and output are bounded")
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    return _close_file_system([*program_folders(), *_SYSTEM, *_DEVICES, *readable], writable)


def limit_resources(*, writes: bool = False) -> None:
    """Bound memory and files, leave no core; write no file, or only such as are not huge."""
    try:
        import resource
    except ImportError:
        return
    wanted = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, _FILE_BYTES_OF_A_WRITER if writes else 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES_OF_A_WRITER if writes else _OPEN_FILES),
        (resource.RLIMIT_AS, _ADDRESS_SPACE_BYTES),
    ]
    for limit, most in wanted:
        hard = resource.getrlimit(limit)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (bound, bound))


def program_folders() -> list[str]:
    """Name the folders from which this program imports: its Python, its packages, and where ours lie."""
    places = [sys.prefix, sys.base_prefix, *sys.path, str(Path(__file__).resolve().parent)]
    return sorted({place for place in places if place and os.path.isabs(place)})


def landlock_version() -> int:
    """Give the version of Landlock that the kernel offers; 0 for none."""
    if sys.platform != "linux":
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))))


def _close_file_system(readable: Sequence[str], writable: str | None) -> SandboxState:
    version = landlock_version()
    if version == 0:
        return SandboxState(False, "this kernel offers no Landlock: memory, time and output are bounded")
    libc = ctypes.CDLL(None, use_errno=True)
    refused = _FIRST_RIGHTS
    for since, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV)):
        refused |= right if version >= since else 0
    attributes = struct.pack("Q", refused)
    rules = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    if rules < 0:
        return SandboxState(False, f"the kernel refused a Landlock ruleset ({os.strerror(ctypes.get_errno())})")
    try:
        for place in readable:
            _allow(libc, rules, place, _READ_FILE | _READ_DIR)
        if writable is not None:
            _allow(libc, rules, writable, refused)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if libc.syscall(_RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint32(0)) != 0:
            return SandboxState(False, f"the kernel refused Landlock ({os.strerror(ctypes.get_errno())})")
    finally:
        os.close(rules)
    where = "nothing" if writable is None else "into its own folder alone"
    return SandboxState(True, f"Landlock {version}: it reads its own program and no document, and writes {where}")


def _allow(libc: ctypes.CDLL, rules: int, place: str, rights: int) -> None:
    """Give rights on a file or folder; one that is not there is left out."""
    try:
        descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rule = struct.pack("=Qi", rights if os.path.isdir(place) else rights & _READ_FILE, descriptor)
        libc.syscall(_ADD_RULE, ctypes.c_int(rules), ctypes.c_int(_RULE_PATH_BENEATH), rule, ctypes.c_uint32(0))
    finally:
        os.close(descriptor)

"""Keeps a process offline: variables, a Python guard, and on Linux a seccomp filter that children inherit; light.

Two guards, because each misses something: the Python guard words the error and covers systems without seccomp, the
kernel's filter binds native code (Rust, C++) as well. AF_UNIX stays free: X11, Wayland and D-Bus use it.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

_VARIABLES = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
}
_REFUSED_EVENTS = frozenset(
    ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo", "socket.sethostname")
)
_ADDRESS_EVENTS = frozenset(("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"))
_AF_UNIX = 1

# seccomp, from linux/seccomp.h, linux/filter.h and linux/audit.h: (audit arch, socket, io_uring_setup, socketcall)
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_RET_ALLOW = 0x7FFF0000
_RET_ERRNO = 0x00050000
_EACCES = 13
_ENOSYS = 38
_ARCHITECTURES = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}
_X32_BIT = 0x40000000


class OfflineViolation(PermissionError):
    """Something in this process tried to reach a network; it was refused."""

    code = "offline.violation"


@dataclass(frozen=True, slots=True)
class OfflineState:
    """Which guards are in force, and a word on those that are not."""

    python: bool
    kernel: bool
    detail: str


@dataclass(frozen=True, slots=True)
class OfflineFinding:
    """One check of the guards: what was tried, whether it was refused, and what to do where it was not."""

    check: str
    ok: bool
    detail: str
    hint: str = ""


def prepare_environment() -> None:
    """Set the offline variables and keep OpenVINO's telemetry out; called before anything else is imported."""
    os.environ.update(_VARIABLES)
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None blocks the import


def install_guards() -> OfflineState:
    """Install both guards; they cannot be taken back. Calling it again changes nothing.

    Never raises: where the kernel refuses the filter, the state says so, and `check` reports it.
    """
    if not getattr(sys, "_studiolo_offline", False):
        sys.addaudithook(_refuse_network)
        sys._studiolo_offline = True  # type: ignore[attr-defined]  # a mark that outlives a second import of this module
    kernel, detail = _install_seccomp()
    return OfflineState(python=True, kernel=kernel, detail=detail)


def check() -> list[OfflineFinding]:
    """Try to reach a network in every way we know, and list listening sockets; sends nothing even unguarded."""
    kernel_refuses = _native_socket_refused()
    kernel_hint = (
        "" if kernel_refuses else "Studiolo's own code stays offline; native libraries are not held back here."
    )
    listening = listening_sockets()
    return [
        OfflineFinding("no IPv4 socket", *_refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))),
        OfflineFinding("no IPv6 socket", *_refused(lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))),
        OfflineFinding("no name look-up", *_refused(lambda: socket.getaddrinfo("localhost", 9))),
        OfflineFinding(
            "no socket from native code",
            kernel_refuses or sys.platform != "linux",
            "refused by the kernel" if kernel_refuses else "the kernel's filter is not in force",
            kernel_hint,
        ),
        OfflineFinding(
            "no listening socket",
            not listening,
            "none" if not listening else f"listening on {', '.join(listening)}",
            "" if not listening else "Please report this.",
        ),
    ]


def listening_sockets() -> list[str]:
    """Name the TCP ports that this process listens on (Linux; elsewhere none are known)."""
    own = set()
    try:
        for entry in Path("/proc/self/fd").iterdir():
            try:
                own.add(entry.readlink().name)
            except OSError:
                continue
        tables = [Path(f"/proc/self/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    except OSError:
        return []
    rows = [line.split() for table in tables for line in table]
    return [str(int(row[1].rsplit(":", 1)[1], 16)) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in own]


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse every socket event but those of AF_UNIX (an audit hook: it sees all Python code)."""
    if not event.startswith("socket."):
        return
    if event == "socket.__new__":
        family = arguments[1] if len(arguments) > 1 else -1
        if family not in (_AF_UNIX, -1):
            raise OfflineViolation("Studiolo is offline: no network sockets")
    elif event in _REFUSED_EVENTS:
        raise OfflineViolation("Studiolo is offline: no names are looked up")
    elif event in _ADDRESS_EVENTS and isinstance(arguments[1] if len(arguments) > 1 else None, tuple):
        raise OfflineViolation("Studiolo is offline: no connections")


def _refused(attempt: object) -> tuple[bool, str]:
    try:
        thing = attempt()  # type: ignore[operator]  # always one of the lambdas above
    except PermissionError:
        return True, "refused"
    except OSError as error:
        return True, f"refused ({error.strerror})"
    if isinstance(thing, socket.socket):
        thing.close()
    return False, "it was possible"


def _native_socket_refused() -> bool:
    """Ask the C library for a socket, past Python."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.socket(socket.AF_INET, socket.SOCK_DGRAM, 0)
    if descriptor >= 0:
        os.close(descriptor)
    return bool(descriptor < 0)


def _install_seccomp() -> tuple[bool, str]:
    """Refuse every socket but AF_UNIX in this process, all its threads and all its children."""
    if sys.platform != "linux":
        return False, f"no kernel filter on {sys.platform}"
    if _native_socket_refused():
        return True, "the kernel's filter is in force already"
    machine = os.uname().machine  # not platform.machine(): importing platform costs 5 ms of the window's start
    numbers = _ARCHITECTURES.get(machine)
    if numbers is None:
        return False, f"no kernel filter for {machine}"
    program = _filter(*numbers)
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(program)
    fprog = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False, "the kernel refused NO_NEW_PRIVS"
    # SECCOMP_FILTER_FLAG_TSYNC through seccomp(2) would reach running threads; here it is the first line of a process.
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_char_p(fprog), 0, 0) != 0:
        return False, f"the kernel refused the filter ({os.strerror(ctypes.get_errno())})"
    return True, "Python guard and kernel filter"


def _filter(arch: int, socket_number: int, io_uring_number: int) -> bytes:
    """Assemble the filter: BPF instructions of (code, jump if true, jump if false, constant)."""
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    rows = [
        (load, 0, 0, 4),  # the architecture of the call: a 32-bit entry would number its calls otherwise
        (equal, 1, 0, arch),
        (answer, 0, 0, _RET_ERRNO | _ENOSYS),
        (load, 0, 0, 0),  # the number of the call
        (at_least, 0, 1, _X32_BIT),
        (answer, 0, 0, _RET_ERRNO | _ENOSYS),
        (equal, 0, 1, io_uring_number),  # io_uring opens sockets without socket()
        (answer, 0, 0, _RET_ERRNO | _ENOSYS),
        (equal, 0, 3, socket_number),
        (load, 0, 0, 16),  # its first argument: the family
        (equal, 1, 0, _AF_UNIX),
        (answer, 0, 0, _RET_ERRNO | _EACCES),
        (answer, 0, 0, _RET_ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *row) for row in rows)

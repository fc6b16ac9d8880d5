"""The guards, each tried in a child process, since they cannot be taken back."""

from __future__ import annotations

import subprocess
import sys

import pytest

from studiolo import offline

GUARDED = "from studiolo import offline; offline.prepare_environment(); state = offline.install_guards()\n"
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="seccomp is a filter of the Linux kernel")


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-I", "-c", GUARDED + code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket(socket.AF_INET)",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "socket.getaddrinfo('localhost', 80)",
        "socket.gethostbyname('localhost')",
        "socket.create_connection(('127.0.0.1', 9), timeout=1)",
        "__import__('urllib.request').request.urlopen('http://127.0.0.1:9/', timeout=1)",
    ],
)
def test_python_code_reaches_no_network(attempt: str) -> None:
    """Promise 4: no byte to the network."""
    assert run(f"import socket\ntry:\n    {attempt}\n    print('open')\nexcept OSError:\n    print('refused')") == "refused"


@linux_only
def test_native_code_and_children_reach_no_network() -> None:
    """Promise 4, for code that Python does not see."""
    code = """
import ctypes, subprocess, sys
libc = ctypes.CDLL(None)
print(libc.socket(2, 1, 0), libc.socket(10, 2, 0), libc.socket(1, 1, 0) >= 0)
child = "import ctypes; print(ctypes.CDLL(None).socket(2, 1, 0))"
print(subprocess.run([sys.executable, "-I", "-c", child], capture_output=True, text=True).stdout.strip())
"""
    assert run(code) == "-1 -1 True\n-1"


def test_unix_sockets_and_pipes_go_on_working() -> None:
    code = "import socket\na, b = socket.socketpair()\na.send(b'x')\nprint(b.recv(1))"
    assert run(code) == "b'x'"


def test_a_guarded_process_passes_its_own_check() -> None:
    """S14: no listening socket."""
    found = run("print([f.check for f in offline.check() if not f.ok])")
    assert found == "[]"


def test_an_unguarded_process_is_found_out() -> None:
    code = "from studiolo import offline; print(sum(not f.ok for f in offline.check()))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60)
    assert int(done.stdout) >= 3


def test_a_listening_socket_is_named() -> None:
    code = """
import socket
from studiolo import offline
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()
print(offline.listening_sockets() == [str(s.getsockname()[1])])
"""
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "True", done.stderr


def test_installing_twice_changes_nothing() -> None:
    assert run("print(offline.install_guards().python)") == "True"


def test_openvino_is_imported_without_a_fork_or_a_socket() -> None:
    """S18 and evidence: its telemetry looks up a host and forks."""
    code = """
import sys
seen = []
sys.addaudithook(lambda event, a: seen.append(event) if event in ("os.fork", "os.posix_spawn") or event.startswith("socket.") else None)
import openvino
print(seen, "openvino_telemetry" in sys.modules and sys.modules["openvino_telemetry"])
"""
    assert run(code) == "[] None"


def test_the_model_hub_is_never_asked() -> None:
    """S18: the variables are set before any import."""
    names = run("import os; print(os.environ['HF_HUB_OFFLINE'], os.environ['TRANSFORMERS_OFFLINE'])")
    assert names == "1 1"


def test_the_module_is_light() -> None:
    code = "import sys; print(any(n in sys.modules for n in ('numpy', 'typer', 'asyncio', 'ssl')))"
    assert run(code) == "False"


def test_preparing_blocks_the_telemetry_module() -> None:
    offline.prepare_environment()
    assert sys.modules["openvino_telemetry"] is None

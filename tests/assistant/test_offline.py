"""The guards, each tried in a child process, since they cannot be taken back."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from studiolo import offline

GUARDED = "from studiolo import offline; offline.prepare_environment(); state = offline.install_guards()\n"
SOURCE = str(Path(offline.__file__).parents[1])
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
    assert (
        run(f"import socket\ntry:\n    {attempt}\n    print('open')\nexcept OSError:\n    print('refused')")
        == "refused"
    )


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


def test_installing_twice_adds_no_second_filter() -> None:
    code = """
def filters():
    with open("/proc/self/status") as status:
        return [line.split()[1] for line in status if line.startswith("Seccomp_filters")]
before = filters()
again = offline.install_guards()
print(filters() == before, again.python, again.kernel == state.kernel)
"""
    assert run(code if sys.platform == "linux" else "print(True, state.python, True)") == "True True True"


@linux_only
def test_connecting_to_a_unix_socket_works_as_a_display_server_needs_it(tmp_path: Path) -> None:
    """X11, Wayland, D-Bus and the single instance of the window talk over AF_UNIX."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "display"))
        server.listen()
        path = str(tmp_path / "display")
        assert run(f"import socket\nsocket.socket(socket.AF_UNIX).connect({path!r})\nprint('there')") == "there"


@linux_only
def test_the_kernel_refuses_io_uring_which_could_open_sockets_by_itself() -> None:
    code = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nprint(libc.syscall(425, 1, 0), ctypes.get_errno())"
    assert run(code) == f"-1 {errno.ENOSYS}"


@linux_only
def test_a_child_started_without_the_python_guard_is_still_held_by_the_kernel() -> None:
    code = """
import subprocess, sys
child = "import socket\\ntry:\\n    socket.socket()\\nexcept PermissionError as e:\\n    print(type(e).__name__)"
print(subprocess.run([sys.executable, "-I", "-c", child], capture_output=True, text=True).stdout.strip())
"""
    assert run(code) == "PermissionError"


def test_a_refusal_is_worded_and_is_a_permission_error() -> None:
    code = "import socket\ntry:\n    socket.socket()\nexcept PermissionError as e:\n    print(e.code, type(e).__name__)"
    assert run(code) == "offline.violation OfflineViolation"


def test_the_raw_socket_type_cannot_connect_either() -> None:
    """`_socket.socket()` names no family, so its making passes; what could leave the machine does not."""
    code = """
import _socket, select
try:
    s = _socket.socket()
    s.connect(("127.0.0.1", 9))
    print("open")
except PermissionError:
    print("refused")
"""
    assert run(code) == "refused"


def test_child_processes_of_qt_start_and_answer_under_the_guards() -> None:
    """The window starts the engine through QProcess."""
    code = """
import sys
from PySide6.QtCore import QCoreApplication, QProcess
app = QCoreApplication([])
child = QProcess()
child.start(sys.executable, ["-I", "-c", "print(input())"])
child.write(b"hello\\n")
print(child.waitForFinished(20000), bytes(child.readAllStandardOutput().data()).decode().strip())
"""
    assert run(code) == "True hello"


def test_the_store_writes_and_searches_under_the_guards(tmp_path: Path) -> None:
    """LanceDB's runtime (tokio) needs no network socket."""
    code = f"""
import lancedb
table = lancedb.connect({str(tmp_path)!r}).create_table("t", [{{"id": i, "vector": [float(i), 1.0]}} for i in range(4)])
print(table.search([3.0, 1.0]).limit(1).to_list()[0]["id"])
"""
    assert run(code) == "3"


def test_a_kernel_that_refuses_the_filter_is_reported_and_nothing_is_raised() -> None:
    code = """
import os
from studiolo import offline
real = os.uname()
os.uname = lambda: os.uname_result((real[0], real[1], real[2], real[3], "riscv64"))
state = offline.install_guards()
print(state.python, state.kernel, [f.check for f in offline.check() if not f.ok])
"""
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60)
    wanted = "True False ['no socket from native code']" if sys.platform == "linux" else "True False []"
    assert done.stdout.strip() == wanted, done.stderr


def test_openvino_is_imported_without_a_fork_or_a_socket() -> None:
    """S18 and evidence: its telemetry looks up a host and forks."""
    code = """
import sys
seen = []
watched = ("os.fork", "os.posix_spawn", "socket.")
sys.addaudithook(lambda event, a: seen.append(event) if event.startswith(watched) else None)
import openvino
print(seen, "openvino_telemetry" in sys.modules and sys.modules["openvino_telemetry"])
"""
    assert run(code) == "[] None"


def test_the_model_hub_is_never_asked() -> None:
    """S18: the variables are set before any import."""
    names = run("import os; print(os.environ['HF_HUB_OFFLINE'], os.environ['TRANSFORMERS_OFFLINE'])")
    assert names == "1 1"


def test_the_module_is_light() -> None:
    """It is the first line of every process, the window's included."""
    heavy = ("numpy", "typer", "asyncio", "ssl", "platform", "logging", "email")
    code = (
        f"import sys; sys.path.append({SOURCE!r}); import studiolo.offline;"
        f"print(*(n for n in {heavy!r} if n in sys.modules))"
    )
    command = [sys.executable, "-I", "-S", "-c", code]  # -S: nothing of the environment (coverage) is measured with it
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "")


def test_preparing_blocks_the_telemetry_module() -> None:
    offline.prepare_environment()
    assert sys.modules["openvino_telemetry"] is None

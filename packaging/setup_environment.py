"""Sets Studiolo up in a virtual environment, once: `python packaging/setup_environment.py`. Needs nothing but Python.

Run again, it ends at once while nothing changed. It says what it does; what the tools print goes to build/setup.log.
Exit code 3: something that only the person at the machine can change; one sentence says what.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "build" / "setup.log"
LOCK = ROOT / "requirements.lock"
OLDEST, NEWEST = (3, 11), (3, 13)
STEPS_VERSION = 1  # raise it when the steps themselves change, so that every environment takes them again
FREE_DISK_BYTES = 5 * 10**9
CPU_TORCH_INDEX = "https://download.pytorch.org/whl/cpu"  # PyPI's own build for Linux brings gigabytes of CUDA
# Not GGML_NATIVE: llama.cpp's AMX code crashes on Sapphire Rapids (ggml-org/llama.cpp#20824), and a native wheel dies
# with SIGILL on another machine. This is the floor that LanceDB's wheel needs too.
LLAMA_FLAGS_X86 = "-DGGML_SSE42=ON -DGGML_AVX=ON -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON -DGGML_BMI2=ON"
QT_LIBRARIES = {  # library: its package for apt, dnf, pacman
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libzstd.so.1": ("libzstd1", "libzstd", "zstd"),
}
X11_LIBRARIES = {  # needed to open the window on an X11 display, not for the rest
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
}
INSTALLERS = ("apt-get", "dnf", "pacman")  # the order of the packages above
INSTALL_WORDS = {"apt-get": "sudo apt-get install", "dnf": "sudo dnf install", "pacman": "sudo pacman -S"}
INTERESTING = re.compile(r"^\s*(Collecting|Downloading|Installing|Building|Created|\S+: )")


class SetupProblem(Exception):
    """The set-up cannot go on; the message is one sentence for people, with the fix where there is one."""


def say(text: str) -> None:
    """Tell the person what happens now."""
    print(f"set-up: {text}", flush=True)


class Ticker:
    """Prints the newest interesting line of a long command now and then, so that nobody thinks that it hangs."""

    def __init__(self, interval_s: float = 15.0) -> None:
        self._interval_s = interval_s
        self._line = ""
        self._ended = threading.Event()
        self._started = time.monotonic()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Ticker:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def see(self, line: str) -> None:
        """Take note of one line of the command's output."""
        built = re.match(r"\s*\[(\d+)/(\d+)\]", line)
        if built:
            self._line = f"{built[1]} of {built[2]} files compiled"
        elif INTERESTING.match(line):
            self._line = line.strip()

    def _tick(self) -> None:
        while not self._ended.wait(self._interval_s):
            minutes, seconds = divmod(int(time.monotonic() - self._started), 60)
            print(f"        {minutes}:{seconds:02}  {self._line[:90]}", flush=True)


def run(command: list[str], problem: str, *, environment: dict[str, str] | None = None, show: bool = False) -> None:
    """Run a command; its output goes to the log.

    Raises:
        SetupProblem: With the sentence given, if the command fails.
    """
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log, Ticker() as ticker:
        log.write(f"\n$ {' '.join(command)}\n")
        log.flush()
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as child:
            for line in child.stdout or ():
                log.write(line)
                ticker.see(line)
                if show:
                    print(f"        {line.rstrip()}", flush=True)
    if child.returncode != 0:
        raise SetupProblem(problem)


# ----------------------------------------------------------------------------------------------- what must be there


def find_python() -> str:
    """Find a Python of a version that we support and that can make virtual environments.

    Raises:
        SetupProblem: If there is none.
    """
    names = [sys.executable, *(f"python3.{minor}" for minor in (12, 11, 13)), "python3", "python"]
    without_venv = ""
    for name in names:
        found = shutil.which(name)
        version = _version_of(found) if found else None
        if found and version and OLDEST <= version[:2] <= NEWEST:
            if version[2]:
                return found
            without_venv = found
    if without_venv:
        raise SetupProblem(f"{without_venv} cannot make virtual environments; install the missing part: python3-venv")
    raise SetupProblem("Python 3.11, 3.12 or 3.13 is missing; install one from your system's packages or python.org.")


def _version_of(python: str) -> tuple[int, int, int] | None:
    """Ask a Python for its version, and (as the third number) whether it has venv and ensurepip."""
    code = (
        "import sys, importlib.util as u;"
        "print(sys.version_info[0], sys.version_info[1], int(all(map(u.find_spec, ('venv', 'ensurepip')))))"
    )
    try:
        answer = subprocess.run([python, "-c", code], check=False, capture_output=True, text=True, timeout=30)
        major, minor, complete = map(int, answer.stdout.split())
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None  # a shim of a version manager without that version behind it
    return major, minor, complete


def need_compiler() -> None:
    """Check for a C++ compiler, by name.

    Raises:
        SetupProblem: If there is none.
    """
    names = ["c++", "g++", "clang++", *(["cl", "clang-cl"] if os.name == "nt" else [])]
    named = os.environ.get("CXX", "").split()[:1]
    if any(shutil.which(name) for name in [*named, *names]) or _visual_studio():
        return
    fixes = {"apt-get": "sudo apt-get install g++", "dnf": "sudo dnf install gcc-c++", "pacman": "sudo pacman -S gcc"}
    fix = fixes.get(_installer() or "", "your system's package for g++ or clang")
    if sys.platform == "darwin":
        fix = "xcode-select --install"
    elif os.name == "nt":
        fix = "“Desktop development with C++” of the Visual Studio Build Tools"
    raise SetupProblem(f"A C++ compiler is missing (llama.cpp is compiled on this machine); install one: {fix}")


def _visual_studio() -> bool:
    place = Path(os.environ.get("ProgramFiles(x86)", "")) / "Microsoft Visual Studio" / "Installer" / "vswhere.exe"  # noqa: SIM112
    return os.name == "nt" and place.exists()


def _installer() -> str | None:
    return next((name for name in INSTALLERS if shutil.which(name)), None)


def _missing(libraries: dict[str, tuple[str, str, str]]) -> list[str]:
    missing = []
    for name in libraries:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def _fix_for(missing: list[str], libraries: dict[str, tuple[str, str, str]]) -> str:
    installer = _installer()
    if installer is None:
        return f"install the packages of your system that hold {', '.join(missing)}"
    packages = sorted({libraries[name][INSTALLERS.index(installer)] for name in missing})
    return f"{INSTALL_WORDS[installer]} {' '.join(packages)}"


def need_system() -> None:
    """Check what the window needs from a Linux system, and the disk, before anything is fetched.

    Raises:
        SetupProblem: If something is missing.
    """
    free = shutil.disk_usage(ROOT).free
    if free < FREE_DISK_BYTES:
        raise SetupProblem(f"The set-up needs about 5 GB of disk, {free / 1e9:.1f} GB are free at {ROOT}.")
    if not sys.platform.startswith("linux"):
        return
    missing = _missing(QT_LIBRARIES)
    if missing:
        raise SetupProblem(f"Qt needs {', '.join(missing)}: {_fix_for(missing, QT_LIBRARIES)}")
    missing = _missing(X11_LIBRARIES) if os.environ.get("DISPLAY") else []
    if missing:
        say(f"to open the window on this display, install also: {_fix_for(missing, X11_LIBRARIES)}")


# ------------------------------------------------------------------------------------------------------- the steps


class Environment:
    """The virtual environment that is being set up."""

    def __init__(self, venv: Path) -> None:
        self.venv = venv
        scripts = venv / ("Scripts" if os.name == "nt" else "bin")
        self.python = scripts / ("python.exe" if os.name == "nt" else "python")
        self.models = venv / "share" / "studiolo" / "models"
        self.stamp = venv / "studiolo-setup.json"

    def pip(self, *arguments: str) -> list[str]:
        """Give a pip command of this environment."""
        return [str(self.python), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]

    def read_stamp(self) -> dict[str, str]:
        """Read what the last set-up left; empty if there was none."""
        try:
            found = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write_stamp(self, **values: str) -> None:
        """Remember what was done."""
        self.stamp.write_text(json.dumps({**self.read_stamp(), **values}), encoding="utf-8")


def stamp_key(flags: str) -> str:
    """Hash all that the environment is made from: the lock, the package's own description, these steps."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.ruff]")[0]
    parts = (LOCK.read_text(encoding="utf-8"), project, str(STEPS_VERSION), flags, str(ROOT))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def llama_flags(environment: Environment) -> str:
    """Give CMake's flags for llama.cpp: a floor for the kind of processor, and what the caller added (CMAKE_ARGS)."""
    floor = f" {LLAMA_FLAGS_X86}" if platform.machine().lower() in ("x86_64", "amd64") else ""
    standard = f"-DGGML_NATIVE=OFF{floor}"
    added = os.environ.get("CMAKE_ARGS", "").strip()
    return f"{standard} {added}" if added else environment.read_stamp().get("flags", standard)


def locked() -> tuple[dict[str, str], dict[str, str]]:
    """Read the lock: name to version, first what is installed with its dependencies, then what is without."""
    whole: tuple[dict[str, str], dict[str, str]] = ({}, {})
    part = 0
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            part = int(line == "## without dependencies")
        elif "==" in line and not line.startswith("#"):
            name, _, version = line.partition("==")
            whole[part][name] = version.strip()
    return whole


def make_venv(environment: Environment) -> None:
    """Make the virtual environment; one of an unsupported Python is refused."""
    if environment.python.exists() and _version_of(str(environment.python)):
        return
    python = find_python()
    say(f"making the virtual environment {environment.venv.name} with {python}")
    run([python, "-m", "venv", str(environment.venv)], "The virtual environment could not be made.")


def install_torch(environment: Environment, version: str) -> None:
    """Install PyTorch, as the CPU build where one can be had: on Linux the other one brings gigabytes of CUDA."""
    wanted = f"torch=={version}"
    if sys.platform.startswith("linux") and _brings_cuda(environment, wanted):
        say("installing PyTorch from its index of CPU builds")
        try:
            run(
                environment.pip("install", wanted, "--index-url", CPU_TORCH_INDEX, "--timeout", "15", "--retries", "1"),
                "",
            )
            return
        except SetupProblem:
            say("that index cannot be reached; PyTorch comes with CUDA instead (some gigabytes)")
    run(environment.pip("install", wanted), "PyTorch could not be installed.")


def _brings_cuda(environment: Environment, wanted: str) -> bool:
    """Ask pip which build it would take, without installing it."""
    report = LOG.parent / "torch-report.json"
    report.unlink(missing_ok=True)
    command = environment.pip("install", "--dry-run", "--no-deps", "--quiet", "--report", str(report), wanted)
    run(command, "PyTorch cannot be found; is there a connection to a package index?")
    chosen = json.loads(report.read_text(encoding="utf-8"))["install"]
    return any("nvidia" in row or "cuda" in row for c in chosen for row in c["metadata"].get("requires_dist", ()))


def install_llama(environment: Environment, version: str, flags: str) -> None:
    """Compile llama.cpp into a wheel of our own, once a machine, and install that.

    Not from pip's cache: it does not know with which flags a wheel was compiled.
    """
    name = "\0".join((version, flags, platform.system(), platform.machine(), *platform.libc_ver()))
    key = hashlib.sha256(name.encode()).hexdigest()[:16]
    folder = _cache_folder() / "wheels" / key
    if not list(folder.glob("*.whl")):
        need_compiler()
        say("llama.cpp is compiled now; this takes about 6 minutes on two cores, once")
        scratch = folder.with_name(f"{key}.building")
        shutil.rmtree(scratch, ignore_errors=True)
        command = environment.pip(
            "wheel", "--verbose", "--no-cache-dir", "--no-deps", "--no-binary", "llama-cpp-python",
            "--wheel-dir", str(scratch), f"llama-cpp-python=={version}",
        )  # fmt: skip
        run(command, "llama.cpp could not be compiled.", environment={"CMAKE_ARGS": flags})
        shutil.rmtree(folder, ignore_errors=True)
        scratch.rename(folder)
    if environment.read_stamp().get("llama") != key:
        wheel = str(next(folder.glob("*.whl")))
        command = environment.pip("install", "--no-deps", "--force-reinstall", "--no-cache-dir", wheel)
        run(command, "The compiled llama.cpp could not be installed.")
        environment.write_stamp(llama=key, flags=flags)


def _cache_folder() -> Path:
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", "~")).expanduser() / "studiolo-setup"
    if sys.platform == "darwin":
        return Path("~/Library/Caches/studiolo-setup").expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "studiolo-setup"


def install_packages(environment: Environment, flags: str) -> None:
    """Install everything that the lock names, then Studiolo itself as an editable package."""
    packages, bare = locked()
    if ("torch", packages["torch"]) not in _installed(environment):
        say(f"installing PyTorch {packages['torch']} (used to compile embedding models and to train adapters)")
        install_torch(environment, packages["torch"])
    install_llama(environment, packages["llama-cpp-python"], flags)
    problem = "The packages could not be installed; is there a connection to a package index?"
    installed = set(_installed(environment))
    pins = [f"{name}=={version}" for name, version in packages.items() if (name, version) not in installed]
    if pins:
        say(f"installing {len(pins)} of {len(packages)} packages")
        run(environment.pip("install", *(f"{n}=={v}" for n, v in packages.items())), problem)
    missing = [f"{name}=={version}" for name, version in bare.items() if (name, version) not in installed]
    if missing:
        say("installing the starter chat model")
        run(environment.pip("install", "--no-deps", *missing), problem)
    say("installing Studiolo itself")
    run(environment.pip("install", "--no-deps", "--editable", str(ROOT)), "Studiolo itself could not be installed.")


def _installed(environment: Environment) -> list[tuple[str, str]]:
    """List what is installed: canonical name and public version."""
    command = environment.pip("list", "--format", "json")
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        raise SetupProblem(f"pip does not work in {environment.venv}; remove that folder and run the set-up again.")
    rows = json.loads(done.stdout)
    return [(re.sub(r"[-_.]+", "-", r["name"]).lower(), r["version"].partition("+")[0]) for r in rows]


def try_window(environment: Environment) -> None:
    """Open Qt without a display: the one proof that all its libraries are there."""
    code = "from PySide6.QtWidgets import QApplication; QApplication([])"
    run(
        [str(environment.python), "-c", code],
        "Qt does not start on this system; the log names the library that is missing.",
        environment={"QT_QPA_PLATFORM": "offscreen"},
    )


def install_models(environment: Environment) -> None:
    """Put the starter models where the product finds them."""
    say("putting the starter models in place")
    command = [str(environment.python), "-I", "-m", "studiolo_models.starter", "--into", str(environment.models)]
    run(command, "The starter models could not be put in place.", show=True)


def set_up(venv: Path, *, quiet: bool) -> None:
    """Take every step that is still to be taken.

    Raises:
        SetupProblem: If a step fails.
    """
    environment = Environment(venv)
    flags = llama_flags(environment)
    key = stamp_key(flags)
    if environment.read_stamp().get("key") == key and environment.python.exists() and environment.models.is_dir():
        if not quiet:
            say("everything is in place")
        return
    started = time.monotonic()
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text("", encoding="utf-8")
    need_system()
    make_venv(environment)
    install_packages(environment, flags)
    try_window(environment)
    install_models(environment)
    environment.write_stamp(key=key)
    say(f"done in {time.monotonic() - started:.0f} s")


def main() -> int:
    """Set up, or say in one sentence why that is not possible; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv", help="the virtual environment (default: .venv)")
    parser.add_argument("--quiet", action="store_true", help="say nothing when there is nothing to do")
    options = parser.parse_args()
    try:
        set_up(options.venv.absolute(), quiet=options.quiet)
    except SetupProblem as problem:
        print(f"set-up stopped: {problem}\nset-up: what the tools said is in {LOG}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("set-up: stopped; run it again to go on", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())

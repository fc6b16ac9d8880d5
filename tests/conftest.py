"""Isolation for every test: a home folder of its own, no display, and no warning in the log that nobody expected."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studiolo import offline

OUR_LOGGERS = ("studiolo", "studiolo_models", "studiolo_indexer", "studiolo_desktop")
HOME_VARIABLES = {
    "HOME": "",
    "USERPROFILE": "",
    "LOCALAPPDATA": "local",
    "APPDATA": "roaming",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CACHE_HOME": ".cache",
}
home_key = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Point everything that a program might write to at a folder of this run, before anything else is imported."""
    home = Path(tempfile.mkdtemp(prefix="studiolo-tests-"))
    config.stash[home_key] = home
    os.environ.update({name: str(home / part) for name, part in HOME_VARIABLES.items()})
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.pop("STUDIOLO_HOME", None)
    offline.prepare_environment()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder of this run."""
    if home_key in config.stash:
        shutil.rmtree(config.stash[home_key], ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:  # Any: pytest-xdist says no types
    """Say by which signal or code a process of the tests ended, where one died: pytest-xdist does not."""
    process = getattr(getattr(node.gateway, "_io", None), "popen", None)
    if error and process is not None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        reporter = node.config.pluginmanager.getplugin("terminalreporter")
        reporter.write_line(f"{node.gateway.id} ended with {process.returncode} (below 0: a signal)")


@pytest.fixture(autouse=True)
def studiolo_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a data folder of its own, not made yet; children find it in STUDIOLO_HOME."""
    home = tmp_path / "studiolo-home"
    monkeypatch.setenv("STUDIOLO_HOME", str(home))
    return home


class _Collected(logging.Handler):
    """Keeps our own records of level WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] in OUR_LOGGERS:
            self.records.append(record)


@pytest.fixture(autouse=True)
def only_expected_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a warning; `@pytest.mark.logs("part of the message")` says that it is meant to."""
    handler = _Collected()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    expected = [part for marker in request.node.iter_markers("logs") for part in marker.args]
    surprising = [r for r in handler.records if not any(part in r.getMessage() for part in expected)]
    lines = [f"{r.levelname} {r.name}: {r.getMessage()}" for r in surprising]
    if lines:
        pytest.fail('not expected in the log (see the marker "logs"):\n' + "\n".join(lines), pytrace=False)

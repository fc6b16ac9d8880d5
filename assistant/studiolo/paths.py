"""Where everything of ours lies: a private folder (0700), and the models that came with the program; light."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studiolo.errors import AssistantError

HOME_VARIABLE = "STUDIOLO_HOME"


@dataclass(frozen=True, slots=True)
class AppPaths:
    """The layout of one data folder."""

    home: Path

    @property
    def index(self) -> Path:
        """The catalogue and the store: everything that the indexer owns."""
        return self.home / "index"

    @property
    def catalogue(self) -> Path:
        """The SQLite catalogue."""
        return self.index / "catalogue.sqlite"

    @property
    def models(self) -> Path:
        """Model files that the user added, and their registry."""
        return self.home / "models"

    @property
    def cache(self) -> Path:
        """What can be made again: compiled kernels of the embedder."""
        return self.home / "cache"

    @property
    def logs(self) -> Path:
        """Log files; they never hold text of documents, questions or answers."""
        return self.home / "logs"

    @property
    def temp(self) -> Path:
        """Temporary files; cleared when an engine starts."""
        return self.home / "temp"

    @property
    def settings(self) -> Path:
        """The settings, TOML."""
        return self.home / "settings.toml"

    @property
    def styles(self) -> Path:
        """The user's own answer styles, and which collection uses which, TOML."""
        return self.home / "styles.toml"

    @property
    def history(self) -> Path:
        """Past questions and answers with their sources, SQLite."""
        return self.home / "history.sqlite"

    @property
    def evaluation(self) -> Path:
        """Runs of question sets with their answers, and which question sets are worked with."""
        return self.home / "evaluation"

    @property
    def checks(self) -> Path:
        """What the last examination of the installation found, JSON."""
        return self.home / "checks.json"

    @property
    def lock(self) -> Path:
        """Held by the one engine that may write."""
        return self.home / "engine.lock"

    def create(self) -> None:
        """Make the folders, private to the user.

        Raises:
            OSError: If the place cannot be written.
        """
        for folder in (self.home, self.index, self.models, self.cache, self.logs, self.temp):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)


def app_paths(home: str | os.PathLike[str] | None = None) -> AppPaths:
    """Find the data folder: the argument, else STUDIOLO_HOME, else the platform's place for application data.

    Raises:
        AssistantError: `path.bad` if it names a home folder that nobody has.
    """
    chosen = home or os.environ.get(HOME_VARIABLE)
    try:
        return AppPaths(Path(chosen).expanduser().absolute() if chosen else _platform_home())
    except RuntimeError as error:
        raise AssistantError("path.bad", repr(os.fspath(chosen or "~"))) from error


def bundled_models() -> tuple[Path, ...]:
    """Folders of models that came with the program, read-only; none in a bare installation."""
    folder = Path(sys.prefix) / "share" / "studiolo" / "models"
    return (folder,) if folder.is_dir() else ()


def make_private() -> None:
    """Let every file that this process creates be readable by the user alone (promise 8)."""
    os.umask(0o077)


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file in one step: a crash leaves the old content or the new, never a part.

    Raises:
        OSError: If the disk is full or the place cannot be written; the old file is untouched.
    """
    with replacing(path) as beside, beside.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a new file beside one, which takes its place at the end; after an error both are as they were.

    Raises:
        OSError: If it cannot be made, or cannot take the place.
    """
    handle, name = tempfile.mkstemp(prefix=".studiolo-", suffix=".part", dir=path.parent)
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _platform_home() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "~")).expanduser() / "Studiolo"
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/Studiolo").expanduser()
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "studiolo"

"""The one rule of what is indexed, for scan, watcher and drop alike (R5)."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pathspec

from studiolo_indexer.errors import (
    FolderMissing,
    FolderNotADirectory,
    FolderRefused,
    FolderUnreadable,
    PatternsBad,
    first_line,
)
from studiolo_indexer.media_types import media_type_for
from studiolo_indexer.records import FileProblem

IGNORE_FILE = b".studioloignore"
MAX_FILE_BYTES = 512 * 2**20
_MAX_IGNORE_BYTES = 256 * 1024
_CACHE_FOLDERS = frozenset(
    b"node_modules __pycache__ venv site-packages $RECYCLE.BIN lost+found Library.nosync".split()
)
_PRIVATE_FOLDERS = (
    ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".password-store", ".mozilla", ".config/google-chrome",
    ".config/chromium", ".config/BraveSoftware", ".config/gh", ".local/share/keyrings", ".thunderbird",
    "Library/Keychains", "Library/Application Support/Google/Chrome", "Library/Application Support/Firefox",
    "AppData/Local/Google/Chrome", "AppData/Roaming/Mozilla", "AppData/Roaming/Microsoft/Credentials",
    "AppData/Local/Microsoft/Credentials",
)  # fmt: skip
_SYSTEM_FOLDERS = (
    "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr", "/var/lib",
    "/var/log", "/System", "/Library", "/private/etc", "/private/var/db", "C:\\Windows", "C:\\Program Files",
    "C:\\Program Files (x86)", "C:\\ProgramData",
)  # fmt: skip
# Windows marks files that lie in the cloud alone: FILE_ATTRIBUTE_OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS.
_ONLINE_ONLY_ATTRIBUTES = 0x1000 | 0x40000 | 0x400000
# macOS: SF_DATALESS.
_ONLINE_ONLY_FLAG = 0x40000000

FOLDER_EXCLUDED = FileProblem("folder.excluded", "Folders of this kind are not indexed.")


@dataclass(frozen=True, slots=True)
class Admission:
    """Decides for one watched folder; `ignore` holds the patterns of its `.studioloignore`, then the user's own."""

    root: bytes
    ignore: pathspec.GitIgnoreSpec | None
    ignore_problem: FileProblem | None = None

    @staticmethod
    def of(root: bytes, patterns: str = "") -> Admission:
        """Read the folder's patterns; a file of patterns that is too large or no text is not obeyed, and said so.

        Args:
            root: The folder.
            patterns: The user's own, a line each, as `checked_patterns` gives them.
        """
        lines, problem = _lines_of(os.path.join(root, IGNORE_FILE))
        try:
            spec = pathspec.GitIgnoreSpec.from_lines([*lines, *patterns.splitlines()])
        except ValueError:
            spec = pathspec.GitIgnoreSpec.from_lines(patterns.splitlines())
            problem = UNREADABLE_PATTERNS
        return Admission(root, spec if len(spec) else None, problem)

    def folder(self, path: bytes) -> FileProblem | None:
        """Say why a folder is not walked, or None if it is."""
        name = os.path.basename(path)
        if name.startswith(b"."):
            return FileProblem("folder.hidden", "Hidden folders are not indexed.")
        if name in _CACHE_FOLDERS:
            return FOLDER_EXCLUDED
        return self._ignored(path, is_folder=True)

    def file(self, path: bytes, status: os.stat_result) -> FileProblem | None:
        """Say why a file is skipped, or None if it is read."""
        name = os.path.basename(path)
        if not stat.S_ISREG(status.st_mode):
            return FileProblem("file.special", "It is no regular file.")
        if name.startswith((b".", b"~$")):
            is_patterns = path == os.path.join(self.root, IGNORE_FILE)
            return (self.ignore_problem if is_patterns else None) or HIDDEN
        if media_type_for(name.decode("utf-8", "replace")) is None:
            return FileProblem("file.unsupported", "Files of this kind are not read yet.")
        if is_online_only(status):
            return FileProblem("file.online_only", "It lies in the cloud alone; make it available offline first.")
        if status.st_size > MAX_FILE_BYTES:
            return FileProblem("file.too_large", f"It is larger than {MAX_FILE_BYTES // 2**20} MB.")
        return self._ignored(path, is_folder=False)

    def admits_place(self, path: bytes) -> bool:
        """Tell whether every folder between the root and a path is walked."""
        relative = os.path.relpath(path, self.root)
        folder = self.root
        for name in os.path.dirname(relative).split(os.fsencode(os.sep)):
            if name in (b"", b"."):
                continue
            folder = os.path.join(folder, name)
            if name == b".." or self.folder(folder) is not None or os.path.islink(folder):
                return False
        return True

    def _ignored(self, path: bytes, *, is_folder: bool) -> FileProblem | None:
        if self.ignore is None:
            return None
        relative = os.path.relpath(path, self.root).decode("utf-8", "replace").replace(os.sep, "/")
        if self.ignore.match_file(relative + "/" if is_folder else relative):
            return FileProblem("ignored.pattern", "A pattern leaves it out.")
        return None


def is_inside(path: bytes, folder: bytes) -> bool:
    """Tell by their names whether a path lies below a folder."""
    return path.startswith(folder.rstrip(os.fsencode(os.sep)) + os.fsencode(os.sep))


def checked_patterns(patterns: Sequence[str]) -> str:
    """Check patterns that a person gave (those of gitignore), and give them as they are kept: a line each.

    Raises:
        PatternsBad: If one is no pattern, or they are larger than 256 KB.
    """
    text = "\n".join(line for pattern in patterns for line in pattern.splitlines() if line.strip())
    try:
        if len(text.encode("utf-8")) > _MAX_IGNORE_BYTES:
            raise PatternsBad("they are larger than 256 KB")
        pathspec.GitIgnoreSpec.from_lines(text.splitlines())
    except ValueError as error:
        raise PatternsBad(first_line(error)) from error
    return text


def _lines_of(path: bytes) -> tuple[list[str], FileProblem | None]:
    """Read a file of patterns; one that is missing holds none."""
    try:
        with open(path, "rb") as stream:
            data = stream.read(_MAX_IGNORE_BYTES + 1)
        if len(data) > _MAX_IGNORE_BYTES:
            return [], FileProblem("ignore.too_large", "Its patterns are larger than 256 KB, and are not obeyed.")
        return data.decode("utf-8").splitlines(), None
    except FileNotFoundError:
        return [], None
    except (OSError, ValueError):
        return [], UNREADABLE_PATTERNS


UNREADABLE_PATTERNS = FileProblem("ignore.unreadable", "Its patterns cannot be read, and are not obeyed.")
HIDDEN = FileProblem("file.hidden", "Hidden and lock files are not indexed.")
LINK = FileProblem("file.link", "It is a link; what it points to is indexed where it lies.")
UNREADABLE_FOLDER = FileProblem("folder.unreadable", "You may not list it.")


def check_root(path: Path, *, refused: Sequence[Path]) -> Path:
    """Check a folder that a person gave, and give its real path.

    Raises:
        FolderMissing, FolderNotADirectory, FolderUnreadable: As they say.
        FolderRefused: If it holds keys, a browser's profile, system files or our own data (S20), or lies inside such.
    """
    if not path.exists():
        raise FolderMissing(str(path))
    if not path.is_dir():
        raise FolderNotADirectory(str(path))
    real = path.resolve()
    home = Path.home()
    private = [home / name for name in _PRIVATE_FOLDERS]
    for barred in (*private, *(Path(p) for p in _SYSTEM_FOLDERS), *refused):
        if real == barred or barred in real.parents:
            raise FolderRefused(f"{path} belongs to the system, holds keys, or is Studiolo's own")
    if real in (Path(real.anchor), home) or any(real in Path(r).resolve().parents for r in refused):
        raise FolderRefused(f"{path} is too wide: choose a folder of documents inside it")
    if any(p.exists() and real in p.parents for p in private):
        raise FolderRefused(f"{path} holds folders of keys or profiles: choose a folder inside it")
    if not os.access(real, os.R_OK | os.X_OK):
        raise FolderUnreadable(str(path))
    return real


def is_online_only(status: os.stat_result) -> bool:
    """Tell whether a file lies in the cloud alone: to read it would fetch it."""
    attributes = getattr(status, "st_file_attributes", 0)
    flags = getattr(status, "st_flags", 0)
    return bool(attributes & _ONLINE_ONLY_ATTRIBUTES or flags & _ONLINE_ONLY_FLAG)

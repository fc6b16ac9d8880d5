"""Which files of questions the user works with: their paths, and nothing of what they hold; owned by the caller."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

from studiolo.paths import write_atomically

log = logging.getLogger(__name__)

_FILE = "sets.json"
_MOST = 100


class KeptSets:
    """Remembers the paths of question sets, the newest first.

    Args:
        folder: Where the list lies; made when the first path is added.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE

    def paths(self) -> list[str]:
        """List the paths; a list that cannot be read counts as empty."""
        try:
            untrusted = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return []
        except (OSError, ValueError, RecursionError) as error:
            log.info("the list of question sets cannot be read: %s", type(error).__name__)
            return []
        return [p for p in untrusted if isinstance(p, str) and p][:_MOST] if isinstance(untrusted, list) else []

    def add(self, path: Path) -> None:
        """Remember a path; one that is remembered already comes first now.

        Raises:
            OSError: If the list cannot be written.
        """
        name = os.fspath(path)
        self._write([name, *(p for p in self.paths() if p != name)][:_MOST])

    def forget(self, path: Path) -> None:
        """Remember a path no more.

        Raises:
            OSError: If the list cannot be written.
        """
        self._write([p for p in self.paths() if p != os.fspath(path)])

    def _write(self, paths: list[str]) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(self._file, json.dumps(paths, indent=1).encode("ascii"))

"""A file that the user named for results: whole at the end, or as it was before."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from studiolo.errors import AssistantError
from studiolo.paths import replacing

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextlib.contextmanager
def whole_output(path: Path) -> Iterator[TextIO]:
    """Give a stream of UTF-8 whose words take the file's place at the end; line ends stay as they are written.

    A full disk, a stop or an error in the middle leaves what was there before. A pipe or a terminal is written to at
    once.

    Raises:
        AssistantError: `output.unwritable` if the file cannot be made there, `output.full` if there is no room for it.
    """
    try:
        if path.exists() and not path.is_file():  # for a folder this is an error
            with _opened(path) as stream:
                yield stream
            return
        with replacing(path) as beside, _opened(beside) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        if error.errno in _FULL:
            raise AssistantError("output.full", str(path)) from error
        raise AssistantError("output.unwritable", f"{path}: {error.strerror}") from error


def _opened(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="")

"""Reads one file so that its bytes, hash and stamp belong together: stat, read, stat. Originals are only read."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from dataclasses import dataclass

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.records import FileStamp

RECENT_STAMP_NS = 2_000_000_000
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class StableRead:
    """One state of a file: its stamp, its bytes and their SHA-256."""

    stamp: FileStamp
    data: bytes
    sha256: str


def stamp_of(status: os.stat_result, *, now_ns: int | None = None) -> FileStamp:
    """Give the stamp of a stat result; it is settled only if its time lies well before now.

    Not trusted otherwise: file systems' clocks are coarser than two quick saves, and an edit inside that window would
    never be indexed.
    """
    now = time.time_ns() if now_ns is None else now_ns
    return FileStamp(
        size_bytes=status.st_size,
        mtime_ns=status.st_mtime_ns,
        inode=status.st_ino,
        settled=status.st_mtime_ns < now - RECENT_STAMP_NS,
    )


def read_stable(path: bytes, *, max_bytes: int) -> StableRead:
    """Read a regular file whole, and check that it did not change meanwhile.

    Raises:
        FileFailure: file.vanished, file.unreadable, file.too_large, or file.changed_while_reading.
    """
    started_ns = time.time_ns()
    try:
        descriptor = os.open(path, _flags())
    except OSError as error:
        raise _failure(error) from error
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise FileFailure("file.unreadable", "It is no regular file.")
        if before.st_size > max_bytes:
            raise FileFailure("file.too_large", f"It is larger than {max_bytes // 2**20} MB.")
        data = _read_all(descriptor, max_bytes)
        after = os.fstat(descriptor)
    except OSError as error:
        raise _failure(error) from error
    finally:
        os.close(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise FileFailure("file.changed_while_reading", "It was being written; it is tried again with the next change.")
    return StableRead(stamp_of(after, now_ns=started_ns), data, hashlib.sha256(data).hexdigest())


def read_head(path: bytes, *, n_bytes: int) -> bytes:
    """Read the beginning of a regular file.

    Raises:
        FileFailure: file.vanished or file.unreadable.
    """
    try:
        descriptor = os.open(path, _flags())
    except OSError as error:
        raise _failure(error) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileFailure("file.unreadable", "It is no regular file.")
        return os.read(descriptor, n_bytes)
    except OSError as error:
        raise _failure(error) from error
    finally:
        os.close(descriptor)


def _flags() -> int:
    # A named pipe would block for ever, and a link is followed by the scan or not at all.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    return flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def _read_all(descriptor: int, max_bytes: int) -> bytes:
    blocks = []
    size = 0
    while block := os.read(descriptor, _BLOCK_BYTES):
        size += len(block)
        if size > max_bytes:
            raise FileFailure("file.too_large", f"It is larger than {max_bytes // 2**20} MB.")
        blocks.append(block)
    return b"".join(blocks)


def _failure(error: OSError) -> FileFailure:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return FileFailure("file.vanished", "It is no longer there.")
    if error.errno == errno.ELOOP:
        return FileFailure("file.unreadable", "It is a link.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return FileFailure("file.unreadable", "You may not read it.")
    return FileFailure("file.unreadable", f"It cannot be read: {error.strerror}.")

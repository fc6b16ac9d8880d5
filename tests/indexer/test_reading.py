"""Stat, read, stat: bytes, hash and stamp belong together."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from pathlib import Path

import pytest

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.reading import read_stable, stamp_of


def code_of(path: Path, *, max_bytes: int = 1000) -> str:
    with pytest.raises(FileFailure) as caught:
        read_stable(os.fsencode(path), max_bytes=max_bytes)
    return caught.value.code


def test_a_file_is_read_whole_with_its_hash_and_stamp(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"words")
    read = read_stable(os.fsencode(path), max_bytes=1000)
    assert read.data == b"words"
    assert read.sha256 == hashlib.sha256(b"words").hexdigest()
    assert read.stamp.same_state(stamp_of(path.stat()))


def test_a_fresh_stamp_is_not_trusted_and_an_old_one_is(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"words")
    assert not read_stable(os.fsencode(path), max_bytes=1000).stamp.settled
    past = time.time() - 10
    os.utime(path, (past, past))
    assert read_stable(os.fsencode(path), max_bytes=1000).stamp.settled


def test_what_cannot_be_read_has_its_code(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 2000)
    assert code_of(tmp_path / "nowhere.txt") == "file.vanished"
    assert code_of(large) == "file.too_large"
    assert code_of(tmp_path) == "file.unreadable"


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes of this kind are a thing of Unix")
def test_a_pipe_and_a_link_are_no_files_and_nothing_hangs(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "pipe.txt")
    assert code_of(tmp_path / "pipe.txt") == "file.unreadable"
    assert code_of(tmp_path / "link.txt") == "file.unreadable"


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"first words")
    real = os.read

    def read_then_append(descriptor: int, count: int) -> bytes:
        # Others in this process read too (the test runner talks through pipes): theirs goes through as it is.
        block = real(descriptor, count)
        if block.startswith(b"first words"):
            with path.open("ab") as stream:
                stream.write(b" and more")
            return b"first words"
        return block[:0] if block == b" and more" else block

    monkeypatch.setattr(os, "read", read_then_append)
    assert code_of(path, max_bytes=10_000_000) == "file.changed_while_reading"

"""One file's way into the store: any name, and what is embedded."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from world import World


def settled(world: World, name: str, text: str) -> Path:
    path = world.write(name, text)
    past = time.time() - 3600
    os.utime(path, (past, past))
    return path


NAMES = [
    "it's.txt",
    'a "quote".txt',
    "back\\slash.txt",
    "100%.txt",
    "new\nline.txt",
    "🙂.txt",
    "caf\u00e9.txt",
    "cafe\u0301.txt",
]


@pytest.mark.parametrize("name", NAMES)
def test_any_file_name_can_be_added_changed_moved_and_deleted(world: World, name: str) -> None:
    """R10: paths with quotes, percent, newline, emoji, NFC and NFD leave exact row counts."""
    path = settled(world, name, "Alpha text.")
    world.sync()
    assert world.rows() == 1
    world.write(name, "Beta text.")
    world.sync()
    assert (world.rows(), world.found("Beta text")) == (1, {name})
    path.rename(world.root / ("moved " + name))
    world.sync()
    assert (world.rows(), world.found("Beta text")) == (1, {"moved " + name})
    (world.root / ("moved " + name)).unlink()
    world.sync()
    assert world.rows() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse file names that are no Unicode")
def test_a_name_with_a_lone_latin_1_byte_is_indexed_and_found(world: World) -> None:
    """R10 and evidence: such a name raises in Arrow, SQLite text and .encode()."""
    path = os.path.join(os.fsencode(world.root), b"caf\xe9.txt")
    with open(path, "wb") as stream:
        stream.write(b"Alpha text.")
    world.sync()
    found = world.search("alpha")
    assert [p.path for p in found] == [path]
    os.unlink(path)
    world.sync()
    assert world.rows() == 0


def test_a_text_that_stands_in_many_files_is_embedded_once(world: World) -> None:
    for n in range(5):
        world.write(f"{n}.txt", "The same words in every file.")
    report = world.sync()
    assert (report.chunks_embedded, report.chunks_reused) == (1, 4)
    assert world.rows() == 5


def test_a_file_without_text_is_indexed_and_found_by_nothing(world: World) -> None:
    world.write("empty.txt", "")
    report = world.sync()
    assert (report.files.indexed, world.rows()) == (1, 0)


def test_a_file_during_which_the_program_was_killed_twice_is_failed_and_not_tried_at_every_start(world: World) -> None:
    """R11: a poison file is not retried at every start."""
    poison = world.write("poison.txt", "Poison.")
    world.write("good.txt", "Fine.")

    class Killed(BaseException):
        """Stands for a SIGKILL in the middle of reading."""

    parse = world.extractor.extract

    def die(data: bytes, *, name: str) -> object:
        if name == "poison.txt":
            raise Killed
        return parse(data, name=name)

    for _ in range(2):
        world.extractor.extract = die  # type: ignore[method-assign, assignment]  # the fault of this test
        with pytest.raises(Killed):
            world.indexer.sync()
        # What a kill leaves: the mark of the file in hand.
        doc_id = next(f.doc_id for f in world.indexer._catalogue.files() if f.path == os.fsencode(poison))
        world.indexer._catalogue.take_in_hand(doc_id)
        world.restart()
    report = world.sync()
    assert (report.files.failed, report.files.indexed) == (1, 1)
    assert "poison.txt" not in world.extractor.names

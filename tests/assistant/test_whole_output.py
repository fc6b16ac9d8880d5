"""A file of results is whole, or as it was; tests/assistant/test_tables.py has the errors of the disk."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from studiolo.whole_output import whole_output


def test_the_words_take_the_place_of_the_file_and_keep_their_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "talk.md"
    path.write_text("before")
    with whole_output(path) as stream:
        stream.write("one\r\ntwo\n\udcff")
        assert path.read_text() == "before"
    assert path.read_bytes() == b"one\r\ntwo\n\\udcff"
    assert os.listdir(tmp_path) == ["talk.md"]


def test_a_stop_in_the_middle_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "talk.md"
    path.write_text("before")
    with pytest.raises(KeyboardInterrupt), whole_output(path) as stream:
        stream.write("half")
        raise KeyboardInterrupt
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["talk.md"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe, heard = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    reader.start()
    with whole_output(pipe) as stream:
        stream.write("words")
    reader.join(10)
    assert heard == ["words"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)

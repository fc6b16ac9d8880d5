"""An examination that is killed goes on where it was, from the user's own file, and only with the same question."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studiolo.desk import Json
from studiolo.errors import AssistantError
from studiolo.find_run import FindRun

ABOUT: Json = {"find_all": 1, "query": "rent", "collections": ["documents"], "under": None}


def piece(number: int, *, complete: bool = False) -> Json:
    return {
        "query": "rent", "filters": {}, "wanted": {},
        "examined": 5, "in_scope": 10, "with_hits": 1, "nearest": {"row": 1},
        "unreadable": [], "hits": [{"path": f"/{number}"}], "documents": [{"path": f"/{number}"}], "complete": complete,
        "after": None if complete else f"after {number}", "milliseconds": {"total": 2.5},
    }  # fmt: skip


def interrupted(table: Path, *pieces: Json) -> Path:
    """Leave what a run leaves that is killed after these pieces."""
    with pytest.raises(KeyboardInterrupt), FindRun(table, ABOUT, resume=False) as run:
        for one in pieces:
            run.add(one)
        raise KeyboardInterrupt
    return table.with_name(table.name + ".unfinished")


def test_a_run_that_was_stopped_goes_on_and_gives_the_whole(tmp_path: Path) -> None:
    table = tmp_path / "hits.csv"
    file = interrupted(table, piece(1))
    with FindRun(table, ABOUT, resume=True) as run:
        assert (run.after, run.is_complete) == ("after 1", False)
        run.add(piece(2, complete=True))
        assert run.is_complete
        whole = run.document()
    assert [hit["path"] for hit in whole["hits"]] == ["/1", "/2"]
    assert (whole["examined"], whole["with_hits"], whole["nearest"]) == (10, 2, {"row": 2})
    assert (whole["complete"], whole["milliseconds"]) == (True, {"total": 5.0})
    assert not file.exists()


def test_a_line_that_a_kill_cut_off_is_no_piece_and_spoils_none_after_it(tmp_path: Path) -> None:
    table = tmp_path / "hits.csv"
    file = interrupted(table, piece(1), piece(2))
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(KeyboardInterrupt), FindRun(table, ABOUT, resume=True) as run:
        assert run.after == "after 1"
        run.add(piece(3))
        raise KeyboardInterrupt
    with FindRun(table, ABOUT, resume=True) as again:
        assert [one["after"] for one in again.pieces] == ["after 1", "after 3"]


def test_without_resume_it_begins_anew(tmp_path: Path) -> None:
    table = tmp_path / "hits.csv"
    interrupted(table, piece(1))
    with FindRun(table, ABOUT, resume=False) as run:
        assert (run.pieces, run.after, run.is_complete) == ([], None, False)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}\n", b"\xff\n", b'{"find_all": 1, "query": "other", "collections": ["documents"], "under": null}\n'],
)
def test_the_file_of_another_run_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "hits.csv.unfinished"
    file.write_bytes(content)
    with pytest.raises(AssistantError) as refused:
        FindRun(tmp_path / "hits.csv", ABOUT, resume=True)
    assert refused.value.code == "question.bad_cursor"
    assert file.read_bytes() == content


def test_a_damaged_piece_is_refused(tmp_path: Path) -> None:
    file = interrupted(tmp_path / "hits.csv", piece(1))
    whole = file.read_bytes()
    without = (json.dumps({k: v for k, v in piece(2).items() if k != gone}) for gone in ("after", "filters", "query"))
    for line in ('{"examined": "many"}', *without):
        file.write_bytes(whole + line.encode() + b"\n")
        with pytest.raises(AssistantError):
            FindRun(tmp_path / "hits.csv", ABOUT, resume=True)


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_examined(tmp_path: Path) -> None:
    with pytest.raises(AssistantError) as refused:
        FindRun(tmp_path / "nowhere" / "hits.csv", ABOUT, resume=False)
    assert refused.value.code == "output.unwritable"


def test_without_a_table_nothing_is_written(tmp_path: Path) -> None:
    with FindRun(None, ABOUT, resume=False) as run:
        run.add(piece(1, complete=True))
        assert run.document()["hits"] == [{"path": "/1"}]
    assert list(tmp_path.iterdir()) == []

"""Going through drafted questions with a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studiolo.drafting.confirming import Tally, confirm, shown
from studiolo.drafting.draft_files import DraftFile


def row(n: int) -> dict[str, object]:
    source = {"path": "hr/leave.pdf", "page": 3, "start": 6, "end": 26, "text": "Ten days\nare carried."}
    passage = "Leave. Ten days\nare carried. More."
    return {"id": f"d{n}", "question": f"How many {n}?", "answer": "Ten\ndays", "sources": [source], "status": "draft",
            "passage": passage}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "set.jsonl"
    file.write_text("".join(json.dumps(row(n)) + "\n" for n in (1, 2, 3)), encoding="utf-8")
    return file


class Person:
    """Types these lines, then nothing more."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.proposed: list[str] = []
        self.heard: list[str] = []

    def __call__(self, prompt: str, *, proposed: str = "") -> str | None:
        self.proposed.append(proposed)
        return self.lines.pop(0) if self.lines else None


def go(path: Path, person: Person) -> tuple[Tally, list[tuple[object, object, object]]]:
    tally = confirm(DraftFile(path), person, person.heard.append)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return tally, [(r["id"], r["question"], r["status"]) for r in rows]


def test_a_row_is_shown_with_its_place_and_the_sentence_marked_in_its_passage() -> None:
    lines = list(shown(row(1)))
    assert lines[0].endswith("How many 1?")
    assert lines[1].endswith("Ten days")
    assert "leave.pdf, p. 3: Leave. »Ten days are carried.« More." in lines[2]


def test_keep_edit_and_drop_are_in_the_file_and_an_end_of_input_quits(path: Path) -> None:
    person = Person("k", "edit", "How many days?", "", "what", "d")
    tally, rows = go(path, person)
    assert rows == [("d1", "How many 1?", "confirmed"), ("d2", "How many days?", "confirmed")]
    assert (tally.confirmed, tally.dropped, tally.waiting) == (2, 1, 0)
    assert "How many 2?" in person.proposed
    assert any("k, e, d, s or q" in said for said in person.heard)


def test_an_end_of_input_in_the_middle_of_an_edit_decides_nothing(path: Path) -> None:
    for typed in (("edit",), ("edit", "How many days?")):
        tally, rows = go(path, Person(*typed))
        assert rows[0] == ("d1", "How many 1?", "draft")
        assert (tally.confirmed, tally.waiting) == (0, 3)


def test_quitting_keeps_what_was_decided_and_the_next_time_goes_on_there(path: Path) -> None:
    tally, rows = go(path, Person("k", "q"))
    assert (tally.confirmed, tally.waiting) == (1, 2)
    assert [status for _, _, status in rows] == ["confirmed", "draft", "draft"]
    person = Person("s", "k")
    tally, rows = go(path, person)
    assert [status for _, _, status in rows] == ["confirmed", "draft", "confirmed"]
    assert "1 of 2" in person.heard[0]


def test_a_row_written_by_hand_is_shown_as_far_as_it_goes() -> None:
    assert list(shown({"id": 1, "question": "Who?", "sources": [{"path": "a.md"}, 7]}))[2].strip() == "a.md:"

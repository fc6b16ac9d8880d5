"""Files of drafted questions."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from studiolo.drafting.draft_files import DraftFile, draft_row, write_drafts
from studiolo.drafting.drafter import Draft
from studiolo.errors import AssistantError

ROWS: list[dict[str, object]] = [
    {"id": "d1", "question": "When?", "status": "draft", "mine": [1]},
    {"id": "q", "question": "Who\u2028is it?"},
    {"id": "d2", "question": "Why?", "status": "draft"},
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "set.jsonl"
    file.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in ROWS) + "\n\n", encoding="utf-8")
    return file


def rows_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_a_draft_has_the_form_of_a_question_set() -> None:
    draft = Draft("Q?", "six weeks", "figure", "template", "a/b.pdf", "hr", 3, 10, 20, "sentence..", "passage")
    row = draft_row(1, draft)
    assert (row["id"], row["question"], row["answer"], row["unanswerable"]) == ("d1", "Q?", "six weeks", False)
    assert row["sources"] == [{"path": "a/b.pdf", "page": 3, "start": 10, "end": 20, "text": "sentence.."}]
    assert row["status"] == "draft"
    without_page = Draft("Q?", "a", "figure", "template", "a.md", "hr", None, 0, 1, "s", "p")
    assert "page" not in draft_row(1, without_page)["sources"][0]


def test_a_decision_changes_one_row_and_keeps_what_others_hold(path: Path) -> None:
    file = DraftFile(path)
    file.replace(file.waiting()[0], [{**file.rows[0], "status": "confirmed"}])
    assert rows_of(path) == [{**ROWS[0], "status": "confirmed"}, *ROWS[1:]]
    file.replace(file.waiting()[0], [])
    assert [row["id"] for row in rows_of(path)] == ["d1", "q"]
    assert list(path.parent.iterdir()) == [path]


def test_a_line_can_be_read_by_a_person_and_holds_no_other_end_of_a_line(tmp_path: Path) -> None:
    row = {"id": 1, "question": "Wie lange l\u00e4uft\u2028es\x85?"}
    write_drafts(tmp_path / "new.jsonl", [row, row])
    text = (tmp_path / "new.jsonl").read_text(encoding="utf-8")
    assert (text.count("l\u00e4uft"), len(text.splitlines())) == (2, 2)
    assert rows_of(tmp_path / "new.jsonl") == [row, row]


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(path: Path) -> None:
    file = DraftFile(path)
    path.write_text(json.dumps(ROWS[0]), encoding="utf-8")
    with pytest.raises(AssistantError) as failed:
        file.replace(file.waiting()[0], [])
    assert (failed.value.code, rows_of(path)) == ("question.file_changed", [ROWS[0]])


def test_a_link_to_the_file_stays_a_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.jsonl"
    os.symlink(path, link)
    file = DraftFile(link)
    file.replace(file.rows[0], [])
    assert (link.is_symlink(), len(rows_of(path))) == (True, 2)


@pytest.mark.parametrize("text", ["{", "[1]", '{"id":"a"}', '{"question":"a"}', "\udcff"])
def test_a_file_with_a_mistake_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b'{"id":1,"question":"a"}\n' + text.encode("utf-8", "surrogateescape"))
    with pytest.raises(AssistantError) as failed:
        DraftFile(path)
    assert failed.value.code == "question.bad_file"
    assert "Errno" not in str(failed.value)
    assert "line 2" in str(failed.value) or text == "\udcff"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="nowhere"):
        DraftFile(tmp_path / "nowhere.jsonl")

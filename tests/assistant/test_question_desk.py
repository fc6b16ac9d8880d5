"""Question sets in the window: what is wrong is said line by line, and drafts are decided on in their own file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from evaluated import write_set

from studiolo import messages
from studiolo.desk import Job, Json
from studiolo.errors import AssistantError
from studiolo.messages import Request
from studiolo.paths import AppPaths
from studiolo.question_desk import QuestionDesk

DRAFT = {"question": "Who signs?", "answer": "Ada.", "status": "draft", "passage": "Ada signs.", "kind": "name"}


@pytest.fixture
def desk(tmp_path: Path) -> QuestionDesk:
    return QuestionDesk(AppPaths(tmp_path / "home"))


def do(desk: QuestionDesk, request: Request) -> Json:
    return desk.handle(request, Job())


def add(desk: QuestionDesk, path: Path) -> Json:
    return do(desk, messages.AddQuestionSet(id="1", path=str(path)))


def sets(desk: QuestionDesk) -> list[Json]:
    found = do(desk, messages.QuestionSets(id="1"))["sets"]
    assert isinstance(found, list)
    return found


def decide(desk: QuestionDesk, path: Path, entry: str, decision: str, **words: str) -> Json:
    return do(desk, messages.DecideQuestion(id="1", path=str(path), entry=entry, decision=decision, **words))


def rows(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_set_is_remembered_where_it_lies_until_it_is_forgotten(desk: QuestionDesk, tmp_path: Path) -> None:
    path = write_set(tmp_path / "set.jsonl", {"question": "Who?"}, {"question": "Why?", "unanswerable": True}, DRAFT)
    found = add(desk, path)
    assert [found[key] for key in ("name", "questions", "unanswerable", "waiting")] == ["set.jsonl", 3, 1, 1]
    assert [s["path"] for s in sets(desk)] == [str(path)]
    do(desk, messages.ForgetQuestionSet(id="1", path=str(path)))
    assert sets(desk) == []
    assert path.exists()


def test_every_bad_line_is_named_with_its_reason(desk: QuestionDesk, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"id":"a","question":"Who?"}\nno JSON\n\n{"id":"a","question":"Why?"}\n{"id":"b"}\n')
    found = add(desk, path)
    assert (found["questions"], found["problems"]) == (1, 3)
    assert [line["line"] for line in found["lines"]] == [2, 4, 5]
    assert [line["reason"] for line in found["lines"][:2]] == ["no JSON", "the id of line 1 again"]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff\xfe\x00", None])
def test_what_is_no_question_set_is_not_remembered(desk: QuestionDesk, tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "set.jsonl"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(AssistantError) as raised:
        add(desk, path)
    assert raised.value.code == "question.bad_file"
    assert sets(desk) == []


def test_a_folder_and_a_huge_file_are_refused_without_being_read(desk: QuestionDesk, tmp_path: Path) -> None:
    huge = tmp_path / "huge.jsonl"
    with huge.open("wb") as stream:
        stream.truncate(65 * 1024 * 1024)
    for path in (tmp_path, huge):
        with pytest.raises(AssistantError) as raised:
            add(desk, path)
        assert raised.value.code == "question.bad_file"


def test_a_set_whose_file_has_gone_stays_in_the_list_and_says_so(desk: QuestionDesk, tmp_path: Path) -> None:
    path = write_set(tmp_path / "set.jsonl", {"question": "Who?"})
    add(desk, path)
    path.unlink()
    (found,) = sets(desk)
    assert (found["name"], found["error"]["code"]) == ("set.jsonl", "question.bad_file")


def test_a_draft_is_kept_with_other_words_and_another_is_dropped(desk: QuestionDesk, tmp_path: Path) -> None:
    path = write_set(tmp_path / "set.jsonl", DRAFT, {**DRAFT, "question": "Who pays?"}, {"question": "Why?"})
    assert [draft["id"] for draft in add(desk, path)["drafts"]] == ["q1", "q2"]
    left = decide(desk, path, "q1", "keep", question=" Who signs the lease? ", answer="Ada")
    assert [draft["id"] for draft in left["drafts"]] == ["q2"]
    left = decide(desk, path, "q2", "drop")
    assert (left["questions"], left["waiting"], left["drafts"]) == (2, 0, [])
    first, second = rows(path)
    assert (first["question"], first["answer"], first["status"]) == ("Who signs the lease?", "Ada", "confirmed")
    assert (first["passage"], second["question"]) == ("Ada signs.", "Why?")


@pytest.mark.parametrize(
    ("entry", "decision", "words", "code"),
    [
        ("q1", "burn", {}, "question.bad_decision"),
        ("q1", "keep", {"question": "  "}, "question.bad_decision"),
        ("q9", "keep", {}, "question.unknown"),
        ("q2", "drop", {}, "question.unknown"),
    ],
)
def test_what_cannot_be_decided_leaves_the_file_as_it_is(
    desk: QuestionDesk, tmp_path: Path, entry: str, decision: str, words: dict[str, str], code: str
) -> None:
    path = write_set(tmp_path / "set.jsonl", DRAFT, {"question": "Why?"})
    before = path.read_bytes()
    with pytest.raises(AssistantError) as raised:
        decide(desk, path, entry, decision, **words)
    assert raised.value.code == code
    assert path.read_bytes() == before


def test_a_request_for_another_desk_is_a_defect(desk: QuestionDesk) -> None:
    with pytest.raises(TypeError):
        do(desk, messages.Status(id="1"))
    desk.close()

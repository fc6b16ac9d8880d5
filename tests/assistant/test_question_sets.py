"""A question set is read as product.md writes it; what is wrong is named with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studiolo.errors import AssistantError
from studiolo.evaluation.question_sets import Question, Source, read_questions

GOOD = '{"id":"a","question":"Why?"}'


def read(tmp_path: Path, text: str) -> tuple[Question, ...]:
    path = tmp_path / "set.jsonl"
    path.write_text(text, encoding="utf-8")
    return read_questions(path)


def test_every_field_of_the_format_is_read_and_unknown_keys_are_kept(tmp_path: Path) -> None:
    row = {
        "id": 7,
        "question": "How many?",
        "sources": [{"path": "hr/a.pdf", "page": 3}, {"path": "b.md", "start": 0, "end": 5, "text": "Ten d"}],
        "answer": "ten",
        "answers": ["10", "ten"],
        "level": "hard",
    }
    (question,) = read(tmp_path, json.dumps(row))
    assert question.sources == (Source("hr/a.pdf", 3), Source("b.md", None, 0, 5, "Ten d"))
    assert (question.id, question.answers, question.unanswerable) == ("7", ("10", "ten"), False)
    assert question.more == {"level": "hard"}


def test_order_is_kept_and_empty_lines_and_a_byte_order_mark_are_passed_over(tmp_path: Path) -> None:
    text = '\ufeff{"id":"b","question":"B\u2028b?"}\n\n{"id":"a","question":"A?","unanswerable":true}\r\n'
    assert [(q.id, q.question, q.unanswerable) for q in read(tmp_path, text)] == [
        ("b", "B\u2028b?", False),
        ("a", "A?", True),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "line 2: no JSON"),
        ("[1]", "line 2: no JSON object"),
        ('{"question":"Why?"}', "line 2: no id"),
        ('{"id":true,"question":"Why?"}', "line 2: no id"),
        ('{"id":"b"}', "line 2: no question"),
        ('{"id":"b","question":" "}', "line 2: no question"),
        ('{"id":"a","question":"Why?"}', "line 2: the id of line 1 again"),
        ('{"id":"b","question":"?","sources":{}}', "line 2: sources must be a list"),
        ('{"id":"b","question":"?","sources":[{"page":1}]}', "line 2: a source without a path"),
        ('{"id":"b","question":"?","sources":[{"path":"\\ud800"}]}', "line 2: a source whose path no file can have"),
        ('{"id":"b","question":"?","sources":[{"path":"a","page":0}]}', "line 2: a source's page counts from 1"),
        ('{"id":"b","question":"?","sources":[{"path":"a","page":"3"}]}', "line 2: a source's page must be a whole"),
        ('{"id":"b","question":"?","sources":[{"path":"a","start":5}]}', "line 2: a source's start must lie before"),
        ('{"id":"b","question":"?","sources":[{"path":"a","start":5,"end":5}]}', "a source's start must lie before"),
        ('{"id":"b","question":"?","answers":[1]}', "line 2: an answer must be a text"),
        ('{"id":"b","question":"?","unanswerable":"no"}', "line 2: unanswerable must be true or false"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(AssistantError) as raised:
        read(tmp_path, f"{GOOD}\n{line}\n")
    assert raised.value.code == "question.bad_file"
    assert said in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe\x00"])
def test_a_file_without_a_question_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(content)
    with pytest.raises(AssistantError, match=r"set\.jsonl"):
        read_questions(path)


def test_the_digest_changes_with_what_is_expected_and_not_with_our_order_or_the_users_notes() -> None:
    first = Question("a", "Why?", (Source("x.pdf", 1),), ("so",), more={"note": 1})
    assert first.digest == Question("b", "Why?", (Source("x.pdf", 1),), ("so",)).digest
    others = [
        Question("a", "Why not?", (Source("x.pdf", 1),), ("so",)),
        Question("a", "Why?", (Source("x.pdf", 2),), ("so",)),
        Question("a", "Why?", (Source("x.pdf", 1),), ("thus",)),
        Question("a", "Why?", (Source("x.pdf", 1),), ("so",), unanswerable=True),
    ]
    assert len({first.digest, *(q.digest for q in others)}) == 5

"""Drafting and confirming questions from the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from command_line import CommandLine

from studiolo_models.errors import ModelMissing
from studiolo_models.registry import Registry

pytestmark = pytest.mark.real_models


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "set.jsonl"


def rows_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_drafts_are_written_as_a_question_set_and_their_sources_are_exact(studiolo: CommandLine, out: Path) -> None:
    ran = studiolo.json("questions", "draft", "-n", "3", "--out", out)
    assert ran.code == 0
    assert ran.document == rows_of(out)
    text = studiolo.json("search", "leave", "-k", "1").document["passages"][0]["path"]
    for row in ran.document:
        (source,) = row["sources"]
        assert source["path"] == "leave.md"
        assert studiolo.slice_of({**source, "path": text}) == source["text"]
        assert row["answer"] in source["text"]
    assert {row["status"] for row in ran.document} == {"draft"}


def test_a_set_can_be_asked_as_it_is_and_is_not_overwritten(studiolo: CommandLine, out: Path, tmp_path: Path) -> None:
    drafted = studiolo("questions", "draft", "-n", "1", "--out", out, "--no-model")
    assert (drafted.code, drafted.err.startswith("1 question written to ")) == (0, True)
    assert studiolo("ask", "--no-model", "--questions", out, "--out", tmp_path / "answers.jsonl").code == 0
    before = out.read_text(encoding="utf-8")
    ran = studiolo.json("questions", "draft", "-n", "1", "--out", out)
    assert (ran.code, ran.error["code"], out.read_text(encoding="utf-8")) == (2, "output.exists", before)


def test_it_works_where_there_is_no_chat_model(
    studiolo: CommandLine, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Registry.in_use

    def in_use(registry: Registry, role: str) -> object:
        if role == "chat":
            raise ModelMissing(role)
        return real(registry, role)  # type: ignore[arg-type]  # a role, as it came

    monkeypatch.setattr(Registry, "in_use", in_use)
    assert studiolo("questions", "draft", "-n", "1", "--out", out).code == 0


def test_nothing_is_written_where_nothing_can_be_drafted(own: CommandLine, studiolo: CommandLine, out: Path) -> None:
    assert own("questions", "draft", "-n", "1", "--out", out).code == 1
    assert studiolo.json("questions", "draft", "--collection", "no", "--out", out).error["code"] == "collection.unknown"
    assert not out.exists()


def test_a_person_goes_through_them_and_the_file_says_so(
    studiolo: CommandLine, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert studiolo("questions", "draft", "-n", "2", "--out", out).code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("e\nHow many days?\n\n"))
    ran = studiolo.json("questions", "confirm", out)
    assert (ran.code, ran.document["confirmed"], ran.document["dropped"]) == (0, 1, 0)
    assert "leave.md" in ran.err
    first = rows_of(out)[0]
    assert (first["question"], first["status"]) == ("How many days?", "confirmed")
    assert "kept, 0 dropped" in studiolo("questions", "confirm", out).out


def test_a_file_that_is_no_question_set_is_refused(studiolo: CommandLine, out: Path) -> None:
    out.write_text("no", encoding="utf-8")
    assert studiolo.json("questions", "confirm", out).error["code"] == "question.bad_file"

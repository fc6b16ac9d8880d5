"""Past answers keep their sources, and are forgotten with their folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studiolo.history import History
from studiolo_indexer.errors import StoreDamaged


def answer(path: str) -> dict[str, Any]:  # Any: a JSON document
    source = {"number": 1, "path": path, "page": 4, "quote": "ten days", "sha256": "ab"}
    return {"question": "How many?", "answer": "Ten [1].", "citations": [source], "passages": [source]}


def test_an_answer_comes_back_with_its_numbered_sources(tmp_path: Path) -> None:
    """R19: history keeps the numbered sources with path, page, hash, date."""
    history = History(tmp_path / "history.sqlite")
    entry_id = history.add("How many?", ("hr",), answer("/docs/leave.pdf"))["id"]
    entry = history.entry(entry_id)
    assert entry is not None
    assert entry["citations"] == answer("/docs/leave.pdf")["citations"]
    assert entry["asked_at"]
    assert [row["question"] for row in history.newest(10)] == ["How many?"]
    history.close()


def test_answers_that_cite_a_removed_folder_are_gone_from_the_disk(tmp_path: Path) -> None:
    """Promise 8: what is forgotten is gone from the disk."""
    history = History(tmp_path / "history.sqlite")
    history.add("Gone?", ("hr",), answer("/docs/hr/leave.pdf") | {"answer": "CANARY-8841"})
    kept = history.add("Kept?", ("hr",), answer("/docs/hr-other/leave.pdf"))["id"]
    assert history.forget_under("/docs/hr/") == 1
    history.close()
    assert not any(b"CANARY-8841" in f.read_bytes() for f in tmp_path.iterdir())
    assert History(tmp_path / "history.sqlite").entry(kept) is not None


def test_a_cleared_history_leaves_nothing_on_the_disk(tmp_path: Path) -> None:
    """Promise 8."""
    history = History(tmp_path / "history.sqlite")
    for n in range(3):
        history.add(f"CANARY-{n}?", ("hr",), answer("/docs/hr/leave.pdf") | {"answer": "CANARY-8842"})
    assert history.clear() == 3
    assert history.conversations() == (0, [])
    assert history.clear() == 0
    history.close()
    assert not any(b"CANARY" in f.read_bytes() for f in tmp_path.iterdir())


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    broken = tmp_path / "history.sqlite"
    broken.write_bytes(b"not a database, but long enough to look like one" * 20)
    with pytest.raises(StoreDamaged):
        History(broken)
    assert broken.read_bytes().startswith(b"not a database")


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    made = History(tmp_path / "history.sqlite")
    yield made
    made.close()


def talk(history: History, *questions: str, path: str = "/docs/leave.pdf", text: str = "Ten [1].") -> int:
    """Keep answers in one conversation; gives its id."""
    conversation: int | None = None
    for question in questions:
        kept = history.add(question, ("hr",), answer(path) | {"answer": text}, conversation=conversation)
        conversation = kept["conversation"]
    assert conversation is not None
    return conversation


def titles(history: History, words: str = "") -> list[str]:
    return [row["title"] for row in history.conversations(words)[1]]


def on_disk(folder: Path) -> bytes:
    return b"".join(f.read_bytes() for f in folder.iterdir())


def test_a_conversation_holds_its_answers_in_their_order_and_is_called_by_its_first_question(history: History) -> None:
    first = talk(history, "How many days?", "And for part-time staff?")
    talk(history, "Who pays?")
    row = history.conversation(first)
    assert row is not None
    assert (row["title"], row["named"], row["answers"], row["collections"]) == ("How many days?", False, 2, ["hr"])
    turns = history.turns(first)
    assert [t["conversation"] for t in turns] == [first, first]
    assert turns[0]["id"] < turns[1]["id"]
    assert all(t["asked_at"] and t["citations"] for t in turns)
    assert titles(history) == ["Who pays?", "How many days?"]


def test_a_conversation_that_is_gone_on_with_comes_first_again_and_a_pinned_one_before_it(history: History) -> None:
    first, second, third = talk(history, "One?"), talk(history, "Two?"), talk(history, "Three?")
    history.add("And?", ("hr",), answer("/a"), conversation=first)
    assert titles(history) == ["One?", "Three?", "Two?"]
    history.pin(second, pinned=True)
    assert titles(history) == ["Two?", "One?", "Three?"]
    history.pin(second, pinned=False)
    assert titles(history) == ["One?", "Three?", "Two?"]
    total, rows = history.conversations(offset=1, limit=1)
    assert (total, [row["id"] for row in rows]) == (3, [third])


def test_a_title_is_one_line_and_can_be_given_back(history: History) -> None:
    talked = talk(history, "How many days?")
    history.rename(talked, "  Leave\n policy " + "x" * 500)
    row = history.conversation(talked)
    assert row is not None
    assert row["title"].startswith("Leave policy xxx")
    assert (len(row["title"]), row["named"]) == (200, True)
    history.rename(talked, "   ")
    assert titles(history) == ["How many days?"]


def test_an_answer_to_a_conversation_that_has_gone_begins_a_new_one(history: History) -> None:
    gone = talk(history, "Gone?")
    history.delete(gone)
    kept = history.add("And?", ("hr",), answer("/a"), conversation=gone)
    assert kept["conversation"] != gone
    assert titles(history) == ["And?"]


def test_an_id_is_never_given_twice(history: History) -> None:
    """A window may still show what was removed, and rate it."""
    gone = talk(history, "Gone?", "Gone too?")
    entries = [t["id"] for t in history.turns(gone)]
    history.delete(gone)
    kept = history.add("New?", ("hr",), answer("/a"))
    assert kept["id"] not in entries
    assert kept["conversation"] != gone


def test_search_looks_through_titles_questions_and_answers_for_all_words_in_any_case(history: History) -> None:
    talk(history, "How long is the notice period?", text="Die Kündigungsfrist beträgt sechs Wochen.")
    named = talk(history, "Who pays?", text="The tenant.")
    history.rename(named, "Müller, rent")
    assert titles(history, "NOTICE") == ["How long is the notice period?"]
    assert titles(history, "frist wochen") == ["How long is the notice period?"]
    assert titles(history, "kundigung") == ["How long is the notice period?"]
    assert titles(history, "muller tenant") == ["Müller, rent"]
    assert titles(history, "tenant wochen") == []
    assert titles(history, "100% _ ' \" \udce9") == []
    assert history.conversations("notice")[0] == 1


@pytest.mark.parametrize("way", ["delete", "folder"])
def test_a_removed_conversation_is_gone_from_the_disk_with_its_words_and_what_was_said_of_it(
    tmp_path: Path, history: History, way: str
) -> None:
    """Promise 8: nor is any of it found by a search."""
    gone = talk(history, "Where is CANARY-Q1?", text="In CANARY-A1.", path="/docs/hr/leave.pdf")
    kept = talk(history, "Kept?", path="/docs/law/a.pdf")
    entry = history.turns(gone)[0]["id"]
    history.rename(gone, "About CANARY-T1")
    history.rate(entry, rating="down", correction="It is in CANARY-C1.")
    assert history.delete(gone) == 1 if way == "delete" else history.forget_under("/docs/hr") == 1
    assert b"CANARY" not in on_disk(tmp_path)
    assert b"canary" not in on_disk(tmp_path)
    assert titles(history, "canary") == []
    assert history.examples() == (0, [])
    assert [row["id"] for row in history.conversations()[1]] == [kept]


def test_forgetting_a_folder_leaves_what_the_rest_of_a_conversation_quotes(tmp_path: Path, history: History) -> None:
    first = history.add("Where is CANARY-Q1?", ("hr",), answer("/docs/hr/leave.pdf"))
    history.add("And here?", ("hr",), answer("/docs/law/a.pdf"), conversation=first["conversation"])
    assert history.forget_under("/docs/hr") == 1
    assert titles(history) == ["And here?"]
    assert b"CANARY-Q1" not in on_disk(tmp_path)


def test_a_former_title_and_a_correction_taken_back_are_gone_from_the_disk(tmp_path: Path, history: History) -> None:
    talked = talk(history, "How many?")
    history.rename(talked, "CANARY-T1")
    history.rename(talked, "Other")
    entry = history.turns(talked)[0]["id"]
    history.rate(entry, rating=None, correction="CANARY-C1")
    history.rate(entry, rating=None, correction="")
    assert b"CANARY" not in on_disk(tmp_path)


def test_what_is_said_of_an_answer_is_kept_with_question_passages_and_answer(history: History) -> None:
    talked = talk(history, "How many?", "And?")
    first, second = (t["id"] for t in history.turns(talked))
    history.rate(second, rating="up", correction="")
    history.rate(first, rating="down", correction=" Twelve [1]. ")
    total, examples = history.examples()
    assert (total, [e["id"] for e in examples]) == (2, [first, second])
    assert (examples[0]["answer"], examples[0]["passages"][0]["quote"]) == ("Ten [1].", "ten days")
    feedback = examples[0]["feedback"]
    assert (feedback["rating"], feedback["correction"]) == ("down", "Twelve [1].")
    assert feedback["given_at"]
    history.rate(second, rating=None, correction="")
    assert history.examples()[0] == 1
    history.rate(987, rating="up", correction="")
    assert history.examples()[0] == 1


def test_an_answer_takes_the_place_of_another_of_its_conversation_alone(history: History) -> None:
    first = history.add("How mny?", ("hr",), answer("/docs/leave.pdf"))
    talk_id = first["conversation"]
    other = history.add("Else?", ("hr",), answer("/docs/leave.pdf"))
    second = history.add("How many?", ("hr",), answer("/a"), conversation=talk_id, instead_of=first["id"])
    third = history.add("How many?", ("hr",), answer("/a"), conversation=talk_id, instead_of=second["id"])
    strange = history.add("How many?", ("hr",), answer("/a"), conversation=talk_id, instead_of=other["id"])
    assert [kept["instead_of"] for kept in (first, second, third, strange)] == [None, first["id"], first["id"], None]
    assert [kept["instead_of"] for kept in history.turns(talk_id)] == [None, first["id"], first["id"], None]

"""A history of an older release is taken over, and nothing of an answer outlives it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from studiolo.history import History
from studiolo.history_tables import SCHEMA, words_of

ROWS = [
    (3, "2026-01-01T10:00:00+00:00", "How many days?", "Ten [1]."),
    (8, "2026-02-01T10:00:00+00:00", "Und Müller?", ""),
]


def old_history(path: Path) -> None:
    """Write the file of a release that knew single answers."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(SCHEMA[0])
    for entry, asked_at, question, text in ROWS:
        answer = json.dumps({"question": question, "answer": text, "citations": [{"path": "/a\udce9"}]})
        db.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?)", (entry, asked_at, question, '["hr"]', answer))
    db.execute("PRAGMA user_version=1")
    db.close()


def test_old_answers_become_conversations_of_one_answer_and_keep_their_ids(tmp_path: Path) -> None:
    old_history(tmp_path / "history.sqlite")
    history = History(tmp_path / "history.sqlite")
    total, rows = history.conversations()
    assert total == 2
    assert [(r["title"], r["answers"], r["started_at"]) for r in rows] == [(q, 1, at) for _, at, q, _ in reversed(ROWS)]
    entry = history.entry(3)
    assert entry is not None
    assert (entry["answer"], entry["citations"], entry["collections"]) == ("Ten [1].", [{"path": "/a\udce9"}], ["hr"])
    assert [row["id"] for row in history.conversations("muller")[1]] == [8]
    history.close()


def test_a_history_that_was_taken_over_goes_on(tmp_path: Path) -> None:
    old_history(tmp_path / "history.sqlite")
    history = History(tmp_path / "history.sqlite")
    kept = history.add("And then?", ("hr",), {"answer": "Twelve."}, conversation=3)
    assert (kept["conversation"], kept["id"]) == (3, 9)
    assert history.add("New?", ("hr",), {"answer": "."})["conversation"] == 9
    history.close()
    assert len(History(tmp_path / "history.sqlite").turns(3)) == 2


def test_what_belongs_to_an_answer_goes_with_it_whoever_removes_it(tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite")
    kept = history.add("How many?", (), {"answer": "Ten."})
    history.rate(kept["id"], rating="down", correction="Twelve.")
    history.close()
    db = sqlite3.connect(tmp_path / "history.sqlite", isolation_level=None)
    db.execute("DELETE FROM answers")
    left = "SELECT id FROM answers UNION SELECT answer FROM answer_words UNION SELECT answer FROM feedback"
    assert db.execute(f"{left} UNION SELECT id FROM conversations").fetchall() == []  # noqa: S608 - of constants
    db.close()


def test_words_are_looked_through_without_case_accents_and_what_is_no_unicode() -> None:
    assert words_of("Wie LANGE ist die Kündigungsfrist?", json.dumps({"answer": "Straße \udce9"})).split() == [
        "wie", "lange", "ist", "die", "kundigungsfrist?", "strasse", "?",
    ]  # fmt: skip
    assert words_of("Why?", json.dumps({"answer": None})).split() == ["why?"]

"""The tables of the history, step by step, and the words of an answer that are looked through."""

from __future__ import annotations

import json

from studiolo_indexer.word_splitting import folded

# An id is never given twice (AUTOINCREMENT): a window may still show what was removed, and speak of it.
# What belongs to an answer goes with it, by triggers, whoever removes it: no trace is left to be thought of.
SCHEMA = (
    """
CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    asked_at TEXT NOT NULL,
    question TEXT NOT NULL,
    collections TEXT NOT NULL,
    answer TEXT NOT NULL
);
""",
    """
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT,
    pinned INTEGER NOT NULL DEFAULT 0
);
INSERT INTO conversations (id) SELECT id FROM answers;
ALTER TABLE answers RENAME TO single_answers;
CREATE TABLE answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    asked_at TEXT NOT NULL,
    question TEXT NOT NULL,
    collections TEXT NOT NULL,
    answer TEXT NOT NULL
);
INSERT INTO answers SELECT id, id, asked_at, question, collections, answer FROM single_answers;
DROP TABLE single_answers;
CREATE INDEX answers_of_conversation ON answers (conversation);
CREATE TABLE answer_words (answer INTEGER PRIMARY KEY, words TEXT NOT NULL);
INSERT INTO answer_words SELECT id, words_of(question, answer) FROM answers;
CREATE TABLE feedback (
    answer INTEGER PRIMARY KEY,
    rating TEXT,
    correction TEXT NOT NULL,
    given_at TEXT NOT NULL
);
CREATE TRIGGER answer_gone AFTER DELETE ON answers BEGIN
    DELETE FROM answer_words WHERE answer = OLD.id;
    DELETE FROM feedback WHERE answer = OLD.id;
    DELETE FROM conversations WHERE id = OLD.conversation
        AND NOT EXISTS (SELECT 1 FROM answers WHERE conversation = OLD.conversation);
END;
""",
)


def words_of(question: str, answer: str) -> str:
    """Give what is looked through for an answer: its question and its text, folded; the tables need it as a function.

    Args:
        question: As it was asked.
        answer: The `ask` document, as JSON.
    """
    text = json.loads(answer).get("answer")
    both = f"{question}\n{text if isinstance(text, str) else ''}"
    return folded(both.encode("utf-8", "replace").decode("utf-8"))

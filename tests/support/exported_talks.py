"""Answers as the history keeps them, and thirty texts that a reader of an export might take for more than text."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]  # Any: a JSON document

ATTACKS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title><script>1</script>", "<svg/onload=1>",
    "<!-- comment", "]]><b>x</b>", "&lt;b&gt; &amp; &#60;", "\" onmouseover=\"x", "' style='x", "</style><b>",
    "![x](http://127.0.0.1/a.png)", "[x](javascript:alert(1))", "[x]: http://127.0.0.1", "<http://127.0.0.1>",
    "http://127.0.0.1/x www.example.org a@example.org", "# heading", "> quote", "- item", "1. item", "+ item", "***",
    "```sh\nrm -rf ~\n```", "    code", "`code` ``more``", "*em* **strong** __u__ ~~del~~", "| a | b |\n|---|---|",
    "===\n---", "a\\\nb\\", "\u202efdp.exe\u2066", "a\x00b\x1b[31m\u2028c\udce9", "$x$ \\(y\\) {{z}} {%z%}",
    "[^1] [ ] [x] :smile: &copy;",
)  # fmt: skip


def turn(text: str = "Ten days [1].", *, question: str = "How many days?", **fields: object) -> Json:
    """Make an answer as the history keeps it."""
    made: Json = {
        "id": 7,
        "asked_at": "2026-11-27T10:00:00+00:00",
        "collections": ["hr"],
        "question": question,
        "searched_for": question,
        "answer": text,
        "model": "smollm2-135m",
        "sentences": [{"text": "Ten days.", "citations": [1], "verdict": "supported"}],
        "citations": [source(1), source(2, path="/docs/travel.md", page=None, part="Hotels", stale=True)],
        "conflicts": [],
        "refused": False,
    }
    return made | fields


def source(number: int, **fields: object) -> Json:
    made: Json = {
        "number": number,
        "path": "/docs/leave.pdf",
        "page": 4,
        "part": "Page 4",
        "start": 1,
        "end": 9,
        "quote": "ten days",
        "sha256": "ab" * 32,
        "indexed_at": "2026-11-26T09:00:00+00:00",
        "stale": False,
    }
    return made | fields


def talk(title: str = "Leave") -> Json:
    return {"id": 3, "title": title, "started_at": "2026-11-27T10:00:00+00:00"}


def attacked(attack: str) -> tuple[Json, list[Json]]:
    """Put an attack wherever a document, a model or a file name can."""
    side = source(1, path=attack, quote=attack, value=attack, date=attack, part=attack, page=None)
    one = turn(
        attack,
        question=attack,
        searched_for=attack + "?",
        collections=[attack],
        model=attack,
        sentences=[{"text": attack, "verdict": "unsupported"}],
        citations=[source(1, path=attack, quote=attack, part=attack, page=None, sha256=attack, indexed_at=attack)],
        conflicts=[{"about": attack, "sides": [side]}],
        feedback={"rating": "down", "correction": attack},
        asked_at=attack,
    )
    return talk(attack), [one]

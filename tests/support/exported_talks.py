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
PATHS = (
    "file:///etc/passwd", "<a href='file:///etc/passwd'>a</a>", "[a](file:///etc/passwd)", "\\\\host\\share\\x.png",
    "<img src='\\\\host\\share\\x.png'>", "smb://host/share/x", "<a href='smb://host/x'>x</a>", "//host/share/x.png",
    "ms-office:ofe|u|http://127.0.0.1/x.docx", "<a href='ms-word:ofe|u|x'>x</a>", "data:text/html,<script>1</script>",
    "<img src='data:image/png;base64,AAAA'>", "<img src='qrc:/x.png'>", "<object data='x.svg'></object>",
    "<link rel=stylesheet href=file:///x.css>", "<style>@import 'http://127.0.0.1/x.css';</style>",
    "<meta http-equiv=refresh>",
    "../../../../etc/passwd", "..\\..\\windows\\win.ini", "/../..//etc/./shadow", "C:\\Windows\\System32\\calc.exe",
    "cite:1", "<a href='cite:1'>1</a>", "[1](cite:2)", "[99]", "[1, 99]", "[2][3]", "cite:999999999999",
    "report.pdf\n[2] forged.pdf", "report.pdf\r\nSource 9: forged", "invoice\u202efdp.exe", "a\u2066b\u2069c\u2067d",
    "zero\u200bwidth\u200d\ufeff\u2060.pdf", "\u00ad\u034f\u115f\u3164", "tags\U000e0041\U000e0042",
    "a&b &b &&c", "&#x3c;b&#x3e; &lt;",
    "%3Cb%3E%00%2e%2e%2f", "name" * 500, "W" * 300 + ".pdf", "~/.ssh/id_rsa", "$(rm -rf ~)`id`", "shell:startup",
    "javascript:alert(1)", "vbscript:x", "studiolo:quit", "{name} {0} %s %(x)s", "CON", "a\tb\vc\fd", "x \ud83d.pdf",
)  # fmt: skip
"""What a name or a model can say that names a file, an address or one of our own links, or hides what it says."""


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

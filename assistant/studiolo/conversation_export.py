"""Writes a conversation as Markdown, HTML or JSON, each answer with its numbered sources (R19); pure.

Every word of a question, an answer, a document or a file name stays text: it is escaped here, and here alone. The HTML
is one file without a script, a picture or a link; a browser is told to load nothing for it, and Qt prints it.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]  # Any: a JSON document, whose shape is the contract
Untrusted = Mapping[str, Any]  # Any: the same, as it was kept; a field may be missing or of another type

FORMATS = ("markdown", "html", "json")
ENDINGS = {"markdown": ".md", "html": ".html", "json": ".json"}
_KIND = "studiolo-conversation"
_VERSION = 1
_LONGEST_NAME = 60
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_UNSAFE_IN_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_MARKED = re.compile(r"([!-/:-@\[-`{-~])")
_VERDICTS = {"weak": "Carried by its sources only in part", "unsupported": "Carried by no source"}
_STYLE = """
body { font-family: sans-serif; line-height: 1.5; max-width: 46em; margin: 2em auto; padding: 0 1em; color: #23221f; }
h1 { font-size: 1.4em; }
h2 { font-size: 1.1em; margin-top: 2em; border-top: 1px solid #e4e1da; padding-top: 1em; }
p, li, h1, h2 { white-space: pre-wrap; overflow-wrap: anywhere; }
.note, .known { color: #6b675f; font-size: 0.85em; }
.known { font-family: monospace; }
.quote { margin: 0.3em 0 0.3em 1em; }
"""


def as_json(conversation: Untrusted, turns: Sequence[Untrusted]) -> str:
    """Write the answers as they were kept, with their sources by number, in ASCII."""
    document = {
        "format": _KIND,
        "version": _VERSION,
        "title": _text(conversation, "title"),
        "started_at": _text(conversation, "started_at"),
        "answers": [{**turn, "sources": sources_of(turn)} for turn, _ in in_place(turns)],
    }
    return json.dumps(document, ensure_ascii=True, indent=2) + "\n"


def as_markdown(conversation: Untrusted, turns: Sequence[Untrusted]) -> str:
    """Write a conversation in CommonMark; every mark in its texts is escaped."""
    lines = [f"# {_mark_line(_text(conversation, 'title'))}", ""]
    for turn, version in in_place(turns):
        lines += [f"## {_mark_line(_text(turn, 'question'))}", ""]
        for text in _before(turn, version):
            lines += [_mark_line(text), ""]
        lines += [mark(_answer(turn)), ""]
        for text in _remarks(turn):
            lines += [_mark_line(text), ""]
        for source in sources_of(turn):
            lines += [f"- {_mark_line(_head(source))}  ", f"  {_mark_line(_quoted(source))}  "]
            lines += [f"  {_mark_line(_known(source))}", ""]
        for about, sides in _differences(turn):
            lines += [_mark_line(about), "", *(f"- {_mark_line(side)}" for side in sides), ""]
    return "\n".join(lines).rstrip() + "\n"


def as_html(conversation: Untrusted, turns: Sequence[Untrusted]) -> str:
    """Write a conversation as one HTML file that loads nothing."""
    title = _escape(_one_line(_text(conversation, "title")))
    parts = [f"<h1>{title}</h1>"]
    for turn, version in in_place(turns):
        parts.append(f"<h2>{_escape(harmless(_text(turn, 'question')))}</h2>")
        parts += [f'<p class="note">{_escape(text)}</p>' for text in _before(turn, version)]
        parts.append(f"<p>{_escape(harmless(_answer(turn)))}</p>")
        parts += [f'<p class="note">{_escape(text)}</p>' for text in _remarks(turn)]
        for source in sources_of(turn):
            parts.append(f"<p><b>{_escape(_head(source))}</b></p>")
            parts.append(f'<p class="quote">{_escape(_quoted(source))}</p>')
            parts.append(f'<p class="known">{_escape(_known(source))}</p>')
        for about, sides in _differences(turn):
            parts.append(f"<p>{_escape(about)}</p>")
            parts += [f'<p class="quote">{_escape(side)}</p>' for side in sides]
    return (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


_WRITERS: dict[str, Callable[[Untrusted, Sequence[Untrusted]], str]] = {
    "markdown": as_markdown,
    "html": as_html,
    "json": as_json,
}


def write(conversation: Untrusted, turns: Sequence[Untrusted], form: str) -> str:
    """Write a conversation in one of `FORMATS`.

    Raises:
        KeyError: If there is no such format.
    """
    return _WRITERS[form](conversation, turns)


def file_name(title: str, ending: str) -> str:
    """Give a name for the file of an export, which every file system takes."""
    plain = _UNSAFE_IN_NAME.sub(" ", _one_line(title)).replace("\ufffd", " ")
    name = " ".join(plain.split())[:_LONGEST_NAME].strip(" .")
    return (name or "conversation") + ending


def sources_of(turn: Untrusted) -> list[Json]:
    """Give the numbered sources of an answer: where each stands, its words, which version that was, and its date."""
    names = ("number", "path", "page", "part", "start", "end", "quote", "sha256", "indexed_at", "stale")
    return [{name: citation.get(name) for name in names} for citation in _rows(turn, "citations")]


def in_place(turns: Sequence[Untrusted]) -> list[tuple[Untrusted, str]]:
    """Give answers in the order of reading: those that took the place of another one stand right behind it.

    Returns:
        Each answer with what it is among several in one place, like `2 of 3`; empty where it is the only one.
    """
    places: dict[int, list[Untrusted]] = {}
    for at, turn in enumerate(turns):
        # Those that were kept without a number have a place of their own.
        places.setdefault(_number(turn, "instead_of") or _number(turn, "id") or -at - 1, []).append(turn)
    return [
        (turn, f"{at} of {len(versions)}" if len(versions) > 1 else "")
        for versions in places.values()
        for at, turn in enumerate(versions, start=1)
    ]


def harmless(text: str) -> str:
    """Give untrusted text without what turns its direction or cannot be shown; line ends and tabs stay."""
    return "".join(c if c in "\n\t" or not _is_odd(c) else "\ufffd" for c in text.replace("\r\n", "\n"))


def mark(text: str) -> str:
    """Write a text in Markdown so that every letter of it is shown as it is; each of its lines stays a line."""
    lines = [_marked(line) for line in harmless(text).split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    # A backslash at the end keeps the line's end. A line without words would end the paragraph: a space keeps it.
    return "\\\n".join(line if line.strip() else "\u00a0" for line in lines)


def _mark_line(text: str) -> str:
    return _marked(_one_line(text))


def _marked(line: str) -> str:
    words = line.strip(" \t")
    # Spaces before a line's words would make it code, or vanish.
    lead = "\u00a0" * len(line[: len(line) - len(line.lstrip(" \t"))].expandtabs(4)) if words else ""
    # Digits with a dot begin a list; the dot is escaped with all other marks, and so no line begins anything.
    return lead + _MARKED.sub(r"\\\1", words)


def _one_line(text: str) -> str:
    return " ".join(harmless(text).split())


def _is_odd(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in _TURNING


def _escape(text: str) -> str:
    return html.escape(text, quote=True)


def _before(turn: Untrusted, version: str) -> Iterator[str]:
    """Say when it was asked, of what, with which limits, and what was looked for where that is not the question."""
    collections = turn.get("collections")
    names = [c for c in collections if isinstance(c, str)] if isinstance(collections, list | tuple) else []
    if version:
        yield f"Answer {version} in this place"
    asked = [f"Asked {_text(turn, 'asked_at')}"] if _text(turn, "asked_at") else []
    where = [f"in {', '.join(names)}"] if names else []
    adapter = f" with {_text(turn, 'adapter')} × {turn.get('adapter_scale')}" if _text(turn, "adapter") else ""
    model = [f"answered by {_text(turn, 'model')}{adapter}"] if _text(turn, "model") else []
    if line := ", ".join(asked + where + model):
        yield _one_line(line)
    filters = turn.get("filters")
    words = filters.get("words") if isinstance(filters, Mapping) else None
    understood = _rows(filters, "understood") if isinstance(filters, Mapping) else []
    if understood:
        yield _one_line(f"Limited to: {', '.join(map(_limit, understood))}")
    if (sought := _text(turn, "searched_for")) and sought not in (words, _text(turn, "question")):
        yield _one_line(f"Understood as: {sought}")


def _limit(row: Untrusted) -> str:
    """Write a filter as the query language does."""
    return f"{'-' if row.get('negated') is True else ''}{_text(row, 'filter')}:{_text(row, 'value')}"


def _answer(turn: Untrusted) -> str:
    return "The documents do not answer this." if turn.get("refused") is True else _text(turn, "answer")


def _remarks(turn: Untrusted) -> Iterator[str]:
    """Say which sentences their sources do not carry, and what the user says the answer should have been."""
    for sentence in _rows(turn, "sentences") if turn.get("refused") is not True else []:
        if (verdict := _VERDICTS.get(_text(sentence, "verdict"))) is not None:
            yield _one_line(f"{verdict}: “{_text(sentence, 'text')}”")
    feedback = turn.get("feedback")
    if isinstance(feedback, Mapping) and (correction := _text(feedback, "correction")):
        yield _one_line(f"Corrected by hand: {correction}")


def _head(source: Json) -> str:
    """Name a source: its number, path and place, and whether it has changed since."""
    stale = " (changed since)" if source.get("stale") is True else ""
    where = ", ".join(part for part in (_text(source, "path"), _place(source)) if part)
    return _one_line(f"[{_number(source, 'number')}] {where}{stale}")


def _quoted(source: Untrusted) -> str:
    return _one_line(f"“{_text(source, 'quote')}”")


def _known(source: Untrusted) -> str:
    """Say which version of the file was read, and when."""
    known = (("SHA-256", _text(source, "sha256")), ("read", _text(source, "indexed_at")))
    return _one_line(", ".join(f"{word} {value}" for word, value in known if value))


def _differences(turn: Untrusted) -> Iterator[tuple[str, list[str]]]:
    for conflict in _rows(turn, "conflicts"):
        sides = []
        for side in _rows(conflict, "sides"):
            where = ", ".join(part for part in (_text(side, "path"), _place(side), _text(side, "date")) if part)
            known = _known(side)
            sides.append(f"{_one_line(where)}: {_quoted(side)}{f' ({known})' if known else ''}")
        yield _one_line(f"Your documents differ: {_text(conflict, 'about')}"), sides


def _place(row: Untrusted) -> str:
    return f"p. {page}" if (page := _number(row, "page")) else _text(row, "part")


def _text(row: Untrusted, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _number(row: Untrusted, name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _rows(row: Untrusted, name: str) -> list[Untrusted]:
    value = row.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []

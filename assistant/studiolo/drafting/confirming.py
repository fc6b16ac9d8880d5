"""Goes through drafted questions with a person: each is kept, edited or dropped, and the file says so at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from studiolo.console import place
from studiolo.desk import Json
from studiolo.drafting.draft_files import CONFIRMED, DraftFile

_CHOICES = {"k": "keep", "e": "edit", "d": "drop", "s": "skip", "q": "quit"}
_MENU = "[k]eep  [e]dit  [d]rop  [s]kip  [q]uit: "
_AROUND = 240


class AskPerson(Protocol):
    """Asks for one line at the terminal."""

    def __call__(self, prompt: str, *, proposed: str = "") -> str | None:
        """Give the line without its end, or None when there is no more; `proposed` can be edited in place."""


@dataclass(slots=True)
class Tally:
    """What a person decided."""

    confirmed: int = 0
    dropped: int = 0
    waiting: int = 0


def confirm(file: DraftFile, ask: AskPerson, say: Callable[[str], None]) -> Tally:
    """Show the rows that wait one after the other, until none is left or the person quits.

    Raises:
        AssistantError: As `DraftFile.replace`.
    """
    waiting = file.waiting()
    tally = Tally(waiting=len(waiting))
    for number, row in enumerate(waiting, start=1):
        say("\n".join(["", f"{number} of {len(waiting)}", *shown(row)]))
        choice = _choice(ask, say)
        if choice == "quit":
            break
        if choice == "skip":
            continue
        kept = _edited(row, ask) if choice == "edit" else row
        if kept is None:
            break
        file.replace(row, [] if choice == "drop" else [{**kept, "status": CONFIRMED}])
        tally.waiting -= 1
        tally.dropped += choice == "drop"
        tally.confirmed += choice != "drop"
    return tally


def shown(row: Json) -> Iterator[str]:
    """Write a row for a person: the question, the answer, and the passage with its place."""
    yield f"  Question: {row['question']}"
    yield f"  Answer:   {_line(row.get('answer'))}"
    sources = row.get("sources")
    for source in sources if isinstance(sources, list) else []:
        if isinstance(source, dict) and isinstance(source.get("path"), str):
            yield f"  {place({**source, 'part': None})}: {_marked(row.get('passage'), source.get('text'))}"


def _marked(passage: object, sentence: object) -> str:
    """Give a sentence in its passage, between marks, with some words around it."""
    if not isinstance(sentence, str):
        return ""
    if not isinstance(passage, str) or (at := passage.find(sentence)) < 0:
        return f"“{_line(sentence)}”"
    before, after = passage[:at], passage[at + len(sentence) :]
    start = "… " if len(before) > _AROUND else ""
    end = " …" if len(after) > _AROUND else ""
    return f"{start}{_line(before[-_AROUND:])} »{_line(sentence)}« {_line(after[:_AROUND])}{end}".replace(":  »", ": »")


def _line(text: object) -> str:
    return " ".join(text.split()) if isinstance(text, str) else ""


def _choice(ask: AskPerson, say: Callable[[str], None]) -> str:
    while (line := ask(_MENU)) is not None:
        word = line.strip().casefold()
        for letter, choice in _CHOICES.items():
            if word in (letter, choice):
                return choice
        say("Type k, e, d, s or q.")
    return "quit"


def _edited(row: Json, ask: AskPerson) -> Json | None:
    """Let a person change question and answer; an empty line leaves one as it is, an end of input gives None."""
    changed = dict(row)
    for field, prompt in (("question", "Question: "), ("answer", "Answer: ")):
        before = _line(row.get(field))
        typed = ask(prompt, proposed=before)
        if typed is None:
            return None
        line = typed.strip()
        if line and line != before:
            changed[field] = line
    return changed

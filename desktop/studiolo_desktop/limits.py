"""What a question is limited to besides collections, as the engine's filters say it, and in words; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from studiolo_desktop.words import document_of, file_name, number_of, one_line, rows_of, text_of

TYPES = (
    ("PDF", "pdf"), ("Word", "word"), ("Excel", "excel"), ("Slides", "slides"), ("Mail", "mail"),
    ("Web pages", "html"), ("Text", "text"), ("Source code", "code"), ("Data", "data"), ("Pictures", "image"),
    ("Scans", "scan"),
)  # fmt: skip
"""The kinds of files that are offered: in words, and as the engine's filter `type` names them."""

KINDS = ("type", "under", "from", "name", "after", "before")
_SAID = {
    ("type", False): "{values}", ("type", True): "not {values}",
    ("under", False): "in {values}", ("under", True): "not in {values}",
    ("from", False): "from {values}", ("from", True): "not from {values}",
    ("name", False): "named {values}", ("name", True): "not named {values}",
    ("after", False): "since {values}", ("before", False): "before {values}",
}  # fmt: skip
_OR = "{one} or {other}"
_LIMITED = "Limited to: {limits}"
_SHOWN_NAME = 48


@dataclass(frozen=True, slots=True)
class Limit:
    """One filter: of `KINDS`, its value as the engine takes it, and whether it is turned round."""

    kind: str
    value: str
    negated: bool = False

    def as_row(self) -> dict[str, object]:
        """Give it as the engine's document."""
        return {"filter": self.kind, "value": self.value, "negated": self.negated}


def limits_of(untrusted: Mapping[str, object], name: str = "understood") -> tuple[Limit, ...]:
    """Read the filters of a result that are listed under a name; what is none is left out."""
    read = (
        Limit(text_of(row, "filter"), text_of(row, "value"), row.get("negated") is True)
        for row in rows_of(untrusted, name)
    )
    return tuple(dict.fromkeys(limit for limit in read if (limit.kind, limit.negated) in _SAID and limit.value))


def with_limit(limits: Sequence[Limit], limit: Limit) -> tuple[Limit, ...]:
    """Add a limit; a date takes the place of the one before, of other kinds there may be several."""
    kept = [one for one in limits if not (limit.kind in ("after", "before") and one.kind == limit.kind)]
    return tuple(dict.fromkeys([*kept, limit]))


def grouped(limits: Iterable[Limit]) -> list[tuple[Limit, ...]]:
    """Put together what one chip says: of one kind one must hold, which is said in one go."""
    found: dict[tuple[str, bool], list[Limit]] = {}
    for limit in limits:
        found.setdefault((limit.kind, limit.negated), []).append(limit)
    order = {key: at for at, key in enumerate(_SAID)}
    return [tuple(found[key]) for key in sorted(found, key=lambda key: order[key])]


def in_words(group: Sequence[Limit]) -> str:
    """Say what limits of one kind let pass: `PDF or Word`, `in contracts`, `since 2025-06`."""
    kind, negated = group[0].kind, group[0].negated
    values = [_value_in_words(limit) for limit in group]
    if kind in ("after", "before"):  # all of them must hold: the narrowest does alone
        days = sorted(limit.value for limit in group)
        values = [_day_in_words(days[-1] if kind == "after" else days[0])]
    return _SAID[kind, negated].format(values=reduce(lambda one, other: _OR.format(one=one, other=other), values))


def all_in_words(limits: Iterable[Limit]) -> str:
    """Say in a sentence what a question is limited to; nothing where it is not."""
    said = [in_words(group) for group in grouped(limits)]
    return _LIMITED.format(limits="; ".join(said)) if said else ""


def _value_in_words(limit: Limit) -> str:
    value = one_line(limit.value)
    if limit.kind == "type":
        return next((words for words, name in TYPES if name == limit.value), value.upper())
    if limit.kind == "under" and (value.startswith(("/", "~", "\\")) or value[1:2] == ":"):
        value = file_name(limit.value)  # a path from the root is named by its folder, as everywhere in the window
    return one_line(value, limit=_SHOWN_NAME)


def _day_in_words(day: str) -> str:
    """Say a day of ISO 8601 as short as it may be written: `2025` is its first day, `2025-06` that month's."""
    return one_line(day.removesuffix("-01").removesuffix("-01") if day.endswith("-01") else day, limit=10)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked, and how: all that is needed to ask it again.

    Args:
        question: As the user wrote it.
        collections: Where it is looked for.
        limits: What stands beside it; filters in its words are not among them.
        seed: Above 0 the model words the answer otherwise.
        instead_of: The answer (its number) whose place this one takes; 0 for none.
    """

    question: str
    collections: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    seed: int = 0
    instead_of: int = 0


def wish_of(answer: Mapping[str, object]) -> Wish:
    """Read what was asked from an answer (an untrusted document) of the history."""
    names = answer.get("collections")
    return Wish(
        text_of(answer, "question"),
        tuple(name for name in names if isinstance(name, str)) if isinstance(names, list | tuple) else (),
        limits_of(document_of(answer, "filters"), "given"),
        number_of(answer, "seed"),
        number_of(answer, "instead_of"),
    )

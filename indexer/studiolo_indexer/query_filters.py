"""Reads the filters in a query: `type:pdf under:contracts/2024 from:albers after:2025-01 name:invoice`; pure.

A filter is a known word, a colon and a value without a space between them; `-` before it turns it round. Whatever else
holds a colon is words: `10:30`, `Re: offer`, `C:\\notes`. So is what stands in quotes, and a value that can be none
(`after:hours`, `type:string`): it stays among the words, and is told. A value that was surely meant and says nothing
(`after:2025-13`, `under:""`) is an error: without it everything would be searched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from studiolo_indexer.errors import FilterBad
from studiolo_indexer.file_kinds import kind_named

FilterKind = Literal["type", "under", "from", "name", "after", "before"]

_NAMES: dict[str, FilterKind] = {
    "type": "type", "typ": "type", "under": "under", "unter": "under", "from": "from", "von": "from", "name": "name",
    "after": "after", "nach": "after", "before": "before", "vor": "before",
}  # fmt: skip
_KINDS = frozenset(_NAMES.values())
_OTHER_SIDE: dict[Literal["after", "before"], FilterKind] = {"after": "before", "before": "after"}
_VALUE = r'"(?P<plain>[^"]*)"(?!\S)|“(?P<curly>[^“”]*)”(?!\S)|„(?P<low>[^„“”]*)[“”](?!\S)|(?P<bare>\S+)'
# A phrase comes as it is: what stands in quotes is looked for letter for letter.
_PIECE = re.compile(
    rf"(?<!\S)(?P<minus>-?)(?P<name>{'|'.join(_NAMES)}):(?:{_VALUE})"
    r"|(?<![^\s(])(?:\"[^\"]*\"|“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|»[^«»]*«)",
    re.IGNORECASE,
)
_DATES = (
    re.compile(r"(?P<year>\d{4})(?:[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2}))?)?"),
    re.compile(r"(?:(?P<day>\d{1,2})\.)?(?P<month>\d{1,2})\.(?P<year>\d{4})"),
)
# Digits with what parts a date: 2025-13, 1.2.25; not 10:30, 5pm.
_MEANT_AS_DATE = re.compile(r"(?=.*\d)[\d./-]{4,}")
_YEARS = range(1900, 3000)
_MOST_FILTERS = 100
_SHOWN_CHARS = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter; the value of `type` is in small letters, that of `after` and `before` a day in ISO 8601.

    `after` takes its day in, `before` ends at the beginning of it.
    """

    kind: FilterKind
    value: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ReadQuery:
    """A query taken apart: its words, the filters, and what looked like a filter and stayed among the words."""

    words: str
    filters: tuple[Filter, ...] = ()
    not_understood: tuple[str, ...] = ()


def read_filters(query: str) -> ReadQuery:
    """Take the filters out of a query; one without any keeps its words letter for letter.

    Raises:
        FilterBad: If a value was surely meant as a filter's, and says nothing.
    """
    found: list[Filter] = []
    kept: list[str] = []
    not_understood: list[str] = []
    at = 0
    for piece in _PIECE.finditer(query):
        if piece["name"] is None:
            continue
        read = list(_filters_of(piece))
        if read:
            found += read
            kept.append(query[at : piece.start()])
            at = piece.end()
        else:
            not_understood.append(piece[0])
    filters = tuple(dict.fromkeys(found))
    if len(filters) > _MOST_FILTERS:
        raise FilterBad(f"there are more than {_MOST_FILTERS} filters")
    rest = [text.strip() for text in (*kept, query[at:])]
    words = " ".join(text for text in rest if text) if filters else query
    return ReadQuery(words, filters, tuple(dict.fromkeys(not_understood)))


def made_filters(kind: str, value: str, *, negated: bool = False) -> list[Filter]:
    """Make the filters that `kind:value` is in a query, of parts: a value needs no quotes here, whatever is in it.

    Raises:
        FilterBad: If there is no such kind, or the value says nothing for it.
    """
    known = next((name for name in _KINDS if name == kind), None)
    made = _made(known, value.strip(), value, negated=negated) if known is not None else []
    if not made:
        raise FilterBad(f"{kind[:_SHOWN_CHARS]}:{value[:_SHOWN_CHARS]} is no filter")
    return made


def _filters_of(piece: re.Match[str]) -> list[Filter]:
    """Give what a piece means; nothing where it can be no filter."""
    kind = _NAMES[piece["name"].lower()]
    return _made(kind, _value_of(piece, kind), piece[0], negated=bool(piece["minus"]))


def _made(kind: FilterKind, value: str, written: str, *, negated: bool) -> list[Filter]:
    """Give what a value means for its kind; nothing where it can be no filter."""
    if kind == "type":
        kinds = [word.strip().casefold().removeprefix(".") for word in value.rstrip(".").split(",")]
        # Each of several is known, or all of it is words.
        return [Filter("type", word, negated) for word in kinds] if all(map(kind_named, kinds)) else []
    if kind in ("after", "before"):
        day = _first_day(value)
        return [] if day is None else [Filter(_OTHER_SIDE[kind] if negated else kind, day.isoformat())]
    if kind == "under" and value:
        value = _folder(value, written)
    return [Filter(kind, value, negated)] if value else []


def _value_of(piece: re.Match[str], kind: FilterKind) -> str:
    """Give a value without its quotes, or without the marks of the sentence around it.

    Raises:
        FilterBad: If its quotes are not closed, or hold nothing.
    """
    bare: str | None = piece["bare"]
    if bare is None:
        value = (piece["plain"] or piece["curly"] or piece["low"] or "").strip()
        if not value:
            raise FilterBad(f"{piece[0][:_SHOWN_CHARS]} names nothing")
        return value
    if bare[0] in '"“„':
        raise FilterBad(f"in {piece[0][:_SHOWN_CHARS]} the quotes are not closed")
    return bare.rstrip(",;" if kind == "name" else ",;?!")


def _first_day(value: str) -> date | None:
    """Give the first day of a year, a month or a day; None for a value that is no date at all.

    Raises:
        FilterBad: If it was meant as a date, and is none.
    """
    value = value.rstrip(".")
    for pattern in _DATES:
        if found := pattern.fullmatch(value):
            try:
                day = date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
            except ValueError:
                break
            if day.year in _YEARS:
                return day
    if _MEANT_AS_DATE.fullmatch(value):
        raise FilterBad(f"{value[:_SHOWN_CHARS]} is no date")
    return None


def _folder(value: str, written: str) -> str:
    """Give a folder without what says nothing: `./a//b/` is `a/b`."""
    value = value.replace("\\", "/")
    first = "/" if value.startswith("/") else ""
    parts = [part for part in value.split("/") if part not in ("", ".")]
    if ".." in parts or not (parts or first):
        raise FilterBad(f"{written[:_SHOWN_CHARS]} names no folder")
    return first + "/".join(parts)

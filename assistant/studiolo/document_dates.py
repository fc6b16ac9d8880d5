"""The date of a document, from its name, its title, its first words, or else from its file; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Literal

from studiolo.figures import MONTH, figures, iso_of

DateFrom = Literal["text", "name", "file"]

_HEAD = 600
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_. ]?(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[-_.](0?[1-9]|1[0-2])[-_.]((?:19|20)\d\d)(?!\d)")
_MONTH_OF = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.](0[1-9]|1[0-2])(?!\d)")
_NAMED_MONTH = re.compile(rf"(?<![^\W\d_])({MONTH})[\s_-]+((?:19|20)\d\d)(?!\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
# The words with which a document says how old it is itself.
_DATED = re.compile(
    r"\b(?:date[d]?|effective|valid|version|issued|updated|revised|revision|as of|in force|adopted|published|stand"
    r"|gültig|fassung|datum|vom|ausgabe|geändert)\b[^\n]{0,40}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DocumentDate:
    """A day, month or year in ISO 8601, and where it stands: the text, the file's name, or the file's time."""

    date: str
    source: DateFrom


def date_of_document(path_text: str, title: str, beginning: str, mtime_ns: int) -> DocumentDate:
    """Date a document: by its name, its title, what its first words say of it, or the time of its file.

    Args:
        path_text: The path of its file.
        title: Its title; may be empty.
        beginning: Its first words.
        mtime_ns: When its file was changed, in nanoseconds.
    """
    if found := date_in_name(PurePath(path_text).stem):
        return DocumentDate(found, "name")
    if found := date_in_name(title) or _date_in_text(beginning[:_HEAD]):
        return DocumentDate(found, "text")
    return DocumentDate(datetime.fromtimestamp(mtime_ns / 1e9, tz=UTC).date().isoformat(), "file")


def date_in_name(name: str) -> str:
    """Give the date in a name or title, as exact as it is there; of several years the last; empty if there is none."""
    if day := _DAY.search(name):
        return "-".join(day.groups())
    if day := _DAY_FIRST.search(name):
        return iso_of(day[3], int(day[2]), day[1]) or ""
    if month := _MONTH_OF.search(name):
        return "-".join(month.groups())
    if month := _NAMED_MONTH.search(name):
        return iso_of(month[2], month[1]) or ""
    return max(_YEAR.findall(name), default="")


def _date_in_text(text: str) -> str:
    """Give the first date that the text says of itself ("Effective 1 March 2024"); empty if it says none."""
    for figure in figures(text):
        known = isinstance(figure.value, str) and figure.kind in ("date", "year") and not figure.value.startswith("-")
        if known and _DATED.search(text[max(0, figure.start - 60) : figure.start]):
            return str(figure.value)
    return ""

"""Versions of one document by their names (`Report 2023 Q1`, `Report 2023 Q2`), and who asks for the newest; pure."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

_NEWEST = re.compile(
    r"\b(latest|newest|most recent(ly)?|current(ly)?|up[- ]to[- ]date|as of now|today'?s"
    r"|neueste[nrsm]?|aktuell(e[nrsm]?)?|letzte[nrsm]?|jüngste[nrsm]?"
    r"|derni[eè]re?s?|actuel(le)?s?|plus récente?s?|actual(es)?|más reciente|última?o?s?)\b",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\d+")
_APART = re.compile(r"[\W_]+")
_QUARTERS = {"first": "q1", "1st": "q1", "second": "q2", "2nd": "q2", "third": "q3", "3rd": "q3",
             "fourth": "q4", "4th": "q4", "erste": "q1", "zweite": "q2", "dritte": "q3", "vierte": "q4"}  # fmt: skip
_QUARTER = re.compile(rf"\b({'|'.join(_QUARTERS)})[nrsm]? (?:fiscal |calendar )?(?:quarter|quartal)", re.IGNORECASE)


def asks_for_newest(question: str) -> bool:
    """Tell whether a question is about what counts now: "the latest report", "aktueller Stand"."""
    return _NEWEST.search(question) is not None


def as_names_say(question: str) -> str:
    """Give a question with what names write in short: the third quarter is `Q3` there."""
    return " ".join([question, *(_QUARTERS[m.group(1).lower()] for m in _QUARTER.finditer(question))])


def ages(paths: Iterable[bytes]) -> dict[bytes, float]:
    """Order the versions of each document by the numbers in their names, years first.

    Returns:
        From 0 (the newest) to 1 (the oldest) for each path that has other versions among the paths.
    """
    families: dict[str, dict[bytes, tuple[int, ...]]] = {}
    for path in paths:
        stem = os.path.splitext(os.path.basename(path))[0].decode("utf-8", "replace").casefold()
        if numbers := [int(number) for number in _NUMBERS.findall(stem)]:
            family = _APART.sub(" ", _NUMBERS.sub("0", stem))
            years = [n for n in numbers if _is_year(n)]
            families.setdefault(family, {})[path] = (*years, *(n for n in numbers if not _is_year(n)))
    found: dict[bytes, float] = {}
    for versions in families.values():
        order = sorted(set(versions.values()), reverse=True)
        if len(order) > 1:
            found |= {path: order.index(key) / (len(order) - 1) for path, key in versions.items()}
    return found


def _is_year(number: int) -> bool:
    return 1900 <= number <= 2100

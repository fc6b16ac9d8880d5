"""Values of spreadsheet cells as people read them: 3 and not 3.0, 0.3 and not 0.30000000000000004, ISO dates; pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

ValueKind = Literal["plain", "date", "duration", "percent", "padded"]
CellValue = str | bool | int | float | datetime | date | time | timedelta

# What Excel knows by number: ECMA-376, 18.8.30.
_KNOWN: dict[int, ValueKind] = {
    **dict.fromkeys((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)), "date"),
    **dict.fromkeys((9, 10), "percent"),
    46: "duration",
}
_LAST_DAY = 2_958_465  # 9999-12-31
_FIRST_OF_MARCH_1900 = 60
_DAY_S = 86_400
_PERCENT_DECIMALS = 4
# Words in quotes, escaped characters, colours and conditions in brackets say nothing about the kind of a number.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DURATION = re.compile(r"\[[hms]+\]")
_DATE_LETTER = re.compile("[ymdhs]")
_ZEROS = re.compile("0{2,15}")
_LONGEST_FORMAT = 1000
_NO_FORMAT = ("general", "standard")


def kind_of_format(number: int, code: str = "") -> ValueKind:
    """Tell what a number format makes of a number; `code` is the format's own text where the file defines it."""
    if not code:
        return _KNOWN.get(number, "plain")
    first = _LITERAL.sub("", code[:_LONGEST_FORMAT].partition(";")[0]).strip().lower()
    if first in _NO_FORMAT:
        return "plain"
    if _DURATION.search(first):
        return "duration"
    if _DATE_LETTER.search(first):
        return "date"
    if "%" in first:
        return "percent"
    return "padded" if _ZEROS.fullmatch(first) else "plain"


def number_text(value: float) -> str:
    """Write a number with the 15 digits that a spreadsheet counts with; whole numbers without a point."""
    if not math.isfinite(value):
        return ""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"


def formatted(value: float, kind: ValueKind, *, digits: int = 0, since_1904: bool = False) -> str:
    """Write a number as its format would show it; `digits` is the width of a padded one. No number gives nothing."""
    if not math.isfinite(value):
        return ""
    if kind == "percent":
        return f"{number_text(round(value * 100, _PERCENT_DECIMALS))}%"
    if kind == "padded" and value >= 0 and value == int(value):
        return number_text(value).zfill(digits)
    if kind == "duration" and abs(value) <= _LAST_DAY:
        return duration_text(timedelta(seconds=round(value * _DAY_S)))
    if kind == "date":
        return _serial_text(value, since_1904=since_1904)
    return number_text(value)


def value_text(value: CellValue) -> str:
    """Write a value of any type that a cell may have."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    return ""


def moment_text(moment: datetime) -> str:
    """Write a moment: the day, and the time where it is not midnight."""
    if moment.microsecond >= 500_000 and moment.year < 9999:
        moment += timedelta(seconds=1)
    moment = moment.replace(microsecond=0)
    return moment.date().isoformat() if moment.time() == time() else f"{moment.date()} {_clock(moment.time())}"


def duration_text(duration: timedelta) -> str:
    """Write a duration as hours, minutes and, where there are any, seconds: 26:30."""
    seconds = round(abs(duration).total_seconds())
    text = f"{seconds // 3600}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
    return f"-{text}" if duration < timedelta() and seconds else text


def _clock(clock: time) -> str:
    return clock.strftime("%H:%M:%S") if clock.second else clock.strftime("%H:%M")


def _serial_text(value: float, *, since_1904: bool) -> str:
    """Write the day that a number counts; a number below one is a time of day."""
    if not 0 <= value <= _LAST_DAY:
        return number_text(value)
    seconds = round(value * _DAY_S)
    days, rest = divmod(seconds, _DAY_S)
    if days == 0:
        return _clock((datetime.min + timedelta(seconds=rest)).time())
    if since_1904:
        start = datetime(1904, 1, 1)
    else:
        # Excel counts a 29th of February 1900, which never was.
        start = datetime(1899, 12, 30) if days >= _FIRST_OF_MARCH_1900 else datetime(1899, 12, 31)
    try:
        return moment_text(start + timedelta(days=days, seconds=rest))
    except OverflowError:
        return number_text(value)


_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (  # Any: each takes the type beside it
    (str, str),
    (datetime, moment_text),
    (date, date.isoformat),
    (time, _clock),
    (timedelta, duration_text),
    (float, number_text),
    (int, number_text),
)

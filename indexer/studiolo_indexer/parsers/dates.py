"""Dates as documents write them, in ISO 8601; pure."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

_LONGEST = 60
_DAY = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?=\D|$)")
_CLOCK = re.compile(r"[T ](\d{2}):?(\d{2})(?::?(\d{2}))?(?:\.\d{1,9})?[ ]?(Z|[+-]\d{2}:?\d{2})?$")
_MONTH = re.compile(r"\d{4}(?:-\d{2})?$")


def iso_date(text: str) -> str:
    """Give a date (ISO 8601, or as in mails) in ISO 8601, with its time where it has one; empty if it is none."""
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST:
        return ""
    if _MONTH.match(text):
        return text
    day = _DAY.match(text)
    if day is None:
        return _mail_date(text)
    try:
        found = date(int(day[1]), int(day[2]), int(day[3])).isoformat()
    except ValueError:
        return ""
    clock = _CLOCK.match(text, day.end())
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59:
        return found
    return f"{found}T{clock[1]}:{clock[2]}:{clock[3] or '00'}{clock[4] or ''}"


def _mail_date(text: str) -> str:
    try:
        read: datetime | None = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    return read.isoformat() if read is not None else ""

"""Who sent a mail, and when: read from the beginning of its text in the catalogue, where its parser wrote them.

A mail's text begins with its subject, if it has one, and an empty line; `From: `, `To: ` and `Date: ` stand in the
lines below, up to the next empty line. So nothing else need be kept of them, and they go with the mail's text.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from studiolo_indexer.sqlite_among import among

_HEAD_CHARS = 2500
# A list of hundreds of receivers stands before the date.
_MOST_CHUNKS = 15
_HEADERS = ("From: ", "To: ", "Cc: ", "Bcc: ", "Date: ")
_FIRST = f"SELECT document, part, substr(words, slice_at + 1, {_HEAD_CHARS}) FROM chunks WHERE ordinal = 0 AND document"
_ALL = f"""
SELECT part, substr(words, slice_at + 1, stop - start), start, stop FROM chunks
WHERE document = ? AND ordinal < {_MOST_CHUNKS} ORDER BY ordinal
"""
_S = 1_000_000_000
_MONTHS = {name: at for at, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1)}
_USUAL_DATE = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? ([+-])(\d\d)(\d\d)\b"
)


@dataclass(frozen=True, slots=True)
class MailHead:
    """The sender and the date of a mail as they stand in its text; empty where it names none."""

    sender: str
    date: str

    def sent_ns(self, zone: tzinfo | None, *, otherwise: int) -> int:
        """Give when the mail was sent, in nanoseconds since 1970.

        Args:
            zone: Where a date without a zone was written; None for the machine's.
            otherwise: What holds where the mail does not say it.
        """
        try:
            sent = _usual_date(self.date) or _other_date(self.date)
            return int((sent if sent.tzinfo else sent.replace(tzinfo=zone)).timestamp()) * _S
        except (ValueError, TypeError, IndexError, OverflowError):
            return otherwise


NO_HEAD = MailHead("", "")
"""That of a mail without any text."""


def mail_heads(db: sqlite3.Connection, documents: Iterable[int], *, with_dates: bool) -> Iterator[tuple[int, MailHead]]:
    """Read the heads of mails, given by their numbers; (number, head) in no order.

    Args:
        db: The catalogue's connection.
        documents: Numbers of documents that are mails; one without text is passed over.
        with_dates: Whether the date is needed: it may stand behind a long list of receivers.
    """
    for number, part, text in among(db, _FIRST, documents):
        head = head_of(part, text)
        if with_dates and not head.date:
            head = _whole_head(db, number)
        yield number, head


def head_of(subject: str, text: str) -> MailHead:
    """Read the head of a mail from the beginning of its text."""
    if subject and text.startswith(subject):
        text = text[len(subject) :].lstrip("\n")
    elif not text.startswith(_HEADERS):
        text = text.partition("\n\n")[2]
    sender = date = ""
    for line in text.partition("\n\n")[0].split("\n"):
        if not sender and line.startswith("From: "):
            sender = line[6:]
        elif not date and line.startswith("Date: "):
            date = line[6:]
    return MailHead(sender, date)


def _whole_head(db: sqlite3.Connection, number: int) -> MailHead:
    """Read a head that goes on in the next chunks."""
    subject, whole, end = "", "", 0
    for part, text, start, stop in db.execute(_ALL, (number,)).fetchall():
        subject = subject or part
        # What lies between two chunks is white space; one letter of it ends a line at most, or parts two names.
        whole += ("" if not whole else "\n\n" if start - end > 1 else "\n") + text
        end = stop
    return head_of(subject, whole)


def _usual_date(text: str) -> datetime | None:
    """Read a date as nearly all mails write it; ten times as fast as what reads any."""
    found = _USUAL_DATE.match(text)
    if found is None or found[2] not in _MONTHS:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    off = timedelta(hours=int(hours), minutes=int(minutes))
    zone = timezone(-off if sign == "-" else off) if off else UTC
    return datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), min(59, int(second or 0)), tzinfo=zone)


def _other_date(text: str) -> datetime:
    return datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)

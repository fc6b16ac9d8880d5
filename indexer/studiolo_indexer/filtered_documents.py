"""Which documents pass the filters of a query: by their kind, folder, name and date, and by a mail's sender.

Only numbers of documents leave this module for a store; what the user wrote meets no SQL. A folder and a kind are
judged once each, not for every file. A mailbox (mbox) is one document of many senders and dates: `from:` leaves it out,
which is counted, and its date is that of the file, as for all but single mails.
"""

from __future__ import annotations

import fnmatch
import os
import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Generic, Literal, TypeVar

from studiolo_indexer.file_kinds import is_mailbox, is_single_mail, kind_named
from studiolo_indexer.mail_heads import NO_HEAD, MailHead, mail_heads
from studiolo_indexer.query_filters import Filter, FilterKind
from studiolo_indexer.sqlite_among import among
from studiolo_indexer.word_splitting import folded

K = TypeVar("K")
V = TypeVar("V")
Test = Callable[[str], bool]
Outcome = Literal["passes", "fails", "mail", "mailbox"]

_S = 1_000_000_000
_LONG_AGO_NS = -(2**63)
_SEP = os.fsencode(os.sep)
_WILD = re.compile(r"[*?]")


@dataclass(frozen=True, slots=True)
class Passing:
    """Numbers of the documents that pass, in no order; and how many mailboxes `from:` left out unseen."""

    numbers: tuple[int, ...]
    mailboxes_left_out: int = 0


def passing(
    db: sqlite3.Connection,
    within: tuple[str, Sequence[object]],
    filters: Sequence[Filter],
    *,
    with_unread: bool = False,
    zone: tzinfo | None = None,
) -> Passing:
    """Find the documents that pass: each kind of filter must hold, of several of a kind one, of the negated ones none.

    Args:
        db: The catalogue's connection.
        within: A condition on `f` (files) and `d` (folders), of constants and "?", and what its marks stand for.
        filters: What must hold.
        with_unread: Whether files without text count too; a mail that was not read may be anybody's.
        zone: In which a day begins; None for the machine's.
    """
    judge = _Judge(filters, zone)
    where, values = within
    # What is not asked for is not read: all columns of 30,000 rows take 38 ms, numbers and paths alone 18.
    columns = ", ".join(("f.number", "f.path", *judge.columns, *(["f.generation > 0"] if with_unread else [])))
    text = "" if with_unread else " AND f.generation > 0"
    rows = db.execute(f"SELECT {columns} FROM files f JOIN folders d USING (folder_id) WHERE {where}{text}", values)
    found: list[int] = []
    mails: dict[int, int] = {}
    mailboxes = 0
    for row in rows:
        outcome = judge(row)
        if outcome == "passes":
            found.append(row[0])
        elif outcome == "mail":
            if not with_unread or row[-1]:
                mails[row[0]] = judge.time_of(row)
            elif judge.is_in_time(judge.time_of(row)):
                found.append(row[0])
        elif outcome == "mailbox":
            mailboxes += 1
    heads = dict(mail_heads(db, mails, with_dates=judge.wants_time))
    found += [number for number, mtime_ns in mails.items() if judge.mail(heads.get(number, NO_HEAD), mtime_ns)]
    return Passing(tuple(found), mailboxes)


def newest_chunks(
    db: sqlite3.Connection, numbers: Sequence[int], limit: int, *, zone: tzinfo | None = None
) -> list[int]:
    """Give the first chunk of each of the newest documents, by a mail's own date or the file's time; newest first."""
    times: dict[int, int] = {}
    mails: list[int] = []
    for number, path, mtime_ns in among(db, "SELECT number, path, mtime_ns FROM files WHERE number", numbers):
        times[number] = mtime_ns
        if is_single_mail(_suffix(path)):
            mails.append(number)
    for number, head in mail_heads(db, mails, with_dates=True):
        times[number] = head.sent_ns(zone, otherwise=times[number])
    newest = sorted(times, key=lambda number: (-times[number], number))
    found: list[int] = []
    for at in range(0, len(newest), limit):  # a document may be empty
        some = newest[at : at + limit]
        first = dict(among(db, "SELECT document, chunk FROM chunks WHERE ordinal = 0 AND document", some))
        found += [first[number] for number in some if number in first]
        if len(found) >= limit:
            break
    return found[:limit]


class _Once(dict[K, V], Generic[K, V]):
    """Asks once for each key."""

    def __init__(self, ask: Callable[[K], V]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, key: K) -> V:
        value = self[key] = self._ask(key)
        return value


@dataclass(frozen=True, slots=True)
class _Tests:
    """The tests of one kind of filter: one of the wanted ones must hold, if there are any, and no unwanted one."""

    wanted: tuple[Test, ...]
    unwanted: tuple[Test, ...]

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)

    def __call__(self, text: str) -> bool:
        for holds in self.unwanted:
            if holds(text):
                return False
        for holds in self.wanted:  # no `any`: this is asked for each file
            if holds(text):
                return True
        return not self.wanted


class _Judge:
    """Judges files one by one against the filters of a query; a folder, and an ending with its type, once each.

    A row is the number, the path, and `columns`, which are not more than the filters need.
    """

    def __init__(self, filters: Sequence[Filter], zone: tzinfo | None) -> None:
        self._filters, self._zone = filters, zone
        self._under = self._tests("under", _under)
        self._names = self._tests("name", _named)
        self._senders = self._tests("from", _sent_by)
        self._has_types = any(f.kind == "type" for f in filters)
        self._since_ns = max((_begins_ns(day, zone) for day in self._values("after")), default=_LONG_AGO_NS)
        self._until_ns = min((_begins_ns(day, zone) for day in self._values("before")), default=-_LONG_AGO_NS)
        self.wants_time = any(f.kind in ("after", "before") for f in filters)
        self._reads_mails = bool(self._senders) or self.wants_time
        self._folders = _Once(self._is_under)
        self._kinds = _Once(self._is_kind)
        of_types = ("f.media_type", "f.ocr_pages > 0") if self._has_types else ()
        self.columns = (*of_types, *(("f.mtime_ns",) if self.wants_time else ()))
        self._time_at = 2 + len(of_types)

    def __call__(self, row: tuple[Any, ...]) -> Outcome:  # Any: a row as sqlite3 gives it
        """Judge a row by all but what stands in a mail."""
        folder, _, name = row[1].rpartition(_SEP)
        if self._under and not self._folders[folder]:
            return "fails"
        if self._names and not self._names(folded(_text(name))):
            return "fails"
        stem, _, suffix = name.rpartition(b".")
        if self._has_types and not self._kinds[suffix if stem else b"", row[2], row[3]]:
            return "fails"
        return self._in_time_or_mail(row, suffix) if self._reads_mails else "passes"

    def _in_time_or_mail(self, row: tuple[Any, ...], suffix: bytes) -> Outcome:  # Any: as above
        ending = suffix.decode("ascii", "replace").lower()
        if is_single_mail(ending):
            return "mail"
        if self.wants_time and not self._since_ns <= row[self._time_at] < self._until_ns:
            return "fails"
        if not self._senders.wanted:
            return "passes"
        return "mailbox" if is_mailbox(ending) else "fails"

    def time_of(self, row: tuple[Any, ...]) -> int:  # Any: as above
        """Give the time of a row's file; 0 where no time is asked for."""
        return int(row[self._time_at]) if self.wants_time else 0

    def is_in_time(self, time_ns: int) -> bool:
        """Judge a time."""
        return not self.wants_time or self._since_ns <= time_ns < self._until_ns

    def mail(self, head: MailHead, mtime_ns: int) -> bool:
        """Judge a mail by its sender, and by its own date or, if it has none, by its file's."""
        if self._senders and not self._senders(folded(head.sender)):
            return False
        return not self.wants_time or self.is_in_time(head.sent_ns(self._zone, otherwise=mtime_ns))

    def _is_under(self, folder: bytes) -> bool:
        return self._under(folded(_text(folder).replace(os.sep, "/")) + "/")

    def _is_kind(self, key: tuple[bytes, str | None, int]) -> bool:
        suffix, media_type, recognised = _text(key[0]).lower(), key[1], bool(key[2])

        def is_one_of(words: list[str]) -> bool:
            kinds = [kind for word in words if (kind := kind_named(word)) is not None]
            return any(kind.holds(suffix, media_type, is_recognised=recognised) for kind in kinds)

        wanted = self._values("type")
        return (not wanted or is_one_of(wanted)) and not is_one_of(self._values("type", negated=True))

    def _values(self, kind: FilterKind, *, negated: bool = False) -> list[str]:
        return [f.value for f in self._filters if f.kind == kind and f.negated == negated]

    def _tests(self, kind: FilterKind, test: Callable[[str], Test]) -> _Tests:
        return _Tests(
            tuple(test(value) for value in self._values(kind)),
            tuple(test(value) for value in self._values(kind, negated=True)),
        )


def _under(folder: str) -> Test:
    """Test for a path of a folder: from the root, or whole names in a row anywhere."""
    path = os.path.expanduser(folder) if folder.startswith("~") else folder
    wanted = folded(path.replace(os.sep, "/").rstrip("/")) + "/"
    if path.startswith("/") or path[1:2] == ":":
        return lambda text: text.startswith(wanted)
    return lambda text: f"/{wanted}" in f"/{text}"


def _named(name: str) -> Test:
    """Test for a name that holds this; with `*` or `?`, for one that is this."""
    wanted = folded(name)
    if _WILD.search(wanted):
        pattern = re.compile(fnmatch.translate(wanted.replace("[", "[[]")))
        return lambda text: pattern.match(text) is not None
    return lambda text: wanted in text


def _sent_by(name: str) -> Test:
    """Test for a sender whose name or address holds all these words whole, in any order."""
    patterns = [re.compile(_whole(word)) for word in folded(name).split()]
    return lambda text: all(pattern.search(text) for pattern in patterns)


def _whole(word: str) -> str:
    before = r"(?<![\w])" if word[0].isalnum() else ""
    # An address ends where it ends: anna@example.org is not anna@example.org.uk.
    after = (r"(?![\w-]|\.\w)" if "@" in word else r"(?!\w)") if word[-1].isalnum() else ""
    return before + re.escape(word) + after


def _begins_ns(day: str, zone: tzinfo | None) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=zone).timestamp()) * _S


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _suffix(path: bytes) -> str:
    return _text(os.path.splitext(path)[1][1:]).lower()

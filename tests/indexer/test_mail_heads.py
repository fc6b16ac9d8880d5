"""Sender and date are read as the mail's parser wrote them, however the mail begins, and never from its body."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

import pytest
from world import World

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.mail_heads import MailHead, head_of, mail_heads

BODY = "\nHello.\n\nFrom: Mallory <m@evil.org>\nDate: Tue, 1 Jan 2030 00:00:00 +0000\n"
Read = Callable[..., MailHead]


@pytest.fixture
def read(world: World) -> Iterator[Read]:
    """Write a mail, index it, and read its head from the catalogue."""

    def work(*headers: str, with_dates: bool = True) -> MailHead:
        world.write("a.eml", "\n".join(headers) + "\n" + BODY)
        world.sync()
        with closing(Catalogue.reader(world.catalogue_path)) as catalogue:
            (row,) = catalogue.files()
            number = catalogue.chunks.number_of(row.doc_id)
            ((found, head),) = mail_heads(catalogue._db, [number, 999], with_dates=with_dates)
        assert found == number
        return head

    yield work


FROM, DATE = "From: Anna Albers <anna@example.org>", "Date: Mon, 3 Feb 2025 23:30:00 -0500"
WANTED = MailHead("Anna Albers <anna@example.org>", "Mon, 3 Feb 2025 23:30:00 -0500")


def test_the_sender_and_the_date_are_those_of_the_headers(read: Read) -> None:
    assert read("Subject: Lease", FROM, "To: joe@x.org", DATE) == WANTED


def test_a_mail_without_a_subject_is_read(read: Read) -> None:
    assert read(DATE, FROM) == WANTED


def test_a_subject_that_looks_like_a_header_is_none(read: Read) -> None:
    assert read("Subject: From: Mallory", FROM, DATE) == WANTED


def test_what_the_body_says_is_no_header(read: Read) -> None:
    assert read("Subject: Lease", "To: joe@x.org") == MailHead("", "")
    assert read("Subject: Lease", FROM) == MailHead(WANTED.sender, "")


def test_a_date_behind_hundreds_of_receivers_is_found_where_it_is_wanted(read: Read) -> None:
    many = ", ".join(f"person{n}@example.org" for n in range(300))
    headers = ("Subject: Lease", FROM, f"To: {many}", f"Cc: {many}", DATE)
    assert read(*headers) == WANTED
    assert read(*headers, with_dates=False).sender == WANTED.sender


def test_a_long_subject_hides_no_sender(read: Read) -> None:
    assert read(f"Subject: {'very long ' * 150}", FROM, DATE) == WANTED


def test_a_head_is_read_from_text_alone() -> None:
    assert head_of("S", "S\n\nTo: a\nFrom: b\nDate: c\n\nFrom: d") == MailHead("b", "c")
    assert head_of("", "Shortened subject\n\nFrom: b") == MailHead("b", "")
    assert head_of("", "") == MailHead("", "")


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Mon, 3 Feb 2025 23:30:00 -0500", datetime(2025, 2, 4, 4, 30, tzinfo=UTC)),
        ("3 Feb 2025 23:30 +0000", datetime(2025, 2, 3, 23, 30, tzinfo=UTC)),
        ("Mon, 03 Feb 2025 10:00:00 GMT", datetime(2025, 2, 3, 10, tzinfo=UTC)),
        ("2026-05-20T10:30:00+02:00", datetime(2026, 5, 20, 8, 30, tzinfo=UTC)),
        ("2026-05-20T10:30:00", datetime(2026, 5, 20, 9, 30, tzinfo=UTC)),
        ("Mon, 3 Feb 2025 23:59:60 +0000", datetime(2025, 2, 3, 23, 59, 59, tzinfo=UTC)),
        ("Fri, 31 Dec 1965 10:00:00 +0000", datetime(1965, 12, 31, 10, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_mails_write_them(text: str, sent: datetime) -> None:
    zone = timezone(timedelta(hours=1))
    assert MailHead("", text).sent_ns(zone, otherwise=7) == int(sent.timestamp()) * 10**9


@pytest.mark.parametrize("text", ["", "soon", "Mon, 99 Feb 2025 10:00:00 +0000", "2025-99-01", "Mon, 3 Xyz 2025"])
def test_where_there_is_no_date_the_other_one_holds(text: str) -> None:
    assert MailHead("", text).sent_ns(UTC, otherwise=7) == 7

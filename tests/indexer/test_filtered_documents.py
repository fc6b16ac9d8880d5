"""Documents pass the filters of a query, or do not; collections stay walls."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path

import pytest
from world import World

from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.filtered_documents import newest_chunks, passing
from studiolo_indexer.query_filters import read_filters

MAIL = "From: {sender}\nTo: joe@x.org\nSubject: Lease\n{date}\nThe lease ends.\n"
BOX = "From a@b Mon Feb  3 2025\nFrom: Anna <anna@example.org>\nSubject: One\n\nHello.\n"
Pass = Callable[..., list[str]]


def write(world: World, name: str, text: str, *, at: str) -> Path:
    path = world.write(name, text)
    time = datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
    os.utime(path, (time, time))
    return path


@pytest.fixture
def filled(world: World) -> World:
    for name, at in (
        ("contracts/2024/Rechnung März.txt", "2024-12-31T23:30"),
        ("contracts/2024/lease.md", "2025-01-01T00:00"),
        ("contracts/2023/invoice_7.txt", "2023-05-05"),
        ("My Contracts/20245/code.py", "2025-06-30"),
    ):
        write(world, name, "The lease ends.", at=at)
    write(world, "mail/anna.eml", MAIL.format(sender="Anna Albers <anna@example.org>", date=""), at="2022-01-01")
    dated = MAIL.format(sender="Jürgen Müller <jm@example.org.uk>", date="Date: Mon, 3 Feb 2025 23:30:00 -0500\n")
    write(world, "mail/jm.eml", dated, at="2020-01-01")
    write(world, "mail/joanna.eml", MAIL.format(sender="Joanna <ja@anna.net>", date=""), at="2021-01-01")
    write(world, "mail/box.mbox", BOX, at="2025-03-01")
    write(world, "mail/broken.eml", "BROKEN", at="2022-01-01")
    world.sync()
    return world


@pytest.fixture
def names(filled: World) -> Iterator[Pass]:
    """Give the names of the files that pass the filters of a query, in alphabetical order."""
    with closing(Catalogue.reader(filled.catalogue_path)) as catalogue:
        numbers = {catalogue.chunks.number_of(row.doc_id): Path(row.path_text).name for row in catalogue.files()}

        def work(query: str, zone: tzinfo = UTC, with_unread: bool = False, collection: str = "documents") -> list[str]:
            read = read_filters(query)
            assert read.words == ""
            within = ("d.collection = ?", [collection])
            found = passing(catalogue._db, within, read.filters, zone=zone, with_unread=with_unread)
            assert len(set(found.numbers)) == len(found.numbers)
            return sorted(numbers[number] for number in found.numbers)

        yield work


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("type:md", "lease.md"),
        ("type:mail", "anna.eml box.mbox jm.eml joanna.eml"),
        ("type:md type:code", "code.py lease.md"),
        ("type:text -type:md", "Rechnung März.txt invoice_7.txt"),
        ("under:2024", "Rechnung März.txt lease.md"),
        ("under:CONTRACTS/2024", "Rechnung März.txt lease.md"),
        ("under:contracts -under:2023", "Rechnung März.txt lease.md"),
        ('under:2023 under:"my contracts"', "code.py invoice_7.txt"),
        ("under:nowhere", ""),
        ("name:rechnung", "Rechnung März.txt"),
        ("name:marz", "Rechnung März.txt"),
        ("name:*.TXT -name:März", "invoice_7.txt"),
        ("name:inv?ice*", "invoice_7.txt"),
        ("name:[a-z]*", ""),
        ("type:txt name:lease", ""),
    ],
)
def test_names_folders_and_kinds(names: Pass, query: str, expected: str) -> None:
    assert " ".join(names(query)) == expected


def test_a_folder_can_be_named_from_the_root(names: Pass, filled: World) -> None:
    assert names(f'under:"{filled.root / "mail"}"') == ["anna.eml", "box.mbox", "jm.eml", "joanna.eml"]
    assert names("under:/mail") == []
    assert len(names("under:/")) == 8


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("from:albers", "anna.eml"),
        ("from:Anna", "anna.eml joanna.eml"),  # anna.net is a whole word of the other's address
        ('from:"albers anna"', "anna.eml"),
        ("from:anna@example.org", "anna.eml"),
        ("from:jm@example.org", ""),
        ("from:muller", "jm.eml"),
        ("from:jürgen from:joanna", "jm.eml joanna.eml"),
        ("from:nobody", ""),
        ("from:anna -from:albers", "joanna.eml"),
        ("type:mail -from:anna", "box.mbox jm.eml"),
        ("type:md from:anna", ""),
    ],
)
def test_senders(names: Pass, query: str, expected: str) -> None:
    assert " ".join(names(query)) == expected


def test_a_mailbox_has_no_one_sender_and_is_counted(filled: World) -> None:
    with closing(Catalogue.reader(filled.catalogue_path)) as catalogue:
        within = ("d.collection = ?", ["documents"])
        assert passing(catalogue._db, within, read_filters("from:anna").filters).mailboxes_left_out == 1
        assert passing(catalogue._db, within, read_filters("from:anna type:eml").filters).mailboxes_left_out == 0
        assert passing(catalogue._db, within, read_filters("-from:anna").filters).mailboxes_left_out == 0


def test_days_begin_where_the_reader_is(names: Pass) -> None:
    """`after` takes its day in, `before` ends where it begins; a mail's own date counts, not its file's."""
    assert names("after:2025") == ["box.mbox", "code.py", "jm.eml", "lease.md"]
    assert names("after:2025 type:text", timezone(timedelta(hours=1))) == ["Rechnung März.txt", "lease.md"]
    assert names("after:2025 type:text", timezone(-timedelta(hours=1))) == []
    assert names("after:2025-02-04 before:2025-02-05") == ["jm.eml"]
    assert names("after:2025-02-03 before:2025-02-04", timezone(-timedelta(hours=5))) == ["jm.eml"]
    assert names("before:2021-01-02") == ["joanna.eml"]
    assert names("before:2025-06-30 after:2025-03") == ["box.mbox"]
    assert names("after:2023 after:2025-06-30") == ["code.py"]
    assert names("after:2025 before:2024") == []


def test_a_file_that_was_not_read_passes_where_it_may_be_meant(names: Pass) -> None:
    assert names("from:albers", with_unread=True) == ["anna.eml", "broken.eml"]
    assert names("type:eml before:2022-02 -from:joanna", with_unread=True) == ["anna.eml", "broken.eml"]
    assert names("after:2023 type:eml", with_unread=True) == ["jm.eml"]
    assert "broken.eml" not in names("type:eml")


def test_another_collection_is_never_read(filled: World, names: Pass) -> None:
    assert names("-type:epub", collection="other") == []
    assert names("under:mail", collection="other") == []


def test_the_newest_come_first_by_a_mails_own_date(filled: World) -> None:
    with closing(Catalogue.reader(filled.catalogue_path)) as catalogue:
        numbers = [catalogue.chunks.number_of(row.doc_id) for row in catalogue.files()]
        chunks = newest_chunks(catalogue._db, numbers, 3, zone=UTC)
        rows = catalogue.chunks.current(chunks)
        assert [Path(os.fsdecode(rows[c].path)).name for c in chunks] == ["code.py", "box.mbox", "jm.eml"]
        assert {rows[c].ordinal for c in chunks} == {0}
        assert len(newest_chunks(catalogue._db, numbers, 100)) == 8  # the broken one has no beginning

"""The ledger as it is looked at: what passes the filters, in a chosen order, a slice at a time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer import ledger_rows
from studiolo_indexer.catalogue import Catalogue
from studiolo_indexer.ledger_rows import CodeCount, LedgerOrder, LedgerQuery, name_key, path_words, words_of
from studiolo_indexer.records import FileProblem, FileStamp, IndexedRow

ORDERS: tuple[LedgerOrder, ...] = ("path", "name", "size", "indexed_at")
FILES = (
    # path, size, code (none: it is indexed)
    ("/docs/hr/Vertrag Müller.pdf", 300, ""),
    ("/docs/hr/2024/invoice 10.pdf", 200, "file.password"),
    ("/docs/hr/2024/invoice 9.pdf", 200, "file.password"),
    ("/docs/hr/2024/invoice 9.docx", 100, "file.damaged"),
    ("/docs/law/100%_sure.txt", 50, ""),
    ("/docs/law/a'b\"c;--.txt", 40, "file.damaged"),
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    made = Catalogue(tmp_path / "catalogue.sqlite")
    fill(made)
    yield made
    made.close()


def fill(catalogue: Catalogue) -> None:
    folders = {name: catalogue.add_folder(f"/docs/{name}".encode(), name).folder_id for name in ("hr", "law")}
    for path, size, code in FILES:
        stamp = FileStamp(size, 1, 1)
        doc_id = catalogue.add_pending(folders[path.split("/")[2]], os.fsencode(path), stamp)
        if code:
            reason = f"Something is {code.removeprefix('file.')}."
            catalogue.set_problem(doc_id, "failed", FileProblem(code, reason), stamp)
        else:
            catalogue.set_indexed(
                IndexedRow(doc_id, stamp, "ab" * 32, "text/plain", "plain", 2, 2, 1, 0, (), 0.1, 1, "e1")
            )


def names(catalogue: Catalogue, query: LedgerQuery | None = None, **wanted: object) -> list[str]:
    asked = query or LedgerQuery(**wanted)  # type: ignore[arg-type]  # the tests' own words
    return [Path(row.path_text).name for row in catalogue.ledger.rows(asked)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", 6),
        ("invoice", 3),
        ("INVOICE 2024 .pdf", 2),
        ("pdf invoice", 2),
        ("9.pdf", 1),
        ("muller", 1),
        ("MÜLLER", 1),
        ("Mu\u0308ller", 1),
        ("/docs/law", 2),
        ('"invoice 9"', 2),
        ('"hr/Vertrag m', 1),
        ("100%_", 1),
        ("%", 1),
        ("_", 1),
        ("*", 0),
        ("?", 0),
        ("a'b\"c;--", 1),
        ("' OR 1=1 --", 0),
        ('""', 6),
        ("\0", 0),
        ("\udcff", 0),
        ("x" * 10_000, 0),
    ],
)
def test_a_path_passes_that_holds_every_word_and_no_sign_is_more_than_a_letter(
    catalogue: Catalogue, words: str, found: int
) -> None:
    assert catalogue.ledger.count(LedgerQuery(words=words)) == found


@given(words=st.text(st.characters(exclude_categories=()), max_size=40))
def test_any_text_is_looked_for_and_none_is_an_error(words: str) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        for word in words_of(words):
            held = db.execute("SELECT instr(?, ?) > 0", (path_words(f"/a/{word}b".encode("utf-8", "replace")), word))
            assert held.fetchone()[0] in (0, 1)


def test_a_name_with_bytes_that_are_no_utf_8_is_found_by_what_is_shown_and_by_itself(catalogue: Catalogue) -> None:
    folder = catalogue.folders()[0]
    catalogue.add_pending(folder.folder_id, b"/docs/hr/caf\xe9.txt", FileStamp(1, 1, 1))
    assert len(names(catalogue, words="caf\ufffd")) == 1
    assert len(names(catalogue, words="caf\udce9.txt")) == 1


def test_files_are_ordered_by_name_as_people_count(catalogue: Catalogue) -> None:
    ordered = ["100%_sure.txt", "a'b\"c;--.txt", "invoice 9.docx", "invoice 9.pdf", "invoice 10.pdf"]
    assert names(catalogue, order="name")[:5] == ordered
    assert names(catalogue, order="name", descending=True)[1:] == ordered[::-1]


def test_files_are_ordered_by_size_and_the_equal_ones_as_they_were_found(catalogue: Catalogue) -> None:
    assert names(catalogue, order="size") == [Path(path).name for path, _, _ in (FILES[i] for i in (5, 4, 3, 1, 2, 0))]
    assert names(catalogue, order="size", descending=True) == names(catalogue, order="size")[::-1]


def test_the_newest_stand_first_and_what_was_never_indexed_last(catalogue: Catalogue) -> None:
    newest = names(catalogue, order="indexed_at", descending=True)
    assert set(newest[:2]) == {"Vertrag Müller.pdf", "100%_sure.txt"}
    times = [row.indexed_at or "" for row in catalogue.ledger.rows(LedgerQuery(order="indexed_at"))]
    assert times == sorted(times)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("descending", [False, True])
def test_slices_join_to_the_whole_in_every_order(catalogue: Catalogue, order: LedgerOrder, descending: bool) -> None:
    query = LedgerQuery(order=order, descending=descending)
    whole = names(catalogue, query)
    joined = [
        Path(row.path_text).name for at in range(0, 6, 2) for row in catalogue.ledger.rows(query, offset=at, limit=2)
    ]
    assert joined == whole
    assert sorted(whole) == sorted(Path(path).name for path, _, _ in FILES)
    assert catalogue.ledger.rows(query, offset=50, limit=2) == []


def test_filters_hold_together(catalogue: Catalogue) -> None:
    assert names(catalogue, state="failed", collection="hr", code="file.password", words="10") == ["invoice 10.pdf"]
    assert names(catalogue, collection="law", state="indexed") == ["100%_sure.txt"]
    assert names(catalogue, collection="") == []
    assert names(catalogue, code="file.unknown") == []


def test_the_codes_among_the_rows_are_counted_with_a_reason(catalogue: Catalogue) -> None:
    everything = [
        CodeCount("file.damaged", "Something is damaged.", 2),
        CodeCount("file.password", "Something is password.", 2),
    ]
    assert catalogue.ledger.codes(LedgerQuery()) == everything
    assert catalogue.ledger.codes(LedgerQuery(code="file.password")) == everything
    assert [(c.code, c.files) for c in catalogue.ledger.codes(LedgerQuery(words="docx"))] == [("file.damaged", 1)]
    assert catalogue.ledger.codes(LedgerQuery(state="indexed")) == []


def test_each_folder_is_counted_by_itself(catalogue: Catalogue) -> None:
    counts = catalogue.ledger.counts_by_folder()
    assert [(c.on_disk, c.indexed, c.failed) for c in counts.values()] == [(4, 1, 3), (2, 1, 1)]


def test_what_changes_is_seen_by_the_next_slice_of_another_connection(catalogue: Catalogue, tmp_path: Path) -> None:
    with closing(Catalogue.reader(tmp_path / "catalogue.sqlite")) as reader:
        query = LedgerQuery(words="invoice", order="name")
        assert reader.ledger.count(query) == 3
        row = reader.ledger.rows(query, limit=1)[0]
        catalogue.set_path(row.doc_id, row.folder_id, b"/docs/hr/renamed.docx", FileStamp(1, 1, 1))
        assert reader.ledger.count(query) == 2
        assert names(reader, words="renamed") == ["renamed.docx"]
        catalogue.remove_files([row.doc_id])
        assert reader.ledger.count(replace(query, words="renamed")) == 0


def test_every_step_is_answered_from_an_index_alone(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes 100,000 rows quick: benchmarks/ledger.py."""
    monkeypatch.setattr(ledger_rows, "_FEW", 0)
    seen: list[str] = []
    catalogue._db.set_trace_callback(seen.append)
    for order in ORDERS:
        catalogue.ledger.rows(LedgerQuery("failed", "hr", "file.password", "invoice 9", order), limit=5)
        catalogue.ledger.rows(LedgerQuery(order=order, descending=True), limit=5)
    catalogue._db.set_trace_callback(None)
    steps = [s for s in seen if s.startswith("SELECT rowid")]
    assert len(steps) == 9  # what passes is asked once
    for statement in steps:
        plan = " ".join(row[3] for row in catalogue._db.execute(f"EXPLAIN QUERY PLAN {statement}"))
        assert "TEMP B-TREE" not in plan
        assert "COVERING INDEX" in plan


@pytest.mark.parametrize("few", [0, 4000])
def test_many_rows_are_ordered_as_few_are(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(ledger_rows, "_FEW", few)
    catalogue.add_pending(catalogue.folders()[0].folder_id, b"/docs/hr/zz.txt", FileStamp(0, 1, 1))
    for order in ORDERS:
        for descending in (False, True):
            everything = names(catalogue, LedgerQuery(order=order, descending=descending))
            # All paths hold a slash: a filter that leaves out none.
            filtered = LedgerQuery(words="/docs/", order=order, descending=descending)
            assert names(catalogue, filtered) == everything
            assert [r.path for r in catalogue.ledger.rows(filtered, offset=2, limit=3)] == [
                r.path
                for r in catalogue.ledger.rows(LedgerQuery(order=order, descending=descending), offset=2, limit=3)
            ]


def test_an_index_of_the_former_layout_can_be_filtered_and_ordered_at_once(tmp_path: Path) -> None:
    """R21."""
    path = tmp_path / "old.sqlite"
    with closing(Catalogue(path)) as made:
        fill(made)
    with closing(sqlite3.connect(path)) as db, db:
        for what in ("name", "size", "time", "words"):
            db.execute(f"DROP INDEX files_by_{what}")
        for column in ("name_key", "path_words"):
            db.execute(f"ALTER TABLE files DROP COLUMN {column}")
        db.execute("PRAGMA user_version = 5")
    with closing(Catalogue.reader(path)) as opened:
        assert names(opened, words="muller") == ["Vertrag Müller.pdf"]
        assert names(opened, order="name")[2:4] == ["invoice 9.docx", "invoice 9.pdf"]


def test_the_key_of_a_name_leaves_its_folder_out() -> None:
    assert name_key("/zzz/Ä 7.txt".encode()) == "a 000000000007.txt"
    assert name_key(b"/a/" + b"1" * 40) == "1" * 40

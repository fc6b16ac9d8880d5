"""What a pass counts is in its report, under the same names."""

from __future__ import annotations

from dataclasses import fields

from studiolo_indexer.records import LedgerCounts
from studiolo_indexer.tally import Tally


def test_every_count_is_in_the_report() -> None:
    tally = Tally()
    for number, field in enumerate(fields(tally), start=1):
        setattr(tally, field.name, number)
    report = tally.report(LedgerCounts(indexed=5), total_s=99.0)
    assert [getattr(report, field.name) for field in fields(tally)] == list(range(1, len(fields(tally)) + 1))
    assert (report.files.on_disk, report.total_s) == (5, 99.0)

"""The records that flow through the indexer hold what they promise."""

from __future__ import annotations

import dataclasses
import inspect

import pytest

from studiolo_indexer import records
from studiolo_indexer.records import Chunk, FileStamp, LedgerCounts, Passage


def test_every_record_is_frozen_and_slotted() -> None:
    kinds = [k for _, k in inspect.getmembers(records, inspect.isclass) if dataclasses.is_dataclass(k)]
    assert len(kinds) > 10
    for kind in kinds:
        assert kind.__dataclass_params__.frozen, kind  # type: ignore[attr-defined]  # what dataclass() leaves there
        assert "__slots__" in vars(kind), kind


def test_a_passage_that_goes_on_to_other_pages_knows_where_each_place_lies() -> None:
    passage = Passage(
        "c", "d", "documents", b"/a", "/a", "3", "page", 3, 100, 300, "", "", 1.0, 1.0, (), "", "",
        page_breaks=((4, 150), (6, 250)),
    )  # fmt: skip
    assert [passage.page_at(place) for place in (100, 149, 150, 249, 250, 299)] == [3, 3, 4, 4, 6, 6]


def test_on_disk_is_always_the_sum_of_the_states() -> None:
    """R12."""
    assert LedgerCounts(indexed=1, skipped=2, failed=3, pending=4).on_disk == 10


def test_a_stamp_s_trust_is_no_part_of_its_state() -> None:
    assert FileStamp(1, 2, 3, settled=True).same_state(FileStamp(1, 2, 3, settled=False))
    assert not FileStamp(1, 2, 3).same_state(FileStamp(1, 2, 4))


@pytest.mark.parametrize(("context", "expected"), [("", "slice"), ("Title > Heading", "Title > Heading\nslice")])
def test_what_is_embedded_is_the_slice_under_its_context(context: str, expected: str) -> None:
    assert Chunk(0, 0, 5, "slice", context, "", "section", None).embedded_text == expected

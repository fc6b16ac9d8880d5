"""What a question is limited to is said in words, and read from whatever the engine sends."""

from __future__ import annotations

import pytest
from scripted_window import Json

from studiolo_desktop.limits import Limit, Wish, all_in_words, grouped, in_words, limits_of, wish_of, with_limit


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ([Limit("type", "pdf")], "PDF"),
        ([Limit("type", "pdf"), Limit("type", "word"), Limit("type", "odt")], "PDF or Word or ODT"),
        ([Limit("type", "mail", True)], "not Mail"),
        ([Limit("under", "contracts/2024")], "in contracts/2024"),
        ([Limit("under", "/srv/docs/My Folder")], "in My Folder"),
        ([Limit("under", "C:/Docs/2024")], "in 2024"),
        ([Limit("after", "2025-01-01")], "since 2025"),
        ([Limit("after", "2025-06-01")], "since 2025-06"),
        ([Limit("after", "2025-06-15"), Limit("after", "2024-01-01")], "since 2025-06-15"),
        ([Limit("before", "2025-06-15"), Limit("before", "2024-01-01")], "before 2024"),
        ([Limit("from", "albers", True)], "not from albers"),
        ([Limit("name", "inv*.pdf")], "named inv*.pdf"),
    ],
)
def test_each_kind_of_limit_has_its_words(limits: list[Limit], words: str) -> None:
    assert in_words(limits) == words


def test_a_sentence_names_all_of_them_in_one_order() -> None:
    limits = [Limit("after", "2025-01-01"), Limit("type", "pdf"), Limit("under", "a"), Limit("type", "word")]
    assert all_in_words(limits) == "Limited to: PDF or Word; in a; since 2025"
    assert all_in_words([]) == ""
    assert [len(group) for group in grouped(limits)] == [2, 1, 1]


def test_a_date_takes_the_place_of_the_one_before_and_the_same_limit_counts_once() -> None:
    limits = with_limit([Limit("after", "2024-01-01"), Limit("type", "pdf")], Limit("after", "2025-01-01"))
    assert limits == (Limit("type", "pdf"), Limit("after", "2025-01-01"))
    assert with_limit(limits, Limit("type", "pdf")) == limits


def test_a_value_from_outside_stays_one_line_of_text() -> None:
    words = in_words([Limit("under", "a\n<b>\u202eb\ud800")])
    assert words == "in a <b>\ufffdb\ufffd"
    assert len(in_words([Limit("name", "x" * 500)])) < 80


@pytest.mark.parametrize(
    "row", [{}, {"filter": "rm", "value": "x"}, {"filter": "type", "value": ""}, {"filter": ["type"], "value": 3}]
)
def test_what_is_no_filter_is_left_out(row: Json) -> None:
    assert limits_of({"understood": [row, {"filter": "type", "value": "pdf"}]}) == (Limit("type", "pdf"),)
    assert limits_of({"understood": "no list"}) == ()


def test_what_was_asked_is_read_from_an_answer_and_written_for_the_engine() -> None:
    rows = [{"filter": "type", "value": "pdf", "negated": True}]
    answer = {
        "question": "How?", "collections": ["hr", 3], "filters": {"given": rows}, "seed": 2, "instead_of": 7,
    }  # fmt: skip
    assert wish_of(answer) == Wish("How?", ("hr",), (Limit("type", "pdf", True),), 2, 7)
    assert [limit.as_row() for limit in wish_of(answer).limits] == rows
    assert wish_of({}) == Wish("")

"""Filters are taken out of a query; what is none stays a word, and what was meant and says nothing is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.errors import FilterBad
from studiolo_indexer.query_filters import Filter, ReadQuery, made_filters, read_filters


def only(query: str) -> Filter:
    """Read a query that is one filter."""
    read = read_filters(query)
    assert (read.words, read.not_understood) == ("", ())
    (found,) = read.filters
    return found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type:pdf", Filter("type", "pdf")),
        ("Typ:.PDF", Filter("type", "pdf")),
        ("-type:mail", Filter("type", "mail", True)),
        ("under:contracts/2024", Filter("under", "contracts/2024")),
        ('under:"My Folder"', Filter("under", "My Folder")),
        ("unter:„Meine Akten“", Filter("under", "Meine Akten")),
        ("-under:./a//b/", Filter("under", "a/b", True)),
        ("under:/srv/docs/", Filter("under", "/srv/docs")),
        ("under:C:\\Docs\\2024", Filter("under", "C:/Docs/2024")),
        ("FROM:anna@example.org", Filter("from", "anna@example.org")),
        ("von:“Anna Albers”", Filter("from", "Anna Albers")),
        ("name:invoice*.pdf", Filter("name", "invoice*.pdf")),
        ("after:2025", Filter("after", "2025-01-01")),
        ("after:2025-01", Filter("after", "2025-01-01")),
        ("nach:31.12.2024", Filter("after", "2024-12-31")),
        ("vor:2025-6-30", Filter("before", "2025-06-30")),
        ("before:06.2025", Filter("before", "2025-06-01")),
        ('before:"2025-06-30"', Filter("before", "2025-06-30")),
        ("-after:2025-01", Filter("before", "2025-01-01")),
        ("-before:2025-01", Filter("after", "2025-01-01")),
    ],
)
def test_a_filter_is_understood(query: str, found: Filter) -> None:
    assert only(query) == found


def test_the_words_go_on_without_the_filters() -> None:
    read = read_filters("When does\nthe lease type:pdf end, under:contracts?  from:Albers, today")
    assert read.words == "When does\nthe lease end, today"
    assert read.filters == (Filter("type", "pdf"), Filter("under", "contracts"), Filter("from", "Albers"))


def test_several_are_kept_and_the_same_one_once() -> None:
    read = read_filters("type:pdf,docx x type:DOCX -type:eml after:2024 before:2025")
    assert [(f.kind, f.value, f.negated) for f in read.filters] == [
        ("type", "pdf", False),
        ("type", "docx", False),
        ("type", "eml", True),
        ("after", "2024-01-01", False),
        ("before", "2025-01-01", False),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "at 10:30",
        "http://x.org/type:pdf",
        "C:\\path\\to",
        "Re: offer",
        "From: Anna  To: Bob",
        "name: x",
        "(type:pdf)",
        "subtype:pdf",
        "--type:pdf",
        "type:",
        "under:",
        '"see type:pdf and after:2025-13"',
        "„type:pdf“ «under:a»",
        'a "phrase" that is not closed "',
    ],
)
def test_what_is_no_filter_stays_letter_for_letter(query: str) -> None:
    assert read_filters(query) == ReadQuery(query)


@pytest.mark.parametrize(
    "said", ["after:hours", "before:noon", "after:5pm", "nach:10:30", "type:string", "type:pdf,string", "after:"]
)
def test_a_value_that_can_be_none_stays_a_word_and_is_told(said: str) -> None:
    read = read_filters(f"note: see {said} type:pdf")
    assert read.words == f"note: see {said}"
    assert read.filters == (Filter("type", "pdf"),)
    assert read.not_understood == ((said,) if not said.endswith(":") else ())


@pytest.mark.parametrize(
    "query",
    [
        *("after:2025-13", "before:2025-02-30", "after:12/31/2024", "after:1.2.25", "after:0001", "after:20250101"),
        *('under:""', "from:“ ”", 'under:"My', "under:..", "under:a/../b", "under:.", 'x type:"pdf'),
    ],
)
def test_a_value_that_was_meant_and_says_nothing_is_an_error(query: str) -> None:
    with pytest.raises(FilterBad):
        read_filters(query)


def test_a_flood_of_filters_is_refused() -> None:
    with pytest.raises(FilterBad, match="more than 100"):
        read_filters(" ".join(f"name:{n}" for n in range(101)))


@given(
    st.lists(st.sampled_from(["type:pdf", "-under:a", "lease", "10:30", '"b c"', "after:x", "—", "from:é"]), max_size=8)
)
def test_no_word_is_lost_and_no_filter_stays(pieces: list[str]) -> None:
    read = read_filters(" ".join(pieces))
    filters = {"type:pdf", "-under:a", "from:é"}
    assert read.words.split() == " ".join(p for p in pieces if p not in filters).split()
    assert len(read.filters) == len(filters & set(pieces))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = read_filters(text)
    except FilterBad:
        return
    assert read.filters or read.words == text


@pytest.mark.parametrize(
    ("kind", "value", "made"),
    [
        ("type", "PDF,docx", [Filter("type", "pdf"), Filter("type", "docx")]),
        ("under", '/srv/my "papers"/', [Filter("under", '/srv/my "papers"')]),
        ("after", "2025-06", [Filter("after", "2025-06-01")]),
        ("name", "a: b", [Filter("name", "a: b")]),
    ],
)
def test_a_filter_of_parts_is_what_it_is_in_a_query(kind: str, value: str, made: list[Filter]) -> None:
    assert made_filters(kind, value) == made


def test_a_filter_of_parts_can_be_turned_round() -> None:
    assert made_filters("under", "a", negated=True) == [Filter("under", "a", True)]
    assert made_filters("after", "2025", negated=True) == [Filter("before", "2025-01-01")]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("type", "nonsense"), ("typ", "pdf"), ("", ""), ("after", "soon"), ("after", "2025-13"), ("under", ".."),
     ("under", " "), ("name", ""), ("x" * 9999, "y" * 9999)],
)  # fmt: skip
def test_parts_that_are_no_filter_are_refused(kind: str, value: str) -> None:
    with pytest.raises(FilterBad) as caught:
        made_filters(kind, value)
    assert len(str(caught.value)) < 400


@given(kind=st.sampled_from(["type", "under", "from", "name", "after", "before"]), value=st.text(max_size=40))
def test_any_value_is_a_filter_or_refused(kind: str, value: str) -> None:
    try:
        made = made_filters(kind, value)
    except FilterBad:
        return
    assert all(f.kind == kind and f.value for f in made)

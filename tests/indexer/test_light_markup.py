"""reStructuredText and AsciiDoc: each character in its place, titles and tables found."""

from __future__ import annotations

import pytest
from damaged_files import assert_read_or_refused, damaged
from effort import assert_grows_linearly
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.parsers.markup.light_markup import parse_asciidoc, parse_rst
from studiolo_indexer.records import Document

RST = """.. a comment
   of two lines

=====
Title
=====

:Author: Ada Lovelace
:Date: 2024-01-02

Intro
-----

.. note:: Careful.

Sub
~~~

=====  =====
Name   Price
=====  =====
Basic  10
=====  =====

+------+-------+
| Name | Price |
+======+=======+
| Plus | 20    |
+------+-------+

Second
------
Words.

----

.. _label:
"""
ADOC = """= Title
:author: Ada
:revdate: 2024-01-02

// not printed
////
nor this
////

== Section

image::pictures/duck.png[A duck, width=200]

.Prices
|===
|Name |Price
|Basic |10
|===

[cols="2*"]
|===
|Name
|Price

|Plus
|20
|===

----
== no title
// code
----

=== Deeper
"""


def headings_of(document: Document) -> list[tuple[int, str]]:
    return [(h.level, document.text[h.start : h.end]) for h in document.headings]


def tables_of(document: Document) -> list[tuple[str, str]]:
    return [(document.text[t.start : t.header_end], document.text[t.header_end : t.end]) for t in document.tables]


def test_titles_of_rst_have_the_levels_in_which_their_marks_come() -> None:
    document = parse_rst(RST.encode(), "a.rst")
    assert headings_of(document) == [(1, "Title"), (2, "Intro"), (3, "Sub"), (2, "Second")]
    assert document.title == "Title"
    assert document.properties == (("author", "Ada Lovelace"), ("created", "2024-01-02"))


def test_comments_of_rst_become_spaces_and_directives_stay() -> None:
    text = parse_rst(RST.encode(), "a.rst").text
    assert len(text) == len(RST)
    assert "comment" not in text
    assert "two lines" not in text
    assert ".. note:: Careful." in text
    assert ".. _label:" in text


def test_drawn_tables_have_headers() -> None:
    assert tables_of(parse_rst(RST.encode(), "a.rst")) == [
        ("Name   Price", "\n=====  =====\nBasic  10\n=====  ====="),
        ("| Name | Price |", "\n+======+=======+\n| Plus | 20    |\n+------+-------+"),
    ]


def test_titles_of_asciidoc_are_found_outside_code() -> None:
    document = parse_asciidoc(ADOC.encode(), "a.adoc")
    assert headings_of(document) == [(1, "Title"), (2, "Section"), (3, "Deeper")]
    assert document.properties == (("author", "Ada"), ("created", "2024-01-02"))


def test_comments_and_files_of_pictures_become_spaces() -> None:
    text = parse_asciidoc(ADOC.encode(), "a.adoc").text
    assert len(text) == len(ADOC)
    for left_out in ("not printed", "nor this", "duck.png", "width"):
        assert left_out not in text
    assert text.index("A duck") == ADOC.index("A duck")
    assert "// code" in text


def test_tables_of_asciidoc_have_headers() -> None:
    assert tables_of(parse_asciidoc(ADOC.encode(), "a.adoc")) == [
        ("|Name |Price", "\n|Basic |10"),
        ("|Name\n|Price", "\n\n|Plus\n|20"),
    ]


@pytest.mark.parametrize(
    "piece", ["..\n", "=", "=\n", "a\n=\n", "|===\n", "----\n", "image::", "[", "+---+\n", ":a: b\n", "////\n"]
)
def test_time_grows_with_the_text_alone(piece: str) -> None:
    assert_grows_linearly(lambda n: parse_rst((piece * n).encode(), "a.rst"), size=48_000)
    assert_grows_linearly(lambda n: parse_asciidoc((piece * n).encode(), "a.adoc"), size=48_000)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_damaged_file_is_read_or_refused(seed: int) -> None:
    assert_read_or_refused(parse_rst, damaged(RST.encode(), seed), "a.rst")
    assert_read_or_refused(parse_asciidoc, damaged(ADOC.encode(), seed), "a.adoc")

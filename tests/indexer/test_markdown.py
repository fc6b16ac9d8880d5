"""Markdown: each character in its place; headings, tables and front matter found."""

from __future__ import annotations

import pytest
from damaged_files import assert_read_or_refused, damaged
from effort import assert_grows_linearly
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.parsers.markup.markdown import front_matter_end, markdown_headings, parse_markdown

FRONT = """---
title: "Leave policy"
authors: [Ada, Bob]
date: 2024-05-01
tags:
  - hr
---

# Leave

| Plan | Price |
|------|------:|
| Basic | 10 |

<!-- hidden --> <b class="x">Ten</b> days.
"""


def test_headings_are_found_outside_code_and_hold_the_words_alone() -> None:
    text = "# One #\n\n```\n# not one\n```\n\nTwo\n---\n\n- item\n---\n\n####### seven\n\n## Three\n\n# C#\n"
    assert [(h.level, text[h.start : h.end]) for h in markdown_headings(text)] == [
        (1, "One"), (2, "Two"), (2, "Three"), (1, "C#"),
    ]  # fmt: skip


def test_a_fence_ends_with_its_own_mark_alone() -> None:
    text = "````\n```\n# code\n```python\n````\n# Title\n~~~\n# code\n"
    assert [text[h.start : h.end] for h in markdown_headings(text)] == ["Title"]


def test_markdown_keeps_the_file_s_own_characters() -> None:
    text = "# Leave\n\n*Ten* days [rule](x.md), press <q> or <Ctrl c>, see <https://a.b>.\n\n| a | b |\n"
    document = parse_markdown(text.encode(), "a.md")
    assert document.text == text
    assert [p.label for p in document.parts] == ["Leave"]
    assert document.tables == ()


def test_front_matter_names_title_author_and_date_and_makes_no_heading() -> None:
    document = parse_markdown(FRONT.encode(), "a.md")
    assert document.title == "Leave policy"
    assert document.properties == (("author", "Ada, Bob"), ("created", "2024-05-01"))
    assert [document.text[h.start : h.end] for h in document.headings] == ["Leave"]
    assert document.text.startswith("---\ntitle:")


@pytest.mark.parametrize("text", ["---\nno end\n", "----\na: b\n----\n", "text\n---\na: b\n---\n", "---"])
def test_a_rule_is_no_front_matter(text: str) -> None:
    assert front_matter_end(text) == 0


def test_toml_front_matter_is_read_too() -> None:
    assert parse_markdown(b'+++\ntitle = "T"\n+++\nx', "a.md").title == "T"


def test_a_table_s_header_names_its_columns() -> None:
    document = parse_markdown(FRONT.encode(), "a.md")
    [table] = document.tables
    assert document.text[table.start : table.header_end] == "| Plan | Price |"
    assert document.text[table.header_end : table.end] == "\n|------|------:|\n| Basic | 10 |"


def test_html_leaves_its_words_in_their_places() -> None:
    document = parse_markdown(FRONT.encode(), "a.md")
    assert len(document.text) == len(FRONT)
    assert "hidden" not in document.text
    assert "<b" not in document.text
    assert document.text.index("Ten") == FRONT.index("Ten")


@pytest.mark.parametrize(
    "piece", ["<!--", "<table><tr><td>", "| a |\n|---|\n", "```\n", "<h1>", "`", "[](", "<script>\n", "# x\n"]
)
def test_time_grows_with_the_text_alone(piece: str) -> None:
    assert_grows_linearly(lambda n: parse_markdown((piece * n).encode(), "a.md"), size=32_000)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_damaged_file_is_read_or_refused(seed: int) -> None:
    assert_read_or_refused(parse_markdown, damaged(FRONT.encode(), seed), "a.md")

"""HTML within Markdown becomes spaces; what it says stays where it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.parsers.markup.markdown_html import Fence, without_html


def masked(text: str) -> str:
    made = without_html(text)
    assert len(made.text) == len(text)
    return made.text


def test_rows_of_a_table_become_lines_with_named_columns() -> None:
    rows = "<tr><th>Plan</th>\n<th>Price</th></tr>\n<tr><td>Basic</td><td>10</td></tr>"
    text = f"Before.\n\n<table>\n{rows}\n</table>\n\nAfter."
    made = without_html(text)
    assert [" ".join(line.split()) for line in made.text.split("\n") if line.strip()] == [
        "Before.", "Plan | Price", "Basic | 10", "After.",
    ]  # fmt: skip
    [table] = made.tables
    assert " ".join(made.text[table.start : table.header_end].split()) == "Plan | Price"
    assert made.text[table.end - 2 : table.end] == "10"


def test_a_table_on_one_line_gets_its_rows_back() -> None:
    text = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    assert [" ".join(line.split()) for line in masked(text).split("\n") if line.strip()] == ["a | b", "c | d"]


def test_headings_of_html_are_headings() -> None:
    text = '<h1 align="center">\n  Studiolo</h1>\n\n<p>x</p>\n<h2>Two <b>bold</b></h2>\n'
    made = without_html(text)
    assert [(h.level, " ".join(made.text[h.start : h.end].split())) for h in made.headings] == [
        (1, "Studiolo"),
        (2, "Two bold"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a <!-- b --> c", "a c"),
        ("a <!-- b\n\nc --> d", "a d"),
        ("a <!-- b", "a <!-- b"),
        ("`<!-- code -->` a", "`<!-- code -->` a"),
        ("```\n<b x=y>\n<!-- c -->\n```", "```\n<b x=y>\n<!-- c -->\n```"),
        ("<script>\nlet a;\n</script>\nb", "b"),
        ("a<br>b <a href='x'>c</a>", "a b c"),
        ("press <q>, <Enter> or <p>", "press <q>, <Enter> or <p>"),
        ("<div>\na\n</div>\n\n<unknown>b</unknown>", "a <unknown>b</unknown>"),
        ("a < b and c > d", "a < b and c > d"),
        ("<details><summary>a</summary>b</details>", "a b"),
    ],
)
def test_tags_and_comments_become_spaces(text: str, words: str) -> None:
    assert masked(text).split() == words.split()


def test_a_fence_knows_its_lines() -> None:
    fence = Fence()
    lines = ["a", "```py", "# b", "~~~", "```", "c", "``` `x` ```"]
    assert [fence.holds(line) for line in lines] == [False, True, True, True, True, False, False]


@given(st.text(alphabet="<>/!-abtrdhp123= \n`~\"'", max_size=200))
def test_every_character_keeps_its_place(text: str) -> None:
    for before, after in zip(text, masked(text), strict=True):
        assert after in (before, " ", "\n", "|")

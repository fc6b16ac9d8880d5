"""What styles say about the text, and how lists are counted."""

from __future__ import annotations

from lxml import etree
from odf_files import content

from studiolo_indexer.parsers.opendocument.odf_styles import Counter, ListLevel, Styles

STYLES = """
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
<style:style style:name="H9" style:family="paragraph" style:list-style-name=""/>
<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="T2" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="ta1" style:family="table"><style:table-properties table:display="false"/></style:style>
<style:style style:name="A" style:family="paragraph" style:parent-style-name="A"/>
<text:list-style style:name="L1">
  <text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
  <text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>
  <text:list-level-style-bullet text:level="3"/>
</text:list-style>
<text:outline-style style:name="O">
  <text:outline-level-style text:level="1" style:num-format="1"/>
  <text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>
  <text:outline-level-style text:level="3" style:num-format=""/>
</text:outline-style>
"""


def styles() -> Styles:
    return Styles([etree.fromstring(content("text", "", STYLES))])


def test_styles_say_what_is_a_title_hidden_or_raised() -> None:
    found = styles()
    assert [found.is_title(name) for name in ("P1", "Title", "A", "missing")] == [True, True, False, False]
    assert found.is_unnumbered("H9")
    assert (found.hidden_text, found.raised_text, found.hidden_tables) == ({"T1"}, {"T2"}, {"ta1"})


def test_items_are_counted_by_level() -> None:
    counter = Counter(styles().lists["L1"])
    assert [counter.label(depth) for depth in (1, 2, 2, 3, 1, 2)] == ["1.", "(a)", "(b)", "-", "2.", "(a)"]
    counter.restart()
    assert [counter.label(1), counter.label(1, start=7), counter.label(9)] == ["1.", "7.", "-"]


def test_headings_show_the_numbers_above_them() -> None:
    counter = Counter(styles().outline)
    assert [counter.label(level) for level in (1, 2, 2, 3, 1, 2)] == ["1", "1.1", "1.2", "", "2", "2.1"]


def test_absurd_levels_make_short_labels() -> None:
    level = ListLevel("upperRoman", "", ".", 10**9, 10**8, is_bullet=False)
    assert len(Counter({1: level}).label(1)) < 20

"""Words are marked letter by letter, and those of one line share a box."""

from __future__ import annotations

from studiolo_indexer.highlighting import join_boxes, letters_with_places
from studiolo_indexer.records import HighlightBox


def test_only_letters_count_where_a_quote_is_looked_for() -> None:
    assert letters_with_places("A-b İ", range(5)) == ("abi̇", [0, 2, 4, 4])


def test_words_of_a_line_share_a_box_and_those_of_another_or_of_another_column_do_not() -> None:
    line = [HighlightBox(0, 0, 30, 10), HighlightBox(35, 1, 20, 10)]
    assert join_boxes(line) == [HighlightBox(0, 0, 55, 11)]
    assert len(join_boxes([*line, HighlightBox(0, 12, 30, 10)])) == 2
    assert len(join_boxes([*line, HighlightBox(90, 0, 30, 10)])) == 2
    assert join_boxes([]) == []

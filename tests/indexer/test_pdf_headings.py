"""Headings come from the outline, else from how lines are set."""

from __future__ import annotations

from collections.abc import Sequence

from studiolo_indexer.parsers.pdf.page_columns import is_wordy
from studiolo_indexer.parsers.pdf.pdf_headings import Bookmark, SetLine, find_headings, set_lines, title_heading
from studiolo_indexer.parsers.pdf.pdf_text import Line, Run

BODY = "This is a line of the body, which goes on and on and ends with a stop."


def page(*rows: tuple[str, float, bool] | str, at: int = 0) -> list[SetLine]:
    """Set rows of (text, size, bold), two line ends between them; a text alone is 10 points and not bold."""
    lines = []
    for row in rows:
        text, size, bold = (row, 10.0, False) if isinstance(row, str) else row
        line = Line(0, len(text), text, 50, 0, 300, 10, 8, size, bold=bold, wordy=is_wordy(text))
        lines.append(SetLine(at, at + len(text), line, "\n\n"))
        at += len(text) + 2
    return lines


def said(pages: Sequence[Sequence[SetLine]], outline: Sequence[Bookmark] = ()) -> list[tuple[int, str]]:
    texts = {line.start: line.line.text for one in pages for line in one}
    return [(h.level, texts[h.start]) for h in find_headings(pages, outline)]


def test_larger_lines_are_headings_by_their_size_and_bold_ones_below_them() -> None:
    first = page(("Leave Policy", 20, False), ("1 Carrying over", 14, False), BODY, ("Deadlines", 10, True), BODY)
    assert said([first]) == [(1, "Leave Policy"), (2, "1 Carrying over"), (3, "Deadlines")]


def test_rows_of_numbers_sentences_and_bold_openings_are_no_headings() -> None:
    opening = page(("Note.", 10, True), BODY)
    opening[1] = SetLine(opening[1].start, opening[1].end, opening[1].line, " ")
    rows = page(("Total cost of sales 66,822 69,702", 10, True), BODY, ("and so on", 14, False), BODY)
    assert said([rows]) == []
    assert said([opening]) == []


def test_the_outline_counts_before_the_fonts() -> None:
    first = page(("Leave Policy", 20, False), "1. Carrying leave over", BODY)
    second = page("Special", "leave", BODY, at=1000)
    outline = [Bookmark(1, "Leave policy", 1), Bookmark(2, "Carrying leave over", 1), Bookmark(2, "Special leave", 2)]
    assert said([first, second], outline) == [(1, "Leave Policy"), (2, "1. Carrying leave over"), (2, "Special")]
    headings = find_headings([first, second], outline)
    assert headings[-1].end == second[1].end


def test_an_outline_that_leads_nowhere_is_not_followed() -> None:
    first = page(("Leave Policy", 20, False), BODY)
    outline = [Bookmark(1, "Another book", 1), Bookmark(1, "Gone", 9), Bookmark(1, "", 1), Bookmark(1, "Lost", None)]
    assert said([first], outline) == [(1, "Leave Policy")]
    assert said([[]]) == []


def test_an_outline_of_thousands_on_one_page_is_bounded() -> None:
    lines = page(*[f"Line number {n} ends in a" for n in range(3000)])
    assert find_headings([lines], [Bookmark(1, "a", 1)] * 3000) == []


def test_the_title_is_the_largest_heading_of_the_first_page_with_one() -> None:
    first = page(("FORM 10-Q", 12, False), ("Apple Inc.", 20, False), BODY)
    pages = [page(BODY), [SetLine(s.start + 500, s.end + 500, s.line, s.gap) for s in first]]
    headings = find_headings(pages, ())
    title = title_heading(pages, headings)
    assert title is not None
    assert title.start == pages[1][1].start
    assert title_heading([page(BODY)] * 5, []) is None


def test_only_upright_lines_of_the_text_layer_are_looked_at() -> None:
    line = Line(0, 4, "Head", 0, 0, 9, 9, 9, 10)
    turned = Line(0, 4, "Side", 0, 0, 9, 9, 9, 10, turned=True)
    runs = [Run("", 0, 4, line), Run("\n", 0, 4, turned), Run("\n", 0, 0, note=0)]
    assert [s.line.text for s in set_lines(runs, [(0, 4), (5, 9), (10, 12)], 100)] == ["Head"]

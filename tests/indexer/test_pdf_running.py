"""Running heads and page numbers are found where they repeat, and only there."""

from __future__ import annotations

from collections.abc import Sequence

from studiolo_indexer.parsers.pdf.pdf_running import edge_lines, running_lines
from studiolo_indexer.parsers.pdf.pdf_text import Line, Run

HEIGHT = 800.0


def page(*rows: tuple[str, float]) -> list[Run]:
    """Set rows at their heights from the top."""
    runs = []
    for text, top in rows:
        line = Line(0, len(text), text, 50, top, 300, top + 10, top + 8, 10)
        runs.append(Run("\n", 0, len(text), line))
    return runs


def left_out(pages: Sequence[list[Run]]) -> list[list[str]]:
    found = running_lines([edge_lines(runs, HEIGHT) for runs in pages])
    return [
        [run.line.text for n, run in enumerate(runs) if n in dropped and run.line is not None]
        for runs, dropped in zip(pages, found, strict=True)
    ]


def test_a_head_and_a_counting_foot_stay_on_the_first_page_alone() -> None:
    pages = [page(("Annual Report", 30), (f"Text {n}", 400), (f"Report | Page {n} of 9", 770)) for n in range(1, 10)]
    first, *others = left_out(pages)
    assert first == []
    assert others == [["Annual Report", f"Report | Page {n} of 9"] for n in range(2, 10)]


def test_left_and_right_pages_may_have_different_heads() -> None:
    pages = [page(("The Book" if n % 2 else "The Chapter", 30), (str(n), 770)) for n in range(1, 9)]
    assert left_out(pages)[2:] == [["The Book" if n % 2 else "The Chapter", str(n)] for n in range(3, 9)]


def test_roman_numbers_count_pages_too() -> None:
    pages = [page(("Some text", 400), (number, 770)) for number in ("i", "ii", "iii", "iv", "v")]
    assert left_out(pages) == [[], ["ii"], ["iii"], ["iv"], ["v"]]


def test_what_only_looks_alike_stays() -> None:
    invoices = [page((f"Invoice 47{n:02}11", 30), ("Text", 400)) for n in range(1, 8)]
    elsewhere = [page(("Same words", 30 + 12 * n)) for n in range(5)]
    inside = [page(("Same words", 400)) for _ in range(5)]
    backwards = [page((f"Minutes {n}", 30)) for n in range(9, 3, -1)]
    for pages in (invoices, elsewhere, inside, backwards):
        assert not any(left_out(pages))


def test_two_pages_are_enough_for_a_head_and_one_is_not() -> None:
    assert left_out([page(("Head", 30)), page(("Head", 30))]) == [[], ["Head"]]
    assert left_out([page(("Head", 30), ("Head", 770))]) == [[]]
    assert left_out([]) == []

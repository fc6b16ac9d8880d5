"""The headings of a PDF: the lines that its outline names, else those that are set larger or bolder; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studiolo_indexer.parsers.pdf.pdf_text import Line, Run
from studiolo_indexer.records import Heading

_LONGEST = 160
_MOST_LINES = 3
_MOST_WORDS = 20
_LARGER = 1.12
_MOST_LEVELS = 4
_TITLE_PAGES = 3
_LONGEST_NUMBER = 16  # like Appendix XVIII
_MOST_PAGE_LINES = 300  # an outline may name one page again and again
_LEADING_NUMBER = re.compile(r"^(?:chapter|part|appendix|section|item)?[\divx]{0,8}")
_NUMBER = re.compile(r"[(\[$€£+-]?[\d.,]+[)\]%]*|[—–-]")
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of a PDF's outline; `level` and `page` (None if it leads nowhere) count from 1."""

    level: int
    title: str
    page: int | None


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line of the document's text, [start, end), and how it was set."""

    start: int
    end: int
    line: Line
    gap: str


def set_lines(runs: Sequence[Run], spans: Sequence[tuple[int, int]], page_start: int) -> list[SetLine]:
    """Give the lines of a page with their places in the document's text."""
    return [
        SetLine(page_start + start, page_start + end, run.line, run.gap)
        for run, (start, end) in zip(runs, spans, strict=True)
        if run.line is not None and not run.line.turned and end > start
    ]


def find_headings(pages: Sequence[Sequence[SetLine]], outline: Sequence[Bookmark]) -> list[Heading]:
    """Find the headings of a document, rising; where the outline names enough of them, it alone counts."""
    named = _named_headings(pages, outline)
    if named and 2 * len(named) >= len(outline):
        return named
    return _set_headings(pages)


def title_heading(pages: Sequence[Sequence[SetLine]], headings: Sequence[Heading]) -> Heading | None:
    """Give the heading that is set largest on the first page with one, if that is among the first pages."""
    for page in pages[:_TITLE_PAGES]:
        sizes = {line.start: line.line.size for line in page}
        own = [h for h in headings if h.start in sizes]
        if own:
            return max(own, key=lambda h: sizes[h.start])
    return None


def _named_headings(pages: Sequence[Sequence[SetLine]], outline: Sequence[Bookmark]) -> list[Heading]:
    """Look for each entry's words on its page, in the outline's order."""
    found: dict[int, Heading] = {}
    letters = [[_letters(line.line.text) for line in page[:_MOST_PAGE_LINES]] for page in pages]
    whole = ["".join(page) for page in letters]
    missing: set[tuple[int, str]] = set()
    at = (0, 0)
    for entry in outline:
        wanted = _letters(entry.title)
        if entry.page is None or not 1 <= entry.page <= len(pages) or not wanted:
            continue
        index = entry.page - 1
        if wanted not in whole[index] or (index, wanted) in missing:
            continue
        place = _find(letters[index], wanted, at[1] if at[0] == index else 0)
        if place is None:
            missing.add((index, wanted))
            continue
        lines = pages[index][place[0] : place[1]]
        found.setdefault(lines[0].start, Heading(min(entry.level, 9), lines[0].start, lines[-1].end))
        at = (index, place[1])
    return _rising(found[start] for start in sorted(found))


def _find(lines: Sequence[str], wanted: str, first: int) -> tuple[int, int] | None:
    """Find the lines that together say just what is wanted, from `first` on or before; else with a number more."""
    loose = None
    for begin in (*range(first, len(lines)), *range(first)):
        if not lines[begin]:
            continue
        said = ""
        for end in range(begin, min(begin + _MOST_LINES, len(lines))):
            said += lines[end]
            if said == wanted:
                return begin, end + 1
            if len(said) > len(wanted) + _LONGEST_NUMBER:
                break
            if loose is None and said.endswith(wanted) and _bare(said) == _bare(wanted):
                loose = begin, end + 1
    return loose


def _bare(said: str) -> str:
    return _LEADING_NUMBER.sub("", said)


def _set_headings(pages: Sequence[Sequence[SetLine]]) -> list[Heading]:
    """Find short lines that are set larger than the body, or bold on a line of their own; larger ones rank higher."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.line.size, 1)] += line.end - line.start
    if not sizes:
        return []
    body = sizes.most_common(1)[0][0]
    groups = [group for page in pages for group in _groups(page, body)]
    ranks = sorted({round(group[0].line.size) for group in groups if _is_larger(group[0].line, body)}, reverse=True)
    levels = {size: min(rank, _MOST_LEVELS) for rank, size in enumerate(ranks, start=1)}
    bold = min(len(ranks), _MOST_LEVELS) + 1
    return _rising(
        Heading(
            levels[round(group[0].line.size)] if _is_larger(group[0].line, body) else bold,
            group[0].start,
            group[-1].end,
        )
        for group in groups
    )


def _groups(page: Sequence[SetLine], body: float) -> list[list[SetLine]]:
    """Collect the headings of a page, each with the lines that it goes over."""
    groups: list[list[SetLine]] = []
    group: list[SetLine] = []
    for line in page:
        fits = _stands_out(line.line, body) and _reads_as_heading(line)
        if group and fits and line.gap != "\n\n" and _set_alike(group[-1].line, line.line):
            group.append(line)
            continue
        if group and _is_heading(group, line, body):
            groups.append(group)
        group = [line] if fits else []
    return groups


def _is_heading(group: list[SetLine], after: SetLine, body: float) -> bool:
    """Tell whether lines that stand out are a heading; of bold ones, only what the first line goes over is left in."""
    if not _is_larger(group[0].line, body):
        if after.gap == " ":
            return False  # the beginning of a paragraph
        del group[next((n for n, line in enumerate(group) if n and line.gap != " "), len(group)) :]
    return len(group) <= _MOST_LINES


def _stands_out(line: Line, body: float) -> bool:
    return _is_larger(line, body) or (line.bold and line.size >= 0.95 * body)


def _is_larger(line: Line, body: float) -> bool:
    return line.size >= _LARGER * body


def _set_alike(a: Line, b: Line) -> bool:
    return a.bold == b.bold and abs(a.size - b.size) <= 0.05 * a.size


def _reads_as_heading(line: SetLine) -> bool:
    text = line.line.text.strip()
    words = text.split()
    return (
        3 <= len(text) <= _LONGEST
        and len(words) <= _MOST_WORDS
        and (text[0].isalnum() or text[0] in "§“\"'¿¡")
        and not text[0].islower()
        and text[-1] not in ",;"
        and line.line.wordy
        and "$" not in words
        and sum(_NUMBER.fullmatch(word) is not None for word in words[-2:]) < 2  # a row of a table
    )


def _rising(headings: Iterable[Heading]) -> list[Heading]:
    """Keep headings that rise and do not overlap."""
    kept: list[Heading] = []
    for heading in headings:
        if not kept or heading.start >= kept[-1].end:
            kept.append(heading)
    return kept


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text.casefold())

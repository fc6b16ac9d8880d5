"""Does an answer have the form that its style asks for? Says what is missing in plain sentences; pure.

The sentences are shown to the user and, in the second try, to the model.
"""

from __future__ import annotations

from collections.abc import Sequence

from studiolo.citations import without_marks
from studiolo.layouts import (
    cells_of,
    is_bullet,
    is_closing,
    is_frame,
    is_row,
    is_rule,
    is_subject,
    letter_ends,
    plain,
    without_bullet,
)
from studiolo.line_patterns import matches_line
from studiolo.quantities import count
from studiolo.styles import Style


def format_problems(text: str, n_sentences: int, style: Style) -> tuple[str, ...]:
    """Compare an answer with its style.

    Args:
        text: The answer in its layout; marks do not count.
        n_sentences: Its judged sentences; a table is measured by its rows.
        style: Its style.

    Returns:
        What is wrong, a sentence each; nothing if all is as it should be.
    """
    lines = [without_marks(line) for line in text.splitlines() if line.strip()]
    rows = [line for line in lines if is_row(line) and not is_rule(line)]
    checks = {"prose": _prose, "bullets": _bullets, "table": _table, "letter": _letter}
    return (
        *checks[style.form](lines, style),
        *_limits(lines, len(rows) - 1 if style.form == "table" else n_sentences, style),
        *_required(lines, rows, style),
        *_patterns(lines, rows, style),
    )


def _prose(lines: Sequence[str], style: Style) -> list[str]:
    return []


def _bullets(lines: Sequence[str], style: Style) -> list[str]:
    if not any(is_bullet(line) for line in lines):
        return ["It is no list: no line begins with “- ”."]
    if not all(is_bullet(line) or is_frame(line, style) for line in lines):
        return ["There is text outside the list."]
    return []


def _table(lines: Sequence[str], style: Style) -> list[str]:
    rows = [line for line in lines if is_row(line)]
    if len(rows) < 3 or not is_rule(rows[1]):
        return ["It is no table with a header, a line of dashes and a row."]
    if len({len(cells_of(row)) for row in rows}) > 1:
        return ["The rows of the table have different numbers of cells."]
    if not all(is_row(line) or is_frame(line, style) for line in lines):
        return ["There is text outside the table."]
    return []


def _letter(lines: Sequence[str], style: Style) -> list[str]:
    opening, closing = letter_ends(lines, style)
    problems = []
    if opening < 0 and style.salutation:
        problems.append(f"The letter has no salutation like “{style.salutation}”.")
    if closing < 0 and style.closing:
        problems.append(f"The letter has no closing like “{style.closing}”.")
    return problems


def _limits(lines: Sequence[str], n_sentences: int, style: Style) -> list[str]:
    problems = []
    noun = "row" if style.form == "table" else "sentence"
    if style.max_sentences and n_sentences > style.max_sentences:
        problems.append(f"It has {count(n_sentences, noun)}; the style allows {style.max_sentences}.")
    n_words = sum(1 for line in lines for word in line.split() if any(c.isalnum() for c in word))
    if style.max_words and n_words > style.max_words:
        problems.append(f"It has {count(n_words, 'word')}; the style allows {style.max_words}.")
    return problems


def _required(lines: Sequence[str], rows: Sequence[str], style: Style) -> list[str]:
    if style.form == "table":
        columns = {plain(cell) for cell in cells_of(rows[0])} if rows else set()
        return [f"The table has no column “{name}”." for name in style.required if plain(name) not in columns]
    beginnings = [plain(without_bullet(line)) for line in lines]
    return [
        f"No line begins with “{field}”."
        for field in style.required
        if not any(_begins(line, plain(field)) for line in beginnings)
    ]


def _begins(line: str, field: str) -> bool:
    """Tell whether a line begins with these words, and not only with these letters."""
    return line.startswith(field) and not line[len(field) : len(field) + 1].isalnum()


def _patterns(lines: Sequence[str], rows: Sequence[str], style: Style) -> list[str]:
    if not style.line_pattern:
        return []
    content = rows[1:] if style.form == "table" else lines
    if style.form == "letter":
        opening, closing = letter_ends(lines, style)
        end = closing if closing >= 0 else len(lines)
        content = [line for line in lines[opening + 1 : end] if not is_subject(line) and not is_closing(line, style)]
    unlike = sum(1 for line in content if not matches_line(style.line_pattern, line))
    verb = "does" if unlike == 1 else "do"
    return [f"{count(unlike, 'line')} {verb} not look like “{style.line_pattern}”."] if unlike else []

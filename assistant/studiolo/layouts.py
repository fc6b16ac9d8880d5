"""The layout of an answer: which of its words are claims, to be cited and judged, and which only frame them; pure.

Bullets, table cells and the body of a letter are claims. Salutations, closings, short headings, the names of columns
and "not stated" claim nothing. When in doubt words are a claim: a frame is short, holds no number and is no sentence,
so that nothing is smuggled past the judge. A table cell is judged together with the first cell of its row, since
"10 days" alone says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from studiolo.citations import (
    CitedSentence,
    Judge,
    Quote,
    cite_sentences,
    marked,
    marks_in,
    sentences_with_marks,
    without_marks,
)
from studiolo.sentences import begins_with_a_day
from studiolo.styles import Style

_FRAME_WORDS = 6
_HEADING_WORDS = 4
_INTRODUCTION_WORDS = 10
_BULLET = re.compile(r"[ \t]{0,8}(?:[-*•·]|\d{1,3}[.)])[ \t]{1,8}(?=\S)")
_CELL_END = re.compile(r"(?<!\\)\|")
_SALUTATIONS = ("dear", "to whom", "hello", "sehr geehrte", "liebe", "madame", "monsieur", "estimad")
_CLOSINGS = (
    "yours", "sincerely", "kind regards", "best regards", "with kind", "with best", "regards", "respectfully",
    "mit freundlich", "hochachtungsvoll", "cordialement", "atentamente",
)  # fmt: skip
_INTRODUCTIONS = ("here ", "below ", "the following", "in summary", "summary")
_SUBJECTS = ("subject:", "re:", "betreff:", "objet:", "asunto:")
_SOURCE_COLUMNS = frozenset("source sources citation citations reference references document page quelle seite".split())
_NOT_STATED = frozenset(
    ("not stated", "the documents do not say", "not mentioned", "unknown", "none", "n/a", "-", "–", "—", "")
)
_LINE_ENDS = ".!?"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer as it is written, without marks.

    `claim` is what is judged, with the marks that the model wrote; empty for a frame. Where the marks of a row have a
    cell of their own, `marks_of` of that cell names the claims of the row (by their index in the answer), and they show
    none themselves.
    """

    text: str
    claim: str = ""
    shows_marks: bool = True
    marks_of: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Laid:
    """A stretch of a laid out answer, without marks, and the numbers that are marked behind it.

    `sentence` is the index of the judged sentence that it shows, None for a frame.
    """

    text: str
    sentence: int | None = None
    citations: tuple[int, ...] = ()


PlaceOf = Callable[[int], tuple[str, str]]
"""Gives the document's name, and its page or part, of a citation's number."""


def compose(
    answer: str, style: Style, n_passages: int, judge: Judge
) -> tuple[str, tuple[Laid, ...], list[CitedSentence], list[Quote]]:
    """Cite and judge the claims of a model's answer, and keep its layout.

    Args:
        answer: The model's text.
        style: Its style.
        n_passages: Passages in the prompt, numbered from 1.
        judge: See `citations.Judge`.

    Returns:
        The text with its marks, the layout, the claims in order, and one quote for each number that is cited.
    """
    pieces = list(take_apart(answer, style))
    sentences, quotes = cite_sentences([p.claim for p in pieces if p.claim], n_passages, judge)
    layout, index = [], 0
    for piece in pieces:
        if piece.claim:
            layout.append(Laid(piece.text, index, sentences[index].citations if piece.shows_marks else ()))
            index += 1
        else:
            cited = sorted({n for at in piece.marks_of for n in sentences[at].citations})
            layout.append(Laid(piece.text, None, tuple(cited)))
    return text_of(layout), tuple(layout), sentences, quotes


def text_of(layout: Sequence[Laid]) -> str:
    """Join an answer, with its marks."""
    return "".join(marked(piece.text, piece.citations) for piece in layout)


def lay_out(
    sentences: Sequence[CitedSentence], style: Style, place_of: PlaceOf, *, quoted: bool
) -> tuple[str, tuple[Laid, ...]]:
    """Put judged sentences into the form of a style: what a small model, or no model at all, cannot do itself.

    Args:
        sentences: The sentences, in order.
        style: The style.
        place_of: See there.
        quoted: Whether they are quotes; a table says so.

    Returns:
        The text with its marks, and the layout.
    """
    layout = tuple(_LAYOUTS[style.form](sentences, style, place_of, quoted))
    return text_of(layout), layout


def _prose(sentences: Sequence[CitedSentence], style: Style, place_of: PlaceOf, quoted: bool) -> Iterator[Laid]:
    for index, sentence in enumerate(sentences):
        if index:
            yield Laid(" ")
        yield Laid(sentence.text, index, sentence.citations)


def _bullets(sentences: Sequence[CitedSentence], style: Style, place_of: PlaceOf, quoted: bool) -> Iterator[Laid]:
    for index, sentence in enumerate(sentences):
        yield Laid("\n- " if index else "- ")
        yield Laid(without_bullet(sentence.text), index, sentence.citations)


def _table(sentences: Sequence[CitedSentence], style: Style, place_of: PlaceOf, quoted: bool) -> Iterator[Laid]:
    yield Laid(f"| {'Quote' if quoted else 'Answer'} | Document | Page |\n| --- | --- | --- |")
    for index, sentence in enumerate(sentences):
        places = [place_of(number) for number in sentence.citations]
        yield Laid("\n| ")
        yield Laid(_cell(sentence.text), index, sentence.citations)
        yield Laid(f" | {_cell(_joined(p[0] for p in places))} | {_cell(_joined(p[1] for p in places))} |")


def _letter(sentences: Sequence[CitedSentence], style: Style, place_of: PlaceOf, quoted: bool) -> Iterator[Laid]:
    if style.salutation:
        yield Laid(f"{style.salutation}\n\n")
    yield from _prose(sentences, style, place_of, quoted)
    if style.closing:
        yield Laid(f"\n\n{style.closing}")


_LAYOUTS = {"prose": _prose, "bullets": _bullets, "table": _table, "letter": _letter}


def take_apart(answer: str, style: Style) -> Iterator[Piece]:
    """Take an answer apart into claims and frames; their texts, joined, are the answer without its marks.

    Lines of a code fence, which models like to put around a table, are left out.
    """
    lines = [line.rstrip() for line in answer.strip().splitlines() if not line.lstrip().startswith("```")]
    framed = _letter_frame(lines, style) if style.form == "letter" else frozenset()
    header: list[str] = []
    n_claims = 0
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        starts = is_rule(following) and not (at and is_row(lines[at - 1])) and _is_header(line)
        if not is_row(line):
            header = []
        elif starts:
            header = cells_of(line)
        if not line.strip() or at in framed or is_rule(line) or starts:
            found = [Piece(without_marks(line))]
        elif is_row(line):
            found = _row(cells_of(line), header, n_claims)
        else:
            found = _line(line, style)
        n_claims += sum(1 for piece in found if piece.claim)
        yield from found
        if at + 1 < len(lines):
            yield Piece("\n")


def _line(line: str, style: Style) -> list[Piece]:
    """Take apart a line that is no row of a table."""
    if is_frame(line, style):
        return [Piece(without_marks(line))]
    start = len(line) - len(without_bullet(line))
    return ([Piece(line[:start])] if start else []) + _sentences(line[start:])


def _sentences(text: str, before: str = "", *, row_marks: str = "", shows_marks: bool = True) -> list[Piece]:
    """Give the sentences of a text as claims; `before` is judged with each of them."""
    pieces: list[Piece] = []
    for raw in sentences_with_marks(text):
        shown = without_marks(raw)
        if shown:
            marks = "" if marks_in(raw) else row_marks
            pieces += [Piece(" ")] if pieces else []
            pieces.append(Piece(shown, f"{before}{raw}{marks}", shows_marks))
    return pieces


def _row(cells: Sequence[str], header: Sequence[str], first_claim: int) -> list[Piece]:
    """Take a row of a table apart: each cell but the first is a claim about the first."""
    about = without_marks(cells[0]) if cells else ""
    marks_only = [bool(cell) and not without_marks(cell) for cell in cells]
    row_marks = "".join(marks_in(cell) for cell, alone in zip(cells, marks_only, strict=True) if alone)
    row_marks += marks_in(cells[0]) if cells and not marks_only[0] else ""
    beside = any(marks_only)
    claims = [
        at for at, cell in enumerate(cells) if at and not marks_only[at] and not _claims_nothing(cell, at, header)
    ] or ([0] if about and not _claims_nothing(cells[0], 0, header) else [])
    pieces: list[Piece] = []
    marks_at = []
    for at, cell in enumerate(cells):
        pieces.append(Piece(" | " if at else "| "))
        if marks_only[at]:
            marks_at.append(len(pieces))
            pieces.append(Piece(""))
        elif at in claims:
            before = f"{about}: " if at and about else ""
            pieces += _sentences(cell, before, row_marks=row_marks, shows_marks=not beside)
        else:
            pieces.append(Piece(without_marks(cell)))
    n_claims = sum(1 for piece in pieces if piece.claim)
    for at in marks_at[:1]:
        pieces[at] = Piece("", marks_of=tuple(range(first_claim, first_claim + n_claims)))
    return [*pieces, Piece(" |")]


def _claims_nothing(cell: str, at: int, header: Sequence[str]) -> bool:
    column = header[at].strip(" *").casefold() if at < len(header) else ""
    return _is_not_stated(without_marks(cell)) or column in _SOURCE_COLUMNS


def is_row(line: str) -> bool:
    """Tell whether a line is a row of a table."""
    return line.lstrip().startswith("|") and len(_CELL_END.findall(line)) > 1


def _is_header(line: str) -> bool:
    """Tell whether a row names columns and states nothing: years may stand in it, but no sentence."""
    cells = [without_marks(cell).strip(" *_") for cell in cells_of(line)]
    return is_row(line) and all(len(c.split()) <= _FRAME_WORDS and not c.endswith(tuple(_LINE_ENDS)) for c in cells)


def is_rule(line: str) -> bool:
    """Tell whether a line is the row of dashes under a table's header."""
    return "|" in line and all(set(cell.strip(":")) == {"-"} for cell in cells_of(line))


def cells_of(line: str) -> list[str]:
    """Give the cells of a row."""
    inner = line.strip().removeprefix("|")
    cells = _CELL_END.split(inner)
    return [cell.strip() for cell in (cells[:-1] if not cells[-1].strip() else cells)]


def is_bullet(line: str) -> bool:
    """Tell whether a line is an item of a list."""
    return without_bullet(line) != line


def without_bullet(text: str) -> str:
    """Take the bullet or the number from the beginning of an item; the day of a date is none."""
    bullet = None if begins_with_a_day(text) else _BULLET.match(text)
    return text[bullet.end() :] if bullet else text


def is_frame(line: str, style: Style) -> bool:
    """Tell whether a line claims nothing: a short heading, an introduction, or a field that is not stated."""
    text = without_marks(without_bullet(line)).strip(" *_")
    if any(plain(text) == plain(field) for field in style.required):
        return True
    if line.lstrip().startswith("#"):
        return _is_short(text.lstrip("# "), _HEADING_WORDS)
    field, colon, value = text.partition(":")
    if colon and value.strip() and _is_short(field, _FRAME_WORDS) and _is_not_stated(value):
        return True
    most = _INTRODUCTION_WORDS if text.casefold().startswith(_INTRODUCTIONS) else _HEADING_WORDS - 1
    return text.endswith(":") and _is_short(text, most)


def plain(text: str) -> str:
    """Give a heading, a field or a column's name in a comparable form: without signs around it, in small letters."""
    return " ".join(text.strip(" \t#*_:.,;!-").casefold().split())


def is_salutation(line: str, style: Style) -> bool:
    """Tell whether a line opens a letter."""
    return _opens(line, style.salutation, _SALUTATIONS)


def is_closing(line: str, style: Style) -> bool:
    """Tell whether a line closes a letter."""
    return _opens(line, style.closing, _CLOSINGS)


def is_subject(line: str) -> bool:
    """Tell whether a line says what a letter is about."""
    text = line.strip(" *").casefold()
    return text.startswith(_SUBJECTS) and _is_short(text, _INTRODUCTION_WORDS)


def letter_ends(lines: Sequence[str], style: Style) -> tuple[int, int]:
    """Find the salutation and the closing of a letter: their lines, -1 for one that is not there."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    opening = next((at for at in filled if not is_subject(lines[at])), -1)
    opening = opening if opening >= 0 and is_salutation(lines[opening], style) else -1
    closing = next((at for at in reversed(filled) if at > opening and is_closing(lines[at], style)), -1)
    return opening, closing


def _letter_frame(lines: Sequence[str], style: Style) -> frozenset[int]:
    """Name the lines of a letter that claim nothing: subject, salutation, closing, and the signature behind it."""
    opening, closing = letter_ends(lines, style)
    frame = {opening, closing} - {-1}
    frame |= {at for at, line in enumerate(lines) if is_subject(line)}
    if closing >= 0:
        frame |= {at for at in range(closing + 1, len(lines)) if _is_short(lines[at], _FRAME_WORDS)}
    return frozenset(frame)


def _opens(line: str, own: str, known: Sequence[str]) -> bool:
    text = line.strip(" *")
    if own and plain(text) == plain(own):
        return True
    return text.casefold().startswith(tuple(known)) and _is_short(text, _FRAME_WORDS)


def _is_short(text: str, words: int) -> bool:
    """Tell whether words are too few to state something: no number, no sentence, no citation."""
    return (
        len(text.split()) <= words
        and not any(c.isdigit() for c in text)
        and text.strip(" *_")[-1:] not in tuple(_LINE_ENDS)
    )


def _is_not_stated(text: str) -> bool:
    return text.strip(" .*_").casefold() in _NOT_STATED


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _joined(names: Iterator[str]) -> str:
    return ", ".join(dict.fromkeys(name for name in names if name))

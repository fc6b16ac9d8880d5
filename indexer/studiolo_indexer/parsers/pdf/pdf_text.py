"""The text of a PDF's page: PDFium's own characters, put in order, joined to paragraphs, cleaned; pure.

Every clean-up can be undone: a page's text is a row of runs, each a slice of PDFium's text with what stands before it.
So an offset leads back to PDFium's character and its box (`origins`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from studiolo_indexer.parsers.pdf.page_columns import (
    best_order,
    column_of,
    find_gutters,
    is_disordered,
)

# PDFium's mark for a hyphen at the end of a line, where it has joined the line with the next one.
HYPHEN_MARK = "\ufffe"
NO_ORIGIN = -1

_LOOSER = 1.3  # a line's step beyond the usual one that begins a paragraph
_ITEM = re.compile(r"(?:[•●▪■◦○‣·*–—-]|\(?[0-9]{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivxIVX]{1,5}\))\s")
_LIGATURES = dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", "ff fi fl ffi ffl st st".split(), strict=True))
_BULLETS = {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "‣", "\uf076": "•", "\uf0fc": "✓", "\uf02d": "–"}
_CLEANED: dict[int, str] = {
    **dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127], " "),  # what fonts without a table of letters leave
    **dict.fromkeys([9, 10, 13], " "),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **dict.fromkeys([0xAD, 0x200B, 0xFEFF], ""),
    **{ord(c): text for c, text in (_LIGATURES | _BULLETS).items()},
    ord(HYPHEN_MARK): "-",
    0xFFFF: "\ufffd",
}
_ODD = re.compile("[" + "".join(f"\\U{c:08x}" for c in _CLEANED) + "]")
_LIGATURE = re.compile("[" + "".join(_LIGATURES) + "\xad]")
_WORD = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page's text layer: code points [start, end) of its raw text, and its place.

    Places are in points of the page as it is shown, y downwards; `base` is the line that the letters stand on. `turned`
    lines run in another direction than most of the page. `hidden` says why it cannot be seen. `wordy` and `prose` are
    what `page_columns` says of its text.
    """

    start: int
    end: int
    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    bold: bool = False
    turned: bool = False
    hidden: str = ""
    wordy: bool = False
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """What a page says beside its text layer, like a comment or a form's field: its text, and its box in PDF points."""

    text: str
    box: tuple[float, float, float, float]


@dataclass(slots=True)
class Run:
    """A piece of a page's text: `gap`, then raw [start, end); or a note, by its number.

    `broken` says that it goes on with the word that the run before it has begun, which ends in a hyphen.
    """

    gap: str
    start: int
    end: int
    line: Line | None = None
    note: int = -1
    broken: bool = False


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a page's lines are set: the usual step from line to line in sizes, the gutters, each column's right edge."""

    step: float
    gutters: Sequence[float]
    rights: dict[int, float]


def arrange(lines: Sequence[Line], notes: Sequence[Note] = ()) -> list[Run]:
    """Put a page's lines in order and join those of a paragraph; notes come last.

    Lines are joined where the next line's first word would not have fitted; else the line end is kept. A wider step
    makes an empty line.
    """
    upright = [line for line in lines if not line.turned]
    gutters = find_gutters(upright)
    best = best_order(upright, gutters)
    ordered = list(lines)
    if is_disordered(upright, gutters, best):
        ordered = [upright[i] for i in best] + [line for line in lines if line.turned]
    shape = _shape(ordered, gutters)
    runs: list[Run] = []
    for number, line in enumerate(ordered):
        gap, broken = "", False
        if number:
            after = ordered[number + 1] if number + 1 < len(ordered) else None
            gap, broken = _gap(ordered[number - 1], line, after, shape)
        runs.append(Run(gap, line.start, line.end, line, broken=broken))
    for number in range(len(notes)):
        runs.append(Run("" if not runs else "\n" if number else "\n\n", 0, 0, note=number))
    return runs


def without(runs: Sequence[Run], dropped: set[int]) -> list[Run]:
    """Leave out runs by their numbers; the next one takes over the widest gap, or the first place."""
    kept: list[Run] = []
    gap = ""
    for number, run in enumerate(runs):
        gap = max(gap, run.gap, key=len)
        if number in dropped:
            continue
        run.gap, run.broken = (gap, run.broken and gap == "") if kept else ("", False)
        kept.append(run)
        gap = ""
    return kept


def cleaned(raw: str) -> str:
    """Clean a piece of PDFium's text: no control characters, ligatures as letters, no invisible hyphens."""
    return raw.translate(_CLEANED) if _ODD.search(raw) else raw


def assemble(raw: str, runs: Sequence[Run], notes: Sequence[Note]) -> tuple[str, list[tuple[int, int]]]:
    """Give a page's text, and for each run its span in it."""
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for run in runs:
        piece = cleaned(raw[run.start : run.end]) if run.note < 0 else notes[run.note].text
        pieces += (run.gap, piece)
        spans.append((at + len(run.gap), at + len(run.gap) + len(piece)))
        at = spans[-1][1]
    return "".join(pieces), spans


def origins(raw: str, runs: Sequence[Run], notes: Sequence[Note]) -> list[int]:
    """Give for each code point of `assemble`'s text the index of its code point in `raw`.

    What stands between runs has NO_ORIGIN; a character of note n has -2 - n.
    """
    found: list[int] = []
    for run in runs:
        found += [NO_ORIGIN] * len(run.gap)
        if run.note >= 0:
            found += [-2 - run.note] * len(notes[run.note].text)
            continue
        piece = raw[run.start : run.end]
        if _ODD.search(piece):
            found += [run.start + i for i, c in enumerate(piece) for _ in _CLEANED.get(ord(c), c)]
        else:
            found += range(run.start, run.end)
    return found


def mend_hyphens(pages: Iterable[tuple[str, Sequence[Run]]]) -> None:
    """Undo hyphens at line ends, in place: a broken word loses its hyphen, a compound keeps it.

    The document decides: the way it writes the word elsewhere; else a word whose halves both stand alone elsewhere is a
    compound.
    """
    known = list(pages)
    breaks = [(raw, a, b) for raw, runs in known for a, b in pairwise(runs) if b.broken]
    if not breaks:
        return
    words, compounds = _vocabulary(known)
    for raw, before, after in breaks:
        first, second = _halves(raw, before, after)
        if not first or not second or not _is_broken_word(first, second, words, compounds):
            continue
        inside_compound = raw[before.end - 2 - len(first) : before.end - 1 - len(first)] == "-"
        if not inside_compound or words[(first + second).casefold()]:
            before.end -= 1


def _halves(raw: str, before: Run, after: Run) -> tuple[str, str]:
    """Give the letters before the hyphen that ends a run, and those with which the next run begins."""
    at = before.end - 1
    while at > max(before.start, before.end - _LONGEST_WORD) and raw[at - 1].isalpha():
        at -= 1
    second = _WORD.match(raw, after.start, after.end)
    return raw[at : before.end - 1], second.group() if second is not None else ""


def _is_broken_word(first: str, second: str, words: Counter[str], compounds: Counter[str]) -> bool:
    if second[0].isupper() and not first.isupper():
        return False
    a, b = cleaned(first).casefold(), cleaned(second).casefold()
    joined, hyphened = words[a + b], compounds[f"{a}-{b}"]
    if joined or hyphened:
        return joined >= hyphened
    return not (words[a] and words[b])


def _vocabulary(pages: Sequence[tuple[str, Sequence[Run]]]) -> tuple[Counter[str], Counter[str]]:
    """Count the words and the pairs with a hyphen between, without the halves of words at line ends."""
    found: Counter[str] = Counter()
    words: Counter[str] = Counter()
    compounds: Counter[str] = Counter()
    for raw, runs in pages:
        text = raw.replace(HYPHEN_MARK, "\n")
        text = text.translate(_CLEANED) if _LIGATURE.search(text) else text
        found.update(_COMPOUND.findall(text.casefold()))
        for before, after in pairwise(runs):
            if after.broken:
                words.subtract(cleaned(half).casefold() for half in _halves(raw, before, after))
    for token, count in found.items():
        members = token.split("-")
        for member in members:
            words[member] += count
        for a, b in pairwise(members):
            compounds[f"{a}-{b}"] += count
    return words, compounds


def _shape(lines: Sequence[Line], gutters: Sequence[float]) -> _Shape:
    steps: list[float] = []
    loose: list[float] = []
    for a, b in pairwise(lines):
        step = (b.base - a.base) / max(a.size, 1.0)
        if 0.5 < step < 3 and _overlap(a, b) and _same_size(a, b):
            (steps if a.prose else loose).append(step)
    rights: dict[int, list[float]] = {}
    for line in lines:
        if line.prose and not line.turned:
            rights.setdefault(column_of(line, gutters), []).append(line.right)
    return _Shape(
        step=median(steps or loose or [1.2]),
        gutters=gutters,
        rights={column: sorted(found)[int(0.9 * (len(found) - 1))] for column, found in rights.items()},
    )


def _gap(a: Line, b: Line, after: Line | None, shape: _Shape) -> tuple[str, bool]:
    """Tell what stands between two lines, and whether they share a word."""
    if a.text.endswith(HYPHEN_MARK):
        return "", True
    if a.turned or b.turned:
        return "\n", False
    step = b.base - a.base
    if step < 0.3 * a.size or not _overlap(a, b):
        # The next column, or another place: only a sentence that plainly goes on is joined.
        goes_on = a.text[-1:] not in ".!?:;" and b.text[:1].islower() and a.prose and b.wordy
        return (" " if goes_on else "\n"), False
    if step > _LOOSER * shape.step * max(a.size, b.size) or (not _same_size(a, b) and (a.prose or b.prose)):
        return "\n\n", False
    if _same_size(a, b) and _is_full(a, b, shape):
        return _inside_paragraph(a.text, b.text)
    return ("\n\n" if _begins_paragraph(a, b, after) else "\n"), False


def _inside_paragraph(a: str, b: str) -> tuple[str, bool]:
    if a[-1] == "-" and a[-2:-1].isalnum() and b[0].isalnum():
        return "", True
    return ("" if _is_spaceless(a[-1]) and _is_spaceless(b[0]) else " "), False


def _is_full(a: Line, b: Line, shape: _Shape) -> bool:
    """Tell whether running text goes on from one line to the next: the next word would not have fitted."""
    if not a.prose or not b.wordy or _ITEM.match(b.text):
        return False
    if _is_stretched(a) or _is_stretched(b):
        return False
    edge = shape.rights.get(column_of(a, shape.gutters), a.right)
    word = len(b.text.split(None, 1)[0]) * (b.right - b.left) / len(b.text)
    return a.right + word + 0.25 * a.size >= edge - 0.5 * a.size


def _is_spaceless(char: str) -> bool:
    """Tell whether a character belongs to Chinese or Japanese, which put no space between words."""
    return "\u2e80" <= char <= "\ua4cf" or "\uff00" <= char <= "\uffef"


def _is_stretched(line: Line) -> bool:
    """Tell whether a line is wider than its letters: the cells of a table, far apart."""
    if line.text[0] > "\u2e80":
        return False
    capitals = sum(map(str.isupper, line.text)) / len(line.text)
    return line.right - line.left > (0.62 + 0.25 * capitals) * line.size * len(line.text)


def _begins_paragraph(a: Line, b: Line, after: Line | None) -> bool:
    """Tell whether a line is indented as the first of a paragraph: against the one before it and the one after it."""
    if after is None or not _same_size(b, after) or not b.prose or _ITEM.match(b.text):
        return False
    indent = 0.7 * b.size
    return b.left - after.left > indent and b.left - a.left > indent and not b.text[:1].islower()


def _overlap(a: Line, b: Line) -> bool:
    return a.left < b.right and b.left < a.right


def _same_size(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) <= 0.08 * max(a.size, b.size)

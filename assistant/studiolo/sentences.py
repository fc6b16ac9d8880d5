"""Splits text into sentences as spans, and a sentence into comparable terms; pure and linear in the length."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st no nos art sec fig e.g i.e etc vs inc ltd co corp dept approx cf p pp para vol ca bzw z.b "
    "d.h u.a nr abs vgl ggf evtl inkl zzgl rn rdnr".split()
)
# German writes ordinals with a full stop: "am 1. Juli", "im 2. Obergeschoss".
_AFTER_ORDINAL = re.compile(
    r"\s+(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jahrhundert|Lebensjahr)\b"
)
_BEFORE_ORDINAL = frozenset("am vom zum im beim dem den der des".split())
# A boundary lies after a full stop and white space, at an empty line, or before a list item, a heading or a table row.
_BOUNDARY = re.compile(
    r"""
    (?P<stop>[.!?…]["'”’)\]]{0,3})(?=\s)
    |(?P<wide>[。！？]["”’」』）]{0,3})
    |(?P<gap>\n[ \t]*\n)
    |(?P<item>\n(?=[ \t]*(?:[-*•·|\#]|\d{1,3}[.)]\s)))
    |(?P<line>\n)
    """,
    re.VERBOSE,
)
_NUMBERED = re.compile(r"(?:§\s*)?\d{1,3}(?:\.\d{1,3})*\.?\s+\S")
_LONGEST_HEADING = 80
_HEADING_WORDS = 9
_WORD = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be because been before being between both but by can could did
    do does doing down during each else few for from further had has have having he her here hers him his how i if
    in into is it its just may me might more most must my no nor not of off on once only or other our out over own
    per same shall she should so some such than that the their them then there these they this those through to
    too under until up upon us very was we were what when where which while who whom why will with within would
    you your yours tell please document documents answer text source question many much get der die das ein eine
    und oder ist sind was wie wer wo wann le la les un une et ou est que el los las una y
    """.split()
)
_DENIALS = frozenset("no not never none neither nor without cannot nicht kein keine nie ne pas sin".split())
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90", "hundred": "100"}


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open slice of a text, in code points."""

    start: int
    end: int


def split_sentences(text: str) -> list[Span]:
    """Split a text into sentences, without the white space around them; empty ones are left out."""
    spans: list[Span] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if match.group("stop") and _goes_on(text, match):
            continue
        if match.group("line") and not _is_heading(text, start, match.start()):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Tell whether a full stop belongs to an abbreviation, an initial or a list number, or a small letter follows."""
    if not match.group("stop").startswith("."):
        return False
    following = text[match.end() : match.end() + 3].lstrip()
    if following[:1].islower():
        return True
    before = text[max(0, match.start() - 12) : match.start()]
    last = before[max(before.rfind(mark) for mark in " \n\t([") + 1 :]
    if last.isdigit() and len(last) <= 2:
        ahead = before[: -len(last)].rstrip(" \t")
        is_ordinal = ahead.rpartition(" ")[2].casefold() in _BEFORE_ORDINAL or _AFTER_ORDINAL.match(text, match.end())
        # A list number stands at the beginning of a line or behind another sentence.
        return bool(is_ordinal) or ahead[-1:] in ("", "\n", ".", ":", "!", "?")
    return last.casefold() in _ABBREVIATIONS or (len(last) == 1 and last.isalpha())


def begins_with_a_day(text: str) -> bool:
    """Tell whether a text begins with the day of a German date: "1. Juli 2022" is no first item of a list."""
    day = re.match(r"\s*\d{1,2}\.", text)
    return day is not None and _AFTER_ORDINAL.match(text, day.end()) is not None


def _is_heading(text: str, start: int, end: int) -> bool:
    """Tell whether a sentence that is one line so far is a heading: numbered, or much shorter than what follows."""
    line = text[start:end].strip() if end - start <= _LONGEST_HEADING else ""
    if not line or "\n" in line or line[-1] in ",;:-–" or len(line.split()) > _HEADING_WORDS:
        return False
    after = text[end + 1 : end + 1 + 2 * _LONGEST_HEADING].lstrip().partition("\n")[0]
    if not after[:1].isupper():
        return False
    return _NUMBERED.match(line) is not None or 2 * len(line) < len(after)


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        begin = start + len(piece) - len(piece.lstrip())
        spans.append(Span(begin, begin + len(stripped)))


def terms(text: str) -> set[str]:
    """Give the content terms of a text in a comparable form: lower case, endings cut, number words as digits.

    Scripts without spaces give their pairs of characters.
    """
    found: set[str] = set()
    for word in _WORD.findall(text):
        if _CJK.search(word):
            found.update(word[i : i + 2] for i in range(max(1, len(word) - 1)))
            continue
        lowered = word.casefold().replace("’", "'").removesuffix("'s")
        if lowered in _STOP_WORDS or (len(lowered) == 1 and not lowered.isdigit()):
            continue
        found.add(_NUMBER_WORDS.get(lowered) or _number(lowered) or _stem(lowered))
    return found


def numbers_in_place(text: str) -> set[tuple[str, str]]:
    """Give each number with the term that follows it ("" at the end): three weeks are not three months.

    Numbers written as words count; a number before a stop word is paired with the next term.
    """
    words = [found for word in _WORD.findall(text) for found in (terms(word) or {""})]
    pairs = set()
    for at, word in enumerate(words):
        if word and is_number(word):
            pairs.add((word, next((w for w in words[at + 1 : at + 3] if w), "")))
    return pairs


def denies(text: str) -> bool:
    """Tell whether a sentence holds a word that denies."""
    return any(word.casefold().replace("’", "'") in _DENIALS or word.endswith("n't") for word in _WORD.findall(text))


def is_number(term: str) -> bool:
    """Tell whether a term of `terms` is a number or a date."""
    return term[:1].isdigit()


def _number(word: str) -> str | None:
    """Give 1,200 and 1200.00 the same form."""
    if not word[0].isdigit():
        return None
    plain = re.sub(r",(?=\d{3}\b)", "", word)
    return re.sub(r"\.0+$", "", plain)


def _stem(word: str) -> str:
    """Cut the commonest English endings; only used to compare words with each other."""
    for ending, least in (
        ("ations", 5),
        ("ation", 5),
        ("ings", 4),
        ("ing", 4),
        ("ies", 3),
        ("ied", 3),
        ("ed", 4),
        ("es", 4),
        ("ly", 4),
        ("s", 3),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= least:
            stem = word[: -len(ending)]
            return stem + "y" if ending in ("ies", "ied") else stem.rstrip("e")
    return word.rstrip("e") if len(word) > 4 else word

"""What a sentence says in figures: dates, times, durations, amounts, shares, counts, each with what it counts; pure.

English and German are read. A number that nothing names (a bare `7`, `page 12`) is a figure of no kind: it can be seen,
and compared with nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from studiolo.sentences import terms

BARE = "bare"
DATE_KINDS = frozenset(("date", "year"))

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar jan", "february februar feb", "march märz maerz mar mär", "april apr", "may mai",
            "june juni jun", "july juli jul", "august aug", "september sept sep", "october oktober oct okt",
            "november nov", "december dezember dec dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
# A stop behind a month ends the sentence, unless the date goes on behind it.
MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b(?:\.(?=[\s_-]*\d))?"
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_UNITS_DE = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn".split()
)
_TENS_DE = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()
_WORDS: dict[str, float] = {word: n for words in (_UNITS, _UNITS_DE) for n, word in enumerate(words)}
_WORDS |= {word: 10 * n for words in (_TENS, _TENS_DE) for n, word in enumerate(words, start=2)}
_WORDS |= {f"{ten}-{one}": 10 * t + n for t, ten in enumerate(_TENS, start=2) for n, one in enumerate(_UNITS) if n < 10}
_WORDS |= {
    f"{'ein' if n == 1 else one}und{ten}": 10 * t + n
    for t, ten in enumerate(_TENS_DE, start=2)
    for n, one in enumerate(_UNITS_DE)
    if 0 < n < 10
}
_WORDS |= {"hundred": 100, "hundert": 100, "dozen": 12, "half": 0.5, "ein": 1, "eine": 1, "einen": 1, "einem": 1,
           "einer": 1, "eines": 1}  # fmt: skip
_ARTICLES = ("ein", "eine", "einen", "einem", "einer", "eines", "one", "half")
_NUMBER = r"(?:\d{1,3}(?:[,.’']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?)(?![\d])"
_WORD_NUMBER = rf"(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?![\w])"
_TIMES = {"hundred": 1e2, "thousand": 1e3, "k": 1e3, "tausend": 1e3, "tsd": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6,
          "million": 1e6, "millionen": 1e6, "bn": 1e9, "billion": 1e9, "mrd": 1e9, "milliarden": 1e9}  # fmt: skip
_TIMES_PATTERN = rf"(?:\s?(?P<times>{'|'.join(sorted(_TIMES, key=len, reverse=True))})\b\.?)?"
_CURRENCIES = {
    name: code
    for code, names in (
        ("usd", "$ us$ usd dollar dollars"), ("eur", "€ eur euro euros"), ("gbp", "£ gbp pound pounds"),
        ("chf", "chf franken francs"), ("jpy", "¥ yen"), ("cent", "cent cents"),
    )
    for name in names.split()
}  # fmt: skip
_CURRENCY = "(?:" + "|".join(re.escape(c) for c in sorted(_CURRENCIES, key=len, reverse=True)) + ")"
# Days of each; what is counted in months or years is not compared to the day.
_DAYS = {"second": 1 / 86400, "sekunde": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "stunde": 1 / 24, "day": 1.0,
         "tag": 1.0, "werktag": 1.0, "arbeitstag": 1.0, "kalendertag": 1.0, "urlaubstag": 1.0, "week": 7.0,
         "woche": 7.0, "fortnight": 14.0, "month": 30.44, "monat": 30.44, "year": 365.25, "jahr": 365.25}  # fmt: skip
_UNIT = rf"(?P<unit>{'|'.join(sorted(_DAYS, key=len, reverse=True))})(?:s|en|e|n|es)?\b"
_NO_LABEL = frozenset(
    "page section chapter figure table article paragraph clause step item note appendix version line part no number "
    "annex exhibit schedule form rule seite abschnitt kapitel abbildung tabelle artikel absatz ziffer schritt punkt "
    "nummer anlage zeile teil".split()
)
_AFTER = re.compile(r"[\s-]{1,2}([^\W\d_]+)")
_BEFORE = re.compile(r"([^\W\d_]+)[\s:.]{1,2}$")
_SPLIT = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a text: its kind, a value that compares, and the half-open span of its words.

    `kind` is `date`, `year`, `time`, `duration`, `percent`, `money:` with the currency, `count:` with the noun that
    follows, `label:` with the noun before it, or `bare`. `value` is a number (durations in days), or a date in ISO 8601
    as far as it is known (`--03-31` without a year).
    """

    kind: str
    value: float | str
    start: int
    end: int

    def same(self, other: Figure) -> bool:
        """Tell whether two figures say the same: 14 days are two weeks, and March 2024 holds 5 March 2024."""
        if self.kind != other.kind:
            return False
        if isinstance(self.value, str) or isinstance(other.value, str):
            first, second = str(self.value), str(other.value)
            return first.endswith(second.lstrip("-")) or second.endswith(first.lstrip("-")) or (
                first.startswith(second) or second.startswith(first)
            )  # fmt: skip
        tolerance = 0.03 if self.kind == "duration" and max(self.value, other.value) > 27 else 1e-9
        is_months = self.value % 1 > 0 or other.value % 1 > 0
        return abs(self.value - other.value) <= (tolerance if is_months else 1e-9) * max(self.value, other.value)


def figures(text: str) -> list[Figure]:
    """Find the figures of a sentence, in their order; what is longer than 1,000 code points is cut."""
    text = text[:_LONGEST]
    in_words = any(word in _WORDS for word in _SPLIT.findall(text.casefold()))
    if not (in_words or _DIGIT.search(text)):
        return []
    found: list[Figure] = []
    taken = bytearray(len(text))
    plain, readers = _IN_WORDS if in_words else _IN_DIGITS
    for pattern, read in readers:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]) or (value := read(match)) is None:
                continue
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            found.append(Figure(*value, match.start(), match.end()))
    found += _others(text, taken, plain)
    return sorted(found, key=lambda f: f.start)


def iso_of(year: str | None, month: str | int | None = None, day: str | int | None = None) -> str | None:
    """Give a date in ISO 8601 as far as it is known; None if no calendar has it."""
    number = _MONTHS.get(month.casefold().rstrip("."), 0) if isinstance(month, str) else month
    if month is not None and not (number and 1 <= number <= 12):
        return None
    if day is not None and not 1 <= int(day) <= 31:
        return None
    parts = [year or "-", *([f"{number:02}"] if number else []), *([f"{int(day):02}"] if day is not None else [])]
    return "-".join(parts)


def _date(match: re.Match[str]) -> tuple[str, str] | None:
    found = match.groupdict()
    named, day = found.get("month"), found.get("day")
    month = int(named) if named is not None and named.isdigit() else named
    if isinstance(month, int) and month > 12 and day is not None and "/" in match.group():
        month, day = int(day), str(month)  # 31/3/2024
    value = iso_of(found.get("year"), month, day)
    return None if value is None else ("date", value)


def _time(match: re.Match[str]) -> tuple[str, float] | None:
    hour, minutes = int(match["hour"]), int(match["minutes"] or 0)
    half = (match["half"] or "").casefold()
    if half.startswith("p") and hour < 12:
        hour += 12
    if half.startswith("a") and hour == 12:
        hour = 0
    return ("time", hour * 60.0 + minutes) if hour < 25 and minutes < 60 else None


def _money(match: re.Match[str]) -> tuple[str, float]:
    factor = _TIMES.get((match["times"] or "").casefold(), 1.0)
    return f"money:{_CURRENCIES[match['currency'].casefold()]}", number_of(match["number"]) * factor


def _percent(match: re.Match[str]) -> tuple[str, float]:
    return "percent", number_of(match["number"])


def _duration(match: re.Match[str]) -> tuple[str, float]:
    return "duration", number_of(match["number"]) * _DAYS[match["unit"].casefold()]


def number_of(words: str) -> float:
    """Read a number in digits (1,200.50, 1.200,50) or in words (twenty-five, fünfundzwanzig)."""
    if not words[0].isdigit():
        return float(_WORDS[words.casefold()])
    plain = re.sub(r"[,.’'](?=\d{3}(?!\d))", "", words)
    return float(plain.replace(",", "."))


def _others(text: str, taken: bytearray, plain: re.Pattern[str]) -> Iterator[Figure]:
    """Give the numbers that are no date and no amount, with the noun behind or before them."""
    for match in plain.finditer(text):
        words = match.group().casefold()
        if any(taken[match.start() : match.end()]) or words in _ARTICLES:
            continue
        value = number_of(match.group())
        noun, end = _noun_after(text, match.end())
        if not noun and 1900 <= value <= 2100 and len(words) == 4 and words.isdigit():
            yield Figure("year", words, match.start(), match.end())
            continue
        kind = f"count:{noun}" if noun else _label(text[max(0, match.start() - 40) : match.start()])
        yield Figure(kind, value, match.start(), end)


def _noun_after(text: str, at: int) -> tuple[str, int]:
    following = _AFTER.match(text, at)
    if following is None:
        return "", at
    found = terms(following.group(1))
    return (next(iter(found)), following.end()) if found else ("", at)


def _label(before: str) -> str:
    match = _BEFORE.search(before)
    found = terms(match.group(1)) if match else set()
    word = next(iter(found), "")
    return f"label:{word}" if word and match and match.group(1).casefold() not in _NO_LABEL else BARE


_YEAR = r"(?P<year>(?:19|20)\d\d)"
_Read = Callable[[re.Match[str]], tuple[str, float | str] | None]


def _patterns(number: str) -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], _Read], ...]]:
    """Give the pattern of a plain number, and those of the figures that say more, the first that fits first."""
    readers: tuple[tuple[str, _Read], ...] = (
        (rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)\b", _date),
        (rf"\b(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}\b", _date),
        (rf"\b(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/{_YEAR}\b", _date),
        (rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:of\s)?(?P<month>{MONTH})(?:,?\s{_YEAR}\b)?", _date),
        (rf"\b(?P<month>{MONTH})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,?\s{_YEAR}\b)?", _date),
        (rf"\b(?P<month>{MONTH})\s{_YEAR}\b", _date),
        (r"\b(?P<hour>\d{1,2})[:.](?P<minutes>\d\d)\s?(?P<half>[ap]\.?m\b\.?|uhr\b)", _time),
        (r"\b(?P<hour>\d{1,2}):(?P<minutes>\d\d)(?P<half>)\b(?!:)", _time),
        (r"\b(?P<hour>\d{1,2})(?P<minutes>)\s?(?P<half>[ap]\.?m\b\.?|uhr\b|o['’]clock)", _time),
        (rf"(?<!\w)(?P<currency>{_CURRENCY})\s?(?P<number>{_NUMBER}){_TIMES_PATTERN}", _money),
        (rf"(?P<number>{number}){_TIMES_PATTERN}[\s-]?(?P<currency>{_CURRENCY})(?!\w)", _money),
        (rf"(?P<number>{number})\s?(?:%|per\s?cent\b|percent\b|prozent\b|pct\b)", _percent),
        (rf"(?P<number>{number})[\s-](?:[^\W\d_]+[\s-])?{_UNIT}", _duration),
    )
    compiled = tuple((re.compile(pattern, re.IGNORECASE), read) for pattern, read in readers)
    return re.compile(number, re.IGNORECASE), compiled


# Most sentences hold no number in words: they are spared the search for 200 of them.
_IN_DIGITS = _patterns(rf"(?<![\w.,/-]){_NUMBER}")
_IN_WORDS = _patterns(rf"(?<![\w.,/-])(?:{_NUMBER}|{_WORD_NUMBER})")

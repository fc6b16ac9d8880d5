"""Takes an English sentence apart: what leads it in, its subject, its verb, the rest; and asks with these parts; pure.

No grammar, only what a few patterns can tell surely: a sentence that does not fit them is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from studiolo.drafting.lemmas import base_of

_BE = {"is", "are", "was", "were"}
_MODALS = {"will", "can", "may", "must", "shall", "should", "could", "would"}
_HAVE = {"has", "have", "had"}
_LEAD = re.compile(
    r"(?:if|when|while|during|in|on|for|as of|at|after|before|upon|"
    r"by|under|since|through|within|with|once|to|until|unless)"
    r"\s(?:[^,;:]|,(?=\s?\d{4}\b)|,(?=\d{3}\b)){3,110}(?:(?<=\d{4})\b,|,)\s+(?!and\b|or\b)",
    re.IGNORECASE,
)
_DATE_IN_LEAD = re.compile(r"[A-Z][a-z]+ \d{1,2}$")
_STOPS_SUBJECT = frozenset(
    "that which who whom whose if when while because although though since unless where whether but so than as".split()
)
_NO_SUBJECT = frozenset(
    "there it this these those that they he she which what who here some most many others both such each another one "
    "including based compared as in on at by for from with to of if when while please because although into not no "
    "after before during until under within upon neither either any "
    "following same several various certain none due given depending using".split()
)
_SMALL_AFTER_START = frozenset(
    "one two three four five six the a an our your my their its all each every any no these those this that some we "
    "you if when during in on for as at after before upon by under since through within with once to until unless "
    "while".split()
)
_COMMON_NOUNS = frozenset(
    "employees members participants customers patients revenue income interest cash leave gross net total other "
    "research product products operating sales costs expenses coverage providers provider shares services unused "
    "annual".split()
)
_COMMON_ENDING = re.compile(r"(?:tion|ment|ity|ance|ence|ing|ness|ship|ions|ments|ities|ees|ers|ed|al|ive|ary)$")
_LAST_ADVERB = re.compile(r"\s+(?:also|only|generally|typically|usually|currently|always|primarily|\w{3,}ly)$")
_ADVERBS = re.compile(
    r"(?:also|not|generally|typically|usually|currently|only|always|"
    r"then|therefore|automatically|primarily|often|\w{3,}ly|"
    r"both|each|normally|immediately|approximately)\s+",
    re.IGNORECASE,
)
_MOST_SUBJECT_WORDS = 9
_ORDERS = re.compile(
    r"(?:ensure|imagine|make|let|use|try|consider|keep|choose|create|add|get|remember|suppose|provide|include) "
    r"(?:an?|the|your|all|any|sure|that|us)\b",
    re.IGNORECASE,
)
_LOOKED_AT = 15
_ARTICLES = frozenset("the a an our your their its all any no each every of".split())
_RATHER_NOUNS = frozenset(
    "costs shares values uses changes results sales increases "
    "decreases declines charges issues purchases releases supplies "
    "transfers estimates accounts names limits records measures reviews shares reports grants leads".split()
)
_PARTICIPLE = re.compile(
    r"(?:ed|been|not|made|paid|become|begun|given|taken|held|sold|spent|grown|fallen|"
    r"risen|put|set|led|kept|lost|built|sought|found|seen|had|come|gone|done|met|said)$"
)
_PREPOSITIONS = frozenset("by in for from under with to on at of during as".split())
# What these say of a figure is by how much it changed.
CHANGES = frozenset({"increase", "decrease", "grow", "rise", "decline", "fall"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence in parts; `rest_at` is the place in `flat` at which what follows the verb begins.

    `lead` is an adverbial before the subject ("if you leave early"), or empty. `helper` is the word that changes places
    with the subject in a question; `verb` is the full verb's base form, or empty where `rest` holds it.
    """

    flat: str
    lead: str
    subject: str
    helper: str
    verb: str
    rest_at: int

    @property
    def rest(self) -> str:
        """What follows the verb, without the full stop."""
        return self.flat[self.rest_at :].rstrip(" .")

    @property
    def is_copula(self) -> bool:
        """Tell whether the verb is a form of *to be*."""
        return not self.verb and self.helper in _BE

    @property
    def is_modal(self) -> bool:
        """Tell whether the verb is a modal one."""
        return self.helper in _MODALS

    def inverted(self, words: str = "", *, with_lead: bool = True) -> str:
        """Write helper, subject and verb as in a question, then these words, then the lead."""
        parts = [self.helper, self.subject, self.verb, words]
        line = " ".join(p for p in parts if p)
        return f"{line} {self.lead}" if self.lead and with_lead else line


def clause_of(flat: str, around: str = "") -> Clause | None:
    """Take a sentence apart, or give None where the patterns cannot.

    Args:
        flat: The sentence on one line.
        around: The text that it stands in; a first word that stands there in small letters is no name.
    """
    lead, at = "", 0
    match = _LEAD.match(flat)
    if match is not None and not _DATE_IN_LEAD.search(match.group().rstrip(", ")):
        lead, at = match.group().rstrip(", "), match.end()
    found = _verb(flat, at)
    if found is None:
        return None
    verb_at, verb_end, helper, verb = found
    subject = _LAST_ADVERB.sub("", flat[at:verb_at].strip())
    if not _is_subject(subject) or (helper == "do" and not _is_plural(subject)):
        return None
    adverb = _ADVERBS.match(flat, verb_end)
    if adverb is not None and adverb.group().strip().casefold() == "not":
        return None
    if adverb is not None:
        verb_end = adverb.end()
    return Clause(flat, _small(lead, around), _small(subject, around), helper, verb, verb_end)


def _verb(flat: str, at: int) -> tuple[int, int, str, str] | None:
    """Find the first finite verb behind `at`: where it stands, where what follows begins, its helper, its base."""
    words = [(m.group(), at + m.start(), at + m.end() + 1) for m in re.finditer(r"\S+", flat[at:])]
    found: tuple[int, int, str, str] | None = None
    unsure = ""
    for n, (word, start, end) in enumerate(words[:_LOOKED_AT]):
        small = word.casefold().strip("“”\"'().")
        behind = (w.casefold() for w, _, _ in words[n + 1 : n + 3])
        following = next((w for w in behind if not w.endswith("ly")), "")
        if small in _STOPS_SUBJECT or small == "to" or (found and small == "and") or (found and not unsure):
            break
        helper = _helper(small, following) if n else None
        if helper is not None:
            return start, end, *helper
        follows_article = n > 0 and words[n - 1][0].casefold() in _ARTICLES
        base = base_of(small) if n and word.islower() and word[0].isalpha() and not follows_article else None
        if base is not None and not _is_participle(small, base, following):
            unsure = _doubt(small, base, following)
            found = start, end, _do_for(small, base), base
        if word[-1] in ",;:" and not word[:-1].isdigit():
            break
    return None if unsure == "noun" else found


def _helper(word: str, following: str) -> tuple[str, str] | None:
    """Give the helper of a question, and the base form, for a form of be or have or a modal verb."""
    if word in _HAVE and not _PARTICIPLE.search(following.strip(".,;")):
        return {"has": "does", "have": "do", "had": "did"}[word], "have"
    return (word, "") if word in _BE | _MODALS | _HAVE else None


def _doubt(form: str, base: str, following: str) -> str:
    """Say what a verb form may be instead: a noun, a participle, or nothing else ("")."""
    if form in _RATHER_NOUNS:
        return "noun"
    may_be = form != base and not form.endswith("s") and following in _PREPOSITIONS | _BE and base not in CHANGES
    return "participle" if may_be else ""


def _is_participle(form: str, base: str, following: str) -> bool:
    """Tell "cash provided by" from "sales decreased by"."""
    return form.endswith("ed") and following == "by" and base not in CHANGES


def _do_for(form: str, base: str) -> str:
    if form == base:
        return "do"
    return "does" if form.endswith("s") else "did"


def _is_subject(subject: str) -> bool:
    words = subject.split()
    if not words or len(words) > _MOST_SUBJECT_WORDS or words[0].casefold() in _NO_SUBJECT:
        return False
    if re.search(r"[,;:()“”\"$%]|\bsuch\b|\bthese\b|\bthis\b|\bthose\b|\btheir\b|\bits\b", subject):
        return False
    if _ORDERS.match(subject) or re.search(r" you$|[a-z](?:You|We)$", subject, re.IGNORECASE):
        return False
    return not re.match(r"(?:\w+ly|\w+ing)\b", subject.casefold()) or len(words) <= 3


def _is_plural(subject: str) -> bool:
    """Tell whether a plain verb form can follow; it cannot in "Try to get", which orders something."""
    return (
        subject.casefold() in {"you", "we", "people"}
        or subject.endswith("s")
        or " and " in subject
        or " of " in subject
    )


def _small(words: str, around: str) -> str:
    """Write a sentence's first word small, unless it is a name."""
    first, _, others = words.partition(" ")
    if not first or first == "I" or (first.isupper() and len(first) > 1) or not first[0].isupper():
        return words
    lowered = first[0].lower() + first[1:]
    begins_name = re.match(r"(?:(?:and|of|&) )?[A-Z]", others) is not None
    named = re.search(rf"[a-z,;] {re.escape(first)}(?!\w)", around) is not None
    if lowered not in _SMALL_AFTER_START and (begins_name or named):
        return words
    common = (
        lowered in _SMALL_AFTER_START | _COMMON_NOUNS
        or (first.endswith("s") and len(first) > 4)
        or ("-" in first and first[1:].islower())
        or _COMMON_ENDING.search(lowered) is not None
        or re.search(rf"(?<!\w){re.escape(lowered)}(?!\w)", around) is not None
    )
    return f"{lowered} {others}".strip() if common else words

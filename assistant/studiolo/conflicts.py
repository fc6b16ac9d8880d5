"""Where documents answer a question differently: the sentences side by side, with the dates of their documents; pure.

What is compared are sentences of different documents whose score is near the best one's; the vectors are those of the
evidence, so that nothing is embedded. Two kinds of documents differ without a conflict: those of different periods
(quarterly reports), and those of which the question names one. No figure of one document may stand in the other in a
sentence of the same subject: a ladder of two steps is not at odds with itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from studiolo.contradictions import LEAST_COSINE, Difference, Statement, difference
from studiolo.document_dates import DateFrom, DocumentDate
from studiolo.evidence import Evidence
from studiolo.figures import figures
from studiolo.sentences import is_number, terms
from studiolo_indexer.records import Passage

# Shares of the best score: a sentence that answers, and one that may say the opposite.
_NEAR, _LESS_NEAR = 0.75, 0.5
_MOST_SENTENCES = 32
_MOST_CONFLICTS = 3
_MOST_SIDES = 6
_MOST_WORDS = 8
_SAME_BEGINNING = 6
_COMPARES = re.compile(
    r"\b(?:compar\w+|differ\w*|versus|vs|chang\w+|over time|trends?|evol\w+|increas\w*|decreas\w*|grow\w*"
    r"|unterschied\w*|vergleich\w*|veränder\w*|entwickl\w*)\b",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"\b(?:who|whom|whose|which (?:company|person|party|firm)|name of|wer|wem|wen|wessen|welche firma)\b", re.IGNORECASE
)
_OF_VERSIONS = terms(
    "amended amendment updated draft final copy old new version revised rev v signed entwurf endfassung kopie alt neu "
    "fassung"
)
_PERIOD = re.compile(
    r"(?<![^\W\d_])(?:q[1-4]|h[12]|kw\s?\d{1,2}|(?:first|second|third|fourth|1st|2nd|3rd|4th)\squarter"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez)[a-zäz]*|(?:19|20)\d\d-(?:0\d|1[0-2]))"
    r"(?![^\W_])",
    re.IGNORECASE,
)
_PERIODICAL = re.compile(
    r"report|bericht|statement|bilanz|invoice|rechnung|minutes|protokoll|payslip|abrechnung|forecast|budget|newsletter"
    r"|10-?[kq]\b|results|accounts|auszug",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"(?<=[\w,;] )[A-Z][^\W_]+")


@dataclass(frozen=True, slots=True)
class Side:
    """What one document says: `quote` is the slice of its text from `start` to `end`, `value` the words that differ.

    `number` is that of the passage in the evidence.

    `current` where its date is the newest, and all dates of the conflict come from the documents' words, or all from
    their files.
    """

    number: int
    passage: Passage
    start: int
    end: int
    quote: str
    value: str
    date: str
    date_from: DateFrom
    current: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two or more documents that differ in one thing; `about` are the words that their sentences share."""

    about: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence of the evidence that is near the answer; its score is a share of the best one's."""

    item: Evidence
    at: int
    statement: Statement
    score: float


def find_conflicts(
    question: str, evidence: Sequence[Evidence], date_of: Callable[[Passage], DocumentDate]
) -> tuple[Conflict, ...]:
    """Find where the documents of the evidence answer a question differently.

    Args:
        question: The user's words.
        evidence: As `find_evidence` gives it.
        date_of: Dates the document of a passage; asked only where there is a conflict.

    Returns:
        At most three conflicts, that of the best sentence first; the sides of each newest first, one a document.
    """
    if not evidence or _COMPARES.search(question):
        return ()
    asked = _Question(question, evidence)
    near = _near_sentences(evidence)
    found: list[Conflict] = []
    used: set[int] = set()
    for n, anchor in enumerate(near):
        if n in used or anchor.score < _NEAR or len(found) == _MOST_CONFLICTS:
            continue
        others = [(m, d) for m in range(len(near)) if m not in used and (d := asked.differ(anchor, near[m]))]
        if others:
            sides = _sides(anchor, [(near[m], d) for m, d in others])
            found.append(_conflict(anchor, sides, date_of))
            used |= {n, *(m for m, _ in others)}
    return tuple(found)


def _near_sentences(evidence: Sequence[Evidence]) -> list[_Said]:
    """Give the sentences whose score is near the best one's, best first; scores as shares of it."""
    best = max(max(item.scores) for item in evidence) or 1.0
    scored = [
        (-score / best, item.number, at, item)
        for item in evidence
        for at, score in enumerate(item.scores)
        if score >= _LESS_NEAR * best
    ]
    scored.sort(key=lambda row: row[:3])
    return [
        _Said(item, at, statement, -score)
        for score, _, at, item in scored[:_MOST_SENTENCES]
        if (statement := Statement(_text(item, at))).is_comparable
    ]


class _Question:
    """Compares sentences for one question."""

    def __init__(self, question: str, evidence: Sequence[Evidence]) -> None:
        self._terms = terms(question)
        self._names = {t for name in _CAPITAL.findall(question) for t in terms(name)}
        self._asks_who = _WHO.search(question) is not None
        self._evidence = evidence
        self._relations: dict[tuple[str, str], tuple[bool, bool]] = {}
        self._around: dict[int, frozenset[str]] = {}
        self._statements: dict[tuple[int, int], Statement] = {}

    def differ(self, first: _Said, second: _Said) -> Difference | None:
        """Find in what two sentences of different documents contradict each other, where both answer the question."""
        ours, theirs = first.item.passage, second.item.passage
        if ours.doc_id == theirs.doc_id or ours.sha256 == theirs.sha256 != "":
            return None
        cosine = float(first.item.vectors[first.at] @ second.item.vectors[second.at])
        if cosine < LEAST_COSINE:
            return None
        comparable, are_versions = self._relation(ours, theirs)
        if not comparable:
            return None
        found = difference(
            first.statement, second.statement, cosine=cosine, are_versions=are_versions, asks_who=self._asks_who
        )
        if found is None or self._names_one(first, second, are_versions=are_versions):
            return None
        if self._says(first, second, found.second) or self._says(second, first, found.first):
            return None
        return found

    def _relation(self, ours: Passage, theirs: Passage) -> tuple[bool, bool]:
        """Tell whether two documents may be at odds, and whether they are versions of one."""
        key = (ours.path_text, theirs.path_text)
        if key not in self._relations:
            self._relations[key] = self._related(ours, theirs)
        return self._relations[key]

    def _related(self, ours: Passage, theirs: Passage) -> tuple[bool, bool]:
        first, second = _name(ours), _name(theirs)
        apart = {w for w in terms(first) ^ terms(second) if not is_number(w) and w not in _OF_VERSIONS}
        are_versions = not apart
        periods = [{m.casefold() for m in _PERIOD.findall(name)} for name in (first, second)]
        of_periods = periods[0] != periods[1] and all(periods)
        of_years = terms(first) != terms(second) and all(_PERIODICAL.search(name) for name in (first, second))
        return not (of_periods or of_years), are_versions

    def _names_one(self, first: _Said, second: _Said, *, are_versions: bool) -> bool:
        """Tell whether the question names one of two documents, or what only one of them is about."""
        for own, other in ((first, second), (second, first)):
            if self._terms & (_words_of(own.item.passage) - self._known_of(other)):
                return True
        if are_versions:
            return False
        return not all(_holds(self._known_of(said), name) for name in self._names for said in (first, second))

    def _known_of(self, said: _Said) -> frozenset[str]:
        """Give what a sentence is known to be about: its words and what stands around it."""
        number = said.item.number
        if number not in self._around:
            self._around[number] = _around(said.item.passage)
        return said.statement.all_terms | self._around[number]

    def _says(self, speaker: _Said, other: _Said, value: str) -> bool:
        """Tell whether a document says the other one's value too, of the same subject."""
        wanted = figures(value)
        subject = speaker.statement.terms & other.statement.terms
        if not wanted:
            return False
        for item in self._evidence:
            if item.passage.doc_id != speaker.item.passage.doc_id:
                continue
            for at in range(len(item.sentences)):
                said = self._statements.setdefault((item.number, at), Statement(_text(item, at)))
                same = len(said.terms & subject) >= 0.6 * len(subject)
                if same and any(f.same(wanted[0]) for f in said.figures):
                    return True
        return False


def _name(passage: Passage) -> str:
    """Give a document's name and title as words."""
    stem = re.sub(r"[_\W]+", " ", PurePath(passage.path_text).stem)
    return re.sub(r"(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])", " ", stem) if not _PERIOD.search(stem) else stem


def _words_of(passage: Passage) -> set[str]:
    """Give the words that tell a document from others: those of its name and its title."""
    return terms(f"{_name(passage)} {passage.context.partition(' > ')[0]}")


def _around(passage: Passage) -> frozenset[str]:
    """Give what a passage is known to be about: its words, and with their numbers those above it and its name."""
    words = {t for t in terms(passage.text) if not is_number(t)}
    return frozenset(words | terms(f"{passage.context} {_name(passage)}"))


def _holds(known: frozenset[str], name: str) -> bool:
    """Tell whether a word, or one that begins like it, is among those known: German puts words together."""
    return name in known or any(term[:_SAME_BEGINNING] == name[:_SAME_BEGINNING] for term in known)


def _text(item: Evidence, at: int) -> str:
    span = item.sentences[at]
    return item.passage.text[span.start : span.end]


def _sides(anchor: _Said, others: Sequence[tuple[_Said, Difference]]) -> list[tuple[_Said, str]]:
    """Give the best sentence of each document that differs in the same thing, with its words that differ."""
    value = others[0][1].first
    sides = {anchor.item.passage.doc_id: (anchor, value)}
    for said, found in others:
        if found.first == value:
            sides.setdefault(said.item.passage.doc_id, (said, found.second))
    return list(sides.values())[:_MOST_SIDES]


def _conflict(
    anchor: _Said, sides: Sequence[tuple[_Said, str]], date_of: Callable[[Passage], DocumentDate]
) -> Conflict:
    dates = [date_of(said.item.passage) for said, _ in sides]
    newest = max(d.date for d in dates)
    comparable = len({d.source == "file" for d in dates}) == 1 and [d.date for d in dates].count(newest) == 1
    made = [
        _side(said, value, found, current=comparable and found.date == newest)
        for (said, value), found in zip(sides, dates, strict=True)
    ]
    made.sort(key=lambda side: side.date, reverse=True)
    return Conflict(_about([said for said, _ in sides], anchor), tuple(made))


def _side(said: _Said, value: str, date: DocumentDate, *, current: bool) -> Side:
    passage, span = said.item.passage, said.item.sentences[said.at]
    start, end = passage.start + span.start, passage.start + span.end
    return Side(said.item.number, passage, start, end, said.statement.text, value, date.date, date.source, current)


def _about(sides: Sequence[_Said], anchor: _Said) -> str:
    """Give the words of the best sentence that all share, in its order."""
    shared = frozenset.intersection(*(said.statement.terms for said in sides))
    words = [w for w in anchor.statement.words if terms(w) and terms(w) <= shared]
    return " ".join(list(dict.fromkeys(words))[:_MOST_WORDS])

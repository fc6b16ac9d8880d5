"""Do two sentences say the same of one thing, but for a figure, a name, a day, or a denial? Pure; English and German.

Precision before recall: two sentences contradict each other only where their other words agree. A word more on one
side mostly says of whom it is true ("part-time employees"), so few are let pass, and none that restricts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from studiolo.figures import BARE, DATE_KINDS, Figure, figures
from studiolo.sentences import denies, is_number, terms

LEAST_COSINE = 0.5
"""Two sentences whose vectors are further apart say different things, whatever their words."""
_LEAST_COSINE_IN_OTHER_WORDS = 0.7
_LEAST_FOR_DENIAL = 0.8
_MOST_FIGURES = 6
_MOST_DIFFERENCES = 3
_LONGEST = 420
_MOST_NAME_WORDS = 5
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Words that change nothing of what is said: of whom all is said, and what merely joins a subject to its figure.
_NEUTRAL = terms(
    "entitled entitlement receive receives get gets grant granted grants give given amount amounts total equal equals "
    "stand stands need needs per year annual annually yearly every each any everyone everybody employee staff member "
    "team worker colleague person people work working business calendar day days period time currently now set fixed "
    "allowance available provided provide offer offered up least most maximum minimum exactly about approximately "
    "limit limited therefore however also well made make take taken use used please note rule rules policy agreement "
    "contract party parties jeder jede jedes alle allen mitarbeiter mitarbeiterin mitarbeitende beschäftigte haben hat "
    "erhält erhalten bekommt bekommen beträgt betragen stehen steht zu pro jahr jährlich anspruch auf von mit im in am "
    "an bei für für den dem des einer eines einem einen zum zur bis höchstens mindestens maximal insgesamt es er sie "
    "wird werden kann können muss müssen soll sollen vertrag regel regeln dauert gilt gelten tag tage tagen is are be"
) | set("dem den des im am an auf von mit zu für bis".split())
# Words that say for whom or for what alone something holds.
_RESTRICTING = terms(
    "part full half unpaid sick sickness parental maternity paternity special additional extra temporary probation "
    "probationary trial senior junior child children adult adults student students intern interns apprentice guest "
    "guests international domestic overseas abroad foreign local weekend weekends night emergency first second third "
    "last initial former previous next other another except excluding unless online premium standard basic plus "
    "business private commercial residential network gross net old new severely disabled teilzeit vollzeit unbezahlt "
    "krank elternzeit probezeit sonderurlaub zusätzlich kinder erwachsene azubi auszubildende studenten ausland inland "
    "erste zweite dritte letzte weitere andere außer nacht wochenende"
)
_IDIOMS = re.compile(
    r"\b(?:(?:no|not) (?:later|more|less|fewer|earlier|longer|before|after)(?: than)?|not exceed\w*|not only"
    r"|not limited to|whether or not|if not|no matter|without prejudice|nicht (?:nur|mehr als|länger als|später als)"
    r"|no\. ?\d+)\b",
    re.IGNORECASE,
)
_POLES = (
    ("allowed permitted may erlaubt gestattet zulässig darf dürfen", "forbidden prohibited banned verboten untersagt"),
    ("mandatory compulsory obligatory required must verpflichtend", "optional voluntary freiwillig"),
    ("included inclusive inbegriffen enthalten", "excluded exclusive ausgeschlossen"),
    ("taxable steuerpflichtig", "exempt steuerfrei"),
    ("refundable erstattungsfähig", "non-refundable nonrefundable"),
)
_POLE_OF = {
    word: (n, pole) for n, poles in enumerate(_POLES) for pole, words in enumerate(poles) for word in words.split()
}
_CHOICES = (
    ("monday mondays montag montags", "tuesday tuesdays dienstag dienstags", "wednesday wednesdays mittwoch mittwochs",
     "thursday thursdays donnerstag donnerstags", "friday fridays freitag freitags",
     "saturday saturdays samstag samstags", "sunday sundays sonntag sonntags"),
    ("daily täglich", "weekly wöchentlich", "fortnightly biweekly", "monthly monatlich",
     "quarterly vierteljährlich quartalsweise", "annually yearly jährlich"),
)  # fmt: skip
_CHOICE_OF = {
    word: (n, choice) for n, choices in enumerate(_CHOICES) for choice, words in enumerate(choices)
    for word in words.split()
}  # fmt: skip
_JUDGED = frozenset((*_POLE_OF, *_CHOICE_OF))
_AT_LEAST = re.compile(
    r"\b(?:at least|minimum|not less than|mindestens|more than|mehr als|over(?= \d))\b", re.IGNORECASE
)
_AT_MOST = re.compile(
    r"\b(?:at most|up to|maximum|(?:no|not) (?:more|later) than|not exceed\w*|within|höchstens|bis zu|maximal)\b",
    re.IGNORECASE,
)
# A date behind these is the document's own, and no answer.
_OF_ITSELF = re.compile(
    r"\b(?:revised|revision|updated|version|issued|published|printed|effective|copyright|adopted|fassung|stand|gültig"
    r"|ended|ending|as of|as at)\b",
    re.IGNORECASE,
)
_LEGAL = frozenset("gmbh ag kg ltd inc llc plc corp se sa bv mr mrs ms dr prof frau herr".split())
_PARTICLES = frozenset("von van de der den del la le und and of &".split())


class Statement:
    """A sentence, taken apart once for many comparisons; each part when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def figures(self) -> list[Figure]:
        """Its figures, in their order."""
        return figures(self.text)

    @cached_property
    def words(self) -> list[str]:
        """Its words without those of its figures, as they stand."""
        return _WORD.findall(self._plain)

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its content terms without figures."""
        kept = (word for word in self.words if word.casefold() not in _JUDGED and not denies(word))
        found = {t for t in terms(" ".join(kept)) if not is_number(t)}
        return frozenset(found | {w.casefold() for w in self.words if "-" in w})

    @cached_property
    def all_terms(self) -> frozenset[str]:
        """Its terms, figures included."""
        return frozenset(terms(self.text))

    @cached_property
    def subject(self) -> frozenset[str]:
        """Its terms that say what it is about."""
        return self.terms - _NEUTRAL

    @cached_property
    def denies(self) -> bool:
        """Whether it denies; "no later than" does not."""
        return denies(_IDIOMS.sub(" ", self._plain))

    @cached_property
    def poles(self) -> dict[int, tuple[bool, str]]:
        """What it allows or forbids, by the kind of pole: whether it holds, and the word that says so."""
        found = ((word, _POLE_OF[word.casefold()]) for word in self.words if word.casefold() in _POLE_OF)
        return {kind: ((pole == 0) is not self.denies, word) for word, (kind, pole) in found}

    @cached_property
    def choices(self) -> dict[int, tuple[int, str]]:
        """Its days of the week and its frequencies; a kind that it has twice has no value."""
        found: dict[int, tuple[int, str]] = {}
        for word in self.words:
            if (choice := _CHOICE_OF.get(word.casefold())) is not None:
                kind, value = choice
                found[kind] = (-1 if kind in found and found[kind][0] != value else value, word)
        return found

    @cached_property
    def _plain(self) -> str:
        pieces, at = [], 0
        for figure in self.figures:
            pieces.append(self.text[at : figure.start])
            at = figure.end
        return " # ".join([*pieces, self.text[at:]])

    @property
    def is_comparable(self) -> bool:
        """Whether it is one statement: no table, no question, no list of figures."""
        lines = self.text.count("\n")
        is_table = "|" in self.text or "\t" in self.text
        return (
            len(self.text) <= _LONGEST
            and not is_table
            and lines <= 8
            and not self.text.endswith("?")
            and len(self.figures) <= _MOST_FIGURES
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two sentences differ: the words of either side, each a slice of its sentence."""

    first: str
    second: str


def difference(
    first: Statement, second: Statement, *, cosine: float, are_versions: bool, asks_who: bool = False
) -> Difference | None:
    """Find the one thing in which two sentences that say the same otherwise contradict each other.

    Args:
        first, second: The sentences.
        cosine: Of their vectors.
        are_versions: Whether they stand in versions of one document; they may then differ in a word or two besides.
        asks_who: Whether a name is asked for.
    """
    if cosine < LEAST_COSINE:
        return None
    ours, theirs = _left(first, second)
    if not (ours or theirs) and (name := _names(first, second, asks_who=asks_who)) is not None:
        return name
    if first.terms != second.terms and cosine < _LEAST_COSINE_IN_OTHER_WORDS:
        return None
    if not _agree(first, second, cosine, are_versions=are_versions):
        return None
    if ours or theirs:
        return _figures(first, second, ours, theirs, are_versions=are_versions)
    return _denial(first, second, cosine)


def _agree(first: Statement, second: Statement, cosine: float, *, are_versions: bool) -> bool:
    """Tell whether two sentences are about the same thing by their words without figures."""
    if len(first.terms & second.terms) < 2 or not first.subject & second.subject:
        return False
    ours, theirs = first.subject - second.subject, second.subject - first.subject
    if (ours | theirs) & _RESTRICTING or any("-" in term for term in ours | theirs):
        return False
    if _may_both_hold(first.text, second.text) or _may_both_hold(second.text, first.text):
        return False
    if ours and theirs:
        return are_versions and len(ours) == len(theirs) == 1 and cosine >= 0.85
    return len(ours | theirs) <= (2 if are_versions else 1)


def _may_both_hold(first: str, second: str) -> bool:
    """Tell whether one gives a lower bound and the other an upper one."""
    return _AT_LEAST.search(first) is not None and _AT_MOST.search(second) is not None


def _left(first: Statement, second: Statement) -> tuple[list[Figure], list[Figure]]:
    """Give the figures of each sentence that the other does not have."""
    theirs = list(second.figures)
    ours = []
    for figure in first.figures:
        at = next((n for n, other in enumerate(theirs) if figure.same(other)), None)
        if at is None:
            ours.append(figure)
        else:
            del theirs[at]
    return ours, theirs


def _figures(
    first: Statement, second: Statement, ours: list[Figure], theirs: list[Figure], *, are_versions: bool
) -> Difference | None:
    """Name the figure in which they differ; a year or a day that differs too says that both may be true."""
    pairs = list(zip(ours, theirs, strict=False))
    same_kinds = len(ours) == len(theirs) and all(a.kind == b.kind for a, b in pairs)
    if not same_kinds or len(pairs) > _MOST_DIFFERENCES or any(a.kind == BARE for a, _ in pairs):
        return None
    values = [(a, b) for a, b in pairs if a.kind not in DATE_KINDS]
    if len(values) > 1 and first.subject != second.subject:
        return None
    if values and len(values) < len(pairs) and not are_versions:
        return None
    if not values and (_OF_ITSELF.search(first.text) or _OF_ITSELF.search(second.text)):
        return None
    a, b = (values or pairs)[0]
    return Difference(first.text[a.start : a.end], second.text[b.start : b.end])


def _denial(first: Statement, second: Statement, cosine: float) -> Difference | None:
    """Find what one sentence allows, or says, and the other does not; or another day of the week."""
    if cosine < _LEAST_FOR_DENIAL or first.subject != second.subject:
        return None
    for kind in first.choices.keys() & second.choices.keys():
        (ours, word), (theirs, other) = first.choices[kind], second.choices[kind]
        if ours != theirs and -1 not in (ours, theirs):
            return Difference(word, other)
    common = first.poles.keys() & second.poles.keys()
    for kind in common:
        (holds, word), (other_holds, other) = first.poles[kind], second.poles[kind]
        if holds != other_holds:
            return Difference(_with_denial(first, word), _with_denial(second, other))
    if not common and first.denies != second.denies and not (first.poles or second.poles):
        return Difference(_with_denial(first, ""), _with_denial(second, ""))
    return None


def _with_denial(statement: Statement, word: str) -> str:
    """Give the words that say yes or no, as one slice of the sentence; all of it where nothing else does."""
    found = [m for m in _WORD.finditer(statement.text) if denies(m.group()) or m.group() == word]
    return statement.text[found[0].start() : found[-1].end()] if found else statement.text


def _names(first: Statement, second: Statement, *, asks_who: bool) -> Difference | None:
    """Find the names in which two sentences differ that are the same before and behind them."""
    ours, theirs = list(_WORD.finditer(first.text)), list(_WORD.finditer(second.text))
    before = _common([m.group().casefold() for m in ours], [m.group().casefold() for m in theirs])
    room = min(len(ours), len(theirs)) - before
    behind = min(room, _common(*([m.group().casefold() for m in reversed(side)] for side in (ours, theirs))))
    a, b = ours[before : len(ours) - behind], theirs[before : len(theirs) - behind]
    # A sentence that begins with a name is about it: nothing is said of one thing then.
    subject = " ".join(m.group() for m in ours[:before])
    if not terms(subject) or not (_is_name(a, asks_who) and _is_name(b, asks_who)):
        return None
    return Difference(first.text[a[0].start() : a[-1].end()], second.text[b[0].start() : b[-1].end()])


def _common(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """Count the words with which both begin."""
    return next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))


def _is_name(words: Sequence[re.Match[str]], asks_who: bool) -> bool:
    """Tell whether words are a name: capitals, and two of them or a title, where no name was asked for."""
    plain = [m.group() for m in words]
    if not plain or len(plain) > _MOST_NAME_WORDS or not (plain[0][0].isupper() and plain[-1][0].isupper()):
        return False
    if any(w.casefold() in _CHOICE_OF or not (w[0].isupper() or w.casefold() in _PARTICLES) for w in plain):
        return False
    return asks_who or len(plain) > 1 or any(w.casefold() in _LEGAL for w in plain)

"""Which question needs the one before it, and what is looked for then: English and German; pure.

No model is asked: rules answer at once, and the same each time. They err on one side: a question that is taken for
whole is searched as it stands, which is no worse than it was; one that is wrongly taken for a follow-up drags an
earlier topic along. benchmarks/follow_ups.py counts both.

A *fragment* has no clause of its own ("And for part-time staff?"): it takes its place in the question before it. A
clause that *points back* ("By when must they be taken?") keeps its words and gets the content words of that question
behind them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from studiolo.sentences import terms

MOST_EARLIER = 6
"""So many earlier questions are looked at."""

_MOST_CHARS = 400
"""A longer question stands on its own; of a longer earlier one the beginning counts."""
_MOST_CARRIED = 12
_MOST_OWN = 5
"""Content words of a fragment; more say enough."""
_FEW = 2
_SHORT = 3

_WORD = re.compile(r"[^\W_]+(?:[-'’.&/][^\W_]+)*")
_NAME = re.compile(r"[^\W\da-z_][\w'’-]*(?: (?:of )?[^\W\da-z_][\w'’-]*)*")
_LEAD = re.compile(
    r"\s*(?:(?:and|but|or|so|then|und|aber|oder|dann)\b[\s,]*)?"
    r"(?:(?:what|how) about\b|what of\b|was ist mit\b|was gilt (?=f[üu]r\b)"
    r"|wie (?:sieht|ist|steht) es (?:mit\b|(?=\w))|wie sieht['’]?s (?:mit\b|(?=\w)))?[\s,]*",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"[\s,]+(?:too|as well|either|instead|auch|ebenfalls|aus)$", re.IGNORECASE)
_ASKING = frozenset(
    """
    who whom whose what which when where why how wer wen wem wessen was welche welcher welches welchen welchem wann wo
    wohin woher warum wieso weshalb wozu wofür womit wie
    """.split()
)
_PREPOSITIONS = frozenset(
    """
    in for of under at on with from by to during before after without until since above below beyond about between
    within outside für bei von mit nach vor während ohne bis seit ab über unter zu im am beim vom zum zur an auf aus
    gegen außerhalb innerhalb wegen trotz
    """.split()
)
# Of each group one preposition stands against another: "before probation", "after probation".
_ALIKE = (
    frozenset("before after during until since vor nach während bis seit ab".split()),
    frozenset("in im at inside within outside innerhalb außerhalb".split()),
)
_VERBS = frozenset(
    """
    is are was were be am do does did has have had can could may might must shall should will would isn't aren't doesn't
    don't can't mustn't tell explain list show give describe name summarise summarize compare ist sind war waren hat
    haben hatte kann können darf dürfen muss müssen soll sollen sollte wird werden würde gilt gelten gibt nenne erkläre
    zeige zeig beschreibe sag
    """.split()
)
_GERMAN = frozenset(
    """
    der das den dem des ein eine einen einem einer und oder für bei von mit nach vor bis wie wer wann wo warum welche
    welcher welches welchem welchen wessen wem wen ist sind wird werden muss müssen kann können darf dürfen gilt gelten
    gibt haben nicht auch im
    """.split()
)
# Without these a question that begins with "Was" is German.
_ENGLISH = frozenset("the a an it there this that these those he she they any you your".split())
_ARTICLES = frozenset(
    """
    the a an each every any my our your some der die das den dem ein eine einen einem einer jede jeder jedes mein meine
    unser unsere
    """.split()
)
_BREAKS = frozenset("and or but if when while because although that und oder aber wenn weil dass".split())
_BEFORE_WHAT_IT_IS = frozenset("to that if when whether dass wenn ob bis zu".split())
_PLURAL = frozenset("they them their theirs these those ones".split())
_SINGULAR = frozenset("it its he she him her his this".split())
_GERMAN_BACK = frozenset(
    """
    es er sie ihn ihm ihnen ihre ihren ihrem ihrer seine seinen seinem seiner dies diese dieser dieses diesen diesem
    jene jener solche solcher dort dabei dafür davon daran darauf darin darüber dazu dagegen hierfür hierbei dessen
    """.split()
)
_LAST = frozenset(
    """
    too either instead there then that so else more afterwards thereafter beforehand elsewhere otherwise one auch sonst
    noch stattdessen danach davor vorher nachher anderswo woanders das ebenfalls trotzdem mehr
    """.split()
)
# "How do I fix that?", not "the days that lapse".
_BEFORE_A_POINTING_THAT = frozenset(
    "is does do did was will can would should has about for of with after before in to by from like than on".split()
)
# "Does the same apply to interns?", not "at the same time".
_SAME = re.compile(
    r"\b(?:the same|das ?(?:gleiche|selbe))(?: (?:apply|applies|hold|true|go|goes|for|gilt|für)\b|\W*$)|^gilt das\b",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"(?:what|who|where|when|how|anything|something|anyone) else\b|(?:was|wer|wo|wann) (?:sonst|noch)\b", re.IGNORECASE
)
_SAYS_WHAT = re.compile(
    r"(?:what|where|when|was|wo|wann) (?:is|are|ist|sind) (?:an? |eine? )?(\w[\w-]*)\W*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What is looked for.

    `follows` are the places of the earlier questions that words were taken from, newest first. Where it is empty the
    question stands on its own, and `words` are its own, letter for letter.
    """

    words: str
    follows: tuple[int, ...] = ()


def resolve(question: str, earlier: Sequence[str]) -> Resolved:
    """Complete a question with what was asked before, if it needs it.

    Args:
        question: The user's words, without filters; none at all ask the question before once more.
        earlier: The questions before it, oldest first, each as it was asked; the last `MOST_EARLIER` count.

    Returns:
        The words to look for. A question without earlier ones, or one that stands on its own, comes back unchanged.
    """
    topic = Resolved("")
    first = max(0, len(earlier) - MOST_EARLIER)
    for number, asked in enumerate(earlier[first:], start=first):
        found = _completed(asked, topic)
        topic = Resolved(found.words[:_MOST_CHARS], (number, *found.follows))
    return _completed(question, topic)


def _completed(question: str, topic: Resolved) -> Resolved:
    """Complete one question with the one before it; `topic.follows` says where that stands."""
    if len(question) > _MOST_CHARS or not terms(topic.words):
        return Resolved(question)
    asked = _Asked(question)
    if asked.is_fragment_of(topic.words):
        return Resolved(_put_into(topic.words, asked.rest), topic.follows)
    if asked.points_back:
        return Resolved(_with_topic(asked.rest, topic.words), topic.follows)
    return Resolved(question)


class _Asked:
    """A question taken apart: the words that tie it to what was said ("And what about"), and the rest."""

    def __init__(self, question: str) -> None:
        lead = _LEAD.match(question)
        at = lead.end() if lead else 0
        self.has_lead = question[:at].strip(" ,") != ""
        self.ends_as_question = question.rstrip().endswith("?")
        self.rest = question[at:].strip()
        self.said = [w for word in _WORD.findall(self.rest) for w in _apart(word)]
        self.small = [word.casefold() for word in self.said]
        self.is_german = _is_german(self.rest)
        self.content = terms(self.rest)

    @property
    def is_clause(self) -> bool:
        """Tell whether the words make a sentence of their own: they hold a verb, as far as that can be seen."""
        first = self.small[0] if self.small else ""
        if _VERBS & set(self.small) or (first in ("who", "wer") and len(self.small) > 1):
            return True
        if first in _ASKING and len(self.small) > _SHORT:
            return True
        # "In welchem Jahr endet der Vertrag": behind the word that asks stands a verb, in small letters.
        asking = next((n for n, word in enumerate(self.small[:2]) if word in _ASKING), None)
        if not self.is_german or asking is None:
            return False
        behind = asking + 2 if self.small[asking] == "wie" else asking + 1
        return any(w.islower() and w not in _PREPOSITIONS and terms(w) for w in self.said[behind:])

    def is_fragment_of(self, before: str) -> bool:
        """Tell whether the words are a piece that takes its place in the question before."""
        if self.is_clause or len(self.content) > _MOST_OWN:
            return False
        if self.has_lead or not self.small or self.small[-1] in _LAST:
            return True
        if self.small[0] in _PREPOSITIONS:
            return self.ends_as_question or len(self.content) <= _FEW
        if not self.content or self.small[0] in _ASKING:
            return True
        # Who writes keywords writes no questions: "leave policy?" behind "canteen prices?" is a new search.
        return self.ends_as_question and len(self.content) <= _FEW and _Asked(before).is_clause

    @property
    def points_back(self) -> bool:
        """Tell whether a clause says less than a whole question: a pronoun without its noun, or hardly a word."""
        if not self.is_clause:
            return False
        if self._ends_open or _SAME.search(self.rest) or _ELSE.match(self.rest):
            return True
        if any(self._is_pronoun_alone(at) for at in range(len(self.small))):
            return True
        return len(self.content) <= (_FEW if self.has_lead else 1) and not self._asks_what_something_is

    @property
    def _ends_open(self) -> bool:
        """Tell whether the last word points back: "What was it before that?", "What happens then?"."""
        *_, before, last = ["", *self.small]
        if last == "there" and before in _VERBS:
            return False  # how many there are
        pairs = zip(self.small, self.small[1:], strict=False)
        return last in _LAST or any(b == "that" and a in _BEFORE_A_POINTING_THAT for a, b in pairs)

    @property
    def _asks_what_something_is(self) -> bool:
        """Tell "What is coinsurance?" and "What is the CCMP?" from "What is covered?" and "What is the deadline?"."""
        named = [w for w in self.said[1:] if w[0].isupper() and terms(w)]
        if any(not self.is_german or word.isupper() for word in named) or any(c.isdigit() for c in self.rest):
            return True
        found = _SAYS_WHAT.fullmatch(self.rest)
        if found is None or found[1].casefold() in _VERBS:
            return False
        return found[1][0].isupper() or not found[1].endswith(("ed", "en"))

    def _is_pronoun_alone(self, at: int) -> bool:
        """Tell whether the word at a place stands for a thing that nothing before it names."""
        word, said = self.small[at], self.said[at]
        behind = self.small[at + 1] if at + 1 < len(self.small) else ""
        if self.is_german:
            is_article = word == "das" and (not behind or self.said[at + 1][0].isupper() or bool(terms(behind)))
            found = said.islower() and (word in _GERMAN_BACK or (word == "das" and not is_article))
            found = found and not (word == "es" and (self.small[at - 1 : at] == ["gibt"] or self._is_empty_it(at)))
        else:
            found = word in _PLURAL | _SINGULAR and not (word == "it" and self._is_empty_it(at))
            # "for those who join": what they are comes behind.
            found = found and not (word == "those" and behind and behind not in _VERBS and not _is_plural(behind))
        return found and not self._has_noun_before(at)

    def _is_empty_it(self, at: int) -> bool:
        """Tell "How long does it take to get a badge?": what `it` (`es`) stands for comes behind it."""
        behind = self.small[at + 1 :]
        ahead = next((n for n, word in enumerate(behind) if word in _BEFORE_WHAT_IT_IS), None)
        return ahead is not None and bool(terms(" ".join(behind[ahead + 1 :])))

    def _has_noun_before(self, at: int) -> bool:
        """Tell whether something before a pronoun can be what it stands for."""
        in_another_clause = max((n for n in range(at) if self.small[n] in _BREAKS), default=0)
        return any(self._is_noun_for(at, n, sure=n >= in_another_clause) for n in range(at))

    def _is_noun_for(self, at: int, n: int, *, sure: bool) -> bool:
        """Tell whether word `n` can be what the pronoun at `at` stands for.

        In the pronoun's own clause (`sure`) a content word may be a verb: there it must look like a noun.
        """
        word = self.small[n]
        if not terms(word) or word in _VERBS | _PREPOSITIONS or self._is_verb_of_asking(n):
            return False
        if self.is_german:
            return n > 0 and self.said[n][0].isupper()
        if self.small[n + 1] in _PREPOSITIONS and n + 2 == at:
            return False  # "a response to it"
        has_article = n > 0 and self.small[n - 1] in _ARTICLES
        is_name = n > 0 and self.said[n][0].isupper()
        if self.small[at] in _PLURAL:
            return not sure or is_name or has_article or _is_plural(word)
        return not sure or is_name or (has_article and not _is_plural(word))

    def _is_verb_of_asking(self, n: int) -> bool:
        """Tell "Who approves it?" and "What happens if …" from "Which days …" and "What services do …"."""
        asking = self.small[n - 1] if n else ""
        return asking in ("who", "wer") or (asking in ("what", "was") and self.small[n + 1] not in _VERBS)


def _is_german(text: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(text)]
    return bool(_GERMAN.intersection(words)) or (words[:1] == ["was"] and not _ENGLISH.intersection(words))


def _is_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith("ss")


def _apart(word: str) -> list[str]:
    """Take "what's" apart; other words stay."""
    plain = word.replace("’", "'")
    asking = plain[:-2]
    return [asking, "is"] if plain.endswith("'s") and asking.casefold() in _ASKING else [plain]


def _with_topic(own: str, before: str) -> str:
    """Put the content words of the question before behind a question's own."""
    known = terms(own)
    carried: list[str] = []
    words = _WORD.findall(before)
    for word, ahead in zip(words, ["", *words], strict=False):
        found = terms(word)
        measures = ahead.casefold() in ("how", "wie")  # "How long": the length of what, that is what counts
        if found and not measures and not found <= known and len(carried) < _MOST_CARRIED:
            carried.append(word)
            known |= found
    return f"{own.rstrip(' ?.!')} ({' '.join(carried)})?" if carried else own


def _put_into(before: str, fragment: str) -> str:
    """Put a fragment into a question, in the place of what it stands against, or behind it.

    In this order: a phrase with the same preposition ("in Zurich" for "in London"), a number or name of the same shape
    ("E-30" for "E-17"), the one other name ("Merian Logistics" for "Albers Clinic").
    """
    piece = _TRAILING.sub("", fragment.rstrip(" ?.!"))
    body = before.rstrip(" ?.!")
    first = _WORD.match(piece)
    if first and first[0].casefold() in (_ASKING | _PREPOSITIONS | _LAST) - _ARTICLES:
        piece = piece[:1].lower() + piece[1:]
        replaced = (
            _same_preposition(body, piece) or _same_shape(body, piece) or _same_kind_of_name(body, piece, alone=False)
        )
        return f"{replaced or f'{body} {piece}'}?"
    replaced = _same_shape(body, piece) or _same_kind_of_name(body, piece)
    return f"{replaced or (f'{body}: {piece}' if piece else body)}?"


def _same_preposition(body: str, piece: str) -> str:
    own = _WORD.findall(piece)
    first = own[0].casefold() if own else ""
    if first not in _PREPOSITIONS or len(own) < 2 or own[1].casefold() in _ASKING or not terms(piece):
        return ""
    alike = next((group for group in _ALIKE if first in group), frozenset((first,)))
    words = list(_WORD.finditer(body))
    for at in range(len(words) - 1, 0, -1):
        if words[at][0].casefold() in alike and (end := _end_of_phrase(words, at + 1)) > at + 1:
            return body[: words[at].start()] + piece + _without_short_form(body[words[end - 1].end() :])
    return ""


def _end_of_phrase(words: Sequence[re.Match[str]], at: int) -> int:
    """Give where the noun behind a preposition ends: behind its name, or before the next small word."""
    start = at
    while at < len(words) and words[at][0].casefold() in _ARTICLES:
        at += 1
    begun = at
    if _is_german(words[0].string):
        while at + 1 < len(words) and words[at][0].islower() and terms(words[at][0]):
            at += 1  # "das nächste Jahr"
        begun = at if words[at : at + 1] and words[at][0][0].isupper() else begun
    named = at < len(words) and words[at][0][0].isupper()
    while at < len(words) and _belongs(words, at, named=named, first=at == begun):
        at += 1
    return at if at > begun else start


def _belongs(words: Sequence[re.Match[str]], at: int, *, named: bool, first: bool) -> bool:
    """Tell whether a word goes on with a noun: "Manager of Marketing", "mastectomy and reconstruction"."""
    word = words[at][0]
    behind = words[at + 1][0] if at + 1 < len(words) else ""
    if not first and behind and word.casefold() in (("of",) if named else ("and", "und")):
        return bool(terms(behind)) and behind[0].isupper() == named
    if not terms(word) or word.casefold() in _PREPOSITIONS | _VERBS | _BREAKS:
        return False
    return not named or word[0].isupper() or word[0].isdigit()


def _same_shape(body: str, piece: str) -> str:
    """Replace a number by one of the same form; nothing where what else the fragment says is not there already."""
    for own in _WORD.findall(piece):
        if not any(c.isdigit() for c in own):
            continue
        for found in reversed(list(_WORD.finditer(body))):
            if _shape(found[0]) == _shape(own):
                replaced = body[: found.start()] + own + body[found.end() :]
                return replaced if terms(piece) <= terms(replaced) else f"{replaced} {piece}"
    return ""


def _shape(word: str) -> str:
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d+", "9", word))


def _same_kind_of_name(body: str, piece: str, *, alone: bool = True) -> str:
    """Replace a name by another: by one that shares a word with it, or (`alone`) the only one there is."""
    if _is_german(body):
        return ""  # every noun has a capital there
    own, others = _names(piece), _names(body, after_first=True)
    if len(own) != 1:
        return ""
    chosen = [name for name in others if terms(name[0]) & terms(own[0][0])][-1:]
    said = piece[own[0].start() :]
    if not chosen and alone and len(others) == 1 and terms(piece) == terms(own[0][0]):
        chosen = others
    if not chosen or len(terms(piece) - terms(own[0][0])) > 1:
        return ""
    return body[: chosen[0].start()] + said + _without_short_form(body[chosen[0].end() :])


def _without_short_form(behind: str) -> str:
    """Leave out "(CEO)", which belongs to the name that was replaced."""
    return re.sub(r"^\s*\([^()]*\)|^\)", "", behind)


def _names(text: str, *, after_first: bool = False) -> list[re.Match[str]]:
    start = text.find(" ") if after_first else 0
    return [m for m in _NAME.finditer(text, max(0, start)) if terms(m[0])]

"""Reads what an exhaustive search is asked for: phrases in quotes, and the words that say something; pure.

"every contract that mentions change of control" wants `change` and `control`: the words that only frame the question
need not stand in any document. What was left out is told, so that nobody is misled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from studiolo_indexer.word_splitting import folded as without_accents

# What surely ends a word, before and after any normalisation; what else does, the analyser of the full text decides.
_MARKS = (
    r"\s\xa1\xa7\xa9\xab\xae\xb0\xb1\xbb\xbf\xd7\xf7\u2000-\u200b\u200e-\u206f\u3001-\u3003\u3008-\u3020"
    r"\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3f"
)
TOKEN = re.compile(rf"[^\x00-/:-@\[-`{{-\x7f{_MARKS}]+")
FOREIGN = re.compile(rf"[^\x00-\x7f{_MARKS}]")
"""A letter that is not ASCII: what it becomes in the full text, only the analyser knows."""
MOST_CHARS = 4000
_QUOTED = re.compile(r'"([^"]*)"|“([^“”]*)”|„([^„“”]*)[“”]|«([^«»]*)»|»([^«»]*)«|「([^「」]*)」|『([^『』]*)』')
_PHRASE = "\0"
_QUERY_TOKEN = re.compile(f"{_PHRASE}|{TOKEN.pattern}")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")

# Words that any sentence may hold. Left out: war, par, son and the like, which say something in another language.
_SMALL = frozenset(
    """
    a an the of in on at to for by from with and or as is are was were be been being it its this that these those which
    who whom whose what where when how there their our your my his her any all every each do does did has have had into
    about than then can could would should shall might must if please
    der die das des dem den ein eine einer eines einem einen und oder im am auf aus bei mit nach von vom zu zum zur für
    über ist sind wird werden es sie wir ihr sich als wie wer wo wann alle allen
    le la les un une du de et ou à au aux en dans pour avec est sont qui que dont où
    el los las una unos unas del y con por para su sus es il lo gli uno di della dei che
    """.split()
)
_UNLESS_BEFORE_BE = frozenset(("may", "will"))

_ASK = frozenset("list show find give name get me us please zeige zeig finde nenne gib mir suche montre trouve".split())
_ASK_ALONE = frozenset("find finde trouve me us mir".split())
_ALL = frozenset(
    "all every each any which what where alle allen jede jeder jedes jeden welche welcher welches welchen wo tous "
    "toutes chaque quels quelles todos todas cada cuales tutti tutte quali".split()
)
_LINK = frozenset(
    "that which who where in the of my our these those is are was were does do die der das den dem denen wird werden "
    "steht stehen qui que ou les los las en i gli che".split()
)
_KIND = re.compile(
    r"(?:document|file|contract|agreement|report|page|passage|place|e?mail|message|letter|memo|invoice|note|paper"
    r"|record|clause|section|paragraph|sentence|text|article|lease|deed)s?|policy|policies|anything|everything|ones"
    r"|vertrag|vertrage|vertragen|dokumente?n?|dateien?|datei|akten?|schreiben|briefen?|briefe?|berichten?|berichte?"
    r"|seiten?|stellen?|rechnung(?:en)?|contrats?|fichiers?|accords?|lettres?|rapports?|contratos?|documentos?"
    r"|archivos?|acuerdos?|informes?|contratti|documenti"
)
_SAYS = re.compile(
    r"mention(?:s|ed|ing)?|refer(?:s|red|ring|ences?)?|discuss(?:es|ed|ing)?|talk(?:s|ing)?|occur(?:s|rences?)?"
    r"|appears?|instances?|cit(?:e|es|ed|ing)|erwahn(?:t|en|ung|ungen)|genannt|nenn(?:t|en)|vorkomm(?:t|en)"
    r"|mentionne(?:nt)?|parle(?:nt)?|mencionan?|menzionano"
)
_SAYS_OF_DOCUMENTS = re.compile(
    r"contain(?:s|ed|ing)?|includ(?:e|es|ing)|hold(?:s|ing)?|say(?:s|ing)?|stat(?:e|es|ing)|nam(?:e|es|ing)|have|has"
    r"|having|us(?:e|es|ing)|with|about|cover(?:s|ing)?|concern(?:s|ing)?|regarding|deal(?:s|ing)?|enthalt(?:en)?|steht"
    r"|stehen|mit|uber|betreff(?:en|end)|contiennent|contenant|avec|contienen|con|sobre"
)
_FRAME_WORDS = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: phrases letter for letter, and words in any form.

    `in_a_row` are the words as they were asked, the small ones between them included; `left_out` is what need not stand
    anywhere, in its order.
    """

    phrases: tuple[str, ...]
    words: tuple[str, ...]
    in_a_row: str
    left_out: tuple[str, ...]


def read_query(query: str) -> Wanted:
    """Read a query; one that holds no word at all gives neither phrases nor words."""
    phrases: list[str] = []

    def keep(found: re.Match[str]) -> str:
        phrase = " ".join(next(group for group in found.groups() if group is not None).split())
        if TOKEN.search(phrase) is None:
            return " "
        phrases.append(phrase)
        return f" {_PHRASE} "

    rest = _POSSESSIVE.sub("", _QUOTED.sub(keep, query[:MOST_CHARS].replace(_PHRASE, " ")))
    tokens = _QUERY_TOKEN.findall(rest)
    start, end = _asked_for(tokens)
    words = [at for at in range(start, end) if tokens[at] != _PHRASE and not _is_small(tokens, at)]
    if not words and not phrases:
        words = [at for at in range(len(tokens)) if tokens[at] != _PHRASE]  # "to be or not to be"
    row = tokens[words[0] : words[-1] + 1] if words else []
    said = [at for at, token in enumerate(tokens) if token != _PHRASE]
    return Wanted(
        phrases=tuple(dict.fromkeys(phrases)),
        words=tuple(dict.fromkeys(tokens[at] for at in words)),
        in_a_row="" if _PHRASE in row else " ".join(row),
        left_out=tuple(tokens[at] for at in said if at not in set(words)),
    )


def _is_small(tokens: Sequence[str], at: int) -> bool:
    word = tokens[at].casefold()
    before_be = [t.casefold() for t in tokens[at + 1 : at + 2]] == ["be"]
    # In capitals it is a name or an abbreviation: IT, WHO.
    is_name = len(word) > 1 and tokens[at].isupper() and not all(t.isupper() for t in tokens if t != _PHRASE)
    return (word in _SMALL and not is_name) or (word in _UNLESS_BEFORE_BE and before_be)


def _asked_for(tokens: Sequence[str]) -> tuple[int, int]:
    """Give the span of tokens without the words that frame the question; the whole where nothing would be left."""
    folded = [without_accents(token) for token in tokens]
    start, is_framed = _opening(folded)
    end = _before_scope(folded)
    kind = next((n for n in range(start, min(start + 3, end)) if _KIND.fullmatch(folded[n])), None)
    if is_framed or kind == start:
        said = _said_at(folded, start, end, kind)
        if said is not None and said + 1 < end:
            start = said + 1
        elif said is None or kind is not None or folded[:1] in (["where"], ["wo"]):
            start, end = _enclosed(folded, start, end, kind)
    nothing = all(token == _PHRASE for token in tokens[start:end]) and _PHRASE not in tokens
    return (0, len(tokens)) if nothing else (start, end)


def _opening(folded: Sequence[str]) -> tuple[int, bool]:
    """Skip "list all", "show me every", "in which"; tells whether that frames a question."""
    start = 0
    while start < len(folded) and folded[start] in _ASK:
        start += 1
    asked = start
    if folded[start : start + 1] in (["in"], ["en"], ["dans"]) and folded[start + 1 : start + 2][:1]:
        start += folded[start + 1] in _ALL
    while start < len(folded) and folded[start] in _ALL:
        start += 1
    if start > asked:
        return start, True
    return (asked, False) if asked and folded[asked - 1] in _ASK_ALONE else (0, False)


def _said_at(folded: Sequence[str], start: int, end: int, kind: int | None) -> int | None:
    """Find the "mentions" of "every contract that mentions"."""
    for at in range(start, min(start + _FRAME_WORDS, end)):
        if folded[at] == _PHRASE:
            return None
        if _SAYS.fullmatch(folded[at]) or (
            kind is not None and kind < at and _SAYS_OF_DOCUMENTS.fullmatch(folded[at]) and folded[at - 1] != _PHRASE
        ):
            return at
    return None


def _enclosed(folded: Sequence[str], start: int, end: int, kind: int | None) -> tuple[int, int]:
    """Cut "all documents where … is mentioned" and "alle Verträge, die … erwähnen"."""
    first = start if kind is None else kind + 1
    while first < end and folded[first] in _LINK:
        first += 1
    is_linked = first > start and (kind is None or first > kind + 1)
    last = end
    while last > first and (_SAYS.fullmatch(folded[last - 1]) or _SAYS_OF_DOCUMENTS.fullmatch(folded[last - 1])):
        last -= 1
    return (first, last) if is_linked and last < end else (start, end)


def _before_scope(folded: Sequence[str]) -> int:
    """Cut "in all contracts" at the end."""
    for length in (4, 3):
        tail = folded[-length:]
        names_all = len(tail) == length < len(folded) and tail[0] in ("in", "of", "from", "across", "aus", "en", "dans")
        if names_all and tail[1] in _ALL and tail[-1] != _PHRASE and _KIND.fullmatch(tail[-1]):
            return len(folded) - length
    return len(folded)

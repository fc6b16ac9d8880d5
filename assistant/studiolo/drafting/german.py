"""Questions about German statements, by templates; pure. Each gives the words that answer it.

A German question keeps the verb in second place: what stands before it changes places with what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from studiolo.drafting.proposals import Kind, Proposal, asked, trimmed
from studiolo.drafting.statements import Statement

_VERBS = (
    "ist|sind|war|waren|wird|werden|wurde|wurden|kann|können|"
    "muss|müssen|darf|dürfen|soll|sollen|hat|haben|hatte|hatten|"
    "beträgt|betragen|betrug|betrugen|beginnt|beginnen|begann|endet|enden|endete|gilt|gelten|erhält|erhalten|erhielt|"
    "umfasst|umfassen|umfasste|bezeichnet|bedeutet|besteht|bestehen|"
    "bestand|beschäftigt|beschäftigte|zahlt|zahlen|zahlte|"
    "kostet|kosten|dauert|dauern|dauerte|läuft|laufen|lief|tritt|"
    "trat|fand|findet|stieg|steigt|sank|sinkt|verfügt|erfolgt|"
    "erfolgte|liegt|lag|bleibt|bietet|leitet|leitete|gewann|verlor|"
    "erreichte|führte|gründete|lebten|lebte|starb|verlängert"
)
_CLAUSE = re.compile(rf"(?P<first>[A-ZÄÖÜ„][^,;:()]*?) (?P<verb>{_VERBS}) (?P<rest>.+?)\.?$")
_NUMBER = (
    r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?(?: (?:Millionen|Milliarden|"
    r"Mio\.|Mrd\.))?|zwei|drei|vier|fünf|sechs|sieben|acht|"
    r"neun|zehn|elf|zwölf|zwanzig|dreißig"
)
_ABOUT = r"(?:(?:rund|etwa|ca\.|mindestens|höchstens|bis zu|maximal|mehr als|über) )?"
_UNIT = (
    r"(?!Uhr|Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|"
    r"November|Dezember|Prozent|Euro)[A-ZÄÖÜ][a-zäöüß]+(?:en|n|e|er|s|r|l|t)?"
)
_MONEY = r"(?:\d[\d.]*(?:,\d+)?(?: (?:Millionen|Milliarden|Mio\.|Mrd\.))? (?:Euro|EUR|€|Dollar|Franken|US-Dollar))"
_PERCENT = r"\d+(?:,\d+)? ?(?:%|Prozent)"
_MONTH = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_DATE = rf"(?:\d{{1,2}}\. (?:{_MONTH})(?: \d{{4}})?|(?:{_MONTH}) \d{{4}}|(?:1[0-9]|20)\d\d(?!\d))"
_WHEN = re.compile(
    rf"(?P<prep>am|im|bis zum|bis|seit dem|seit|vor dem|zum|ab dem|ab|im Jahr|im Jahre)? ?(?P<answer>{_DATE})"
)
_FIGURE_BEHIND = re.compile(
    r"(?P<before>[^,;]*?)\b(?P<prep>(?:innerhalb von|binnen|nach|für|mit|um|von) )?"
    rf"(?P<answer>{_ABOUT}(?:(?P<money>{_MONEY})|(?P<percent>{_PERCENT})"
    rf"|(?:{_NUMBER}) (?P<unit>{_UNIT})))\b(?P<after>.*)$"
)
_ENDS_FIGURE = re.compile(r"\s*[,;]|\s*$|\s(?:je|pro|im|in|am|zum|ab|seit|für|nach|vor|bei|von|und)\b")
_ASK_WHEN = {
    "bis zum": "bis wann", "bis": "bis wann", "seit dem": "seit wann", "seit": "seit wann", "ab dem": "ab wann",
    "ab": "ab wann",
}  # fmt: skip
_SMALL_FIRST = frozenset(
    "der die das den dem des ein eine einer einem einen jeder jede jedes alle unser unsere ihr ihre mit in im bei nach "
    "für laut eines auf an am zu zum zur von vom während wegen seit bis ab gegen durch über unter".split()
)
_ARTICLES = frozenset("der die das ein eine jeder jede jedes unser unsere".split())
_NO_DEFINITION = re.compile(
    rf"\bzu \w+en\.?$|\w+(?:iert|ossen|achsen)\b(?! )|;|\bund\b.* "
    rf"(?:{_VERBS})\b|^(?:der|die|das) \w+ste\w*\b|^das erste|^eine? weitere"
)
_NO_SUBJECT = re.compile(r"(?:Es|Dies\w*|Er|Sie|Da|Wenn|Falls|Sofern|Wer|Was|Wie|Man|Nachdem|Obwohl|Während|Damit)\b")


@dataclass(frozen=True, slots=True)
class _Parts:
    """What stands before the verb, the verb, what follows; and where these begin in the sentence."""

    first: str
    verb: str
    rest: str
    rest_at: int
    flat: str


def german_proposals(statement: Statement, around: str) -> list[Proposal]:
    """Propose questions about a statement, the best first.

    Args:
        statement: What the question is about.
        around: The passage that it stands in.
    """
    match = _CLAUSE.match(statement.flat)
    if match is None or _NO_SUBJECT.match(match["first"]) or len(match["first"].split()) > 10:
        return []
    parts = _Parts(_small(match["first"]), match["verb"], match["rest"], match.start("rest"), statement.flat)
    found = [p for template in _TEMPLATES for p in template(parts)]
    return sorted(found, key=lambda p: (-p.worth, p.start, p.question))


def _is_a_figure(p: _Parts) -> Iterator[Proposal]:
    """Ask for the figure in "Die Frist beträgt sechs Wochen zum Quartalsende"."""
    if not re.match(r"betr[aäu]|ist$|sind$|war$|waren$|liegt$|lag$|dauer", p.verb):
        return
    match = re.match(
        rf"(?:bei )?(?P<answer>{_ABOUT}(?:{_MONEY}|{_PERCENT}|(?:{_NUMBER}) {_UNIT}))(?P<after>.*)$", p.rest
    )
    if match is None or _ENDS_FIGURE.match(match["after"]) is None:
        return
    asks = "Wie lange" if p.verb.startswith("dauer") else "Wie viel" if re.match("betr", p.verb) else "Wie hoch"
    if asks == "Wie hoch" and not re.search(_MONEY + "|" + _PERCENT, match["answer"]):
        return
    tail = re.split(r"[,;:(]", match["after"])[0].strip(" .")
    yield _proposal(p, "figure", match, f"{asks} {p.verb} {p.first} {tail}", 3.0)


def _has_a_figure(p: _Parts) -> Iterator[Proposal]:
    """Ask for the figure in "Das Werk beschäftigt 300 Mitarbeiter in Ulm"."""
    if p.verb.startswith(("betr", "dauer")):
        return
    match = _FIGURE_BEHIND.match(p.rest)
    if (
        match is None
        or len(match["before"].split()) > 8
        or re.search(r"\b(?:und|oder)\b|\b(?:die|der|das) $", match["before"])
    ):
        return
    prep, tail = match["prep"] or "", _tail(match["after"])
    last = match["before"].rstrip().rpartition(" ")[2].casefold()
    if tail is None or last in _SMALL_FIRST:
        return
    asks = (
        "wie viel Geld" if match["money"] else "wie viel Prozent" if match["percent"] else f"wie viele {match['unit']}"
    )
    if prep in {"innerhalb von ", "nach ", "mit ", "von ", "binnen "} and match["unit"]:
        asks = f"wie vielen {match['unit']}"
    line = f"{prep}{asks} {p.verb} {p.first} {match['before']} {tail}"
    yield _proposal(p, "figure", match, line, 2.6)


def _has_a_date(p: _Parts) -> Iterator[Proposal]:
    """Ask for the date, which stands before the verb or behind it."""
    match = re.match(rf"(?:{_WHEN.pattern})$", p.flat[: p.rest_at - len(p.verb) - 2], re.IGNORECASE)
    if match is not None and match["prep"]:
        word = _ASK_WHEN.get(match["prep"].casefold(), "wann")
        start, end = match.span("answer")
        if _whole(p.rest):
            yield Proposal("date", asked(f"{word} {p.verb} {_whole(p.rest)}"), start, end, 2.8)
        return
    for match in _WHEN.finditer(p.rest):
        before = p.rest[: match.start()]
        tail = _tail(p.rest[match.end() :])
        if tail is None or not match["prep"] or re.search(r"[,;]|\b(?:und|oder)\b", before) or len(before.split()) > 8:
            return
        word = _ASK_WHEN.get(match["prep"], "wann")
        start, end = match.span("answer")
        line = f"{word} {p.verb} {p.first} {before} {tail}"
        yield Proposal("date", asked(line), p.rest_at + start, p.rest_at + end, 2.8)
        return


def _is_defined(p: _Parts) -> Iterator[Proposal]:
    """Ask what something is: "Eine Rücklage ist …", "Als Dienstzeit gilt …"."""
    words = p.first.split()
    if len(words) > 6 or (words[0].islower() and words[0] not in _ARTICLES | {"als"}) or _NO_DEFINITION.search(p.rest):
        return
    is_one = p.verb in {"ist", "sind", "war", "waren"} and re.match(r"(?:ein|eine|einer|der|die|das) ", p.rest)
    counts_as = p.verb in {"gilt", "gelten"} and p.first.startswith("als ")
    if not (is_one or counts_as or p.verb in {"bezeichnet", "bedeutet", "umfasst", "umfassen"}):
        return
    start, end = trimmed(p.flat, p.rest_at, len(p.flat))
    if 2 <= len(p.flat[start:end].split()) <= 28:
        yield Proposal("definition", asked(f"Was {p.verb} {p.first}"), start, end, 2.2)


def _is_done_by(p: _Parts) -> Iterator[Proposal]:
    """Ask who it is that something is done by: "wird vom Vorstand genehmigt"."""
    match = re.match(
        r"(?P<before>[^,;]*?)\b(?P<prep>vom|von der|von den|durch den|durch die|durch das) "
        r"(?P<answer>[A-ZÄÖÜ][\w-]+(?: (?:der|des) [A-ZÄÖÜ][\w-]+)?) (?P<done>\w+(?:t|en))$",
        p.rest,
    )
    if (
        match is None
        or p.verb not in {"wird", "werden", "wurde", "wurden", "muss", "ist", "sind"}
        or len(match["before"].split()) > 6
    ):
        return
    word = "Von wem" if match["prep"].startswith("von") or match["prep"] == "vom" else "Durch wen"
    yield _proposal(p, "name", match, f"{word} {p.verb} {p.first} {match['before']} {match['done']}", 2.5)


_TEMPLATES: tuple[Callable[[_Parts], Iterator[Proposal]], ...] = (
    _is_a_figure, _has_a_figure, _has_a_date, _is_defined, _is_done_by,
)  # fmt: skip


def _proposal(p: _Parts, kind: Kind, match: re.Match[str], question: str, worth: float) -> Proposal:
    start, end = match.span("answer")
    return Proposal(kind, asked(question), p.rest_at + start, p.rest_at + end, worth)


def _tail(after: str) -> str | None:
    """Give what follows the answer, or None where it is more than the end of one clause."""
    words = after.strip(" .")
    return None if re.search(r"[,;:(]|\bund\b", words) or len(words.split()) > 12 else words


def _whole(rest: str) -> str:
    """Give the rest where it is one short clause."""
    return "" if re.search(r"[,;:(]", rest) or len(rest.split()) > 14 else rest


def _small(first: str) -> str:
    word, _, others = first.partition(" ")
    return f"{word.lower()} {others}".strip() if word.casefold() in _SMALL_FIRST else first

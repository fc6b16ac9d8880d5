"""Questions about English statements, by templates; pure. Each gives the words that answer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from studiolo.drafting.clauses import CHANGES, Clause, clause_of
from studiolo.drafting.proposals import Kind, Proposal, asked, trimmed
from studiolo.drafting.statements import Statement
from studiolo.sentences import terms

_NUMBER_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty|ninety"
_ABOUT = r"(?:(?:approximately|about|around|up to|at least|a maximum of|a minimum of|no more than|more than|nearly) )?"
_NUMBER = rf"(?:\d[\d,]*(?:\.\d+)?(?: (?:million|billion|thousand))?|(?:{_NUMBER_WORDS})(?: \(\d+\))?)"
_MONEY = r"(?:US)?[$€£]\s?\d[\d,]*(?:\.\d+)?(?:[KMB]\b| (?:million|billion|thousand|trillion))?"
_PERCENT = r"\d+(?:\.\d+)?(?:%| percent)"
_UNIT = r"(?:(?:business|calendar|consecutive|working|full|paid|additional|full-time|basis) )?[a-z][a-z-]+s(?![\w-])"
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = (
    rf"(?:(?:{_MONTH}) \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} (?:{_MONTH})"
    rf"(?: \d{{4}})?|(?:{_MONTH}) \d{{4}}|(?:19|20)\d\d)(?!\d)"
)
_TIME_UNITS = re.compile(r"(?:day|week|month|year|hour|minute|quarter)s$")
_REST_STOPS = re.compile(
    r",(?! \d{4}\b)|[;:(]| (?:and|but|which|who|that|while|as well as|compared|representing|"
    r"of which|or|including|driven by|primarily|due to|due primarily|reflecting|because|partially|offset) ",
    re.IGNORECASE,
)
_OF = re.compile(
    r"\s+of(?: (?!(?:which|whom)\b)[\w’'&-]+){1,5}?(?=[,.;:]|$| "
    r"(?:and|in|for|at|by|on|per|during|from|to|with|each|that|as|"
    r"is|are|was|were|outstanding|issued|primarily|related|driven)\b)"
)
_DO_INTO_VERB = re.compile(r"[,;:]|\b(?:that|which|who|if|when|because|where|and|or)\b")
# "12 to 30 volts", "every two years" (how often), "12% and 11% of sales", "2 years of age".
_IS_A_RANGE = re.compile(r"\d\S* (?:\w+ )?to$|\d$|\b(?:every|each)(?: \w+)? ?$|\d (?:year|month|week|day|hour)s? ?$")
_HAS_A_SECOND = re.compile(r",? (?:and|or|to) (?:US)?[$€£]?\d| of (?:age|which)\b| a day\b| (?:that|which|who)\b")
_AIM = re.compile(r"\b(?:aim|bet|duty|goal|job|mission|objective|purpose|role|step|task)\b", re.IGNORECASE)
_SOMEBODY_ELSE = re.compile(r"\b(?:you|they|we|it|he|she)\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:an?|the|our|its|their|your)\b")
_LEAST_ANSWER_WORDS, _MOST_ANSWER_WORDS = 2, 28
_WEAK_DEFINITION = re.compile(
    r"(?:an?|the) (?:\w+ )?(?:great|good|important|key|valuable|crucial|essential|critical|vital|excellent|part|number|"
    r"variety|result|few|lot|significant|major|common|way|member|covered)\b"
)
_SECOND_CLAUSE = re.compile(
    r"\b(?:and|or|but)\b[^,;]{0,45} (?:may|will|can|is|are|was|were|must|has|have|should)\b|"
    r";|, (?:while|whereas|but|so)\b|\b(?:this|these|it|them|those)\b|\bto (?:determine|see|check|ensure|verify)$"
)
_OFTEN = (
    r"(?:annually|monthly|quarterly|weekly|daily|yearly|once a \w+|"
    r"twice a \w+|once per \w+|at least (?:annually|quarterly|monthly)|"
    r"every (?:\w+ )?(?:day|week|month|quarter|year|hour)s?|each (?:day|week|month|quarter|year)|on a \w+ basis)"
)
_PREPOSITION = re.compile(r"\b(?:in|on|at|with|by|from|under|about|as|into|is|are)\b")
_CONTACT = re.compile(
    r"(?P<case>(?:If|When) [^,;]{8,110}), (?:please )?(?P<do>contact|call|notify|ask|inform)"
    r" (?P<answer>[^,;.]{4,70}?)(?: for (?:more|further|additional) \w+| for (?:help|assistance|details)| to .*)?\.$"
)
_VAGUE = re.compile(r"\b(?:may|might|could)\b")
_FIGURES: tuple[tuple[str, Kind, str], ...] = (
    (_MONEY, "figure", "What"), (_PERCENT, "figure", "What"), (_DATE, "date", "When"),
)  # fmt: skip
_TOWARDS = r"(?:until|through|after|before|since|by|from|over|under) "
_ENDS_FIGURE = re.compile(r"\s*(?:[.,;]|$|(?:for|in|during|per|as|at|on|of|and|by|compared)\b)")
_FIGURE_BEHIND = re.compile(
    r"(?P<before>(?:^|.*? ))(?P<prep>(?:within|for|after|to|by|at|of|over|in|under|from|with) )?"
    rf"(?P<answer>{_ABOUT}(?:(?P<money>{_MONEY})|(?P<percent>{_PERCENT})(?: of (?P<whole>[a-z][\w -]+?)"
    r"(?= (?:for|in|during|to|if|when|after|on|with|at|by|as|and|that|which)\b|[,.;]|$))?"
    rf"|(?P<count>{_NUMBER}) (?P<unit>{_UNIT})))(?P<after>.*)"
)
_FROM_WHEN = re.compile(r" (?:of|from|after|before|prior to) ")
_PER_OR_AFTER = re.compile(r" (?:per|after|before|prior to) ")
# What stands behind these verbs can be asked for; the surer that it is all there, the more it is worth.
_SAYS_WHAT = {
    "include": 1.8, "cover": 1.6, "require": 1.9, "comprise": 2.0, "consist": 2.0, "prohibit": 2.2, "exclude": 2.2,
    "contain": 1.4, "encourage": 1.4, "depend": 1.9, "oversee": 1.9, "represent": 1.6,
}  # fmt: skip
Template = Callable[[Clause], Iterator[Proposal]]


def english_proposals(statement: Statement, around: str) -> list[Proposal]:
    """Propose questions about a statement, the best first.

    Args:
        statement: What the question is about.
        around: The passage that it stands in.
    """
    clause = clause_of(statement.flat, around)
    if clause is None:
        return _whom_to_contact(statement.flat)
    found = [p for template in _TEMPLATES for p in template(clause) if p.end > p.start]
    return sorted(found, key=lambda p: (-p.worth, p.start, p.question))


def _whom_to_contact(flat: str) -> list[Proposal]:
    """Ask whom to turn to: "If you have questions about your pay, please contact the payroll office"."""
    match = _CONTACT.match(flat)
    if match is None or len(terms(match["case"])) < 3:
        return []
    case = match["case"][0].lower() + match["case"][1:]
    return [Proposal("name", asked(f"Whom should you {match['do']} {case}"), *match.span("answer"), 2.6)]


# ---- figures and dates -------------------------------------------------------------------------------------------


def _is_a_figure(c: Clause) -> Iterator[Proposal]:
    """Ask for the figure in "Net sales were $5 million during the quarter"."""
    if not c.is_copula or not (_is_specific(c.subject) or c.lead):
        return
    for pattern, kind, asks in _FIGURES:
        match = re.match(rf"(?!{_TOWARDS})(?:[a-z]+ )?(?P<answer>{_ABOUT}{pattern})(?P<after>.*)", c.rest)
        if match is not None and _ENDS_FIGURE.match(match["after"]) and not _HAS_A_SECOND.match(match["after"]):
            yield _at(c, kind, match, f"{asks} {c.inverted(_tail(match['after']))}", 3.0)
    match = re.match(rf"(?P<answer>{_ABOUT}{_NUMBER} (?P<unit>{_UNIT}))(?P<after>.*)", c.rest)
    if match is not None and _TIME_UNITS.search(match["unit"]):
        yield _at(c, "figure", match, f"How long {c.inverted(_tail(match['after']))}", 3.0)


def _grows_by_a_figure(c: Clause) -> Iterator[Proposal]:
    """Ask for the figure in "Revenue increased $5 million or 8% in 2022"."""
    if c.verb not in CHANGES or not _is_specific(c.subject):
        return
    match = re.match(
        rf"(?:by )?(?P<answer>{_ABOUT}(?:{_MONEY}|{_PERCENT})(?:,? or (?:{_MONEY}|{_PERCENT}))?)(?P<after>.*)", c.rest
    )
    if match is not None:
        yield _at(c, "figure", match, f"By how much {c.inverted(_tail(match['after']))}", 3.0)


def _has_a_figure(c: Clause) -> Iterator[Proposal]:
    """Ask for the figure behind the verb: "pays $500 per visit", "must be sent within 30 days of the event"."""
    for match in _FIGURE_BEHIND.finditer(c.rest):
        before = match["before"].strip()
        if _DO_INTO_VERB.search(before) or len(before.split()) > 10 or (c.is_copula and not before):
            return
        if (c.verb in CHANGES and not before) or c.verb == "consist":
            return
        yield from _about_a_figure(c, match, before)


def _about_a_figure(c: Clause, match: re.Match[str], before: str) -> Iterator[Proposal]:
    prep, after = (match["prep"] or "").strip(), match["after"]
    time = match["unit"] is not None and _TIME_UNITS.search(match["unit"]) is not None
    if match["unit"] and prep == "over" and not time:
        prep = ""
    if not _stands_alone(match, before, prep):
        return
    of = ""
    if (prep in {"within", "after"} and _FROM_WHEN.match(after)) or (time and _PER_OR_AFTER.match(after)):
        of, after = f" {_tail(after)}", ""
    elif (of_match := _OF.match(after)) is not None:
        of, after = of_match.group().rstrip(), after[of_match.end() :]
    if after.startswith(" of ") and not match["whole"]:
        return
    asks = "by how much" if c.is_copula and before in {"up", "down"} else _asks_for(match, of)
    question = f"{prep} {asks} {c.inverted(f'{before} {_tail(after)}')}"
    yield _at(c, "figure", match, question, 3.0 if not c.lead or len(c.lead.split()) < 12 else 2.0)


def _stands_alone(match: re.Match[str], before: str, prep: str) -> bool:
    """Tell whether a figure stands alone and belongs to the verb: not "a plan of $5 million", not "12 to 30 volts"."""
    if _IS_A_RANGE.search(f"{before} {prep}") or _HAS_A_SECOND.match(match["after"]):
        return False
    if _SOMEBODY_ELSE.search(before) or (not prep and _ARTICLE.search(before)) or (prep == "of" and before):
        return False
    return not (match["money"] and prep and prep not in {"at", "to"})


def _asks_for(match: re.Match[str], of: str) -> str:
    if match["money"]:
        return f"how much{of}" if _ARTICLE.match(of, 4) else f"how much{of.replace(' of ', ' in ', 1)}"
    if match["percent"]:
        return f"what percentage of {match['whole'].strip()}" if match["whole"] else f"what percentage{of}"
    return f"how many {match['unit']}{of}"


def _has_a_date(c: Clause) -> Iterator[Proposal]:
    """Ask for the date in "The lease ends on 31 March 2024"."""
    match = re.match(
        rf"(?P<before>.*?) ?\b(?P<prep>on|in|by|until|through|since|from|before|for) (?P<answer>{_DATE})(?P<after>.*)",
        c.rest,
    )
    if match is None or _DO_INTO_VERB.search(match["before"]) or len(match["before"].split()) > 10:
        return
    if re.match(r"(?:,? and|,? or| to|-|,) ?(?:\d|[A-Z])", match["after"]):
        return
    if re.search(r"\b(?:ended|ending|beginning|dated|as of)$", match["before"]) or (not match["before"] and not c.verb):
        return
    word = {"by": "By when", "until": "Until when", "through": "Until when", "since": "Since when", "from": "From when",
            "before": "Before when", "for": ""}.get(match["prep"], "When")  # fmt: skip
    if word:
        yield _at(c, "date", match, f"{word} {c.inverted(match['before'] + ' ' + _tail(match['after']))}", 3.0)


# ---- what something is -------------------------------------------------------------------------------------------


def _is_defined(c: Clause) -> Iterator[Proposal]:
    """Ask what something is: "A sinking fund is …", "Service year means …"."""
    words = c.subject.split()
    says = c.is_copula and re.match(r"(?:an?|the|any|defined as) ", c.rest) is not None
    says = says or (c.is_copula and c.rest.startswith("to ") and _AIM.search(c.subject) is not None)
    means = c.verb in {"mean", "refer"}
    if c.lead or not (says or means) or len(words) > 7 or _WEAK_DEFINITION.match(c.rest) or not _is_specific(c.subject):
        return
    to = c.rest_at + (3 if c.verb == "refer" and c.rest.startswith("to ") else 0)
    line = c.inverted("to") if c.verb == "refer" else c.inverted()
    yield _between(c, "definition", to, len(c.flat), f"What {line}", 2.2 if means or says else 0.0)


_ATTRIBUTES: tuple[tuple[str, str, Kind, float], ...] = (
    (r"responsible for (?=\w+ing\b|the )", "What {} responsible for", "content", 2.0),
    (r"(?:located|headquartered|based) (?=(?:in|at) )", "Where {} {}", "name", 2.5),
    (r"(?:primarily |generally )?(?:based|dependent) (?:up)?on ", "What {} based on", "content", 2.0),
    (
        r"(?:calculated|determined|measured) (?=(?:by|using|based|on|as(?! (?:described|follows))) )",
        "How {} {}",
        "procedure",
        2.3,
    ),
    (r"subject to ", "What {} subject to", "content", 1.2),
    (r"(?:designed|intended) (?=to )", "What {} {} to do", "content", 1.8),
    (r"(?:known as|called) ", "What {} known as", "name", 2.5),
    (r"entitled to ", "What {} entitled to", "content", 2.0),
    (r"eligible for ", "What {} eligible for", "content", 1.8),
    (r"required (?=to )", "What {} required to do", "procedure", 2.2),
    (r"prohibited from ", "What {} prohibited from", "procedure", 2.2),
    (r"(?:composed|made up) of ", "What {} made up of", "content", 2.0),
)


def _has_an_attribute(c: Clause) -> Iterator[Proposal]:
    """Ask for what follows a fixed expression: "is responsible for", "are based on"."""
    be = "be " if c.is_modal and c.rest.startswith("be ") else ""
    if not (c.is_copula or be) or not _is_specific(c.subject):
        return
    for pattern, question, kind, worth in _ATTRIBUTES:
        match = re.match(pattern, c.rest[len(be) :])
        if match is None:
            continue
        words = match.group().strip()
        plain = f"{c.inverted(with_lead=False)} {be}"
        line = question.replace("{}", plain, 1).replace("{}", words, 1)
        yield _between(c, kind, c.rest_at + len(be) + match.end(), len(c.flat), f"{line} {c.lead}", worth)


def _is_done_by(c: Clause) -> Iterator[Proposal]:
    """Ask who does it: "is approved by the head of the department"."""
    match = re.match(
        r"(?P<done>(?:be |been )?\w+(?:ed|en|ne|ld|de)) by (?P<answer>(?:the|an?|your|our|[A-Z]\w+)\b[^,;]*?"
        r"(?:manager|director|department|committee|board|supervisor|head|officer|court|team|employer|employee|provider|"
        r"chairman|president|company|insurer|agency|Inc\.?|"
r"Corporation|resources)\b(?:(?! and )[^,;.]){0,40})$", c.rest, re.IGNORECASE,
    )  # fmt: skip
    if match is not None:
        yield _at(c, "name", match, f"By whom {c.inverted(match['done'])}", 2.6)


def _contains(c: Clause) -> Iterator[Proposal]:
    """Ask what something includes, covers or requires."""
    worth = _SAYS_WHAT.get(c.verb)
    if worth is None or not _is_specific(c.subject) or (_is_bare_name(c.subject) and not c.lead):
        return
    if re.match(r"(?:that|you|members|employees|him|us|a (?:number|variety|range|wide))\b", c.rest):
        return
    prep = re.match(r"(of|on|upon) ", c.rest)
    at = c.rest_at + (prep.end() if prep else 0)
    yield _between(c, "content", at, len(c.flat), f"What {c.inverted(prep[1] if prep else '')}", worth)


def _is_done_so_often(c: Clause) -> Iterator[Proposal]:
    """Ask how often: "Reviews are conducted annually"."""
    match = re.match(
        rf"(?P<done>(?:be )?\w+ed)(?P<where> (?:in|at|by|on) [\w ]{{3,30}}?)? (?P<answer>{_OFTEN})\b", c.rest
    )
    if match is not None:
        yield _at(c, "figure", match, f"How often {c.inverted(match['done'] + (match['where'] or ''))}", 2.8)


def _acts_on(c: Clause) -> Iterator[Proposal]:
    """Ask for the object, where more is said than the object: "must complete the training before the first day"."""
    match = re.match(
        r"(?P<verb>[a-z]+ )?(?P<answer>(?:the|an?|all|any|your|their|our|"
r"its|[a-z-]+)(?: (?!(?:and|or|to|for|that)\b)[\w’'-]+){1,7}?)"
        r" (?P<where>(?:from (?:the|each)|at|before|during|after|within|upon|by) [^,;:]{4,80})$", c.rest,
    )  # fmt: skip
    if match is None or not _is_specific(c.subject) or c.helper not in {"must", "shall", "will", "does", "do", "did"}:
        return
    if c.is_modal is not bool(match["verb"]) or (match["verb"] or "").strip() in {"be", "not", "have"}:
        return
    if _PREPOSITION.search(match["answer"]) or re.search(r" and [a-z]+s\b", match["where"]):
        return
    yield _at(c, "content", match, f"What {c.inverted((match['verb'] or '') + match['where'])}", 1.9)


# ---- what to do, and why -----------------------------------------------------------------------------------------


def _must_be_done(c: Clause) -> Iterator[Proposal]:
    """Ask what somebody must do in a case: "If a machine fails, operators must …"."""
    if c.helper not in {"must", "shall", "should"} or c.rest.startswith(("be ", "have ")):
        return
    if c.lead.startswith(("if ", "when ", "after ", "before ", "upon ", "once ", "to ", "during ", "in order")):
        yield _between(c, "procedure", c.rest_at, len(c.flat), f"What {c.inverted('do')}", 2.4)
        return
    match = re.match(r"(?P<answer>.{8,}?) (?P<case>(?:if|when|before|after|in order to|to be) [^,;]{8,})$", c.rest)
    if match is not None and not c.lead:
        yield _at(c, "procedure", match, f"What {c.inverted('do ' + match['case'])}", 2.4)


def _has_a_reason(c: Clause) -> Iterator[Proposal]:
    """Ask why: "Revenue increased in 2022 due primarily to higher prices"."""
    match = re.match(
        r"(?P<before>[^;]*?),? ?\b(?:mainly |partly |largely |partially |principally |in part )"
r"?(?P<why>(?:due )?primarily due to|due primarily to|primarily driven by|driven primarily by|"
        r"primarily because of|because of|because|due to|driven by|"
r"primarily as a result of|as a result of) (?P<answer>.+)$",
        c.rest,
    )  # fmt: skip
    if match is None or len(match["before"].split()) > 22 or re.search(r"\b(?:that|which|who|and)\b", match["before"]):
        return
    if c.is_copula and re.search(r"\d|^(?:an?|the) ", match["before"][:24]):
        return
    if not c.verb and not match["before"]:
        yield _at(c, "reason", match, f"What {c.inverted(match['why'])}", 1.5)
        return
    yield _at(c, "reason", match, f"Why {c.inverted(match['before'])}", 2.6)


_TEMPLATES: tuple[Template, ...] = (
    _is_a_figure, _grows_by_a_figure, _has_a_figure, _has_a_date, _is_defined, _has_an_attribute, _is_done_by,
    _is_done_so_often, _acts_on, _contains, _must_be_done, _has_a_reason,
)  # fmt: skip


# ---- inside ------------------------------------------------------------------------------------------------------


def _at(c: Clause, kind: Kind, match: re.Match[str], question: str, worth: float) -> Proposal:
    """Propose a question whose answer is the match's group of that name, in the clause's rest."""
    start, end = match.span("answer")
    return _between(c, kind, c.rest_at + start, c.rest_at + end, question, worth)


def _between(c: Clause, kind: Kind, start: int, end: int, question: str, worth: float) -> Proposal:
    start, end = trimmed(c.flat, start, end)
    words = c.flat[start:end]
    long = not _LEAST_ANSWER_WORDS <= len(words.split()) <= _MOST_ANSWER_WORDS
    if kind not in {"figure", "date"} and (long or _SECOND_CLAUSE.search(words)):
        return Proposal(kind, "", 0, 0, 0.0)
    if _VAGUE.search(c.helper):
        worth -= 0.6
    return Proposal(kind, asked(question), start, end, worth)


def _tail(after: str) -> str:
    """Give of what follows the answer what belongs to the same clause."""
    stop = _REST_STOPS.search(f"{after} ")
    words = (after[: stop.start()] if stop else after).strip(" .")
    return words if len(words.split()) <= 14 else ""


def _is_specific(subject: str) -> bool:
    """Tell whether a subject says what it is about: a name, or more than one common word."""
    words = [w for w in re.findall(r"[\w’'-]+", subject) if w.casefold() not in _NOTHING_SAID]
    return bool(words) and (len(words) > 1 or any(w[0].isupper() for w in words) or len(words[0]) > 7)


def _is_bare_name(subject: str) -> bool:
    """Tell whether a subject is a name alone, of which the documents say many things."""
    return all(w[:1].isupper() for w in subject.split() if w not in {"the", "of", "and", "plan"})


_NOTHING_SAID = frozenset(
    "the a an of our your all each any we you company plan document policy goal result purpose following section "
    "agreement amount program information and or".split()
)

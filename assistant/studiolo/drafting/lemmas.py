"""The base form of English verbs that state facts; a closed list, so that a noun is seldom taken for a verb."""

from __future__ import annotations

_REGULAR = (
    "accept accrue adopt affect agree allow announce appoint "
    "apply approve assign believe calculate carry change charge "
    "classify close commit compensate complete comprise conduct consider consist contain contribute cover create "
    "declare decline decrease deduct define deliver depend derive describe determine develop discontinue earn employ "
    "enable encourage end ensure enter estimate exclude exercise expect expire extend file finance follow generate "
    "govern grant handle help identify impact implement include incur increase intend introduce issue involve "
    "last launch limit maintain manage manufacture measure monitor need notify obtain occur offer operate oversee own "
    "participate perform permit prohibit protect provide publish purchase qualify receive recognize record recover "
    "reduce refer reimburse release rely remain repay report represent repurchase require reserve result retain "
    "review serve settle share specialize start store submit support terminate total transfer treat use value vary "
    "verify waive work design account decide name invest collect enforce "
    "supply assess reflect relate range average vest amortize invoice hire"
).split()
_IRREGULAR = {
    "begin": "begins began", "bring": "brings brought", "grow": "grows grew", "fall": "falls fell",
    "give": "gives gave", "hold": "holds held", "lose": "loses lost", "make": "makes made", "mean": "means meant",
    "pay": "pays paid", "rise": "rises rose", "sell": "sells sold", "spend": "spends spent", "take": "takes took",
    "lead": "leads led", "keep": "keeps kept", "cost": "costs", "buy": "buys bought", "bear": "bears bore",
    "write": "writes wrote", "oversee": "oversees oversaw", "become": "becomes became", "get": "gets got",
    "win": "wins won", "lie": "lies", "run": "runs ran", "meet": "meets met", "lend": "lends lent",
    "send": "sends sent", "build": "builds built", "leave": "leaves left", "owe": "owes owed", "set": "sets",
}  # fmt: skip
# These stand far more often as nouns in their plain form.
_NO_PLAIN_FORM = frozenset(
    "account cost share value name report record work change charge end file finance impact increase decrease decline "
    "issue limit need offer purchase release result review start store supply support total transfer use cover design "
    "estimate exercise grant lead set run measure help last contract document close reserve lie leave meet own".split()
)


def base_of(form: str) -> str | None:
    """Give the base of a finite verb form in small letters, or None if it is none of the list."""
    return _FORMS.get(form)


def _forms_of(base: str) -> tuple[str, str, str]:
    if base.endswith("y") and base[-2] not in "aeiou":
        return base, f"{base[:-1]}ies", f"{base[:-1]}ied"
    third = f"{base}es" if base.endswith(("s", "sh", "ch", "x", "z")) else f"{base}s"
    if base in {"commit", "permit", "submit", "incur", "occur", "transfer", "refer"}:
        return base, third, f"{base}{base[-1]}ed"
    return base, third, f"{base}d" if base.endswith("e") else f"{base}ed"


_FORMS = {form: base for base in _REGULAR for form in _forms_of(base)}
_FORMS.update({form: base for base, forms in _IRREGULAR.items() for form in [base, *forms.split()]})
for _noun in _NO_PLAIN_FORM:
    _FORMS.pop(_noun, None)

"""Equations of Office files on one line, as one would type them: (a+b)/c, x^2, √(y); pure.

Not the bare characters, since "10" with a raised 6 would become 106.
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VAL = f"{M}val"
Values = dict[etree._Element, str]


def equation_text(math: etree._Element) -> str:
    """Write an `oMath` element on one line."""
    # From the last node back: what a node holds comes after it, so its parts are ready, and nothing recurses.
    nodes = [node for node in math.iter() if isinstance(node.tag, str)]
    values: Values = {}
    for node in reversed(nodes):
        values[node] = _value(node, values)
    return " ".join(values[math].split())


def _value(node: etree._Element, values: Values) -> str:
    tag = str(node.tag)
    if tag.endswith("}t"):
        return node.text or ""
    if tag.endswith("Pr"):
        return ""
    form = _FORMS.get(tag.removeprefix(M))
    return form(node, values) if form is not None else _all(node, values)


def _all(node: etree._Element, values: Values, between: str = "") -> str:
    return between.join(text for text in (values.get(child, "") for child in node) if text)


def _of(node: etree._Element, name: str, values: Values) -> str:
    part = node.find(f"{M}{name}")
    return "" if part is None else values.get(part, "").strip()


def _grouped(text: str) -> str:
    """Put brackets around what would otherwise fall apart."""
    return text if len(text) < 2 or text.isalnum() else f"({text})"


def _mark(node: etree._Element, path: str, usual: str) -> str:
    found = node.find("/".join(f"{M}{step}" for step in path.split("/")))
    return usual if found is None else found.get(_VAL) or ""


def _fraction(node: etree._Element, values: Values) -> str:
    return f"{_grouped(_of(node, 'num', values))}/{_grouped(_of(node, 'den', values))}"


def _scripts(node: etree._Element, values: Values) -> str:
    low, high = _of(node, "sub", values), _of(node, "sup", values)
    return (
        _grouped(_of(node, "e", values)) + (f"_{_grouped(low)}" if low else "") + (f"^{_grouped(high)}" if high else "")
    )


def _root(node: etree._Element, values: Values) -> str:
    return f"{_of(node, 'deg', values)}√{_grouped(_of(node, 'e', values))}"


def _bracketed(node: etree._Element, values: Values) -> str:
    between = _mark(node, "dPr/sepChr", "|")
    inner = between.join(values.get(part, "").strip() for part in node.iterchildren(f"{M}e"))
    return f"{_mark(node, 'dPr/begChr', '(')}{inner}{_mark(node, 'dPr/endChr', ')')}"


def _operator(node: etree._Element, values: Values) -> str:
    low, high = _of(node, "sub", values), _of(node, "sup", values)
    sign = _mark(node, "naryPr/chr", "∫")
    bounds = (f"_{_grouped(low)}" if low else "") + (f"^{_grouped(high)}" if high else "")
    return f"{sign}{bounds} {_of(node, 'e', values)}"


def _function(node: etree._Element, values: Values) -> str:
    return f"{_of(node, 'fName', values)} {_of(node, 'e', values)}"


def _limit(node: etree._Element, values: Values) -> str:
    mark = "_" if node.tag == f"{M}limLow" else "^"
    return f"{_of(node, 'e', values)}{mark}{_grouped(_of(node, 'lim', values))}"


def _matrix(node: etree._Element, values: Values) -> str:
    return _all(node, values, "; ")


def _matrix_row(node: etree._Element, values: Values) -> str:
    return _all(node, values, ", ")


_FORMS: dict[str, Callable[[etree._Element, Values], str]] = {
    "f": _fraction,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": _scripts,
    "rad": _root,
    "d": _bracketed,
    "nary": _operator,
    "func": _function,
    "limLow": _limit,
    "limUpp": _limit,
    "m": _matrix,
    "mr": _matrix_row,
    "eqArr": _matrix,
}

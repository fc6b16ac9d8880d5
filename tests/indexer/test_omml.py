"""Equations on one line."""

from __future__ import annotations

import pytest
from lxml import etree

from studiolo_indexer.parsers.office.omml import equation_text

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def equation(inside: str) -> str:
    return equation_text(etree.fromstring(f'<m:oMath xmlns:m="{M}">{inside}</m:oMath>'))


def part(name: str, *texts: str) -> str:
    return "".join(f"<m:{name}>{run(text)}</m:{name}>" for text in texts)


def row(*texts: str) -> str:
    return f"<m:mr>{part('e', *texts)}</m:mr>"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (run("a=b"), "a=b"),
        (f"<m:sSup>{part('e', '10')}{part('sup', '6')}</m:sSup>", "10^6"),
        (f"<m:f>{part('num', 'a+b')}{part('den', 'c')}</m:f>", "(a+b)/c"),
        (f"<m:sSubSup>{part('e', 'x')}{part('sub', 'i')}{part('sup', 'n+1')}</m:sSubSup>", "x_i^(n+1)"),
        (f"<m:rad>{part('deg', '3')}{part('e', 'x+1')}</m:rad>", "3√(x+1)"),
        (f'<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr>{part("e", "x")}</m:d>', "[x]"),
        (f"<m:d>{part('e', 'a', 'b')}</m:d>", "(a|b)"),
        (
            '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>'
            f"{part('sub', 'i=0')}{part('sup', 'n')}{part('e', 'i')}</m:nary>",
            "∑_(i=0)^n i",
        ),
        (f"<m:func>{part('fName', 'sin')}{part('e', 'x')}</m:func>", "sin x"),
        (f"<m:limLow>{part('e', 'lim')}{part('lim', 'x→0')}</m:limLow>", "lim_(x→0)"),
        (f"<m:m>{row('1', '0')}{row('0', '1')}</m:m>", "1, 0; 0, 1"),
        (f"<m:f>{part('num', '1')}</m:f>", "1/"),
        ("<m:sSup/>", ""),
    ],
)
def test_an_equation_is_written_as_one_would_type_it(inside: str, text: str) -> None:
    assert equation(inside) == text


def test_a_tower_of_exponents_needs_no_recursion() -> None:
    deep = 80
    inside = "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup>" * deep + run("1") + "</m:sup></m:sSup>" * deep
    assert equation(inside).count("^") == deep

"""Equations on one line."""

from __future__ import annotations

import pytest
from lxml import etree

from studiolo_indexer.parsers.omml import equation_text

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def equation(inside: str) -> str:
    return equation_text(etree.fromstring(f'<m:oMath xmlns:m="{M}">{inside}</m:oMath>'))


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (run("a=b"), "a=b"),
        (f"<m:sSup><m:e>{run('10')}</m:e><m:sup>{run('6')}</m:sup></m:sSup>", "10^6"),
        (f"<m:f><m:num>{run('a+b')}</m:num><m:den>{run('c')}</m:den></m:f>", "(a+b)/c"),
        (f"<m:sSubSup><m:e>{run('x')}</m:e><m:sub>{run('i')}</m:sub><m:sup>{run('n+1')}</m:sup></m:sSubSup>", "x_i^(n+1)"),
        (f"<m:rad><m:deg>{run('3')}</m:deg><m:e>{run('x+1')}</m:e></m:rad>", "3√(x+1)"),
        (f'<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr><m:e>{run("x")}</m:e></m:d>', "[x]"),
        (f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{run("i=0")}</m:sub><m:sup>{run("n")}</m:sup><m:e>{run("i")}</m:e></m:nary>', "∑_(i=0)^n i"),
        (f"<m:func><m:fName>{run('sin')}</m:fName><m:e>{run('x')}</m:e></m:func>", "sin x"),
        (f"<m:limLow><m:e>{run('lim')}</m:e><m:lim>{run('x→0')}</m:lim></m:limLow>", "lim_(x→0)"),
        (f"<m:m><m:mr><m:e>{run('1')}</m:e><m:e>{run('0')}</m:e></m:mr><m:mr><m:e>{run('0')}</m:e><m:e>{run('1')}</m:e></m:mr></m:m>", "1, 0; 0, 1"),
        (f"<m:f><m:num>{run('1')}</m:num></m:f>", "1/"),
        ("<m:sSup/>", ""),
    ],
)  # fmt: skip
def test_an_equation_is_written_as_one_would_type_it(inside: str, text: str) -> None:
    assert equation(inside) == text


def test_a_tower_of_exponents_needs_no_recursion() -> None:
    deep = 80
    inside = "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup>" * deep + run("1") + "</m:sup></m:sSup>" * deep
    assert equation(inside).count("^") == deep

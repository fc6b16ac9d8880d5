"""The numbers that Word shows, counted as Word counts them."""

from __future__ import annotations

import pytest
from hostile_files import zipped
from lxml import etree

from studiolo_indexer.parsers.office.docx_numbering import Numbering, Styles, heading_of_name
from studiolo_indexer.parsers.office.opc import Package

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def level(depth: int, form: str, text: str, more: str = "") -> str:
    shown = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{depth}">{shown}</w:lvl>'


def use_of(number: int, listed: int, more: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{listed}"/>{more}</w:num>'


def style(name: str, inside: str, *, use: str = "", based_on: str = "") -> str:
    numbering = f'<w:numPr><w:numId w:val="{use}"/></w:numPr>' if use else ""
    below = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return f'<w:style w:styleId="{name}">{below}{inside}<w:pPr>{numbering}</w:pPr></w:style>'


NUMBERING = (
    f'<w:numbering {SPACE}><w:abstractNum w:abstractNumId="0">'
    + level(0, "decimal", "%1.", '<w:pStyle w:val="H1"/>')
    + level(1, "decimal", "%1.%2", '<w:pStyle w:val="H2"/>')
    + level(2, "lowerLetter", "(%3)")
    + f'</w:abstractNum><w:abstractNum w:abstractNumId="1">{level(0, "bullet", "o")}</w:abstractNum>'
    + '<w:abstractNum w:abstractNumId="3">'
    + level(0, "upperRoman", "%1")
    + level(1, "decimal", "%1.%2", '<w:lvlRestart w:val="0"/><w:isLgl/>')
    + "</w:abstractNum>"
    + '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="Legal"/></w:abstractNum>'
    + use_of(1, 0)
    + use_of(2, 0, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')
    + use_of(3, 1)
    + use_of(4, 2)
    + use_of(5, 3)
    + "</w:numbering>"
)
STYLES = (
    f"<w:styles {SPACE}>"
    + style("H1", '<w:name w:val="heading 1"/>', use="1")
    + style("H2", '<w:name w:val="heading 2"/>', based_on="H1")
    + style("Clause", '<w:name w:val="Clause"/>', based_on="H2")
    + style("Plain", "", based_on="H1", use="0")
    + style("Legal", "", use="1")
    + style("Loop", "", based_on="Loop2")
    + style("Loop2", "", based_on="Loop")
    + "</w:styles>"
)


def properties(of_style: str = "", use: str = "", depth: str = "") -> etree._Element:
    numbering = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{use}"/></w:numPr>' if use else ""
    return etree.fromstring(f'<w:pPr {SPACE}><w:pStyle w:val="{of_style}"/>{numbering}</w:pPr>')


@pytest.fixture
def styles() -> Styles:
    return Styles(Package(zipped({"s.xml": STYLES})), "s.xml")


@pytest.fixture
def numbering(styles: Styles) -> Numbering:
    return Numbering(Package(zipped({"n.xml": NUMBERING})), "n.xml", styles)


def labels(numbering: Numbering, styles: Styles, *wanted: etree._Element) -> list[str | None]:
    return [numbering.label(one, styles.of(one)) for one in wanted]


def test_headings_are_numbered_by_their_styles(numbering: Numbering, styles: Styles) -> None:
    found = labels(numbering, styles, *(properties(name) for name in ("H1", "H2", "H2", "H1", "H2", "Plain")))
    assert found == ["1.", "1.1", "1.2", "2.", "2.1", None]


def test_deeper_numbers_begin_anew_and_go_on_in_another_list(numbering: Numbering, styles: Styles) -> None:
    items = [("1", "0"), ("1", "2"), ("1", "2"), ("1", "0"), ("1", "2"), ("2", "0"), ("3", "0"), ("9", "0"), ("4", "0")]
    found = labels(numbering, styles, *(properties("", use, depth) for use, depth in items))
    assert found == ["1.", "(a)", "(b)", "2.", "(a)", "1.", "-", "-", "2."]


def test_a_level_can_go_on_and_show_digits_alone(numbering: Numbering, styles: Styles) -> None:
    found = labels(numbering, styles, *(properties("", "5", depth) for depth in ("0", "1", "0", "1")))
    assert found == ["I", "1.1", "II", "2.2"]


def test_levels_come_from_the_style_below_and_a_loop_ends(styles: Styles) -> None:
    assert [styles.by_id(name).heading for name in ("H1", "Clause", "Plain", "Loop", "missing")] == [
        1,
        2,
        1,
        None,
        None,
    ]


def test_a_number_without_a_paragraph_is_none(numbering: Numbering, styles: Styles) -> None:
    assert numbering.label(None, styles.of(None)) is None
    assert labels(numbering, styles, properties("", "1", "99999999999")) == ["1."]


@pytest.mark.parametrize(
    ("name", "level_of_it"), [("heading 3", 3), ("Überschrift 2", 2), ("Title", 1), ("Titre 1", 1), ("Body", None)]
)
def test_a_style_is_a_heading_by_its_name(name: str, level_of_it: int | None) -> None:
    assert heading_of_name(name) == level_of_it

"""DOCX: which text cannot be seen, by its own properties and those of its styles; what may lie behind it."""

from __future__ import annotations

import pytest
from docx_files import BLACK_FILL, SPACES, WHITE, cell, made, run, table
from hostile_files import zipped

from studiolo_indexer.parsers.office.docx import parse_docx

WHITE_ON_WHITE = ("text is white on white (1 passage)",)
STYLES = f"""
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"/>
<w:style w:type="character" w:styleId="Pale"><w:rPr><w:color w:val="FEFEFE"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Below"><w:basedOn w:val="Pale2"/></w:style>
<w:style w:type="paragraph" w:styleId="Pale2"><w:basedOn w:val="Below"/><w:rPr>{WHITE}</w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Banner"><w:pPr>{BLACK_FILL}</w:pPr><w:rPr>{WHITE}</w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Dust"><w:rPr><w:sz w:val="2"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="table" w:styleId="Base"><w:tblStylePr w:type="firstRow"><w:tcPr>{BLACK_FILL}</w:tcPr></w:tblStylePr>
</w:style><w:style w:type="table" w:styleId="Grid"><w:basedOn w:val="Base"/></w:style>
"""
OUTLINE = '<w14:textOutline xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"/>'


def warnings(body: str) -> tuple[str, ...]:
    return parse_docx(made(body, styles=STYLES), "a.docx").warnings


def styled(style: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run("text", properties)}</w:p>'


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (styled("Normal", '<w:rStyle w:val="Pale"/>'), WHITE_ON_WHITE),
        (styled("Below"), WHITE_ON_WHITE),
        (styled("Below", '<w:color w:val="000000"/>'), ()),
        (styled("Below", '<w:color w:val="auto"/>'), ()),
        (styled("Banner"), ()),
        (styled("missing"), ()),
        (styled("Dust"), ("text has no size (1 passage)",)),
        (styled("Dust", '<w:sz w:val="20"/>'), ()),
        (styled("Normal", '<w:rStyle w:val="Gone"/>'), ("text is set to be hidden (1 passage)",)),
        (styled("Normal", '<w:rStyle w:val="Gone"/><w:vanish w:val="0"/>'), ()),
    ],
)
def test_styles_count_as_far_as_the_text_says_nothing_itself(body: str, named: tuple[str, ...]) -> None:
    assert warnings(body) == named


@pytest.mark.parametrize(
    ("properties", "named"),
    [
        (WHITE + '<w:shd w:val="clear" w:fill="FFFFFF"/>', WHITE_ON_WHITE),
        (WHITE + '<w:shd w:val="clear" w:fill="auto"/>', WHITE_ON_WHITE),
        (WHITE + '<w:shd w:val="solid" w:color="000000" w:fill="FFFFFF"/>', ()),
        (WHITE + '<w:shd w:val="clear" w:fill="auto" w:themeFill="text1"/>', ()),
        (WHITE + '<w:highlight w:val="none"/>', WHITE_ON_WHITE),
        (WHITE + OUTLINE, ()),
        ('<w:color w:val="EEEEEE"/>', WHITE_ON_WHITE),
        ('<w:color w:val="D9D9D9"/>', ()),
    ],
)
def test_what_a_text_says_of_itself_and_its_ground(properties: str, named: tuple[str, ...]) -> None:
    assert warnings(f"<w:p>{run('text', properties)}</w:p>") == named
    assert warnings(f"<w:p>{run(' ', properties)}</w:p>") == ()


def test_the_shade_of_a_table_may_come_from_its_style_or_a_table_around_it() -> None:
    white = f"<w:tc><w:p>{run('seen', WHITE)}</w:p></w:tc>"
    rows = table(white + cell("x"))
    assert warnings(rows) == WHITE_ON_WHITE
    assert warnings(rows.replace("<w:tbl>", '<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/></w:tblPr>')) == ()
    assert warnings(rows.replace("<w:tbl>", f"<w:tbl><w:tblPr>{BLACK_FILL}</w:tblPr>")) == ()
    assert warnings(table(f"<w:tc><w:tcPr>{BLACK_FILL}</w:tcPr>{rows}</w:tc>" + cell("x"))) == ()
    own = '<w:tcPr><w:shd w:val="clear" w:fill="FFFFFF"/></w:tcPr>'
    clear = table(white.replace("<w:tc>", f"<w:tc>{own}") + cell("x"))
    assert warnings(clear.replace("<w:tbl>", f"<w:tbl><w:tblPr>{BLACK_FILL}</w:tblPr>")) == WHITE_ON_WHITE


@pytest.mark.parametrize(("fill", "named"), [("FFFFFF", WHITE_ON_WHITE), ("112233", ()), ("", ())])
def test_a_text_box_is_white_only_where_it_says_so(fill: str, named: tuple[str, ...]) -> None:
    """Without a fill of its own it often lies on a dark picture, as on covers."""
    paint = f'<a:solidFill><a:srgbClr val="{fill}"/></a:solidFill>' if fill else "<a:noFill/>"
    box = (
        '<w:r><w:drawing><wps:wsp xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f"<wps:spPr>{paint}<a:ln><a:solidFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent>"
        f"<w:p>{run('boxed', WHITE)}</w:p></w:txbxContent></wps:txbx></wps:wsp></w:drawing></w:r>"
    )
    assert warnings(f"<w:p>{box}</w:p>") == named


def test_on_pages_with_a_colour_of_their_own_white_text_is_seen() -> None:
    body = f"<w:body><w:p>{run('seen', WHITE)}</w:p></w:body>"
    page = f'<w:document {SPACES}><w:background w:color="102030"/>{body}</w:document>'
    assert parse_docx(zipped({"word/document.xml": page}), "a.docx").warnings == ()

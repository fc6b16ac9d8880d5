"""PPTX: which text of a slide no audience sees; and none that may lie on something dark."""

from __future__ import annotations

import pytest
from hostile_files import zipped

from studiolo_indexer.parsers.office.pptx import parse_pptx

SPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WHITE_ON_WHITE = ("slide 1: text is white on white (1 passage)",)
OUTSIDE = ("slide 1: text lies outside of the slide (1 passage)",)


def fill(colour: str) -> str:
    tag = "srgbClr" if len(colour) == 6 else "schemeClr"
    return f'<a:solidFill><a:{tag} val="{colour}"/></a:solidFill>'


WHITE, DARK = fill("FFFFFF"), fill("203040")


def box(left: int, top: int, right: int, bottom: int, more: str = "") -> str:
    size = f'<a:ext cx="{right - left}" cy="{bottom - top}"/>'
    return f'<a:xfrm {more}><a:off x="{left}" y="{top}"/>{size}</a:xfrm>'


HERE = box(1000, 1000, 2000, 2000)


def body(letters: str, more: str = "") -> str:
    return f"<p:txBody><a:p><a:r><a:rPr {more}>{letters}</a:rPr><a:t>Obey me.</a:t></a:r></a:p></p:txBody>"


def shape(letters: str, *, paint: str = "", place: str = HERE, mark: str = "", more: str = "") -> str:
    properties = f"<p:nvSpPr><p:cNvPr/><p:nvPr>{mark}</p:nvPr></p:nvSpPr><p:spPr>{place}{paint}</p:spPr>"
    return f"<p:sp>{properties}{body(letters, more)}</p:sp>"


def root(kind: str, inside: str, *, ground: str = "", rest: str = "") -> str:
    page = f"<p:bg>{ground}</p:bg>" if ground else ""
    return f"<p:{kind} {SPACES}><p:cSld>{page}<p:spTree>{inside}</p:spTree></p:cSld>{rest}</p:{kind}>"


def warnings(
    inside: str, *, ground: str = "", layout: str = "", master: str = "", light: str = "FFFFFF"
) -> tuple[str, ...]:
    """Read a show of one slide; `layout` and `master` are their shapes, `light` is the theme's first light colour."""
    theme = f"<a:lt1><a:srgbClr val='{light}'/></a:lt1><a:dk1><a:srgbClr val='000000'/></a:dk1>"
    chain = (("slide", "slideLayout"), ("slideLayout", "slideMaster"), ("slideMaster", "theme"))
    members: dict[str, bytes | str] = {
        "ppt/presentation.xml": f'<p:presentation {SPACES}><p:sldIdLst><p:sldId r:id="r"/></p:sldIdLst>'
        '<p:sldSz cx="10000" cy="7500"/></p:presentation>',
        "ppt/_rels/presentation.xml.rels": f'<r><Relationship Id="r" Type="{REL}/slide" Target="slide.xml"/></r>',
        "ppt/slide.xml": root("sld", inside, ground=ground),
        "ppt/slideLayout.xml": root("sldLayout", layout),
        "ppt/slideMaster.xml": root("sldMaster", master, rest='<p:clrMap bg1="lt1" tx1="dk1"/>'),
        "ppt/theme.xml": f"<a:theme {SPACES}><a:themeElements><a:clrScheme>{theme}</a:clrScheme></a:themeElements>"
        "</a:theme>",
    }
    for source, target in chain:
        relation = f'<Relationship Id="x" Type="{REL}/{target}" Target="{target}.xml"/>'
        members[f"ppt/_rels/{source}.xml.rels"] = f"<r>{relation}</r>"
    return parse_pptx(zipped(members), "a.pptx").warnings


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        (shape(WHITE), WHITE_ON_WHITE),
        (shape(fill("F0F0F0")), WHITE_ON_WHITE),
        (shape(fill("bg1")), WHITE_ON_WHITE),
        (shape(fill("tx1")), ()),
        (shape('<a:solidFill><a:schemeClr val="bg1"><a:lumMod val="50000"/></a:schemeClr></a:solidFill>'), ()),
        (shape(WHITE, paint=WHITE), WHITE_ON_WHITE),
        (shape(WHITE, paint="<a:noFill/>"), WHITE_ON_WHITE),
        (shape(WHITE, paint=DARK), ()),
        (shape(WHITE, paint="<a:gradFill/>"), ()),
        (shape(WHITE).replace("<p:txBody>", '<p:style><a:fillRef idx="1"/></p:style><p:txBody>'), ()),
        (shape(f"<a:ln>{DARK}</a:ln>{WHITE}"), ()),
        (shape("", more='sz="100"'), ("slide 1: text has no size (1 passage)",)),
        (shape("", more='sz="1800"'), ()),
    ],
)
def test_white_and_tiny_text_is_named_where_its_shape_is_white(inside: str, named: tuple[str, ...]) -> None:
    assert warnings(inside) == named


@pytest.mark.parametrize(
    ("ground", "named"),
    [
        (f"<p:bgPr>{WHITE}</p:bgPr>", WHITE_ON_WHITE),
        ('<p:bgRef idx="1001"><a:schemeClr val="bg1"/></p:bgRef>', WHITE_ON_WHITE),
        ('<p:bgRef idx="1001"><a:schemeClr val="tx1"/></p:bgRef>', ()),
        ('<p:bgRef idx="1003"><a:schemeClr val="bg1"/></p:bgRef>', ()),
        (f"<p:bgPr>{DARK}</p:bgPr>", ()),
        ("<p:bgPr><a:blipFill/></p:bgPr>", ()),
    ],
)
def test_the_background_of_the_slide_counts(ground: str, named: tuple[str, ...]) -> None:
    assert warnings(shape(WHITE), ground=ground) == named


def test_what_lies_under_the_text_makes_it_seen() -> None:
    picture = "<p:pic><p:spPr>{}</p:spPr></p:pic>"
    over, beside = picture.format(box(0, 0, 5000, 5000)), picture.format(box(5000, 0, 9000, 900))
    assert warnings(over + shape(WHITE)) == ()
    assert warnings(beside + shape(WHITE)) == WHITE_ON_WHITE
    assert warnings(picture.format("") + shape(WHITE)) == ()
    assert warnings(shape(DARK, paint=DARK, place=box(0, 0, 9000, 7000)) + shape(WHITE)) == ()
    assert warnings(shape(WHITE), layout=over) == ()
    assert warnings(shape(WHITE), master=over) == ()
    assert warnings(over + shape(WHITE, paint=WHITE)) == WHITE_ON_WHITE
    assert warnings(f"<p:grpSp>{over}{shape(WHITE)}</p:grpSp>") == ()


def test_a_placeholder_takes_its_place_and_fill_from_its_layout() -> None:
    title = '<p:ph type="title"/>'
    text = shape(WHITE, mark=title, place="")
    beside = f"<p:pic><p:spPr>{box(5000, 0, 9000, 900)}</p:spPr></p:pic>"
    assert warnings(text + beside, layout=shape("", mark=title)) == WHITE_ON_WHITE
    assert warnings(text + beside) == ()
    assert warnings(text, layout=shape("", mark=title, paint=DARK)) == ()


def test_colours_of_the_theme_are_what_the_theme_says() -> None:
    assert warnings(shape(fill("bg1")), light="102030") == ()
    assert warnings(shape(WHITE), ground=f"<p:bgPr>{fill('bg1')}</p:bgPr>", light="102030") == ()


def test_cells_of_tables_are_white_only_where_they_say_so() -> None:
    """The style of a table, which is not looked at, often shades its first row."""
    table = "<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr><a:tc>{}</a:tc></a:tr></a:tbl></a:graphicData>"
    cell = body(WHITE).replace("p:txBody", "a:txBody")
    for paint, named in ((WHITE, WHITE_ON_WHITE), (DARK, ()), ("", ())):
        inside = table.format(f"{cell}<a:tcPr>{paint}</a:tcPr>") + "</a:graphic></p:graphicFrame>"
        assert warnings(inside) == named


@pytest.mark.parametrize(
    ("place", "named"),
    [
        (box(-3000, 0, -1000, 500), OUTSIDE),
        (box(0, 7500, 100, 8000), OUTSIDE),
        (box(9_999, 0, 12_000, 100), ()),
        (box(-200, -2000, -100, 9000, 'rot="5400000"'), ()),
        (box(20_000, 0, 21_000, 100, 'rot="5400000"'), OUTSIDE),
        ("", ()),
    ],
)
def test_text_wholly_outside_of_the_slide_is_named(place: str, named: tuple[str, ...]) -> None:
    assert warnings(shape(DARK, place=place)) == named
    assert warnings(shape(DARK, place=place).replace("Obey me.", " ")) == ()

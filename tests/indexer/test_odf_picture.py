"""A slide of an OpenDocument presentation is drawn with its words where the presentation puts them."""

from __future__ import annotations

import pytest
from odf_files import NAMES, packed

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.opendocument.odf_picture import render_odf_slide
from studiolo_indexer.records import PageImage

FO = 'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
LAYOUTS = (
    '<style:page-layout style:name="notes"><style:page-layout-properties fo:page-width="21cm" fo:page-height="30cm"/>'
    '</style:page-layout><style:page-layout style:name="PM1"><style:page-layout-properties fo:page-width="28cm" '
    'fo:page-height="14cm"/></style:page-layout>'
)
STYLES = (
    f"<office:document-styles {NAMES} {FO}><office:automatic-styles>{LAYOUTS}</office:automatic-styles>"
    '<office:master-styles><style:master-page style:name="Default" style:page-layout-name="PM1"/>'
    "</office:master-styles></office:document-styles>"
)


def frame(text: str, x: str, y: str, more: str = "") -> str:
    box = f"<draw:text-box><text:p>{text}</text:p></draw:text-box>"
    return f'<draw:frame svg:x="{x}" svg:y="{y}" svg:width="10cm" svg:height="2cm" {more}>{box}</draw:frame>'


def rendered(*shapes: str, quote: str, more: str = "") -> PageImage:
    page = f'<draw:page draw:master-page-name="Default">{"".join(shapes)}{more}</draw:page>'
    return render_odf_slide(packed("presentation", page, styles=STYLES), page=1, width=700, quote=quote)


def test_words_stand_where_the_slide_puts_them_on_a_page_of_its_own_size() -> None:
    shapes = (frame("Leave", "0cm", "0cm", 'presentation:class="title"'), frame("Ten days", "14cm", "7cm"))
    image = rendered(*shapes, quote="Ten days")
    assert (image.width, image.height) == (700, 350)
    (box,) = image.boxes
    assert 350 <= box.x < 380
    assert 175 <= box.y < 200
    assert rendered(*shapes, quote="Leave").boxes[0].y < 20


def test_groups_tables_notes_and_comments_can_be_marked() -> None:
    cells = "".join(f"<table:table-cell><text:p>{word}</text:p></table:table-cell>" for word in ("Year", "Rent"))
    table = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    placed = '<draw:frame svg:x="1cm" svg:y="5cm" svg:width="10cm" svg:height="3cm">'
    notes = (
        '<presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>Say it slowly.</text:p>'
        "</draw:text-box></draw:frame></presentation:notes>"
    )
    shapes = (f"<draw:g>{frame('inside', '1cm', '1cm')}</draw:g>", f"{placed}{table}</draw:frame>")
    assert len(rendered(*shapes, quote="inside").boxes) == 1
    assert rendered(*shapes, quote="Year | Rent").boxes
    assert rendered(*shapes, more=notes, quote="Say it slowly.").boxes[0].y >= 350


def test_a_file_without_slides_is_said() -> None:
    with pytest.raises(FileFailure, match=r"file\.damaged"):
        render_odf_slide(packed("text", "<text:p>words</text:p>"), page=1, width=700, quote="")

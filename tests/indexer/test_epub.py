"""EPUB: chapters in reading order, named as in the table of contents; locks and bombs refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from damaged_files import assert_read_or_refused, damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.web.epub import parse_epub

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/p.opf"/></rootfiles></container>"""
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>
<dc:title>Ducks</dc:title><dc:creator>Ada</dc:creator><dc:creator>Bob</dc:creator><dc:date>2024-01-02</dc:date>
<dc:description>&lt;p&gt;All of them.&lt;/p&gt;</dc:description>
<meta property="dcterms:modified">2024-02-03T00:00:00Z</meta></metadata><manifest>
<item id="a" href="a%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>
<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="i" href="i.png" media-type="image/png"/></manifest><spine><itemref idref="n"/><itemref idref="c"/>
<itemref idref="a"/><itemref idref="c"/><itemref idref="gone"/></spine></package>"""
NAV = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>
<nav epub:type="toc"><ol>
<li><a href="c.xhtml#x">First</a></li><li><a href="a%20b.xhtml">Second</a></li></ol></nav></body></html>"""
NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Old name</text></navLabel>
<content src="c.xhtml"/></navPoint></navMap></ncx>"""
MEMBERS = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OEBPS/p.opf": PACKAGE,
    "OEBPS/nav.xhtml": NAV,
    "OEBPS/a b.xhtml": "<?xml version='1.0'?><html><head><title/></head><body><p>Goodbye.</p></body></html>",
    "OEBPS/c.xhtml": "<body><section><header><h2>One</h2></header><p>Hello, <i>ducks</i>.</p></section></body>",
}


def book(**changed: str | None) -> bytes:
    members = {**MEMBERS, **{name.replace("__", "/"): content for name, content in changed.items()}}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            if content is not None:
                archive.writestr(name, content)
    return stream.getvalue()


def test_chapters_come_in_their_order_with_their_names() -> None:
    document = parse_epub(book(), "a.epub")
    assert document.text == "All of them.\n\nOne\n\nHello, ducks.\n\nGoodbye."
    assert [(p.kind, p.label) for p in document.parts] == [("section", ""), ("section", "First"), ("section", "Second")]
    assert [document.text[h.start : h.end] for h in document.headings] == ["One"]
    assert document.title == "Ducks"
    assert document.properties == (
        ("author", "Ada; Bob"),
        ("created", "2024-01-02"),
        ("modified", "2024-02-03T00:00:00Z"),
    )


def test_the_old_table_of_contents_names_chapters_too() -> None:
    package = (
        PACKAGE.replace('properties="nav"', "")
        .replace("nav.xhtml", "toc.ncx")
        .replace(
            'id="n" href="toc.ncx" media-type="application/xhtml+xml"',
            'id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"',
        )
    )
    document = parse_epub(book(OEBPS__p_opf=None, **{"OEBPS/p.opf": package, "OEBPS/toc.ncx": NCX}), "a.epub")
    assert [p.label for p in document.parts] == ["", "Old name", ""]


def test_a_book_without_a_package_is_read_by_its_pages() -> None:
    data = book(**{"META-INF/container.xml": None, "OEBPS/p.opf": None, "OEBPS/nav.xhtml": None})
    assert parse_epub(data, "a.epub").text == "Goodbye.\n\nOne\n\nHello, ducks."


@pytest.mark.parametrize(
    ("method", "locked"),
    [
        ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", True),
        ("http://www.idpf.org/2008/embedding", False),
        ("http://ns.adobe.com/pdf/enc#RC", False),
    ],
)
def test_a_lock_is_named_and_scrambled_fonts_are_none(method: str, locked: bool) -> None:
    listed = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
        f'<e:EncryptedData><e:EncryptionMethod Algorithm="{method}"/></e:EncryptedData></encryption>'
    )
    data = book(**{"META-INF/encryption.xml": listed})
    if locked:
        with pytest.raises(FileFailure) as caught:
            parse_epub(data, "a.epub")
        assert caught.value.code == "file.password"
    else:
        assert "Hello" in parse_epub(data, "a.epub").text


def test_an_entity_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "b">]><package>&a;</package>'
    with pytest.raises(FileFailure) as caught:
        parse_epub(book(**{"OEBPS/p.opf": bomb}), "a.epub")
    assert caught.value.code == "file.bomb"


def test_a_chapter_of_rubbish_is_left_out_and_named() -> None:
    document = parse_epub(book(**{"OEBPS/c.xhtml": "\x00\x01" * 1000}), "a.epub")
    assert "Goodbye." in document.text
    assert document.warnings == ("a chapter is damaged and was left out",)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_damaged_book_is_read_or_refused(seed: int) -> None:
    assert_read_or_refused(parse_epub, damaged(book(), seed), "a.epub")

"""XML: feeds as articles, records as values, documents as running text."""

from __future__ import annotations

import pytest
from damaged_files import assert_read_or_refused, damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.data.xml_files import parse_xml_file

RSS = """<?xml version="1.0" encoding="UTF-8"?><rss xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title><description>About ducks</description>
<lastBuildDate>Mon, 09 Dec 2024 20:26:59 +0000</lastBuildDate>
<item><title>First &amp; best</title><dc:creator>Ada</dc:creator>
<pubDate>Tue, 19 Nov 2024 13:30:02 +0000</pubDate><description>short</description>
<content:encoded><![CDATA[<h2>Part</h2><p>Ten <b>ducks</b>.</p>]]></content:encoded></item>
<item><title>Second</title><description>Plain words</description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><author><name>Bob</name></author>
<entry><title>One</title><updated>2024-01-02T00:00:00Z</updated><category term="birds"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Ten <i>geese</i>.</p></div></content></entry>
</feed>"""
CATALOG = """<catalog><!-- hidden --><book id="b1"><author>Ada</author><title>Ducks</title><price cur="EUR">5</price>
</book><book id="b2"><author>Bob</author></book></catalog>"""
ARTICLE = """<article><title>Leave</title><sec><title>Rules</title><para>Ten <b>days</b> a year.</para>
<screen>a
  b</screen></sec></article>"""


def test_a_feed_is_read_as_articles() -> None:
    document = parse_xml_file(RSS.encode(), "a.xml")
    assert document.text == (
        "News\n\nAbout ducks\n\nFirst & best\nTue, 19 Nov 2024 13:30:02 +0000\nAda\n\nPart\n\nTen ducks.\n\nSecond\n\n"
        "Plain words"
    )
    assert [(h.level, document.text[h.start : h.end]) for h in document.headings] == [
        (1, "News"), (2, "First & best"), (4, "Part"), (2, "Second"),
    ]  # fmt: skip
    assert (document.title, document.properties) == ("News", (("modified", "2024-12-09T20:26:59+00:00"),))


def test_atom_is_read_the_same_way() -> None:
    document = parse_xml_file(ATOM.encode(), "a.atom")
    assert document.text == "News\n\nOne\n2024-01-02T00:00:00Z\n\nTen geese.\n\nbirds"
    assert document.properties == (("author", "Bob"),)


def test_records_are_values_behind_names() -> None:
    assert parse_xml_file(CATALOG.encode(), "a.xml").text == (
        "book (id: b1)\nbook.author: Ada\nbook.title: Ducks\nbook.price (cur: EUR): 5\n\n"
        "book (id: b2)\nbook.author: Bob"
    )


def test_running_text_is_read_as_such() -> None:
    document = parse_xml_file(ARTICLE.encode(), "a.xml")
    assert document.text == "Leave\n\nRules\n\nTen days a year.\n\na\n  b"
    assert [(h.level, document.text[h.start : h.end]) for h in document.headings] == [(1, "Leave"), (2, "Rules")]
    assert document.title == "Leave"


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16", "utf-8-sig", "cp1252"])
def test_the_bytes_decide_on_the_encoding(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><a><b>größer</b></a>'
    assert parse_xml_file(text.encode(encoding), "a.xml").text == "b: größer"


def test_entities_are_refused_and_damage_is_text() -> None:
    with pytest.raises(FileFailure) as caught:
        parse_xml_file(b'<!DOCTYPE d [<!ENTITY x "y">]><d>&x;</d>', "a.xml")
    assert caught.value.code == "file.bomb"
    broken = parse_xml_file(b"<a><b>words</a>", "a.xml")
    assert broken.text == "<a><b>words</a>"
    assert broken.warnings == ("it is no sound XML, and was read as text",)


def test_long_names_cannot_blow_up_a_file() -> None:
    name = "n" * 40_000
    text = f"<{name}>" + "<v>1</v>" * 5000 + f"</{name}>"
    assert len(parse_xml_file(f"<r>{text}</r>".encode(), "a.xml").text) < 7 * len(text) + 2**20


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), which=st.sampled_from([RSS, ATOM, CATALOG, ARTICLE]))
def test_a_damaged_file_is_read_or_refused(seed: int, which: str) -> None:
    assert_read_or_refused(parse_xml_file, damaged(which.encode(), seed), "a.xml")

"""Office packages: parts, relations, properties."""

from __future__ import annotations

import zlib
from pathlib import PurePosixPath

import pytest
from hostile_files import zipped

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.office.opc import Package, number, own_title
from studiolo_indexer.parsers.spreadsheets.biff import container_of

CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="t">'
    "<dc:title>{}</dc:title><dc:creator>Ada\n Lovelace</dc:creator>"
    "<dcterms:created>2024-01-02T03:04:05Z</dcterms:created><dc:subject> </dc:subject></cp:coreProperties>"
)
RELATIONS = (
    '<Relationships><Relationship Id="r1" Type="http://x/2006/chart" Target="../charts/chart1.xml"/>'
    '<Relationship Id="r2" Type="http://x/2006/chart" Target="/word/charts/chart2.xml"/>'
    '<Relationship Id="r3" Type="http://x/2006/chart" Target="http://elsewhere/" TargetMode="External"/>'
    '<Relationship Id="r4" Type="http://x/2006/chart" Target="../../../../etc/passwd"/></Relationships>'
)


def test_properties_are_what_the_document_says_of_itself() -> None:
    package = Package(zipped({"docProps/core.xml": CORE.format("Handbook")}))
    assert package.title() == "Handbook"
    assert package.properties() == [("author", "Ada Lovelace"), ("created", "2024-01-02T03:04:05Z")]
    assert Package(zipped({"a.xml": "<a/>"})).properties() == []


@pytest.mark.parametrize(
    "title", ["", "PowerPoint Presentation", "Microsoft Word - letter.doc", "offer.docx", "Untitled 1"]
)
def test_a_title_that_a_program_made_up_is_none(title: str) -> None:
    assert own_title(title) == ""


def test_a_title_that_a_person_chose_is_kept() -> None:
    assert own_title(" Microsoft  Word for beginners ") == "Microsoft Word for beginners"


def test_relations_lead_to_parts_and_never_out_of_the_package() -> None:
    package = Package(zipped({"word/drawings/_rels/d.xml.rels": RELATIONS, "word/charts/chart1.xml": "<a/>"}))
    part = "word/drawings/d.xml"
    assert package.related(part, "chart")[:2] == ["word/charts/chart1.xml", "word/charts/chart2.xml"]
    assert package.target(part, "r1") == "word/charts/chart1.xml"
    assert package.target(part, "r3") is package.target(part, "missing") is package.target(part, None) is None
    beyond = package.target(part, "r4")
    assert beyond is not None
    assert PurePosixPath(beyond).parts[0] == ".."
    assert package.optional(beyond) is None


def test_a_part_is_found_whatever_the_case_and_slashes_of_its_name() -> None:
    package = Package(zipped({"Word\\Document.XML": "<a/>"}))
    assert "word/document.xml" in package
    assert package.needed("word/document.xml").tag == "a"


def test_a_damaged_part_is_named_and_a_bomb_is_refused() -> None:
    package = Package(zipped({"a.xml": "<a", "b.xml": '<!DOCTYPE l [<!ENTITY a "ha">]><a>&a;</a>'}))
    assert package.optional("a.xml") is None
    assert package.warnings == ["its part a.xml is damaged and was left out"]
    with pytest.raises(FileFailure, match=r"file\.bomb"):
        package.optional("b.xml")
    with pytest.raises(FileFailure, match=r"file\.damaged"):
        package.needed("missing.xml")


def test_packed_bytes_that_cannot_be_unpacked_are_damage() -> None:
    content = b"<a>" + bytes(range(65, 91)) * 400 + b"</a>"
    data = bytearray(zipped({"a.xml": content}))
    start = data.index(zlib.compress(content, 1)[2:12])
    data[start : start + 12] = b"\xff" * 12
    with pytest.raises(FileFailure, match=r"file\.damaged"):
        Package(bytes(data)).read("a.xml")


def test_another_kind_of_container_is_told_from_a_locked_one() -> None:
    with pytest.raises(FileFailure, match=r"file\.damaged"):
        Package(container_of(b"a workbook of old"))


@pytest.mark.parametrize(
    ("text", "value"), [("12", 12), (" -3 ", -3), ("+4", 4), ("", 7), ("1e3", 7), ("²", 7), ("9" * 10, 7), (None, 7)]
)
def test_a_number_is_read_within_bounds(text: str | None, value: int) -> None:
    assert number(text, 7) == value

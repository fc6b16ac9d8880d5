"""The parent believes nothing: time, memory, output, and every field of an answer are bounded."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pptx
import pytest
from old_documents import old_document
from pdf_files import written

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.extraction import Extractor, checked_document, checked_page_words
from studiolo_indexer.media_types import DOC, PPT
from studiolo_indexer.records import Document, Part

WORKER = [sys.executable, "-I", "-m", "studiolo_indexer.extract_worker"]

GOOD: dict[str, Any] = {  # Any: a JSON document
    "media_type": "text/plain", "parser": "text", "text": "words", "title": "", "pages": None, "ocr_pages": 0,
    "parts": [{"kind": "section", "label": "", "start": 0, "end": 5}], "headings": [], "tables": [],
    "properties": [], "warnings": [],
}  # fmt: skip


def test_text_comes_back_from_the_real_child_and_the_child_is_kept(extractor: Extractor) -> None:
    assert extractor.extract("Zehn Tage für Bücher.".encode(), name="a.txt").text == "Zehn Tage für Bücher."
    first = extractor._child._process
    assert extractor.extract(b"# Title\n\nBody.", name="a.md").title == "Title"
    assert extractor._child._process is first


def test_a_child_that_was_started_before_reads_the_first_file(extractor: Extractor) -> None:
    assert extractor.pid() == 0
    extractor.start()
    pid = extractor.pid()
    assert pid > 0
    extractor.start()
    assert extractor.extract(b"Some words.", name="a.txt").text == "Some words."
    assert extractor.pid() == pid


def test_a_bad_file_leaves_the_child_alive_for_the_next(extractor: Extractor) -> None:
    with pytest.raises(FileFailure, match=r"file\.damaged"):
        extractor.extract(b"%PDF-1.7 no", name="a.pdf")
    assert extractor.extract(b"fine", name="b.txt").text == "fine"


def lies() -> Iterator[dict[str, Any]]:  # Any: JSON documents
    yield {}
    for name in GOOD:
        yield {key: value for key, value in GOOD.items() if key != name}
        yield GOOD | {name: 7.5}
    yield GOOD | {"text": "a\0b c"}
    yield GOOD | {"text": "ab\ud800cd"[:5]}
    for part in (
        {"kind": "section", "label": "", "start": 1, "end": 5},
        {"kind": "section", "label": "", "start": 0, "end": 4},
        {"kind": "section", "label": "", "start": 0, "end": 6},
        {"kind": "section", "label": "", "start": 0, "end": -1},
        {"kind": "section", "label": "", "start": True, "end": 5},
        {"kind": "planet", "label": "", "start": 0, "end": 5},
        {"label": "", "start": 0, "end": 5},
        "part",
    ):
        yield GOOD | {"parts": [part]}
    yield GOOD | {"headings": [{"level": 1, "start": 0, "end": 99}]}
    yield GOOD | {"headings": [{"level": 99, "start": 0, "end": 1}]}
    yield GOOD | {"tables": [{"start": 3, "header_end": 2, "end": 4}]}
    yield GOOD | {"tables": [{"start": 0, "header_end": 2, "end": 99}]}
    yield GOOD | {"properties": [["author"]]}
    yield GOOD | {"properties": [["author", 3]]}
    yield GOOD | {"pages": 0}
    yield GOOD | {"warnings": [7]}


def test_a_true_document_is_believed() -> None:
    assert checked_document(GOOD).text == "words"


@pytest.mark.parametrize("untrusted", list(lies()), ids=lambda d: json.dumps(d)[:60])
def test_a_document_that_lies_is_refused(untrusted: dict[str, Any]) -> None:
    """Everything that comes from the child is untrusted until its bounds are checked."""
    with pytest.raises(FileFailure) as caught:
        checked_document(untrusted)
    assert caught.value.code == "file.parser_crashed"


@pytest.mark.parametrize(("kind", "wanted"), [("section", [1]), ("page", [2])])
def test_a_page_that_is_no_part_of_a_document_cannot_be_waited_for(kind: str, wanted: list[int]) -> None:
    """Its text could never be put in."""
    document = Document("image/tiff", "picture", "", (Part("page", "1", 0, 0),), pages=2, ocr_wanted=(1,))
    sent = json.loads(json.dumps(asdict(document)))
    assert checked_document(sent).ocr_wanted == (1,)
    with pytest.raises(FileFailure, match=r"file\.parser_crashed"):
        checked_document({**sent, "parts": [{**sent["parts"][0], "kind": kind}], "ocr_wanted": wanted})


class Converter:
    """Says of any file that it was a DOC with these words."""

    def __init__(self, suffix: str = "md") -> None:
        self.suffix, self.closed, self.names = suffix, False, []  # type: ignore[var-annotated]  # a list of names

    def convert(self, data: bytes, *, name: str) -> tuple[bytes, str, str]:
        self.names.append(name)
        return b"# Lease\n\nThe rent is due.", self.suffix, DOC

    def close(self) -> None:
        self.closed = True


def test_an_old_file_is_converted_and_read_where_a_converter_is_there() -> None:
    converter = Converter()
    extractor = Extractor(command=WORKER, converter=converter)
    document = extractor.extract(old_document("WordDocument"), name="lease.doc")
    assert (document.media_type, document.parser, document.title) == (DOC, "libreoffice, markdown", "Lease")
    assert extractor.extract(b"new", name="a.txt").text == "new"
    assert converter.names == ["lease.doc"]
    extractor.rest()
    assert converter.closed
    extractor.close()


def test_a_slide_of_an_old_show_is_drawn_from_the_converted_one_which_is_made_once() -> None:
    made = pptx.Presentation()
    made.slides.add_slide(made.slide_layouts[0])
    stream = io.BytesIO()
    made.save(stream)

    class Show(Converter):
        def convert(self, data: bytes, *, name: str) -> tuple[bytes, str, str]:
            super().convert(data, name=name)
            return stream.getvalue(), "pptx", PPT

    converter, old = Show(), old_document("PowerPoint Document")
    extractor = Extractor(command=WORKER, converter=converter)
    for _ in range(2):
        assert extractor.render(old, name="a.ppt", page=1, start=0, end=0, width=300).width == 300
    assert converter.names == ["a.ppt"]
    extractor.close()


def test_without_a_converter_the_reason_says_what_to_install(extractor: Extractor) -> None:
    with pytest.raises(FileFailure, match="install it and try again") as caught:
        extractor.extract(old_document("WordDocument"), name="lease.doc")
    assert caught.value.code == "file.needs_libreoffice"


def test_what_comes_back_from_the_converter_as_an_old_file_is_not_converted_for_ever() -> None:
    class Loops(Converter):
        def convert(self, data: bytes, *, name: str) -> tuple[bytes, str, str]:
            super().convert(data, name=name)
            return data, "doc", DOC

    converter = Loops()
    extractor = Extractor(command=WORKER, converter=converter)
    with pytest.raises(FileFailure, match=r"file\.needs_libreoffice"):
        extractor.extract(old_document("WordDocument"), name="lease.doc")
    assert len(converter.names) == 1
    extractor.close()


WORDS: dict[str, Any] = {"page": 1, "pages": 2, "text": "ab cd", "width": 10, "height": 20,
         "words": [{"start": 0, "end": 2, "x": 1, "y": 1, "width": 3, "height": 2},
                   {"start": 3, "end": 5, "x": 5, "y": 1, "width": 3, "height": 2}]}  # fmt: skip


def test_the_words_of_a_page_are_believed_where_they_are_what_they_must_be() -> None:
    found = checked_page_words(WORDS)
    assert (found.page, found.pages, found.text, len(found.words)) == (1, 2, "ab cd", 2)


@pytest.mark.parametrize(
    "lie",
    [
        {"page": 0}, {"pages": "2"}, {"text": "a\ud800"}, {"text": 7}, {"width": 0}, {"height": float("nan")},
        {"words": {}}, {"words": WORDS["words"][::-1]}, {"words": [{"start": 0, "end": 9}]}, {"words": [7]},
    ],
)  # fmt: skip
def test_words_that_lie_are_refused(lie: dict[str, Any]) -> None:
    with pytest.raises(FileFailure) as caught:
        checked_page_words(WORDS | lie)
    assert caught.value.code == "file.parser_crashed"


def test_words_and_texts_come_back_from_the_real_child(extractor: Extractor) -> None:
    data = written("one page", "another page")
    words = extractor.words(data, name="a.pdf", page=2)
    assert (words.page, words.pages, words.text) == (2, 2, "another page")
    assert extractor.texts(data, name="a.pdf", page=1, seconds=60.0) == (["one page", "another page"], 2)

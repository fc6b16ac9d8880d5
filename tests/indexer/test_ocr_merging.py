"""Recognised pages take their place in a document, and nothing else moves out of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.ocr_merging import boxes_of, no_text_layer, with_ocr
from studiolo_indexer.records import Document, Heading, OcrPage, OcrWord, Part, Table

GAP = "\n\n"


def made(*texts: str, wanted: tuple[int, ...] = ()) -> Document:
    """Make a document of pages; a page's first line is a heading, its last one a table."""
    parts, headings, tables, at = [], [], [], 0
    for number, text in enumerate(texts, start=1):
        end = at + len(text) + (len(GAP) if number < len(texts) else 0)
        parts.append(Part("page", str(number), at, end))
        if text:
            headings.append(Heading(1, at, at + 1))
            tables.append(Table(at, at, at + len(text)))
        at = end
    return Document(
        media_type="application/pdf",
        parser="pdfium",
        text=GAP.join(texts),
        parts=tuple(parts),
        headings=tuple(headings),
        tables=tuple(tables),
        pages=len(texts),
        warnings=("holds an attached file", *(no_text_layer(n) for n in wanted)),
        ocr_wanted=wanted,
    )


def page(text: str, confidence: float = 0.9) -> OcrPage:
    return OcrPage(text, confidence, 100, 100)


def part_text(document: Document, number: int) -> str:
    part = document.parts[number - 1]
    return document.text[part.start : part.end]


def test_the_text_of_a_page_takes_its_place_and_the_rest_moves() -> None:
    document = made("One.", "", "Three.", wanted=(2,))
    merged = with_ocr(document, {2: page("Recognised words.")})
    assert merged.text == "One.\n\nRecognised words.\n\nThree."
    assert [part_text(merged, n) for n in (1, 2, 3)] == ["One.\n\n", "Recognised words.\n\n", "Three."]
    assert [merged.text[h.start : h.end] for h in merged.headings] == ["O", "T"]
    assert [merged.text[t.start : t.end] for t in merged.tables] == ["One.", "Three."]
    assert (merged.ocr_pages, merged.ocr_wanted) == (1, ())
    assert merged.warnings == ("holds an attached file",)


def test_a_page_that_was_read_with_doubt_is_named() -> None:
    document = made("", "", wanted=(1, 2))
    merged = with_ocr(document, {1: page("Words", 0.61), 2: page("", 0.0)})
    assert merged.warnings == ("holds an attached file", "page 1: its recognised text is unsure (61%)")
    assert merged.ocr_pages == 1


def test_what_little_a_page_said_stays_where_it_is_not_said_again_and_other_pages_are_left_alone() -> None:
    document = made("Stamp 3\n\nComment (Ada): why?", "Two.", wanted=(1,))
    pages = {1: page("All words, and the STAMP  3"), 2: page("No"), 9: page("No")}
    assert with_ocr(document, pages).text == "All words, and the STAMP  3\n\nComment (Ada): why?\n\nTwo."
    assert with_ocr(document, {}) == document
    assert with_ocr(document, {1: page("")}).text == document.text
    garbled = made("\ue001\ue002" * 300, wanted=(1,))
    assert with_ocr(garbled, {1: page("Words")}).text == "Words"


TEXTS = st.text(st.sampled_from("ab .\n"), max_size=12)


@given(texts=st.lists(TEXTS, min_size=1, max_size=6), data=st.data())
def test_parts_cover_the_text_and_keep_what_was_not_recognised(texts: list[str], data: st.DataObject) -> None:
    numbers = st.sets(st.integers(1, len(texts)))
    document = made(*texts, wanted=tuple(sorted(data.draw(numbers))))
    pages = {number: page(data.draw(TEXTS)) for number in data.draw(numbers)}
    merged = with_ocr(document, pages)
    ends = [0, *(p.end for p in merged.parts)]
    assert [p.start for p in merged.parts] == ends[:-1]
    assert ends[-1] == len(merged.text)
    for number in range(1, len(texts) + 1):
        if number in pages and number in document.ocr_wanted and pages[number].text.strip():
            assert part_text(merged, number).startswith(pages[number].text)
            assert set(part_text(merged, number).split()) <= {*pages[number].text.split(), *texts[number - 1].split()}
        else:
            assert part_text(merged, number).rstrip("\n") == texts[number - 1].rstrip("\n")
    for old, new in zip(
        [h for h in document.headings if not _in_merged(document, h.start, pages)], merged.headings, strict=True
    ):
        assert document.text[old.start : old.end] == merged.text[new.start : new.end]
    assert set(merged.ocr_wanted) == set(document.ocr_wanted) - set(pages)
    step_by_step = document
    for number, one in pages.items():
        step_by_step = with_ocr(step_by_step, {number: one})
    assert replace(step_by_step, warnings=()) == replace(merged, warnings=())


def _in_merged(document: Document, at: int, pages: dict[int, OcrPage]) -> bool:
    return any(
        p.start <= at < p.end and int(p.label) in pages and int(p.label) in document.ocr_wanted for p in document.parts
    )


def recognised() -> OcrPage:
    words = (
        OcrWord(0, 3, 10, 10, 30, 12),
        OcrWord(4, 8, 45, 11, 40, 12),
        OcrWord(9, 13, 10, 40, 40, 12),
        OcrWord(14, 15, 300, 41, 9, 12),
    )
    return OcrPage("one late line x", 0.9, 400, 600, words)


def test_a_span_is_boxed_word_by_word_and_words_of_a_line_share_a_box() -> None:
    boxes = boxes_of(recognised(), 0, 13)
    assert [(b.x, b.y, b.width, b.height) for b in boxes] == [(10, 10, 75, 13), (10, 40, 40, 12)]
    assert [(b.x, b.width) for b in boxes_of(recognised(), 5, 7)] == [(45, 40)]
    assert len(boxes_of(recognised(), 9, 15)) == 2, "what lies far apart has its own box"


def test_boxes_fit_a_picture_of_any_width() -> None:
    (box,) = boxes_of(recognised(), 0, 3, width=800)
    assert (box.x, box.y, box.width, box.height) == (20, 20, 60, 24)


@pytest.mark.parametrize(("start", "end"), [(3, 4), (8, 8), (5, 2), (99, 120)])
def test_a_span_without_words_has_no_boxes(start: int, end: int) -> None:
    assert boxes_of(recognised(), start, end) == ()

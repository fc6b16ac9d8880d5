"""Chunks are exact slices, in linear time."""

from __future__ import annotations

import itertools
import random
import textwrap

import pytest
from effort import assert_grows_linearly
from hypothesis import given
from hypothesis import strategies as st

from studiolo_indexer.chunking import chunk_document, split_text
from studiolo_indexer.parsers.building import section_document
from studiolo_indexer.parsers.markup.markdown import markdown_headings
from studiolo_indexer.records import Document, Heading, Part

WORDS = "leave policy carries unused days into next year notice period months claims sensor voltage units audit".split()
texts = st.text(alphabet=st.sampled_from("ab. \n#。年|"), max_size=600) | st.text(max_size=300)


def gaps_between(spans: list[tuple[int, int]], text: str) -> str:
    ends = [0, *[end for _, end in spans]]
    starts = [*[start for start, _ in spans], len(text)]
    return "".join(text[end:start] for end, start in zip(ends, starts, strict=True))


@given(text=texts, size=st.integers(16, 400))
def test_chunks_are_exact_slices_and_lose_only_white_space(text: str, size: int) -> None:
    spans = split_text(text, max_chars=size)
    assert all(0 < end - start <= size for start, end in spans)
    assert gaps_between(spans, text).strip() == ""


@given(text=texts, size=st.integers(16, 400))
def test_chunks_of_a_document_rise_and_say_where_they_stand(text: str, size: int) -> None:
    document = section_document(text, markdown_headings(text), media_type="text/markdown", parser="markdown")
    chunks = chunk_document(document, max_chars=size)
    assert all(c.text == document.text[c.start : c.end] for c in chunks)
    assert [c.ordinal for c in chunks] == list(range(len(chunks)))
    assert all(a.end <= b.start for a, b in itertools.pairwise(chunks))


def pages(*texts: str, recognised: tuple[int, ...] = ()) -> Document:
    ends = list(itertools.accumulate(map(len, texts)))
    parts = tuple(
        Part("page", str(n), end - len(text), end, 0.9 if n in recognised else None)
        for n, (text, end) in enumerate(zip(texts, ends, strict=True), start=1)
    )
    return Document("application/pdf", "pdfium", "".join(texts), parts, pages=len(texts))


def test_text_flows_over_the_end_of_a_full_page_and_a_chunk_knows_where_the_next_begins() -> None:
    full = "The driver keeps a log of hours and of rests. " * 25 + "Who drives at night\n"
    document = pages(full, "needs a second driver.\n", "Annex.\n")
    chunks = chunk_document(document)
    crossing = next(c for c in chunks if "second driver" in c.text)
    assert (crossing.page, crossing.page_breaks) == (1, ((2, len(full)),))
    assert crossing.text.endswith("Who drives at night\nneeds a second driver.")
    assert (chunks[-1].page, chunks[-1].text) == (3, "Annex.")


def test_a_page_that_holds_less_than_a_chunk_stands_alone() -> None:
    """A slide, a form, a letter of one page: who finds it is led to it."""
    assert [(c.page, c.text) for c in chunk_document(pages("One.\n", "Two.\n"))] == [(1, "One."), (2, "Two.")]


def test_what_was_recognised_from_a_picture_is_kept_by_page() -> None:
    full = "Recognised words of a page that is full of them. " * 30
    chunks = chunk_document(pages(full, full, full, recognised=(2, 3)))
    assert all(c.page_breaks == () for c in chunks)


def printed(paragraphs: list[str], a_page: int) -> Document:
    """Print paragraphs on pages of so many lines, as a PDF is read: lines are joined, and a page ends a paragraph."""
    lines = [line for p in paragraphs for line in (*textwrap.wrap(p, 90), "")]
    sheets = ["\n".join(lines[at : at + a_page]).strip("\n") for at in range(0, len(lines), a_page)]
    joined = ("\n\n".join(" ".join(block.split("\n")) for block in sheet.split("\n\n")) for sheet in sheets)
    return pages(*(f"{sheet}\n\n" for sheet in joined))


def test_where_pages_end_changes_no_chunk() -> None:
    """A paragraph that is put in moves the words at which each later page ends, and little is new."""
    chooser = random.Random(4)
    paragraphs = [
        " ".join(" ".join(chooser.choices(WORDS, k=12)).capitalize() + "." for _ in range(chooser.randint(3, 7)))
        for _ in range(300)
    ]
    before = {"".join(c.text.split()) for c in chunk_document(printed(paragraphs, 48))}
    counts = []
    for at in range(10, 290, 20):
        changed = [*paragraphs[:at], "Put in here is one more paragraph of a few plain words.", *paragraphs[at:]]
        after = {"".join(c.text.split()) for c in chunk_document(printed(changed, 48))}
        counts.append(len(after - before))
    assert max(counts) <= 4
    assert sum(counts) <= 2.5 * len(counts)


def test_a_page_ends_a_list_of_lines_at_a_line() -> None:
    """A table or a list that goes on over the page is cut there as between any of its lines."""
    rows = [f"item {n} of the list with its price and its date" for n in range(60)]
    document = pages("\n".join(rows[:30]) + "\n\n", "\n".join(rows[30:]))
    assert all(c.text.startswith("item") for c in chunk_document(document, max_chars=300))


def test_a_chunk_ends_before_a_heading_that_comes_late_enough() -> None:
    words = "Leave is granted by the head of the department. " * 12
    text = f"{words}\nCarry-over\n{words}"
    heading = Heading(1, text.index("Carry"), text.index("Carry") + 10)
    document = Document("application/pdf", "pdfium", text, (Part("page", "1", 0, len(text)),), headings=(heading,))
    assert [c.text[:10] for c in chunk_document(document)] == ["Leave is g", "Carry-over"]


def test_a_slide_counts_as_a_page_and_a_sheet_does_not() -> None:
    for kind, number in (("slide", 3), ("sheet", None)):
        part = Part(kind, "3", 0, 5)  # type: ignore[arg-type]  # one of the kinds
        assert chunk_document(Document("application/x", "x", "Words", (part,)))[0].page == number


def test_title_and_headings_go_into_the_context_and_not_into_the_slice() -> None:
    text = "# Leave\n\n" + "About leave. " * 60 + "\n\n## Carry-over\n\n" + "Ten days may be carried over. " * 30
    document = section_document(text, markdown_headings(text), media_type="text/markdown", parser="markdown")
    last = chunk_document(document)[-1]
    assert last.context == "Leave > Carry-over"
    assert not last.text.startswith("Leave >")
    assert last.embedded_text == f"Leave > Carry-over\n{last.text}"


def test_paragraphs_are_kept_whole_where_they_fit() -> None:
    text = "\n\n".join(f"Paragraph {n}. " + "word " * 60 for n in range(6))
    assert all(text[start:end].startswith("Paragraph") for start, end in split_text(text, max_chars=700))


@pytest.mark.parametrize(("piece", "size"), [("a", 1_000_000), ("ab ", 330_000), ("年", 500_000), ("\n", 500_000)])
def test_time_grows_with_the_line_alone(piece: str, size: int) -> None:
    """S19: a line of a megabyte."""
    assert_grows_linearly(lambda n: split_text(piece * n), size=size)


def test_a_sentence_that_is_put_in_moves_no_cut_far_behind_it() -> None:
    """Neither in a text of one sentence a line, nor where pages flow on: only the chunks around it are embedded."""
    draw = random.Random(5)
    words = "the driver keeps a log of hours and rests after nine of them before the next leg begins".split()
    lines = [f"{' '.join(draw.choices(words, k=draw.randint(4, 14))).capitalize()}.\n" for _ in range(3000)]
    before = chunks_of(lines)
    changes = sorted(
        len(chunks_of([*lines[:at], "A sentence that was not there before.\n", *lines[at:]]) - before)
        for at in draw.sample(range(100, 2900), 60)
    )
    assert changes[len(changes) // 2] <= 2
    assert changes[len(changes) * 9 // 10] <= 4


@pytest.mark.parametrize("kind", ["table", "list"])
def test_a_line_that_is_put_in_or_taken_out_changes_the_chunks_around_it_alone(kind: str) -> None:
    """A long table has no paragraphs: were each chunk filled to its end, one row would move all later cuts."""
    draw = random.Random(4)
    words = "leave policy carries unused days into the next year hotel invoice".split()
    lines = [
        f"{n},{draw.choice(words)},{draw.randrange(10**6)},{draw.choice(words)}\n"
        if kind == "table"
        else " ".join(draw.choices(words, k=draw.randint(1, 9))) + "\n"
        for n in range(4000)
    ]
    before = chunks_of(lines)
    assert sum(map(len, before)) / len(before) > 500
    changes = []
    for at in draw.sample(range(100, 3900), 40):
        changes.append(len(chunks_of([*lines[:at], "a line that was not there, 42\n", *lines[at:]]) - before))
        changes.append(len(chunks_of([*lines[:at], *lines[at + 1 :]]) - before))
    changes.sort()
    assert changes[len(changes) // 2] <= 2
    assert changes[-1] <= 10


def chunks_of(lines: list[str]) -> set[str]:
    text = "".join(lines)
    return {text[start:end] for start, end in split_text(text)}

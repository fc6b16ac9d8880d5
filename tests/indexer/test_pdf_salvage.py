"""A PDF that broke off is read as far as it goes."""

from __future__ import annotations

import re

import pytest
from effort import assert_grows_linearly
from hypothesis import given
from hypothesis import strategies as st
from pdf_files import written

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.parsers.pdf.pdf_document import parse_pdf
from studiolo_indexer.parsers.pdf.pdf_salvage import salvaged

PAGES = ["The rent is due on the third.", "The lease ends in May.", "The mill stands at the river."]


def without_tree(data: bytes) -> bytes:
    """What a download that broke off leaves: the catalogue and the tree are overwritten with zeros."""
    for kind in (rb"/Type /Catalog", rb"/Type /Pages"):
        at = data.index(kind)
        begin = [m.start() for m in re.finditer(rb"\d+ 0 obj", data[:at])][-1]
        end = data.index(b"endobj", at) + len(b"endobj")
        data = data[:begin] + bytes(end - begin) + data[end:]
    return data


def test_pages_without_a_tree_are_found_again_and_the_ledger_says_so() -> None:
    document = parse_pdf(without_tree(written(*PAGES)), "lease.pdf")
    assert document.pages == 3
    assert [document.text[p.start : p.end].strip() for p in document.parts] == PAGES
    assert "damaged" in document.warnings[0]
    assert "pages may be lost" in document.warnings[0]


def test_lost_pages_of_a_file_made_for_the_web_keep_their_numbers() -> None:
    data = without_tree(written(*PAGES)).replace(b"%PDF-1.3", b"%PDF-1.3 << /Linearized 1 /O 4 /N 5 >>")
    numbers = [int(n) for n in re.findall(rb"(\d+) 0 obj\s*<<[^>]*?/Type /Page\b", data.replace(b">>", b" "))]
    found = salvaged(data)
    assert found is not None
    assert found[1] == 5 - len(PAGES), numbers
    document = parse_pdf(data, "lease.pdf")
    assert document.pages == 5
    assert "2 pages are lost" in document.warnings[0]


def test_the_first_page_of_a_file_made_for_the_web_is_first() -> None:
    data = without_tree(written(*PAGES))
    assert salvaged(data) is not None
    numbers = sorted(int(m[1]) for m in re.finditer(rb"(\d+) 0 obj", data) if b"/Type /Page\n" in data[m.end() :][:400])
    last = max(numbers)
    made = data.replace(b"%PDF-1.3", b"%%PDF-1.3 << /Linearized 1 /O %d /N 3 >>" % last)
    document = parse_pdf(made, "lease.pdf")
    assert document.text[document.parts[0].start : document.parts[0].end].strip() == PAGES[2]


def test_a_sound_file_is_not_touched_and_noise_stays_damaged() -> None:
    assert parse_pdf(written(*PAGES), "a.pdf").warnings == ()
    assert salvaged(b"%PDF-1.7 nothing of a page") is None
    assert salvaged(without_tree(written(*PAGES)) + b"/Encrypt") is None
    with pytest.raises(FileFailure, match=r"file\.damaged"):
        parse_pdf(b"%PDF-1.7 nothing of a page", "a.pdf")


@given(st.binary(max_size=300), st.integers(0, 2**32))
def test_any_bytes_end_with_a_document_or_a_reason(noise: bytes, seed: int) -> None:
    data = written(*PAGES)
    at = seed % len(data)
    try:
        assert parse_pdf(data[:at] + noise, "a.pdf").pages
    except FileFailure as failure:
        assert failure.code in {"file.damaged", "file.password"}


def test_time_grows_with_the_file_alone() -> None:
    assert_grows_linearly(lambda n: salvaged(b"%PDF-1.4\n" + b"1 0 obj /Type/Page /Parent 2 0 R " * n), size=20_000)

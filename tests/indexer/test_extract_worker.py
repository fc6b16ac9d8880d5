"""What the child answers, whatever it is given."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pdf_files import written

from studiolo_indexer.extract_worker import answer, beginning, extract


def test_the_first_bytes_correct_a_wrong_name() -> None:
    failure = answer({"op": "extract", "name": "notes.txt"}, b"%PDF-1.7\nno pdf")["failure"]
    assert failure["code"] == "file.damaged"


def test_a_kind_that_is_not_read_is_a_failure_of_that_file() -> None:
    assert answer({"op": "extract", "name": "a.xyz"}, b"x")["failure"]["code"] == "file.unsupported"


def test_whatever_a_parser_raises_is_a_failure_of_that_file(monkeypatch: pytest.MonkeyPatch) -> None:
    from studiolo_indexer.parsers import plain

    for error, code in (
        (RecursionError(), "file.memory"),
        (MemoryError(), "file.memory"),
        (KeyError(), "file.damaged"),
    ):

        def fail(data: bytes, name: str, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(plain, "parse_plain", fail)
        assert answer({"op": "extract", "name": "a.txt"}, b"x")["failure"]["code"] == code


def test_source_code_and_text_are_read_as_they_are() -> None:
    assert extract(b"def f():\n    return 1\n", "a.py").text == "def f():\n    return 1\n"
    assert extract(b"[" * 100_000, "deep.json").text == "[" * 100_000


def test_parsers_are_not_loaded_before_they_are_needed() -> None:
    names = "('pypdfium2', 'lxml', 'lancedb')"
    code = f"import sys, studiolo_indexer.extract_worker; print([n for n in {names} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_only_a_long_pdf_has_a_beginning() -> None:
    pages = [f"Page {n}." for n in range(1, 121)]
    first = beginning(written(*pages), "a.pdf")
    assert first is not None
    assert (first.pages, len(first.parts), first.text[:7]) == (120, 12, "Page 1.")
    assert beginning(written(*pages[:20]), "a.pdf") is None
    assert beginning(b"Words. " * 100_000, "a.txt") is None

"""What the child answers, whatever it is given."""

from __future__ import annotations

import io
import subprocess
import sys

import pptx
import pytest
from pdf_files import written
from PIL import Image

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


def test_words_and_texts_of_a_pdf_and_a_show_agree() -> None:
    stream = io.BytesIO()
    show = pptx.Presentation()
    for title in ("Leave policy", "Sick leave"):
        slide = show.slides.add_slide(show.slide_layouts[5])
        assert slide.shapes.title is not None
        slide.shapes.title.text = title
    show.save(stream)
    for name, data in (("a.pdf", written("Leave policy", "Sick leave")), ("a.pptx", stream.getvalue())):
        texts = answer({"op": "texts", "name": name, "page": 1, "seconds": 60.0}, data)
        words = [answer({"op": "words", "name": name, "page": page}, data)["words"] for page in (1, 2)]
        assert texts == {"texts": ["Leave policy", "Sick leave"], "pages": 2}, name
        assert [w.text for w in words] == texts["texts"], name
        assert [(w.page, w.pages, len(w.words)) for w in words] == [(1, 2, 2), (2, 2, 2)], name
        one = answer({"op": "texts", "name": name, "page": 2, "seconds": 0.0}, data)
        assert one == {"texts": ["Sick leave"], "pages": 2}, name


def test_a_picture_has_no_words_of_its_own() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (9, 9)).save(stream, "PNG")
    words = answer({"op": "words", "name": "a.png", "page": 1}, stream.getvalue())["words"]
    assert (words.text, words.words) == ("", ())
    assert answer({"op": "texts", "name": "a.png", "page": 1, "seconds": 1.0}, stream.getvalue())["texts"] == [""]

"""The parent believes nothing: time, memory, output, and every field of an answer are bounded."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest

from studiolo_indexer.errors import FileFailure
from studiolo_indexer.extraction import ExtractLimits, Extractor, checked_document
from studiolo_indexer.records import Document, Part

READ = "import sys, json, time\nh = json.loads(sys.stdin.buffer.readline()); sys.stdin.buffer.read(h['size_bytes'])\n"
GOOD: dict[str, Any] = {  # Any: a JSON document
    "media_type": "text/plain", "parser": "text", "text": "words", "title": "", "pages": None, "ocr_pages": 0,
    "parts": [{"kind": "section", "label": "", "start": 0, "end": 5}], "headings": [], "tables": [],
    "properties": [], "warnings": [],
}  # fmt: skip


def code_of(script: str, **limits: float) -> str:
    """What becomes of a file when the child does this."""
    extractor = Extractor(
        command=[sys.executable, "-I", "-c", READ + script],
        limits=ExtractLimits(**limits),  # type: ignore[arg-type]  # the tests' own numbers
    )
    with pytest.raises(FileFailure) as caught:
        extractor.extract(b"x" * 100_000, name="a.txt")
    extractor.close()
    return caught.value.code


def test_text_comes_back_from_the_real_child_and_the_child_is_kept(extractor: Extractor) -> None:
    assert extractor.extract("Zehn Tage für Bücher.".encode(), name="a.txt").text == "Zehn Tage für Bücher."
    first = extractor._process
    assert extractor.extract(b"# Title\n\nBody.", name="a.md").title == "Title"
    assert extractor._process is first


def test_a_bad_file_leaves_the_child_alive_for_the_next(extractor: Extractor) -> None:
    with pytest.raises(FileFailure, match=r"file\.damaged"):
        extractor.extract(b"%PDF-1.7 no", name="a.pdf")
    assert extractor.extract(b"fine", name="b.txt").text == "fine"


@pytest.mark.parametrize(
    ("script", "code", "limits"),
    [
        ("time.sleep(60)", "file.timeout", {"seconds": 0.3, "seconds_per_mb": 0}),
        ("a = bytearray(300_000_000); time.sleep(60)", "file.memory", {"memory_bytes": 150_000_000}),
        ("sys.stdout.write('x' * 500_000)", "file.output_too_large", {"output_bytes": 100_000}),
        ("import os; os.abort()", "file.parser_crashed", {}),
        ("sys.stdout.write('{\"document\"'); sys.stdout.flush(); import os; os._exit(0)", "file.parser_crashed", {}),
        ("print('no json')", "file.parser_crashed", {}),
        ("print('[]')", "file.parser_crashed", {}),
        ("print('{}')", "file.parser_crashed", {}),
        ("print(json.dumps({'failure': {'code': 'os.system', 'reason': 'x'}}))", "file.parser_crashed", {}),
        ("print(json.dumps({'failure': {'code': 'file.damaged', 'reason': 'It is broken.'}}))", "file.damaged", {}),
    ],
)
def test_a_child_that_misbehaves_fails_that_file(script: str, code: str, limits: dict[str, float]) -> None:
    """R11, S6: 20 hostile files end, each with its reason."""
    assert code_of(script, **limits) == code


def test_after_a_crash_the_next_file_gets_a_new_child(extractor: Extractor) -> None:
    extractor.extract(b"one", name="a.txt")
    process = extractor._process
    assert process is not None
    process.kill()
    process.wait()
    assert extractor.extract(b"two", name="b.txt").text == "two"


def test_a_child_is_recycled_after_so_many_files() -> None:
    extractor = Extractor(
        command=[sys.executable, "-I", "-m", "studiolo_indexer.extract_worker"], limits=ExtractLimits(recycle_after=1)
    )
    extractor.extract(b"one", name="a.txt")
    first = extractor._process
    extractor.extract(b"two", name="b.txt")
    assert extractor._process is not first
    assert first is not None
    assert first.poll() is not None
    extractor.close()
    extractor.close()


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

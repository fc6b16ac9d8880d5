"""A child that meets untrusted bytes is bounded in time, memory and output, and replaced when it breaks."""

from __future__ import annotations

import sys

import pytest

from studiolo_indexer.confined_child import ChildLimits
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.extraction import Extractor

READ = "import sys, json, time\nh = json.loads(sys.stdin.buffer.readline()); sys.stdin.buffer.read(h['size_bytes'])\n"


def code_of(script: str, **limits: float) -> str:
    """What becomes of a file when the child does this."""
    extractor = Extractor(
        command=[sys.executable, "-I", "-c", READ + script],
        limits=ChildLimits(**limits),  # type: ignore[arg-type]  # the tests' own numbers
    )
    with pytest.raises(FileFailure) as caught:
        extractor.extract(b"x" * 100_000, name="a.txt")
    extractor.close()
    return caught.value.code


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
    process = extractor._child._process
    assert process is not None
    process.kill()
    process.wait()
    assert extractor.extract(b"two", name="b.txt").text == "two"


def test_a_child_is_recycled_after_so_many_files() -> None:
    extractor = Extractor(
        command=[sys.executable, "-I", "-m", "studiolo_indexer.extract_worker"], limits=ChildLimits(recycle_after=1)
    )
    extractor.extract(b"one", name="a.txt")
    first = extractor._child._process
    extractor.extract(b"two", name="b.txt")
    assert extractor._child._process is not first
    assert first is not None
    assert first.poll() is not None
    extractor.close()
    extractor.close()

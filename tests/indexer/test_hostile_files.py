"""R11, S5, S6: whatever is dropped in ends within its limits, with a text or a reason; the reader stays small."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_files import CASES

from studiolo_indexer.confined_child import ChildLimits
from studiolo_indexer.errors import FileFailure
from studiolo_indexer.extraction import Extractor
from studiolo_indexer.records import Document

WORKER = [sys.executable, "-I", "-m", "studiolo.guarded", "studiolo_indexer.extract_worker"]
# Half of what the product allows: these files are small, and a test must not take minutes where one goes wrong.
LIMITS = ChildLimits(seconds=30.0, seconds_per_mb=1.0)
PEAK_BYTES = 10**9
REASONS = {
    "file.bomb", "file.damaged", "file.memory", "file.no_text", "file.output_too_large", "file.password",
    "file.too_large", "file.unsupported",
}  # fmt: skip


class Measured:
    """An extractor whose children's peaks are remembered."""

    def __init__(self) -> None:
        self.extractor = Extractor(command=WORKER, limits=LIMITS)
        self.peaks: dict[str, int] = {}

    def extract(self, case: str) -> Document:
        name, data = CASES[case]()
        try:
            return self.extractor.extract(data, name=name)
        finally:
            status = Path(f"/proc/{self.extractor.pid()}/status")
            if status.exists():
                peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
                self.peaks[case] = int(peak.split()[1]) * 1024


@pytest.fixture(scope="module")
def measured() -> Iterator[Measured]:
    made = Measured()
    yield made
    made.extractor.close()


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_file_ends_with_a_text_or_a_reason(case: str, measured: Measured) -> None:
    try:
        document = measured.extract(case)
    except FileFailure as failure:
        # A crash or a time limit is survived too, but each of these files is understood before that.
        assert failure.code in REASONS, failure.reason
        assert failure.reason.endswith(".")
    else:
        assert "root:x:0:0" not in document.text


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of another process")
def test_the_reader_never_grew_over_a_gigabyte(measured: Measured) -> None:
    """Runs last: what the cases above took."""
    assert {case: peak for case, peak in measured.peaks.items() if peak >= PEAK_BYTES} == {}

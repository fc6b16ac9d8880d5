"""What a folder will take is estimated from a sample: close to the truth, in bounded time, and without a trace."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from world import InProcessExtractor, World, scan

from studiolo_indexer.errors import FileFailure, FolderMissing, FolderRefused, Stopped
from studiolo_indexer.estimating import Estimate, Estimator
from studiolo_indexer.records import Document, Vectors
from studiolo_models.fakes import FakeEmbedder

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
WORDS = "Unused leave may be carried over until the end of March if the office agrees. "


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "docs"
    made.mkdir()
    return made


def estimator(extractor: InProcessExtractor | None = None, stop: threading.Event | None = None) -> Estimator:
    return Estimator(
        extractor=extractor or InProcessExtractor(),
        embedder=FakeEmbedder(),
        cores=2,
        recognises=True,
        stop=stop or threading.Event(),
    )


def estimate(root: Path, extractor: InProcessExtractor | None = None) -> Estimate:
    return estimator(extractor).estimate(root, refused=())


def write_library(root: Path, n_files: int) -> None:
    """Write notes and reports: most files are short, most text is in the long ones."""
    for number in range(n_files):
        folder = root / f"year {number % 7}"
        folder.mkdir(exist_ok=True)
        long = number % 10 == 0
        text = f"# Note {number}\n\n" + WORDS * (200 + number if long else 1 + number % 5)
        (folder / f"{number}.{'md' if long or number % 2 else 'txt'}").write_text(text, encoding="utf-8")


def test_a_large_folder_is_estimated_from_a_few_files(tmp_path: Path, root: Path) -> None:
    write_library(root, 700)
    extractor = InProcessExtractor()
    told = estimate(root, extractor)
    world = World(root=root, data=tmp_path / "data")
    world.indexer.add_folder(root, collection="documents")
    report = world.sync()
    world.indexer.close()
    assert told.files == report.files.on_disk == 700
    assert len(extractor.names) == told.sampled < 60
    n_chunks = report.chunks_embedded + report.chunks_reused
    assert told.chunks == pytest.approx(n_chunks, rel=0.2)
    assert told.size_bytes == sum(p.stat().st_size for p in root.rglob("*") if p.is_file())
    assert (told.pages, told.scanned_pages, told.skipped, told.whole) == (0, 0, 0, True)


def test_a_small_folder_is_read_whole(root: Path) -> None:
    """Then the counts are those of the index."""
    for name in ("a.md", "b.md", "c.txt"):
        (root / name).write_text(WORDS * 40, encoding="utf-8")
    scan(root / "book.tiff", pages=3)
    told = estimate(root)
    assert (told.files, told.sampled, told.pages, told.scanned_pages) == (4, 4, 3, 3)
    assert told.scan_seconds == pytest.approx(7.5)
    assert 0 <= told.seconds_low <= told.seconds_high


def test_a_long_pdf_is_estimated_from_its_first_pages(root: Path) -> None:
    """It is not read whole: that takes as long as indexing it."""

    class Beginnings(InProcessExtractor):
        def beginning(self, data: bytes, *, name: str) -> Document | None:
            document = self.extract(b"# A page\n\n" + WORDS.encode() * 20, name="page.md")
            return Document(**{f: getattr(document, f) for f in document.__slots__} | {"pages": 500})

    (root / "long.pdf").write_bytes(b"%PDF-1.4" + bytes(300_000))
    extractor = Beginnings()
    told = estimate(root, extractor)
    assert extractor.names == ["page.md"]
    assert told.pages == 500
    assert told.chunks >= 500


def test_what_is_left_out_is_counted_and_not_read(root: Path) -> None:
    """R5: the same rule as for indexing."""
    (root / ".studioloignore").write_text("drafts/\n", encoding="utf-8")
    (root / "drafts").mkdir()
    (root / "drafts" / "secret.md").write_text(WORDS, encoding="utf-8")
    (root / "movie.mkv").write_bytes(b"x")
    (root / "leave.md").write_text(WORDS, encoding="utf-8")
    extractor = InProcessExtractor()
    told = estimate(root, extractor)
    assert extractor.names == ["leave.md"]
    assert (told.files, told.skipped) == (1, 3)


def test_files_that_cannot_be_read_cost_their_time_and_hold_nothing(root: Path) -> None:
    (root / "bad.md").write_bytes(b"BROKEN")
    (root / "good.md").write_text(WORDS, encoding="utf-8")
    os.mkfifo(root / "pipe.md")
    told = estimate(root)
    assert (told.files, told.sampled, told.chunks, told.skipped) == (2, 2, 1, 1)


@pytest.mark.parametrize("code", ["file.timeout", "file.memory", "file.needs_libreoffice"])
def test_what_the_estimate_s_own_limits_end_is_told_by_the_others(root: Path, code: str) -> None:
    """Counted as empty, a folder of large files would seem to take a second."""

    class Ends(InProcessExtractor):
        def extract(self, data: bytes, *, name: str) -> Document:
            if name.startswith("large"):
                raise FileFailure(code, "It takes too long.")
            return super().extract(data, name=name)

    (root / "large.txt").write_text(WORDS * 2000, encoding="utf-8")
    alone = estimate(root, Ends())
    assert (alone.files, alone.sampled) == (1, 0)
    (root / "small.txt").write_text(WORDS * 20, encoding="utf-8")
    assert estimate(root, Ends()).chunks > 60


def test_a_file_that_is_too_large_to_be_read_for_it_is_told_by_its_smaller_like(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studiolo_indexer.estimating._LARGEST_BYTES", 10_000)
    (root / "large.txt").write_text(WORDS * 1000, encoding="utf-8")
    (root / "small.txt").write_text(WORDS * 100, encoding="utf-8")
    told = estimate(root)
    assert told.sampled == 1
    assert told.chunks > 80


def test_the_gentle_speed_takes_longer_and_scans_count_only_where_they_are_recognised(root: Path) -> None:
    scan(root / "book.tiff", pages=10)
    (root / "a.md").write_text(WORDS * 40, encoding="utf-8")

    def told(*, recognises: bool, slowdown: float) -> Estimate:
        made = Estimator(
            extractor=InProcessExtractor(),
            embedder=FakeEmbedder(),
            cores=2,
            recognises=recognises,
            slowdown=slowdown,
            stop=threading.Event(),
        )
        return made.estimate(root, refused=())

    full, gentle = told(recognises=True, slowdown=1.0), told(recognises=True, slowdown=3.0)
    assert gentle.scan_seconds == pytest.approx(3 * full.scan_seconds)
    off = told(recognises=False, slowdown=1.0)
    assert (off.pages, off.scanned_pages, off.scan_seconds) == (10, 0, 0.0)
    assert full.disk_bytes > off.disk_bytes + 100_000


def test_an_empty_folder_takes_nothing(root: Path) -> None:
    told = estimate(root)
    assert (told.files, told.chunks, told.seconds_high, told.disk_bytes) == (0, 0, 0.0, 0)


def test_it_ends_in_time_whatever_there_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read until then counts; and a walk that is cut short says so."""
    write_library(root, 60)
    monkeypatch.setattr("studiolo_indexer.estimating._SAMPLE_S", -1.0)
    assert estimate(root).sampled == 0
    monkeypatch.setattr("studiolo_indexer.estimating._WALK_S", -1.0)
    assert estimate(root).whole is False


def test_the_same_folder_gets_the_same_sample(root: Path) -> None:
    write_library(root, 300)
    first, second = InProcessExtractor(), InProcessExtractor()
    assert estimate(root, first).chunks == estimate(root, second).chunks
    assert first.names == second.names


def test_a_stop_ends_it_anywhere(root: Path) -> None:
    write_library(root, 60)
    stop = threading.Event()

    class StopsAtOnce(InProcessExtractor):
        def extract(self, data: bytes, *, name: str) -> Document:
            stop.set()
            raise FileFailure("file.stopped", "Reading it was stopped.")

    with pytest.raises(Stopped):
        estimator(StopsAtOnce(), stop).estimate(root, refused=())
    with pytest.raises(Stopped):
        estimator(stop=stop).estimate(root, refused=())


def test_a_stop_ends_it_between_reading_and_embedding(root: Path) -> None:
    write_library(root, 3)
    stop = threading.Event()

    class Embeds(FakeEmbedder):
        def embed_documents(self, texts: Sequence[str], *, before_batch: Callable[[], None] | None = None) -> Vectors:
            stop.set()
            return super().embed_documents(texts)

    embedder = Embeds()
    with pytest.raises(Stopped):
        Estimator(extractor=InProcessExtractor(), embedder=embedder, cores=1, recognises=True, stop=stop).estimate(
            root, refused=()
        )


def test_folders_that_are_never_indexed_are_not_estimated(root: Path) -> None:
    with pytest.raises(FolderMissing):
        estimate(root / "nowhere")
    with pytest.raises(FolderRefused):
        estimator().estimate(root, refused=[root])


def test_nothing_is_written_and_no_time_of_a_file_changes(root: Path) -> None:
    """Promise 5."""
    write_library(root, 40)
    before = {p: p.stat() for p in root.rglob("*")}
    estimate(root)
    assert {p: p.stat() for p in root.rglob("*")} == before

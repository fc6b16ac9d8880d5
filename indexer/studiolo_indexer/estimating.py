"""Estimates what indexing a folder will take, from a walk over it and a sample of its files; writes nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import numpy as np

from studiolo_indexer.admission import Admission, check_root
from studiolo_indexer.chunking import chunk_document
from studiolo_indexer.errors import NEEDS_LIBREOFFICE, FileFailure, Stopped
from studiolo_indexer.forecast import Forecast, Work, kind_of, weight_of
from studiolo_indexer.indexing import LONG_BYTES, extractor_name
from studiolo_indexer.reading import read_stable
from studiolo_indexer.records import Embedder, Extracts
from studiolo_indexer.scanning import scan_until

_WALK_S = 10.0
_SAMPLE_FILES = 40
_FEW_FILES = 6
_SAMPLE_S = 3.0
# Of a long PDF the first pages are read alone, of all else the whole: what is larger is told by its smaller like.
_LARGEST_BYTES, _LARGEST_PDF_BYTES = 8 * 2**20, 128 * 2**20
_TIMED_TEXTS = 48
_TIMES = 3
_REDRAWN = 200
# How far the pace of a computer is off from what a moment of it shows.
_PACE_SPREAD = 1.25
# Measured on manuals, reports and pages in twelve languages: the text itself and its full text, rows, their indexes.
_DISK_OF_TEXT = 1.35
_DISK_OF_CHUNK = 200
_DISK_OF_FILE = 700
_VECTOR_BYTES = 2
_WRITE_S = 0.0005
# A page of 2,500 letters: its passages, and a box for each of its words.
_OCR_PAGE_S, _OCR_PAGE_BYTES = 2.5, 16_000
# Ended by the estimate's own limits, or by a program that is left out: indexing may read it.
_SAYS_NOTHING = frozenset(("file.timeout", "file.memory", NEEDS_LIBREOFFICE))


@dataclass(frozen=True, slots=True)
class Estimate:
    """What indexing a folder is expected to take.

    Attributes:
        files, size_bytes: Files that will be read.
        skipped: Files and folders that will not be.
        whole: Whether the walk came to its end; if not, there are more than these.
        sampled: Files that were read for the estimate; with none of them, nothing below is known.
        pages, scanned_pages: Pages of the formats that have some; those whose text must be recognised.
        chunks: Passages.
        seconds_low, seconds_high: Until all can be found, but for scanned pages: nine times in ten in between, where
            the sample is a fair one and nothing else keeps the computer busy.
        scan_seconds: For the scanned pages, which are recognised after that.
        disk_bytes: The index's growth.
    """

    files: int
    size_bytes: int
    skipped: int
    whole: bool
    sampled: int
    pages: int
    scanned_pages: int
    chunks: int
    seconds_low: float
    seconds_high: float
    scan_seconds: float
    disk_bytes: int


@dataclass(slots=True)
class _Walk:
    paths: list[bytes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    skipped: int = 0
    whole: bool = True

    def weights(self) -> dict[bytes, float]:
        """Give the weight of the files of each kind together."""
        weights: dict[bytes, float] = {}
        for path, size in zip(self.paths, self.sizes, strict=True):
            kind = kind_of(path)
            weights[kind] = weights.get(kind, 0.0) + weight_of(size)
        return weights


@dataclass(slots=True)
class _Sample:
    """What files of each kind cost, with a weight each, and texts that will be embedded."""

    works: dict[bytes, list[tuple[float, Work]]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    n_files: int = 0

    def forecast(self, draw: np.random.Generator | None = None) -> Forecast:
        """Learn from the files, or as if others had been chosen: with `draw`, of each kind some twice, some never."""
        forecast = Forecast()
        for kind, works in self.works.items():
            for at in draw.integers(len(works), size=len(works)) if draw else range(len(works)):
                forecast.learn(kind, *works[at])
        return forecast


@dataclass(slots=True)
class _Choice:
    """Which files are read, by their index; of some kinds all are."""

    indexes: list[int] = field(default_factory=list)
    whole_kinds: set[bytes] = field(default_factory=set)


class Estimator:
    """Estimates folders; owned by one thread.

    Args:
        extractor: Reads the sample.
        embedder: Embeds some of its texts, so that its pace here and now is known.
        cores: Processor cores; with two, reading and embedding take turns.
        recognises: Whether pages without text will be recognised.
        slowdown: How many times longer indexing takes than at full speed.
        stop: Ends an estimate early.
    """

    def __init__(
        self,
        *,
        extractor: Extracts,
        embedder: Embedder,
        cores: int,
        recognises: bool,
        stop: Event,
        slowdown: float = 1.0,
    ) -> None:
        self._extractor = extractor
        self._embedder = embedder
        self._readers = max(1, cores - 1)
        self._recognises = recognises
        self._slowdown = slowdown
        self._stop = stop

    def estimate(self, folder: Path, *, refused: Sequence[Path]) -> Estimate:
        """Estimate a folder; takes a few seconds, whatever its size.

        Args:
            folder: The folder.
            refused: Folders that are never indexed.

        Raises:
            FolderMissing, FolderNotADirectory, FolderUnreadable, FolderRefused: See `admission.check_root`.
            Stopped: If the stop was set.
        """
        walk = self._walk(os.fsencode(check_root(folder, refused=refused)))
        sample = self._read(walk, _choose(walk))
        chunk_s = self._chunk_s(sample.texts)
        weights = walk.weights()
        expected = sample.forecast().of(weights)
        scanned = expected.scanned_pages if self._recognises else 0.0
        # How far the sample may be off (a bootstrap): unless every file was read.
        draw = np.random.default_rng(0) if sample.n_files < len(walk.paths) else None
        times = _REDRAWN if draw else 1
        drawn = sorted(self._seconds(sample.forecast(draw).of(weights), chunk_s) for _ in range(times))
        return Estimate(
            files=len(walk.paths),
            size_bytes=sum(walk.sizes),
            skipped=walk.skipped,
            whole=walk.whole,
            sampled=sample.n_files,
            pages=round(expected.pages),
            scanned_pages=round(scanned),
            chunks=round(expected.chunks),
            seconds_low=drawn[len(drawn) // 20] / _PACE_SPREAD,
            seconds_high=drawn[-1 - len(drawn) // 20] * _PACE_SPREAD,
            scan_seconds=scanned * _OCR_PAGE_S * self._slowdown,
            disk_bytes=self._disk_bytes(expected, n_files=len(walk.paths) + walk.skipped)
            + round(scanned * _OCR_PAGE_BYTES),
        )

    def _seconds(self, work: Work, chunk_s: float) -> float:
        return (work.chunks * (chunk_s + _WRITE_S) + work.read_s / self._readers) * self._slowdown

    def _disk_bytes(self, work: Work, *, n_files: int) -> int:
        vector = _VECTOR_BYTES * self._embedder.dimension
        texts, chunks = work.text_bytes * _DISK_OF_TEXT, work.chunks * (vector + _DISK_OF_CHUNK)
        return round(texts + chunks + n_files * _DISK_OF_FILE)

    def _walk(self, root: bytes) -> _Walk:
        walk, until = _Walk(), time.monotonic() + _WALK_S
        for entry in scan_until(Admission.of(root), stop=self._stop):
            if entry.problem is not None:
                walk.skipped += 1
            else:
                walk.paths.append(entry.path)
                walk.sizes.append(entry.stamp.size_bytes)
            if time.monotonic() > until:
                walk.whole = False
                break
        return walk

    def _read(self, walk: _Walk, choice: _Choice) -> _Sample:
        """Read the chosen files until all are, or the time is up."""
        sample, until = _Sample(), time.monotonic() + _SAMPLE_S
        for index in dict.fromkeys(choice.indexes):
            if self._stop.is_set():
                raise Stopped
            if time.monotonic() > until:
                break
            path, weight = walk.paths[index], weight_of(walk.sizes[index])
            work = self._work(path, sample.texts)
            if work is None:
                continue
            sample.n_files += 1
            works = sample.works.setdefault(kind_of(path), [])
            if kind_of(path) in choice.whole_kinds:
                works.append((weight, work))
            else:  # chosen by its weight: each choice stands for the same part of the whole
                works += [(1.0, work.times(1 / weight))] * choice.indexes.count(index)
        return sample

    def _work(self, path: bytes, texts: list[str]) -> Work | None:
        """Read one file as indexing will, of a long PDF only its first pages; None if that says nothing."""
        try:
            data = read_stable(path, max_bytes=_largest(path)).data
        except FileFailure:
            return None
        name = extractor_name(path)
        started = time.perf_counter()
        share = 1.0
        try:
            document = self._extractor.beginning(data, name=name) if len(data) >= LONG_BYTES else None
            if document is not None:
                share = (document.pages or 1) / max(1, len(document.parts))
            else:
                document = self._extractor.extract(data, name=name)
        except FileFailure as failure:
            if self._stop.is_set():
                raise Stopped from failure
            if failure.code in _SAYS_NOTHING:
                return None
            return Work(read_s=time.perf_counter() - started)
        read_s = time.perf_counter() - started
        chunks = list(chunk_document(document))
        if len(texts) < _TIMED_TEXTS:
            texts += [c.embedded_text for c in chunks[:8]]
        pages = 0 if document.pages is None else len(document.parts)
        return Work(
            pages=pages,
            scanned_pages=len(document.ocr_wanted),
            chunks=len(chunks),
            text_bytes=len(document.text.encode("utf-8")),
            read_s=read_s,
        ).times(share)

    def _chunk_s(self, texts: Sequence[str]) -> float:
        """Measure how long a text takes to be embedded: the best of a few times, since the first ones warm up."""
        seconds = 0.0
        for _ in range(_TIMES if texts else 0):
            if self._stop.is_set():
                raise Stopped
            started = time.perf_counter()
            self._embedder.embed_documents(texts[:_TIMED_TEXTS])
            took = time.perf_counter() - started
            seconds = min(seconds or took, took)
        return seconds / max(1, len(texts[:_TIMED_TEXTS]))


def _choose(walk: _Walk) -> _Choice:
    """Choose files to be read, so that those read first are a fair sample already.

    Of each kind in proportion to its weight; all of a kind with few files. Of the others at equal steps through the
    weight, so that a byte of a long report is as likely to be looked at as a byte of a note.
    """
    by_kind: dict[bytes, list[int]] = {}
    for index, path in enumerate(walk.paths):
        if walk.sizes[index] <= _largest(path):
            by_kind.setdefault(kind_of(path), []).append(index)
    weights = walk.weights()
    total = sum(weights.values())
    shuffle = np.random.default_rng(0).shuffle
    choice = _Choice()
    others: list[int] = []
    for kind in sorted(by_kind, key=lambda k: -weights[k]):
        indexes = by_kind[kind]
        steps = max(_FEW_FILES, round(_SAMPLE_FILES * weights[kind] / total))
        if len(indexes) <= steps:
            choice.whole_kinds.add(kind)
        else:
            indexes = _at_equal_steps(indexes, [weight_of(walk.sizes[i]) for i in indexes], steps)
        shuffle(indexes)
        choice.indexes += indexes[:1]
        others += indexes[1:]
    shuffle(others)
    choice.indexes += others
    return choice


def _largest(path: bytes) -> int:
    return _LARGEST_PDF_BYTES if kind_of(path) == b".pdf" else _LARGEST_BYTES


def _at_equal_steps(indexes: Sequence[int], weights: Sequence[float], steps: int) -> list[int]:
    """Give the files at the middle of equal parts of the whole weight; a large one several times."""
    ends = np.cumsum(weights)
    middles = (np.arange(steps) + 0.5) * ends[-1] / steps
    return [indexes[at] for at in np.searchsorted(ends, middles)]

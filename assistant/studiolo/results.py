"""Turns records into the JSON documents of the contract (product.md); pure. Fields may be added, never removed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from studiolo.answering import Answer, Citation
from studiolo.citations import CitedSentence
from studiolo.conflicts import Conflict
from studiolo.evidence import Evidence
from studiolo_indexer.estimating import Estimate
from studiolo_indexer.excluding import Change
from studiolo_indexer.finding import Place
from studiolo_indexer.records import (
    Document,
    FileRecord,
    LedgerCounts,
    Part,
    Passage,
    SearchResult,
    SyncReport,
    WatchedFolder,
)
from studiolo_indexer.scope_rows import NotWhollyRead, ScopeDocument
from studiolo_indexer.word_matches import WordMatches
from studiolo_models.protocols import ModelFile

_SHOWN_PATHS = 200
_SHOWN_COPIES = 5

Json = dict[str, Any]  # Any: a JSON document, whose shape is the contract


def path_text(path: bytes) -> str:
    """Give a path as text that `os.fsencode` turns back into the same bytes; JSON carries it as escapes."""
    return os.fsdecode(path)


def folder_record(folder: WatchedFolder) -> Json:
    """The record of a watched folder."""
    return {
        "path": path_text(folder.path),
        "collection": folder.collection,
        "added_at": folder.added_at,
        "offline_since": folder.offline_since,
        "patterns": folder.patterns.splitlines(),
    }


def estimate_result(path: str, estimate: Estimate, *, free_bytes: int) -> Json:
    """The document of `estimate`; seconds are bounds, and those for scanned pages come on top."""
    return {
        "path": path,
        "files": estimate.files,
        "size_bytes": estimate.size_bytes,
        "skipped": estimate.skipped,
        "whole": estimate.whole,
        "sampled": estimate.sampled,
        "pages": estimate.pages,
        "scanned_pages": estimate.scanned_pages,
        "chunks": estimate.chunks,
        "seconds": {
            "low": round(estimate.seconds_low, 3),
            "high": round(estimate.seconds_high, 3),
            "scanned_pages": round(estimate.scan_seconds, 1),
        },
        "disk_bytes": estimate.disk_bytes,
        "free_bytes": free_bytes,
    }


def exclusion_result(change: Change) -> Json:
    """The document of `preview_exclude`: how many files, and the first of them."""
    return {
        "dropped": len(change.dropped),
        "returned": len(change.returned),
        "dropped_paths": [path_text(p) for p in change.dropped[:_SHOWN_PATHS]],
        "returned_paths": [path_text(p) for p in change.returned[:_SHOWN_PATHS]],
    }


def counts_record(counts: LedgerCounts) -> Json:
    """Files by state; `on_disk` is their sum."""
    return {
        "on_disk": counts.on_disk,
        "indexed": counts.indexed,
        "skipped": counts.skipped,
        "failed": counts.failed,
        "pending": counts.pending,
    }


def sync_result(report: SyncReport) -> Json:
    """The document of `sync` and `retry`."""
    return {
        "files": counts_record(report.files),
        "changed": {name: getattr(report, name) for name in ("added", "modified", "moved", "deleted", "unchanged")},
        "chunks_embedded": report.chunks_embedded,
        "chunks_reused": report.chunks_reused,
        "pages_recognised": report.pages_recognised,
        "bytes_read": report.bytes_read,
        "seconds": {
            name: round(getattr(report, f"{name}_s"), 4)
            for name in ("scan", "extract", "embed", "write", "recognise", "total")
        },
    }


def file_row(record: FileRecord) -> Json:
    """One row of the ledger."""
    return {
        "path": path_text(record.path),
        "relative_path": record.relative_text,
        "collection": record.collection,
        "state": record.state,
        "code": record.code,
        "reason": record.reason,
        "size_bytes": record.size_bytes,
        "pages": record.pages,
        "parts": record.parts,
        "chunks": record.chunks,
        "indexed_at": record.indexed_at,
        "parser": record.parser,
        "ocr_pages": record.ocr_pages,
        "warnings": list(record.warnings),
        "seconds": record.seconds,
        "sha256": record.sha256,
        "media_type": record.media_type,
    }


def text_result(path: str, document: Document) -> Json:
    """The document of `text`."""
    return {
        "path": path,
        "media_type": document.media_type,
        "parser": document.parser,
        "title": document.title,
        "properties": dict(document.properties),
        "pages": document.pages,
        "parts": [_part_row(part) for part in document.parts],
        "text": document.text,
        "warnings": list(document.warnings),
    }


def _part_row(part: Part) -> Json:
    """A part; `confidence` stands only where it was recognised from a picture."""
    row: Json = {"kind": part.kind, "label": part.label, "start": part.start, "end": part.end}
    return row if part.confidence is None else row | {"confidence": part.confidence}


def search_result(result: SearchResult) -> Json:
    """The document of `search`."""
    times, matches = result.milliseconds, WordMatches(result.query)
    return {
        "query": result.query,
        "mode": result.mode,
        "passages": [_passage_row(rank, p, matches) for rank, p in enumerate(result.passages, start=1)],
        "reranked": result.reranked,
        "milliseconds": {
            name: round(getattr(times, name), 3) for name in ("embed", "vector", "text", "fuse", "rerank", "total")
        },
    }


def _passage_row(rank: int, passage: Passage, matches: WordMatches) -> Json:
    return {
        "rank": rank,
        "score": round(passage.score, 6),
        **_place(passage, passage.start),
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "matches": [list(span) for span in matches.spans(passage.text)],
        "found_by": list(passage.found_by),
        "cosine": round(passage.cosine, 4),
        "sha256": passage.sha256,
        "indexed_at": passage.indexed_at,
        "copies": len(passage.also_in),
        "also_in": [path_text(path) for path in passage.also_in[:_SHOWN_COPIES]],
    }


def place_row(document: ScopeDocument, place: Place) -> Json:
    """A place that `find-all` found; `rest` is where it goes on behind the end of a chunk."""
    row: Json = {
        "path": path_text(document.path),
        "collection": document.collection,
        "page": place.page,
        "part": place.part,
        "start": place.start,
        "end": place.end,
        "text": place.text,
        "nearness": place.nearness,
    }
    if place.rest is not None:
        row["rest"] = {name: getattr(place.rest, name) for name in ("page", "part", "start", "end", "text")}
    return row


def unread_row(file: NotWhollyRead, *, in_name: bool) -> Json:
    """A file that `find-all` could not examine, or not all of it."""
    return {
        "path": path_text(file.path),
        "collection": file.collection,
        "state": file.state,
        "code": file.code,
        "reason": file.reason,
        "examined": file.examined,
        "in_name": in_name,
    }


def _place(passage: Passage, start: int) -> Json:
    """Name the place of what begins at `start` in a passage, which may go on to the next page."""
    return {
        "path": path_text(passage.path),
        "collection": passage.collection,
        "part": passage.part_at(start),
        "page": passage.page_at(start),
        "ocr_confidence": None if passage.ocr_confidence is None else round(passage.ocr_confidence, 3),
    }


def evidence_rows(evidence: Sequence[Evidence], question: str) -> tuple[Json, ...]:
    """The passages of an `evidence` event: the best sentence as quote, the whole passage, and the words asked for."""
    matches = WordMatches(question)
    return tuple(
        {
            "number": e.number,
            **_place(e.passage, e.passage.start + e.best.start),
            "start": e.passage.start + e.best.start,
            "end": e.passage.start + e.best.end,
            "quote": e.quote(),
            "text": e.passage.text,
            "matches": [list(span) for span in matches.spans(e.passage.text)],
            "found_by": list(e.passage.found_by),
            "sha256": e.passage.sha256,
            "indexed_at": e.passage.indexed_at,
            "score": round(e.rank_score, 4),
        }
        for e in evidence
    )


def answer_result(
    answer: Answer,
    *,
    model: ModelFile | None,
    adapter: ModelFile | None,
    adapter_scale: float,
    embedder: str,
    stale_numbers: Sequence[int],
    conflicts: Sequence[Conflict] = (),
) -> Json:
    """The document of `ask`; `stale_numbers` are the citations whose file is no longer the version that was read."""
    stats = answer.stats
    return {
        "question": answer.question,
        "answer": answer.text,
        "sentences": [_sentence_row(sentence) for sentence in answer.sentences],
        "citations": [_citation_row(c, stale=c.number in stale_numbers) for c in answer.citations],
        "passages": list(evidence_rows(answer.evidence, answer.question)),
        "conflicts": [conflict_row(c) for c in conflicts],
        "refused": answer.refused,
        "composed_by": answer.composed_by,
        "style": answer.style.name,
        "format_ok": _format_ok(answer),
        "format_problems": list(answer.format_problems),
        "layout": [
            {"text": piece.text, "sentence": piece.sentence, "citations": list(piece.citations)}
            for piece in answer.layout
        ],
        "coverage": {
            "files_in_scope": answer.coverage.on_disk,
            "searched": answer.coverage.indexed,
            "failed": answer.coverage.failed,
            "skipped": answer.coverage.skipped,
            "pending": answer.coverage.pending,
        },
        "model": model.name if model else None,
        "model_sha256": model.sha256 if model else None,
        "adapter": adapter.name if adapter else None,
        "adapter_sha256": adapter.sha256 if adapter else None,
        "adapter_scale": adapter_scale if adapter else None,
        "embedder": embedder,
        "seed": answer.seed if stats else None,
        "tokens": {
            "prompt": stats.prompt_tokens if stats else 0,
            "reused": stats.reused_tokens if stats else 0,
            "answer": stats.answer_tokens if stats else 0,
        },
        "milliseconds": {
            "retrieve": _ms(answer.retrieve_s),
            "first_token": None if answer.first_token_s is None else _ms(answer.first_token_s),
            "total": _ms(answer.total_s),
        },
    }


def _sentence_row(sentence: CitedSentence) -> Json:
    return {
        "text": sentence.text,
        "citations": list(sentence.citations),
        "support": sentence.support,
        "verdict": sentence.verdict,
        "invented": list(sentence.invented),
    }


def _format_ok(answer: Answer) -> bool | None:
    """Tell whether an answer has the form of its style; None where there is no form to have."""
    if answer.refused or answer.cancelled or not answer.style.has_format:
        return None
    return not answer.format_problems


def _citation_row(citation: Citation, *, stale: bool) -> Json:
    return {
        "number": citation.number,
        **_place(citation.passage, citation.start),
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "sha256": citation.passage.sha256,
        "indexed_at": citation.passage.indexed_at,
        "stale": stale,
    }


def conflict_row(conflict: Conflict) -> Json:
    """Where documents differ: the words that their sentences share, and what each says, newest first."""
    return {
        "about": conflict.about,
        "sides": [
            {
                "number": side.number,
                **_place(side.passage, side.start),
                "start": side.start,
                "end": side.end,
                "quote": side.quote,
                "value": side.value,
                "date": side.date,
                "date_from": side.date_from,
                "current": side.current,
                "sha256": side.passage.sha256,
                "indexed_at": side.passage.indexed_at,
            }
            for side in conflict.sides
        ],
    }


def model_record(model: ModelFile) -> Json:
    """The record of a registered model."""
    return {
        "name": model.name,
        "role": model.role,
        "path": str(model.path),
        "sha256": model.sha256,
        "size_bytes": model.size_bytes,
        "licence": model.licence,
        "source": model.source,
        "added_at": model.added_at,
        "builtin": model.builtin,
        "in_use": model.in_use,
        "details": dict(model.details),
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)

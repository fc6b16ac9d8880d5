"""The JSON documents of the contract: every field is there, and any path survives."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studiolo.answering import Answer, Citation
from studiolo.citations import CitedSentence
from studiolo.evidence import find_evidence
from studiolo.results import (
    Json,
    answer_result,
    counts_record,
    evidence_rows,
    file_row,
    folder_record,
    model_record,
    path_text,
    search_result,
    sync_result,
    text_result,
)
from studiolo_indexer.records import (
    Document,
    FileRecord,
    LedgerCounts,
    Part,
    Passage,
    SearchResult,
    SearchTimes,
    SyncReport,
    WatchedFolder,
)
from studiolo_models.fakes import FakeEmbedder
from studiolo_models.protocols import GenerationStats, ModelFile

BYTES = b"/docs/caf\xe9/\xf0\x9f\x98\x80.md"
TEXT = "Leave accrues monthly. Ten days may be carried over. The canteen is open."
QUOTE = "Ten days may be carried over."
COUNTS = LedgerCounts(indexed=3, skipped=1, failed=2, pending=4)
MODEL = ModelFile("chat", "chat", Path("/models/chat"), "ab" * 32, 7, "mit", "here", "2026-01-01")
PASSAGE = Passage(
    chunk_id="c1",
    doc_id="d1",
    collection="documents",
    path=BYTES,
    path_text="/docs/café.md",
    part="Leave",
    part_kind="section",
    page=2,
    start=100,
    end=100 + len(TEXT),
    text=TEXT,
    context="Rules > Leave",
    score=0.51234567,
    cosine=0.6,
    found_by=("vector", "text"),
    sha256="cd" * 32,
    indexed_at="2026-01-01T00:00:00.000+00:00",
)


def answer(*, stats: GenerationStats | None) -> Answer:
    evidence = find_evidence("How many days may be carried over?", [PASSAGE], FakeEmbedder())
    start = PASSAGE.start + TEXT.index(QUOTE)
    return Answer(
        question="How many?",
        text="Ten [1].",
        sentences=(
            CitedSentence("Ten.", (1,), 0.93, "supported"),
            CitedSentence("Or 12 [9].", (), 0.1, "unsupported", (9,)),
        ),
        citations=(Citation(1, PASSAGE, start, start + len(QUOTE), QUOTE),),
        evidence=tuple(evidence),
        refused=False,
        cancelled=False,
        composed_by="model",
        coverage=COUNTS,
        stats=stats,
        retrieve_s=0.012345678,
        first_token_s=None if stats is None else 0.2,
        total_s=1.5,
    )


def as_json(stats: GenerationStats | None, stale: tuple[int, ...] = (), adapter: ModelFile | None = None) -> Json:
    model = MODEL if stats else None
    return answer_result(
        answer(stats=stats), model=model, adapter=adapter, adapter_scale=0.5, embedder="minilm", stale_numbers=stale
    )


STATS = GenerationStats(800, 500, 40, 0.2, 1.5, "stop")


def test_the_ledger_s_counts_add_up() -> None:
    """Promise 1: on disk = indexed + skipped + failed + pending."""
    assert counts_record(COUNTS) == {"on_disk": 10, "indexed": 3, "skipped": 1, "failed": 2, "pending": 4}


def test_a_sync_report_holds_every_field_of_the_contract() -> None:
    result = sync_result(SyncReport(files=COUNTS, added=1, moved=2, chunks_embedded=5, bytes_read=9, scan_s=0.123456))
    assert result == {
        "files": counts_record(COUNTS),
        "changed": {"added": 1, "modified": 0, "moved": 2, "deleted": 0, "unchanged": 0},
        "chunks_embedded": 5,
        "chunks_reused": 0,
        "pages_recognised": 0,
        "bytes_read": 9,
        "seconds": {"scan": 0.1235, "extract": 0, "embed": 0, "write": 0, "recognise": 0, "total": 0},
    }


def test_a_ledger_row_holds_every_field_of_the_contract() -> None:
    record = FileRecord(
        doc_id="d1",
        folder_id=1,
        collection="documents",
        path=BYTES,
        path_text="/docs/café.md",
        relative_text="café.md",
        state="failed",
        code="file.damaged",
        reason="It is damaged.",
        size_bytes=7,
        sha256=None,
        media_type=None,
        parser=None,
        pages=None,
        parts=None,
        chunks=0,
        ocr_pages=0,
        warnings=("hidden text",),
        seconds=0.5,
        indexed_at=None,
    )
    row = file_row(record)
    assert set(row) >= {
        "path", "collection", "state", "code", "reason", "size_bytes", "pages", "parts", "chunks", "indexed_at",
        "parser", "ocr_pages", "warnings", "seconds",
    }  # fmt: skip
    assert (row["state"], row["code"], row["warnings"]) == ("failed", "file.damaged", ["hidden text"])
    assert "doc_id" not in row


def test_a_text_holds_every_field_of_the_contract() -> None:
    part, said = Part("section", "", 0, 4), (("author", "A. Bell"), ("created", "2024-01-31"))
    document = Document("text/plain", "plain", "One.", (part,), warnings=("w",), properties=said)
    result = text_result("/docs/a.txt", document)
    assert set(result) >= {"path", "media_type", "parser", "parts", "text", "warnings"}
    assert result["parts"] == [{"kind": "section", "label": "", "start": 0, "end": 4}]
    assert result["properties"] == {"author": "A. Bell", "created": "2024-01-31"}


def test_a_search_holds_every_field_of_the_contract_and_ranks_from_1() -> None:
    passages = (PASSAGE, replace(PASSAGE, page=None))
    result = search_result(SearchResult("days", "hybrid", passages, SearchTimes(embed=1.23456)))
    assert set(result) >= {"query", "mode", "passages", "milliseconds"}
    assert result["milliseconds"] == {"embed": 1.235, "vector": 0, "text": 0, "fuse": 0, "rerank": 0, "total": 0}
    row = result["passages"][0]
    assert set(row) >= {
        "rank", "score", "path", "collection", "part", "page", "start", "end", "text", "found_by", "sha256",
        "indexed_at",
    }  # fmt: skip
    assert [(r["rank"], r["page"]) for r in result["passages"]] == [(1, 2), (2, None)]
    assert (row["score"], row["found_by"], row["text"]) == (0.512346, ["vector", "text"], TEXT)


def test_an_answer_holds_every_field_of_the_contract() -> None:
    result = as_json(STATS)
    assert set(result) >= {
        "question", "answer", "sentences", "citations", "refused", "coverage", "model", "model_sha256", "adapter",
        "adapter_sha256", "embedder", "seed", "tokens", "milliseconds",
    }  # fmt: skip
    assert set(result["sentences"][0]) >= {"text", "citations", "support", "verdict"}
    assert set(result["citations"][0]) >= {"number", "path", "part", "page", "start", "end", "quote", "stale"}
    assert result["coverage"] == {"files_in_scope": 10, "searched": 3, "failed": 2, "skipped": 1, "pending": 4}
    assert result["tokens"] == {"prompt": 800, "reused": 500, "answer": 40}
    assert result["milliseconds"] == {"retrieve": 12.35, "first_token": 200.0, "total": 1500.0}


def test_an_answer_keeps_the_hash_of_model_and_adapter_and_its_scale() -> None:
    """R31."""
    adapter = replace(MODEL, name="style", role="adapter", sha256="ef" * 32)
    result = as_json(STATS, adapter=adapter)
    assert (result["model"], result["model_sha256"]) == ("chat", MODEL.sha256)
    assert (result["adapter"], result["adapter_sha256"], result["adapter_scale"]) == ("style", adapter.sha256, 0.5)
    assert as_json(STATS)["adapter_scale"] is None


def test_an_answer_without_a_model_names_none() -> None:
    result = as_json(None)
    assert [result[name] for name in ("model", "model_sha256", "adapter", "seed")] == [None] * 4
    assert result["tokens"] == {"prompt": 0, "reused": 0, "answer": 0}
    assert result["milliseconds"]["first_token"] is None


@pytest.mark.parametrize(("stale", "marked"), [((), False), ((1,), True), ((2,), False)])
def test_a_citation_is_stale_when_its_number_is_named(stale: tuple[int, ...], marked: bool) -> None:
    assert as_json(STATS, stale)["citations"][0]["stale"] is marked


def test_an_invented_number_is_said() -> None:
    """R18: invented numbers are flagged."""
    assert [s["invented"] for s in as_json(STATS)["sentences"]] == [[], [9]]


def test_evidence_names_the_best_sentence_at_its_own_place() -> None:
    (row,) = evidence_rows(answer(stats=None).evidence, "days")
    assert (row["number"], row["quote"]) == (1, QUOTE)
    assert TEXT[row["start"] - PASSAGE.start : row["end"] - PASSAGE.start] == QUOTE
    assert (row["text"], row["sha256"]) == (TEXT, PASSAGE.sha256)
    assert (row["found_by"], row["indexed_at"]) == (list(PASSAGE.found_by), PASSAGE.indexed_at)


def test_the_words_that_were_asked_for_are_told_in_each_passage() -> None:
    word = TEXT.split()[1].strip(".,")
    found = search_result(SearchResult(word, "hybrid", (PASSAGE,), SearchTimes()))["passages"]
    for row in (*found, *evidence_rows(answer(stats=None).evidence, word)):
        assert {TEXT[start:end] for start, end in row["matches"]} == {word}


def test_evidence_on_the_second_page_of_a_passage_names_that_page_and_its_part() -> None:
    crossing = replace(PASSAGE, part="2", part_kind="page", page_breaks=((3, PASSAGE.start + TEXT.index(QUOTE)),))
    (evidence,) = answer(stats=None).evidence
    (row,) = evidence_rows([replace(evidence, passage=crossing)], "days")
    assert (row["page"], row["part"]) == (3, "3")


def test_records_of_folders_and_models_hold_what_is_shown_of_them() -> None:
    folder = folder_record(WatchedFolder(1, BYTES, "/docs", "documents", "2026-01-01", "2026-02-02"))
    assert set(folder) >= {"path", "collection", "added_at", "offline_since"}
    model = model_record(replace(MODEL, details=(("architecture", "llama"),)))
    assert set(model) >= {"name", "role", "path", "sha256", "size_bytes", "licence", "source", "builtin", "in_use"}
    assert model["details"] == {"architecture": "llama"}


def test_a_path_that_is_no_utf_8_survives_every_document() -> None:
    documents = (as_json(STATS), search_result(SearchResult("q", "text", (PASSAGE,), SearchTimes())))
    for document in documents:
        back = json.loads(json.dumps(document, ensure_ascii=True))
        rows = [*back.get("citations", []), *back["passages"]]
        assert {os.fsencode(row["path"]) for row in rows} == {BYTES}


@given(path=st.binary(min_size=1))
def test_any_path_comes_back_from_its_text(path: bytes) -> None:
    assert os.fsencode(json.loads(json.dumps(path_text(path)))) == path

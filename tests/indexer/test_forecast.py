"""What files cost is foretold kind by kind, by their weight."""

from __future__ import annotations

import pytest

from studiolo_indexer.forecast import Forecast, Work, kind_of, weight_of


def test_each_kind_costs_what_its_like_did() -> None:
    forecast = Forecast()
    forecast.learn(b".pdf", 100.0, Work(pages=10, chunks=30, text_bytes=20_000, read_s=0.1))
    forecast.learn(b".md", 10.0, Work(chunks=5, text_bytes=9_000))
    work = forecast.of({b".pdf": 1000.0, b".md": 20.0})
    assert work.pages == pytest.approx(100)
    assert work.chunks == pytest.approx(310)
    assert work.text_bytes == pytest.approx(218_000)
    assert work.read_s == pytest.approx(1.0)


def test_a_kind_that_was_never_seen_costs_what_the_others_do() -> None:
    forecast = Forecast()
    forecast.learn(b".pdf", 100.0, Work(chunks=30))
    forecast.learn(b".md", 100.0, Work(chunks=10))
    assert forecast.of({b".docx": 50.0}).chunks == pytest.approx(10)


def test_nothing_is_foretold_from_nothing() -> None:
    assert Forecast().of({b".pdf": 100.0}) == Work()


def test_kinds_are_suffixes_and_an_empty_file_has_weight() -> None:
    assert kind_of(b"/docs/A.b/Leave.PDF") == b".pdf"
    assert kind_of(b"/docs/A.b/README") == b""
    assert weight_of(0) > 0

"""What a failure calls for: retrieval, another model, an adapter, or other documents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studiolo.evaluation.answer_texts import TextMatch
from studiolo.evaluation.diagnosis import CAUSES, Symptoms, diagnose, summary

FOUND = Symptoms(
    unanswerable=False, has_sources=True, indexed=True, said=None, found=True, answered=True, cites_source=True
)
RIGHT = TextMatch(0.0, 0.7, 0.8, True)
WORDY = TextMatch(0.0, 0.2, 0.9, True)
WRONG = TextMatch(0.0, 0.1, 0.1, False)
NO_NUMBER = TextMatch(0.0, 0.2, 0.9, False)


@pytest.mark.parametrize(
    ("seen", "cause"),
    [
        (replace(FOUND, match=RIGHT), "right"),
        (replace(FOUND, match=RIGHT, found=False), "right"),
        (replace(FOUND, match=WORDY), "form"),
        (replace(FOUND, match=WRONG), "model"),
        (replace(FOUND, match=NO_NUMBER), "model"),
        (replace(FOUND, match=WRONG, found=False), "retrieval"),
        (replace(FOUND, match=WRONG, said=0.1), "data"),
        (replace(FOUND, match=WRONG, said=0.9), "model"),
        (replace(FOUND, match=WRONG, indexed=False, found=False), "data"),
        (replace(FOUND, match=WRONG, has_sources=False), "model"),
        (replace(FOUND, refused=True), "model"),
        (replace(FOUND, refused=True, found=False), "retrieval"),
        (replace(FOUND, refused=True, found=False, indexed=False), "data"),
        (FOUND, "right"),
        (replace(FOUND, cites_source=False), "model"),
        (replace(FOUND, cites_source=False, found=False), "retrieval"),
        (replace(FOUND, has_sources=False), "unmeasured"),
        (replace(FOUND, unanswerable=True, has_sources=False), "model"),
        (replace(FOUND, unanswerable=True, has_sources=False, refused=True), "right"),
        (replace(FOUND, answered=False), "right"),
        (replace(FOUND, answered=False, found=False), "retrieval"),
        (replace(FOUND, answered=False, unanswerable=True, has_sources=False), "unmeasured"),
    ],
)
def test_each_failure_has_its_cause(seen: Symptoms, cause: str) -> None:
    found = diagnose(seen)
    assert found.cause == cause
    assert found.cause in CAUSES
    assert found.reason


def test_the_summary_names_the_commonest_cause_first_and_leaves_out_what_was_not_measured() -> None:
    lines = list(summary(["right", "model", "model", "data", "unmeasured"]))
    assert lines[0] == "1 of 4 questions are right."
    assert [line.split(")")[1].split()[0] for line in lines[1:]] == ["model", "data"]
    assert "50%" in lines[1]
    assert next(iter(summary(["unmeasured"]))).startswith("Nothing could be judged")


def test_quotes_do_not_call_for_another_model() -> None:
    assert "a chat model may" in list(summary(["model"], quoted=True))[1]
    assert "another model" in list(summary(["model"]))[1]

"""A chat model's question about a sentence."""

from __future__ import annotations

import threading

import pytest

from studiolo.drafting.asking import ModelAsker, can_ask
from studiolo.drafting.proposals import Kind
from studiolo_models.fakes import FakeChat

SENTENCE = "The notice period is six weeks."


def asked(said: str, kind: Kind = "figure") -> str:
    return ModelAsker(FakeChat(said), threading.Event()).question(SENTENCE, "six weeks", kind)


@pytest.mark.parametrize(
    "said", ["How long is the notice period?", " Question: How long is the notice period? Yes.\nSo"]
)
def test_the_first_question_is_taken_from_what_the_model_says(said: str) -> None:
    assert asked(said) == "How long is the notice period?"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("The notice period is six weeks.", "figure"),
        ("Is the notice period six weeks?", "figure"),
        ("What is a notice period?", "date"),
        ("What is a claim?", "procedure"),
        ("What is a rise?", "reason"),
        ("What is the difference between notice and period?", "content"),
    ],
)
def test_a_question_of_another_kind_is_not_taken(said: str, kind: Kind) -> None:
    assert asked(said, kind) == ""


def test_the_prompt_ends_with_the_sentence_and_begins_the_same_each_time() -> None:
    chat = FakeChat("How long?")
    asker = ModelAsker(chat, threading.Event())
    asker.question(SENTENCE, "six weeks", "figure")
    asker.question("The rent is due in May.", "May", "date")
    first, second = chat.prompts
    assert first[:-1] == second[:-1]
    assert (SENTENCE in first[-1].content, "Answer: May" in second[-1].content) == (True, True)


def test_a_small_model_is_not_asked() -> None:
    assert (can_ask(100_000_000), can_ask(2_000_000_000)) == (False, True)

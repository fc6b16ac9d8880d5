"""Base forms of the verbs that state facts."""

from __future__ import annotations

import pytest

from studiolo.drafting.lemmas import base_of


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("increased", "increase"), ("covers", "cover"), ("carries", "carry"), ("submitted", "submit"),
        ("grew", "grow"), ("paid", "pay"), ("employ", "employ"),
    ],
)  # fmt: skip
def test_a_form_leads_to_its_base(form: str, base: str) -> None:
    assert base_of(form) == base


@pytest.mark.parametrize("noun", ["cost", "share", "plan", "report", "house", ""])
def test_a_word_that_is_rather_a_noun_is_no_verb(noun: str) -> None:
    assert base_of(noun) is None

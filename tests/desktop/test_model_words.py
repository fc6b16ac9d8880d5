"""A model in words: what it is, and whether it fits, with the numbers that say so."""

from __future__ import annotations

import pytest
from scripted_upkeep import MEMORY, MODELS, Json

from studiolo_desktop.model_words import facts, fit_in_words, role_in_words

CHAT: Json = {**MODELS[0], "in_use": False}


def test_a_model_is_said_in_a_line() -> None:
    assert facts(MODELS[0]) == ("98 MB · Q4_1 · trained for 8,192 tokens · licence: Apache-2.0 · came with the program")
    assert facts({}) == "0 B · licence: unknown"


def test_what_fits_says_what_it_needs_and_what_is_free() -> None:
    words, tone = fit_in_words(CHAT)
    assert words == (
        "Fits this computer: it needs about 413 MB of memory: 98 MB for its weights, 47 MB for a context of 2,048 "
        "tokens, and 268 MB to work with. 6.0 GB are free."
    )
    assert tone == "muted"


@pytest.mark.parametrize(
    ("fits", "begins", "ends", "tone"),
    [
        ("after_closing", "Fits once other programs are closed", "6.0 GB of 16.0 GB are free.", "weak"),
        ("never", "Does not fit this computer", "There are 16.0 GB in all.", "bad"),
    ],
)
def test_what_stands_in_the_way_is_said(fits: str, begins: str, ends: str, tone: str) -> None:
    words, said_tone = fit_in_words({**CHAT, "memory": {**MEMORY, "fits": fits}})
    assert words.startswith(begins)
    assert words.endswith(ends)
    assert said_tone == tone


def test_what_is_in_use_takes_its_memory_already() -> None:
    assert fit_in_words({**CHAT, "in_use": True})[0].startswith("It takes about 413 MB")
    assert fit_in_words({**CHAT, "in_use": True, "memory": {**MEMORY, "fits": "never"}})[1] == "bad"


def test_an_embedder_has_no_context() -> None:
    assert "context" not in fit_in_words(MODELS[2])[0]


@pytest.mark.parametrize("memory", [None, {}, {"fits": 3}, {"fits": "perhaps"}])
def test_nothing_is_said_of_what_is_not_known(memory: object) -> None:
    assert fit_in_words({**CHAT, "memory": memory}) == ("", "")


def test_a_role_of_a_newer_engine_is_said_as_it_is() -> None:
    assert (role_in_words("chat"), role_in_words("oracle")) == ("Writes answers", "oracle")

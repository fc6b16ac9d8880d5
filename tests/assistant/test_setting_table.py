"""The table names every setting, its words and ranges, and refuses what a setting cannot be."""

from __future__ import annotations

import dataclasses
import math

import pytest

from studiolo.setting_table import SETTINGS, Value, find_setting, wanted_words, why_not, why_not_together
from studiolo.settings import Settings

DEFAULTS: dict[str, Value] = dataclasses.asdict(Settings())


def reason(name: str, value: object) -> str | None:
    setting = find_setting(name)
    assert setting is not None
    return why_not(setting, value, DEFAULTS[name])


def test_every_setting_is_in_the_table_once_with_words_and_a_default_that_it_takes() -> None:
    assert sorted(setting.name for setting in SETTINGS) == sorted(DEFAULTS)
    for setting in SETTINGS:
        assert setting.title
        assert setting.effect.endswith(".")
        assert why_not(setting, DEFAULTS[setting.name], DEFAULTS[setting.name]) is None, setting.name


def test_a_number_has_a_range_and_a_unit_or_a_word_for_what_it_is() -> None:
    for setting in SETTINGS:
        default = DEFAULTS[setting.name]
        is_number = isinstance(default, int | float) and not isinstance(default, bool)
        assert (setting.low is not None and setting.high is not None) == is_number
        assert not setting.zero or setting.low == 0


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("passages", 0, "must be a whole number from 1 to 20"),
        ("passages", "6", "must be a whole number from 1 to 20"),
        ("passages", True, "must be a whole number from 1 to 20"),
        ("passages", 6.5, "must be a whole number from 1 to 20"),
        ("context_tokens", 200_000, "must be a whole number from 512 to 131,072"),
        ("adapter_scale", math.nan, "must be a number from 0 to 2"),
        ("adapter_scale", math.inf, "must be a number from 0 to 2"),
        ("poll_interval_s", 0.1, "must be a number from 0.5 to 3,600"),
        ("gpu", 1, "must be true or false"),
        ("indexing_speed", "warp", "must be full or gentle"),
        ("adapter", 3, "must be a name, or empty"),
        ("rerank_milliseconds", None, "must be a whole number from 0 to 10,000"),
    ],
)
def test_what_a_setting_cannot_be_is_refused_with_what_it_takes(name: str, value: object, words: str) -> None:
    assert reason(name, value) == words


@pytest.mark.parametrize(
    ("name", "value"), [("passages", 20), ("adapter_scale", 2), ("gpu", False), ("adapter", ""), ("threads", 0)]
)
def test_the_ends_of_a_range_belong_to_it(name: str, value: object) -> None:
    assert reason(name, value) is None


def test_prompt_and_answer_must_have_room_in_the_context() -> None:
    assert why_not_together(prompt_tokens=900, answer_tokens=160, context_tokens=1060) is None
    words = why_not_together(prompt_tokens=2000, answer_tokens=160, context_tokens=2048)
    assert words is not None
    assert "2,160" in words
    assert "2,048" in words


def test_an_unknown_name_is_none() -> None:
    assert find_setting("hologram") is None
    assert wanted_words(SETTINGS[0], 6).startswith("a whole number")

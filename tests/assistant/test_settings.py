"""Settings are read whole or refused, and written in one step."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from studiolo.errors import AssistantError
from studiolo.settings import Settings, changed, default_of, load_settings, save_settings


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.toml") == Settings()


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    wanted = Settings(passages=9, gpu=False, adapter='house "style"', adapter_scale=0.5)
    save_settings(tmp_path / "settings.toml", wanted)
    assert load_settings(tmp_path / "settings.toml") == wanted


@pytest.mark.parametrize(
    "text",
    ["passages = 'six'", "passages = ", "\x00", "gpu = 1", "rerank_milliseconds = -1", "rerank_milliseconds = 10001"],
)
def test_a_broken_file_is_named_and_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(AssistantError) as caught:
        load_settings(path)
    assert caught.value.code == "settings.damaged"
    assert path.read_text() == text


def test_a_key_of_a_newer_version_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("hologram = true\npassages = 4\n")
    assert load_settings(path).passages == 4


def test_what_a_newer_version_has_written_stays_when_settings_are_saved(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('hologram = true\n"a b" = "\U0001f642"\npassages = 4\n[table]\nx = 1\n', encoding="utf-8")
    save_settings(path, Settings(passages=7))
    kept = tomllib.loads(path.read_text(encoding="utf-8"))
    assert (kept["hologram"], kept["a b"]) == (True, "\U0001f642")
    assert load_settings(path).passages == 7


def test_a_speed_that_does_not_exist_is_named(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('indexing_speed = "warp"')
    with pytest.raises(AssistantError, match="full or gentle"):
        load_settings(path)


def test_a_value_is_changed_and_none_is_the_default_again() -> None:
    nine = changed(Settings(), "passages", 9)
    assert (nine.passages, changed(nine, "passages", None)) == (9, Settings())
    assert isinstance(changed(Settings(), "adapter_scale", 2).adapter_scale, float)
    assert default_of("gpu") is True


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("passages", 0, "setting.bad"),
        ("gpu", "yes", "setting.bad"),
        ("prompt_tokens", 1900, "setting.bad"),
        ("hologram", 1, "setting.unknown"),
    ],
)
def test_what_a_setting_cannot_be_is_refused(name: str, value: object, code: str) -> None:
    with pytest.raises(AssistantError) as caught:
        changed(Settings(), name, value)
    assert caught.value.code == code


def test_a_file_with_a_value_out_of_range_is_named(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("passages = 900")
    with pytest.raises(AssistantError, match="passages must be a whole number from 1 to 20"):
        load_settings(path)

"""What a user may choose, frozen, kept as TOML; a broken file is reported and left as it is; light to import."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from studiolo.errors import AssistantError
from studiolo.paths import write_atomically
from studiolo.setting_table import SETTINGS, SPEEDS, Value, find_setting, why_not, why_not_together
from studiolo.toml_text import write_toml

__all__ = ("SPEEDS", "Settings", "changed", "default_of", "load_settings", "save_settings")

VERSION = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default."""

    passages: int = 6
    """Passages that an answer may rest on."""
    prompt_tokens: int = 900
    """Longest prompt, so that a laptop answers within seconds."""
    answer_tokens: int = 160
    """Longest answer."""
    context_tokens: int = 2048
    """Context of the chat model."""
    threads: int = 0
    """Processor threads for models; 0 chooses."""
    gpu: bool = True
    """Use a GPU where llama.cpp finds one."""
    adapter: str = ""
    """Name of the adapter that is attached by default; empty for none."""
    adapter_scale: float = 1.0
    """Strength of the adapter."""
    ocr: bool = True
    """Recognise the text of scanned pages and pictures."""
    poll_interval_s: float = 5.0
    """Seconds between two looks at a folder that cannot be watched."""
    indexing_speed: str = "full"
    """How much of the processor indexing takes: "full", or "gentle" for a third of it."""
    indexing_speed_on_battery: str = "gentle"
    """The same while the computer runs on its battery."""
    rerank_milliseconds: int = 300
    """Milliseconds that a reranker may take for a search, 0 (off) to 10000; the longer, the more passages it judges."""


def load_settings(path: Path) -> Settings:
    """Read the settings; a missing file means the defaults, unknown keys are left alone.

    Raises:
        AssistantError: `settings.damaged` if the file is no TOML, or a value has the wrong type, is no choice, or is
            out of range.
    """
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssistantError("settings.damaged", f"{path.name}: {error}") from error
    defaults = dataclasses.asdict(Settings())
    known = {name: value for name, value in body.items() if name in defaults}
    for name, value in known.items():
        _check(name, value, defaults[name])
    return Settings(**known)


def _check(name: str, value: object, default: Value) -> None:
    setting = find_setting(name)
    if setting is not None and (reason := why_not(setting, value, default)):
        raise AssistantError("settings.damaged", f"{name} {reason}")


def default_of(name: str) -> Value:
    """Give the default of a setting.

    Raises:
        AssistantError: `setting.unknown`.
    """
    values: dict[str, Value] = dataclasses.asdict(Settings())
    if name not in values:
        raise AssistantError("setting.unknown", name)
    return values[name]


def changed(settings: Settings, name: str, value: object) -> Settings:
    """Give the settings with another value; None is the default.

    Raises:
        AssistantError: `setting.unknown`; `setting.bad` with the reason if the setting cannot have this value.
    """
    default = default_of(name)
    setting = next(known for known in SETTINGS if known.name == name)
    wanted = default if value is None else value
    if reason := why_not(setting, wanted, default):
        raise AssistantError("setting.bad", f"it {reason}")
    if isinstance(default, float) and isinstance(wanted, int):
        wanted = float(wanted)
    new = dataclasses.replace(settings, **{name: wanted})  # type: ignore[arg-type]  # its type was checked above
    reason = why_not_together(
        prompt_tokens=new.prompt_tokens, answer_tokens=new.answer_tokens, context_tokens=new.context_tokens
    )
    if reason and name in ("prompt_tokens", "answer_tokens", "context_tokens"):
        raise AssistantError("setting.bad", reason)
    return new


def save_settings(path: Path, settings: Settings) -> None:
    """Write all settings in one step; single values that a newer version has written there stay.

    Raises:
        OSError: If the disk is full or the place cannot be written.
    """
    chosen = dataclasses.asdict(settings)
    values = _unknown(path, chosen) | {"version": VERSION} | chosen
    write_atomically(path, write_toml(values).encode("utf-8"))


def _unknown(path: Path, known: Mapping[str, object]) -> dict[str, object]:
    """Give the values of a file that this version does not know; none of a file that is missing or broken."""
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}
    return {n: v for n, v in body.items() if n not in known and isinstance(v, str | int | float | bool)}

"""Settings as documents: for the engine's clients and the command line."""

from __future__ import annotations

from studiolo.desk import Json
from studiolo.errors import AssistantError
from studiolo.setting_table import SETTINGS, Setting, Value, find_setting, wanted_words
from studiolo.settings import default_of
from studiolo.workspace import Workspace


def setting_records(workspace: Workspace) -> list[Json]:
    """Give every setting, in the order of the table."""
    return [setting_record(workspace, setting.name) for setting in SETTINGS]


def setting_record(workspace: Workspace, name: str) -> Json:
    """Give one setting with its value.

    Raises:
        AssistantError: `setting.unknown`.
    """
    setting = find_setting(name)
    if setting is None:
        raise AssistantError("setting.unknown", name)
    default, value = default_of(name), getattr(workspace.settings, name)
    return {
        "name": name,
        "title": setting.title,
        "effect": setting.effect,
        "group": setting.group,
        "kind": kind_of(setting, default),
        "takes": wanted_words(setting, default),
        "unit": setting.unit,
        "low": setting.low,
        "high": setting.high,
        "zero": setting.zero,
        "choices": _choices(workspace, setting),
        "default": default,
        "value": value,
        "changed": value != default,
        "counts": setting.counts,
        "waits": setting.counts == "next start" and value != getattr(workspace.started_with, name),
    }


def choices_of(workspace: Workspace, name: str) -> list[str]:
    """Give the words that a setting may be, if it names something of a list that can change; empty for any other."""
    setting = find_setting(name)
    return [choice["value"] for choice in _choices(workspace, setting)] if setting and setting.role else []


def kind_of(setting: Setting, default: Value) -> str:
    """Name what a setting is: "switch", "choice", "whole number" or "number"."""
    if isinstance(default, bool):
        return "switch"
    if setting.choices or isinstance(default, str):
        return "choice"
    return "number" if isinstance(default, float) else "whole number"


def _choices(workspace: Workspace, setting: Setting) -> list[Json]:
    if setting.role:
        names = [m.name for m in workspace.registry.list_models() if m.role == setting.role]
        return [{"value": "", "title": "None"}, *({"value": name, "title": name} for name in names)]
    return [{"value": word, "title": title} for word, title in setting.choices]

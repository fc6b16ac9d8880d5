"""Settings: list, set, reset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from studiolo import console
from studiolo.commands.options import AsJson, Home
from studiolo.console import Console, run
from studiolo.desk import Job, Json

if TYPE_CHECKING:
    from studiolo.workspace import Workspace

commands = typer.Typer(no_args_is_help=True, help="What you may choose, with its range and effect.")


@commands.command("list")
def settings_list(home: Home = None, as_json: AsJson = False) -> None:
    """List the settings; a star marks what is not the default."""

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.setting_records import setting_records

        records = setting_records(workspace)
        out.result(records, (line for record in records for line in _lines(record)))
        return 0

    console.leave(run(home, as_json, command))


@commands.command("set", context_settings={"ignore_unknown_options": True})
def settings_set(name: str, value: str, home: Home = None, as_json: AsJson = False) -> None:
    """Give a setting another value; an engine that runs takes it over with its next start."""

    def command(workspace: Workspace, out: Console) -> int:
        record = _change(workspace, name, value)
        out.result(record, _lines(record))
        return 0

    console.leave(run(home, as_json, command))


@commands.command("reset")
def settings_reset(name: str, home: Home = None, as_json: AsJson = False) -> None:
    """Give a setting its default back."""

    def command(workspace: Workspace, out: Console) -> int:
        record = _change(workspace, name, None)
        out.result(record, _lines(record))
        return 0

    console.leave(run(home, as_json, command))


def _change(workspace: Workspace, name: str, text: str | None) -> Json:
    from studiolo import messages
    from studiolo.setting_records import setting_record
    from studiolo.upkeep_desk import UpkeepDesk

    kind = setting_record(workspace, name)["kind"]
    value = None if text is None else _value_of(text, kind)
    return UpkeepDesk(workspace).handle(messages.ChangeSetting(id="set", name=name, value=value), Job())


def _value_of(text: str, kind: str) -> str | int | float | bool:
    """Read a value as its kind wants it; what cannot be read so stays text, and is refused with the reason."""
    if kind == "switch":
        return {"true": True, "on": True, "false": False, "off": False}.get(text.casefold(), text)
    try:
        if kind == "whole number":
            return int(text)
        return float(text) if kind == "number" else text
    except ValueError:
        return text


def _lines(record: Json) -> Iterator[str]:
    def shown(value: object) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value) or '""'

    mark = "*" if record["changed"] else " "
    yield f"{mark} {record['name']} = {shown(record['value'])}" + (
        f"   (default {shown(record['default'])})" if record["changed"] else ""
    )
    unit = f" {record['unit']}" if record["unit"] else ""
    zero = f"; 0: {record['zero']}" if record["zero"] else ""
    counts = "at once" if record["counts"] == "now" else f"from the {record['counts']} on"
    yield f"      {record['title']}: {record['takes']}{unit}{zero}. Counts {counts}."
    yield f"      {record['effect']}"

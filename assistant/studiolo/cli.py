"""The command line `studiolo`: joins the groups of commands; text for people, or one JSON document with --json."""

from __future__ import annotations

# First of all: nothing may reach the network, whatever is imported below.
from studiolo import offline

offline.prepare_environment()

from typing import TYPE_CHECKING, Annotated

import typer

from studiolo import __version__, console, messages
from studiolo.commands import (
    asking_commands,
    evaluation_commands,
    finding_commands,
    library_commands,
    model_commands,
    question_commands,
    setting_commands,
    style_commands,
)
from studiolo.commands.options import AsJson, Home, viewed
from studiolo.console import Console, run
from studiolo.desk import Json
from studiolo.errors import EXIT_PROBLEM, AssistantError

if TYPE_CHECKING:
    from studiolo.workspace import Workspace

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
app.add_typer(library_commands.commands)
app.add_typer(asking_commands.commands)
app.add_typer(finding_commands.commands)
app.add_typer(evaluation_commands.commands)
app.add_typer(model_commands.commands, name="models")
app.add_typer(question_commands.commands, name="questions")
app.add_typer(setting_commands.commands, name="settings")
app.add_typer(style_commands.commands, name="styles")


def main() -> None:
    """Run the command line; the guards stand before any command does."""
    offline.install_guards()
    app(prog_name="studiolo")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"studiolo {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    """Ask your own documents, on this machine alone."""


@app.command()
def doctor(home: Home = None, as_json: AsJson = False) -> None:
    """Check the installation, the hardware, the index, and that this process is offline."""

    def command(workspace: Workspace, out: Console) -> int:
        findings = viewed(workspace, messages.Doctor(id="doctor"))["findings"]
        out.result(findings, (_finding_line(f) for f in findings))
        return 0 if all(f["ok"] for f in findings) else EXIT_PROBLEM

    console.leave(run(home, as_json, command))


@app.command()
def engine(home: Home = None) -> None:
    """Run the engine as a child process: JSON lines on stdin and stdout (docs/protocol.md)."""
    from studiolo import service

    raise typer.Exit(service.main(["--home", home] if home else []))


def _not_yet(name: str) -> None:
    @app.command(name, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, hidden=True)
    def command(context: typer.Context) -> None:
        def refuse(workspace: Workspace, out: Console) -> int:
            raise AssistantError("command.not_yet", f"`studiolo {name}`")

        words = context.args
        home = words[words.index("--home") + 1] if "--home" in words[:-1] else None
        console.leave(run(home, "--json" in words, refuse))


for _name in ("adapters", "self-test"):
    _not_yet(_name)


def _finding_line(finding: Json) -> str:
    mark = "ok     " if finding["ok"] else "PROBLEM"
    return f"{mark} {finding['check']}: {finding['detail']}" + (
        f"\n        {finding['hint']}" if finding["hint"] else ""
    )


if __name__ == "__main__":
    main()

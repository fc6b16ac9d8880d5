"""Local model files: list, add, verify, use, remove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studiolo import console, messages
from studiolo.commands.options import AsJson, Home, viewed
from studiolo.console import Console, run
from studiolo.desk import Json

if TYPE_CHECKING:
    from studiolo.workspace import Workspace

commands = typer.Typer(no_args_is_help=True, help="Local model files, by SHA-256.")


@commands.command("list")
def models_list(home: Home = None, as_json: AsJson = False) -> None:
    """List the registered models."""

    def command(workspace: Workspace, out: Console) -> int:
        records = viewed(workspace, messages.Models(id="models"))["models"]
        out.result(records, (_model_line(r) for r in records))
        return 0

    console.leave(run(home, as_json, command))


@commands.command("add")
def models_add(
    path: Path,
    name: Annotated[str | None, typer.Option()] = None,
    licence: Annotated[str, typer.Option(help="What the file or our list of known models says, if not given.")] = "",
    source: Annotated[str, typer.Option()] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Add a GGUF file (a chat model or an adapter), or a folder of sentence-transformers, which is compiled once.

    The folder is an embedder, or a CrossEncoder: a reranker, which judges the first passages of a search once more.
    """

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.model_adding import add_model

        record = add_model(workspace, path, name=name, licence=licence, source=source)
        out.result(record, [_model_line(record)])
        return 0

    console.leave(run(home, as_json, command))


@commands.command("use")
def models_use(
    name: Annotated[str | None, typer.Argument()] = None,
    no_reranker: Annotated[bool, typer.Option("--no-reranker", help="Use no reranker until one is chosen.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Choose a model for its role; or none, for reranking."""
    if bool(name) == no_reranker:
        raise typer.BadParameter("give either the name of a model, or --no-reranker")

    def command(workspace: Workspace, out: Console) -> int:
        record = viewed(workspace, messages.UseModel(id="use", name=name or ""))
        out.result(record, [_model_line(record) if name else "No reranker is used."])
        return 0

    console.leave(run(home, as_json, command))


def _model_command(command_name: str, description: str) -> None:
    @commands.command(command_name, help=description)
    def command(name: str, home: Home = None, as_json: AsJson = False) -> None:
        def act(workspace: Workspace, out: Console) -> int:
            from studiolo.results import model_record

            registry = workspace.registry
            if command_name == "verify":
                record = model_record(registry.verify(name))
            else:
                record = model_record(registry.get(name))
                registry.remove(name)
            out.result(record, [_model_line(record)])
            return 0

        console.leave(run(home, as_json, act))


def _model_line(record: Json) -> str:
    used = "*" if record["in_use"] else " "
    size = f"{record['size_bytes'] / 1e6:.0f} MB"
    return f"{used} {record['role']:9} {record['name']}  {size}  {record['licence']}  {record['sha256'][:12]}"


_model_command("verify", "Check a model's file against its SHA-256.")
_model_command("remove", "Remove a model that was added.")

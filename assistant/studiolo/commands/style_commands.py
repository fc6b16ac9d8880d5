"""Answer styles: list, show, add, remove, use."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from studiolo import console, messages
from studiolo.commands.options import AsJson, Home, viewed
from studiolo.console import Console, run
from studiolo.desk import Json
from studiolo.errors import AssistantError
from studiolo.quantities import count
from studiolo.styles import Style, add_style, checked_style, load_styles, remove_style, use_style
from studiolo.toml_text import write_toml

if TYPE_CHECKING:
    from studiolo.workspace import Workspace

commands = typer.Typer(no_args_is_help=True, help="How answers are written: short, a table, a letter, your own.")

_REPLACE_HELP = "Put it in the place of your style of that name; with --like NAME, what is not given here stays."
_FIRST_COLLECTION = "documents"


@commands.command("list")
def styles_list(home: Home = None, as_json: AsJson = False) -> None:
    """List the styles, and which collection uses which."""

    def command(workspace: Workspace, out: Console) -> int:
        result = viewed(workspace, messages.Styles(id="styles"))
        out.result(result, _list_lines(result))
        return 0

    console.leave(run(home, as_json, command))


@commands.command("show")
def styles_show(name: str, home: Home = None, as_json: AsJson = False) -> None:
    """Show a style as it stands, or would stand, in styles.toml, and what a model is told."""

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.prompts import system_words

        style = load_styles(workspace.paths.styles).get(name)
        record = style.as_dict() | {"prompt": system_words(style, "cited")}
        out.result(record, _show_lines(record))
        return 0

    console.leave(run(home, as_json, command))


@commands.command("add")
def styles_add(
    name: str,
    instructions: Annotated[str | None, typer.Option(help="What a model is told, in your words.")] = None,
    title: Annotated[str | None, typer.Option(help="A title for people.")] = None,
    form: Annotated[str | None, typer.Option(help="prose, bullets, table or letter")] = None,
    max_sentences: Annotated[int | None, typer.Option(help="Most sentences, or rows of a table; 0: any.")] = None,
    max_words: Annotated[int | None, typer.Option(help="Most words; 0: any.")] = None,
    required: Annotated[
        list[str] | None,
        typer.Option(help="A heading or field that a line must begin with, or a column; may be given several times."),
    ] = None,
    line_pattern: Annotated[
        str | None,
        typer.Option(help="What each line looks like: * any characters, ? one, # a digit, \\ the next one as it is."),
    ] = None,
    salutation: Annotated[str | None, typer.Option(help="How a letter begins.")] = None,
    closing: Annotated[str | None, typer.Option(help="How a letter ends.")] = None,
    like: Annotated[str | None, typer.Option(help="The style to start from.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help=_REPLACE_HELP)] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Make a style of your own."""
    given = {
        "instructions": instructions,
        "title": title,
        "form": form,
        "max_sentences": max_sentences,
        "max_words": max_words,
        "required": required or None,
        "line_pattern": line_pattern,
        "salutation": salutation,
        "closing": closing,
    }

    def command(workspace: Workspace, out: Console) -> int:
        styles = load_styles(workspace.paths.styles)
        start = _start_of(styles.get(like)) if like else {}
        style = checked_style(name.casefold(), start | {key: v for key, v in given.items() if v is not None})
        add_style(workspace.paths.styles, style, replace=replace)
        record = style.as_dict()
        out.result(record, [_style_line(record, used="")])
        return 0

    console.leave(run(home, as_json, command))


@commands.command("remove")
def styles_remove(name: str, home: Home = None, as_json: AsJson = False) -> None:
    """Remove a style of your own; what used it gets the default style."""

    def command(workspace: Workspace, out: Console) -> int:
        record = remove_style(workspace.paths.styles, name).as_dict()
        out.result(record, [f"Removed {record['name']}."])
        return 0

    console.leave(run(home, as_json, command))


@commands.command("use")
def styles_use(
    name: str,
    collection: Annotated[str | None, typer.Option(help="Only its answers; else all that have no style yet.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Choose the style of a collection's answers, or of all."""

    def command(workspace: Workspace, out: Console) -> int:
        if collection not in (None, _FIRST_COLLECTION):
            status = viewed(workspace, messages.Status(id="status"))
            if collection not in {c["name"] for c in status["collections"]}:
                raise AssistantError("collection.unknown", collection or "")
        style = use_style(workspace.paths.styles, name, collection)
        where = f"the collection {collection}" if collection else "every collection without a style of its own"
        record: Json = {"style": style.name, "collection": collection}
        out.result(record, [f"Answers from {where} are written in the style {style.name}."])
        return 0

    console.leave(run(home, as_json, command))


def _start_of(style: Style) -> dict[str, object]:
    values = dataclasses.asdict(style)
    return {key: value for key, value in values.items() if key not in ("name", "title", "builtin")}


def _list_lines(result: Json) -> Iterator[str]:
    for record in result["styles"]:
        used = [c for c, name in result["collections"].items() if name == record["name"]]
        if record["name"] == result["default"]:
            used.insert(0, "default")
        yield _style_line(record, used=", ".join(used))


def _style_line(record: Json, *, used: str) -> str:
    limits = [
        count(record[key], noun)
        for key, noun in (("max_sentences", "row" if record["form"] == "table" else "sentence"), ("max_words", "word"))
        if record[key]
    ]
    about = ", ".join([record["form"], *(f"at most {limit}" for limit in limits)])
    needs = f", with {', '.join(record['required'])}" if record["required"] else ""
    return f"{'*' if used else ' '} {record['name']:12} {record['title']} ({about}{needs})" + (
        f"  [{used}]" if used else ""
    )


def _show_lines(record: Json) -> Iterator[str]:
    plain = Style("")
    shown = {
        key: value
        for key, value in record.items()
        if key not in ("name", "builtin", "prompt") and value and (value != getattr(plain, key) or key == "form")
    }
    if record["form"] == "letter":
        shown |= {"salutation": record["salutation"], "closing": record["closing"]}
    yield from write_toml({"styles": {record["name"]: shown}}).splitlines()
    yield ""
    yield f"A model of 700 MB or more is told: {record['prompt']}"

"""Question sets: draft, confirm."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studiolo import console
from studiolo.commands.options import AsJson, Collections, Home
from studiolo.console import Console, place, run
from studiolo.desk import Json
from studiolo.errors import EXIT_PROBLEM
from studiolo.quantities import count as counted

if TYPE_CHECKING:
    from studiolo.drafting.drafter import Draft
    from studiolo.workspace import Workspace

commands = typer.Typer(no_args_is_help=True, help="Sets of questions, to measure with.")
_SAID_EVERY = 5


@commands.command()
def draft(
    out_file: Annotated[Path, typer.Option("--out", help="Where the questions go; a new file.")],
    count: Annotated[int, typer.Option("-n", min=1, help="How many questions.")] = 20,
    collection: Collections = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="By templates alone, without a chat model.")] = False,
    seed: Annotated[int, typer.Option(help="Another number, other passages.")] = 0,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Propose questions with their passages, for you to confirm; in English and German."""

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.drafting.draft_files import refuse_to_overwrite, write_drafts
        from studiolo.drafting.drafting_run import drafts_of
        from studiolo.workspace import ChatHolder

        refuse_to_overwrite(out_file)
        chats = ChatHolder(workspace)
        scope = tuple(collection or ("documents",))
        rows: list[Json] = []
        try:
            drafts = drafts_of(
                workspace,
                None if no_model else chats,
                count=count,
                scope=scope,
                seed=seed,
                cancel=threading.Event(),
            )
            first = next(drafts, None)  # nothing is written where nothing can be drafted
            if first is not None:
                write_drafts(out_file, _kept(chain([first], drafts), rows, count, out))
                out.note(
                    f"{counted(len(rows), 'question')} written to {out_file}; `studiolo questions confirm` shows them."
                )
        finally:
            chats.close()
        if len(rows) < count:
            out.note("The documents yield no more that can be asked by themselves.")
        out.result(rows, (line for row in rows for line in _row_lines(row)))
        return 0 if rows else EXIT_PROBLEM

    console.leave(run(home, as_json, command))


@commands.command()
def confirm(file: Path, home: Home = None, as_json: AsJson = False) -> None:
    """Go through drafted questions: keep, edit or drop each; stop when you like, and go on later."""

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.drafting import confirming
        from studiolo.drafting.draft_files import DraftFile

        drafts = DraftFile(file)
        tally = confirming.confirm(drafts, _ask_at_terminal, out.note)
        result = {
            "confirmed": tally.confirmed, "dropped": tally.dropped, "waiting": tally.waiting,
            "questions": len(drafts.rows),
        }  # fmt: skip
        out.result(result, [f"{tally.confirmed} kept, {tally.dropped} dropped, {tally.waiting} still to look at."])
        return 0

    console.leave(run(home, as_json, command))


def _kept(drafts: Iterator[Draft], rows: list[Json], count: int, out: Console) -> Iterator[Json]:
    """Give each draft as a row, keep it, and say how far it is."""
    from studiolo.drafting.draft_files import draft_row

    for number, found in enumerate(drafts, start=1):
        rows.append(draft_row(number, found))
        yield rows[-1]
        if number % _SAID_EVERY == 0 and number < count:
            out.note(f"{number} of {count} questions")


def _row_lines(row: Json) -> Iterator[str]:
    yield f"{row['question']}"
    yield f"    {' '.join(row['answer'].split())}  ({place({**row['sources'][0], 'part': None})})"


def _ask_at_terminal(prompt: str, *, proposed: str = "") -> str | None:
    """Read a line; where the terminal can, what is proposed stands there to be edited."""
    try:
        import readline
    except ImportError:  # Windows has none
        readline = None  # type: ignore[assignment]  # the absence of the module
    if readline is not None and proposed and sys.stdin.isatty():
        readline.set_startup_hook(lambda: readline.insert_text(proposed))
    try:
        sys.stderr.write("" if sys.stdin.isatty() else prompt)
        return input(prompt if sys.stdin.isatty() else "")
    except EOFError:
        return None
    finally:
        if readline is not None:
            readline.set_startup_hook()

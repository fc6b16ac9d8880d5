"""Every document that says something: find-all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studiolo import console, messages
from studiolo.commands.options import AsJson, Collections, Home
from studiolo.console import Console, run
from studiolo.desk import Job, Json
from studiolo.errors import EXIT_PROBLEM
from studiolo.filter_reports import filter_lines
from studiolo.quantities import count
from studiolo.tables import write_table

if TYPE_CHECKING:
    from studiolo.find_run import FindRun
    from studiolo.workspace import Workspace

commands = typer.Typer()

_KEEP_EVERY_S = 1.0
_TELL_EVERY_S = 2.0
_SHOWN_CHARS = 400
COLUMNS = (
    "kind", "path", "collection", "page", "part", "start", "end", "nearness", "in_name", "text", "rest_page", "rest",
    "state", "code", "reason",
)  # fmt: skip


@commands.command("find-all")
def find_all(
    query: Annotated[
        str, typer.Argument(help='Words in any form; in "quotes" letter for letter. Filters as in search.')
    ],
    collection: Collections = None,
    under: Annotated[str | None, typer.Option(help="Only files under this folder.")] = None,
    out_file: Annotated[Path | None, typer.Option("--out", help="Write a table (CSV) to this file.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where a run with the same --out was stopped.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Examine every document, and list each place that holds all that is wanted, and what could not be read."""
    if resume and out_file is None:
        raise typer.BadParameter("--resume goes with --out: what was found so far is kept beside that file")
    about: Json = {"find_all": 1, "query": query, "collections": collection or ["documents"], "under": under}

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.find_run import FindRun

        with FindRun(out_file, about, resume=resume) as kept:
            if resume and not kept.pieces:
                out.note("No unfinished run was found; every document is examined.")
            try:
                _examine(workspace, out, kept, about)
            except KeyboardInterrupt:
                _keep_what_there_is(out, kept, out_file)
                raise
            result = kept.document()
            if out_file is not None:
                write_table(out_file, COLUMNS, table_rows(result))
        if out_file is not None:
            out.note(f"The table is written to {out_file}")
        out.result(result, _lines(result, is_listed=out_file is None))
        return EXIT_PROBLEM if any(row["state"] != "skipped" for row in result["unreadable"]) else 0

    console.leave(run(home, as_json, command))


def _examine(workspace: Workspace, out: Console, kept: FindRun, about: Json) -> None:
    """Examine the documents piece by piece, so that a stop or a kill costs no more than a second's work."""
    from studiolo.find_desk import FindDesk

    desk = FindDesk(workspace)
    told_at = time.monotonic()

    def tell(event: messages.EngineEvent) -> None:
        nonlocal told_at
        if isinstance(event, messages.Progress) and time.monotonic() - told_at >= _TELL_EVERY_S:
            told_at = time.monotonic()
            out.note(f"{event.files_done:,} of {event.files_total:,} documents examined")

    while not kept.is_complete:
        request = messages.FindAll(
            id="find-all",
            query=about["query"],
            collections=tuple(about["collections"]),
            under=about["under"],
            after=kept.after,
            pause_after_s=_KEEP_EVERY_S,
        )
        kept.add(desk.handle(request, Job(emit=tell)))


def _keep_what_there_is(out: Console, kept: FindRun, out_file: Path | None) -> None:
    if out_file is not None and kept.pieces:
        result = kept.document()
        write_table(out_file, COLUMNS, table_rows(result))
        out.note(
            f"{result['examined']:,} of {result['in_scope']:,} documents were examined; {out_file} holds what was "
            "found, and the same command with --resume goes on."
        )


def table_rows(result: Json) -> Iterator[Json]:
    """Give the rows of the table: places, documents that are named so, and what could not be read."""
    for hit in result["hits"]:
        rest = hit.get("rest", {})
        yield {"kind": "hit", **_cells(hit), "rest_page": rest.get("page"), "rest": rest.get("text")}
    yield from ({"kind": "name", **_cells(row)} for row in result["documents"] if not row["hits"])
    yield from ({"kind": "unreadable", **_cells(row)} for row in result["unreadable"])


def _cells(row: Json) -> Json:
    return {name: value for name, value in row.items() if name in COLUMNS and name != "rest"}


def _lines(result: Json, *, is_listed: bool) -> Iterator[str]:
    if is_listed:
        places: dict[str, list[Json]] = {}
        for hit in result["hits"]:
            places.setdefault(hit["path"], []).append(hit)
        for row in result["documents"]:
            yield row["path"] + ("  (its name says it)" if row["in_name"] else "")
            yield from (f"  {_place_line(hit)}" for hit in places.get(row["path"], []))
    if result["unreadable"]:
        yield "Not examined, or not all of it:"
    for row in result["unreadable"]:
        yield f"  {row['path']}" + ("  (its name says it)" if row["in_name"] else "")
        yield f"    {row['reason']} ({row['code']})"
    yield from _sums(result)


def _place_line(hit: Json) -> str:
    where = f"p. {hit['page']}" if hit["page"] else hit["part"]
    text = " ".join([*hit["text"].split(), *hit.get("rest", {}).get("text", "").split()])
    shown = text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"
    return f"{where}: {shown}" if where else shown


def _sums(result: Json) -> Iterator[str]:
    yield from filter_lines(result["filters"])
    named = sum(not row["hits"] for row in result["documents"])
    unread = result["unreadable"]
    partly = sum(row["examined"] for row in unread)
    yield (
        f"{count(result['examined'], 'document')} examined, {result['with_hits']:,} with a hit "
        f"({count(sum(row['hits'] for row in result['documents']), 'place')})"
        + (f", {named:,} more by name alone" if named else "")
        + f", {len(unread) - partly:,} unreadable"
        + (f", {partly:,} partly or formerly read" if partly else "")
        + "."
    )
    if not result["in_scope"] and not unread and not result["filters"]["understood"]:
        yield "Nothing is indexed here yet; `studiolo sync` reads the watched folders."
    wanted, nearest = result["wanted"], result["nearest"]
    sought = [f"“{phrase}” letter for letter" for phrase in wanted["phrases"]]
    if wanted["words"]:
        sought.append(", ".join(wanted["words"]) + " (accents and English endings aside)")
    left_out = f"; not for: {' '.join(wanted['left_out'])}" if wanted["left_out"] else ""
    yield f"Looked for {' and '.join(sought)}{left_out}."
    if len(wanted["words"]) > 1 and not wanted["phrases"] and result["with_hits"]:
        yield (
            f"{count(nearest['row'], 'document')} with them in a row, {nearest['sentence']:,} in one sentence at the "
            f"nearest, {nearest['near']:,} near each other; words in quotes are found only as they stand."
        )

"""What the index watches and holds: add, estimate, exclude, remove, sync, retry, watch, files, text."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studiolo import console, messages
from studiolo.commands.options import AsJson, Home, viewed
from studiolo.console import Console, run
from studiolo.desk import Job, Json
from studiolo.errors import EXIT_PROBLEM, ErrorReport
from studiolo.quantities import count, duration, estimate_lines

if TYPE_CHECKING:
    from studiolo.workspace import Workspace

commands = typer.Typer()


@commands.command()
def add(folder: str, collection: str = "documents", home: Home = None, as_json: AsJson = False) -> None:
    """Watch a folder; `sync` or `watch` indexes it."""
    request = messages.AddFolder(id="add", path=folder, collection=collection)
    _index(home, as_json, request, lambda r: [f"Watching {r['path']} in the collection {r['collection']}."])


@commands.command()
def estimate(folder: str, home: Home = None, as_json: AsJson = False) -> None:
    """Say what indexing a folder will take, from a sample of its files; nothing is added."""

    def command(workspace: Workspace, out: Console) -> int:
        result = _foretold(workspace, messages.Estimate(id="estimate", path=folder))
        out.result(result, estimate_lines(result))
        return EXIT_PROBLEM if result["disk_bytes"] >= result["free_bytes"] else 0

    console.leave(run(home, as_json, command))


@commands.command()
def exclude(
    folder: str,
    patterns: Annotated[list[str] | None, typer.Argument(help="As in a .gitignore file; none: nothing more.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would change.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Leave out of a watched folder what patterns name; `sync` or `watch` obeys."""
    given = tuple(patterns or ())
    if not preview:
        request = messages.Exclude(id="exclude", path=folder, patterns=given)
        _index(home, as_json, request, lambda r: [f"Left out of {r['path']}: {', '.join(r['patterns']) or 'nothing'}."])
        return

    def command(workspace: Workspace, out: Console) -> int:
        result = _foretold(workspace, messages.PreviewExclude(id="preview", path=folder, patterns=given))
        signs = [("-", p) for p in result["dropped_paths"]] + [("+", p) for p in result["returned_paths"]]
        sums = f"{count(result['dropped'], 'file')} would be left out, {result['returned']:,} read again."
        out.result(result, [*(f"{sign} {path}" for sign, path in signs), sums])
        return 0

    console.leave(run(home, as_json, command))


@commands.command()
def remove(folder: str, home: Home = None, as_json: AsJson = False) -> None:
    """Stop watching a folder, and purge every trace of it from the index."""
    request = messages.RemoveFolder(id="remove", path=folder)
    _index(home, as_json, request, lambda r: [f"Removed {r['files']} files and {r['chunks']} chunks."])


@commands.command()
def sync(collection: Annotated[str | None, typer.Option()] = None, home: Home = None, as_json: AsJson = False) -> None:
    """Bring the index up to date and end."""
    _index(home, as_json, messages.Sync(id="sync", collection=collection), _sync_lines)


@commands.command()
def retry(
    files: Annotated[list[str] | None, typer.Argument()] = None, home: Home = None, as_json: AsJson = False
) -> None:
    """Try failed files again."""
    _index(home, as_json, messages.Retry(id="retry", paths=tuple(files or ())), _sync_lines)


@commands.command()
def watch(home: Home = None) -> None:
    """Keep the index up to date until interrupted; a JSON line for each file, once it can be searched."""

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.engine import Engine

        events: queue.SimpleQueue[messages.EngineEvent] = queue.SimpleQueue()
        engine = Engine(workspace, emit=events.put)
        engine.start()
        engine.submit(messages.Watch(id="watch"))
        try:
            while True:
                event = events.get()
                if isinstance(event, messages.Failed):  # of `watch` itself: nothing would ever come
                    words = ErrorReport(**event.error)
                    out.failed(words)
                    return words.exit_code
                _print_watched(event, out)
        finally:
            engine.close()

    console.leave(run(home, True, command))


@commands.command()
def files(
    state: Annotated[str | None, typer.Option(help="indexed, skipped, failed or pending")] = None,
    collection: Annotated[str | None, typer.Option()] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write the ledger to this file.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show the ledger: every file, and what became of it."""
    request = messages.Files(id="files", state=state, collection=collection, limit=10_000_000)

    def command(workspace: Workspace, out: Console) -> int:
        rows = viewed(workspace, request)["rows"]
        if csv_file is not None:
            from studiolo.ledger_desk import write_ledger

            write_ledger(csv_file, rows)
            out.note(f"{len(rows)} rows written to {csv_file}")
        lines = (
            f"{r['state']:8} {r['path']}" + (f"\n         {r['reason']} ({r['code']})" if r["code"] else "")
            for r in rows
        )
        out.result(rows, lines)
        return 0

    console.leave(run(home, as_json, command))


@commands.command()
def text(file: str, home: Home = None, as_json: AsJson = False) -> None:
    """Show what is extracted from one file, indexed or not."""

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.workspace import as_path

        result = viewed(workspace, messages.Text(id="text", path=str(as_path(file))))
        out.result(result, [result["text"]])
        return 0

    console.leave(run(home, as_json, command))


def _index(home: str | None, as_json: bool, request: messages.Request, lines: object) -> None:
    """Run one request that writes the index, in this process, and end with its exit code."""

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.index_desk import IndexDesk

        desk = IndexDesk(workspace, emit=lambda event: _note_progress(event, out), post=lambda step: step())
        try:
            result = desk.handle(request, Job())
            desk.rest()
        except KeyboardInterrupt:
            desk.stop.set()
            raise
        finally:
            desk.close()
        out.result(result, lines(result) if callable(lines) else ())
        failed = result.get("files", {}) if isinstance(result.get("files"), dict) else {}
        return EXIT_PROBLEM if failed.get("failed") else 0

    console.leave(run(home, as_json, command))


def _foretold(workspace: Workspace, request: messages.Request) -> Json:
    from studiolo.estimate_desk import EstimateDesk

    return EstimateDesk(workspace).handle(request, Job())


def _note_progress(event: messages.EngineEvent, out: Console) -> None:
    if isinstance(event, messages.Progress) and event.phase == "index":
        rate = f", {event.chunks_per_second:.0f} a second" if (event.chunks_per_second or 0.0) >= 1 else ""
        left = "" if event.seconds_left is None else f"; {duration(event.seconds_left)} left"
        out.note(
            f"{event.files_done} of {event.files_total} files, {event.chunks_embedded} chunks embedded{rate}{left}"
        )
    elif isinstance(event, messages.Progress) and event.phase == "recognise":
        out.note(f"recognising {event.current}: page {event.files_done + 1} of {event.files_total}")
    elif isinstance(event, messages.FileEvent) and event.event == "failed":
        out.note(f"failed: {event.path}: {event.reason} ({event.code})")


def _print_watched(event: messages.EngineEvent, out: Console) -> None:
    if isinstance(event, messages.FileEvent):
        row = {"event": event.event, "path": event.path, "time": event.time, "collection": event.collection}
        out.line(row | ({"code": event.code, "reason": event.reason} if event.code else {}))
    elif isinstance(event, messages.Result) and event.request == "watch":
        out.line({"event": "ready"})
    elif isinstance(event, messages.Notice):
        out.note(f"{event.error['message']} {event.error['hint']} ({event.error['code']})")


def _sync_lines(result: Json) -> Iterator[str]:
    counts, changed, seconds = result["files"], result["changed"], result["seconds"]
    yield (
        f"{counts['on_disk']} files: {counts['indexed']} indexed, {counts['skipped']} skipped, "
        f"{counts['failed']} failed, {counts['pending']} pending."
    )
    yield (
        f"{changed['added']} new, {changed['modified']} changed, {changed['moved']} moved, "
        f"{changed['deleted']} deleted; "
        f"{result['chunks_embedded']} chunks embedded, {result['chunks_reused']} reused in {seconds['total']:.1f} s."
    )
    if result["pages_recognised"]:
        yield f"{result['pages_recognised']} scanned pages recognised."
    if counts["failed"]:
        yield "`studiolo files --state failed` names the failed ones with the reason."

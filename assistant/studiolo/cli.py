"""The commands of `studiolo`: text for people, or one JSON document with --json."""

from __future__ import annotations

# First of all: nothing may reach the network, whatever is imported below.
from studiolo import offline

offline.prepare_environment()

import csv  # noqa: E402 - the guards come first
import queue  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING, Annotated  # noqa: E402

import typer  # noqa: E402

from studiolo import __version__, console, messages  # noqa: E402
from studiolo.console import Console, open_output, place, read_rows, run, write_rows  # noqa: E402
from studiolo.desk import Job, Json  # noqa: E402
from studiolo.errors import EXIT_PROBLEM, AssistantError, ErrorReport  # noqa: E402
from studiolo.quantities import count, duration, estimate_lines  # noqa: E402

if TYPE_CHECKING:
    from studiolo.workspace import Workspace

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

Home = Annotated[str | None, typer.Option("--home", help="The data folder.", envvar="STUDIOLO_HOME")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Collections = Annotated[list[str] | None, typer.Option("--collection", help="May be given several times.")]
K = Annotated[int, typer.Option("-k", min=1, help="How many passages.")]


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
def add(folder: str, collection: str = "documents", home: Home = None, as_json: AsJson = False) -> None:
    """Watch a folder; `sync` or `watch` indexes it."""
    request = messages.AddFolder(id="add", path=folder, collection=collection)
    _index(home, as_json, request, lambda r: [f"Watching {r['path']} in the collection {r['collection']}."])


@app.command()
def estimate(folder: str, home: Home = None, as_json: AsJson = False) -> None:
    """Say what indexing a folder will take, from a sample of its files; nothing is added."""

    def command(workspace: Workspace, out: Console) -> int:
        result = _foretold(workspace, messages.Estimate(id="estimate", path=folder))
        out.result(result, estimate_lines(result))
        return EXIT_PROBLEM if result["disk_bytes"] >= result["free_bytes"] else 0

    console.leave(run(home, as_json, command))


@app.command()
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


@app.command()
def remove(folder: str, home: Home = None, as_json: AsJson = False) -> None:
    """Stop watching a folder, and purge every trace of it from the index."""
    request = messages.RemoveFolder(id="remove", path=folder)
    _index(home, as_json, request, lambda r: [f"Removed {r['files']} files and {r['chunks']} chunks."])


@app.command()
def sync(collection: Annotated[str | None, typer.Option()] = None, home: Home = None, as_json: AsJson = False) -> None:
    """Bring the index up to date and end."""
    _index(home, as_json, messages.Sync(id="sync", collection=collection), _sync_lines)


@app.command()
def retry(
    files: Annotated[list[str] | None, typer.Argument()] = None, home: Home = None, as_json: AsJson = False
) -> None:
    """Try failed files again."""
    _index(home, as_json, messages.Retry(id="retry", paths=tuple(files or ())), _sync_lines)


@app.command()
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


@app.command()
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
        rows = _viewed(workspace, request)["rows"]
        if csv_file is not None:
            _write_csv(csv_file, rows)
            out.note(f"{len(rows)} rows written to {csv_file}")
        lines = (
            f"{r['state']:8} {r['path']}" + (f"\n         {r['reason']} ({r['code']})" if r["code"] else "")
            for r in rows
        )
        out.result(rows, lines)
        return 0

    console.leave(run(home, as_json, command))


@app.command()
def text(file: str, home: Home = None, as_json: AsJson = False) -> None:
    """Show what is extracted from one file, indexed or not."""

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.workspace import as_path

        result = _viewed(workspace, messages.Text(id="text", path=str(as_path(file))))
        out.result(result, [result["text"]])
        return 0

    console.leave(run(home, as_json, command))


@app.command()
def search(
    query: Annotated[str | None, typer.Argument()] = None,
    k: K = 10,
    collection: Collections = None,
    mode: Annotated[str, typer.Option(help="hybrid, vector or text")] = "hybrid",
    under: Annotated[str | None, typer.Option(help="Only files under this folder.")] = None,
    queries: Annotated[Path | None, typer.Option(help="A JSONL file of {id, query}.")] = None,
    out_file: Annotated[Path | None, typer.Option("--out", help="Where the results of --queries go.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find passages."""
    _one_of(query, queries, out_file)

    def request(words: str) -> messages.Search:
        scope = tuple(collection or ("documents",))
        return messages.Search(id="search", query=words, k=k, collections=scope, mode=mode, under=under)

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.answer_desk import AnswerDesk

        desk = AnswerDesk(workspace)
        if queries is not None and out_file is not None:
            read = read_rows(queries, "query")
            rows = ({"id": i, **desk.handle(request(q), Job())} for i, q in read)
            out.note(f"{write_rows(out_file, rows)} results written to {out_file}")
            return 0
        result = desk.handle(request(query or ""), Job())
        out.result(result, _search_lines(result))
        return 0

    console.leave(run(home, as_json, command))


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument()] = None,
    k: K = 6,
    collection: Collections = None,
    adapter: Annotated[str | None, typer.Option(help="Name of a registered adapter.")] = None,
    model: Annotated[str | None, typer.Option(help="Name of a registered chat model.")] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Answer with quoted sentences alone.")] = False,
    questions: Annotated[Path | None, typer.Option(help="A JSONL file of {id, question}.")] = None,
    out_file: Annotated[Path | None, typer.Option("--out", help="Where the answers of --questions go.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question, with the source of every sentence."""
    _one_of(question, questions, out_file)

    def request(words: str) -> messages.Ask:
        return messages.Ask(
            id="ask",
            question=words,
            k=k,
            collections=tuple(collection or ("documents",)),
            adapter=adapter,
            model=model,
            use_model=not no_model,
        )

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.answer_desk import AnswerDesk

        desk = AnswerDesk(workspace)
        if questions is not None and out_file is not None:
            read = read_rows(questions, "question")
            rows = ({"id": i, **desk.handle(request(q), Job())} for i, q in read)
            out.note(f"{write_rows(out_file, rows)} answers written to {out_file}")
            return 0
        result = desk.handle(request(question or ""), Job())
        out.result(result, _answer_lines(result))
        return 0

    console.leave(run(home, as_json, command))


@app.command()
def doctor(home: Home = None, as_json: AsJson = False) -> None:
    """Check the installation, the hardware, the index, and that this process is offline."""

    def command(workspace: Workspace, out: Console) -> int:
        findings = _viewed(workspace, messages.Doctor(id="doctor"))["findings"]
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


for _name in ("adapters", "eval", "find-all", "questions", "self-test"):
    _not_yet(_name)


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


def _viewed(workspace: Workspace, request: messages.Request) -> Json:
    from studiolo.view_desk import ViewDesk

    desk = ViewDesk(workspace)
    try:
        return desk.handle(request, Job())
    finally:
        desk.close()


def _foretold(workspace: Workspace, request: messages.Request) -> Json:
    from studiolo.estimate_desk import EstimateDesk

    return EstimateDesk(workspace).handle(request, Job())


def _one_of(words: str | None, rows: Path | None, out_file: Path | None) -> None:
    if (words is None) == (rows is None) or (rows is None) != (out_file is None):
        raise typer.BadParameter("give either a question, or a file of them together with --out")


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


def _search_lines(result: Json) -> Iterator[str]:
    for row in result["passages"]:
        yield f"{row['rank']:2}. {place(row)}  ({row['score']:.3f}, {' + '.join(row['found_by'])})"
        yield f"    {' '.join(row['text'].split())[:300]}"
    if not result["passages"]:
        yield "Nothing was found."


def _answer_lines(result: Json) -> Iterator[str]:
    yield result["answer"]
    if result["citations"]:
        yield ""
    for row in result["citations"]:
        stale = "  (the file has changed since)" if row["stale"] else ""
        yield f"[{row['number']}] {place(row)}: “{' '.join(row['quote'].split())}”{stale}"
    if result["refused"] and result["passages"]:
        yield "The nearest passages:"
        yield from (f" - {place(row)}: {' '.join(row['quote'].split())}" for row in result["passages"][:3])
    unsupported = [s["text"] for s in result["sentences"] if s["verdict"] != "supported"]
    for sentence in unsupported:
        yield f"Not fully supported by its source: “{sentence}”"
    seen = result["coverage"]
    yield ""
    yield (
        f"{seen['files_in_scope']} files in scope, {seen['searched']} searched"
        + (f", {seen['failed']} unreadable" if seen["failed"] else "")
        + (f", {seen['pending']} still to be indexed" if seen["pending"] else "")
        + f"; {result['milliseconds']['total'] / 1000:.1f} s"
    )


def _finding_line(finding: Json) -> str:
    mark = "ok     " if finding["ok"] else "PROBLEM"
    return f"{mark} {finding['check']}: {finding['detail']}" + (
        f"\n        {finding['hint']}" if finding["hint"] else ""
    )


def _write_csv(path: Path, rows: list[Json]) -> None:
    names = list(rows[0]) if rows else ["path", "collection", "state", "code", "reason"]
    with open_output(path, newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows({n: _harmless(v) for n, v in row.items()} for row in rows)


def _harmless(value: object) -> object:
    """Keep a spreadsheet from reading a file's name as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


models = typer.Typer(no_args_is_help=True, help="Local model files, by SHA-256.")
app.add_typer(models, name="models")


@models.command("list")
def models_list(home: Home = None, as_json: AsJson = False) -> None:
    """List the registered models."""

    def command(workspace: Workspace, out: Console) -> int:
        records = _viewed(workspace, messages.Models(id="models"))["models"]
        out.result(records, (_model_line(r) for r in records))
        return 0

    console.leave(run(home, as_json, command))


@models.command("add")
def models_add(
    path: Path,
    name: Annotated[str | None, typer.Option()] = None,
    licence: Annotated[str, typer.Option(help="What the file or our list of known models says, if not given.")] = "",
    source: Annotated[str, typer.Option()] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Add a GGUF file (a chat model or an adapter), or a sentence-transformers folder, which is compiled once."""

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.model_adding import add_model

        record = add_model(workspace, path, name=name, licence=licence, source=source)
        out.result(record, [_model_line(record)])
        return 0

    console.leave(run(home, as_json, command))


def _model_command(command_name: str, description: str) -> None:
    @models.command(command_name, help=description)
    def command(name: str, home: Home = None, as_json: AsJson = False) -> None:
        def act(workspace: Workspace, out: Console) -> int:
            from studiolo.results import model_record

            registry = workspace.registry
            if command_name == "verify":
                record = model_record(registry.verify(name))
            elif command_name == "use":
                record = model_record(registry.use(name))
            else:
                record = model_record(registry.get(name))
                registry.remove(name)
            out.result(record, [_model_line(record)])
            return 0

        console.leave(run(home, as_json, act))


_model_command("verify", "Check a model's file against its SHA-256.")
_model_command("use", "Choose a model for its role.")
_model_command("remove", "Remove a model that was added.")


def _model_line(record: Json) -> str:
    used = "*" if record["in_use"] else " "
    size = f"{record['size_bytes'] / 1e6:.0f} MB"
    return f"{used} {record['role']:9} {record['name']}  {size}  {record['licence']}  {record['sha256'][:12]}"


if __name__ == "__main__":
    main()

"""Passages and answers: search, ask."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studiolo import console, messages
from studiolo.commands.options import AsJson, Collections, Home, K
from studiolo.console import Console, place, read_rows, run, write_rows
from studiolo.desk import Job, Json
from studiolo.errors import EXIT_USAGE, AssistantError, report
from studiolo.filter_reports import filter_lines
from studiolo.quantities import count

if TYPE_CHECKING:
    from studiolo.workspace import Workspace

commands = typer.Typer()

QUERY_HELP = (
    "Words, and filters: type:pdf under:contracts/2024 from:albers name:invoice after:2025-01 before:2025-06-30"
)

NoRerank = Annotated[bool, typer.Option("--no-rerank", help="Without the reranker, if there is one.")]


@commands.command()
def search(
    query: Annotated[str | None, typer.Argument(help=QUERY_HELP)] = None,
    k: K = 10,
    collection: Collections = None,
    mode: Annotated[str, typer.Option(help="hybrid, vector or text")] = "hybrid",
    under: Annotated[str | None, typer.Option(help="Only files under this folder.")] = None,
    no_rerank: NoRerank = False,
    queries: Annotated[Path | None, typer.Option(help="A JSONL file of {id, query}.")] = None,
    out_file: Annotated[Path | None, typer.Option("--out", help="Where the results of --queries go.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find passages."""
    _one_of(query, queries, out_file)

    def request(words: str) -> messages.Search:
        scope = tuple(collection or ("documents",))
        return messages.Search(
            id="search", query=words, k=k, collections=scope, mode=mode, under=under, rerank=not no_rerank
        )

    _ask_desk(home, as_json, request, query or "", (queries, out_file, "query", "results"), _search_lines)


@commands.command()
def ask(
    question: Annotated[str | None, typer.Argument(help=QUERY_HELP)] = None,
    k: Annotated[
        int | None, typer.Option("-k", min=1, help="How many passages, if not as many as in the settings.")
    ] = None,
    collection: Collections = None,
    adapter: Annotated[str | None, typer.Option(help="Name of a registered adapter.")] = None,
    model: Annotated[str | None, typer.Option(help="Name of a registered chat model.")] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Answer with quoted sentences alone.")] = False,
    style: Annotated[str | None, typer.Option(help="How it is written: `studiolo styles list`.")] = None,
    no_rerank: NoRerank = False,
    chat: Annotated[bool, typer.Option("--chat", help="Ask on: each line of the input is a further question.")] = False,
    questions: Annotated[Path | None, typer.Option(help="A JSONL file of {id, question}.")] = None,
    out_file: Annotated[Path | None, typer.Option("--out", help="Where the answers of --questions go.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question, with the source of every sentence.

    With --chat the question may be left out; every further line is one, understood from those before it ("And for
    part-time staff?"), until the input ends (Ctrl+D). With --json each answer is a line.
    """
    if not chat:
        _one_of(question, questions, out_file)
    elif questions is not None or out_file is not None:
        raise typer.BadParameter("--chat takes its questions from the input, not from a file")

    def request(words: str, earlier: Sequence[str] = ()) -> messages.Ask:
        return messages.Ask(
            id="ask",
            question=words,
            earlier=tuple(earlier),
            k=k,
            collections=tuple(collection or ("documents",)),
            adapter=adapter,
            model=model,
            use_model=not no_model,
            style=style,
            rerank=not no_rerank,
        )

    if chat:
        _ask_on(home, as_json, request, question)
        return
    _ask_desk(home, as_json, request, question or "", (questions, out_file, "question", "answers"), _answer_lines)


def _ask_desk(
    home: str | None,
    as_json: bool,
    request: Callable[[str], messages.Request],
    words: str,
    many: tuple[Path | None, Path | None, str, str],
    lines: Callable[[Json], Iterator[str]],
) -> None:
    """Make one request, or one for each row of a file, and end with the exit code.

    Args:
        home, as_json: As the command has them.
        request: Makes a request of words.
        words: Those of the one request.
        many: The file of many and the one for their results, if they are given; the field with the words, and what to
            call the results.
        lines: Writes a result for people.
    """
    rows_file, out_file, field, noun = many

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.answer_desk import AnswerDesk

        def tell(event: messages.EngineEvent) -> None:
            # Of words that look like a filter the result itself tells.
            if isinstance(event, messages.Notice) and event.error["code"] == "reranker.failed":
                out.note(f"{event.error['message']} {event.error['hint']}")

        desk, job = AnswerDesk(workspace), Job(emit=tell)
        if rows_file is not None and out_file is not None:
            read = read_rows(rows_file, field)
            rows = ({"id": i, **desk.handle(request(asked), job)} for i, asked in read)
            out.note(f"{write_rows(out_file, rows)} {noun} written to {out_file}")
            return 0
        result = desk.handle(request(words), job)
        out.result(result, lines(result))
        return 0

    console.leave(run(home, as_json, command))


def _ask_on(
    home: str | None, as_json: bool, request: Callable[[str, Sequence[str]], messages.Ask], first: str | None
) -> None:
    """Answer one question after the other, each with those before it; a question that cannot be asked ends nothing."""

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.answer_desk import AnswerDesk
        from studiolo_indexer.errors import IndexerError

        desk, earlier = AnswerDesk(workspace), list[str]()
        for words in itertools.chain([] if first is None else [first], out.questions()):
            try:
                result = desk.handle(request(words, earlier), Job())
            except (AssistantError, IndexerError) as error:
                said = report(error)
                if said.exit_code != EXIT_USAGE:
                    raise
                out.failed(said)
                continue
            out.result(result, _answer_lines(result))
            earlier.append(words)
        return 0

    console.leave(run(home, as_json, command))


def _one_of(words: str | None, rows: Path | None, out_file: Path | None) -> None:
    if (words is None) == (rows is None) or (rows is None) != (out_file is None):
        raise typer.BadParameter("give either a question, or a file of them together with --out")


def _search_lines(result: Json) -> Iterator[str]:
    yield from filter_lines(result["filters"])
    for row in result["passages"]:
        how = f"  ({row['score']:.3f}, {' + '.join(row['found_by'])})" if row["found_by"] else ""
        yield f"{row['rank']:2}. {place(row)}{how}"
        yield f"    {' '.join(row['text'].split())[:300]}"
        if row["copies"]:
            more = row["copies"] - len(row["also_in"])
            others = ", ".join(row["also_in"]) + (f" and {more} more" if more else "")
            yield f"    The same text stands in {count(row['copies'], 'other document')}: {others}"
    if not result["passages"]:
        yield "Nothing was found."


def _conflict_lines(conflicts: Iterable[Json]) -> Iterator[str]:
    for conflict in conflicts:
        yield ""
        yield f"Your documents differ: {conflict['about']}"
        for side in conflict["sides"]:
            dated = "file of " if side["date_from"] == "file" else ""
            newest = ", the newest" if side["current"] else ""
            quote = " ".join(side["quote"].split())
            yield f" - {side['value']}: {place(side)} ({dated}{side['date']}{newest}): “{quote}”"


def _answer_lines(result: Json) -> Iterator[str]:
    if result["searched_for"] != result["filters"]["words"]:
        yield f"Understood as: {result['searched_for']}"
        yield ""
    yield result["answer"]
    if result["citations"]:
        yield ""
    for row in result["citations"]:
        stale = "  (the file has changed since)" if row["stale"] else ""
        yield f"[{row['number']}] {place(row)}: “{' '.join(row['quote'].split())}”{stale}"
    yield from _conflict_lines(result["conflicts"])
    if result["refused"] and result["passages"]:
        yield "The nearest passages:"
        yield from (f" - {place(row)}: {' '.join(row['quote'].split())}" for row in result["passages"][:3])
    unsupported = [s["text"] for s in result["sentences"] if s["verdict"] != "supported"]
    for sentence in unsupported:
        yield f"Not fully supported by its source: “{sentence}”"
    if result["format_ok"] is False:
        yield f"Not in the form of the style {result['style']}: {' '.join(result['format_problems'])}"
    seen = result["coverage"]
    yield ""
    yield from filter_lines(result["filters"])
    yield (
        f"{count(seen['files_in_scope'], 'file')} in scope, {seen['searched']} searched"
        + (f", {seen['failed']} unreadable" if seen["failed"] else "")
        + (f", {seen['pending']} still to be indexed" if seen["pending"] else "")
        + f"; {result['milliseconds']['total'] / 1000:.1f} s"
    )

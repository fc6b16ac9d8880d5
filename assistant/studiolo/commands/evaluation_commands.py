"""Measuring retrieval and answers on a question set: eval."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from studiolo import console
from studiolo.commands.options import AsJson, Collections, Home, K
from studiolo.console import EXIT_INTERRUPTED, Console, open_output, run
from studiolo.desk import Json
from studiolo.errors import AssistantError
from studiolo.quantities import count

if TYPE_CHECKING:
    from studiolo.evaluation.comparing import Comparison
    from studiolo.evaluation.configurations import Configuration
    from studiolo.evaluation.question_sets import Question
    from studiolo.evaluation.runs import Run
    from studiolo.workspace import Workspace

commands = typer.Typer()
_NOTE_EVERY_S = 5.0
_COMPARE_HELP = (
    "Two or more sides with commas between them. A side is a run that --save wrote (FILE.json), or terms joined by +: "
    "current, base (no adapter), adapter, adapter:NAME, model:NAME, no-model, retrieval-only, mode:hybrid, "
    "mode:vector, mode:text, without:PART (vectors, text, neighbours, names, age), k:8, reranker, no-reranker. "
    "The first side is compared with each other one."
)


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What the options say, read once."""

    questions_file: Path
    collections: tuple[str, ...]
    under: str | None
    compare: str | None
    ablation: bool
    save: Path | None
    report: Path | None
    limit: int | None
    seed: int


@dataclass(frozen=True, slots=True)
class _Found:
    """The runs that were named, those of them that were made here, and how they differ."""

    runs: Sequence[Run]
    own: Sequence[Run]
    comparisons: Sequence[Comparison]
    ablation: Sequence[Comparison]


@commands.command("eval")
def evaluate(
    questions: Annotated[Path, typer.Argument(help="A question set: JSONL, see docs/evaluation.md.")],
    collection: Collections = None,
    k: K = 6,
    under: Annotated[str | None, typer.Option(help="Only files under this folder.")] = None,
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="Make no answers.")] = False,
    no_model: Annotated[bool, typer.Option("--no-model", help="Answer with quoted sentences alone.")] = False,
    model: Annotated[str | None, typer.Option(help="Name of a registered chat model.")] = None,
    adapter: Annotated[str | None, typer.Option(help="Name of a registered adapter.")] = None,
    modes: Annotated[str, typer.Option(help="Which modes; answers rest on the first.")] = "hybrid,vector,text",
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N questions.")] = None,
    save: Annotated[
        Path | None, typer.Option(help="Keep the run in this file; it holds questions and answers.")
    ] = None,
    compare: Annotated[str | None, typer.Option(help=_COMPARE_HELP)] = None,
    ablation: Annotated[
        bool, typer.Option("--ablation", help="Search too with each part taken out of the ranking, and compare.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="Write an HTML page with plots to this file.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the intervals.")] = 0,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Measure retrieval and answers on a question set, with 95 % intervals and a diagnosis."""
    scope = tuple(collection or ("documents",))
    wishes = _Wishes(questions, scope, under, compare, ablation, save, report, limit, seed)

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.evaluation.configurations import AnswersBy, Configuration, read_modes

        answers_by: AnswersBy = "nobody" if retrieval_only else "quotes" if no_model else "model"
        default = Configuration(
            k=min(k, 200), modes=read_modes(modes), answers_by=answers_by, model=model, adapter=adapter
        )
        return _evaluate(workspace, out, wishes, default)

    console.leave(run(home, as_json, command))


def _evaluate(workspace: Workspace, out: Console, wishes: _Wishes, default: Configuration) -> int:
    """Run what is wished and give the exit code; after a Ctrl-C with what was run so far."""
    from studiolo.evaluation.comparing import compare
    from studiolo.evaluation.configurations import ablation, read_sides
    from studiolo.evaluation.question_sets import read_questions
    from studiolo.evaluation.runs import read_run

    questions = read_questions(wishes.questions_file)[: wishes.limit]
    _require_folders(wishes)
    sides = [default] if wishes.compare is None else read_sides(wishes.compare, default)
    # Saved runs first, so that a wrong name is said before an hour of answers.
    kept = [read_run(side).only({q.id for q in questions}) if isinstance(side, Path) else None for side in sides]
    wanted = [side for side in sides if not isinstance(side, Path)]
    parts = ablation(default) if wishes.ablation else []
    made = _made(workspace, out, wishes, questions, [*wanted, *parts])
    own, parted = made[: len(wanted)], made[len(wanted) :]
    rest = iter(own)
    runs = [side for saved in kept if (side := saved or next(rest, None)) is not None]
    found = _Found(
        runs,
        own,
        [compare(runs[0], other, seed=wishes.seed) for other in runs[1:]],
        [compare(parted[0], other, seed=wishes.seed) for other in parted[1:]],
    )
    _write(out, wishes, found)
    out.result(_document(wishes, found), _lines(wishes, found))
    stopped = len(made) < len(wanted) + len(parts) or any(run.not_run for run in made)
    return EXIT_INTERRUPTED if stopped else 0


def _made(
    workspace: Workspace,
    out: Console,
    wishes: _Wishes,
    questions: Sequence[Question],
    configurations: Sequence[Configuration],
) -> list[Run]:
    """Run the configurations one after the other; without any the index is not opened.

    A Ctrl-C ends it before the next question; the runs so far are given, the last of them with fewer rows.

    Raises:
        KeyboardInterrupt: If there is none so far.
    """
    from studiolo.evaluation.evaluation_desk import EvaluationDesk, Scope
    from studiolo.workspace import as_path

    if not configurations:
        return []
    scope = Scope(wishes.collections, None if wishes.under is None else as_path(wishes.under))
    desk = EvaluationDesk(workspace, scope)
    try:
        for configuration in configurations:
            desk.check(configuration)
        with _stopped_by_interrupt() as stop:
            runs: list[Run] = []
            for c in configurations:
                made = desk.run(questions, c, on_progress=_progress(out, c.name), cancel=stop)
                runs += [made] if made.rows else []
                if stop.is_set():
                    out.note(f"{c.name} was stopped after {len(made.rows)} of {count(len(questions), 'question')}.")
                    break
    finally:
        desk.close()
    if not runs:
        raise KeyboardInterrupt
    return runs


@contextlib.contextmanager
def _stopped_by_interrupt() -> Iterator[threading.Event]:
    """Give an event that the first Ctrl-C sets, so that what was run is not lost; a second one ends the command."""
    stop = threading.Event()

    def set_stop(signal_number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        stop.set()

    before = signal.signal(signal.SIGINT, set_stop)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _progress(out: Console, name: str) -> Callable[[int, int], None]:
    """Say every few seconds how far a run is; never what is asked."""
    said = time.monotonic()

    def note(done: int, total: int) -> None:
        nonlocal said
        if done == total or time.monotonic() - said >= _NOTE_EVERY_S:
            said = time.monotonic()
            out.note(f"{name}: {done} of {total} questions")

    return note


def _require_folders(wishes: _Wishes) -> None:
    """Refuse an output that cannot be written before a long run, not after it.

    Raises:
        AssistantError: `output.unwritable`.
    """
    for path in (wishes.save, wishes.report):
        if path is not None and (path.is_dir() or not os.access(path.absolute().parent, os.W_OK)):
            raise AssistantError("output.unwritable", str(path))


def _write(out: Console, wishes: _Wishes, found: _Found) -> None:
    """Write the files that the user named: the last run that was made here, and the report."""
    from studiolo.evaluation.report import report_page
    from studiolo.evaluation.runs import save_run

    if wishes.save is not None and found.own:
        save_run(wishes.save, found.own[-1], seed=wishes.seed)
        out.note(f"The run {found.own[-1].name} is kept in {wishes.save}.")
    if wishes.report is not None:
        with open_output(wishes.report) as stream:
            name = wishes.questions_file.name
            stream.write(report_page(name, found.runs, found.comparisons, found.ablation, seed=wishes.seed))
        out.note(f"The report is in {wishes.report}.")


def _document(wishes: _Wishes, found: _Found) -> Json:
    """Give the first run with its fields at the top; all runs and how they differ where several were named."""
    documents = [run.document(seed=wishes.seed) for run in found.runs]
    document = {"questions": len(found.runs[0].rows), "seed": wishes.seed, **documents[0]}
    if found.comparisons:
        document |= {"runs": documents, "comparisons": [c.document() for c in found.comparisons]}
    if wishes.ablation:
        document["ablation"] = [c.document() for c in found.ablation]
    return document


def _lines(wishes: _Wishes, found: _Found) -> Iterator[str]:
    from studiolo.evaluation.wording import ablation_lines, compared_lines, run_lines

    if found.comparisons:
        yield from compared_lines(found.runs, found.comparisons)
    else:
        yield from run_lines(found.runs[0], seed=wishes.seed)
    if found.ablation:
        yield from ablation_lines(found.ablation)

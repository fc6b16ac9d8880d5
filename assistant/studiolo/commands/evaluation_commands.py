"""Measuring retrieval and answers on a question set: eval."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studiolo import console
from studiolo.commands.options import AsJson, Collections, Home, K
from studiolo.console import Console, open_output, run
from studiolo.desk import Json
from studiolo.errors import AssistantError

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
    "mode:vector, mode:text, k:8. The first side is compared with each other one."
)


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What the options say, read once."""

    questions_file: Path
    collections: tuple[str, ...]
    under: str | None
    compare: str | None
    save: Path | None
    report: Path | None
    limit: int | None
    seed: int


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
    report: Annotated[Path | None, typer.Option(help="Write an HTML page with plots to this file.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the intervals.")] = 0,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Measure retrieval and answers on a question set, with 95 % intervals and a diagnosis."""
    wishes = _Wishes(questions, tuple(collection or ("documents",)), under, compare, save, report, limit, seed)

    def command(workspace: Workspace, out: Console) -> int:
        from studiolo.evaluation.configurations import AnswersBy, Configuration, read_modes

        answers_by: AnswersBy = "nobody" if retrieval_only else "quotes" if no_model else "model"
        default = Configuration(
            k=min(k, 200), modes=read_modes(modes), answers_by=answers_by, model=model, adapter=adapter
        )
        _evaluate(workspace, out, wishes, default)
        return 0

    console.leave(run(home, as_json, command))


def _evaluate(workspace: Workspace, out: Console, wishes: _Wishes, default: Configuration) -> None:
    from studiolo.evaluation.comparing import compare
    from studiolo.evaluation.configurations import read_sides
    from studiolo.evaluation.question_sets import read_questions
    from studiolo.evaluation.runs import read_run

    questions = read_questions(wishes.questions_file)[: wishes.limit]
    _require_folders(wishes)
    sides = [default] if wishes.compare is None else read_sides(wishes.compare, default)
    # Saved runs first, so that a wrong name is said before an hour of answers.
    kept = [read_run(side).only({q.id for q in questions}) if isinstance(side, Path) else None for side in sides]
    made = iter(_made(workspace, out, wishes, questions, [s for s in sides if not isinstance(s, Path)]))
    runs = [run if run is not None else next(made) for run in kept]
    comparisons = [compare(runs[0], other, seed=wishes.seed) for other in runs[1:]]
    own = [run for run, saved in zip(runs, kept, strict=True) if saved is None]
    _write(out, wishes, runs, own, comparisons)
    out.result(_document(wishes, runs, comparisons), _lines(wishes, runs, comparisons))


def _made(
    workspace: Workspace,
    out: Console,
    wishes: _Wishes,
    questions: Sequence[Question],
    configurations: Sequence[Configuration],
) -> list[Run]:
    """Run the configurations one after the other; without any the index is not opened."""
    from studiolo.evaluation.evaluation_desk import EvaluationDesk, Scope
    from studiolo.workspace import as_path

    if not configurations:
        return []
    scope = Scope(wishes.collections, None if wishes.under is None else as_path(wishes.under))
    desk = EvaluationDesk(workspace, scope)
    try:
        for configuration in configurations:
            desk.check(configuration)
        return [
            desk.run(questions, c, on_progress=_progress(out, c.name), cancel=threading.Event()) for c in configurations
        ]
    finally:
        desk.close()


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


def _write(
    out: Console, wishes: _Wishes, runs: Sequence[Run], own: Sequence[Run], comparisons: Sequence[Comparison]
) -> None:
    """Write the files that the user named: the last run that was made here, and the report."""
    from studiolo.evaluation.report import report_page
    from studiolo.evaluation.runs import save_run

    if wishes.save is not None and own:
        save_run(wishes.save, own[-1], seed=wishes.seed)
        out.note(f"The run {own[-1].name} is kept in {wishes.save}.")
    if wishes.report is not None:
        with open_output(wishes.report) as stream:
            stream.write(report_page(wishes.questions_file.name, runs, comparisons, seed=wishes.seed))
        out.note(f"The report is in {wishes.report}.")


def _document(wishes: _Wishes, runs: Sequence[Run], comparisons: Sequence[Comparison]) -> Json:
    """Give the first run with its fields at the top; all runs and how they differ where several were named."""
    documents = [run.document(seed=wishes.seed) for run in runs]
    first = {"questions": len(runs[0].rows), "seed": wishes.seed, **documents[0]}
    if not comparisons:
        return first
    return first | {"runs": documents, "comparisons": [c.document() for c in comparisons]}


def _lines(wishes: _Wishes, runs: Sequence[Run], comparisons: Sequence[Comparison]) -> Iterator[str]:
    from studiolo.evaluation.wording import compared_lines, run_lines

    return compared_lines(runs, comparisons) if comparisons else run_lines(runs[0], seed=wishes.seed)

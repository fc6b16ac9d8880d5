"""What `studiolo eval` prints for people: tables of measures, comparisons, and the diagnosis; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from studiolo.evaluation.comparing import Change, Comparison, Difference
from studiolo.evaluation.diagnosis import summary
from studiolo.evaluation.intervals import Interval
from studiolo.evaluation.measures import ANSWERS, MEASURES, RETRIEVAL, Measure
from studiolo.evaluation.runs import Run
from studiolo.quantities import count

_NAMED = 10
_WARNINGS = 10
ABLATED = ("page.hit@5", "page.mrr", "file.hit@5", "file.mrr", "span.recall@5")
"""The measures that the table of the ranking's parts shows; the JSON has those of all."""
HEADLINES = ("page.hit@5", "file.hit@5", "span.recall@5", "citation.recall", "f1", "refusal.recall", "refusal.false")
"""The measures whose changed questions are named on the terminal; the report and the JSON name those of all."""


def run_lines(run: Run, *, seed: int) -> Iterator[str]:
    """Print one run: the warnings, the modes side by side, the answers, and the diagnosis."""
    yield from _head(run)
    intervals = run.intervals(seed=seed)
    yield ""
    yield from _retrieval_lines(run.about.get("modes", []), intervals)
    if any(m.key in intervals for m in ANSWERS):
        yield ""
        yield from _answer_lines(intervals)
    yield ""
    yield from _diagnosis(run)


def compared_lines(runs: Sequence[Run], comparisons: Sequence[Comparison]) -> Iterator[str]:
    """Print several runs: what each was, how they differ, and the diagnosis of each; the report has all tables."""
    for run in runs:
        yield f"{run.name}:"
        yield from (f"  {line}" for line in _head(run))
    for comparison in comparisons:
        yield ""
        yield from comparison_lines(comparison)
    for run in runs:
        yield ""
        yield f"{run.name}:"
        yield from (f"  {line}" for line in _diagnosis(run))


def _head(run: Run) -> Iterator[str]:
    unanswerable = sum(row.unanswerable for row in run.rows)
    yield f"{count(len(run.rows), 'question')}, {unanswerable} of them unanswerable; {about_line(run)}"
    yield from (f"Note: {warning}" for warning in run.warnings[:_WARNINGS])
    if len(run.warnings) > _WARNINGS:
        yield f"Note: {len(run.warnings) - _WARNINGS} more; --json gives them all"


def _diagnosis(run: Run) -> Iterator[str]:
    return summary((row.cause for row in run.rows), quoted=run.about.get("answers_by") == "quotes")


def about_line(run: Run) -> str:
    """Say in a line how a run was made."""
    about = run.about
    by = {"model": f"answers by {about.get('model')}", "quotes": "answers by quotes", "nobody": "no answers"}
    adapter = f" with {about['adapter']}" if about.get("adapter") else ""
    return f"{by.get(str(about.get('answers_by')), 'answers')}{adapter}, {about.get('k')} passages each"


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Print how two runs differ, and the questions that rose and fell."""
    yield f"{comparison.before} → {comparison.after}, {count(comparison.shared, 'question')} in common" + (
        f" ({comparison.left_out} left out: only in one, or changed)" if comparison.left_out else ""
    )
    shown = [d for d in comparison.differences if d.verdict != "same"]
    width = max((len(title(d.key)) for d in shown), default=0)
    for d in shown:
        verdict = "" if d.verdict == "unjudged" else d.verdict
        values = f"{number(d.measure, d.before):>9} → {number(d.measure, d.after):>9}"
        yield f"  {title(d.key):{width}} {values}  {signed(d.measure, d.difference):26} {verdict}".rstrip()
    same = len(comparison.differences) - len(shown)
    if same:
        yield f"  {same} {'measure is' if same == 1 else 'measures are'} the same in both."
    for d in comparison.differences:
        if d.key in HEADLINES:
            yield from _changed_lines(d)


def ablation_lines(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """Print what the ranking finds without each of its parts, measure by measure."""
    yield ""
    yield "The ranking without one of its parts, and the difference from the full one"
    for full, changes in by_measure(comparisons):
        yield f"{title(full.key):24}{number(full.measure, full.before):>9}"
        for name, d in changes:
            yield f"  {name:22}{number(d.measure, d.after):>9}  {signed(d.measure, d.difference):26} {d.verdict}"


def by_measure(comparisons: Sequence[Comparison]) -> Iterator[tuple[Difference, list[tuple[str, Difference]]]]:
    """Give for each main measure one difference, for the full ranking's value, and those of all parts by name."""
    for key in ABLATED:
        changes = [(c.after, d) for c in comparisons for d in c.differences if d.key == key]
        if changes:
            yield changes[0][1], changes


def number(measure: Measure, value: float) -> str:
    """Write a value: a share with three digits, a time in milliseconds."""
    return f"{value:.3f}" if measure.kind == "share" else f"{value:,.0f} ms"


def signed(measure: Measure, interval: Interval) -> str:
    """Write a difference with its bounds."""
    values = (interval.value, interval.low, interval.high)
    value, low, high = (f"{v:+.3f}" if measure.kind == "share" else f"{v:+,.0f}" for v in values)
    return f"{value} [{low}, {high}]"


def title(key: str) -> str:
    """Name a measure in full, with its mode where it is not the main one."""
    mode, _, name = key.rpartition(":")
    measure = MEASURES[name]
    unit = f"{name.partition('.')[0]} " if name.startswith(("page.", "file.")) else ""
    return f"{mode + ' ' if mode else ''}{unit}{measure.title}"


def _retrieval_lines(modes: Sequence[str], intervals: Mapping[str, Interval]) -> Iterator[str]:
    """Print a table with a column for each mode, so that a dead half is seen (R24)."""
    group = ""
    for measure in RETRIEVAL:
        row = [intervals.get(f"{mode}:{measure.key}" if at else measure.key) for at, mode in enumerate(modes)]
        if not any(row):
            continue
        if measure.group != group:
            n = next(i.n for i in row if i)
            label = f"{measure.group} (n={n})"
            yield f"{label:24}" + "".join(f"{mode:>26}" for mode in modes)
            group = measure.group
        yield f"  {measure.title:22}" + "".join(f"{_cell(measure, i):>26}" for i in row)


def _answer_lines(intervals: Mapping[str, Interval]) -> Iterator[str]:
    group = ""
    for measure in ANSWERS:
        if measure.key in intervals:
            if measure.group != group:
                yield measure.group
                group = measure.group
            found = intervals[measure.key]
            yield f"  {measure.title:22}{_cell(measure, found):>26}  n={found.n}"


def _cell(measure: Measure, interval: Interval | None) -> str:
    if interval is None:
        return "–"
    if measure.kind == "ms":
        return f"{interval.value:,.0f} ms [{interval.low:,.0f}, {interval.high:,.0f}]"
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"


def _changed_lines(difference: Difference) -> Iterator[str]:
    for word, changes in (("improved", difference.improved), ("regressed", difference.regressed)):
        if changes:
            yield f"{title(difference.key)}: {len(changes)} {word}"
            yield from (f"    {_change_line(c)}" for c in changes[:_NAMED])
            if len(changes) > _NAMED:
                yield f"    and {len(changes) - _NAMED} more; --json and --report name them all"


def _change_line(change: Change) -> str:
    words = " ".join(change.question.split())
    shown = words if len(words) <= 80 else words[:79] + "…"
    return f"{change.id}  {change.before:.2f} → {change.after:.2f}  {shown}"

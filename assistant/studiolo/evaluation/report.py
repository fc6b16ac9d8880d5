"""The report: one HTML file with its style and pictures inside, which opens offline and runs nothing; pure.

Every word of a question, an answer, a file's name or a document is escaped, and a policy in the head forbids
scripts and whatever would be fetched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from studiolo.evaluation.charts import Bar, bar_chart, difference_chart, stacked_chart, swatch
from studiolo.evaluation.comparing import Change, Comparison, Difference
from studiolo.evaluation.diagnosis import CAUSES, summary
from studiolo.evaluation.intervals import Interval
from studiolo.evaluation.measures import ANSWERS, RETRIEVAL, Measure
from studiolo.evaluation.runs import Row, Run
from studiolo.evaluation.wording import about_line, by_measure, number, signed, title
from studiolo.quantities import count

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2127;--soft:#5c6570;--paper:#fff;--line:#d9dde2;--track:#eef0f3;
--mode0:#2f6f9f;--mode1:#8a63a8;--mode2:#b07a2a;--better:#2f7d4f;--worse:#b3433b;--unclear:#8a929c}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#9aa4b0;--paper:#16191d;--line:#343a42;--track:#23282e;
--mode0:#6fb1e0;--mode1:#c09ade;--mode2:#e0b062;--better:#6cc490;--worse:#ec8078;--unclear:#78818c}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:72rem;margin:2rem auto;
padding:0 1rem}
h1,h2,h3{line-height:1.2}h2{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;
border-bottom:1px solid var(--line)}td.number{white-space:nowrap;font-variant-numeric:tabular-nums}
svg{display:block;max-width:100%}.swatch{display:inline-block;vertical-align:-1px}
details{margin:.4rem 0}summary{cursor:pointer}.soft{color:var(--soft)}
.words{overflow-wrap:anywhere;white-space:pre-wrap}pre{white-space:pre-wrap}
.track{fill:var(--track)}.axis{stroke:var(--soft)}.whisker{stroke:var(--ink);stroke-width:1.5;fill:none}
.mode0{fill:var(--mode0)}.mode1{fill:var(--mode1)}.mode2{fill:var(--mode2)}.better,.right{fill:var(--better)}
.worse,.retrieval{fill:var(--worse)}.unclear,.same,.unjudged,.unmeasured{fill:var(--unclear)}.model{fill:var(--mode0)}
.form{fill:var(--mode1)}.data{fill:var(--mode2)}
"""
_HEAD = (
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    '<meta name="viewport" content="width=device-width"><title>{title}</title><style>{style}</style></head><body>\n'
)


def report_page(
    name: str, runs: Sequence[Run], comparisons: Sequence[Comparison], ablation: Sequence[Comparison] = (), *, seed: int
) -> str:
    """Make the page of one or more runs of a question set, and of what they differ in.

    Args:
        name: What the question set is called.
        runs: In the order in which they were named.
        comparisons: Of the first run with each other one.
        ablation: Of the full ranking with that without each of its parts.
        seed: Of the intervals.
    """
    heading = f"Evaluation of {name}"
    parts = [_HEAD.format(title=escape(heading), style=_STYLE), f"<h1>{escape(heading)}</h1>\n"]
    parts.append('<p class="soft">Whiskers show 95 % intervals. Hover over a bar, or read the number beside it.</p>')
    for comparison in comparisons:
        parts += _comparison(comparison)
    for run in runs:
        parts += _run(run, seed=seed)
    parts += _ablation(ablation)
    return "".join((*parts, "</body></html>\n"))


def _run(run: Run, *, seed: int) -> Iterator[str]:
    intervals = run.intervals(seed=seed)
    yield f"<h2>{escape(run.name)}</h2><p>{count(len(run.rows), 'question')}; {escape(about_line(run))}</p>\n"
    if run.warnings:
        yield f"<details open><summary>{count(len(run.warnings), 'note')}</summary><ul>"
        yield "".join(f"<li>{escape(w)}</li>" for w in run.warnings) + "</ul></details>\n"
    yield "<h3>Diagnosis</h3>"
    counted = Counter(row.cause for row in run.rows)
    yield stacked_chart([(cause, counted[cause]) for cause in CAUSES])
    keys = (f"{swatch(cause)} {cause} {counted[cause]}" for cause in CAUSES if counted[cause])
    yield f"<p>{' &#160; '.join(keys)}</p>"
    told = summary((row.cause for row in run.rows), quoted=run.about.get("answers_by") == "quotes")
    yield f"<pre>{escape(chr(10).join(told))}</pre>\n"
    modes = list(run.about.get("modes", []))
    yield from _table(RETRIEVAL, modes, intervals)
    yield from _table(ANSWERS, modes[:1], intervals)
    yield from _failures(run.rows)


def _table(measures: Iterable[Measure], modes: Sequence[str], intervals: Mapping[str, Interval]) -> Iterator[str]:
    """Give a table for each group of measures: a line for each measure and mode."""
    times = [i.high for key, i in intervals.items() if key.rpartition(":")[2] in _TIMES]
    group = ""
    for measure in measures:
        rows = [
            (at, mode, intervals[key])
            for at, mode in enumerate(modes)
            if (key := f"{mode}:{measure.key}" if at else measure.key) in intervals
        ]
        if not rows:
            continue
        if measure.group != group:
            yield f"{'</table>' if group else ''}\n<h3>{escape(measure.group)}</h3><table>"
            group = measure.group
        most = 1.0 if measure.kind == "share" else max(times)
        yield "".join(_line(measure, at, mode if len(modes) > 1 else "", i, most) for at, mode, i in rows)
    yield "</table>\n" if group else ""


_TIMES = frozenset(m.key for m in (*RETRIEVAL, *ANSWERS) if m.kind == "ms")


def _line(measure: Measure, at: int, mode: str, interval: Interval, most: float) -> str:
    bounds = f"[{number(measure, interval.low)}, {number(measure, interval.high)}]"
    label = f"{measure.title} {mode} {number(measure, interval.value)} {bounds}"
    bar = Bar(interval.value, interval.low, interval.high, f"mode{at}", label)
    return (
        f"<tr><td>{escape(measure.title) if at == 0 else ''}</td><td>{escape(mode)}</td>"
        f"<td>{bar_chart(bar, most=most)}</td><td class=number>{number(measure, interval.value)}</td>"
        f'<td class="number soft">{bounds} n={interval.n}</td></tr>'
    )


def _comparison(comparison: Comparison) -> Iterator[str]:
    yield f"<h2>{escape(comparison.before)} → {escape(comparison.after)}</h2>"
    yield f"<p>{count(comparison.shared, 'question')} in common, {comparison.left_out} left out.</p><table>"
    widest: dict[str, float] = {}
    for d in comparison.differences:
        reach = max(abs(d.difference.low), abs(d.difference.high))
        widest[d.measure.kind] = max(widest.get(d.measure.kind, 0.0), reach)
    for d in comparison.differences:
        yield _difference_line(title(d.key), d, widest[d.measure.kind])
    yield "</table>\n"
    for d in comparison.differences:
        yield from _changes(d)


def _ablation(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """Give a table for each main measure: a line for each part that was taken out."""
    if not comparisons:
        return
    yield "<h2>What each part of the ranking is worth</h2>"
    yield f"<p>{count(comparisons[0].shared, 'question')}, searched with each part taken out of the full ranking.</p>"
    for full, changes in by_measure(comparisons):
        most = max(max(abs(d.difference.low), abs(d.difference.high)) for _, d in changes)
        yield f"<h3>{escape(title(full.key))}: {number(full.measure, full.before)}</h3><table>"
        yield "".join(_difference_line(name, d, most) for name, d in changes) + "</table>\n"


def _difference_line(label: str, d: Difference, most: float) -> str:
    interval = d.difference
    bar = Bar(interval.value, interval.low, interval.high, d.verdict, f"{label} {signed(d.measure, interval)}")
    return (
        f"<tr><td>{escape(label)}</td><td class=number>{number(d.measure, d.before)} → "
        f"{number(d.measure, d.after)}</td><td>{difference_chart(bar, most=most)}</td>"
        f"<td class=number>{signed(d.measure, interval)}</td><td>{d.verdict}</td></tr>"
    )


def _changes(d: Difference) -> Iterator[str]:
    for word, changes in (("improved", d.improved), ("regressed", d.regressed)):
        if changes:
            yield f"<details><summary>{escape(title(d.key))}: {len(changes)} {word}</summary><table>"
            yield "".join(_change(c) for c in changes) + "</table></details>\n"


def _change(change: Change) -> str:
    return (
        f"<tr><td>{escape(change.id)}</td><td class=number>{change.before:.2f} → {change.after:.2f}</td>"
        f"<td class=words>{escape(change.question)}</td></tr>"
    )


def _failures(rows: Sequence[Row]) -> Iterator[str]:
    for cause in CAUSES:
        failed = [row for row in rows if row.cause == cause]
        if failed and cause != "right":
            yield f"<details><summary>{escape(cause)}: {count(len(failed), 'question')}</summary><table>"
            yield "".join(_failure(row) for row in failed) + "</table></details>\n"


def _failure(row: Row) -> str:
    told = [("expected", " / ".join(row.expected)), ("sources", "; ".join(row.sources))]
    told += [("found", "; ".join(row.found)), ("answer", row.answer or ""), ("cited", "; ".join(row.cited))]
    lines = "".join(f"<br><span class=soft>{name}:</span> {escape(text)}" for name, text in told if text)
    return (
        f"<tr><td>{escape(row.id)}</td><td class=words><b>{escape(row.question)}</b><br>{escape(row.reason)}{lines}"
        "</td></tr>"
    )

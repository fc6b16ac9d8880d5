"""Compares two runs of the same questions: paired intervals, and every question that rose or fell, by name; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from studiolo.errors import AssistantError
from studiolo.evaluation.intervals import Interval, difference_intervals
from studiolo.evaluation.measures import MEASURES, Measure
from studiolo.evaluation.runs import Row, Run, interval_record

Json = dict[str, Any]  # Any: a JSON document
_SAME = 1e-9  # values have six digits: what differs by less is an error of the machine


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose value differs between the runs."""

    id: str
    question: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Difference:
    """How one measure changed; `difference` is after less before.

    The questions that changed come with the largest change first. Times name none: they all differ.
    """

    key: str
    before: float
    after: float
    difference: Interval
    improved: tuple[Change, ...]
    regressed: tuple[Change, ...]

    @property
    def measure(self) -> Measure:
        """What is measured."""
        return MEASURES[self.key.rpartition(":")[2]]

    @property
    def verdict(self) -> str:
        """Say `better` or `worse` where the interval leaves out 0, else `unclear`; `same` where nothing differs.

        Times are `unjudged`: what else the machine did while one of the runs was made is not in the interval.
        """
        low, high = self.difference.low, self.difference.high
        if self.measure.kind == "ms":
            return "unjudged"
        if abs(low) < _SAME and abs(high) < _SAME:
            return "same"
        if low <= 0 <= high:
            return "unclear"
        return "better" if (low > 0) != self.measure.lower_is_better else "worse"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs on the questions that both have; `left_out` counts those that only one has, or that were changed."""

    before: str
    after: str
    shared: int
    left_out: int
    differences: tuple[Difference, ...]

    def document(self) -> Json:
        """Give the comparison as JSON."""
        return {
            "before": self.before,
            "after": self.after,
            "shared": self.shared,
            "left_out": self.left_out,
            "differences": {d.key: _record(d) for d in self.differences},
        }


def compare(before: Run, after: Run, *, seed: int) -> Comparison:
    """Compare two runs on the questions that both have in the same words and with the same expectations.

    Raises:
        AssistantError: `evaluation.different_questions` if they share none.
    """
    others = {(row.id, row.digest): row for row in after.rows}
    pairs = [(row, others[row.id, row.digest]) for row in before.rows if (row.id, row.digest) in others]
    if not pairs:
        raise AssistantError("evaluation.different_questions", f"{before.name} and {after.name}")
    known = set(after.keys)
    keys = [key for key in before.keys if key in known]
    olds = {key: [old.values.get(key) for old, _ in pairs] for key in keys}
    news = {key: [new.values.get(key) for _, new in pairs] for key in keys}
    rises = difference_intervals(olds, news, seed=seed)
    ids = {row.id for row in before.rows} | {row.id for row in after.rows}
    return Comparison(
        before=before.name,
        after=after.name,
        shared=len(pairs),
        left_out=len(ids) - len(pairs),
        differences=tuple(_difference(key, pairs, rise) for key, rise in rises.items()),
    )


def _difference(key: str, pairs: list[tuple[Row, Row]], rise: Interval) -> Difference:
    measure = MEASURES[key.rpartition(":")[2]]
    changes = [] if measure.kind == "ms" else sorted(_changes(key, pairs), key=lambda c: -abs(c.after - c.before))
    rose = tuple(c for c in changes if (c.after > c.before) != measure.lower_is_better)
    fell = tuple(c for c in changes if (c.after > c.before) == measure.lower_is_better)
    before = _mean([old.values.get(key) for old, _ in pairs])
    return Difference(key, before, before + rise.value, rise, rose, fell)


def _changes(key: str, pairs: list[tuple[Row, Row]]) -> Iterator[Change]:
    for old, new in pairs:
        a, b = old.values.get(key), new.values.get(key)
        if a is not None and b is not None and a != b:
            yield Change(old.id, old.question, a, b)


def _mean(values: list[float | None]) -> float:
    known = [v for v in values if v is not None]
    return sum(known) / len(known)


def _record(d: Difference) -> Json:
    return {
        "before": round(d.before, 6),
        "after": round(d.after, 6),
        "difference": interval_record(d.difference),
        "verdict": d.verdict,
        "improved": [_change_record(c) for c in d.improved],
        "regressed": [_change_record(c) for c in d.regressed],
    }


def _change_record(change: Change) -> Json:
    return {
        "id": change.id,
        "question": change.question,
        "before": round(change.before, 6),
        "after": round(change.after, 6),
    }

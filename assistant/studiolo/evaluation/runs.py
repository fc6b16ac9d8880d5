"""One run of a question set under one configuration, and the user's own file that keeps it; pure but for that file."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from studiolo.console import open_output
from studiolo.errors import AssistantError
from studiolo.evaluation.diagnosis import CAUSES
from studiolo.evaluation.intervals import Interval, mean_intervals
from studiolo.evaluation.measures import MEASURES

FORMAT = "studiolo-eval-1"
Json = dict[str, Any]  # Any: a JSON document


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one question: its values by measure, the cause where it failed, and what was answered.

    Values of the mode that answers rest on stand under the measure's key, those of another under `mode:key`.
    """

    id: str
    question: str
    digest: str
    unanswerable: bool
    values: Mapping[str, float]
    cause: str
    reason: str
    expected: Sequence[str] = ()
    sources: Sequence[str] = ()
    found: Sequence[str] = ()
    answer: str | None = None
    refused: bool | None = None
    cited: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A question set, measured; `about` says under which configuration.

    `not_run` counts the questions that were left when the run was stopped.
    """

    name: str
    about: Mapping[str, Any]  # Any: plain values of JSON
    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = field(default=())
    not_run: int = 0

    @property
    def keys(self) -> list[str]:
        """List what was measured, in the order of the tables: the main mode first, then the others."""
        known = {key for row in self.rows for key in row.values}
        prefixes = ["", *(f"{mode}:" for mode in self.about.get("modes", ())[1:])]
        return [prefix + key for prefix in prefixes for key in MEASURES if prefix + key in known]

    def only(self, ids: Collection[str]) -> Run:
        """Give the run with the rows of these questions alone."""
        return replace(self, rows=tuple(row for row in self.rows if row.id in ids))

    def intervals(self, *, seed: int) -> dict[str, Interval]:
        """Give the mean of each measure with its interval."""
        return mean_intervals({key: [row.values.get(key) for row in self.rows] for key in self.keys}, seed=seed)

    def document(self, *, seed: int) -> Json:
        """Give the run as JSON: measures with their intervals, the diagnosis, and a row a question."""
        return {
            "name": self.name,
            "complete": self.not_run == 0,
            "not_run": self.not_run,
            "about": dict(self.about),
            "measures": {key: interval_record(i) for key, i in self.intervals(seed=seed).items()},
            "diagnosis": {cause: sum(r.cause == cause for r in self.rows) for cause in CAUSES},
            "warnings": list(self.warnings),
            "rows": [row_record(row) for row in self.rows],
        }


def interval_record(interval: Interval) -> Json:
    """Give an interval as JSON."""
    return {
        "value": round(interval.value, 6),
        "low": round(interval.low, 6),
        "high": round(interval.high, 6),
        "n": interval.n,
    }


def row_record(row: Row) -> Json:
    """Give a row as JSON."""
    record = asdict(row)
    record["values"] = {key: round(value, 6) for key, value in row.values.items()}
    return record


def save_run(path: Path, run: Run, *, seed: int) -> None:
    """Write a run to the file that the user named; it holds questions and answers.

    Raises:
        AssistantError: `output.unwritable`.
    """
    with open_output(path) as stream:
        json.dump({"format": FORMAT, **run.document(seed=seed)}, stream, ensure_ascii=True, indent=1)
        stream.write("\n")


def read_run(path: Path) -> Run:
    """Read a saved run; its name is the file's.

    Raises:
        AssistantError: `evaluation.bad_run` if it cannot be read, or is none.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AssistantError("evaluation.bad_run", f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise AssistantError("evaluation.bad_run", f"{path}: no JSON") from error
    try:
        return _run(body, path.stem)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AssistantError("evaluation.bad_run", f"{path}: no run of this version") from error


def _run(body: Mapping[str, Any], name: str) -> Run:  # Any: untrusted JSON
    if body["format"] != FORMAT:
        raise ValueError("another format")
    rows = tuple(_row(row) for row in body["rows"])
    about = dict(body["about"])
    about["modes"] = [str(mode) for mode in about.get("modes", ())]
    warnings, not_run = tuple(map(str, body["warnings"])), int(body.get("not_run", 0))
    return Run(name=name, about=about, rows=rows, warnings=warnings, not_run=not_run)


def _row(row: Mapping[str, Any]) -> Row:  # Any: untrusted JSON
    answer, refused = row["answer"], row["refused"]
    return Row(
        id=str(row["id"]),
        question=str(row["question"]),
        digest=str(row["digest"]),
        unanswerable=bool(row["unanswerable"]),
        values={str(key): float(value) for key, value in row["values"].items()},
        cause=str(row["cause"]),
        reason=str(row["reason"]),
        expected=tuple(map(str, row["expected"])),
        sources=tuple(map(str, row["sources"])),
        found=tuple(map(str, row["found"])),
        answer=None if answer is None else str(answer),
        refused=None if refused is None else bool(refused),
        cited=tuple(map(str, row["cited"])),
    )

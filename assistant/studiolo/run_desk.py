"""Kept runs: listed, opened, compared and deleted; holds nothing between two requests; T-estimate's.

Not T-view's: a run of thousands of questions takes seconds to be read and compared, and a click on a source would wait.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from studiolo import messages
from studiolo.desk import Job, Json
from studiolo.evaluation.comparing import compare
from studiolo.evaluation.kept_runs import KeptRuns
from studiolo.evaluation.runs import row_record
from studiolo.messages import Request
from studiolo.paths import AppPaths

REQUESTS = (
    messages.Evaluations, messages.Evaluation, messages.DeleteEvaluation, messages.CompareEvaluations,
)  # fmt: skip
_MOST_LISTED = 500
_SEED = 0


class RunDesk:
    """Answers what is asked about runs.

    Args:
        paths: Where they lie.
    """

    def __init__(self, paths: AppPaths) -> None:
        self._runs = KeptRuns(paths.evaluation)

    def handle(self, request: Request, job: Job) -> Json:
        """Do one request.

        Raises:
            AssistantError: `evaluation.unknown_run`, `evaluation.bad_run`, `evaluation.different_questions`.
            OSError: If a run cannot be removed.
        """
        handlers: dict[type[Request], Callable[[], Json]] = {
            messages.Evaluations: lambda: {"runs": self._runs.records()[:_MOST_LISTED]},
            messages.Evaluation: lambda: self._open(cast("messages.Evaluation", request)),
            messages.DeleteEvaluation: lambda: self._delete(cast("messages.DeleteEvaluation", request)),
            messages.CompareEvaluations: lambda: self._compare(cast("messages.CompareEvaluations", request)),
        }  # the casts repeat what the key says
        if type(request) not in handlers:
            raise TypeError(f"not for this desk: {request.type}")
        return handlers[type(request)]()

    def close(self) -> None:
        """Give nothing back: nothing is held."""

    def _open(self, request: messages.Evaluation) -> Json:
        record, run = self._runs.record(request.run), self._runs.run(request.run)
        return record | {"warnings": list(run.warnings), "rows": [row_record(row) for row in run.rows]}

    def _delete(self, request: messages.DeleteEvaluation) -> Json:
        self._runs.remove(request.run)
        return {"run": request.run}

    def _compare(self, request: messages.CompareEvaluations) -> Json:
        ids = (request.before, request.after)
        records = [self._runs.record(run_id) for run_id in ids]
        before, after = (self._runs.run(run_id) for run_id in ids)
        return compare(before, after, seed=_SEED).document() | {"runs": records}

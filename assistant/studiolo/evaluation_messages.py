"""What the engine can be asked about question sets, their runs, and adapters; light to import.

A question set is a file of the user's, named by its path; a run is kept by the engine and named by its id, sixteen hex
digits that are never given twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from studiolo.request_messages import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSets(Request):
    """The files of questions that are remembered, the newest first. Result: {"sets": [set…]}."""

    type: ClassVar[str] = "question_sets"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddQuestionSet(Request):
    """Remember a file of questions; it stays where it is, and is not copied. Result: as `question_set`."""

    type: ClassVar[str] = "add_question_set"
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetQuestionSet(Request):
    """Remember a file of questions no more; the file stays. Result: {"path"}."""

    type: ClassVar[str] = "forget_question_set"
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet(Request):
    """One file of questions. Result: its set, and "drafts": the rows that nobody has decided on."""

    type: ClassVar[str] = "question_set"
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftQuestions(Request):
    """Draft questions into a new file, with `progress` events. Result: {"path", "questions": n}."""

    type: ClassVar[str] = "draft_questions"
    path: str
    count: int = 20
    collections: tuple[str, ...] = ("documents",)
    seed: int = 0
    use_model: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideQuestion(Request):
    """Keep a drafted question, with other words if they are given, or drop it. Result: as `question_set`."""

    type: ClassVar[str] = "decide_question"
    path: str
    entry: str
    decision: str
    question: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluate(Request):
    """Run a question set under a configuration, with `progress` events, and keep the run. Result: its record."""

    type: ClassVar[str] = "evaluate"
    path: str
    configuration: str = "current"
    collections: tuple[str, ...] = ("documents",)
    k: int = 6
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluations(Request):
    """The runs that are kept, the newest first. Result: {"runs": [record…]}."""

    type: ClassVar[str] = "evaluations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation(Request):
    """One run. Result: its record, with "warnings" and "rows"."""

    type: ClassVar[str] = "evaluation"
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteEvaluation(Request):
    """Remove a run from the disk. Result: {"run"}."""

    type: ClassVar[str] = "delete_evaluation"
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareEvaluations(Request):
    """How two runs differ, on the questions that both have. Result: the comparison, and "runs": both records."""

    type: ClassVar[str] = "compare_evaluations"
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters(Request):
    """Adapters, and which is attached. Result: {"adapters": [record…], "base", "attached", "scale", "most_scale"}."""

    type: ClassVar[str] = "adapters"


@dataclass(frozen=True, slots=True, kw_only=True)
class UseAdapter(Request):
    """Attach an adapter to the model in use, or scale it; an empty name detaches it. Result: as `adapters`."""

    type: ClassVar[str] = "use_adapter"
    name: str = ""
    scale: float | None = None

"""A run on a real index: the scope is a wall, and nothing of the questions stays in the data folder."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from gguf_files import starter_adapter
from library import index_library
from reranker_folders import write_compiled_reranker
from words_on_disk import is_on_disk

from studiolo.errors import AssistantError
from studiolo.evaluation.configurations import Configuration, ablation
from studiolo.evaluation.evaluation_desk import EvaluationDesk, Scope
from studiolo.evaluation.question_sets import Question, Source
from studiolo.evaluation.runs import Run
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_indexer.errors import CollectionUnknown
from studiolo_indexer.fusion import WEIGHTS
from studiolo_models.errors import ModelMissing

pytestmark = pytest.mark.real_models

LEAVE = Question(
    "leave",
    "How many days of unused leave may be carried over?",
    (Source("leave.md"),),
    ("Unused leave of up to ten days may be carried over and must be taken by 31 March.",),
)
CONTRACT = Question("contract", "What is the notice period of the contract?", (Source("albers.md"),), ("six weeks",))
QUOTES = Configuration(answers_by="quotes")


def run(workspace: Workspace, scope: Scope, configuration: Configuration, *questions: Question) -> Run:
    desk = EvaluationDesk(workspace, scope)
    try:
        return desk.run(questions, configuration, on_progress=lambda done, total: None, cancel=threading.Event())
    finally:
        desk.close()


def test_a_question_is_searched_in_every_mode_and_answered_by_quotes(library: Workspace) -> None:
    found = run(library, Scope(), QUOTES, LEAVE)
    (row,) = found.rows
    assert (row.cause, row.values["exact"], row.values["citation.recall"]) == ("right", 1.0, 1.0)
    assert [row.values[f"{m}file.hit@1"] for m in ("", "vector:", "text:")] == [1.0, 1.0, 1.0]
    assert (row.cited, found.warnings) == (("leave.md",), ())
    assert (found.about["model"], found.about["embedder"]) == (None, library.embedder().name)


def test_another_collection_is_not_searched_and_its_source_is_named(library: Workspace) -> None:
    found = run(library, Scope(), QUOTES, CONTRACT)
    assert found.warnings == ("albers.md is no file of the folders in scope (contract)",)
    assert found.rows[0].cause == "data"
    both = run(library, Scope(("documents", "contracts")), QUOTES, CONTRACT)
    assert (both.warnings, both.rows[0].values["file.hit@5"]) == ((), 1.0)


def test_a_copy_of_an_expected_file_is_as_good(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A search shows one of several copies, and what it shows says the same."""
    for name in ("hr/long/leave of employees.md", "hr/a.md", "contracts/x.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(
            "# Leave\n\nUnused leave of up to ten days may be carried over.\n", encoding="utf-8"
        )
    copied = index_library(tmp_path_factory.mktemp("copies"), tmp_path)
    for name in ("a.md", "long/leave of employees.md"):
        question = Question("q", "How many days may be carried over?", (Source(name),), ("ten days",))
        (row,) = run(copied, Scope(), QUOTES, question).rows
        assert [row.values[key] for key in ("file.hit@1", "file.recall@5", "citation.recall")] == [1.0, 1.0, 1.0]


def test_a_folder_narrows_the_scope(library: Workspace, library_root: Path) -> None:
    scope = Scope(("documents", "contracts"), library_root / "contracts")
    found = run(library, scope, Configuration(answers_by="nobody"), LEAVE, CONTRACT)
    assert found.warnings == ("leave.md is no file of the folders in scope (leave)",)
    assert [row.cause for row in found.rows] == ["data", "right"]


def test_a_file_that_could_not_be_read_is_the_datas_fault(library: Workspace) -> None:
    asked = Question("broken", "What is a zebra crossing made of?", (Source("broken.pdf", 1),), ("stripes of paint",))
    found = run(library, Scope(), QUOTES, asked)
    assert found.warnings[0].startswith("broken.pdf is failed (file.")
    assert (found.rows[0].cause, found.rows[0].reason) == ("data", "its source has no text in the index")


def test_values_but_times_are_the_same_in_a_second_run(library: Workspace) -> None:
    first, second = (run(library, Scope(), QUOTES, LEAVE, CONTRACT) for _ in range(2))
    for a, b in zip(first.rows, second.rows, strict=True):
        assert {k: v for k, v in a.values.items() if not k.endswith("_ms")} == {
            k: v for k, v in b.values.items() if not k.endswith("_ms")
        }


@pytest.mark.parametrize(
    ("configuration", "error"),
    [
        (Configuration(model="nobody"), ModelMissing),
        (Configuration(adapter="nobody"), ModelMissing),
        (Configuration(needs_adapter=True), AssistantError),
    ],
)
def test_a_model_that_is_missing_is_said_before_the_first_question_and_settings_stay(
    library: Workspace, configuration: Configuration, error: type[Exception]
) -> None:
    settings = library.settings
    with pytest.raises(error):
        run(library, Scope(), configuration, LEAVE)
    assert library.settings == settings


def test_an_adapter_is_attached_for_its_own_run_and_taken_off_for_base(home: Path, tmp_path: Path) -> None:
    workspace = Workspace(AppPaths(home))
    (tmp_path / "loud.gguf").write_bytes(starter_adapter())
    workspace.registry.add_gguf(tmp_path / "loud.gguf", name="loud")
    workspace.change_settings(adapter="loud")
    desk = EvaluationDesk(workspace, Scope())
    made = {}
    try:
        for name, adapter in (("current", None), ("base", ""), ("again", "loud")):
            configuration = Configuration(name, modes=("hybrid",), adapter=adapter)
            made[name] = desk.run([LEAVE], configuration, on_progress=lambda *n: None, cancel=threading.Event())
    finally:
        desk.close()
    assert [made[name].about["adapter"] for name in made] == ["loud", None, "loud"]
    assert made["current"].rows[0].answer == made["again"].rows[0].answer
    assert workspace.settings.adapter == "loud"


def test_each_configuration_is_checked_without_running_it(library: Workspace) -> None:
    desk = EvaluationDesk(library, Scope())
    try:
        desk.check(Configuration(adapter=""))
        desk.check(Configuration(answers_by="nobody", model="nobody", needs_adapter=True))
        with pytest.raises(ModelMissing):
            desk.check(Configuration(model="nobody"))
    finally:
        desk.close()


def test_a_part_of_the_ranking_is_taken_out_for_its_own_run(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    texts = {
        "hr/vacation.md": "Employees have thirty days of paid vacation in each year.\n",
        "hr/printer.md": "The quagga printer stands in room four.\n",
        "contracts/other.md": "Nothing of it.\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    workspace = index_library(tmp_path_factory.mktemp("parts"), tmp_path)
    asked = Question("q", "How much paid holiday do I get? quagga", (Source("printer.md"),))
    configurations = {c.name: c for c in ablation(Configuration())}
    found = {}
    desk = EvaluationDesk(workspace, Scope())
    try:
        for name in ("without vectors", "without text", "full", "without text"):
            found[name] = desk.run([asked], configurations[name], on_progress=lambda *n: None, cancel=threading.Event())
    finally:
        desk.close()
    ranks = {name: made.rows[0].values["file.mrr"] for name, made in found.items()}
    assert (ranks["without vectors"], ranks["without text"]) == (1.0, 0.5)
    assert [made.about["weights"]["vector"] for made in found.values()] == [0.0, 1.0, WEIGHTS.vector]


def test_a_run_that_is_stopped_keeps_the_questions_before(library: Workspace) -> None:
    cancel = threading.Event()
    desk = EvaluationDesk(library, Scope(("documents", "contracts")))
    try:
        found = desk.run([LEAVE, CONTRACT], QUOTES, on_progress=lambda *n: cancel.set(), cancel=cancel)
    finally:
        desk.close()
    assert ([row.id for row in found.rows], found.not_run) == (["leave"], 1)
    assert found.warnings == ("stopped after 1 of 2 questions",)


def test_an_empty_index_is_said_in_a_note(empty_home: Path) -> None:
    found = run(Workspace(AppPaths(empty_home)), Scope(), QUOTES, LEAVE)
    assert found.warnings[0] == "no folder is watched in documents"
    assert found.rows[0].cause == "data"


def test_a_collection_that_is_not_there_is_refused(library: Workspace) -> None:
    with pytest.raises(CollectionUnknown):
        EvaluationDesk(library, Scope(("nowhere",)))


def test_nothing_of_a_run_stays_in_the_data_folder(home: Path) -> None:
    """R32: only the files that the user names hold questions and answers."""
    asked = Question("q", "Does the zanzibarword lapse?", (Source("leave.md"),), ("quizzicalword",))
    run(Workspace(AppPaths(home)), Scope(), QUOTES, asked)
    assert not is_on_disk("zanzibarword", home)
    assert not is_on_disk("quizzicalword", home)


def test_a_reranker_takes_part_without_a_limit_unless_it_is_left_out(
    library: Workspace, home: Path, tmp_path: Path
) -> None:
    own = Workspace(AppPaths(home))
    own._embedder = library.embedder()
    own.change_settings(rerank_milliseconds=0)  # of searches alone
    with pytest.raises(AssistantError, match="no reranker is in use"):
        run(own, Scope(), Configuration(answers_by="nobody", reranker=True), LEAVE)
    made = write_compiled_reranker(tmp_path / "judge", factor=-1.0)
    own.registry.add_compiled(made, role="reranker", name="judge", licence="mit", source="here")
    with_it, without = (
        run(own, Scope(), Configuration(answers_by="nobody", reranker=wanted), LEAVE) for wanted in (None, False)
    )
    assert (with_it.about["reranker"], without.about["reranker"]) == ("judge", None)
    assert with_it.about["reranker_sha256"] == own.registry.get("judge").sha256

"""The reranker in use is loaded once, followed when it changes, and done without when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from reranker_folders import write_compiled_reranker

from studiolo import messages
from studiolo.answer_desk import AnswerDesk
from studiolo.desk import Job, Json
from studiolo.errors import AssistantError
from studiolo.paths import AppPaths
from studiolo.reranker_holder import RerankerHolder
from studiolo.workspace import Workspace
from studiolo_models.errors import ModelMissing
from studiolo_models.registry import Registry

pytestmark = pytest.mark.real_models

QUERY = "leave days of service"
BOTH = ("documents", "contracts")


def add(registry: Registry, folder: Path, *, factor: float = 1.0, identity: str = "5c0ffee5") -> None:
    made = write_compiled_reranker(folder, factor=factor, card={"identity": identity * 4})
    registry.add_compiled(made, role="reranker", name=folder.name, licence="mit", source="here")


@pytest.fixture
def workspace(library: Workspace, home: Path) -> Workspace:
    """The library, in a data folder of this test's own, with time enough for every passage."""
    made = Workspace(AppPaths(home))
    made._embedder = library.embedder()
    made.change_settings(rerank_milliseconds=10_000)
    return made


def search(workspace: Workspace, desk: AnswerDesk | None = None, **options: bool) -> Json:
    request = messages.Search(id="s", query=QUERY, collections=BOTH, **options)  # type: ignore[arg-type]  # booleans
    opened = desk or AnswerDesk(workspace)
    try:
        return opened.handle(request, Job())
    finally:
        if desk is None:
            opened.close()


def starts(result: Json) -> list[tuple[str, int]]:
    return [(p["path"], p["start"]) for p in result["passages"]]


def test_a_search_follows_the_reranker_until_it_is_off_or_gone(workspace: Workspace, tmp_path: Path) -> None:
    plain = search(workspace)
    assert (plain["reranked"], plain["milliseconds"]["rerank"]) == (0, 0)
    add(workspace.registry, tmp_path / "contrary", factor=-1.0)
    desk = AnswerDesk(workspace)
    turned = search(workspace, desk)
    assert turned["reranked"] == len(plain["passages"]) > 1
    assert turned["milliseconds"]["rerank"] > 0
    assert starts(turned) != starts(plain)
    assert sorted(starts(turned)) == sorted(starts(plain))
    assert starts(search(workspace, desk, rerank=False)) == starts(plain)
    workspace.registry.use_no_reranker()
    assert search(workspace, desk)["reranked"] == 0
    workspace.registry.use("contrary")
    assert starts(search(workspace, desk)) == starts(turned)
    workspace.registry.remove("contrary")
    assert starts(search(workspace, desk)) == starts(plain)
    desk.close()


def test_no_time_means_no_reranker(workspace: Workspace, tmp_path: Path) -> None:
    add(workspace.registry, tmp_path / "contrary", factor=-1.0)
    workspace.change_settings(rerank_milliseconds=0)
    assert search(workspace)["reranked"] == 0


def test_an_answer_rests_on_the_reranked_passages(workspace: Workspace, tmp_path: Path) -> None:
    add(workspace.registry, tmp_path / "contrary", factor=-1.0)
    desk = AnswerDesk(workspace)
    requests = [
        messages.Ask(id="a", question=QUERY, k=1, collections=BOTH, use_model=False, rerank=wanted)
        for wanted in (True, False)
    ]
    said: list[messages.EngineEvent] = []
    for request in requests:
        desk.handle(request, Job(emit=said.append))
    desk.close()
    seen = [Path(e.passages[0]["path"]).name for e in said if isinstance(e, messages.Evidence)]
    assert seen == ["albers.md", "leave.md"]


@pytest.mark.parametrize("harm", ["damaged", "no numbers"])
def test_a_model_that_fails_is_told_of_once_and_the_order_stands(
    workspace: Workspace, tmp_path: Path, harm: str
) -> None:
    plain = search(workspace)
    add(workspace.registry, tmp_path / "judge", factor=float("nan") if harm == "no numbers" else 1.0)
    if harm == "damaged":
        (workspace.registry.get("judge").path / "model.xml").write_text("noise")
    desk = AnswerDesk(workspace)
    said: list[messages.EngineEvent] = []
    request = messages.Search(id="s", query=QUERY, collections=BOTH)
    found = [desk.handle(request, Job(emit=said.append)) for _ in range(2)]
    assert [starts(f) for f in found] == [starts(plain)] * 2
    (notice,) = said
    assert isinstance(notice, messages.Notice)
    assert (notice.error["code"], "judge" in notice.error["message"]) == ("reranker.failed", True)
    add(workspace.registry, tmp_path / "other", identity="0ddba110")
    workspace.registry.use("other")
    assert desk.handle(request, Job(emit=said.append))["reranked"] > 0
    assert len(said) == 1
    desk.close()


def test_the_warm_up_loads_it_and_tells_of_a_failure(workspace: Workspace, tmp_path: Path) -> None:
    add(workspace.registry, tmp_path / "judge")
    (workspace.registry.get("judge").path / "tokenizer.json").unlink()
    said: list[messages.EngineEvent] = []
    desk = AnswerDesk(workspace)
    desk.warm_up(Job(emit=said.append))
    desk.close()
    assert [type(event) for event in said] == [messages.Notice]


def test_to_measure_with_it_must_be_there_and_sound(workspace: Workspace, tmp_path: Path) -> None:
    holder = RerankerHolder(workspace)
    with pytest.raises(ModelMissing):
        holder.load()
    add(workspace.registry, tmp_path / "judge")
    assert holder.load().name == "judge"
    model = holder.loaded
    holder.load()
    assert holder.loaded is model
    heard: list[AssistantError] = []
    reranking = holder.reranking(heard.append)
    assert reranking is not None
    assert (reranking.milliseconds, heard) == (10_000, [])

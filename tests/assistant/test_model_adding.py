"""A model is added from a GGUF file or an embedder's folder, checked first, and nothing is left where it fails."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from embedder_folders import write_compiled
from gguf_files import small_adapter, small_model
from reranker_folders import write_reranker

from studiolo.errors import AssistantError, report
from studiolo.model_adding import add_model
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_models.errors import ModelDamaged, ModelError, ModelFileGone, WorkerFailed
from studiolo_models.reranking import load_reranker

UNSAID = {"licence": "", "source": ""}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(AppPaths(tmp_path / "home"))


@pytest.mark.parametrize(("data", "role"), [(small_model(), "chat"), (small_adapter(), "adapter")])
def test_a_gguf_file_tells_its_role_itself(workspace: Workspace, tmp_path: Path, data: bytes, role: str) -> None:
    file = tmp_path / "tiny.gguf"
    file.write_bytes(data)
    record = add_model(workspace, file, name=None, **UNSAID)
    assert (record["role"], record["name"], record["source"]) == (role, "tiny", "tiny.gguf")
    assert workspace.registry.get("tiny").path.read_bytes() == data


def test_the_licence_that_the_file_names_is_kept_unless_another_is_given(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "tiny.gguf"
    file.write_bytes(small_model())
    assert add_model(workspace, file, name="one", **UNSAID)["licence"] == "mit"
    given = add_model(workspace, file, name="two", licence="Apache-2.0", source="a friend")
    assert (given["licence"], given["source"]) == ("Apache-2.0", "a friend")


@pytest.mark.parametrize(
    ("name", "error"), [("nowhere.gguf", ModelFileGone), ("text.gguf", ModelDamaged), ("empty.gguf", ModelDamaged)]
)
def test_what_is_no_model_is_named_and_not_kept(
    workspace: Workspace, tmp_path: Path, name: str, error: type[ModelError]
) -> None:
    (tmp_path / "text.gguf").write_text("Some text, renamed. " * 100)
    (tmp_path / "empty.gguf").touch()
    with pytest.raises(error):
        add_model(workspace, tmp_path / name, name=None, **UNSAID)
    assert list(workspace.paths.models.iterdir()) == []


def test_a_path_of_nobody_is_named(workspace: Workspace) -> None:
    with pytest.raises(AssistantError):
        add_model(workspace, Path("~nobody-of-this-name/model.gguf"), name=None, **UNSAID)


def test_an_embedder_is_compiled_aside_and_moved_in_whole(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The compiling itself, which takes torch, is tried in tests/models/test_worker.py."""
    source = tmp_path / "mini lm"
    source.mkdir()
    ready = write_compiled(tmp_path / "ready")
    asked: list[tuple[Path, list[str]]] = []

    def compile_embedder(folder: Path, target: Path, *, worker_command: list[str]) -> None:
        assert target.is_relative_to(workspace.paths.temp)
        asked.append((folder, worker_command))
        shutil.copytree(ready, target)

    monkeypatch.setattr("studiolo.model_adding.compile_embedder", compile_embedder)
    record = add_model(workspace, source, name=None, **UNSAID)
    assert (record["role"], record["name"], record["licence"]) == ("embedder", "mini-lm", "unknown")
    assert asked == [(source, [sys.executable, "-I", "-m", "studiolo.guarded", "studiolo_models.worker"])]
    assert workspace.registry.verify("mini-lm").path.is_dir()
    assert list(workspace.paths.temp.iterdir()) == []


def test_a_cross_encoder_is_compiled_as_a_reranker(workspace: Workspace, tmp_path: Path) -> None:
    """The whole way, with torch, on a folder of random weights."""
    record = add_model(workspace, write_reranker(tmp_path / "judge"), name=None, licence="mit", source="")
    assert (record["role"], record["name"], record["in_use"]) == ("reranker", "judge", False)
    assert workspace.registry.verify("judge").in_use
    reranker = load_reranker(workspace.registry.in_use("reranker"), cache_folder=workspace.paths.cache)
    assert len(reranker.score("abc", ["abc", "xyz"], go_on=lambda: True)) == 2
    workspace.registry.remove("judge")
    assert "judge" not in [m.name for m in workspace.registry.list_models()]


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda s: (s / "model.safetensors").rename(s / "pytorch_model.bin"), "model.unsupported"),
        (lambda s: (s / "tokenizer.json").unlink(), "model.damaged"),
    ],
)
def test_a_cross_encoder_that_cannot_serve_is_refused_with_a_hint(
    workspace: Workspace, tmp_path: Path, spoil: Callable[[Path], object], error: str
) -> None:
    """Every reason is tried in tests/models/test_reranker_folder.py."""
    source = write_reranker(tmp_path / "judge")
    spoil(source)
    with pytest.raises(ModelError) as caught:
        add_model(workspace, source, name=None, **UNSAID)
    words = report(caught.value)
    assert (words.code, bool(words.hint)) == (error, True)
    assert [*workspace.paths.temp.iterdir(), *workspace.paths.models.iterdir()] == []


def test_an_embedder_that_cannot_be_compiled_leaves_nothing(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "folder"
    source.mkdir()

    def fail(folder: Path, target: Path, *, worker_command: list[str]) -> None:
        target.mkdir()
        (target / "model.xml").write_text("half")
        raise WorkerFailed("killed")

    monkeypatch.setattr("studiolo.model_adding.compile_embedder", fail)
    with pytest.raises(WorkerFailed):
        add_model(workspace, source, name=None, **UNSAID)
    assert [*workspace.paths.temp.iterdir(), *workspace.paths.models.iterdir()] == []

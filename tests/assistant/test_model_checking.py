"""What may be a model is looked at before anything is taken in; what is none ends with the reason (S2)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from gguf_files import small_adapter, small_model
from reranker_folders import write_reranker

from studiolo.errors import AssistantError, report
from studiolo.model_checking import check_model, licence_of_folder
from studiolo.paths import AppPaths
from studiolo.workspace import Workspace
from studiolo_models.errors import ModelError


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(AppPaths(tmp_path / "home"))


def test_a_chat_model_is_told_with_all_that_decides_about_it(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "My model.Q4_K_M.gguf"
    file.write_bytes(small_model(general__file_type=15))
    found = check_model(workspace, str(file))
    assert (found["role"], found["name"], found["licence"]) == ("chat", "My-model.Q4_K_M", "mit")
    assert (found["size_bytes"], found["details"]["quantization"]) == (file.stat().st_size, "Q4_K_M")
    assert (found["memory"]["context_tokens"], found["memory"]["fits"], found["taken"]) == (512, "now", False)
    assert found["free_bytes"] > 0
    assert list(workspace.paths.models.iterdir()) == []


def test_a_name_that_is_there_already_is_said_to_be(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "tiny.gguf"
    file.write_bytes(small_model())
    workspace.registry.add_gguf(file)
    assert check_model(workspace, str(file))["taken"]


def test_an_adapter_and_a_cross_encoder_are_told_apart(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "letters.gguf"
    file.write_bytes(small_adapter())
    adapter = check_model(workspace, str(file))
    assert (adapter["role"], adapter["memory"]) == ("adapter", None)
    folder = write_reranker(tmp_path / "judge")
    (folder / "README.md").write_text("---\nlanguage: en\nlicense: apache-2.0\n---\n# Judge\nlicense: other\n")
    reranker = check_model(workspace, str(folder))
    assert (reranker["role"], reranker["licence"]) == ("reranker", "apache-2.0")


@pytest.mark.parametrize("name", ["text.gguf", "empty.gguf", "short.gguf", "pipe.gguf", "nowhere.gguf", "folder"])
def test_what_is_no_model_ends_with_a_sentence_and_a_hint(workspace: Workspace, tmp_path: Path, name: str) -> None:
    (tmp_path / "text.gguf").write_text("Some text, renamed. " * 100)
    (tmp_path / "empty.gguf").touch()
    (tmp_path / "short.gguf").write_bytes(small_model()[:60])
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.gguf")
    with pytest.raises(ModelError) as caught:
        check_model(workspace, str(tmp_path / name))
    words = report(caught.value)
    assert words.code.startswith("model.")
    assert words.message
    assert words.hint


def test_a_path_of_nobody_is_named(workspace: Workspace) -> None:
    with pytest.raises(AssistantError):
        check_model(workspace, "~nobody-of-this-name/model.gguf")


@pytest.mark.parametrize(
    ("card", "licence"),
    [("", ""), ("# No head\nlicense: mit\n", ""), ("---\nlicense: 'mit'\n---\n", "mit"), ("---\nlicence: MIT", "MIT"),
     ("---\ntags: x\n---\nlicense: mit", ""), ("---\nlicense: <b>\n---\n", "")],
)  # fmt: skip
def test_a_licence_is_read_from_the_head_of_the_model_card_alone(tmp_path: Path, card: str, licence: str) -> None:
    assert licence_of_folder(tmp_path) == ""
    (tmp_path / "README.md").write_text(card)
    assert licence_of_folder(tmp_path) == licence

"""Models from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine
from gguf_files import small_model
from reranker_folders import write_compiled_reranker

from studiolo_models.registry import Registry

pytestmark = pytest.mark.real_models


def test_a_reranker_is_switched_off_and_on_again(own: CommandLine, tmp_path: Path) -> None:
    registry = Registry(folder=own.home / "models")
    registry.add_compiled(
        write_compiled_reranker(tmp_path / "made"), role="reranker", name="judge", licence="mit", source="here"
    )

    def used() -> list[str]:
        return [m["name"] for m in own.json("models", "list").document if m["role"] == "reranker" and m["in_use"]]

    assert used() == ["judge"]
    off = own.json("models", "use", "--no-reranker")
    assert (off.code, off.document, used()) == (0, {"role": "reranker", "name": None}, [])
    assert own.json("models", "use", "judge").document["in_use"]
    assert used() == ["judge"]
    assert [own("models", "use", *words).code for words in ((), ("judge", "--no-reranker"))] == [2, 2]


def test_models_are_listed_added_verified_chosen_and_removed(own: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "tiny.gguf"
    file.write_bytes(small_model())
    added = own.json("models", "add", file).document
    assert (added["name"], added["role"], added["licence"], added["source"]) == ("tiny", "chat", "mit", "tiny.gguf")
    assert own.json("models", "verify", "tiny").document["sha256"] == added["sha256"]
    assert own.json("models", "use", "tiny").document["in_use"]
    listed = own.json("models", "list").document
    assert {(m["role"], m["in_use"]) for m in listed if m["name"] in ("tiny", "SmolLM2-135M-Instruct")} == {
        ("chat", True),
        ("chat", False),
    }
    assert own.json("models", "remove", "tiny").code == 0
    assert "tiny" not in own("models", "list").out

"""Models from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine
from gguf_files import small_model

pytestmark = pytest.mark.real_models


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

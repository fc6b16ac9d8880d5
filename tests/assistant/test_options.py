"""What commands share."""

from __future__ import annotations

import pytest

from studiolo import cli, messages
from studiolo.commands.options import viewed
from studiolo.workspace import Workspace


def test_a_short_read_is_answered_and_its_handles_are_given_back(library: Workspace) -> None:
    for _ in range(3):
        assert len(viewed(library, messages.Files(id="files"))["rows"]) == 3


@pytest.mark.parametrize("name", ["add", "sync", "files", "search", "ask", "doctor"])
def test_every_command_takes_the_data_folder_and_json(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.app([name, "--help"], prog_name="studiolo")
    shown = capsys.readouterr().out
    assert "--home" in shown
    assert "--json" in shown

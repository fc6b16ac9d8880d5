"""Settings from the command line: listed, changed, refused with the reason, taken back."""

from __future__ import annotations

import pytest
from command_line import CommandLine

pytestmark = pytest.mark.real_models


def test_settings_are_listed_changed_refused_and_taken_back(own: CommandLine) -> None:
    listed = own("settings", "list").out
    assert "  passages = 6" in listed
    assert (
        "a whole number from 0 to 256 threads; 0: as many as there are cores. Counts from the next start on." in listed
    )
    assert "Counts at once." in listed
    assert own.json("settings", "set", "passages", "8").document["value"] == 8
    assert own.json("settings", "set", "gpu", "off").document["value"] is False
    assert own.json("settings", "set", "poll_interval_s", "7.5").document["value"] == 7.5
    assert own.json("settings", "set", "indexing_speed", "gentle").document["changed"]
    assert "* passages = 8   (default 6)" in own("settings", "list").out
    bad = own("settings", "set", "passages", "many")
    assert bad.code == 2
    assert "it must be a whole number from 1 to 20" in bad.err
    assert own("settings", "set", "threads", "-1").code == 2
    assert own("settings", "set", "hologram", "on").code == 2
    assert own.json("settings", "reset", "passages").document["value"] == 6

"""The command line as a whole: its groups, its usage, its version."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine, run_child

from studiolo import __version__, cli

pytestmark = pytest.mark.real_models

QUESTION = "How many days of unused leave may be carried over?"


def test_the_installed_command_prints_one_document_and_no_word_of_it_on_standard_error(home: Path) -> None:
    """The real entry point; the answer with a model is tried in test_offline_whole_path.py."""
    ran = run_child(["ask", QUESTION, "--no-model", "--json"], home=home)
    assert (ran.code, ran.out.count("\n")) == (0, 1)
    assert "ten days" in ran.document["citations"][0]["quote"]
    assert "ten days" not in ran.err


def test_doctor_finds_a_new_installation_well(tmp_path: Path) -> None:
    ran = run_child(["doctor", "--json"], home=tmp_path / "new")
    findings = {f["check"]: f for f in ran.document}
    assert [f for f in findings.values() if not f["ok"]] == []
    assert ran.code == 0
    assert {"no IPv4 socket", "no socket from native code", "no listening socket", "index"} <= set(findings)


def test_doctor_ends_with_1_when_there_is_something_to_look_at(own: CommandLine) -> None:
    """This process has no guards, so that the network is in reach."""
    ran = own("doctor")
    assert ran.code == 1
    assert "PROBLEM no IPv4 socket" in ran.out


@pytest.mark.parametrize("name", ["adapters", "self-test"])
def test_a_command_of_a_later_version_says_so(studiolo: CommandLine, name: str) -> None:
    ran = studiolo.json(name, "list", "-n", "3")
    assert (ran.code, ran.error["code"]) == (2, "command.not_yet")
    assert name in ran.error["message"]


@pytest.mark.parametrize(
    "words",
    [
        ("frobnicate",),
        ("search",),
        ("find-all",),
        ("find-all", "x", "--resume"),
        ("search", "x", "--queries", "a.jsonl", "--out", "b.jsonl"),
        ("ask", "--questions", "a.jsonl"),
        ("ask", "x", "-k", "0"),
        ("files", "--no-such-option"),
        ("models", "frobnicate"),
    ],
)
def test_wrong_usage_ends_with_2_and_prints_nothing_on_standard_output(
    studiolo: CommandLine, words: tuple[str, ...]
) -> None:
    ran = studiolo(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage:" in ran.err


def test_the_version_is_told_without_a_data_folder(capsys: pytest.CaptureFixture[str], studiolo_home: Path) -> None:
    with pytest.raises(SystemExit) as left:
        cli.app(["--version"], prog_name="studiolo")
    assert (left.value.code, capsys.readouterr().out) == (0, f"studiolo {__version__}\n")
    assert not studiolo_home.exists()

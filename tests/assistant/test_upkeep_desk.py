"""Settings, models, styles, checks and storage as the engine answers for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gguf_files import small_model

from studiolo import messages
from studiolo.desk import Job, Json
from studiolo.errors import AssistantError, report
from studiolo.history import History
from studiolo.messages import Request
from studiolo.paths import AppPaths
from studiolo.settings import load_settings
from studiolo.styles import load_styles
from studiolo.upkeep_desk import LONG, SHORT, UpkeepDesk
from studiolo.workspace import Workspace
from studiolo_models.errors import ModelChanged, ModelMissing


class Upkept:
    """A data folder, and the desk."""

    def __init__(self, home: Path) -> None:
        self.workspace = Workspace(AppPaths(home))
        self.workspace.registry._bundled = ()  # quick to verify
        self.paths = self.workspace.paths
        self.desk = UpkeepDesk(self.workspace)

    def do(self, kind: Callable[..., Request], **fields: Any) -> Json:  # Any: of whatever type the request has
        return self.desk.handle(kind(id="r", **fields), Job())


@pytest.fixture
def kept(tmp_path: Path) -> Upkept:
    return Upkept(tmp_path / "home")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    file = tmp_path / "tiny.gguf"
    file.write_bytes(small_model())
    return file


def test_a_changed_setting_is_kept_told_and_taken_back(kept: Upkept) -> None:
    changed = kept.do(messages.ChangeSetting, name="passages", value=9)
    assert (changed["value"], changed["changed"]) == (9, True)
    assert load_settings(kept.paths.settings).passages == kept.workspace.settings.passages == 9
    listed = {record["name"]: record["value"] for record in kept.do(messages.Settings)["settings"]}
    assert (listed["passages"], listed["gpu"]) == (9, True)
    assert kept.do(messages.ChangeSetting, name="passages", value=None)["changed"] is False


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("passages", 0, "from 1 to 20"),
        ("passages", "many", "from 1 to 20"),
        ("prompt_tokens", 2000, "2,160"),
        ("context_tokens", 600, "1,060"),
        ("adapter", "loud", "there is no adapter loud"),
        ("hologram", True, "hologram"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_the_reason_and_changes_nothing(
    kept: Upkept, name: str, value: object, reason: str
) -> None:
    with pytest.raises(AssistantError) as caught:
        kept.do(messages.ChangeSetting, name=name, value=value)
    assert reason in report(caught.value).message
    assert report(caught.value).exit_code == 2
    assert not kept.paths.settings.exists()


def test_a_model_is_checked_added_used_verified_and_removed(kept: Upkept, tiny: Path) -> None:
    assert kept.do(messages.CheckModel, path=str(tiny))["role"] == "chat"
    added = kept.do(messages.AddModel, path=str(tiny), name="mine", use=True)
    assert (added["name"], added["in_use"]) == ("mine", True)
    assert kept.do(messages.VerifyModel, name="mine")["sha256"] == added["sha256"]
    Path(added["path"]).write_bytes(small_model(general__name="Another"))
    with pytest.raises(ModelChanged):
        kept.do(messages.VerifyModel, name="mine")
    assert kept.do(messages.RemoveModel, name="mine")["name"] == "mine"
    with pytest.raises(ModelMissing):
        kept.do(messages.RemoveModel, name="mine")
    assert tiny.exists()


def test_a_style_is_made_changed_chosen_for_a_collection_and_removed(kept: Upkept) -> None:
    made = kept.do(messages.AddStyle, name=" Memo ", style={"max_words": 120, "form": "bullets"})
    assert (made["name"], made["max_words"], made["builtin"]) == ("memo", 120, False)
    with pytest.raises(AssistantError, match="memo"):
        kept.do(messages.AddStyle, name="memo", style={})
    kept.do(messages.AddStyle, name="memo", style={"max_words": 90}, replace=True)
    assert kept.do(messages.UseStyle, name="memo", collection="hr") == {"style": "memo", "collection": "hr"}
    assert kept.do(messages.UseStyle, name="short") == {"style": "short", "collection": None}
    assert load_styles(kept.paths.styles).of_scope(None, ["hr"]).max_words == 90
    assert kept.do(messages.UseStyle, name="", collection="hr") == {"style": None, "collection": "hr"}
    assert load_styles(kept.paths.styles).of_scope(None, ["hr"]).name == "short"
    assert kept.do(messages.RemoveStyle, name="memo")["name"] == "memo"
    assert "memo" not in [style.name for style in load_styles(kept.paths.styles).styles]


def test_the_last_checks_are_kept_with_their_time(kept: Upkept) -> None:
    assert kept.do(messages.Checks) == {"checked_at": None, "findings": []}
    found = kept.do(messages.Doctor)
    assert {"privacy", "installation"} == {finding["group"] for finding in found["findings"]}
    assert "no IPv4 socket" in [f["check"] for f in found["findings"] if f["group"] == "privacy"]
    assert UpkeepDesk(Workspace(kept.paths)).handle(messages.Checks(id="c"), Job()) == found
    assert kept.paths.checks.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text", ["", "[]", '{"checked_at": 1}', "\udcff", '{"findings": 3, "checked_at": ""}', "[" * 9999]
)
def test_checks_that_are_none_of_ours_count_as_none(kept: Upkept, text: str) -> None:
    kept.paths.checks.write_text(text, encoding="utf-8", errors="surrogateescape")
    assert kept.do(messages.Checks)["findings"] == []


def test_what_is_stored_is_told_part_by_part_and_the_history_is_purged_from_the_disk(kept: Upkept) -> None:
    history = History(kept.paths.history)
    history.add("Where is the canary-7319?", ["hr"], {"answer": "Here."})
    history.close()
    told = kept.do(messages.Storage)
    sizes = {place["place"]: place["size_bytes"] for place in told["places"] if place["in_data_folder"]}
    assert sum(sizes.values()) == told["size_bytes"]
    assert sizes["history"] > 0
    assert {p["place"] for p in told["places"] if p["can_be_purged"]} == {"history", "cache", "logs"}
    assert kept.do(messages.Purge, place="history")["place"] == "history"
    assert b"canary-7319" not in b"".join(p.read_bytes() for p in kept.paths.home.rglob("*") if p.is_file())
    with pytest.raises(AssistantError, match="models"):
        kept.do(messages.Purge, place="models")


def test_every_request_of_the_pages_has_a_line_and_no_other_is_taken(kept: Upkept) -> None:
    assert not set(SHORT) & set(LONG)
    with pytest.raises(TypeError):
        kept.do(messages.Status)
    kept.desk.close()

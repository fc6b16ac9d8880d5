"""A setting is told with all that a page or a list shows of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from gguf_files import small_adapter

from studiolo.errors import AssistantError
from studiolo.paths import AppPaths
from studiolo.setting_records import choices_of, setting_record, setting_records
from studiolo.setting_table import SETTINGS
from studiolo.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(AppPaths(tmp_path / "home"))


def test_the_records_come_in_the_order_of_the_table(workspace: Workspace) -> None:
    records = setting_records(workspace)
    assert [record["name"] for record in records] == [setting.name for setting in SETTINGS]
    assert not any(record["changed"] or record["waits"] for record in records)
    kinds = {record["name"]: record["kind"] for record in records}
    assert (kinds["ocr"], kinds["indexing_speed"], kinds["passages"]) == ("switch", "choice", "whole number")
    assert (kinds["adapter"], kinds["adapter_scale"]) == ("choice", "number")


def test_a_change_is_marked_and_waits_only_where_it_counts_from_the_next_start(workspace: Workspace) -> None:
    workspace.change_setting("passages", 9)
    workspace.change_setting("ocr", False)
    passages, ocr = setting_record(workspace, "passages"), setting_record(workspace, "ocr")
    assert (passages["value"], passages["changed"], passages["waits"]) == (9, True, False)
    assert (ocr["value"], ocr["changed"], ocr["waits"]) == (False, True, True)
    again = setting_record(Workspace(workspace.paths), "ocr")
    assert (again["changed"], again["waits"]) == (True, False)


def test_an_adapter_is_chosen_from_those_that_there_are(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "letters.gguf"
    file.write_bytes(small_adapter())
    workspace.registry.add_gguf(file)
    assert choices_of(workspace, "adapter") == ["", "letters"]
    assert choices_of(workspace, "passages") == choices_of(workspace, "hologram") == []


def test_an_unknown_setting_is_named(workspace: Workspace) -> None:
    with pytest.raises(AssistantError, match="hologram") as caught:
        setting_record(workspace, "hologram")
    assert caught.value.code == "setting.unknown"

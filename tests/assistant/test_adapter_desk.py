"""Adapters in the window: what fits which model is said before it is attached, and what does not fit is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from gguf_files import small_adapter, starter_adapter

from studiolo import messages
from studiolo.adapter_desk import AdapterDesk
from studiolo.desk import Job, Json
from studiolo.errors import AssistantError, report
from studiolo.paths import AppPaths
from studiolo.settings import load_settings
from studiolo.workspace import Workspace
from studiolo_models.errors import ModelMissing, ModelUnsupported, WrongLoraBase

pytestmark = pytest.mark.real_models


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A data folder with an adapter for the starter model, and one for another."""
    made = Workspace(AppPaths(tmp_path / "home"))
    for name, data in (("letters", starter_adapter()), ("other", small_adapter(general__base_model__0__name="Llama"))):
        path = tmp_path / f"{name}.gguf"
        path.write_bytes(data)
        made.registry.add_gguf(path, name=name)
    return made


@pytest.fixture
def desk(workspace: Workspace) -> AdapterDesk:
    return AdapterDesk(workspace)


def listed(desk: AdapterDesk) -> Json:
    return desk.handle(messages.Adapters(id="1"), Job())


def use(desk: AdapterDesk, name: str, scale: float | None = None) -> Json:
    return desk.handle(messages.UseAdapter(id="1", name=name, scale=scale), Job())


def test_each_adapter_is_listed_with_what_it_is_and_whether_it_fits(desk: AdapterDesk, workspace: Workspace) -> None:
    found = listed(desk)
    letters, other = found["adapters"]
    assert (letters["name"], letters["fits"], letters["reason"], letters["rank"]) == ("letters", True, None, 4)
    assert letters["sha256"] == workspace.registry.get("letters").sha256
    assert (other["fits"], other["made_for"]) == (False, "Llama")
    assert "made for 'Llama'" in other["reason"]
    assert found["base"]["name"] == "SmolLM2-135M-Instruct"
    assert (found["attached"], found["scale"], found["most_scale"]) == (None, 1.0, 2.0)


def test_an_adapter_is_attached_scaled_and_detached_and_the_settings_keep_it(
    desk: AdapterDesk, workspace: Workspace
) -> None:
    assert use(desk, "letters", 0.5)["attached"] == "letters"
    kept = load_settings(workspace.paths.settings)
    assert (kept.adapter, kept.adapter_scale) == ("letters", 0.5)
    assert use(desk, "letters")["scale"] == 0.5
    assert use(desk, "")["attached"] is None
    assert workspace.settings.adapter == ""


def test_one_for_another_model_is_refused_in_words_and_nothing_is_changed(
    desk: AdapterDesk, workspace: Workspace
) -> None:
    use(desk, "letters", 0.5)
    with pytest.raises(WrongLoraBase) as raised:
        use(desk, "other", 1.5)
    told = report(raised.value)
    assert told.code == "model.wrong_base_for_lora"
    assert "made for 'Llama'" in told.message
    assert "SmolLM2-135M-Instruct" in told.message
    assert (workspace.settings.adapter, workspace.settings.adapter_scale) == ("letters", 0.5)


def test_what_is_no_adapter_or_not_there_is_refused(desk: AdapterDesk) -> None:
    with pytest.raises(ModelUnsupported):
        use(desk, "SmolLM2-135M-Instruct")
    with pytest.raises(ModelMissing):
        use(desk, "nobody")


@pytest.mark.parametrize("scale", [-0.1, 2.1, float("nan"), float("inf")])
def test_a_scale_out_of_bounds_is_refused(desk: AdapterDesk, scale: float) -> None:
    with pytest.raises(AssistantError) as raised:
        use(desk, "letters", scale)
    assert raised.value.code == "adapter.bad_scale"


def test_a_damaged_file_is_listed_as_one(desk: AdapterDesk, workspace: Workspace) -> None:
    workspace.registry.get("letters").path.write_bytes(b"GGUF")
    letters, _ = listed(desk)["adapters"]
    assert (letters["fits"], letters["reason"]) == (False, "its file is damaged, or gone")


def test_one_that_is_attached_and_gone_can_be_detached(desk: AdapterDesk, workspace: Workspace) -> None:
    use(desk, "letters")
    workspace.registry.remove("letters")
    found = listed(desk)
    assert (found["attached"], [a["name"] for a in found["adapters"]]) == ("letters", ["other"])
    assert use(desk, "")["attached"] is None


def test_a_request_for_another_desk_is_a_defect(desk: AdapterDesk) -> None:
    with pytest.raises(TypeError):
        desk.handle(messages.Status(id="1"), Job())
    desk.close()

"""Adapters over a scripted engine: attached, scaled and detached, with the footer saying which is in use."""

from __future__ import annotations

from evaluation_documents import ADAPTERS
from scripted_window import OpenScene, Scene


def opened(open_scene: OpenScene, **script: object) -> Scene:
    scene = open_scene(**({"adapters": dict(ADAPTERS)} | script))
    scene.click(scene.row("Adapters"))
    scene.wait_for_text("made for SmolLM2")
    return scene


def test_an_adapter_is_attached_scaled_and_detached(open_scene: OpenScene) -> None:
    scene = opened(open_scene)
    scene.press("Attach letters")
    scene.wait(lambda: "letters" in scene.window.footer.model.text())
    scale = scene.window.adapters.scale
    assert scale is not None
    scale.number.setValue(0.4)
    scene.wait_for_requests("use_adapter", 2)
    scene.press("Detach letters")
    scene.wait(lambda: "letters" not in scene.window.footer.model.text())
    asked = [(r["name"], r["scale"]) for r in scene.requests("use_adapter")]
    assert asked == [("letters", 1.0), ("letters", 0.4), ("", None)]


def test_a_refusal_of_the_engine_is_said_on_the_page(open_scene: OpenScene) -> None:
    error = {"code": "model.wrong_base_for_lora", "message": "It belongs to another model.", "hint": "Choose that."}
    scene = opened(open_scene, fail={"use_adapter": error})
    scene.press("Attach letters")
    scene.wait_for_text("It belongs to another model. Choose that. (model.wrong_base_for_lora)")

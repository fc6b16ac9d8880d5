"""The part of the scripted engine for models, styles, settings and privacy; with the standard library alone."""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]  # Any: a JSON document

MEMORY: Json = {
    "weights_bytes": 98_000_000, "cache_bytes": 47_000_000, "working_bytes": 268_000_000, "needed_bytes": 413_000_000,
    "context_tokens": 2048, "available_bytes": 6_000_000_000, "total_bytes": 16_000_000_000, "fits": "now",
}  # fmt: skip
MODELS: list[Json] = [
    {"name": "smollm2-135m-instruct", "role": "chat", "path": "/m", "sha256": "1" * 64, "size_bytes": 98_000_000,
     "licence": "Apache-2.0", "source": "", "builtin": True, "in_use": True,
     "details": {"context_length": "8192", "quantization": "Q4_1"}, "memory": MEMORY},
    {"name": "other", "role": "chat", "path": "/n", "sha256": "2" * 64, "size_bytes": 8_000_000_000, "licence": "MIT",
     "source": "", "builtin": False, "in_use": False, "details": {"quantization": "Q4_K_M"},
     "memory": {**MEMORY, "needed_bytes": 8_400_000_000, "fits": "after_closing"}},
    {"name": "all-minilm-l6-v2", "role": "embedder", "path": "/e", "sha256": "3" * 64, "size_bytes": 90_000_000,
     "licence": "Apache-2.0", "source": "", "builtin": True, "in_use": True, "details": {},
     "memory": {**MEMORY, "context_tokens": 0, "cache_bytes": 0}},
]  # fmt: skip
FOUND: Json = {
    "name": "tiny", "role": "chat", "size_bytes": 500_000_000, "licence": "mit", "taken": False,
    "free_bytes": 90_000_000_000, "details": {"title": "Tiny Test", "quantization": "Q8_0"}, "memory": MEMORY,
}  # fmt: skip
SETTINGS: list[Json] = [
    {"name": "passages", "title": "Passages of an answer", "effect": "How many passages may be quoted.",
     "group": "Answers", "kind": "whole number", "takes": "a whole number from 1 to 20", "unit": "passages", "low": 1,
     "high": 20, "zero": "", "choices": [], "default": 6, "value": 6, "counts": "next question"},
    {"name": "adapter_scale", "title": "Strength of the adapter", "effect": "1 is what it was trained with.",
     "group": "Answers", "kind": "number", "takes": "a number from 0 to 4", "unit": "", "low": 0, "high": 4, "zero": "",
     "choices": [], "default": 1.0, "value": 1.0, "counts": "next question"},
    {"name": "ocr", "title": "Recognise the text of scans", "effect": "After everything else.",
     "group": "Reading and indexing", "kind": "switch", "takes": "true or false", "unit": "", "low": None,
     "high": None, "zero": "", "choices": [], "default": True, "value": True, "counts": "next start"},
    {"name": "indexing_speed", "title": "Indexing", "effect": "How much of the processor it takes.",
     "group": "Reading and indexing", "kind": "choice", "takes": "full or gentle", "unit": "", "low": None,
     "high": None, "zero": "",
     "choices": [{"value": "full", "title": "Full speed"}, {"value": "gentle", "title": "Gentle"}],
     "default": "full", "value": "full", "counts": "now"},
]  # fmt: skip
STYLE: Json = {
    "name": "", "title": "", "instructions": "", "form": "prose", "max_sentences": 0, "max_words": 0, "required": [],
    "line_pattern": "", "salutation": "Dear Sir or Madam,", "closing": "Yours faithfully,", "builtin": True,
    "prompt": "You answer from the sources alone.",
}  # fmt: skip
STYLES: list[Json] = [
    {**STYLE, "name": "standard", "title": "One to three sentences"},
    {**STYLE, "name": "memo", "title": "Memo", "form": "bullets", "max_words": 120,
     "required": ["Decision", "Deadline"], "instructions": "Write for a reader in a hurry.", "builtin": False},
]  # fmt: skip
FINDINGS: list[Json] = [
    {"check": "network", "ok": True, "detail": "sockets are refused", "hint": "", "group": "privacy"},
    {"check": "disk", "ok": False, "detail": "The volume is not encrypted.", "hint": "Turn on encryption.",
     "group": "privacy"},
    {"check": "hardware", "ok": True, "detail": "4 cores", "hint": "", "group": "installation"},
]  # fmt: skip
PLACES = (("texts", 5_000_000), ("history", 70_000), ("cache", 900_000), ("logs", 0), ("program_models", 190_000_000))


class Upkeep:
    """Keeps the documents, and changes them as they are asked to be."""

    def __init__(self, result: Callable[[Json, object], None], fail: Callable[[Json, str, str], None]) -> None:
        self._result = result
        self._fail = fail
        self._models = [dict(m) for m in MODELS]
        self._settings = [dict(s) for s in SETTINGS]
        self._styles = [dict(s) for s in STYLES]
        self._default, self._by_collection = "standard", {"documents": "memo"}
        self._checks: Json = {"checked_at": None, "findings": []}
        self._sizes = dict(PLACES)

    def on_models(self, request: Json) -> None:
        told = {"models": self._models, "available_bytes": 6_000_000_000, "total_bytes": 16_000_000_000}
        self._result(request, told)

    def on_use_model(self, request: Json) -> None:
        for model in self._models:
            if model["role"] == "chat":
                model["in_use"] = model["name"] == request["name"]
        self._result(request, {"name": request["name"]})

    def on_check_model(self, request: Json) -> None:
        if "broken" in request["path"]:
            self._fail(request, "model.damaged", "The model file is damaged.")
        else:
            self._result(request, {"path": request["path"], **FOUND})

    def on_add_model(self, request: Json) -> None:
        added = {**FOUND, "name": request["name"], "path": "/t", "sha256": "4" * 64, "builtin": False, "in_use": False}
        self._models.append(added)
        if request["use"]:
            for model in self._models:
                if model["role"] == "chat":
                    model["in_use"] = model is added
        self._result(request, added)

    def on_verify_model(self, request: Json) -> None:
        if request["name"] == "other":
            self._fail(request, "model.changed", "The model is not the file that was added.")
        else:
            self._result(request, {"name": request["name"]})

    def on_remove_model(self, request: Json) -> None:
        self._models = [m for m in self._models if m["name"] != request["name"]]
        self._result(request, {"name": request["name"]})

    def on_styles(self, request: Json) -> None:
        told = {"styles": self._styles, "default": self._default, "collections": self._by_collection}
        self._result(request, told)

    def on_add_style(self, request: Json) -> None:
        if not request["name"]:
            self._fail(request, "style.bad", "This is no style: it has no name.")
            return
        self._styles = [s for s in self._styles if s["name"] != request["name"]]
        self._styles.append({**STYLE, **request["style"], "name": request["name"], "builtin": False})
        self._result(request, self._styles[-1])

    def on_remove_style(self, request: Json) -> None:
        self._styles = [s for s in self._styles if s["name"] != request["name"]]
        self._result(request, {"name": request["name"]})

    def on_use_style(self, request: Json) -> None:
        if request["collection"] is None:
            self._default = request["name"]
        elif request["name"]:
            self._by_collection[request["collection"]] = request["name"]
        else:
            self._by_collection.pop(request["collection"], None)
        self._result(request, {"style": request["name"] or None, "collection": request["collection"]})

    def _record(self, setting: Json) -> Json:
        changed = setting["value"] != setting["default"]
        return {**setting, "changed": changed, "waits": changed and setting["counts"] == "next start"}

    def on_settings(self, request: Json) -> None:
        self._result(request, {"settings": [self._record(s) for s in self._settings]})

    def on_change_setting(self, request: Json) -> None:
        setting = next(s for s in self._settings if s["name"] == request["name"])
        value = setting["default"] if request["value"] is None else request["value"]
        low, high = setting["low"], setting["high"]
        if low is not None and (isinstance(value, str) or not low <= value <= high):
            self._fail(request, "setting.bad", f"This cannot be set: it must be {setting['takes']}.")
            return
        setting["value"] = value
        self._result(request, self._record(setting))

    def on_doctor(self, request: Json) -> None:
        self._checks = {"checked_at": "2026-11-27T10:30:00+00:00", "findings": FINDINGS}
        self._result(request, self._checks)

    def on_checks(self, request: Json) -> None:
        self._result(request, self._checks)

    def on_storage(self, request: Json) -> None:
        places = [
            {"place": key, "path": f"/home/me/.local/share/studiolo/{key}", "size_bytes": size,
             "in_data_folder": key != "program_models", "can_be_purged": key in ("history", "cache", "logs")}
            for key, size in self._sizes.items()
        ]  # fmt: skip
        total = sum(size for key, size in self._sizes.items() if key != "program_models")
        home = "/home/me/.local/share/studiolo"
        self._result(request, {"home": home, "size_bytes": total, "free_bytes": 10**11, "places": places})

    def on_purge(self, request: Json) -> None:
        freed, self._sizes[request["place"]] = self._sizes[request["place"]], 0
        self._result(request, {"place": request["place"], "freed_bytes": freed})

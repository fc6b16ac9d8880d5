"""What the engine can be asked about settings, model files, styles, checks and what is stored; light to import."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from studiolo.request_messages import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Request):
    """Every setting. Result: {"settings": [record…]}, in the order in which people are shown them."""

    type: ClassVar[str] = "settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSetting(Request):
    """Give a setting another value, and keep it; null is its default. Result: the setting's record."""

    type: ClassVar[str] = "change_setting"
    name: str
    value: str | bool | int | float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckModel(Request):
    """What a model file or folder is, and whether it fits; nothing is added. Result: see docs/protocol.md."""

    type: ClassVar[str] = "check_model"
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddModel(Request):
    """Take a model file or folder into the data folder, and use it if wanted. Result: the model's record."""

    type: ClassVar[str] = "add_model"
    path: str
    name: str | None = None
    use: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyModel(Request):
    """Hash a model's file again. Result: the model's record, if it is still the file that was added."""

    type: ClassVar[str] = "verify_model"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveModel(Request):
    """Remove a model that was added. Result: the record that it had."""

    type: ClassVar[str] = "remove_model"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddStyle(Request):
    """Keep a style of the user's own, in the place of one of that name with `replace`. Result: its record."""

    type: ClassVar[str] = "add_style"
    name: str
    style: dict[str, Any] = field(default_factory=dict)  # Any: untrusted, checked value by value
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveStyle(Request):
    """Remove a style of the user's own; what used it gets the default. Result: the record that it had."""

    type: ClassVar[str] = "remove_style"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UseStyle(Request):
    """Choose the style of a collection, or the default. Result: {"style", "collection"}.

    An empty name takes a collection's own choice back. Result: {"style": null, "collection"}.
    """

    type: ClassVar[str] = "use_style"
    name: str
    collection: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks(Request):
    """What the last `doctor` found. Result: {"checked_at": null if there was none, "findings": […]}."""

    type: ClassVar[str] = "checks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage(Request):
    """What is stored where. Result: {"home", "free_bytes", "size_bytes", "places": [record…]}."""

    type: ClassVar[str] = "storage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge(Request):
    """Remove what lies in a place that can be purged, for good. Result: {"place", "freed_bytes"}."""

    type: ClassVar[str] = "purge"
    place: str

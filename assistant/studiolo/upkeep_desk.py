"""Settings, model files, styles, checks and what is stored; holds nothing between two requests.

T-view does what is short; checking and adding models, the examination and purging are T-estimate's, since they read or
write whole files.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from studiolo import messages
from studiolo.desk import Job, Json
from studiolo.doctor import examine
from studiolo.errors import AssistantError
from studiolo.messages import Request
from studiolo.model_adding import add_model
from studiolo.model_checking import check_model
from studiolo.paths import write_atomically
from studiolo.results import model_record
from studiolo.setting_records import choices_of, setting_record, setting_records
from studiolo.storage import PURGED, places_of, purge
from studiolo.styles import add_style, checked_style, remove_style, use_no_style, use_style
from studiolo.workspace import Workspace

SHORT = (
    messages.Settings, messages.ChangeSetting, messages.AddStyle, messages.RemoveStyle, messages.UseStyle,
    messages.Checks,
)  # fmt: skip
LONG = (
    messages.CheckModel, messages.AddModel, messages.VerifyModel, messages.RemoveModel, messages.Doctor,
    messages.Storage, messages.Purge,
)  # fmt: skip
_MOST_KEPT = 1 << 20


class UpkeepDesk:
    """Does what the pages of models, styles, settings and privacy ask for.

    Args:
        workspace: What is opened.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def handle(self, request: Request, job: Job) -> Json:
        """Do one request."""
        handlers: dict[type[Request], Callable[[], Json]] = {
            messages.Settings: lambda: {"settings": setting_records(self._workspace)},
            messages.ChangeSetting: lambda: self._change(cast("messages.ChangeSetting", request)),
            messages.CheckModel: lambda: check_model(self._workspace, cast("messages.CheckModel", request).path),
            messages.AddModel: lambda: self._add_model(cast("messages.AddModel", request)),
            messages.VerifyModel: lambda: self._verify(cast("messages.VerifyModel", request)),
            messages.RemoveModel: lambda: self._remove_model(cast("messages.RemoveModel", request)),
            messages.AddStyle: lambda: self._add_style(cast("messages.AddStyle", request)),
            messages.RemoveStyle: lambda: self._remove_style(cast("messages.RemoveStyle", request)),
            messages.UseStyle: lambda: self._use_style(cast("messages.UseStyle", request)),
            messages.Doctor: self._examine,
            messages.Checks: self._last_checks,
            messages.Storage: self._storage,
            messages.Purge: lambda: self._purge(cast("messages.Purge", request)),
        }  # the casts repeat what the key says
        if type(request) not in handlers:
            raise TypeError(f"not for this desk: {request.type}")
        return handlers[type(request)]()

    def close(self) -> None:
        """Give nothing back: nothing is held."""

    def _change(self, request: messages.ChangeSetting) -> Json:
        names = choices_of(self._workspace, request.name)
        if names and request.value is not None and request.value not in names:
            raise AssistantError("setting.bad", f"there is no adapter {request.value}")
        self._workspace.change_setting(request.name, request.value)
        return setting_record(self._workspace, request.name)

    def _add_model(self, request: messages.AddModel) -> Json:
        added = add_model(self._workspace, Path(request.path), name=request.name, licence="", source="")
        if request.use and added["role"] != "adapter":
            return model_record(self._workspace.registry.use(added["name"]))
        return added

    def _verify(self, request: messages.VerifyModel) -> Json:
        return model_record(self._workspace.registry.verify(request.name))

    def _remove_model(self, request: messages.RemoveModel) -> Json:
        record = model_record(self._workspace.registry.get(request.name))
        self._workspace.registry.remove(request.name)
        return record

    def _add_style(self, request: messages.AddStyle) -> Json:
        style = checked_style(request.name.strip().casefold(), request.style)
        add_style(self._workspace.paths.styles, style, replace=request.replace)
        return style.as_dict()

    def _remove_style(self, request: messages.RemoveStyle) -> Json:
        return remove_style(self._workspace.paths.styles, request.name).as_dict()

    def _use_style(self, request: messages.UseStyle) -> Json:
        path = self._workspace.paths.styles
        if not request.name and request.collection is not None:
            use_no_style(path, request.collection)
            return {"style": None, "collection": request.collection}
        style = use_style(path, request.name, request.collection)
        return {"style": style.name, "collection": request.collection}

    def _examine(self) -> Json:
        """Make every check, and keep what was found: the page of privacy shows it with its time."""
        found = {
            "checked_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "findings": [f.as_dict() for f in examine(self._workspace)],
        }
        write_atomically(self._workspace.paths.checks, json.dumps(found, indent=1).encode("utf-8", "replace"))
        return found

    def _last_checks(self) -> Json:
        """Give what was found last; a file that is missing or none of ours counts as no examination."""
        nothing: Json = {"checked_at": None, "findings": []}
        try:
            with self._workspace.paths.checks.open("rb") as stream:
                kept = json.loads(stream.read(_MOST_KEPT))
            return {"checked_at": str(kept["checked_at"]), "findings": list(kept["findings"])}
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return nothing

    def _storage(self) -> Json:
        paths = self._workspace.paths
        places = places_of(paths)
        return {
            "home": str(paths.home),
            "free_bytes": shutil.disk_usage(paths.home).free,
            "size_bytes": sum(place.size_bytes for place in places if place.ours),
            "places": [
                {
                    "place": place.key,
                    "path": str(place.path),
                    "size_bytes": place.size_bytes,
                    "in_data_folder": place.ours,
                    "can_be_purged": place.key in PURGED,
                }
                for place in places
            ],
        }

    def _purge(self, request: messages.Purge) -> Json:
        return {"place": request.place, "freed_bytes": purge(self._workspace.paths, request.place)}

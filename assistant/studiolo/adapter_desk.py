"""Adapters: listed with what they fit, attached, detached and scaled; owned by T-view."""

from __future__ import annotations

import math

from studiolo import messages
from studiolo.desk import Job, Json
from studiolo.errors import AssistantError
from studiolo.messages import Request
from studiolo.setting_table import MOST_ADAPTER_SCALE
from studiolo.workspace import Workspace
from studiolo_models.errors import ModelError, ModelUnsupported, WrongLoraBase
from studiolo_models.gguf import GgufHeader, check_adapter_fits, read_header
from studiolo_models.protocols import ModelFile

REQUESTS = (messages.Adapters, messages.UseAdapter)


class AdapterDesk:
    """Answers what is asked about adapters; it reads headers alone, and loads no model.

    Args:
        workspace: What is opened; the next answer finds what was attached in its settings.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._last: tuple[str, GgufHeader] | None = None

    def handle(self, request: Request, job: Job) -> Json:
        """Do one request.

        Raises:
            AssistantError: `adapter.bad_scale`, `settings.damaged`.
            ModelError: If the adapter is missing or damaged, or belongs to another model than the one in use.
            OSError: If the settings cannot be written.
        """
        if isinstance(request, messages.UseAdapter):
            self._use(request)
        elif not isinstance(request, messages.Adapters):
            raise TypeError(f"not for this desk: {request.type}")
        return self._document()

    def close(self) -> None:
        """Give nothing back: nothing is held but a header."""

    def _use(self, request: messages.UseAdapter) -> None:
        settings = self._workspace.settings
        scale = settings.adapter_scale if request.scale is None else request.scale
        if request.scale is not None and not (math.isfinite(scale) and 0 <= scale <= MOST_ADAPTER_SCALE):
            raise AssistantError("adapter.bad_scale", f"{scale:g}")
        if request.name:
            self._require_fit(request.name)
        self._workspace.change_settings(adapter=request.name, adapter_scale=scale)

    def _require_fit(self, name: str) -> None:
        adapter, base = self._workspace.registry.get(name), self._workspace.registry.in_use("chat")
        if adapter.role != "adapter":
            raise ModelUnsupported(f"{adapter.name} is no adapter")
        header = self._header(base)
        reason = check_adapter_fits(read_header(adapter.path), header, base_name=base.name)
        if reason is not None:
            raise WrongLoraBase(lora_arch=f"{adapter.name} ({reason})", base_arch=base.name)

    def _document(self) -> Json:
        registry, settings = self._workspace.registry, self._workspace.settings
        base = registry.used_for("chat")
        return {
            "adapters": [self._record(m, base) for m in registry.list_models() if m.role == "adapter"],
            "base": {"name": base.name, "sha256": base.sha256, "size_bytes": base.size_bytes} if base else None,
            "attached": settings.adapter or None,
            "scale": settings.adapter_scale,
            "most_scale": MOST_ADAPTER_SCALE,
        }

    def _record(self, adapter: ModelFile, base: ModelFile | None) -> Json:
        record: Json = {
            "name": adapter.name,
            "sha256": adapter.sha256,
            "size_bytes": adapter.size_bytes,
            "licence": adapter.licence,
            "source": adapter.source,
            "added_at": adapter.added_at,
            "made_for": None,
            "rank": None,
            "fits": False,
            "reason": None,
        }
        try:
            header = read_header(adapter.path)
        except ModelError:
            return record | {"reason": "its file is damaged, or gone"}
        pairs = [t for name, t in header.tensors.items() if name.endswith(".lora_a") and len(t.shape) > 1]
        record |= {
            "made_for": next(iter(header.named_bases), None) or header.architecture or None,
            "rank": min(pairs[0].shape) if pairs else None,
        }
        reason = self._why_not(header, base)
        return record | {"fits": reason is None, "reason": reason}

    def _why_not(self, adapter: GgufHeader, base: ModelFile | None) -> str | None:
        if base is None:
            return "there is no chat model"
        try:
            return check_adapter_fits(adapter, self._header(base), base_name=base.name)
        except ModelError:
            return "the file of the model in use is damaged, or gone"

    def _header(self, base: ModelFile) -> GgufHeader:
        """Read the header of the base; it holds the whole vocabulary, so the last one is kept."""
        if self._last is None or self._last[0] != base.sha256:
            self._last = base.sha256, read_header(base.path)
        return self._last[1]

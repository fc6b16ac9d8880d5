"""Says what would happen: what a folder will take, what patterns would leave out; owned by T-estimate, or a command."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from studiolo import messages
from studiolo.desk import Cancelled, Job, Json
from studiolo.messages import Request
from studiolo.results import estimate_result, exclusion_result
from studiolo.workspace import Workspace, as_path
from studiolo_indexer.confined_child import ChildLimits
from studiolo_indexer.errors import FileFailure, Stopped
from studiolo_indexer.estimating import Estimator
from studiolo_indexer.excluding import preview
from studiolo_models.hardware import usable_cores

_LIMITS = ChildLimits(seconds=5.0, seconds_per_mb=0.1)


class EstimateDesk:
    """One estimate at a time, each with an extractor of its own that ends with it.

    Args:
        workspace: What is opened.
        slowdown: Tells how many times longer indexing takes now than at full speed.
    """

    def __init__(self, workspace: Workspace, *, slowdown: Callable[[], float] = lambda: 1.0) -> None:
        self._workspace = workspace
        self._slowdown = slowdown

    def handle(self, request: Request, job: Job) -> Json:
        """Estimate a folder, or preview a change of what is left out of one."""
        if isinstance(request, messages.PreviewExclude):
            return self._preview(request, job)
        if not isinstance(request, messages.Estimate):
            raise TypeError(f"not for this desk: {request.type}")
        path, paths = as_path(request.path), self._workspace.paths
        extractor = self._workspace.extractor(job.cancel, _LIMITS, convert=False)
        try:
            extractor.sandbox()  # the child is started before the first file is timed
            estimator = Estimator(
                extractor=extractor,
                embedder=self._workspace.embedder(),
                cores=usable_cores(),
                recognises=self._workspace.settings.ocr,
                slowdown=self._slowdown(),
                stop=job.cancel,
            )
            estimate = estimator.estimate(path, refused=(paths.home,))
        except Stopped as stopped:
            raise Cancelled from stopped
        except FileFailure as failure:
            if job.cancel.is_set():
                raise Cancelled from failure
            raise
        finally:
            extractor.close()
        return estimate_result(request.path, estimate, free_bytes=shutil.disk_usage(paths.home).free)

    def _preview(self, request: messages.PreviewExclude, job: Job) -> Json:
        catalogue = self._workspace.catalogue()
        try:
            folder = catalogue.folder_at(as_path(request.path))
        finally:
            catalogue.close()
        try:
            return exclusion_result(preview(folder, request.patterns, stop=job.cancel))
        except Stopped as stopped:
            raise Cancelled from stopped

    def close(self) -> None:
        """Nothing is held between two estimates."""

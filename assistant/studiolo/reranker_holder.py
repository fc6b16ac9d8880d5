"""Keeps the reranker in use loaded, and searches going where it fails; owned by the thread that answers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import numpy as np

from studiolo.errors import AssistantError
from studiolo.workspace import Workspace
from studiolo_indexer.reranking import Reranking
from studiolo_models.errors import ModelError, ModelMissing
from studiolo_models.protocols import ModelFile, RerankingModel, Scores
from studiolo_models.reranking import load_reranker

log = logging.getLogger(__name__)

Tell = Callable[[AssistantError], None]


class RerankerHolder:
    """The loaded reranker, if one is in use; what another process chooses or removes counts with the next search.

    A model that fails is told of once, and not tried again before another one is chosen, or it is added anew.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._loaded: RerankingModel | None = None
        self._model: ModelFile | None = None
        self._failed: ModelFile | None = None

    def reranking(self, tell: Tell) -> Reranking | None:
        """Give what a search needs, within the time of the settings; None where there is none, it is off, or it fails.

        The first call loads the model. `tell` gets the error `reranker.failed` when it cannot be loaded or used.
        """
        milliseconds = self._workspace.settings.rerank_milliseconds
        if not milliseconds or self._load(tell) is None:
            return None
        return Reranking(_Forgiving(self, tell), milliseconds)

    def load(self) -> ModelFile:
        """Load the reranker in use, to measure with; gives its record.

        Raises:
            ModelMissing: If none is in use.
            ModelError: If it cannot be loaded.
        """
        model = self._workspace.registry.in_use("reranker")
        if self._model is None or model.sha256 != self._model.sha256:
            threads = self._workspace.settings.threads or None
            self._loaded = load_reranker(model, cache_folder=self._workspace.paths.cache, threads=threads)
            self._model = model
        return model

    @property
    def loaded(self) -> RerankingModel | None:
        """The model that is loaded, if one is."""
        return self._loaded

    def give_up(self, error: ModelError, tell: Tell) -> None:
        """Do without the model that failed."""
        if self._failed is not None:
            return
        log.info("the reranker is not used: %s", error)
        self._failed = self._workspace.registry.used_for("reranker")
        self._loaded = self._model = None
        tell(AssistantError("reranker.failed", self._failed.name if self._failed else str(error)))

    def _load(self, tell: Tell) -> RerankingModel | None:
        used = self._workspace.registry.used_for("reranker")
        if used is None:
            self._loaded = self._model = self._failed = None
            return None
        if self._failed is not None and _same(self._failed, used):
            return None
        self._failed = None
        try:
            self.load()
        except ModelMissing:  # removed this moment
            return None
        except ModelError as error:
            self.give_up(error, tell)
        return self._loaded


class _Forgiving:
    """A reranker that judges nothing where its model fails, so that the passages keep their order."""

    def __init__(self, holder: RerankerHolder, tell: Tell) -> None:
        self._holder = holder
        self._tell = tell

    def score(self, query: str, texts: Sequence[str], *, go_on: Callable[[], bool]) -> Scores:
        """Judge texts as the model does; none where it fails."""
        nothing: Scores = np.zeros(0, dtype=np.float32)
        model = self._holder.loaded
        if model is None:
            return nothing
        try:
            return model.score(query, texts, go_on=go_on)
        except ModelError as error:
            self._holder.give_up(error, self._tell)
            return nothing


def _same(one: ModelFile, other: ModelFile) -> bool:
    return (one.name, one.sha256, one.added_at) == (other.name, other.sha256, other.added_at)

"""Opens what a run needs (searcher, catalogue, models) and runs question sets; owned by the command that made it."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from studiolo import __version__
from studiolo.answering import Answer, Answerer
from studiolo.errors import AssistantError
from studiolo.evaluation.configurations import Configuration
from studiolo.evaluation.gold import Gold, place_of, resolve
from studiolo.evaluation.question_sets import Question
from studiolo.evaluation.running import Tools, dead_halves, run_questions
from studiolo.evaluation.runs import Json, Run
from studiolo.evaluation.source_checks import source_warnings
from studiolo.quantities import count
from studiolo.reranker_holder import RerankerHolder
from studiolo.results import path_text
from studiolo.workspace import ChatHolder, Workspace
from studiolo_indexer.fusion import WEIGHTS, Weights
from studiolo_indexer.records import FileRecord, SearchMode, SearchResult
from studiolo_indexer.reranking import Reranking
from studiolo_models.protocols import ModelFile

_MOST_CHUNKS = 2000


@dataclass(frozen=True, slots=True)
class Scope:
    """What is searched: collections, and a folder of them if one is named."""

    collections: tuple[str, ...] = ("documents",)
    under: Path | None = None


class EvaluationDesk:
    """Runs question sets on one scope, one configuration after the other; nothing of them is kept.

    Raises (on construction):
        IndexerError: If a collection is unknown, or the index cannot be read.
        ModelError: If there is no embedder.
    """

    def __init__(self, workspace: Workspace, scope: Scope) -> None:
        self._workspace = workspace
        self._settings = workspace.settings
        self._scope = scope
        self._catalogue = workspace.catalogue()
        self._catalogue.require_collections(scope.collections)
        self._weights = WEIGHTS
        self._searcher = workspace.searcher(self._weights)
        self._chats = ChatHolder(workspace)
        self._rerankers = RerankerHolder(workspace)
        self._reranker: ModelFile | None = None
        self._roots = [f.path for f in self._catalogue.folders() if f.collection in scope.collections]

    @property
    def folders(self) -> list[str]:
        """List the watched folders in scope."""
        return [path_text(root) for root in self._roots]

    def close(self) -> None:
        """Free models and handles, and give the workspace its settings back."""
        self._workspace.settings = self._settings
        self._chats.close()
        self._searcher.close()
        self._catalogue.close()

    def check(self, configuration: Configuration) -> None:
        """See that a configuration can be run, before an hour goes into another one.

        Raises:
            AssistantError: `evaluation.bad_side` if it needs an adapter or a reranker and none is in use.
            ModelError: If a model or an adapter that it names is not there.
        """
        if configuration.reranker and self._workspace.registry.used_for("reranker") is None:
            raise AssistantError("evaluation.bad_side", "no reranker is in use; `studiolo models use NAME` chooses one")
        if configuration.answers_by != "model":
            return
        adapter = self._adapter_of(configuration)
        if configuration.needs_adapter and not adapter:
            raise AssistantError("evaluation.bad_side", "no adapter is in use; name one, like adapter:letters")
        registry = self._workspace.registry
        for name in (configuration.model, adapter):
            if name:
                registry.get(name)
        if not configuration.model:
            registry.in_use("chat")

    def run(
        self,
        questions: Sequence[Question],
        configuration: Configuration,
        *,
        on_progress: Callable[[int, int], None],
        cancel: Event,
    ) -> Run:
        """Run every question under one configuration; once `cancel` is set, no more of them.

        Raises:
            AssistantError, IndexerError, ModelError: As for a question; a model that is missing before the first one.
        """
        self.check(configuration)
        self._prepare(configuration)
        self._weigh(configuration.weights)
        cases = [(question, resolve(question, self._roots).with_copies(self._copies)) for question in questions]
        tools = Tools(
            search=self._search,
            ask=None if configuration.answers_by == "nobody" else lambda q: self._ask(q, configuration, cancel),
            source_texts=self._source_texts,
            roots=self._roots,
        )
        # The first search loads what the others find loaded; it would be counted as slow.
        self._search("warm up", 1, configuration.modes[0])
        rows = run_questions(cases, configuration, tools, on_progress=on_progress, cancel=cancel)
        empty = [] if self._roots else [f"no folder is watched in {', '.join(self._scope.collections)}"]
        not_run = len(cases) - len(rows)
        stopped = [f"stopped after {len(rows)} of {count(len(cases), 'question')}"] if not_run else []
        sources = source_warnings(cases[: len(rows)], self._find)
        warnings = [*stopped, *empty, *sources, *dead_halves(configuration.modes, rows)]
        return Run(configuration.name, self._about(configuration), tuple(rows), tuple(warnings), not_run)

    def _prepare(self, configuration: Configuration) -> None:
        """Load the reranker, and the chat model with the wanted adapter: no first answer pays for it."""
        wanted = configuration.reranker is not False and self._workspace.registry.used_for("reranker") is not None
        self._reranker = self._rerankers.load() if wanted else None
        if configuration.answers_by != "model":
            return
        adapter = self._adapter_of(configuration)
        # Until `close`, and never written: without a name the holder would take the adapter of the settings.
        self._workspace.settings = dataclasses.replace(self._settings, adapter=adapter)
        self._chats.load(configuration.model, adapter or None)

    def _weigh(self, weights: Weights) -> None:
        """Rank with these weights from now on."""
        if weights != self._weights:
            self._searcher.close()
            self._weights, self._searcher = weights, self._workspace.searcher(weights)

    def _adapter_of(self, configuration: Configuration) -> str:
        """Name the adapter that answers are made with; empty for none."""
        return self._settings.adapter if configuration.adapter is None else configuration.adapter

    def _search(self, question: str, k: int, mode: SearchMode) -> SearchResult:
        model = self._rerankers.loaded if self._reranker else None
        return self._searcher.search(
            question,
            k=k,
            collections=self._scope.collections,
            mode=mode,
            under=self._scope.under,
            reranking=Reranking(model) if model else None,  # without a time limit, so that a run can be repeated
        )

    def _ask(self, question: str, configuration: Configuration, cancel: Event) -> Answer:
        answerer = Answerer(
            search=lambda words, k, collections: self._search(words, k, configuration.modes[0]),
            embedder=self._workspace.embedder(),
            coverage=self._catalogue.counts,
            settings=self._workspace.settings,
            scale_is_known=self._workspace.scale_is_known,
        )
        with_model = configuration.answers_by == "model"
        adapter = self._workspace.settings.adapter or None
        return answerer.ask(
            question,
            k=configuration.k,
            collections=self._scope.collections,
            chat=(lambda: self._chats.load(configuration.model, adapter)) if with_model else None,
            cancel=cancel,
            on_evidence=lambda found: None,
            on_token=lambda text: None,
        )

    def _source_texts(self, question: Question, gold: Gold) -> str:
        """Give the indexed text of the expected places, by searching within each of their files."""
        texts = []
        for path in sorted({path for source in gold.sources for path in source.paths}):
            record = self._find(path)
            if record is None or not record.chunks:
                continue
            found = self._searcher.search(
                " ".join(question.answers[:1]) or question.question,
                k=min(record.chunks, _MOST_CHUNKS),
                collections=self._scope.collections,
                under=Path(os.fsdecode(path)),
            )
            texts += [p.text for p in found.passages if gold.holds(place_of(p))]
        return "\n".join(texts)

    def _find(self, path: bytes) -> FileRecord | None:
        """Give the ledger's row of a file in scope."""
        record = self._catalogue.find_file(path)
        return record if record is not None and self._is_in_scope(record) else None

    def _copies(self, path: bytes) -> list[bytes]:
        """Give the paths in scope of other files with the same content."""
        return [record.path for record in self._catalogue.find_copies(path) if self._is_in_scope(record)]

    def _is_in_scope(self, record: FileRecord) -> bool:
        if record.collection not in self._scope.collections:
            return False
        under = self._scope.under
        return under is None or Path(os.fsdecode(record.path)).is_relative_to(under)

    def _about(self, configuration: Configuration) -> Json:
        """Say what was measured, so that a saved run explains itself."""
        with_model = configuration.answers_by == "model"
        model, adapter = (self._chats.model, self._chats.adapter) if with_model else (None, None)
        return {
            "version": __version__,
            "collections": list(self._scope.collections),
            "under": None if self._scope.under is None else str(self._scope.under),
            "modes": list(configuration.modes),
            "k": configuration.k,
            "weights": dataclasses.asdict(configuration.weights),
            "answers_by": configuration.answers_by,
            "model": model.name if model else None,
            "model_sha256": model.sha256 if model else None,
            "adapter": adapter.name if adapter else None,
            "adapter_sha256": adapter.sha256 if adapter else None,
            "adapter_scale": self._chats.scale if adapter else None,
            "embedder": self._workspace.embedder().name,
            "embedder_identity": self._workspace.embedder().identity,
            "reranker": self._reranker.name if self._reranker else None,
            "reranker_sha256": self._reranker.sha256 if self._reranker else None,
        }

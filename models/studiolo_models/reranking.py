"""Judges pairs of query and text with a compiled cross-encoder: tokenizers and OpenVINO alone, no torch.

A compiled folder holds `model.xml`, `model.bin`, `tokenizer.json` and `reranker.json` (see `RerankerCard`).
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Encoding

from studiolo_models.embedding import CHECK_TEXTS, IDENTITY, INPUTS, MODEL_XML, clean_text, pad_batch, read_tokenizer
from studiolo_models.errors import ModelDamaged, ModelFileGone, ModelLoadFailed
from studiolo_models.hardware import usable_cores
from studiolo_models.openvino_runtime import choose_precision, compile_for_cpu
from studiolo_models.protocols import ModelFile, RerankingModel, Scores
from studiolo_models.worker_client import compile_folder

log = logging.getLogger(__name__)

CARD = "reranker.json"
LONGEST_TOKENS = 512
# Small, so that a time limit is kept to within one of them; on a processor a larger batch gains little.
_BATCH_PAIRS = 4
_FEWEST_TOKENS = 8
# Share of the range of scores by which another precision may move one.
_BF16_TOLERANCE = 0.02
_LEAST_RANGE = 1e-6
_CHECK_QUERIES = ("How much leave may be carried over?", "Kündigungsfrist nach § 14", "INV-2024-0117")
CHECK_PAIRS = tuple((query, text) for query in _CHECK_QUERIES for text in CHECK_TEXTS)


@dataclass(frozen=True, slots=True)
class RerankerCard:
    """What decides a reranker's scores, read from its folder once; `identity` is the hash over it and the weights."""

    identity: str
    max_tokens: int
    inputs: tuple[str, ...]
    pad_id: int = 0

    def __post_init__(self) -> None:
        known = set(self.inputs) <= set(INPUTS) and "input_ids" in self.inputs
        if not (known and IDENTITY.fullmatch(self.identity) and _FEWEST_TOKENS <= self.max_tokens <= LONGEST_TOKENS):
            raise ValueError("out of bounds")

    @staticmethod
    def read(folder: Path) -> RerankerCard:
        """Read the card of a compiled folder.

        Raises:
            ModelFileGone: If it is missing.
            ModelDamaged: If it is not what it must be.
        """
        try:
            body = json.loads((folder / CARD).read_bytes())
            return RerankerCard(
                identity=str(body["identity"]),
                max_tokens=int(body["max_tokens"]),
                inputs=tuple(str(name) for name in body["inputs"]),
                pad_id=int(body["pad_id"]),
            )
        except OSError as error:
            raise ModelFileGone(str(folder / CARD)) from error
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
            raise ModelDamaged(f"{folder.name}: {CARD} cannot be read") from error


class CompiledReranker:
    """A cross-encoder on OpenVINO; safe to call from several threads, one call at a time."""

    def __init__(
        self, model: ModelFile, *, cache_folder: Path, threads: int | None = None, precision: str | None = None
    ) -> None:
        """Load a compiled folder; without a precision ("f32", "bf16") the first start on a machine chooses it.

        Raises:
            ModelFileGone, ModelDamaged, ModelLoadFailed: If the folder is not whole, or the runtime refuses it.
        """
        self._card = RerankerCard.read(model.path)
        self._name = model.name
        self._tokenizer = read_tokenizer(model.path, model.name)
        self._tokenizer.enable_truncation(self._card.max_tokens)
        # A folder for each identity, as for embedders.
        cache_folder = cache_folder / f"reranker-{self._card.identity[:32]}"

        def load(precision: str) -> Any:  # Any: OpenVINO has no type information
            return compile_for_cpu(
                model.path / MODEL_XML,
                precision=precision,
                cache_folder=cache_folder,
                threads=threads or usable_cores(),
            )

        self.precision = precision or choose_precision(cache_folder, agrees=lambda: self._bf16_agrees(load))
        compiled = load(self.precision)
        shape = compiled.output(0).get_partial_shape()
        if len(compiled.inputs) != len(self._card.inputs) or len(shape) != 2 or shape[1] != 1:
            raise ModelDamaged(f"{model.name}: {CARD} belongs to another model")
        self._request = compiled.create_infer_request()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The registered name."""
        return self._name

    def score(self, query: str, texts: Sequence[str], *, go_on: Callable[[], bool]) -> Scores:
        """Judge how well texts answer a query: float32, shape (n,), the model's raw scores, higher is better.

        Args:
            query: The question; of a pair that is too long, the longer half is cut.
            texts: Judged in their order, four at a time.
            go_on: Asked before each batch but the first; once it says no, the first n scores are given.

        Raises:
            ModelLoadFailed: If the runtime fails (memory), or the model gives what is no number.
        """
        encodings = self._encode([(query, text) for text in texts])
        scores = np.zeros(0, dtype=np.float32)
        with self._lock:
            for start in range(0, len(encodings), _BATCH_PAIRS):
                if start and not go_on():
                    break
                batch = self._run(self._request, encodings[start : start + _BATCH_PAIRS])
                scores = np.concatenate([scores, batch])
        return scores

    def _encode(self, pairs: Sequence[tuple[str, str]]) -> list[Encoding]:
        encodings: list[Encoding] = self._tokenizer.encode_batch([(clean_text(a), clean_text(b)) for a, b in pairs])
        return encodings

    def _run(self, request: Any, encodings: Sequence[Encoding]) -> Scores:  # Any: as above
        try:
            batch = [(e.ids, e.type_ids) for e in encodings]
            request.infer(pad_batch(batch, self._card.inputs, pad_id=self._card.pad_id))
        except RuntimeError as error:
            raise ModelLoadFailed(f"{self._name} cannot judge a passage") from error
        scores = np.array(request.get_output_tensor(0).data, dtype=np.float32).reshape(-1)
        if not np.isfinite(scores).all():
            raise ModelLoadFailed(f"{self._name} gives scores that are no numbers")
        return scores

    def _bf16_agrees(self, load: Callable[[str], Any]) -> bool:  # Any: as above
        encodings = self._encode(CHECK_PAIRS)
        exact, fast = (self._run(load(p).create_infer_request(), encodings) for p in ("f32", "bf16"))
        moved = disagreement(exact, fast)
        log.info("bf16 moves the scores of %s by %.4f of their range", self._name, moved)
        return moved <= _BF16_TOLERANCE


def disagreement(exact: Scores, other: Scores) -> float:
    """Give the largest difference of two judgements as a share of the range of the exact one.

    It bounds ranks as well: two texts change places only where their scores differ by less than twice of it. Infinite
    for a model that gives all texts the same score, and ranks nothing.
    """
    spread = float(exact.max() - exact.min())
    return float(np.abs(exact - other).max()) / spread if spread >= _LEAST_RANGE else float("inf")


def load_reranker(model: ModelFile, *, cache_folder: Path, threads: int | None = None) -> RerankingModel:
    """Load a compiled reranker.

    Raises:
        ModelFileGone, ModelDamaged, ModelLoadFailed: If the folder is not whole, or the runtime refuses it.
    """
    return CompiledReranker(model, cache_folder=cache_folder, threads=threads)


def compile_reranker(
    source: Path, target: Path, *, worker_command: Sequence[str], timeout_s: float = 900.0
) -> RerankerCard:
    """Compile a CrossEncoder folder in a worker process; `target` appears whole or not at all.

    Raises:
        TrainingExtraMissing: If torch is not installed.
        ModelFileGone, ModelDamaged, ModelUnsupported: If the folder is not what it must be.
        ModelStoreUnwritable: If `target` is there already, or cannot be written.
        WorkerFailed: If the worker ends without a result, or does not end.
    """
    return compile_folder(
        "compile_reranker",
        source,
        target,
        read_card=RerankerCard.read,
        worker_command=worker_command,
        timeout_s=timeout_s,
    )

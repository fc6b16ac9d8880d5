"""Embeds texts with a compiled model: tokenizers and OpenVINO alone, no torch; compiling happens in a worker process.

A compiled folder holds `model.xml`, `model.bin`, `tokenizer.json` and `embedder.json` (see `EmbedderCard`).
"""

from __future__ import annotations

import json
import logging
import queue
import re
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from studiolo_models.errors import ModelDamaged, ModelFileGone
from studiolo_models.hardware import lower_thread_priority, usable_cores
from studiolo_models.openvino_runtime import choose_precision, compile_for_cpu
from studiolo_models.protocols import EmbeddingModel, ModelFile, Vectors
from studiolo_models.worker_client import compile_folder

log = logging.getLogger(__name__)

CARD = "embedder.json"
MODEL_XML = "model.xml"
MODEL_BIN = "model.bin"
TOKENIZER = "tokenizer.json"
# Two cores, 181 tokens a text, bf16: two streams of five texts each embed 10 to 30 % more than one stream on both cores
# does, whatever its batch. A query has a stream of its own: beside documents it takes 8 ms (p95 14), where it waited
# for its turn before, up to 110 ms. In f32, on two Zen 3 cores, 147 tokens a text: batches of 512 tokens 43 texts/s, of
# 1024 41, of 4096 38.
_BATCH_TOKENS = {"bf16": 1024, "f32": 512}
_STREAMS = 2
_BATCH_TEXTS = 64
# What a question needs is a few batches, and one stream waited for the other. Batches that let both end at about the
# same time embed the sentences of 60 answers over `sec10q` in 188 ms each (median; p95 236), where those of 512 tokens
# took 254 (300). A batch costs some time of its own, told in tokens.
_EVEN_UP_TO = 8
_FEWEST_BATCH_TOKENS, _TRIED_EVERY, _COST_OF_A_BATCH = 128, 32, 40
_WIDTH_STEP = 8
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
IDENTITY = re.compile(r"[0-9a-f]{16,128}")  # it becomes the name of a folder
_MOST_DIMENSIONS = 1 << 16
_FEWEST_TOKENS = 3  # what begins, one token, what ends
_SHORTEST = 1e-9
_AGREEMENT = 0.999
# Short and long, scripts with and without spaces, marks, emoji, white space alone, nothing: R23.
CHECK_TEXTS = (
    "Unused leave of up to ten days may be carried over.",
    "§ 14 Abs. 2 Satz 1: Die Kündigungsfrist beträgt drei Monate.",
    "INV-2024-0117",
    "年假最多可以结转十天。",
    "有給休暇は十日まで繰り越せます。",
    "يمكن ترحيل عشرة أيام من الإجازة.",
    "Неиспользованный отпуск переносится.",
    "연차는 열흘까지 이월할 수 있습니다.",
    "अप्रयुक्त अवकाश आगे ले जाया जा सकता है।",
    "Emoji 🙂 and 👩‍👩‍👧‍👦 and ümläuts",
    "e\u0301 is not é to everyone",
    "",
    " ",
    "\t\n",
    "a",
    "?!…—«»",
    "CAPITALS AND small letters",
    "A very_long_identifier.with/slashes-and+signs@example.org " * 4,
    "3.14159 2,718 €1.000,00 50 %",
    "tab\tand NUL\0 and \ufffd",
    "word " * 40,
    "The sensor kit warns the driver before a collision. " * 160,
    "漢字" * 400,
    "The annual report of the board names revenue, cost and staff by quarter and by region. " * 10,
)


@dataclass(frozen=True, slots=True)
class EmbedderCard:
    """What decides an embedder's vectors, read from its sentence-transformers folder once.

    `prompts` are put before a query and before a document; `identity` is the hash over all of it and the weights.
    """

    identity: str
    dimension: int
    max_tokens: int
    query_prompt: str
    document_prompt: str
    inputs: tuple[str, ...]
    pad_id: int = 0

    def __post_init__(self) -> None:
        known = set(self.inputs) <= set(INPUTS) and "input_ids" in self.inputs
        if not (
            known
            and IDENTITY.fullmatch(self.identity)
            and 1 <= self.dimension <= _MOST_DIMENSIONS
            and self.max_tokens >= _FEWEST_TOKENS
        ):
            raise ValueError("out of bounds")

    @staticmethod
    def read(folder: Path) -> EmbedderCard:
        """Read the card of a compiled folder.

        Raises:
            ModelFileGone: If it is missing.
            ModelDamaged: If it is not what it must be.
        """
        try:
            body = json.loads((folder / CARD).read_bytes())
            return EmbedderCard(
                identity=str(body["identity"]),
                dimension=int(body["dimension"]),
                max_tokens=int(body["max_tokens"]),
                query_prompt=str(body["query_prompt"]),
                document_prompt=str(body["document_prompt"]),
                inputs=tuple(str(name) for name in body["inputs"]),
                pad_id=int(body.get("pad_id", 0)),
            )
        except OSError as error:
            raise ModelFileGone(str(folder / CARD)) from error
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
            raise ModelDamaged(f"{folder.name}: {CARD} cannot be read") from error


class CompiledEmbedder:
    """An embedder on OpenVINO; safe to call from several threads: documents one call at a time, queries beside them.

    Source: pooling and normalisation are part of the compiled graph (worker.py); rows are normalised again here, since
    bf16 arithmetic leaves them a little off length 1.
    """

    def __init__(
        self, model: ModelFile, *, cache_folder: Path, threads: int | None = None, precision: str | None = None
    ) -> None:
        """Load a compiled folder; without a precision ("f32", "bf16") the first start on a machine chooses it.

        Raises:
            ModelFileGone, ModelDamaged, ModelLoadFailed: If the folder is not whole, or the runtime refuses it.
        """
        self._card = EmbedderCard.read(model.path)
        self._name = model.name
        self._tokenizer = read_tokenizer(model.path, model.name)
        self._counter = Tokenizer.from_str(self._tokenizer.to_str())
        self._tokenizer.enable_truncation(self._card.max_tokens)
        # A folder for each identity: OpenVINO tells cached models apart by path and time in seconds, so that other
        # weights in the same place could be taken for these (tests/models/test_embedding.py).
        cache_folder = cache_folder / f"embedder-{self._card.identity[:32]}"
        xml = model.path / MODEL_XML
        self.precision = precision or choose_precision(
            cache_folder, agrees=lambda: _bf16_agrees(self, xml, cache_folder, threads)
        )
        threads = threads or usable_cores()
        options: dict[str, Any] = {"precision": self.precision, "cache_folder": cache_folder}
        # Documents give way to a question: their streams have the priority of the thread that makes them.
        with ThreadPoolExecutor(max_workers=1, initializer=lower_thread_priority) as quiet:
            making = quiet.submit(compile_for_cpu, xml, threads=threads, streams=min(_STREAMS, threads), **options)
        documents = making.result()
        queries = compile_for_cpu(xml, threads=max(1, threads // 2), **options)
        self._documents, self._queries = _Requests(documents, self._card), _Requests(queries, self._card)
        shape = documents.output(0).get_partial_shape()
        if len(documents.inputs) != len(self._card.inputs) or shape[1] != self._card.dimension:
            raise ModelDamaged(f"{model.name}: {CARD} belongs to another model")

    @property
    def name(self) -> str:
        """The registered name."""
        return self._name

    @property
    def identity(self) -> str:
        """Hex id of the vectors; both precisions agree to 0.999 and share it."""
        return self._card.identity

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self._card.dimension

    @property
    def max_tokens(self) -> int:
        """Longest input in tokens; what lies beyond is cut."""
        return self._card.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, uncut, special tokens included."""
        return [len(e.ids) for e in self._counter.encode_batch([clean_text(t) for t in texts])]

    def embed_documents(self, texts: Sequence[str], *, before_batch: Callable[[], None] | None = None) -> Vectors:
        """float32, shape (len(texts), dimension), rows of length 1, in the order given.

        Args:
            texts: Any number of texts; they are cut into batches of some tokens.
            before_batch: Called before each batch (50 ms of a core); may wait, or raise to end it. Meanwhile others are
                served.
        """
        return self._embed([self._card.document_prompt + t for t in texts], self._documents, before_batch)

    def embed_query(self, text: str) -> Vectors:
        """float32, shape (dimension,), length 1, made with the model's query prompt."""
        vector: Vectors = self._embed([self._card.query_prompt + text], self._queries)[0]
        return vector

    def _embed(
        self, texts: Sequence[str], requests: _Requests, before_batch: Callable[[], None] | None = None
    ) -> Vectors:
        result = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return result
        encodings = self._tokenizer.encode_batch([clean_text(t) for t in texts])
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        lengths, most = [len(e.ids) for e in encodings], _BATCH_TOKENS[self.precision]
        batches = even_batches(order, lengths, most_tokens=most, streams=requests.streams)
        rows_of = [[(encodings[i].ids, encodings[i].type_ids) for i in rows] for rows in batches]
        made = requests.run(rows_of, before_batch)
        for rows, vectors in zip(batches, made, strict=True):
            result[rows] = vectors
        return result

    def run_for_check(self, compiled: Any, texts: Sequence[str]) -> Vectors:
        """Embed the texts of the precision check in one batch of a model that is compiled for it."""
        encodings = self._tokenizer.encode_batch(list(texts))
        return _Requests(compiled, self._card).run([[(e.ids, e.type_ids) for e in encodings]])[0]


class _Requests:
    """The requests of a compiled model, as many as it has streams, shared by all callers."""

    def __init__(self, compiled: Any, card: EmbedderCard) -> None:  # Any: OpenVINO has no type information
        self._card = card
        self._idle: queue.LifoQueue[Any] = queue.LifoQueue()
        self.streams = int(compiled.get_property("NUM_STREAMS"))
        for _ in range(self.streams):
            self._idle.put(compiled.create_infer_request())

    def run(
        self,
        batches: Sequence[Sequence[tuple[list[int], list[int]]]],
        before_batch: Callable[[], None] | None = None,
    ) -> list[Vectors]:
        """Run padded batches of (tokens, kinds) side by side.

        Returns:
            For each batch float32, shape (texts of the batch, dimension), rows of length 1.
        """
        made: list[Vectors] = []
        running: deque[Any] = deque()  # Any: requests of OpenVINO
        try:
            for batch in batches:
                # One that waits below keeps a request for others: a question may need it to be answered.
                if running and self._idle.empty():
                    made.append(self._finish(running))
                if before_batch is not None:
                    before_batch()
                while self._idle.empty() and running:
                    made.append(self._finish(running))
                request = self._idle.get()
                running.append(request)
                if len(batches) == 1:
                    request.infer(self._padded(batch))  # no other thread is woken: 3.7 against 8.9 ms for a query
                else:
                    request.start_async(self._padded(batch))
            while running:
                made.append(self._finish(running))
        finally:
            for request in running:
                with suppress(RuntimeError):  # it was raised already, or the first error was
                    request.wait()
                self._idle.put(request)
        return made

    def _padded(self, batch: Sequence[tuple[list[int], list[int]]]) -> list[np.ndarray[Any, Any]]:
        return pad_batch(batch, self._card.inputs, pad_id=self._card.pad_id)

    def _finish(self, running: deque[Any]) -> Vectors:
        request = running[0]
        request.wait()  # at once, where it ran in this thread
        # float64: the square of a large float32 would not be finite.
        vectors = np.array(request.get_output_tensor(0).data, dtype=np.float64)
        self._idle.put(running.popleft())
        vectors[~np.isfinite(vectors).all(axis=1)] = 0
        # A text without a token (no special ones either) has no direction: it gets one that means nothing.
        vectors[np.linalg.norm(vectors, axis=1) < _SHORTEST] = 1
        normalised: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return normalised


def pad_batch(
    batch: Sequence[tuple[list[int], list[int]]], names: Sequence[str], *, pad_id: int
) -> list[np.ndarray[Any, Any]]:
    """Make the arrays `names` of a batch of (tokens, kinds): int64, shape (len(batch), a multiple of 8)."""
    # A few widths only: OpenVINO prepares each anew, which takes a query of a new length 5.6 ms instead of 3.9.
    longest = max((len(tokens) for tokens, _ in batch), default=0)
    width = max(_WIDTH_STEP, -(-longest // _WIDTH_STEP) * _WIDTH_STEP)
    arrays = {
        "input_ids": np.full((len(batch), width), pad_id, dtype=np.int64),
        "attention_mask": np.zeros((len(batch), width), dtype=np.int64),
        "token_type_ids": np.zeros((len(batch), width), dtype=np.int64),
    }
    for row, (tokens, kinds) in enumerate(batch):
        arrays["input_ids"][row, : len(tokens)] = tokens
        arrays["attention_mask"][row, : len(tokens)] = 1
        arrays["token_type_ids"][row, : len(tokens)] = kinds
    return [arrays[name] for name in names]


def load_embedder(model: ModelFile, *, cache_folder: Path, threads: int | None = None) -> EmbeddingModel:
    """Load a compiled embedder.

    Raises:
        ModelFileGone, ModelDamaged, ModelLoadFailed: If the folder is not whole, or the runtime refuses it.
    """
    return CompiledEmbedder(model, cache_folder=cache_folder, threads=threads)


def compile_embedder(
    source: Path, target: Path, *, worker_command: Sequence[str], timeout_s: float = 900.0
) -> EmbedderCard:
    """Compile a sentence-transformers folder in a worker process; `target` appears whole or not at all.

    Raises:
        TrainingExtraMissing: If torch is not installed.
        ModelFileGone, ModelDamaged, ModelUnsupported: If the folder is not what it must be.
        ModelStoreUnwritable: If `target` is there already, or cannot be written.
        WorkerFailed: If the worker ends without a result, or does not end.
    """
    return compile_folder(
        "compile_embedder",
        source,
        target,
        read_card=EmbedderCard.read,
        worker_command=worker_command,
        timeout_s=timeout_s,
    )


def read_tokenizer(folder: Path, name: str) -> Tokenizer:
    """Read the tokenizer of a compiled folder that has its three parts; without padding and truncation.

    Raises:
        ModelFileGone: If a part is missing.
        ModelDamaged: If it cannot be read.
    """
    for part in (TOKENIZER, MODEL_XML, MODEL_BIN):
        if not (folder / part).is_file():
            raise ModelFileGone(str(folder / part))
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as error:
        raise ModelDamaged(f"{name}: {TOKENIZER} cannot be read") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _bf16_agrees(embedder: CompiledEmbedder, xml: Path, cache_folder: Path, threads: int | None) -> bool:
    vectors = []
    for precision in ("f32", "bf16"):
        model = compile_for_cpu(xml, precision=precision, cache_folder=cache_folder, threads=threads)
        vectors.append(embedder.run_for_check(model, CHECK_TEXTS))
    cosines = np.sum(vectors[0] * vectors[1], axis=1)
    log.info("bf16 agrees with f32 to a cosine of %.5f", float(cosines.min()))
    return bool(cosines.min() >= _AGREEMENT)


def make_batches(order: Sequence[int], lengths: Sequence[int], *, most_tokens: int) -> list[list[int]]:
    """Cut rows that are sorted by length into batches of a bounded number of padded tokens."""
    batches: list[list[int]] = [[]]
    for row in order:
        current = batches[-1]
        if current and (len(current) >= _BATCH_TEXTS or (len(current) + 1) * lengths[row] > most_tokens):
            batches.append([])
        batches[-1].append(row)
    return batches


def even_batches(order: Sequence[int], lengths: Sequence[int], *, most_tokens: int, streams: int) -> list[list[int]]:
    """Cut rows as `make_batches` does; a few batches so that the streams end at about the same time, longest first."""
    if streams == 1 or sum(lengths) > _EVEN_UP_TO * most_tokens:
        return make_batches(order, lengths, most_tokens=most_tokens)

    def cost(batch: Sequence[int]) -> int:
        return len(batch) * lengths[batch[-1]] + _COST_OF_A_BATCH

    def end(batches: list[list[int]]) -> int:
        loads = [0] * streams
        for batch in sorted(batches, key=cost, reverse=True):
            loads[loads.index(min(loads))] += cost(batch)
        return max(loads)

    limits = range(min(_FEWEST_BATCH_TOKENS, most_tokens), most_tokens + 1, _TRIED_EVERY)
    tried = [make_batches(order, lengths, most_tokens=limit) for limit in limits]
    best = min(tried, key=end)
    return sorted(best, key=cost, reverse=True)


def clean_text(text: str) -> str:
    """Make any string safe for a tokenizer: lone surrogates become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")

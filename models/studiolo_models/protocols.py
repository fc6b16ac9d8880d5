"""The smallest interfaces that serve: a chat model that streams, an embedder. Implemented for real and by `fakes`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Role = Literal["chat", "embedder", "adapter", "reranker"]
Vectors = NDArray[np.float32]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A registered model: a GGUF file, or a folder for an embedder or a reranker; identified by SHA-256.

    For a folder `sha256` is the hash over the sorted (relative name, file hash) pairs of what decides its vectors.
    `builtin` models lie beside the program, are shared by all data folders and cannot be removed.
    """

    name: str
    role: Role
    path: Path
    sha256: str
    size_bytes: int
    licence: str
    source: str
    added_at: str
    builtin: bool = False
    in_use: bool = False
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class GenerationOptions:
    """How to sample: greedy with temperature 0; `seed` makes a run repeatable."""

    max_tokens: int = 220
    temperature: float = 0.0
    top_p: float = 1.0
    repeat_penalty: float = 1.1
    seed: int = 0
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GenerationStats:
    """What one generation cost. `finish` is "stop", "length" or "cancelled"."""

    prompt_tokens: int
    reused_tokens: int
    answer_tokens: int
    first_token_s: float | None
    total_s: float
    finish: str


class Generation(Protocol):
    """A running answer: iterate it for pieces of text; afterwards `stats` is set.

    Iteration ends early, without an exception, once the cancel event is set (at most one token later, and
    within 200 ms also while the prompt is being read).
    """

    stats: GenerationStats | None

    def __iter__(self) -> Iterator[str]:
        """Yield the answer piece by piece; pieces join to the whole text and never split a code point."""


class ChatModel(Protocol):
    """A loaded chat model; owned by one thread, one generation at a time."""

    @property
    def name(self) -> str:
        """The registered name."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the GGUF file."""

    @property
    def size_bytes(self) -> int:
        """Size of the GGUF file; tells a small model from a large one."""

    @property
    def context_tokens(self) -> int:
        """Size of the context in tokens."""

    def count_tokens(self, text: str) -> int:
        """Tokens of a plain text, without special tokens."""

    def count_prompt(self, messages: Sequence[ChatMessage]) -> int:
        """Tokens of the prompt that the chat template makes of these messages."""

    def generate(self, messages: Sequence[ChatMessage], *, options: GenerationOptions, cancel: Event) -> Generation:
        """Start an answer; reuses the KV cache of the longest common prefix with the turn before.

        Raises:
            PromptTooLong: If the prompt and `options.max_tokens` exceed the context.
        """

    def attach_adapter(self, adapter: ModelFile | None, *, scale: float = 1.0) -> None:
        """Attach a LoRA in GGUF form, or detach with None; clears the KV cache.

        Raises:
            WrongLoraBase: If the adapter names another base than this model.
            ModelDamaged: If the file is no sound GGUF adapter.
        """

    def close(self) -> None:
        """Free the model's memory; it cannot be used afterwards."""


class EmbeddingModel(Protocol):
    """A loaded embedder; thread-safe."""

    @property
    def name(self) -> str:
        """The registered name."""

    @property
    def identity(self) -> str:
        """Hex id that changes whenever the vectors would: model bytes, pooling, prompts, precision."""

    @property
    def dimension(self) -> int:
        """Length of each vector."""

    @property
    def max_tokens(self) -> int:
        """Longest input in tokens; what lies beyond is cut."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as the model would see it, uncut, special tokens included."""

    def embed_documents(self, texts: Sequence[str], *, before_batch: Callable[[], None] | None = None) -> Vectors:
        """float32, shape (len(texts), dimension), rows of length 1, in the order given.

        `before_batch` is called before each batch of them; it may wait, or raise to end the work.
        """

    def embed_query(self, text: str) -> Vectors:
        """float32, shape (dimension,), length 1, made with the model's query prompt."""


class RerankingModel(Protocol):
    """A loaded reranker (a cross-encoder); thread-safe."""

    @property
    def name(self) -> str:
        """The registered name."""

    def score(self, query: str, texts: Sequence[str], *, go_on: Callable[[], bool]) -> Scores:
        """Judge how well texts answer a query: float32, shape (n,), higher is better, on no fixed scale.

        The texts are judged in their order, a batch at a time. `go_on` is asked before each batch but the first; once
        it says no, the scores so far are given, those of the first n texts.
        """

"""Stand-ins with the same protocols as the real models: deterministic, fast, honest about cancelling; for tests."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Event

import numpy as np

from studiolo_models.errors import PromptTooLong
from studiolo_models.protocols import ChatMessage, GenerationOptions, GenerationStats, ModelFile, Scores, Vectors

_WORD = re.compile(r"\w+")
_BATCH_TEXTS = 8
_PAIRS = 4


class FakeEmbedder:
    """Adds up a fixed random vector for each word, so that texts with common words are near each other."""

    def __init__(self, *, dimension: int = 64, identity: str = "fa4e") -> None:
        self._dimension = dimension
        self._identity = identity
        self.texts_embedded: list[str] = []

    @property
    def name(self) -> str:
        """The registered name."""
        return "fake-embedder"

    @property
    def identity(self) -> str:
        """Hex id of the vectors."""
        return self._identity

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self._dimension

    @property
    def max_tokens(self) -> int:
        """Longest input in tokens."""
        return 256

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words, and two special tokens."""
        return [len(_WORD.findall(t)) + 2 for t in texts]

    def embed_documents(self, texts: Sequence[str], *, before_batch: Callable[[], None] | None = None) -> Vectors:
        """float32, shape (len(texts), dimension), rows of length 1."""
        if before_batch is not None:
            for _ in range(0, len(texts), _BATCH_TEXTS):
                before_batch()
        self.texts_embedded.extend(texts)
        rows = [self._vector(t) for t in texts]
        return np.stack(rows) if rows else np.zeros((0, self._dimension), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        """float32, shape (dimension,), length 1."""
        return self._vector(text)

    def _vector(self, text: str) -> Vectors:
        total = np.full(self._dimension, 1e-3, dtype=np.float64)
        for word in _WORD.findall(text.casefold()):
            seed = int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "big")
            total += np.random.default_rng(seed).standard_normal(self._dimension)
        vector: Vectors = (total / np.linalg.norm(total)).astype(np.float32)
        return vector


class FakeReranker:
    """Judges a text by how many words of the query it has, four texts at a time.

    Args:
        before_batch: Called before each batch; may wait, or raise.
        factor: What the number of words is multiplied with; with -1 the fewest win.
    """

    def __init__(self, *, before_batch: Callable[[], None] = lambda: None, factor: float = 1.0) -> None:
        self._before_batch = before_batch
        self._factor = factor
        self.judged: list[str] = []

    @property
    def name(self) -> str:
        """The registered name."""
        return "fake-reranker"

    def score(self, query: str, texts: Sequence[str], *, go_on: Callable[[], bool]) -> Scores:
        """float32, shape (n,), of the first n texts."""
        wanted = set(_WORD.findall(query.casefold()))
        scores: list[float] = []
        for start in range(0, len(texts), _PAIRS):
            if start and not go_on():
                break
            self._before_batch()
            batch = texts[start : start + _PAIRS]
            self.judged.extend(batch)
            scores += [self._factor * len(wanted & set(_WORD.findall(text.casefold()))) for text in batch]
        return np.array(scores, dtype=np.float32)


class FakeChat:
    """Answers every prompt with the same words, one at a time.

    Args:
        answer: What it says.
        seconds_per_word: How long it waits before each word, or until it is cancelled.
    """

    def __init__(
        self, answer: str = "The text says so.", *, seconds_per_word: float = 0.0, size_bytes: int = 0
    ) -> None:
        self._answer = answer
        self._seconds_per_word = seconds_per_word
        self._size_bytes = size_bytes
        self.prompts: list[list[ChatMessage]] = []

    @property
    def name(self) -> str:
        """The registered name."""
        return "fake-chat"

    @property
    def sha256(self) -> str:
        """SHA-256 of nothing."""
        return hashlib.sha256(b"").hexdigest()

    @property
    def size_bytes(self) -> int:
        """Size of the file that it does not have."""
        return self._size_bytes

    @property
    def context_tokens(self) -> int:
        """Size of the context in tokens."""
        return 2048

    def count_tokens(self, text: str) -> int:
        """Words."""
        return len(text.split())

    def count_prompt(self, messages: Sequence[ChatMessage]) -> int:
        """Words of all messages."""
        return sum(self.count_tokens(m.content) for m in messages)

    def generate(self, messages: Sequence[ChatMessage], *, options: GenerationOptions, cancel: Event) -> FakeGeneration:
        """Start the answer.

        Raises:
            PromptTooLong: If the prompt and `options.max_tokens` exceed the context.
        """
        n_prompt = self.count_prompt(messages)
        if n_prompt + options.max_tokens > self.context_tokens:
            raise PromptTooLong(f"{n_prompt} + {options.max_tokens} of {self.context_tokens} tokens")
        reused = self._common_words(messages)
        self.prompts.append(list(messages))
        ends = [at for stop in options.stop if stop and (at := self._answer.find(stop)) >= 0]
        words = re.findall(r"\s*\S+", self._answer[: min(ends, default=None)])
        finish = "stop" if len(words) < options.max_tokens else "length"
        stats = GenerationStats(n_prompt, reused, 0, None, 0.0, finish)
        return FakeGeneration(words[: options.max_tokens], stats, self._seconds_per_word, cancel)

    def attach_adapter(self, adapter: ModelFile | None, *, scale: float = 1.0) -> None:
        """Take any adapter, and say the same."""

    def close(self) -> None:
        """Free nothing."""

    def _common_words(self, messages: Sequence[ChatMessage]) -> int:
        """Count the words that this prompt begins with like the one before, all but the last."""
        before = [word for m in (self.prompts[-1] if self.prompts else []) for word in m.content.split()]
        now = [word for m in messages for word in m.content.split()]
        same = next(
            (n for n, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), min(len(before), len(now))
        )
        return max(0, min(same, len(now) - 1))


class FakeGeneration:
    """A running answer of `FakeChat`."""

    def __init__(self, words: Sequence[str], stats: GenerationStats, seconds_per_word: float, cancel: Event) -> None:
        self._words = words
        self._planned = stats
        self._seconds_per_word = seconds_per_word
        self._cancel = cancel
        self.stats: GenerationStats | None = None

    def __iter__(self) -> Iterator[str]:
        """Yield word by word."""
        started = time.perf_counter()
        said, first_token_s, finish = 0, None, "cancelled"
        try:
            for word in self._words:
                if self._cancel.wait(self._seconds_per_word) if self._seconds_per_word else self._cancel.is_set():
                    return
                said += 1
                first_token_s = first_token_s or time.perf_counter() - started
                yield word
            finish = self._planned.finish
        finally:
            self.stats = replace(
                self._planned,
                answer_tokens=said,
                first_token_s=first_token_s,
                total_s=time.perf_counter() - started,
                finish=finish,
            )
